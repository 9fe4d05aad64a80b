"""What each benchmark found: kept as JSON and as text, and put into the documentation.

    python -m bench.report --into docs/performance.md

A page has a place for each: ``<!-- bench:NAME -->``, what was found, ``<!-- end -->``. What was
never measured on this machine keeps the text that it has.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"

_PLACE = re.compile(r"(<!-- bench:([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def keep(name: str, text: str, figures: dict[str, Any], results: Path = RESULTS) -> None:
    """Keep what was found.

    Args:
        name: of the place in the page.
        text: Markdown.
        figures: the same and more, for programs.
        results: the folder.
    """
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{name}.md").write_text(text.strip() + "\n", encoding="utf-8")
    written = json.dumps(figures, indent=1) + "\n"
    (results / f"{name}.json").write_text(written, encoding="utf-8")


def known(name: str, results: Path = RESULTS) -> dict[str, Any]:
    """What was found the last time; nothing if it never was."""
    path = results / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def put_into(page: Path, results: Path = RESULTS) -> list[str]:
    """Replace the marked places of a page by what was found.

    Args:
        page: a Markdown file.
        results: the folder.

    Returns:
        the names of the places that were written.
    """
    written = []

    def replace(place: re.Match[str]) -> str:
        found = results / f"{place[2]}.md"
        if not found.exists():
            return place[0]
        written.append(place[2])
        return place[1] + found.read_text(encoding="utf-8") + place[3]

    text = page.read_text(encoding="utf-8")
    page.write_text(_PLACE.sub(replace, text), encoding="utf-8")
    return written
