"""Runs tests in a tree and tells what became of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.attack import plugin
from tests.attack.keeper import CUT_OFF
from tests.attack.promises import ROOT

Outcome = Literal["passed", "failed", "broken", "skipped", "not run"]

#: These run in the engine's own Python.
_ENGINE = "tests/engine/"

_WORST: tuple[Outcome, ...] = ("failed", "broken", "not run", "skipped", "passed")


@dataclass(slots=True)
class Ran:
    """What became of one test, all its parameters together.

    Args:
        test: ``file::name``.
        outcome: ``broken`` is a test that failed before or after what it tests.
        seconds: all its phases.
        message: the first line of what failed.
        figures: what it recorded.
        again: it failed once and passed when it was run alone.
    """

    test: str
    outcome: Outcome
    seconds: float = 0.0
    message: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    again: bool = False


def run(
    tests: Sequence[str],
    tree: Path = ROOT,
    *,
    full: bool = False,
    at_once: int = 1,
    seconds: float = 3600,
) -> list[Ran]:
    """Run tests, those of the engine in its own Python.

    Args:
        tests: ids as pytest has them, or folders.
        tree: where they and what they test lie.
        full: attacks have their full size.
        at_once: how many files run at the same time; more than one only in the tree itself.
        seconds: after this time, what did not end is ``not run``.
    """
    inner = [test for test in tests if test.startswith(_ENGINE)]
    outer = [test for test in tests if not test.startswith(_ENGINE)]
    # Much of a test is waiting; a file's tests stay together, with their servers.
    files = ["--dist", "loadfile", "--no-loadscope-reorder"]
    share = ["-n", str(at_once), *files] if at_once > 1 else []
    found = _pytest("test", share, outer, tree, full, seconds) if outer else []
    if inner:
        found += _pytest("engine", ["-c", _ENGINE + "pytest.ini"], inner, tree, full, seconds)
    return found


def _pytest(
    runtime: str, more: list[str], tests: list[str], tree: Path, full: bool, seconds: float
) -> list[Ran]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "results.jsonl"
        file.touch()
        kept = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("PYTEST_", "SPEAKSAFE_", "PYTHON"))
        }
        # In a copy, what is compiled once serves for many runs; here nothing is to lie about.
        once = {"PYTHONDONTWRITEBYTECODE": "1"}
        env = kept | (once if tree == ROOT else {"PYTHONPYCACHEPREFIX": f"{tree}/.compiled"})
        env |= {plugin.FILE: str(file), "PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}
        env |= {"SPEAKSAFE_ATTACK": "full"} if full else {}
        python = str(tree / ".venv" / runtime / "bin" / "python")
        words = [python, "-m", "pytest", "-q", "-p", plugin.__name__]
        words += ["-p", "no:cacheprovider"]
        if tree == ROOT:
            words += ["-p", "no:locust"]
        elif runtime == "test":  # the others take two seconds to load, each time
            env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
            words += ["-p", "pytest_asyncio.plugin"]
        said = _said([*words, *more, *tests], tree, env, seconds)
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    prefix = _ENGINE if runtime == "engine" else ""
    return _together(lines, [test for test in tests if "::" in test], prefix, said)


def _said(words: list[str], tree: Path, env: dict[str, str], seconds: float) -> str:
    """The last that pytest said, which tells why nothing ran. What it started is gone by then."""
    keeper = [sys.executable, "-I", str(Path(__file__).with_name("keeper.py")), f"{seconds:.3f}"]
    done = subprocess.run([*keeper, *words], cwd=tree, env=env, capture_output=True, text=True)
    if done.returncode == CUT_OFF:
        return f"did not end within {seconds:.0f} s"
    return " ".join((done.stdout.strip() or done.stderr.strip()).splitlines()[-2:])[-300:]


def _together(lines: list[dict[str, Any]], wanted: list[str], prefix: str, said: str) -> list[Ran]:
    found: dict[str, Ran] = {}
    open_: set[str] = set()
    for line in lines:
        name = _plain(line["test"])
        name = name if name.startswith(prefix) else prefix + name
        if line["phase"] == "collected":
            wanted = [*wanted, name]
            continue
        ran = found.setdefault(name, Ran(name, "passed"))
        # Prepared is not passed: the time may have been over in the middle of it.
        (open_.discard if line["phase"] == "teardown" else open_.add)(name)
        ran.seconds += line["seconds"]
        ran.figures |= line["figures"]
        outcome: Outcome = line["outcome"]
        if outcome == "failed" and line["phase"] != "call":
            outcome = "broken"
        if _WORST.index(outcome) < _WORST.index(ran.outcome):
            ran.outcome, ran.message = outcome, "".join(line["message"])
    for name in open_:
        found[name].outcome, found[name].message = "not run", said
    for test in wanted:
        name = _plain(test)
        if name not in found:
            found[name] = Ran(name, "not run", message=said)
    return list(found.values())


def _plain(id: str) -> str:
    """``file::name``, without class and parameters."""
    file, _, rest = id.partition("::")
    return f"{file}::{rest.partition('[')[0].rpartition('::')[2]}"
