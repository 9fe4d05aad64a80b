"""The auditor: can anybody who has a release, and all earlier ones, work out what is hidden?

It knows nothing of how figures were hidden. From what was published alone it works out, by linear
programming, the least and the greatest that each hidden count can be, and objects

- if a hidden count is pinned to a range narrower than ±5, or is sure to be of 1 to 9 people;
- if two releases, subtracted from each other, pin a count that may be of fewer than 10 people;
- if the releases contradict each other.

A release that it objects to is not written. What it found goes into the release as a certificate;
since it holds nothing but conclusions from published figures, it tells nothing new, and everybody
can work it out again.

Limits. The bounds are those of the program without demanding whole people in each unknown, and
whoever knows more than the releases (what a colleague answered, say) can work out more. How many
left an item out is not protected: it is no answer, and nobody can know who did.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from survey import audit_model as model
from survey.audit_lp import Contradiction, Program
from survey.facts import Facts

#: A hidden count must be able to lie anywhere in a range this wide (±5).
WIDTH = 10
#: Below this a count is about few people.
FEW = 10

Problem = Literal["pinned", "few", "contradiction"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What can be known of one count that was not published.

    Args:
        item: what was asked; empty for the number of all people.
        by: the item that makes groups; empty for everybody.
        group: the code of the group.
        code: the option; empty for all who answered.
        parts: the rounds that are counted.
        low: the least it can be.
        high: the greatest it can be; ``None`` when nothing bounds it.
        difference: it was not hidden, but follows from subtracting releases.
    """

    item: str
    by: str
    group: str
    code: str
    parts: tuple[str, ...]
    low: int
    high: int | None
    difference: bool = False

    @property
    def problem(self) -> Problem | None:
        """Why it is not safe, if it is not."""
        if self.difference and self.low >= FEW:
            return None  # as good as a shown count: a large group, and rounded
        if self.high is None:
            return None
        if self.low > 0 and self.high < FEW:
            return "few"
        return "pinned" if self.high - self.low < WIDTH else None

    def to_json(self) -> dict[str, Any]:
        """The bound as JSON values."""
        found: dict[str, Any] = {"item": self.item, "low": self.low, "high": self.high}
        for name in ("by", "group", "code"):
            if getattr(self, name):
                found[name] = getattr(self, name)
        if self.difference:
            found["difference"] = list(self.parts)
        return found


@dataclass(frozen=True, slots=True)
class Audit:
    """What the auditor found.

    Args:
        bounds: of every count that is hidden, or follows from a difference.
        contradiction: the releases cannot all be true.
        releases: how many were looked at together.
    """

    bounds: tuple[Bound, ...]
    contradiction: bool
    releases: int

    @property
    def objections(self) -> tuple[Bound, ...]:
        """The counts that are not safe."""
        return tuple(bound for bound in self.bounds if bound.problem)

    @property
    def passed(self) -> bool:
        """Whether nothing stands against the release."""
        return not self.contradiction and not self.objections

    @property
    def narrowest(self) -> int | None:
        """The width of the narrowest range of a hidden count; ``None`` when nothing is hidden."""
        widths = [b.high - b.low for b in self.bounds if b.high is not None and not b.difference]
        return min(widths, default=None)


def audit(release: Facts, earlier: Iterable[Facts] = ()) -> Audit:
    """Examine a release together with all earlier ones.

    Args:
        release: what is about to be published.
        earlier: what was published before, in any order. Releases of other people (no round in
            common, directly or through others) cannot tell anything and are left aside.
    """
    told = [release, *_related(release, list(earlier))]
    program = model.build(told)
    try:
        program.bounds(model.people(release.parts))  # even if nothing is hidden, all must fit
        hidden = list(_hidden(program, told))
        differences = list(_differences(program, told))
    except Contradiction:
        return Audit((), contradiction=True, releases=len(told))
    return Audit((*hidden, *differences), contradiction=False, releases=len(told))


def _related(release: Facts, earlier: list[Facts]) -> list[Facts]:
    parts, found = set(release.parts), []
    grown = True
    while grown:
        grown = False
        for facts in list(earlier):
            if parts & set(facts.parts):
                parts |= set(facts.parts)
                found.append(facts)
                earlier.remove(facts)
                grown = True
    return found


def _hidden(program: Program, told: Sequence[Facts]) -> Iterator[Bound]:
    seen = set()
    for facts in told:
        shapes = {shape.item: shape for shape in facts.shapes}
        for column in facts.columns:
            group = f"={column.group}" if column.by else ""
            head = (column.item, column.by, column.group)
            named: list[tuple[str, Mapping[Hashable, float]]] = []
            size = model.answered(facts.parts, column.item, column.by, group)
            if column.by and column.answered is None:
                named.append(("", size))
            shown = {f.code for f in column.figures if f.count is not None}
            for code in shapes[column.item].codes:
                if code not in shown:
                    named.append(
                        (code, model.chose(facts.parts, column.item, code, column.by, group))
                    )
            for code, what in named:
                if (facts.parts, head, code) not in seen:
                    seen.add((facts.parts, head, code))
                    low, high = program.bounds(what)
                    yield Bound(*head, code, facts.parts, low, high)


def _differences(program: Program, told: Sequence[Facts]) -> Iterator[Bound]:
    """Groups that nobody published, but that are left when releases are subtracted."""
    sets = sorted({tuple(sorted(facts.parts)) for facts in told})
    rests = {
        tuple(sorted(rest))
        for one, other in itertools.permutations(map(set, sets), 2)
        for rest in (one - other, one & other)
        if one & other
    }
    for rest in sorted(rests - {()} - set(sets)):
        yield _difference(program, rest, "", "", model.people(rest))
        shapes = {s.item: s for f in told if set(rest) <= set(f.parts) for s in f.shapes}
        for shape in shapes.values():
            for code in shape.codes:
                what = model.chose(rest, shape.item, code)
                yield _difference(program, rest, shape.item, code, what)


def _difference(
    program: Program, rest: tuple[str, ...], item: str, code: str, what: Mapping[Hashable, float]
) -> Bound:
    low, high = program.bounds(what)
    return Bound(item, "", "", code, rest, low, high, difference=True)
