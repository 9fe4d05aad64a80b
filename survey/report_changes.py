"""The part of the report that says what changed since the release before."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from survey import charts
from survey.changes import Change, changes
from survey.outputs import Results


@dataclass(frozen=True, slots=True)
class Changed:
    """What is said: a chart and its rows, or nothing but a text."""

    text: str
    chart: Markup
    rows: tuple[tuple[str, str, str], ...]


def changed(results: Results, paper: charts.Paper) -> Changed:
    """What changed since the release before, if there is one to compare with."""
    found = changes(results.instrument, results.last, results.proven.facts) if results.last else []
    if results.last is None or not found:
        return Changed(results.text("changes.none"), Markup(""), ())
    spans = [
        charts.Span(
            results.short(one.item),
            one.low,
            one.now - one.before,
            one.high,
            f"{_values(results, one)} · {results.text(f'changes.{one.verdict}')}",
        )
        for one in found
    ]
    title = results.text("chart.changes", count=len(found))
    chart = charts.spans(paper, spans, name="changes", title=title)
    rows = tuple(
        (
            results.short(one.item),
            _values(results, one),
            f"{_range(results, one)} {results.text(f'changes.{one.verdict}')}",
        )
        for one in found
    )
    text = results.text("changes.text", round=results.last.round_id.removeprefix("r"))
    return Changed(text, chart, rows)


def _values(results: Results, one: Change) -> str:
    return results.text(
        "changes.values", before=results.percent(one.before), now=results.percent(one.now)
    )


def _range(results: Results, one: Change) -> str:
    return results.text("changes.range", low=f"{one.low:+d}", high=f"{one.high:+d}")
