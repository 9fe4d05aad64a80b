"""Limits that keep one sender from slowing the others, and trip nobody who types fast."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable


class Limit:
    """A token bucket for each name.

    Names are pseudonyms of conversations, never addresses: an office behind one address is many
    conversations and is not limited as one.

    Args:
        burst: how many at once.
        per_second: how fast they come back.
        names: how many names are remembered; the longest unused goes first.
    """

    def __init__(
        self,
        burst: float,
        per_second: float,
        names: int = 100_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._names = names
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, name: str) -> bool:
        """Take one, if one is left."""
        now = self._clock()
        left, then = self._left.pop(name, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._per_second)
        allowed = left >= 1
        self._left[name] = (left - 1 if allowed else left, now)
        if len(self._left) > self._names:
            self._left.popitem(last=False)
        return allowed
