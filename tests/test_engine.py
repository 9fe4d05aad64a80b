"""What runs in the engine's own Python: our parts inside Rasa, and Rasa's own tools on them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from service.engine_process import ENGINE_PYTHON, model_path

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parents[1]


def _in_the_engine(*words: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "SPEAKSAFE_"))}
    return subprocess.run(
        [str(ENGINE_PYTHON), *words],
        cwd=ROOT,
        env=kept | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_our_parts_inside_rasa() -> None:
    done = _in_the_engine("-m", "pytest", "-c", "tests/engine/pytest.ini", "tests/engine")
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of each of Rasa's tools, run in one process."""
    assert model_path().exists(), "train first: make train"
    out = tmp_path_factory.mktemp("rasa")
    done = _in_the_engine("tests/engine/rasa_tools.py", str(model_path()), str(out))
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"out": out}


@pytest.mark.parametrize("tool", ["validate", "test core", "test nlu"])
def test_rasas_own_tools_work(tools: dict[str, Any], tool: str) -> None:
    assert tools[tool]["code"] == 0, "\n".join(tools[tool]["last"])


def test_every_step_of_the_test_stories_is_predicted(tools: dict[str, Any]) -> None:
    report = json.loads((tools["out"] / "core" / "story_report.json").read_text())
    assert report["accuracy"] == 1.0


def test_rasas_own_evaluation_of_the_understanding(tools: dict[str, Any]) -> None:
    report = json.loads((tools["out"] / "nlu" / "intent_report.json").read_text())
    assert report["accuracy"] >= 0.8
