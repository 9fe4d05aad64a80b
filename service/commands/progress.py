"""A bar on standard error that says how far a long command is."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_WIDTH = 30
#: Commands that are done sooner show no bar.
_QUIET_SECONDS = 1.0


class Bar:
    """Shows itself only if the work takes longer than a second.

    Where there is no screen it prints a line for each tenth.

    Args:
        total: how much there is to do; 0 when that is not known.
        what: what is counted, for the end of the line.
    """

    def __init__(self, total: int, what: str) -> None:
        self._total = total
        self._what = what
        self._begun = time.monotonic()
        self._said = -1

    def __call__(self, done: int) -> None:
        """So much is done."""
        if time.monotonic() - self._begun < _QUIET_SECONDS:
            return
        screen = sys.stderr.isatty()
        share = min(done / self._total, 1.0) if self._total else 0.0
        step = int(share * (100 if screen else 10)) if self._total else done // 10_000
        if step == self._said:
            return
        self._said = step
        filled = "█" * int(share * _WIDTH)
        end = "\r" if screen else "\n"
        line = (
            f"{filled:░<{_WIDTH}} {done:,} {self._what}"
            if self._total
            else f"{done:,} {self._what}"
        )
        print(line, end=end, file=sys.stderr, flush=True)

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._said >= 0 and sys.stderr.isatty():
            print(" " * (_WIDTH + 40), end="\r", file=sys.stderr, flush=True)
