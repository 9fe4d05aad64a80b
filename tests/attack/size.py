"""How much is done: a little with all tests, all of it with ``make attack``."""

from __future__ import annotations

import os

FULL = os.environ.get("SPEAKSAFE_ATTACK") == "full"


def sized(little: int, full: int) -> int:
    """A number of tries.

    Args:
        little: with all tests.
        full: with ``make attack``.
    """
    return full if FULL else little
