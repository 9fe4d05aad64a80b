"""A process of ours that crashes writes none of its memory to the disk."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import yaml

from tests.attack.promises import ROOT

#: As far as the real command goes before it starts anything; then it crashes.
_CRASHES = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
from service import cli
from service.settings import Settings
def crash(_):
    child = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"
    print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)
    os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", child])
    os.abort()
Settings.read = crash
cli.main(["run"])
"""


def test_no_core_is_written(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CRASHES],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode < 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["(0, 0)", "(0, 0)"]
    assert [path.name for path in tmp_path.iterdir()] == []
    assert resource.getrlimit(resource.RLIMIT_CORE)[1] != 0, "or this could not fail"


def test_no_container_writes_one() -> None:
    parts = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert len(parts) >= 6
    assert {name for name, part in parts.items() if part.get("ulimits") != {"core": 0}} == set()
