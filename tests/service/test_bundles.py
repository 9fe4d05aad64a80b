"""The published hashes are those of what is served, and a changed script is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.bundles import hashes, served, sha256
from service.commands.bundles import compare
from service.settings import ROOT
from tests.attack.house import House, house
from tests.inbox.world import messages
from web.pages import EXIT_PAGE

WEB, CONTENT = ROOT / "web", ROOT / "content"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("bundles") / "data") as found:
        yield found


def _get(running: House, path: str) -> bytes | None:
    answer = running.http.get(path)
    return answer.content if answer.is_success else None


def test_what_is_served_is_what_is_published(
    running: House, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = hashes(WEB, CONTENT, messages())
    assert compare(ours, lambda path: _get(running, path)) == 0
    assert f"All {len(ours)}" in capsys.readouterr().out


def test_a_page_loads_nothing_that_is_not_published(running: House) -> None:
    ours = dict(served(WEB, CONTENT, messages()))
    for page in ("/", "/inbox", "/taskforce"):
        source = running.http.get(page).text
        for target in re.findall(r'(?:src|href)="([^"#]+)"', source):
            if target.partition("?")[0].strip("/") not in ("", "plain", EXIT_PAGE.strip("/")):
                assert f"/{target.lstrip('/')}" in ours, (page, target)
    modules = [body.decode() for path, body in ours.items() if path.endswith(".js")]
    imported = {t for body in modules for t in re.findall(r'from "([./\w-]+\.js)"', body)}
    names = {Path(path).name for path in ours}
    assert {Path(target).name for target in imported} <= names


def test_a_changed_and_a_missing_script_are_named(
    running: House, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = hashes(WEB, CONTENT, messages())
    tampered = {"/widget.js": b"steal()", "/shared/api.js": None}
    fetch = tampered.get

    def get(path: str) -> bytes | None:
        return fetch(path) if path in tampered else _get(running, path)

    assert compare(ours, get) == 1
    said = capsys.readouterr()
    assert "different  /widget.js" in said.out and "missing    /shared/api.js" in said.out


def test_the_same_sources_give_the_same_hashes() -> None:
    first, again = (hashes(WEB, CONTENT, messages()) for _ in range(2))
    assert first == again and len(first) > 20
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
