"""Runs the pages' own modules outside a browser, with the Node that Playwright brings along."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

HERE = Path(__file__).parent
NODE = compute_driver_executable()[0]


def run_unit_tests(path: Path) -> subprocess.CompletedProcess[str]:
    """Run one file of JavaScript tests; the result's output says what failed."""
    return subprocess.run(
        [NODE, "--test", str(path)], capture_output=True, text=True, timeout=60, check=False
    )


def ask(task: str, **given: object) -> Any:
    """Let the browser's modules do one task and give back its answer."""
    done = subprocess.run(
        [NODE, str(HERE / "interop.mjs")],
        input=json.dumps({"task": task, **given}),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)
