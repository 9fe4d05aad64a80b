"""Reading the phrases that translators declare.

How a phrase is written::

    want to die           these words, one after the other
    (kill|hurt) myself    one of several words, or of several runs of words
    want to? die          a word, or a group, that may be missing
    suicid*               any word that begins like this
    he ... {weapon}       at most three words between; ...6 for at most six
    {weapon}              one of a list of words that the file names
    raped .               the edge of a sentence
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.folding import EDGE, tokens
from bot.phrases import Gap, Maybe, OneOf, Part, Row, Word

#: The gap that "..." alone means, in words.
GAP = 3

#: No gap may be wider: a wide gap joins what does not belong together.
WIDEST_GAP = 12


class PhraseError(ValueError):
    """A phrase is not written as it must be; the text says what to write instead."""


#: Turns one written word into tokens, and one token into the parts that may stand for it.
Spell = Callable[[str], Sequence[str]]
Vary = Callable[[str], Iterable[str]]

_SYMBOL = re.compile(
    r"\.\.\.(?P<gap>\d+)?|(?P<edge>\.)|(?P<mark>[()|?])|\{(?P<list>[^{}]*)\}"
    r"|(?P<word>[^\s()|?{}.]+)|(?P<blank>\s+)|(?P<bad>.)"
)


class Reader:
    """Reads phrases.

    Args:
        lists: the named lists of words.
        spell: how a written word becomes tokens (folding, joined spellings).
        vary: the spellings that count as a token (typing errors); the token itself if left out.
    """

    def __init__(
        self,
        lists: Mapping[str, Part] | None = None,
        spell: Spell = tokens,
        vary: Vary | None = None,
    ) -> None:
        self._lists = dict(lists or {})
        self._spell = spell
        self._vary = vary

    def forgiving(self, vary: Vary) -> Reader:
        """The same reader, which also takes the other spellings of a word that ``vary`` gives."""
        return Reader(self._lists, self._spell, vary)

    def read(self, phrase: str) -> Part:
        """The phrase, ready to be found.

        Raises:
            PhraseError: it is not written as it must be.
        """
        symbols = [m for m in _SYMBOL.finditer(phrase) if m.lastgroup != "blank"]
        for symbol in symbols:
            if symbol.lastgroup == "bad":
                raise PhraseError(f"'{symbol.group()}' means nothing here: take it out")
        part, rest = self._row(symbols, 0, inside=False)
        if rest != len(symbols):
            raise PhraseError("a ')' closes nothing: take it out")
        if part.needs(Counter(part.words())) is None:
            raise PhraseError("every word of it may be missing: take one '?' away")
        if isinstance(part, Row) and (
            isinstance(part.parts[0], Gap) or isinstance(part.parts[-1], Gap)
        ):
            raise PhraseError("it begins or ends with '...': take that away")
        return part

    def _row(self, symbols: list[re.Match[str]], at: int, inside: bool) -> tuple[Part, int]:
        rows: list[list[Part]] = [[]]
        while at < len(symbols) and symbols[at].group() != ")":
            symbol = symbols[at].group()
            if symbol == "|":
                rows.append([])
                at += 1
            elif symbol == "?":
                if not rows[-1]:
                    raise PhraseError("a '?' follows nothing: put it after a word")
                rows[-1].append(Maybe(rows[-1].pop()))
                at += 1
            else:
                part, at = self._part(symbols, at)
                rows[-1].append(part)
        if not all(rows):
            raise PhraseError("something is missing beside a '|' or in '()': write a word there")
        if len(rows) > 1 and not inside and any(len(row) > 1 for row in rows):
            raise PhraseError("one cannot see where a '|' begins and ends: put '(a|b)' in brackets")
        found = [row[0] if len(row) == 1 else Row(tuple(row)) for row in rows]
        return (found[0] if len(found) == 1 else OneOf(tuple(found))), at

    def _part(self, symbols: list[re.Match[str]], at: int) -> tuple[Part, int]:
        symbol = symbols[at]
        if symbol.group() == "(":
            part, at = self._row(symbols, at + 1, inside=True)
            if at == len(symbols):
                raise PhraseError("a '(' is not closed: write a ')'")
            return part, at + 1
        if symbol["list"] is not None:
            if symbol["list"] not in self._lists:
                raise PhraseError(f"there is no list '{symbol['list']}': add it under 'lists'")
            return self._lists[symbol["list"]], at + 1
        if symbol["word"] is not None:
            return self._word(symbol["word"]), at + 1
        if symbol["edge"] is not None:
            return Word(EDGE), at + 1
        most = int(symbol["gap"] or GAP)
        if not 1 <= most <= WIDEST_GAP:
            raise PhraseError(f"a gap of {most} words: write one of 1 to {WIDEST_GAP}")
        return Gap(most), at + 1

    def _word(self, written: str) -> Part:
        opened = written.endswith("*")
        spelt = list(self._spell(written.removesuffix("*")))
        if not spelt:
            raise PhraseError(f"'{written}' has no letter: write a word")
        if opened:
            spelt[-1] += "*"
        parts = [self._varied(token) for token in spelt]
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _varied(self, token: str) -> Part:
        if self._vary is None or token.endswith("*"):
            return Word(token)
        return OneOf(tuple(Word(t) for t in sorted({token, *self._vary(token)})))
