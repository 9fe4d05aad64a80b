"""A release whose answers were opened and counted in a page of the Task Force.

The page holds the key, opens the sealed answers and counts the declared tables; an answer never
leaves it, and free text is not looked at. What comes from there is numbers, exact ones: they are
held for as long as it takes to hide, round and audit them, and no longer. Whether they are counted
rightly nobody here can know. So whatever can be checked is: the questionnaire's own names, sums
that can't be, and the number of sealed answers that lie here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.gathering import Counted, ReleaseError
from survey.model import Instrument, Item
from survey.opening import population
from survey.tables import Counts
from vault.stores.rounds import Round


@dataclass(frozen=True, slots=True)
class Tally:
    """What a page counted.

    Args:
        rounds: ids of the rounds that are counted, the one that is released last.
        people: how many answered.
        unreadable: envelopes of the last one that are not counted.
        answered: by item.
        chosen: by item and code.
        groups: by item, grouping item and group.
        cells: by item, grouping item, group and code.
    """

    rounds: Sequence[str]
    people: int
    unreadable: int
    answered: Mapping[str, int]
    chosen: Mapping[str, Mapping[str, int]]
    groups: Mapping[str, Mapping[str, Mapping[str, int]]]
    cells: Mapping[str, Mapping[str, Mapping[str, Mapping[str, int]]]]


def questions(instrument: Instrument) -> dict[str, Any]:
    """All that a page needs to know of a questionnaire to count its answers, as JSON values."""
    return {
        "id": instrument.id,
        "version": instrument.version,
        "items": [_question(item) for item in instrument.items() if item.stored],
        "tables": list(instrument.tables),
        "breakdowns": [[one.item, one.by] for one in instrument.breakdowns],
    }


def _question(item: Item) -> dict[str, Any]:
    when = item.ask_if.alternatives if item.ask_if else None
    return {
        "id": item.id,
        "kind": item.kind,
        "codes": [option.code for option in item.options],
        "alone": [option.code for option in item.options if option.alone],
        "ask_if": when and [[[c.item, c.verb, list(c.codes)] for c in each] for each in when],
    }


def counted(
    tally: Tally, instrument: Instrument, sealed: Sequence[tuple[Round, Sequence[bytes]]]
) -> Counted:
    """What a page counted, as if it had been counted here.

    Args:
        tally: what came from the page.
        instrument: the questionnaire of the round.
        sealed: the rounds that may be counted and their envelopes, the one that is released last.

    Raises:
        ReleaseError: it cannot have been counted from these envelopes.
    """
    known = {round_.round_id: (round_, envelopes) for round_, envelopes in sealed}
    last = sealed[-1][0].round_id
    names = list(tally.rounds)
    if names != [name for name in known if name in names] or names[-1:] != [last]:
        raise _odd()
    sizes = {name: len(set(known[name][1])) for name in names}
    if not sizes[last] <= tally.people + tally.unreadable <= sum(sizes.values()):
        raise _odd()
    return Counted(
        counts=_counts(tally, instrument),
        rounds=[known[name][0] for name in names],
        population=b"".join(
            population(hashlib.sha256(one).digest() for one in known[name][1]) for name in names
        ),
        unreadable=tally.unreadable,
    )


def _counts(tally: Tally, instrument: Instrument) -> Counts:
    found = Counts(people=tally.people)
    codes = {
        name: {option.code for option in item.options}
        for name in instrument.tables
        if (item := instrument.item(name))
    }
    crossed = {(one.item, one.by) for one in instrument.breakdowns}
    found.answered.update(tally.answered)
    for name, chosen in tally.chosen.items():
        found.chosen.update({(name, code): count for code, count in chosen.items()})
    for name, groups in tally.groups.items():
        for by, sizes in groups.items():
            found.groups.update({(name, by, group): count for group, count in sizes.items()})
    for name, each in tally.cells.items():
        for by, cells in each.items():
            for group, some in cells.items():
                found.cells.update({(name, by, group, code): n for code, n in some.items()})
    sound = (
        found.answered.keys() <= codes.keys()
        and all(code in codes.get(item, ()) for item, code in found.chosen)
        and all((i, b) in crossed and g in codes.get(b, ()) for i, b, g in found.groups)
        and all((i, b, g) in found.groups and c in codes[i] for i, b, g, c in found.cells)
        and all(0 <= count <= found.people for count in found.answered.values())
        and all(0 <= n <= found.answered[item] for (item, _), n in found.chosen.items())
        and all(0 <= n <= found.answered[item] for (item, _, _), n in found.groups.items())
        and all(0 <= n <= found.groups[i, b, g] for (i, b, g, _), n in found.cells.items())
    )
    if not sound:
        raise _odd()
    return found


def _odd() -> ReleaseError:
    return ReleaseError("these numbers were not counted from the answers that lie here")
