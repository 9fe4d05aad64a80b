"""What was measured comes into the page, and only where the page has a place for it."""

from __future__ import annotations

from pathlib import Path

from bench.pages import keep, known, put_into

PAGE = """Before.

<!-- bench:storage -->
an old table
<!-- end -->

Between.

<!-- bench:widget -->
not measured here
<!-- end -->
"""


def test_a_place_gets_what_was_found_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    keep("storage", "| a new table |\n", {"rows": 3}, tmp_path)
    assert put_into(page, tmp_path) == ["storage"]
    assert page.read_text() == PAGE.replace("an old table", "| a new table |")
    assert put_into(page, tmp_path) == ["storage"]
    assert page.read_text() == PAGE.replace("an old table", "| a new table |")


def test_what_was_never_measured_is_nothing(tmp_path: Path) -> None:
    assert known("storage", tmp_path) == {}
    keep("storage", "text", {"rows": 3}, tmp_path)
    assert known("storage", tmp_path) == {"rows": 3}
