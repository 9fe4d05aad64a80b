"""The table and the JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.figures import Summary
from bench.report import Figures, rows, table, trouble, write


def _run(per_second: float, p99: float, failed: int = 0) -> Summary:
    return Summary(100, failed, 10, 0, per_second, p99 / 4, p99 / 2, p99)


@pytest.fixture
def both() -> tuple[Figures, Figures]:
    """Ours ten times as fast, with a model that was not timed."""
    ours = Figures(15, None, 4 * 1024**2, early_ms=5, late_ms=6)
    stock = Figures(40, 100, 64 * 1024**2, early_ms=20, late_ms=80)
    ours.runs = {"policy/16": _run(100, 20), "survey/16": _run(200, 10)}
    stock.runs = {"policy/16": _run(10, 200, failed=3)}
    return ours, stock


def test_a_run_is_compared_only_if_both_made_it(both: tuple[Figures, Figures]) -> None:
    names = [name for name, _, _ in rows(*both)]
    assert "policy, 16 at once: p99 ms" in names
    assert not any(name.startswith("survey") for name in names)


def test_the_table_shows_both_and_their_ratio(both: tuple[Figures, Figures]) -> None:
    lines = table(*both).splitlines()
    assert "| policy, 16 at once: messages/s | 100 | 10.0 | 10.00 |" in lines
    assert "| turn 150 / turn 10 | 1.2 | 4.0 | 0.30 |" in lines


def test_what_was_not_measured_is_a_dash(both: tuple[Figures, Figures]) -> None:
    assert "| training: s | – | 100 | – |" in table(*both).splitlines()


def test_failures_are_not_hidden(both: tuple[Figures, Figures]) -> None:
    ours, stock = both
    (line,) = trouble({"ours": ours, "stock": stock})
    assert line.startswith("stock, policy/16: 3 messages failed")


def test_the_json_holds_every_run_and_every_ratio(
    both: tuple[Figures, Figures], tmp_path: Path
) -> None:
    path = tmp_path / "made" / "latest.json"
    write(path, {"ours": both[0], "stock": both[1]}, {"plan": "quick"})
    found = json.loads(path.read_text())
    assert found["plan"] == "quick"
    assert found["systems"]["stock"]["runs"]["policy/16"]["failed"] == 3
    assert found["ratios"]["policy, 16 at once: messages/s"] == 10
    assert found["ratios"]["training: s"] is None
