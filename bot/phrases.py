"""Finding many declared phrases in a text, in linear time.

Finding works on sets of positions held as the bits of one integer: bit *i* stands for the place
before word *i*. Each part of a phrase turns the set of places where it may begin into the set of
places where it may end. There is no backtracking, so no text can make it slow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.folding import EDGE

#: Where each word stands; under the key "" the places that are not the edge of a sentence.
Marks = Mapping[str, int]


T = TypeVar("T")


class Part(Protocol):
    """One part of a phrase."""

    def ahead(self, at: int, marks: Marks) -> int:
        """Where the part may end when it begins at one of ``at``."""

    def back(self, at: int, marks: Marks) -> int:
        """Where the part may have begun when it ends at one of ``at``."""

    def span(self) -> int:
        """How many words it covers at most."""

    def words(self) -> Iterator[str]:
        """Every word key in it."""

    def needs(self, cost: Mapping[str, int]) -> frozenset[str] | None:
        """Words of which a text must have one for the part to be found; None if it needs none."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or with a final ``*`` the beginning of one."""

    key: str

    def ahead(self, at: int, marks: Marks) -> int:
        return (at & marks.get(self.key, 0)) << 1

    def back(self, at: int, marks: Marks) -> int:
        return (at >> 1) & marks.get(self.key, 0)

    def span(self) -> int:
        return 1

    def words(self) -> Iterator[str]:
        yield self.key

    def needs(self, cost: Mapping[str, int]) -> frozenset[str] | None:
        return frozenset((self.key,))


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to ``most`` words of any kind, inside one sentence."""

    most: int

    def ahead(self, at: int, marks: Marks) -> int:
        for _ in range(self.most):
            at |= (at & marks[""]) << 1
        return at

    def back(self, at: int, marks: Marks) -> int:
        for _ in range(self.most):
            at |= (at >> 1) & marks[""]
        return at

    def span(self) -> int:
        return self.most

    def words(self) -> Iterator[str]:
        return iter(())

    def needs(self, cost: Mapping[str, int]) -> frozenset[str] | None:
        return None


@dataclass(frozen=True, slots=True)
class Maybe:
    """A part that may be missing."""

    part: Part

    def ahead(self, at: int, marks: Marks) -> int:
        return at | self.part.ahead(at, marks)

    def back(self, at: int, marks: Marks) -> int:
        return at | self.part.back(at, marks)

    def span(self) -> int:
        return self.part.span()

    def words(self) -> Iterator[str]:
        return self.part.words()

    def needs(self, cost: Mapping[str, int]) -> frozenset[str] | None:
        return None


@dataclass(frozen=True, slots=True)
class OneOf:
    """Alternatives."""

    parts: tuple[Part, ...]

    def ahead(self, at: int, marks: Marks) -> int:
        end = 0
        for part in self.parts:
            end |= part.ahead(at, marks)
        return end

    def back(self, at: int, marks: Marks) -> int:
        start = 0
        for part in self.parts:
            start |= part.back(at, marks)
        return start

    def span(self) -> int:
        return max(part.span() for part in self.parts)

    def words(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.words()

    def needs(self, cost: Mapping[str, int]) -> frozenset[str] | None:
        found = [part.needs(cost) for part in self.parts]
        return None if None in found else frozenset().union(*(f for f in found if f))


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after the other."""

    parts: tuple[Part, ...]

    def ahead(self, at: int, marks: Marks) -> int:
        for part in self.parts:
            if not at:
                break
            at = part.ahead(at, marks)
        return at

    def back(self, at: int, marks: Marks) -> int:
        for part in reversed(self.parts):
            if not at:
                break
            at = part.back(at, marks)
        return at

    def span(self) -> int:
        return sum(part.span() for part in self.parts)

    def words(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.words()

    def needs(self, cost: Mapping[str, int]) -> frozenset[str] | None:
        """The need that is met least often in other phrases, so that few phrases are tried."""
        found = [need for part in self.parts if (need := part.needs(cost))]
        return min(found, key=lambda need: sum(cost[k] for k in need)) if found else None


class Finder(Generic[T]):
    """Finds which of many phrases a text has.

    Args:
        phrases: each phrase with what it stands for; the first that is found wins, so they are
            given in the order of their weight.
    """

    def __init__(self, phrases: Iterable[tuple[Part, T]]) -> None:
        self._phrases = tuple(phrases)
        cost = Counter(key for part, _ in self._phrases for key in part.words())
        self._by_word: dict[str, list[int]] = {}
        for number, (part, _) in enumerate(self._phrases):
            for key in part.needs(cost) or ():
                self._by_word.setdefault(key, []).append(number)
        self._words = frozenset(cost)
        starts = {key[:-1] for key in cost if key.endswith("*")}
        self._starts = frozenset(starts)
        self._lengths = tuple(sorted({len(s) for s in starts}))
        #: How many words the longest phrase covers.
        self.span = max((part.span() for part, _ in self._phrases), default=0)

    def marks(self, variants: Sequence[Sequence[str]]) -> dict[str, int]:
        """Where each word of a text stands; every place may have several spellings."""
        marks: dict[str, int] = {"": 0}
        for place, spellings in enumerate(variants):
            bit = 1 << place
            for token in spellings:
                marks[token] = marks.get(token, 0) | bit
                for length in self._lengths:
                    if length > len(token):
                        break
                    if token[:length] in self._starts:
                        key = token[:length] + "*"
                        marks[key] = marks.get(key, 0) | bit
            if spellings[0] != EDGE:
                marks[""] |= bit
        return marks

    def find(self, marks: Marks) -> T | None:
        """What the first phrase found anywhere in the text stands for."""
        anywhere = (1 << _places(marks)) - 1
        for part, meaning in self._candidates(marks):
            if part.ahead(anywhere, marks):
                return meaning
        return None

    def whole(self, variants: Sequence[Sequence[str]]) -> T | None:
        """What the first phrase that is the whole text stands for (phrases without gaps only)."""
        if not 0 < len(variants) <= self.span or not all(map(self._knows, variants)):
            return None
        marks = self.marks(variants)
        end = 1 << _places(marks)
        for part, meaning in self._candidates(marks):
            if part.ahead(1, marks) & end:
                return meaning
        return None

    def _knows(self, spellings: Sequence[str]) -> bool:
        """Whether some phrase has the word at all; most messages are told apart by this alone."""
        return any(
            token in self._words or any(token[:n] in self._starts for n in self._lengths)
            for token in spellings
        )

    def covered(self, marks: Marks) -> int:
        """The places that a phrase covers, from its last word back to its nearest first word."""
        anywhere = (1 << _places(marks)) - 1
        found = 0
        for part, _ in self._candidates(marks):
            ends = part.ahead(anywhere, marks)
            while ends:
                end = ends & -ends
                ends ^= end
                start = 1 << (part.back(end, marks).bit_length() - 1)
                found |= end - start
        return found

    def _candidates(self, marks: Marks) -> Iterator[tuple[Part, T]]:
        by_word = self._by_word
        numbers = {n for key in marks if key in by_word for n in by_word[key]}
        for number in sorted(numbers):
            yield self._phrases[number]


def _places(marks: Marks) -> int:
    return max(mask.bit_length() for mask in marks.values())
