"""The page of `make eval`: figures by language, and which families are mixed up. Self-contained."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; --line: #8885; --good: #2b7; --bad: #c33 }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
h1, h2 { line-height: 1.2 } h2 { margin-top: 2.5rem }
.wide { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right }
th:first-child { text-align: left } thead th { vertical-align: bottom }
td.low { color: var(--bad); font-weight: 600 }
.matrix td { padding: .15rem; min-width: 1.9rem; text-align: center; border: 1px solid var(--line);
  font-size: .8rem }
.matrix thead th { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left;
  font-weight: 400; border: 0; padding: .3rem .1rem }
.matrix th { font-weight: 400 } .right { background: color-mix(in srgb, var(--good) var(--share),
  transparent) } .wrong { background: color-mix(in srgb, var(--bad) var(--share), transparent) }
details { margin: .5rem 0 } summary { cursor: pointer }
"""

_SHARES = (
    ("topic", "the very topic first", 0.0),
    ("family", "its family first", 0.88),
    ("top3", "among the first three", 0.0),
    ("unsure", "asked back", 0.0),
    ("offered", "what was meant is shown when it asks back", 0.97),
    ("reached", "… shown, or reached by “something else”", 0.97),
    ("served", "right, or offered", 0.0),
)


def page(topics: list[Any], safety: dict[str, Any]) -> str:
    """The whole page.

    Args:
        topics: the sets of sentences, as `evaluate.topics_of` gives them.
        safety: what is found of danger and commands in each language.
    """
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>What is understood</title><style>{_STYLE}</style>"
        "<h1>What is understood</h1><p>Sentences kept aside from training, heard by the gate and "
        "the trained engine together.</p>"
        f"<h2>Topics</h2>{_topics(topics)}<h2>Danger and commands</h2>{_safety(safety)}"
        f"<h2>Which families are taken for which</h2>{_matrix(topics)}"
        f"<h2>Each topic</h2>{_each(topics)}</html>\n"
    )


def _cell(value: float, least: float) -> str:
    return f'<td class="{"low" if value < least else ""}">{100 * value:.1f}</td>'


def _table(head: list[str], rows: list[str], kind: str = "") -> str:
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    return (
        f'<div class="wide"><table class="{kind}"><thead><tr>{titles}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _topics(topics: list[Any]) -> str:
    rows = []
    for t in topics:
        cells = "".join(
            _cell(t.share(kind), 0.92 if kind == "family" and t.name.startswith("en") else least)
            for kind, _, least in _SHARES
        )
        rows.append(
            f"<tr><th>{escape(t.name)}</th><td>{len(t.pairs)}</td>{cells}"
            f"<td>{100 * t.calibration_error():.1f}</td></tr>"
        )
    return _table(["set", "sentences", *(s[1] for s in _SHARES), "calibration error"], rows)


def _safety(safety: dict[str, Any]) -> str:
    rows = []
    for lang, s in safety.items():
        gate = sum(found.gate for found in s.sets.values())
        count = sum(found.count for found in s.sets.values())
        cells = [_cell(gate / max(1, count), 0), _cell(s.recall, 1), _cell(s.helped, 1)]
        if unseen := s.sets.get("unseen"):
            cells += [_cell(found / unseen.count, 1) for found in (unseen.both, unseen.helped)]
        else:
            cells += ["<td></td>"] * 2
        rows.append(
            f"<tr><th>{lang}</th><td>{count}</td>{''.join(cells)}"
            f'<td class="{"low" if s.false_alarms >= 0.02 else ""}">{100 * s.false_alarms:.1f}</td>'
            f"<td>{100 * s.needless_help:.1f}</td>"
            f"{_cell(s.commands[0] / max(1, s.commands[1]), 1)}</tr>"
        )
    head = [
        "language",
        "dangers",
        "alarm by the gate",
        "by gate or engine",
        "alarm or a line of help",
    ]
    head += ["unseen: alarm", "unseen: alarm or line", "false alarms", "needless lines and alarms"]
    return _table([*head, "stop and erase"], rows)


def _matrix(topics: list[Any]) -> str:
    total: Counter[tuple[str, str]] = Counter()
    for t in topics:
        total.update(t.confusion())
    wanted = sorted({pair[0] for pair in total})
    heard = [*wanted, *sorted({pair[1] for pair in total} - set(wanted))]
    rows = []
    for one in wanted:
        count = sum(total[one, other] for other in heard)
        cells = []
        for other in heard:
            number = total[one, other]
            kind = "right" if one == other else "wrong"
            share = min(100, 100 * number / count * (1 if one == other else 4))
            cells.append(
                f'<td class="{kind}" style="--share: {share:.0f}%" '
                f'title="{escape(one)} taken for {escape(other)}">{number or ""}</td>'
            )
        rows.append(f"<tr><th>{escape(one)}</th>{''.join(cells)}</tr>")
    return (
        "<p>A row is what was meant, a column what was decided; the number of sentences, all "
        f"languages.</p>{_table(['', *heard], rows, 'matrix')}"
    )


def _each(topics: list[Any]) -> str:
    parts = []
    for t in topics:
        rows = [
            f"<tr><th>{escape(name)}</th><td>{right} of {count}</td>"
            f"{_cell(right / count, 0.7)}</tr>"
            for name, (right, count) in t.by_intent().items()
        ]
        body = _table(["intent", "right", "%"], rows)
        parts.append(f"<details><summary>{escape(t.name)}</summary>{body}</details>")
    return "".join(parts)
