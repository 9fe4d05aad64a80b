"""Charts as plain SVG that stands in the page: they need no script and can be read aloud.

Colours keep apart for people who do not see red and green, and in black-and-white print; every
figure is also written out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

#: From the best to the worst answer: fill, and the colour of text on it.
TONES = {
    2: ("#12616b", "#ffffff"),
    1: ("#63a9b0", "#10262a"),
    0: ("#d5d9d8", "#10262a"),
    -1: ("#e8b26a", "#10262a"),
    -2: ("#a8501a", "#ffffff"),
}
BAR = "#2f7a84"
APART = "#a9b4b4"

#: Writes a percentage the way a language does.
Percent = Callable[[int], str]

_WIDTH = 480  # narrow, so that it can be read on a phone
_TRACK = 380
_LABEL_NEEDS = 34  # px that a number needs inside its bar


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart; ``percent`` is ``None`` when it is hidden."""

    label: str
    percent: int | None
    count: int | None
    apart: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a diverging chart: percentages by tone (2 the best, -2 the worst)."""

    label: str
    by_tone: dict[int, int]


def bars(rows: Sequence[Bar], *, name: str, title: str, hidden: str, percent: Percent) -> Markup:
    """Horizontal bars, each under its label.

    Args:
        rows: in the order of the options.
        name: unique in the page.
        title: what the chart shows, for those who hear it.
        hidden: the word at a bar that is not shown.
        percent: writes a percentage.
    """
    step, parts = 46, []
    for number, row in enumerate(rows):
        top = number * step
        parts.append(f'<text x="0" y="{top + 16}" class="label">{escape(row.label)}</text>')
        parts.append(
            f'<rect x="0" y="{top + 24}" width="{_TRACK}" height="12" rx="3" class="track"/>'
        )
        if row.percent is None:
            parts.append(
                f'<text x="{_TRACK + 10}" y="{top + 35}" class="quiet">{escape(hidden)}</text>'
            )
            continue
        width = round(_TRACK * row.percent / 100, 1)
        fill = APART if row.apart else BAR
        parts.append(
            f'<rect x="0" y="{top + 24}" width="{width}" height="12" rx="3" fill="{fill}"/>'
            f'<text x="{_TRACK + 10}" y="{top + 35}" class="value">{escape(percent(row.percent))}'
            f'<tspan class="quiet">  ({row.count})</tspan></text>'
        )
    return _svg("".join(parts), len(rows) * step, name, title)


def diverging(row: Row, *, name: str, title: str, percent: Percent) -> Markup:
    """One bar around a middle line: worse answers to the left, better ones to the right."""
    centre = _WIDTH / 2
    middle = f'<line x1="{centre}" y1="0" x2="{centre}" y2="48" class="middle"/>'
    scale = centre / _longest([row])
    return _svg(middle + _segments(row.by_tone, centre, scale, 6, 36, percent), 48, name, title)


def overview(rows: Sequence[Row], *, name: str, title: str, percent: Percent) -> Markup:
    """A diverging bar for each of several questions, one below the other, on one scale."""
    step, centre = 58, _WIDTH / 2
    scale = centre / _longest(rows)
    height = len(rows) * step
    parts = [f'<line x1="{centre}" y1="0" x2="{centre}" y2="{height}" class="middle"/>']
    for number, row in enumerate(rows):
        top = number * step
        parts.append(f'<text x="0" y="{top + 16}" class="label halo">{escape(row.label)}</text>')
        parts.append(_segments(row.by_tone, centre, scale, top + 24, 24, percent))
    return _svg("".join(parts), height, name, title)


def _sides(by_tone: dict[int, int]) -> tuple[float, float]:
    """Percentages to the left and to the right of the middle; half of the neutral on each."""
    half = by_tone.get(0, 0) / 2
    worse = by_tone.get(-2, 0) + by_tone.get(-1, 0)
    return worse + half, by_tone.get(1, 0) + by_tone.get(2, 0) + half


def _longest(rows: Sequence[Row]) -> float:
    """The percentage that a half of the chart has room for."""
    return max(50.0, *(side for row in rows for side in _sides(row.by_tone)))


def _segments(
    by_tone: dict[int, int], centre: float, scale: float, top: int, height: int, percent: Percent
) -> str:
    """The parts of a diverging bar; ``scale`` is px for one percent."""
    start = centre - _sides(by_tone)[0] * scale
    parts = []
    for tone in (-2, -1, 0, 1, 2):
        share = by_tone.get(tone, 0)
        size = share * scale
        if not share:
            continue
        fill, ink = TONES[tone]
        parts.append(
            f'<rect x="{round(start, 1)}" y="{top}" width="{round(size, 1)}" height="{height}"'
            f' fill="{fill}"/>'
        )
        if size >= _LABEL_NEEDS:
            parts.append(
                f'<text x="{round(start + size / 2, 1)}" y="{top + height / 2 + 4.5}"'
                f' class="inside" fill="{ink}">{escape(percent(share))}</text>'
            )
        start += size
    return "".join(parts)


def _svg(body: str, height: int, name: str, title: str) -> Markup:
    # All texts in ``body`` were escaped where they were put in.
    return Markup(  # noqa: S704
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="{name}-title">'
        f'<title id="{name}-title">{escape(title)}</title>{body}</svg>'
    )
