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


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write down one phase of one test."""
    crash = getattr(report.longrepr, "reprcrash", None)
    line = {
        "test": report.nodeid,
        "phase": report.when,
        "outcome": report.outcome,
        "seconds": report.duration,
        "figures": dict(report.user_properties) if report.when == "call" else {},
        "message": str(getattr(crash, "message", "")).splitlines()[:1],
    }
    with Path(os.environ[FILE]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
