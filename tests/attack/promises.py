"""The promises of docs/promises.md and the tests that each of them names."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_NAMED = re.compile(r"`(tests/[\w/]+\.py::\w+)`")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    Args:
        number: as it stands in the page.
        title: what is promised.
        tests: ``file::name`` of each proof.
    """

    number: int
    title: str
    tests: tuple[str, ...]


def read(page: Path = ROOT / "docs" / "promises.md") -> list[Promise]:
    """Every promise of the page."""
    kept = page.read_text(encoding="utf-8").split("## What we cannot promise")[0]
    found = []
    for part in re.split(r"^(?=\*\*\d+\. )", kept, flags=re.MULTILINE)[1:]:
        head = re.match(r"\*\*(\d+)\. (.+?)\*\*", part, re.DOTALL)
        if head is None:
            raise ValueError(f"a promise without its end: {part[:60]!r}")
        title = " ".join(head[2].split())
        found.append(Promise(int(head[1]), title, tuple(_NAMED.findall(part))))
    return found


@cache
def _places(file: Path) -> dict[str, list[str]]:
    """Where each test function of a file stands: its class, or the file itself."""
    found: dict[str, list[str]] = {}
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        for one in inner:
            if isinstance(one, functions):
                found.setdefault(one.name, []).append(prefix + one.name)
    return found


def node_ids(test: str, root: Path = ROOT) -> list[str]:
    """What pytest calls a test: pages do not say in which class it stands.

    Args:
        test: ``file::name``, or ``file::name[parameters]``.

    Raises:
        ValueError: there is no such test.
    """
    file, _, name = test.partition("::")
    bare, bracket, rest = name.partition("[")
    places = _places(root / file).get(bare, [])
    if not places:
        raise ValueError(f"{file} has no {bare}")
    return [f"{file}::{place}{bracket}{rest}" for place in places]
