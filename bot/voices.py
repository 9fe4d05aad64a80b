"""Ways of hearing a text.

A *voice* is one way of hearing a text. The plain voice hears the letters that were typed; Russian
and Arabic typed in Latin letters are heard through their sounds ("khochu", "hochu" and "xo4u" are
one), each with a voice of its own so that its loose spelling cannot touch the other languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.phrases import Finder, Part

_DOUBLED = re.compile(r"([a-z])\1")
# Arabic writes "and", "so", "in", "for", "like" and "the" onto the next word.
_CLITICS = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")

# ... and "will", in the standard language and in dialects, onto the verb.
_FUTURE = re.compile("[سهح][ايتن]..")


class Spelling:
    """Spellings that stand for other words: ``dont`` for ``do not``, ``kms`` for two words."""

    def __init__(self, means: dict[str, tuple[str, ...]]) -> None:
        self.means = means

    @classmethod
    def joined(cls, several: Iterable[Spelling]) -> Spelling:
        """All of them as one."""
        return cls({word: means for one in several for word, means in one.means.items()})

    def of(self, words: Iterable[str]) -> list[str]:
        """The words with each spelling replaced by what it means."""
        means = self.means
        return [out for word in words for out in means.get(word, (word,))]


@dataclass(frozen=True, slots=True)
class Sounds:
    """How a language sounds in Latin letters; without rules a word stays as it is."""

    letters: dict[int, str] = field(default_factory=dict)
    rules: tuple[tuple[str, str], ...] = ()

    def of(self, word: str) -> str:
        """One key for the many romanised spellings of a word."""
        word = word.translate(self.letters)
        if not word.isascii() or word.isdigit():
            return word
        for written, sound in self.rules:
            word = word.replace(written, sound)
        return _DOUBLED.sub(r"\1", word)


@dataclass(slots=True)
class Phrases:
    """The phrases of one voice."""

    commands: list[tuple[Part, str]] = field(default_factory=list)
    not_commands: list[tuple[Part, str]] = field(default_factory=list)
    crisis: list[tuple[Part, int]] = field(default_factory=list)
    not_crisis: list[tuple[Part, str]] = field(default_factory=list)


class Voice:
    """One way of hearing a text, with the phrases that it knows."""

    def __init__(self, sounds: Sounds | None, phrases: Phrases) -> None:
        self._sounds = sounds
        self.commands: Finder[str] = Finder(phrases.commands)
        self.not_commands: Finder[str] = Finder(phrases.not_commands)
        self._idioms: Finder[str] = Finder(phrases.not_crisis)
        self._dangers: Finder[int] = Finder(sorted(phrases.crisis, key=lambda pair: pair[1]))
        #: The longest phrase about danger, in words: how far two windows must overlap.
        self.span = max(self._idioms.span, self._dangers.span)

    def variants(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """Each word in the spellings that this voice hears; nothing if it has none to hear."""
        if self._sounds is None:
            return [(word, *_without_clitics(word)) for word in words]
        if not any("a" <= word[0] <= "z" for word in words):
            return []
        return [(self._sounds.of(word) or word,) for word in words]

    def figure(self, variants: Sequence[Sequence[str]]) -> bool:
        """Whether a stretch of text has words that sound like danger and are none.

        Args:
            variants: the stretch.
        """
        return bool(self._idioms.covered(self._idioms.marks(variants)))

    def danger(self, variants: Sequence[Sequence[str]], worse_than: int) -> int:
        """The rank of the most urgent danger in a stretch of text (0 is the most urgent).

        Args:
            variants: the stretch.
            worse_than: what is returned when there is none; the rank found so far.
        """
        marks = self._dangers.marks(variants)
        found = self._dangers.find(marks)
        if found is None or found >= worse_than:
            return worse_than
        if idioms := self._idioms.covered(self._idioms.marks(variants)):
            # Only the words go: a gap may still reach over an idiom.
            marks = {word: p & ~idioms if word else p for word, p in marks.items()}
            found = self._dangers.find(marks)
        return worse_than if found is None else min(found, worse_than)


def typing_errors(word: str) -> set[str]:
    """What a hurried hand makes of a word: two letters swapped, one missed, one doubled.

    No letter is replaced by another one, and the first is kept in long words: "shop" is not
    "stop". Short words allow swaps only, because a letter less makes another word of them.
    """
    if len(word) < SHORTEST_MISTYPED or not word.isalpha() or word[0] >= "\u3040":
        return set()
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    if len(word) == SHORTEST_MISTYPED:
        return swapped
    inner = range(1, len(word) - 1)
    missed = {word[:i] + word[i + 1 :] for i in inner}
    doubled = {word[:i] + word[i] + word[i:] for i in range(len(word))}
    return swapped | missed | doubled


#: Words with fewer letters are taken as they stand.
SHORTEST_MISTYPED = 4


def _without_clitics(word: str) -> Iterator[str]:
    if not "\u0621" <= word[0] <= "\u064a":
        return
    for clitic in _CLITICS:
        if word.startswith(clitic) and len(word) > len(clitic) + 1:
            rest = word[len(clitic) :]
            yield rest
            if _FUTURE.match(rest):
                yield rest[1:]
    if _FUTURE.match(word):
        yield word[1:]
    if len(word) > 3 and word.endswith("\u0627"):  # "a boy" as an object is written with alif
        yield word[:-1]
