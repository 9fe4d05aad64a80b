"""Names inside texts, in every script: written exactly, misspelled, or half remembered.

Texts and names are compared in a *normal form*: compatibility forms unified, accents, vowel signs
and letter variants removed, case folded, everything that is no letter or digit a single space.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

#: Letters looked at for names, and letters and words looked at for similar ones.
_LETTERS = 1_000
_SIMILAR_LETTERS = 400
_SIMILAR_WORDS = 60

#: A name shares a *telling* word with a text when few names have that word.
_TELLING = 5
_TELLING_LETTERS = 4
_FEW_WORDS = 3

_DOTTED = re.compile(r"\b(?:\w\.){2,}\w?")
_HAN = re.compile(r"([\u3400-\u9fff]+)")
_ARABIC_VARIANTS = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "ی": "ي", "ک": "ك"})
_GAP = re.compile(r"[\W_]+")
_LEAD = re.compile(
    r"^(?:(?:it is|it s|its|c est|at|in|for|from|with|the|a|au|aux|chez|la|le|les|l|de|du) )+"
)


def normal(text: str) -> str:
    """The normal form, in lower case."""
    return _lower(_plain(text))


def _plain(text: str) -> str:
    """The normal form but for the case of the letters."""
    text = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), text)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if unicodedata.category(letter) not in ("Mn", "Cf"))
    text = _HAN.sub(r" \1 ", text.translate(_ARABIC_VARIANTS))
    return _GAP.sub(" ", text).strip()


def _lower(plain: str) -> str:
    """In lower case, letter by letter, so that places in the two forms agree."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in plain)


def _without_lead(text: str) -> str:
    return _LEAD.sub("", text)


class Names:
    """A set of names that is looked for in texts.

    Args:
        names: in normal form.
        words: those of them that are ordinary words as well. In a sentence they count only in
            capitals or after "the", alone they always count.
    """

    def __init__(self, names: Iterable[str], words: Iterable[str]) -> None:
        self._names = sorted(names, key=len, reverse=True)
        self._words = frozenset(words)
        self._patterns = tuple(_pattern(name, f"n{at}") for at, name in enumerate(self._names))
        self._cores = tuple(_core(name) for name in self._names)
        self._frequency = Counter(word for name in self._names for word in set(name.split()))

    def written_in(self, text: str) -> tuple[str, ...]:
        """The names that stand in a text, in their order, each once."""
        plain = _plain(text[:_LETTERS])
        lower = _lower(plain)
        # Most texts name nobody, and looking for hundreds of names at every letter takes long.
        near = [at for at, core in enumerate(self._cores) if core in lower]
        if not near:
            return ()
        # The longest name comes first: "UN Women" is not "UN", and each letter counts once.
        pattern = re.compile("|".join(self._patterns[at] for at in near))
        found = []
        for match in pattern.finditer(lower):
            name = self._names[int(str(match.lastgroup)[1:])]
            if name not in self._words or _meant(plain, match.start(), match.end()):
                found.append(name)
        return tuple(dict.fromkeys(found))

    def misspelled_in(self, text: str) -> tuple[str, ...]:
        """The names that a text names but for a slip of the finger, the nearest first."""
        plain = _plain(text[:_SIMILAR_LETTERS])
        words = plain.split()[:_SIMILAR_WORDS]
        whole = _without_lead(_lower(plain))
        shouted = plain.isupper()
        nearest: dict[str, int] = {}
        for name in self._names:
            tries = {whole, *_stretches(words, name, shouted)}
            slips = min(_slips(name, one) for one in tries)
            if slips <= _slips_allowed(name):
                nearest[name] = slips
        return tuple(sorted(nearest, key=lambda name: (nearest[name], -len(name))))

    def sharing_words_with(self, text: str) -> tuple[str, ...]:
        """The names that share telling words with a text, those that share most first."""
        words = set(normal(text[:_SIMILAR_LETTERS]).split())
        telling = {
            word
            for word in words
            if len(word) >= _TELLING_LETTERS and 0 < self._frequency[word] <= _TELLING
        }
        # In a longer sentence one word alone ("homme", "food") tells nothing.
        enough = 1 if len(words) <= _FEW_WORDS else 2
        shared = {name: len(telling & set(name.split())) for name in self._names}
        likely = (name for name in self._names if shared[name] >= enough)
        return tuple(sorted(likely, key=lambda name: (-shared[name], len(name))))


def _core(name: str) -> str:
    """What stands in every text that has this name, whatever is joined to it."""
    return name if _HAN.fullmatch(name) else name.removeprefix("ال")


def _pattern(name: str, group: str) -> str:
    """What finds one name, in a group of its own.

    Chinese is written without gaps, so its names may stand amid other words. Arabic joins short
    words (and, to, in, with, the) to the front of the next.
    """
    if _HAN.fullmatch(name):
        return f"(?P<{group}>{re.escape(name)})"
    joined = ""
    if "\u0600" <= name[0] <= "\u06ff":
        joined = "(?:[وف]?لل|[وف]?[بك]?ال)" if name.startswith("ال") else "[وف]?[بكل]?"
    return rf"(?<!\w){joined}(?P<{group}>{re.escape(_core(name))})(?!\w)"


def _meant(plain: str, start: int, end: int) -> bool:
    """Whether an ordinary word at this place is meant as a name."""
    written = plain[start:end]
    if _without_lead(_lower(plain)) == _lower(written):
        return True
    if plain[:start].lower().endswith("the "):
        return True
    if plain.isupper():
        return len(plain.split()) <= 3
    return written.isupper() or (len(written) >= 5 and written[0].isupper())


def _stretches(words: list[str], name: str, shouted: bool) -> Iterable[str]:
    """The stretches of a sentence that could be a misspelling of this name.

    A short name must be in capitals there, or every "wife" would be taken for a "WFP".
    """
    size = name.count(" ") + 1
    if size == 1 and len(name) < 8:
        return [_lower(word) for word in words if word.isupper() and not shouted]
    if len(name) < 8:
        return []
    return [_lower(" ".join(words[at : at + size])) for at in range(len(words) - size + 1)]


def _slips_allowed(name: str) -> int:
    return 1 if len(name) < 8 else 2


def _slips(name: str, written: str) -> int:
    """How many letters were dropped, doubled, changed or swapped with their neighbour.

    The restricted edit distance of Damerau (1964). In a name of three letters a changed letter
    makes another name, so there only a swap counts.
    """
    far = 99
    allowed = _slips_allowed(name)
    if abs(len(name) - len(written)) > allowed or name == written:
        return far
    if len(name) <= 3:
        swaps = {
            name[:at] + second + first + name[at + 2 :]
            for at, (first, second) in enumerate(pairwise(name))
        }
        return 1 if written in swaps else far
    before: list[int] = []
    row = list(range(len(written) + 1))
    for i, letter in enumerate(name, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(written, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == written[j - 2] and name[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > allowed:
            return far
    return row[-1]
