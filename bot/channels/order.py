"""One person's messages one after the other, as she sent them; different people's side by side."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

_Waiter = tuple[int, int, "asyncio.Future[None]"]


class TooMany(Exception):
    """So many messages of one person wait already that another would wait for nothing."""


class Turnstile:
    """Lets one pass for each name; of those who wait, the one who was sent first goes next.

    Args:
        most: how many may wait for one name.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[str, list[_Waiter]] = {}
        self._numbers = count()

    def busy(self, name: str) -> bool:
        """Whether somebody passes now."""
        return name in self._waiting

    @asynccontextmanager
    async def passing(self, name: str, order: int | None) -> AsyncIterator[None]:
        """Wait, pass, and let the next one in.

        Args:
            name: whose messages.
            order: the carrier's number; without one they go as they came.

        Raises:
            TooMany: enough of hers wait.
        """
        await self._enter(name, order or 0)
        try:
            yield
        finally:
            self._leave(name)

    async def _enter(self, name: str, order: int) -> None:
        queue = self._waiting.get(name)
        if queue is None:
            self._waiting[name] = []
            return
        if len(queue) >= self._most:
            raise TooMany
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiter = (order, next(self._numbers), mine)
        heapq.heappush(queue, waiter)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._leave(name)  # it was let in at the very moment it gave up
            else:
                queue.remove(waiter)
                heapq.heapify(queue)
            raise

    def _leave(self, name: str) -> None:
        queue = self._waiting[name]
        while queue:
            _, _, waiter = heapq.heappop(queue)
            if not waiter.done():
                waiter.set_result(None)
                return
        del self._waiting[name]
