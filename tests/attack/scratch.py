"""A copy of the tree in which safeguards can be taken out without harm."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from tests.attack.mutations import Mend, Mutation
from tests.attack.promises import ROOT, node_ids
from tests.attack.running import Ran, run

Verdict = Literal["caught", "survived", "stale", "error"]

#: What is not copied but used where it lies: runtimes and trained models.
_SHARED = (".venv", "models")

#: Seconds for one mutation and its test.
PATIENCE = 400.0


def copy(target: Path) -> Path:
    """Copy the tree as it is now, with what is not committed yet.

    Args:
        target: a folder that does not exist.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    for name in _SHARED:
        (target / name).symlink_to(ROOT / name)
    return target


@contextmanager
def applied(mutation: Mutation, tree: Path) -> Iterator[None]:
    """The tree with the safeguard taken out; it is put back at the end."""
    path = tree / mutation.file
    was = path.stat().st_mtime if path.is_file() else 0.0
    before = mutation.apply(tree)
    # A time of its own: what Python compiled of the file before must not be taken for this.
    own = int(was) + 10 + zlib.crc32(mutation.name.encode()) % 10_000_000
    os.utime(path, (own, own))
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")
        os.utime(path, (was, was))


def try_one(mutation: Mutation, tree: Path) -> tuple[Verdict, str, float]:
    """Whether the test notices that the safeguard is gone.

    Returns:
        the verdict, why, and seconds. ``survived`` is the finding to act on: the promise has no
        proof there. ``stale`` says that it no longer fits the source and is to be mended.
        ``error`` says that the test did not come so far.
    """
    began = time.monotonic()
    try:
        with applied(mutation, tree):
            found = run(node_ids(mutation.test, tree), tree, seconds=PATIENCE)
    except Mend as error:
        return "stale", str(error), time.monotonic() - began
    except (ValueError, OSError) as error:
        return "error", str(error), time.monotonic() - began
    verdict, why = judged(found)
    return verdict, why, time.monotonic() - began


def judged(found: list[Ran]) -> tuple[Verdict, str]:
    """What the results of a test say about a mutation."""
    for ran in found:
        if ran.outcome == "failed":
            return "caught", ran.message
    for ran in found:
        if ran.outcome != "passed":
            return "error", f"{ran.outcome}: {ran.message}"
    return "survived", "the test is as green as before" if found else "no test ran"


def threads() -> int:
    """How many trees are worked in at once."""
    return max(1, min(2, len(os.sched_getaffinity(0))))
