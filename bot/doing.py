"""Which actions are being done for whom, in this process.

The engine has an action done and may die meanwhile: the news of its death is here at once, the
action's result is not. Whoever is told then that it is our fault, and tries again, would find that
it was done all the same, and begin anew: her answers would be stored twice, her receipt be lost.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, OrderedDict
from collections.abc import Iterator

#: Seconds in which an action that the engine had asked for is begun here.
_ARRIVES = 0.1
#: Seconds for which the end of an action is waited for; browsers wait for a minute.
_PATIENCE = 20.0
_LOOK = 0.02
#: Conversations that are remembered as given up; each is until its next message.
_MOST = 10_000


class Doing:
    """Counts the actions that run, and lets none begin for a message that was given up."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()
        self._given_up: OrderedDict[str, None] = OrderedDict()

    def heard(self, id: str) -> None:
        """A new message of this conversation: what it asks for may be done."""
        self._given_up.pop(id, None)

    @contextlib.contextmanager
    def action(self, id: str) -> Iterator[bool]:
        """Around one action; false where its message was given up, and nothing may be done."""
        if id in self._given_up:
            yield False
            return
        self._running[id] += 1
        try:
            yield True
        finally:
            self._running[id] -= 1
            if not self._running[id]:
                del self._running[id]

    async def give_up(self, id: str) -> None:
        """Wait until what was begun for the last message is done; nothing else is begun for it.

        Args:
            id: the conversation's pseudonym.
        """
        await asyncio.sleep(_ARRIVES)
        self._given_up[id] = None
        if len(self._given_up) > _MOST:
            self._given_up.popitem(last=False)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while id in self._running:  # noqa: ASYNC110 (it may be another loop)
                    await asyncio.sleep(_LOOK)
