"""The results as one page to read: self-contained, printable, without any script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from catalogue.messages import RIGHT_TO_LEFT
from survey import charts, report_changes
from survey.changes import good_shares
from survey.model import Item, Section
from survey.notes import hidden, notes
from survey.outputs import Results
from survey.saying import words
from survey.tables import LEAST, LEAST_ABOUT_PERSON, ROUND_TO, Breakdown, Cell, Table

#: So many scales are named in words at each end.
_EXTREMES = 3


@dataclass(frozen=True, slots=True)
class Legend:
    """One line under a diverging bar."""

    fill: str
    label: str
    percent: str


@dataclass(frozen=True, slots=True)
class Groups:
    """One question among groups of people."""

    title: str
    reason: str
    chart: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One question in the page."""

    id: str
    short: str
    question: str
    answered: str
    several: str
    reason: str
    chart: Markup
    legend: tuple[Legend, ...]
    outside: str
    rows: tuple[tuple[str, str, str], ...]
    groups: tuple[Groups, ...]


def report_html(results: Results) -> bytes:
    """The page, in the language of the results."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    by_item = {table.item: table for table in results.tables}
    sections = [
        (section, [_card(results, by_item[i.id], i) for i in section.items if i.id in by_item])
        for section in results.instrument.sections
    ]
    rtl = results.lang in RIGHT_TO_LEFT
    page = environment.get_template("report.html.j2").render(
        r=results,
        title=words(results.instrument.title, results.lang),
        direction="rtl" if rtl else "ltr",
        period=_period(results),
        reading=results.texts(
            "reading.text", round_to=ROUND_TO, least=LEAST, least_person=LEAST_ABOUT_PERSON
        ),
        glance=_glance(results),
        extremes=_extremes(results),
        changed=report_changes.changed(results, _paper(results)),
        scale=_scale(results),
        response=[
            (
                results.short(t.item),
                t.answered if t.answered is not None else results.text("hidden"),
            )
            for t in results.tables
        ],
        sections=[(_title(results, section), cards) for section, cards in sections if cards],
        method=notes(results),
        hidden=hidden(results),
        least=LEAST,
    )
    return page.encode("utf-8")


def _paper(results: Results) -> charts.Paper:
    rtl = results.lang in RIGHT_TO_LEFT
    return charts.Paper(rtl, results.percent, results.text("hidden"))


def _title(results: Results, section: Section) -> str:
    return words(section.title, results.lang)


def _period(results: Results) -> str:
    opened, closed = (_month(results, m) for m in (results.round_.opened, results.round_.closed))
    if opened == closed:
        return results.text("period.one", opened=opened)
    return results.text("period.two", opened=opened, closed=closed)


def _month(results: Results, month: str | None) -> str:
    year, number = (month or "").split("-")
    return f"{results.texts('months')[int(number) - 1]} {year}"


def _scale(results: Results) -> list[tuple[str, str]]:
    names = ("bad2", "bad1", "middle", "good1", "good2")
    fills = (charts.TONES[tone][0] for tone in (-2, -1, 0, 1, 2))
    return [(fill, results.text(f"scale.{name}")) for fill, name in zip(fills, names, strict=True)]


def _glance(results: Results) -> Markup | None:
    """One bar for each scale that is shown in full."""
    rows = []
    for table in results.tables:
        item = results.item(table.item)
        shares = _by_tone(table.cells, item)
        if shares is not None:
            rows.append(charts.Row(words(item.short, results.lang), shares))
    if not rows:
        return None
    title = results.text("chart.glance", count=len(rows))
    return charts.overview(_paper(results), rows, name="glance", title=title)


def _extremes(results: Results) -> list[str]:
    """In words: the scales with the most good answers, and those with the fewest."""
    shares = good_shares(results.instrument, results.proven.facts)
    ranked = sorted(shares, key=lambda name: shares[name], reverse=True)
    if len(ranked) < 2 * _EXTREMES:
        return []
    named = [f"{results.short(name)} ({results.percent(shares[name])})" for name in ranked]
    ends = named[:_EXTREMES], named[: -_EXTREMES - 1 : -1]
    return [
        results.text(f"glance.{key}", names="; ".join(some))
        for key, some in zip(("most", "fewest"), ends, strict=True)
    ]


def _by_tone(cells: Sequence[Cell], item: Item) -> dict[int, int] | None:
    """Percentages by tone, if the item is a scale with nothing of it hidden."""
    if item.kind != "scale" or not cells:
        return None
    shares: dict[int, int] = {}
    for cell in cells:
        option = item.option(cell.code)
        if option is None or option.tone is None:
            continue
        if cell.percent is None:
            return None
        shares[option.tone] = cell.percent
    return shares


def _card(results: Results, table: Table, item: Item) -> Card:
    question = words(item.text, results.lang)
    shares = _by_tone(table.cells, item)
    paper = _paper(results)
    listed = "; ".join(
        f"{results.label(item, cell.code)} ({_share(results, cell)})" for cell in table.cells
    )
    chart = Markup("")
    if shares is not None:
        title = results.text("chart.diverging", question=question, list=listed)
        row = charts.Row("", shares)
        chart = charts.diverging(paper, row, name=item.id, title=title)
    elif table.shown:
        title = results.text("chart.bars", question=question, list=listed)
        chart = charts.bars(paper, _bars(results, table, item), name=item.id, title=title)
    answered = table.answered
    return Card(
        id=item.id,
        short=words(item.short, results.lang),
        question=question,
        answered="" if answered is None else results.text("answered", count=answered),
        several=results.text("several") if item.kind == "multi" and table.shown else "",
        reason=results.reason(table),
        chart=chart,
        legend=_legend(results, table, item) if shares is not None else (),
        outside=_outside(results, table, item) if shares is not None else "",
        rows=tuple(
            (results.label(item, c.code), _number(results, c), _share(results, c))
            for c in table.cells
        ),
        groups=tuple(_groups(results, b) for b in results.breakdowns if b.item == item.id),
    )


def _groups(results: Results, broken: Breakdown) -> Groups:
    item, by = results.item(broken.item), results.item(broken.by)
    rows, named = [], []
    for group in broken.groups:
        shares = _by_tone(group.cells, item)
        label = results.label(by, group.code)
        if shares is not None:
            rows.append(charts.Row(label, shares))
        if group.answered is not None:
            named.append((label, str(group.answered), *(_share(results, c) for c in group.cells)))
    chart = Markup("")
    if rows:
        name = f"{item.id}-{by.id}"
        title = results.text(
            "chart.groups", question=words(item.text, results.lang), name=results.short(by.id)
        )
        chart = charts.overview(_paper(results), rows, name=name, title=title)
    options = tuple(results.label(item, option.code) for option in item.options)
    head = (results.short(by.id), results.text("column.count"), *options)
    return Groups(
        title=results.text("groups.by", name=results.short(by.id)),
        reason=results.reason_of_groups(broken),
        chart=chart,
        head=head if named else (),
        rows=tuple(named),
    )


def _bars(results: Results, table: Table, item: Item) -> list[charts.Bar]:
    apart = {option.code for option in item.options if option.apart}
    return [
        charts.Bar(results.label(item, c.code), c.percent, c.count, c.code in apart)
        for c in table.cells
    ]


def _legend(results: Results, table: Table, item: Item) -> tuple[Legend, ...]:
    found = []
    for cell in table.cells:
        option = item.option(cell.code)
        if option is not None and option.tone is not None and cell.percent is not None:
            label = words(option.label, results.lang)
            share = results.percent(cell.percent)
            found.append(Legend(charts.TONES[option.tone][0], label, share))
    return tuple(reversed(found))


def _outside(results: Results, table: Table, item: Item) -> str:
    listed = [
        f"{results.label(item, cell.code)} ({_share(results, cell)})"
        for cell in table.cells
        if (option := item.option(cell.code)) and option.tone is None
    ]
    return results.text("outside", list="; ".join(listed)) if listed else ""


def _number(results: Results, cell: Cell) -> str:
    return results.text("hidden") if cell.count is None else str(cell.count)


def _share(results: Results, cell: Cell) -> str:
    return results.text("hidden") if cell.percent is None else results.percent(cell.percent)
