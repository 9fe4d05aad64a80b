"""Safeguards fit the source, each promise has one, and the runner tells red from green."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack import promises, scratch
from tests.attack.mutations import Mend, Mutation, load
from tests.attack.results import Results, Tried
from tests.attack.running import Ran, run

MUTATIONS = load()

SOURCE = "LEAST = 10\n\n\ndef shown(count: int) -> bool:\n    return count >= LEAST\n"
TEST = "from rule import shown\n\n\ndef test_few():\n    assert not shown(7)\n"


def mutation(find: str, replace: str, test: str = "test_rule.py::test_few") -> Mutation:
    return Mutation("five are enough", (1,), "rule.py", find, replace, test, "list.yml:1")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project with one rule and its test."""
    (tmp_path / "rule.py").write_text(SOURCE)
    (tmp_path / "test_rule.py").write_text(TEST)
    (tmp_path / ".venv").symlink_to(promises.ROOT / ".venv")
    (tmp_path / "tests").symlink_to(promises.ROOT / "tests")
    return tmp_path


@pytest.mark.parametrize("one", MUTATIONS, ids=lambda one: one.place)
def test_it_fits_the_source(one: Mutation) -> None:
    one.check()


def test_every_promise_has_a_mutation() -> None:
    covered = {number for one in MUTATIONS for number in one.promises}
    assert covered == {promise.number for promise in promises.read()}


def test_one_that_no_longer_fits_names_the_line_to_mend(tree: Path) -> None:
    for find in ("LEAST = 11", "LEAST"):
        with pytest.raises(Mend, match=r"list\.yml:1: 'five are enough': no longer applies"):
            mutation(find, "").check(tree)
    with pytest.raises(Mend, match="makes no Python"):
        mutation("LEAST = 10", "LEAST = =").check(tree)
    with pytest.raises(Mend, match="has no test_nobody_wrote"):
        mutation("LEAST = 10", "LEAST = 5", "test_rule.py::test_nobody_wrote").check(tree)


def test_a_safeguard_taken_out_is_caught_and_put_back(tree: Path) -> None:
    verdict, why, _ = scratch.try_one(mutation("LEAST = 10", "LEAST = 5"), tree)
    assert (verdict, why) == ("caught", "assert not True")
    assert (tree / "rule.py").read_text() == SOURCE


def test_one_that_nobody_notices_survives(tree: Path) -> None:
    assert scratch.try_one(mutation("LEAST = 10", "LEAST = 8"), tree)[0] == "survived"


def test_a_test_that_cannot_even_be_read_has_caught_nothing(tree: Path) -> None:
    one = mutation("def shown", "def hidden")
    verdict, why, _ = scratch.try_one(one, tree)
    assert verdict == "error"
    assert "not run" in why


STARTS_OTHERS = """
import subprocess, sys, time

def test_few():
    for more in ({}, {"start_new_session": True}):
        one = subprocess.Popen(["sleep", "321"], **more)
        print(one.pid, file=open("pids", "a"))
    middle = "import subprocess as s; print(s.Popen(['sleep', '321']).pid, file=open('pids', 'a'))"
    subprocess.run([sys.executable, "-c", middle], start_new_session=True)
    assert len(open("pids").readlines()) == 3
    SLEEPS
"""


@pytest.mark.parametrize("sleeps", ["pass", "time.sleep(60)"])
def test_nothing_that_a_test_started_outlives_it(tree: Path, sleeps: str) -> None:
    (tree / "test_rule.py").write_text(STARTS_OTHERS.replace("SLEEPS", sleeps))
    ended = sleeps == "pass"
    (ran,) = run(["test_rule.py::test_few"], tree, seconds=120 if ended else 8)
    assert ran.outcome == ("passed" if ended else "not run")
    assert ended or "did not end" in ran.message
    pids = (tree / "pids").read_text().split()
    assert len(pids) == 3
    assert [pid for pid in pids if Path("/proc", pid).exists()] == []


def test_skipped_is_not_passed(tree: Path) -> None:
    (tree / "test_rule.py").write_text("import pytest\n\n\n" + TEST + "    pytest.skip('no')\n")
    assert [ran.outcome for ran in run(["test_rule.py::test_few"], tree)] == ["skipped"]


def test_promises_are_read_with_their_tests() -> None:
    found = promises.read()
    assert len(found) >= 39
    assert all(promise.tests and promise.title.endswith(".") for promise in found)


def test_the_page_shows_what_was_found_and_escapes_it(tmp_path: Path) -> None:
    results = Results([promises.Promise(1, "Nobody <reads>.", ("a.py::test_a",))])
    results.ran["a.py::test_a"] = Ran("a.py::test_a", "failed", 1.0, "<b>")
    results.tried.append(Tried(mutation("a", "b"), "survived", "green", 0.5))
    results.write(tmp_path)
    page = (tmp_path / "attack.html").read_text()
    assert "Nobody &lt;reads&gt;." in page and "<b>" not in page
    assert len(results.findings) == 2
