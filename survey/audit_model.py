"""What somebody who reads releases can know, as a linear program.

The unknowns are counts of people, for each round apart (a *part*): how many there are, how many
answered an item, chose an option, belong to a group, and chose an option in a group. Known are

- the arithmetic of questionnaires: options that exclude each other add up to those who answered;
  of several, each was chosen by no more than answered; a group is a part of everybody; an item
  with a condition was asked only of those who gave the answers in it;
- what was published: each figure within its rounding, neither it nor the rest of its column
  below the least that is shown. A percentage that says more than the rounded counts beside it is
  taken at its word.

This module takes nothing from the one that hides figures: a mistake there is not repeated here.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Mapping

from survey.audit_lp import Program
from survey.conditions import Clause, Condition, ConditionError
from survey.facts import Column, Facts, Shape

Sum = dict[Hashable, float]

#: The group of those who did not say which group they belong to.
NOT_STATED = ""


def people(parts: Iterable[str]) -> Sum:
    """How many answered at all."""
    return {("all", part): 1.0 for part in parts}


def answered(parts: Iterable[str], item: str, by: str = "", group: str = "") -> Sum:
    """How many answered an item, of everybody or of one group."""
    return {_answered(part, item, by, group): 1.0 for part in parts}


def chose(parts: Iterable[str], item: str, code: str, by: str = "", group: str = "") -> Sum:
    """How many chose an option, of everybody or of one group."""
    return {_chose(part, item, code, by, group): 1.0 for part in parts}


def minus(one: Mapping[Hashable, float], other: Mapping[Hashable, float]) -> Sum:
    """The difference of two sums."""
    found = dict(one)
    for unknown, factor in other.items():
        found[unknown] = found.get(unknown, 0.0) - factor
    return found


def build(releases: Iterable[Facts]) -> Program:
    """Everything that these releases tell together."""
    program = Program()
    told = list(releases)
    for part in sorted({part for facts in told for part in facts.parts}):
        mine = [facts for facts in told if part in facts.parts]
        shapes = {shape.item: shape for facts in mine for shape in facts.shapes}
        for shape in shapes.values():
            _shape(program, part, shape, shapes)
        for item, by in sorted({(c.item, c.by) for facts in mine for c in facts.columns if c.by}):
            _groups(program, part, shapes[item], shapes[by])
    for facts in told:
        _published(program, facts)
    return program


def _answered(part: str, item: str, by: str = "", group: str = "") -> Hashable:
    return ("answered", part, item, by, group if by else "")


def _chose(part: str, item: str, code: str, by: str = "", group: str = "") -> Hashable:
    return ("chose", part, item, code, by, group if by else "")


def _shape(program: Program, part: str, shape: Shape, shapes: Mapping[str, Shape]) -> None:
    whole = _answered(part, shape.item)
    program.know({whole: 1.0, ("all", part): -1.0}, high=0)
    _options(program, shape, whole, [_chose(part, shape.item, code) for code in shape.codes])
    if shape.ask_if:
        for most in _asked(part, shape.ask_if, shapes):
            program.know(minus({whole: 1.0}, most), high=0)


def _options(program: Program, shape: Shape, whole: Hashable, chosen: list[Hashable]) -> None:
    """How the options of an item hang together with those who answered it."""
    every = dict.fromkeys(chosen, 1.0)
    if shape.kind != "multi":
        program.know(minus(every, {whole: 1.0}), 0, 0)
        return
    program.know(minus(every, {whole: 1.0}), low=0)
    lonely = {c: 1.0 for c, code in zip(chosen, shape.codes, strict=True) if code in shape.alone}
    for unknown in chosen:
        program.know(minus({**lonely, unknown: 1.0}, {whole: 1.0}), high=0)


def _asked(part: str, source: str, shapes: Mapping[str, Shape]) -> list[Sum]:
    """Sums that those who were asked cannot exceed, one for each way to meet the condition."""
    try:
        alternatives = Condition.parse(source).alternatives
    except ConditionError:
        return []
    most = []
    ways = [
        [s for clause in clauses for s in _holds(part, clause, shapes)] for clauses in alternatives
    ]
    for way in itertools.product(*ways):
        total: Sum = {}
        for summed in way:
            for unknown, factor in summed.items():
                total[unknown] = total.get(unknown, 0.0) + factor
        most.append(total)
    return most


def _holds(part: str, clause: Clause, shapes: Mapping[str, Shape]) -> list[Sum]:
    shape = shapes.get(clause.item)
    if shape is None:  # an item that no release tells of
        return [people([part])]
    named = [code for code in shape.codes if code in clause.codes]
    others = [code for code in shape.codes if code not in clause.codes]
    chosen = named if clause.verb == "has" else others
    return [{_chose(part, shape.item, code): 1.0 for code in chosen}]


def _groups(program: Program, part: str, shape: Shape, by: Shape) -> None:
    """One item among the groups that another one makes."""
    groups = (*by.codes, NOT_STATED)
    parts = {g: _answered(part, shape.item, by.item, f"={g}") for g in groups}
    program.know(
        minus(dict.fromkeys(parts.values(), 1.0), {_answered(part, shape.item): 1.0}), 0, 0
    )
    for code in shape.codes:
        inside = {_chose(part, shape.item, code, by.item, f"={g}"): 1.0 for g in groups}
        program.know(minus(inside, {_chose(part, shape.item, code): 1.0}), 0, 0)
    for group, size in parts.items():
        _options(
            program,
            shape,
            size,
            [_chose(part, shape.item, code, by.item, f"={group}") for code in shape.codes],
        )
        if group != NOT_STATED:
            program.know({size: 1.0, _chose(part, by.item, group): -1.0}, high=0)


def _published(program: Program, facts: Facts) -> None:
    program.know(people(facts.parts), *_between(facts, facts.answers))
    for column in facts.columns:
        group = f"={column.group}" if column.by else ""
        size = answered(facts.parts, column.item, column.by, group)
        if column.answered is not None:
            program.know(size, *_between(facts, column.answered))
        for figure in column.figures:
            count = chose(facts.parts, column.item, figure.code, column.by, group)
            if figure.count is not None:
                program.know(count, *_between(facts, figure.count))
                program.know(minus(size, count), low=facts.least)
            if figure.percent is not None and not _follows(column, figure.count, figure.percent):
                _share(program, count, size, figure.percent)


def _between(facts: Facts, count: int) -> tuple[int, int]:
    low = count - facts.rounded_to // 2
    return max(low, facts.least), low + facts.rounded_to - 1


def _follows(column: Column, count: int | None, percent: float) -> bool:
    """Whether a percentage is that of the rounded counts, so that it tells nothing new."""
    if count is None or not column.answered or percent != int(percent):
        return False
    return int(percent) == (200 * count + column.answered) // (2 * column.answered)


def _share(program: Program, count: Sum, size: Sum, percent: float) -> None:
    digits = len(f"{percent:g}".partition(".")[2])
    slack = 0.5 * 10**-digits
    for edge, low, high in (
        (percent - slack, 0.0, float("inf")),
        (percent + slack, -float("inf"), 0.0),
    ):
        program.know(minus(count, {u: f * edge / 100 for u, f in size.items()}), low, high)
