"""From what was counted to what may be released: hidden, turned into facts, audited.

What the auditor objects to is withdrawn, table by table. If it still objects then, there is no
release.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from survey.audit import Audit, audit
from survey.facts import Column, Facts, Figure, Shape
from survey.model import Instrument
from survey.suppress import Protected, protect
from survey.tables import LEAST, ROUND_TO, Cell, Counts, rounded

#: After so many rounds of withdrawing, there is no release. Each one takes a table away, so that
#: in practice two are enough.
_ROUNDS = 12


class NotSafe(Exception):
    """What could be released would give somebody away; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What may be released, and the proof.

    Args:
        protected: the tables, hidden where they must be.
        facts: the same without words.
        audit: what the auditor found.
    """

    protected: Protected
    facts: Facts
    audit: Audit


def prove(
    instrument: Instrument,
    counts: Counts,
    rounds: Sequence[str],
    population: bytes,
    earlier: Sequence[Facts],
) -> Proven:
    """Hide, audit, and withdraw what the auditor objects to.

    Args:
        instrument: the questionnaire.
        counts: what was counted.
        rounds: the rounds that are counted together, the one that is released last.
        population: a hash of the sealed answers.
        earlier: the facts of all earlier releases.

    Raises:
        NotSafe: the auditor objects to more than can be withdrawn.
    """
    protected = protect(instrument, counts)
    for _ in range(_ROUNDS):
        facts = to_facts(instrument, protected, rounds, population, counts.people)
        found = audit(facts, earlier)
        if found.passed:
            return Proven(protected, facts, found)
        tables = {b.item for b in found.objections if not b.by}
        broken = {(b.item, b.by) for b in found.objections if b.by}
        less = protected.without(tables if not broken else set(), broken)
        if less == protected:
            break
        protected = less
    raise NotSafe(
        "subtracted from what was released before, these results would point to few people; "
        "do not release them. Close the next round and release that"
    )


def to_facts(
    instrument: Instrument,
    protected: Protected,
    rounds: Sequence[str],
    population: bytes,
    people: int,
) -> Facts:
    """What is published, without words.

    Args:
        people: how many answered, exactly; it is rounded here.
    """
    return Facts(
        round_id=rounds[-1],
        parts=tuple(rounds),
        instrument=instrument.ref,
        population=hashlib.sha256(population).hexdigest() if population else "",
        answers=rounded(people),
        rounded_to=ROUND_TO,
        least=LEAST,
        columns=tuple(_columns(protected)),
        shapes=tuple(
            Shape(
                item=item.id,
                kind=item.kind,
                codes=tuple(option.code for option in item.options),
                alone=tuple(option.code for option in item.options if option.alone),
                ask_if=item.ask_if.source if item.ask_if else "",
            )
            for item in instrument.items()
            if item.id in instrument.tables
        ),
    )


def _columns(protected: Protected) -> Iterator[Column]:
    for table in protected.tables:
        yield Column(table.item, "", "", table.answered, _figures(table.cells))
    for broken in protected.breakdowns:
        for group in broken.groups:
            yield Column(broken.item, broken.by, group.code, group.answered, _figures(group.cells))


def _figures(cells: Sequence[Cell]) -> tuple[Figure, ...]:
    return tuple(Figure(cell.code, cell.count, cell.percent) for cell in cells)


def certificate(found: Audit) -> dict[str, Any]:
    """What the auditor says about a release, as JSON values."""
    return {
        "method": "linear programming over all published figures of this and earlier releases",
        "releases_together": found.releases,
        "passed": found.passed,
        "narrowest_range": found.narrowest,
        "bounds": [bound.to_json() for bound in found.bounds],
    }
