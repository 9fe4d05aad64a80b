"""The results as a picture: messages a second, and what a turn costs in a long conversation."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bench.report import Figures

WIDTH, ROW, LEFT, BAR = 720, 34, 170, 430
PLOT = 200
OURS, STOCK = "#0b6e99", "#b5651d"

Points = Sequence[tuple[int, float]]


def svg(ours: Figures, stock: Figures) -> str:
    """The chart as a whole SVG document; it can be read without colours, too.

    Args:
        ours: our figures.
        stock: stock Rasa's.
    """
    names = [name for name in ours.runs if name in stock.runs]
    top = 60 + ROW * len(names)
    parts = [_text(10, 24, "Messages a second", 16), *_bars(names, ours, stock)]
    if ours.by_turn and stock.by_turn:
        parts.append(_text(10, top + 24, "Milliseconds a turn, by its place in a conversation", 16))
        parts += _lines(top + 40, ours.by_turn, stock.by_turn)
    height = top + PLOT + 90
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" role="img">'
    style = "<style>text{font-family:sans-serif;fill:#222}</style>"
    title = "<title>Speaksafe and stock Rasa 3.6.21</title>"
    back = f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
    return "\n".join([head, title, style, back, *parts, "</svg>\n"])


def _bars(names: Sequence[str], ours: Figures, stock: Figures) -> list[str]:
    found = []
    pairs = [(ours.runs[name].per_second, stock.runs[name].per_second) for name in names]
    most = max((value for pair in pairs for value in pair), default=0) or 1
    for number, (name, (mine, theirs)) in enumerate(zip(names, pairs, strict=True)):
        y = 40 + number * ROW
        errand, people = name.split("/")
        found.append(_text(10, y + 18, f"{errand}, {people} at once", 13))
        for value, colour, kind, at in ((mine, OURS, "ours", y), (theirs, STOCK, "stock", y + 13)):
            width = BAR * value / most
            found.append(_box(LEFT, at, width, colour))
            found.append(_text(LEFT + width + 6, at + 10, f"{value:.0f} {kind}", 11))
    return found


def _lines(top: int, ours: Points, stock: Points) -> list[str]:
    last = max(turn for turn, _ in (*ours, *stock))
    most = max(ms for _, ms in (*ours, *stock)) or 1

    def place(turn: int, ms: float) -> tuple[float, float]:
        return LEFT + BAR * turn / last, top + PLOT * (1 - ms / most)

    left, bottom = LEFT, top + PLOT
    found = [
        f'<path d="M{left} {top}V{bottom}H{left + BAR}" fill="none" stroke="#888"/>',
        _text(left - 60, top + 10, f"{most:.0f} ms", 11),
        _text(left - 60, bottom, "0 ms", 11),
        _text(left + BAR - 40, bottom + 18, f"turn {last}", 11),
    ]
    for points, colour, kind in ((ours, OURS, "ours"), (stock, STOCK, "stock")):
        places = [place(turn, ms) for turn, ms in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dash = ' stroke-dasharray="6 3"' if kind == "stock" else ""
        line = f'fill="none" stroke="{colour}" stroke-width="2"{dash}'
        found.append(f'<polyline points="{path}" {line}/>')
        found.append(_text(places[-1][0] + 6, places[-1][1] + 4, kind, 11))
    return found


def _box(x: float, y: float, width: float, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width:.1f}" height="11" fill="{colour}"/>'


def _text(x: float, y: float, what: str, size: int) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}">{escape(what)}</text>'
