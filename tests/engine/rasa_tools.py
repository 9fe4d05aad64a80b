"""Rasa's own tools on this assistant, as a Rasa developer would run them.

One process for all of them, because importing TensorFlow takes longer than they do. Prints one
JSON object: for each tool its exit code and the last lines that it wrote.

    .venv/engine/bin/python tests/engine/rasa_tools.py MODEL OUT-FOLDER
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(model: str, out: str) -> None:
    """Run every tool and print what came of it."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3")
    frozen = Path(out) / "frozen"
    frozen.mkdir(parents=True)
    for path in (ROOT / "tests" / "nlu").glob("test_*.yml"):
        shutil.copy(path, frozen)
    tools = {
        "validate": ["data", "validate", "--fail-on-warnings"],
        "test core": [
            *("test", "core", "--stories", "tests/test_stories.yml"),
            *("--model", model, "--out", f"{out}/core", "--fail-on-prediction-errors"),
        ],
        "test nlu": [
            *("test", "nlu", "--nlu", str(frozen), "--model", model),
            *("--out", f"{out}/nlu", "--no-plot", "--no-errors"),
        ],
    }
    print(json.dumps({name: run(words) for name, words in tools.items()}))


def run(words: list[str]) -> dict[str, object]:
    """Run one tool.

    Args:
        words: what comes after ``rasa`` on the command line.
    """
    from rasa.__main__ import main as rasa

    written = io.StringIO()
    sys.argv = ["rasa", *words]
    code: object = 0
    with contextlib.redirect_stdout(written), contextlib.redirect_stderr(written):
        try:
            rasa()
        except SystemExit as end:
            code = end.code or 0
        except Exception:
            code = "exception"
            traceback.print_exc(file=written)
    lines = [line for line in written.getvalue().splitlines() if line.strip()]
    return {"code": code, "last": lines[-15:]}


if __name__ == "__main__":
    main(*sys.argv[1:])
