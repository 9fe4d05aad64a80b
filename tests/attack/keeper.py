"""Runs a program and ends whatever it has started, whichever way it ends itself.

Tests start services, engines, databases and browsers, some in sessions of their own. One that is
cut off in the middle of it cleans up nothing, and what is left would slow all that follows. Here
everything that loses its parent becomes a child of this process, and dies with it::

    python keeper.py SECONDS PROGRAM WORD …

The exit code is the program's, or 124 when its time was over.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

#: Of ``prctl`` (linux/prctl.h): orphans become ours, and a signal when our parent is gone.
_SUBREAPER, _PARENT_GONE = 36, 1

#: The exit code of a program that was cut off.
CUT_OFF = 124


def main(seconds: float, words: list[str]) -> int:
    """Run it; nothing of it is left afterwards."""
    _adopt()
    signal.signal(signal.SIGTERM, _ended)
    try:
        # A group of its own: who interrupts us must not reach it before we can clean up.
        return subprocess.Popen(words, start_new_session=True).wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return CUT_OFF
    finally:
        end_all()


def _ended(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(CUT_OFF)


def _adopt() -> None:
    with contextlib.suppress(OSError, AttributeError):  # no Linux: the group must do
        prctl = ctypes.CDLL(None).prctl
        prctl(_SUBREAPER, 1, 0, 0, 0)
        prctl(_PARENT_GONE, signal.SIGTERM, 0, 0, 0)


def end_all(patience: float = 20.0) -> None:
    """Kill every descendant of this process.

    Args:
        patience: seconds; what does not die by then hangs in the kernel.
    """
    until = time.monotonic() + patience
    while (found := descendants(os.getpid())) and time.monotonic() < until:
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.02)


def descendants(pid: int) -> list[int]:
    """Children, their children and so on, as far as ``/proc`` shows them; the dead left out."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name stands in brackets and may hold anything.
            state, parent = path.read_text(errors="replace").rpartition(")")[2].split()[:2]
            if state != "Z" or int(parent) == os.getpid():
                children.setdefault(int(parent), []).append(int(path.parent.name))
    found, open_ = [], [pid]
    while open_:
        more = children.get(open_.pop(), [])
        found += more
        open_ += more
    return found


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
