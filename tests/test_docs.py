"""What the pages say exists: tests of promises, links, commands, reasons for dependencies."""

from __future__ import annotations

import ast
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from service.cli import _MODULES, _parser

ROOT = Path(__file__).resolve().parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
PROMISES = ROOT / "docs" / "promises.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")

#: A command as it is quoted: through make, in a container, or by its name alone.
COMMANDS = (
    re.compile(r'make (?:-s )?speaksafe ARGS="([^"…]+)"'),
    re.compile(r"(?:--no-deps|--use-aliases|:ro\") service ((?:keys|focal|run|routes)[^`\n]*)"),
    re.compile(r"-m service\.cli ([^`\n]+)"),
    re.compile(r"`speaksafe ([^`\n…]+)`"),
)


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def _tests_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, kinds))


def _promises() -> list[str]:
    """Each promise with everything that stands under it."""
    kept = _text(PROMISES).split("## What we cannot promise")[0]
    return re.split(r"^(?=\*\*\d+\. )", kept, flags=re.MULTILINE)[1:]


def test_promises_are_numbered_and_limits_stand_beside_them() -> None:
    numbers = [int(re.match(r"\*\*(\d+)", promise)[1]) for promise in _promises()]  # type: ignore[index]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 20
    assert "## What we cannot promise" in _text(PROMISES)


@pytest.mark.parametrize("promise", _promises(), ids=lambda text: text[2:6])
def test_every_promise_has_a_test_that_exists(promise: str) -> None:
    named = TEST.findall(promise.partition("Tests:")[2])
    assert named, "it names no test"
    for file, name in named:
        assert name.startswith("test_"), name
        assert name in _tests_in(ROOT / file), f"{file} has no {name}"


def test_a_promise_without_its_test_would_be_seen() -> None:
    assert "test_that_nobody_wrote" not in _tests_in(ROOT / "tests" / "test_promises.py")
    assert "test_the_engine_is_given_no_secret" in _tests_in(ROOT / "tests" / "test_promises.py")


def _anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", _text(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_that_exist(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _text(page)):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.is_file(), f"{page.name} links to {target}"
        assert there.is_relative_to(ROOT), target
        assert not anchor or anchor in _anchors(there), f"{page.name} links to {target}"


def test_every_page_can_be_reached() -> None:
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in re.findall(r"\]\(([^)\s]+)\)", _text(page))
    }
    for page in PAGES:
        assert page in linked or page.name == "README.md", page.name


def test_the_readme_begins_with_the_picture_and_the_two_commands() -> None:
    text = _text(ROOT / "README.md")
    assert text.index("](docs/images/") < text.index("make run") < text.index("make test")
    targets = re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), re.MULTILINE)
    assert {"run", "test"} <= set(targets)


def _quoted() -> list[tuple[str, str]]:
    return [
        (page.name, command.strip())
        for page in PAGES
        for pattern in COMMANDS
        for command in pattern.findall(_text(page))
    ]


@pytest.mark.parametrize(("page", "command"), sorted(set(_quoted())))
def test_every_quoted_command_is_understood(page: str, command: str) -> None:
    words = shlex.split(command, comments=True)
    args = _parser().parse_args(words)  # it ends the test when it does not understand
    assert callable(args.command)


def test_commands_are_found_in_all_the_ways_they_are_quoted() -> None:
    for pattern in COMMANDS[:3]:
        assert any(pattern.search(_text(page)) for page in PAGES), pattern.pattern
    assert len(_quoted()) >= 20


@pytest.mark.parametrize("word", sorted(_MODULES))
def test_each_command_is_found_in_the_one_module_that_is_loaded_for_it(word: str) -> None:
    with pytest.raises(SystemExit) as ended:
        _parser([word]).parse_args([word, "--help"])
    assert ended.value.code == 0


def test_an_invented_command_is_not_understood() -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args(["keys", "steal"])


def test_make_targets_that_are_quoted_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    for page in PAGES:
        for target in re.findall(r"(?:^|`)(?:[A-Z]+=\S+ )?make ([a-z]+)", _text(page), re.M):
            assert target in targets, f"{page.name}: make {target}"


def test_every_direct_dependency_has_its_reason() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", _text(ROOT / "docs" / "dependencies.md"), re.MULTILINE)
    explained = {name.strip() for row in rows for name in row.split(",")}
    wanted = set()
    for path in sorted((ROOT / "requirements").glob("*.in")):
        for line in _text(path).splitlines():
            found = re.match(r"[A-Za-z][\w.-]*", line)
            if found:
                wanted.add(found[0].lower())
    assert wanted <= explained, f"without a reason: {sorted(wanted - explained)}"
    known = explained - {"package"}
    assert known <= wanted, f"no longer needed: {sorted(known - wanted)}"
