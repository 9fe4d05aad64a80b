"""Runs the classifier's tests where the classifier lives: in the engine's environment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_classifier_inside_rasa() -> None:
    engine = ROOT / ".venv" / "engine" / "bin" / "python"
    assert engine.exists(), "make the engine's environment first: make train"
    run = subprocess.run(
        [
            *(engine, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", ROOT),
            *("--noconftest", "-p", "no:cacheprovider"),
            ROOT / "tests" / "nlu" / "engine_classifier.py",
            ROOT / "tests" / "nlu" / "engine_decision.py",
            ROOT / "tests" / "nlu" / "engine_learning.py",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:]
