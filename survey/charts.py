"""Charts as plain SVG that stands in the page: they need no script and can be read aloud.

Colours keep apart for people who do not see red and green, and in black-and-white print; every
figure is also written out. In a language that is written from right to left a chart is drawn from
right to left as well, so that "first" and "better" lie where its readers expect them.
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


@dataclass(frozen=True, slots=True)
class Span:
    """A change in percentage points: the best guess, and what is possible."""

    label: str
    low: int
    guess: int
    high: int
    said: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What charts are drawn on.

    Args:
        rtl: drawn from right to left.
        percent: writes a percentage.
        hidden: the word at a figure that is not shown.
    """

    rtl: bool
    percent: Percent
    hidden: str

    def rect(self, x: float, y: float, width: float, height: float, more: str) -> str:
        """A rectangle; ``x`` counts from where lines of text begin."""
        left = _WIDTH - x - width if self.rtl else x
        return (
            f'<rect x="{round(left, 1)}" y="{round(y, 1)}" width="{round(width, 1)}"'
            f' height="{height}" {more}/>'
        )

    def text(self, x: float, y: float, kind: str, said: str, more: str = "") -> str:
        """A text that begins at ``x`` (or is centred there, by its class)."""
        return f'<text x="{self._at(x)}" y="{y}" class="{kind}"{more}>{escape(said)}</text>'

    def line(self, x: float, height: float) -> str:
        """A dashed line from top to bottom."""
        return f'<line x1="{self._at(x)}" y1="0" x2="{self._at(x)}" y2="{height}" class="middle"/>'

    def dot(self, x: float, y: float) -> str:
        """A dot."""
        return f'<circle cx="{self._at(x)}" cy="{y}" r="5.5" fill="{TONES[2][0]}"/>'

    def svg(self, body: str, height: int, name: str, title: str) -> Markup:
        """The whole chart; all texts in ``body`` were escaped where they were put in."""
        turned = ' direction="rtl"' if self.rtl else ""
        return Markup(  # noqa: S704
            f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="{name}-title"'
            f'{turned}><title id="{name}-title">{escape(title)}</title>{body}</svg>'
        )

    def _at(self, x: float) -> float:
        return round(_WIDTH - x if self.rtl else x, 1)


def bars(paper: Paper, rows: Sequence[Bar], *, name: str, title: str) -> Markup:
    """Horizontal bars, each under its label.

    Args:
        paper: what it is drawn on.
        rows: in the order of the options.
        name: unique in the page.
        title: what the chart shows, for those who hear it.
    """
    step, parts = 46, []
    for number, row in enumerate(rows):
        top = number * step
        parts.append(paper.text(0, top + 16, "label", row.label))
        parts.append(paper.rect(0, top + 24, _TRACK, 12, 'rx="3" class="track"'))
        if row.percent is None:
            parts.append(paper.text(_TRACK + 10, top + 35, "quiet", paper.hidden))
            continue
        fill = APART if row.apart else BAR
        width = _TRACK * row.percent / 100
        parts.append(paper.rect(0, top + 24, width, 12, f'rx="3" fill="{fill}"'))
        said = f"{paper.percent(row.percent)}  ({row.count})"
        parts.append(paper.text(_TRACK + 10, top + 35, "value", said))
    return paper.svg("".join(parts), len(rows) * step, name, title)


def diverging(paper: Paper, row: Row, *, name: str, title: str) -> Markup:
    """One bar around a middle line: worse answers before it, better ones after it."""
    centre = _WIDTH / 2
    scale = centre / _longest([row])
    body = paper.line(centre, 48) + _segments(paper, row.by_tone, scale, 6, 36)
    return paper.svg(body, 48, name, title)


def overview(paper: Paper, rows: Sequence[Row], *, name: str, title: str) -> Markup:
    """A diverging bar for each of several rows, one below the other, on one scale."""
    step, centre = 58, _WIDTH / 2
    scale = centre / _longest(rows)
    parts = [paper.line(centre, len(rows) * step)]
    for number, row in enumerate(rows):
        top = number * step
        parts.append(paper.text(0, top + 16, "label halo", row.label))
        parts.append(_segments(paper, row.by_tone, scale, top + 24, 24))
    return paper.svg("".join(parts), len(rows) * step, name, title)


def spans(paper: Paper, rows: Sequence[Span], *, name: str, title: str) -> Markup:
    """What changed: a line for what is possible, a dot for the best guess, a middle for none."""
    step, centre = 66, _WIDTH / 2
    reach = max(20, *(abs(edge) for row in rows for edge in (row.low, row.high)))
    scale = (centre - 8) / reach
    parts = [paper.line(centre, len(rows) * step)]
    for number, row in enumerate(rows):
        top = number * step
        parts.append(paper.text(0, top + 16, "label halo", row.label))
        start = centre + row.low * scale
        parts.append(
            paper.rect(start, top + 27, (row.high - row.low) * scale, 6, f'rx="3" fill="{APART}"')
        )
        parts.append(paper.dot(centre + row.guess * scale, top + 30))
        parts.append(paper.text(0, top + 54, "quiet halo", row.said))
    return paper.svg("".join(parts), len(rows) * step, name, title)


def _sides(by_tone: dict[int, int]) -> tuple[float, float]:
    """Percentages before and after the middle; half of the neutral on each side."""
    half = by_tone.get(0, 0) / 2
    worse = by_tone.get(-2, 0) + by_tone.get(-1, 0)
    return worse + half, by_tone.get(1, 0) + by_tone.get(2, 0) + half


def _longest(rows: Sequence[Row]) -> float:
    """The percentage that a half of the chart has room for."""
    return max(50.0, *(side for row in rows for side in _sides(row.by_tone)))


def _segments(paper: Paper, by_tone: dict[int, int], scale: float, top: int, height: int) -> str:
    """The parts of a diverging bar; ``scale`` is px for one percent."""
    start = _WIDTH / 2 - _sides(by_tone)[0] * scale
    parts = []
    for tone in (-2, -1, 0, 1, 2):
        share = by_tone.get(tone, 0)
        size = share * scale
        if not share:
            continue
        fill, ink = TONES[tone]
        parts.append(paper.rect(start, top, size, height, f'fill="{fill}"'))
        if size >= _LABEL_NEEDS:
            middle = top + height / 2 + 4.5
            said = paper.percent(share)
            parts.append(paper.text(start + size / 2, middle, "inside", said, f' fill="{ink}"'))
        start += size
    return "".join(parts)
