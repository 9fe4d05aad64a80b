"""What came of an attack, as JSON to compare and as a page to read."""

from __future__ import annotations

import html
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.attack.mutations import Mutation
from tests.attack.promises import Promise
from tests.attack.running import Ran
from tests.attack.scratch import Verdict

#: What is well; everything else is a finding.
GOOD = ("passed", "caught")

_STYLE = """
body { font: 16px/1.5 sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem }
td { border-bottom: 1px solid #ccc }
td.n { text-align: right; white-space: nowrap }
.good { color: #17602b } .bad { color: #a01010; font-weight: 600 }
code { font-size: .85em; overflow-wrap: anywhere }
"""


@dataclass(slots=True)
class Tried:
    """One mutation and what its test made of it."""

    mutation: Mutation
    verdict: Verdict
    why: str
    seconds: float


@dataclass(slots=True)
class Results:
    """Everything that was found.

    Args:
        promises: each with its proofs.
        ran: every test that ran, by name.
        tried: every mutation.
        seconds: from beginning to end.
    """

    promises: list[Promise]
    ran: dict[str, Ran] = field(default_factory=dict)
    tried: list[Tried] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def findings(self) -> list[str]:
        """What must be looked at, a line each."""
        lines = [f"{r.test}: {r.outcome} {r.message}" for r in self._bad()]
        for one in self.tried:
            if one.verdict not in GOOD:
                about = f"{one.mutation.place} '{one.mutation.name}'"
                lines.append(f"{about}: {one.verdict}: {one.why} ({one.mutation.test})")
        return lines

    def _bad(self) -> list[Ran]:
        return [ran for ran in self.ran.values() if ran.outcome not in GOOD]

    @property
    def attacks(self) -> list[Ran]:
        """Tests that no promise names."""
        named = {test for promise in self.promises for test in promise.tests}
        return [ran for name, ran in self.ran.items() if name not in named]

    def summary(self) -> str:
        """One line."""
        tests = Counter(ran.outcome for ran in self.ran.values())
        verdicts = Counter(one.verdict for one in self.tried)
        parts = [
            f"{many} {what}" for counter in (tests, verdicts) for what, many in counter.items()
        ]
        return f"{', '.join(parts)}; {self.seconds:.0f} s"

    def write(self, folder: Path) -> None:
        """Write ``attack.json`` and ``attack.html``."""
        folder.mkdir(parents=True, exist_ok=True)
        whole = {
            "summary": self.summary(),
            "findings": self.findings,
            "promises": [
                {
                    "number": promise.number,
                    "title": promise.title,
                    "tests": [asdict(self.ran[t]) for t in promise.tests if t in self.ran],
                }
                for promise in self.promises
            ],
            "attacks": [asdict(ran) for ran in self.attacks],
            "mutations": [
                {**asdict(t.mutation), "verdict": t.verdict, "why": t.why, "seconds": t.seconds}
                for t in self.tried
            ],
        }
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        (folder / "attack.json").write_text(text + "\n", encoding="utf-8")
        (folder / "attack.html").write_text(self._html(), encoding="utf-8")

    def _html(self) -> str:
        proofs = [
            (f"{promise.number}. {promise.title}", self.ran[test])
            for promise in self.promises
            for test in promise.tests
            if test in self.ran
        ]
        tests = "".join(_row(title, ran) for title, ran in proofs)
        attacks = "".join(_row("", ran) for ran in self.attacks)
        mutations = "".join(_mutation(one) for one in self.tried)
        findings = "".join(f"<li>{html.escape(line)}</li>" for line in self.findings)
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Attack</title>'
            f"<style>{_STYLE}</style><h1>Promises, attacked</h1>"
            f"<p>{html.escape(self.summary())}</p>"
            f"<h2>Findings</h2><ul>{findings or '<li>none</li>'}</ul>"
            f"<h2>Proofs</h2><table>{_head('promise', 'test')}{tests}</table>"
            f"<h2>Further attacks</h2><table>{_head('', 'test')}{attacks}</table>"
            f"<h2>Safeguards taken out</h2><table>{_head('safeguard', 'test')}{mutations}</table>"
            "</html>\n"
        )


def _head(first: str, second: str) -> str:
    names = (first, second, "result", "seconds")
    return "<tr>" + "".join(f"<th>{name}</th>" for name in names) + "</tr>"


def _row(first: str, ran: Ran) -> str:
    result = ran.outcome + (" at the second try" if ran.again else "")
    told = [result, ran.message, *(f"{name}: {value}" for name, value in ran.figures.items())]
    return _cells(first, ran.test, told, ran.outcome in GOOD, ran.seconds)


def _mutation(one: Tried) -> str:
    numbers = ", ".join(map(str, one.mutation.promises))
    first = f"{numbers}. {one.mutation.name} ({one.mutation.file})"
    return _cells(
        first, one.mutation.test, [one.verdict, one.why], one.verdict in GOOD, one.seconds
    )


def _cells(first: str, test: str, told: list[str], good: bool, seconds: float) -> str:
    words = "<br>".join(html.escape(word) for word in told if word)
    return (
        f"<tr><td>{html.escape(first)}</td><td><code>{html.escape(test)}</code></td>"
        f'<td class="{"good" if good else "bad"}">{words}</td><td class="n">{seconds:.1f}</td></tr>'
    )
