"""Slowing down guesses without locking anybody out.

A lock after some wrong tries would let anybody shut a focal point out of her cases. Here each try
only takes longer than the one before, up to a few seconds, counted for the name and for where the
tries come from. Whether a name exists makes no difference: the count comes before the look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from inbox.ports import Shelf
from inbox.problems import Problem

#: Mistyping a passphrase costs nothing this often.
FREE_TRIES = 3
#: Seconds; the owner of a name that somebody else is guessing at never waits longer.
LONGEST_WAIT = 8.0
#: Tries from one place that may wait at the same time.
MOST_WAITING = 20


@dataclass(slots=True)
class Try:
    """One try to sign in; whoever makes it says here that it was right."""

    right: bool = False


class Pacing:
    """Counts tries and waits before each.

    Args:
        attempts: where the counts lie.
        sleep: waits for some seconds.
    """

    def __init__(self, attempts: Shelf, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._attempts = attempts
        self._sleep = sleep
        self._waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def one_try(self, name: str, client: str) -> AsyncIterator[Try]:
        """Wait as long as this try must, then let it happen.

        Args:
            name: what is signed in to.
            client: a pseudonym of where the try comes from.

        Raises:
            Problem: 429, when too many tries from there are waiting.
        """
        if self._waiting[client] >= MOST_WAITING:
            raise Problem(429, "Too many tries", "Wait for the answers to the tries before.")
        self._waiting[client] += 1
        try:
            # Counted before the wait, so that many tries at once do not all wait for the first.
            tries = max(
                await self._count(f"name/{name}", 1), await self._count(f"client/{client}", 1)
            )
            await self._sleep(wait(tries - 1))
            one = Try()
            yield one
            if one.right:
                await self._attempts.delete(f"name/{name}")
                await self._count(f"client/{client}", -1)
        finally:
            self._waiting[client] -= 1
            if not self._waiting[client]:
                del self._waiting[client]

    async def _count(self, key: str, step: int) -> int:
        entry = await self._attempts.get(key)
        tries = max(0, (entry["tries"] if entry else 0) + step)
        await self._attempts.put(key, {"tries": tries})
        return tries


def wait(before: int) -> float:
    """Seconds to wait after so many tries: 0 at first, then 1, 2, 4 … and never more than 8."""
    if before < FREE_TRIES:
        return 0.0
    return min(2.0 ** min(before - FREE_TRIES, 10), LONGEST_WAIT)
