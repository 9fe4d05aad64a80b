"""A plugin of pytest that writes down what became of each test: a line of JSON for each phase.

It also runs in the engine's older Python.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

#: The variable that names the file to write to.
FILE = "SPEAKSAFE_ATTACK_RESULTS"


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write down what is going to run: should all end before, the rest is told as not run."""
    for item in session.items:
        _write({"test": item.nodeid, "phase": "collected"})


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write down one phase of one test; of several processes the one that hears of all does."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    crash = getattr(report.longrepr, "reprcrash", None)
    line = {
        "test": report.nodeid,
        "phase": report.when,
        "outcome": report.outcome,
        "seconds": report.duration,
        "figures": dict(report.user_properties) if report.when == "call" else {},
        "message": str(getattr(crash, "message", "")).splitlines()[:1],
    }
    _write(line)


def _write(line: dict[str, object]) -> None:
    with Path(os.environ[FILE]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
