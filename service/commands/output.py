"""How commands speak: tables on standard output, what went wrong in one line on standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence


class CommandError(Exception):
    """A command cannot do what it was asked; the text is one line for the person at the keys."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a head, in columns as wide as they need."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        print("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip())


def note(line: str) -> None:
    """Say something that is not the result."""
    print(line, file=sys.stderr)
