"""The arrows between packages point one way, and the project speaks of itself alone."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

#: What each package may import of ours.
ARROWS = {
    "catalogue": set(),
    "vault": set(),
    "policy": {"catalogue", "vault"},
    "survey": {"catalogue", "vault"},
    "reports": {"catalogue", "vault"},
    "bot": {"catalogue", "vault"},
    "inbox": {"catalogue", "vault"},
    "web": {"catalogue"},
    "actions": {"catalogue", "vault", "policy", "survey", "reports", "bot"},
    "service": {
        *("catalogue", "vault", "policy", "survey", "reports", "bot", "inbox", "actions", "web"),
    },
}


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def _files(package: str) -> list[Path]:
    return [p for p in sorted((ROOT / package).rglob("*.py")) if "migrations" not in p.parts]


@pytest.mark.parametrize("package", ARROWS)
def test_arrows_point_one_way(package: str) -> None:
    for path in _files(package):
        if "rasa" in path.relative_to(ROOT).parts:
            continue
        ours = {name.split(".")[0] for name in _imports(path)} & ARROWS.keys()
        assert ours <= ARROWS[package] | {package}, path.relative_to(ROOT)


def test_what_runs_inside_rasa_imports_nothing_of_the_rest() -> None:
    for path in sorted((ROOT / "bot" / "rasa").glob("*.py")):
        ours = {n for n in _imports(path) if n.split(".")[0] in ARROWS}
        assert all(name.startswith("bot.rasa") for name in ours), path.name


def test_only_the_vault_imports_cryptography_and_sqlalchemy() -> None:
    for package in ARROWS.keys() - {"vault"}:
        for path in _files(package):
            if path.is_relative_to(ROOT / "bot" / "rasa"):
                continue  # the engine's own runtime seals its trackers itself
            names = {name.split(".")[0] for name in _imports(path)}
            assert not names & {"cryptography", "sqlalchemy", "alembic"}, path.relative_to(ROOT)


def test_modules_can_be_held_in_mind() -> None:
    for package in ARROWS:
        for path in _files(package):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            assert lines <= 400, f"{path.relative_to(ROOT)} has {lines} lines"


def test_no_machine_and_no_registry_is_named() -> None:
    # Spelt so that this file does not name them either.
    forbidden = "|".join(
        [
            "py" + r"pi\.org",
            "python" + "hosted",
            r"registry\.npm" + "js",
            "/ro" + "ot/",
            "/wo" + "rk/",
        ]
    )
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        if path.suffix in {".png", ".ico"} or not path.is_file():
            continue
        found = re.search(forbidden, path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{name} names {found[0] if found else ''}"
