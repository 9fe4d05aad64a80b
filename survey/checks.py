"""What the reading of one line cannot see: an instrument's logic, and what it must never ask."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from survey.conditions import Condition
from survey.model import Instrument, Item, Problem
from survey.reading import Lines

_SHORT_FORM = 10

# What nobody may ask, because in so small a population it tells who somebody is: the
# organization, a place, a day, age, grade, nationality, who did it. One pattern a language;
# options about durations ("3 to 6 months") are no dates and do not match.
_PLACES_EN = (
    r"organi[sz]ation|entity|agency|office|department|duty station|countr(?:y|ies)|city|town|"
    r"division|unit|team|mission|building"
)
_PLACES_FR = (
    r"organisations?|organismes?|entités?|agences?|bureaux?|départements?|"
    r"lieux? d.affectation|pays|villes?|divisions?|services?|équipes?|missions?|bâtiments?"
)
_ASKS = {
    "en": (
        rf"\b(?:which|what|name of)\b[^.?!]{{0,25}}\b(?:{_PLACES_EN})\b",
        r"\bwhere (?:do|did|does|were|was|are|is)\b|\bwhere (?:you|it|this) (?:work|happen)",
        r"\bwhen (?:did|was|were|do|does)\b",
        r"\b(?:which|what|the)\s+(?:exact\s+)?(?:date|day|year)\b",
        r"\bhow old\b|\byour (?:age|grade|nationality|name|job title|rank)\b|\bdate of birth\b",
        r"\bwho (?:did|was it|harassed|is the)\b|\bname the\b|\bname of the\b",
    ),
    "fr": (
        rf"\b(?:quel(?:le)?s?|nom de|nom du)\b[^.?!]{{0,25}}\b(?:{_PLACES_FR})\b",
        r"^où\b|[.,;]\s*où (?:avez|travaillez|cela|est|était)",
        r"^quand\b|\bà quelle date\b|\bquel(?:le)? (?:jour|date|année)\b|\bla date\b",
        r"\bquel âge\b|\bvotre (?:âge|grade|nationalité|nom|fonction|rang)\b|\bde naissance\b",
        r"(?<!est-ce )\bqui (?:a fait|était|vous a)\b|\bnom de la personne\b|\bnommez\b",
    ),
}
_ALLOWED = re.compile(r"leave out|n’écrire ni", re.IGNORECASE)


def find_problems(instrument: Instrument, lines: Lines) -> list[Problem]:
    """Everything that is wrong with an instrument that could be read."""
    return [
        *_logic(instrument, lines),
        *_lists(instrument, lines),
        *_breakdowns(instrument, lines),
        *_kinds(instrument, lines),
        *_idle(instrument, lines),
        *_forbidden(instrument, lines),
    ]


def _logic(instrument: Instrument, lines: Lines) -> Iterator[Problem]:
    before: dict[str, Item] = {}
    for section in instrument.sections:
        if section.note:
            yield from _condition(section.note.when, before, lines[section.id, "note"])
        for item in section.items:
            if item.ask_if:
                line = lines[item.id, "ask_if"]
                found = list(_condition(item.ask_if, before, line))
                yield from found
                if not found and not _can_hold(item.ask_if, before):
                    yield Problem(line, f"'{item.id}' can never be reached", "mend its condition")
            before[item.id] = item
            if item.after:
                yield from _condition(item.after.when, before, lines[item.id, "after"])


def _condition(condition: Condition, before: dict[str, Item], line: int) -> Iterator[Problem]:
    for clause in condition.clauses():
        item = before.get(clause.item)
        if item is None:
            yield Problem(
                line,
                f"the condition asks about '{clause.item}', which does not come before it",
                "use an earlier item",
            )
        elif not item.options:
            yield Problem(line, f"'{clause.item}' has no options", "use an item with options")
        else:
            for code in clause.codes:
                if item.option(code) is None:
                    yield Problem(
                        line,
                        f"'{clause.item}' has no option '{code}'",
                        f"use {', '.join(o.code for o in item.options)}",
                    )


def _can_hold(condition: Condition, items: dict[str, Item]) -> bool:
    """Whether any answers at all make a condition true, by trying those that matter."""
    for clauses in condition.alternatives:
        names = sorted({clause.item for clause in clauses})
        ways = [list(_answers(items[name])) for name in names]
        for answers in itertools.product(*ways):
            given = dict(zip(names, answers, strict=True))
            reached = all(
                items[name].ask_if is None or _can_hold_ask(items[name], items) for name in names
            )
            if reached and all(clause.holds(given) for clause in clauses):
                return True
    return False


def _can_hold_ask(item: Item, items: dict[str, Item]) -> bool:
    return item.ask_if is None or _can_hold(item.ask_if, items)


def _answers(item: Item) -> Iterator[tuple[str, ...]]:
    codes = [option.code for option in item.options]
    yield from ((code,) for code in codes)
    if item.kind == "multi":
        yield from itertools.combinations([o.code for o in item.options if not o.alone], 2)


def _lists(instrument: Instrument, lines: Lines) -> Iterator[Problem]:
    for key, names in (("short_form", instrument.short_form), ("tables", instrument.tables)):
        line = lines["", key]
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield Problem(line, f"'{name}' stands twice in {key}", "keep one of the two")
        for name in names:
            item = instrument.item(name)
            if item is None:
                yield Problem(line, f"{key} names '{name}', which is no item", "remove it")
            elif item.kind == "text":
                yield Problem(line, f"{key} names '{name}', which is free text", "remove it")
            elif not item.stored:
                yield Problem(line, f"{key} names '{name}', which is not stored", "remove it")
    for name in instrument.short_form:
        if instrument.item(name) and instrument.section_of(name).optional:
            yield Problem(
                lines["", "short_form"], f"'{name}' is about the person", "keep it to the long form"
            )
    if len(instrument.short_form) > _SHORT_FORM:
        yield Problem(lines["", "short_form"], "the short form is long", "name 10 items at most")


def _breakdowns(instrument: Instrument, lines: Lines) -> Iterator[Problem]:
    """A breakdown shows how people feel in groups of people; never how cases went in them."""
    line = lines["", "breakdowns"]
    for at, found in enumerate(instrument.breakdowns):
        name = f"the breakdown of '{found.item}' by '{found.by}'"
        item, by = instrument.item(found.item), instrument.item(found.by)
        if found in instrument.breakdowns[:at]:
            yield Problem(line, f"{name} stands twice", "keep one of the two")
        if item is None or by is None or not {found.item, found.by} <= set(instrument.tables):
            yield Problem(line, f"{name} is not made of published items", "name items of 'tables'")
            continue
        if item.measures:
            yield Problem(line, f"{name} tells the {item.measures} of small groups", "remove it")
        if instrument.section_of(item.id).optional:
            yield Problem(line, f"{name} joins two things about the person", "remove it")
        if not instrument.section_of(by.id).optional or by.kind != "single":
            yield Problem(
                line, f"{name} makes no groups of people", "group by an item about the person"
            )


def _kinds(instrument: Instrument, lines: Lines) -> Iterator[Problem]:
    for item in instrument.items():
        line = lines[item.id, "id"]
        codes = {option.code for option in item.options}
        if item.kind in ("single", "multi", "scale"):
            if len(codes) < 2:
                yield Problem(line, f"'{item.id}' leaves no choice", "give it two options or more")
            if "prefer_not_to_say" not in codes:
                yield Problem(
                    line, f"'{item.id}' cannot be declined", "add the option prefer_not_to_say"
                )
        if item.kind == "check":
            done = {option.does for option in item.options}
            if done != {"go_on", "pause", "support", "keep", "delete"}:
                yield Problem(
                    line,
                    f"'{item.id}' does not offer every way out",
                    "give its options does: go_on, pause, support, keep, delete",
                )
        if item.after and item.after.when.clauses() and item.kind == "text":
            yield Problem(line, f"'{item.id}' is free text with a note", "move the note")


def _idle(instrument: Instrument, lines: Lines) -> Iterator[Problem]:
    """Options of an item that only shows the way, and that show none. "No, thanks" may be one."""
    named = {
        (clause.item, code)
        for item in instrument.items()
        for when in (item.ask_if, item.after and item.after.when)
        if when
        for clause in when.clauses()
        for code in clause.codes
    }
    for item in instrument.items():
        if item.kind != "routing":
            continue
        idle = [o.code for o in item.options if not o.routes and (item.id, o.code) not in named]
        for code in idle[1:]:
            yield Problem(
                lines[item.id, "id"],
                f"option '{code}' of '{item.id}' is never used: its answer is not kept either",
                "give it routes, use it in a condition, or take it out",
            )


def _forbidden(instrument: Instrument, lines: Lines) -> Iterator[Problem]:
    for item in instrument.items():
        for lang, patterns in _ASKS.items():
            # "Please leave out names, places and dates" warns; it does not ask.
            sentences = re.split(r"(?<=[.?!])\s+", item.text.get(lang, ""))
            asked = " ".join(s for s in sentences if not _ALLOWED.search(s))
            if any(re.search(p, asked, re.IGNORECASE) for p in patterns):
                yield Problem(
                    lines[item.id, "text"],
                    f"'{item.id}' seems to ask for an organization, a place, a date or a person",
                    "ask about the process, never about what could identify somebody",
                )
                break
