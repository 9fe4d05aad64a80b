"""What the door remembers of a conversation by carrier: numbers of messages, and no word.

It lies sealed beside the conversation and is forgotten with it: which messages could be deleted at
the carrier, which of them carries the choices, how far the person's own messages have come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from vault.state import StateStore

#: So many messages are remembered for deletion; more are not written in half an hour.
MOST = 2_000


@dataclass(slots=True)
class Trail:
    """Of one conversation.

    Args:
        lang: the language of the last answer.
        ids: the carrier's ids of messages, both sides.
        order: the carrier's number of the latest message that was answered.
        offer: the id of the message with the choices that are on offer.
        secrets: messages that go as soon as they were answered.
        owed: the key of a message whose answer was not ready in time.
        closing: the conversation is over; deleting at the carrier was offered.
    """

    lang: str = ""
    ids: list[str] = field(default_factory=list)
    order: int | None = None
    offer: str | None = None
    secrets: list[str] = field(default_factory=list)
    owed: str | None = None
    closing: bool = False


class Trails:
    """Keeps trails by pseudonym.

    Args:
        store: sealed, short-lived; the same idle time as conversations.
    """

    def __init__(self, store: StateStore) -> None:
        self._store = store
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get(self, id: str) -> Trail | None:
        """The trail, if the conversation is running."""
        found = await self._store.get(id)
        return Trail(**found) if found else None

    async def note(
        self,
        id: str,
        *,
        ids: Sequence[str] = (),
        order: int | None = None,
        clear: bool = False,
        **changes: Any,
    ) -> None:
        """Write something down.

        Args:
            id: the pseudonym.
            ids: messages that could be deleted.
            order: kept if it is the highest so far.
            clear: those noted so far are deleted.
            changes: fields of the trail.
        """
        lock = self._locks.get(id)
        if lock is None:
            lock = self._locks[id] = asyncio.Lock()
        async with lock:
            trail = await self.get(id) or Trail()
            if clear:
                trail.ids, trail.offer, trail.secrets = [], None, []
            trail.ids = [*trail.ids, *(i for i in ids if i not in trail.ids)][-MOST:]
            if order is not None:
                trail.order = max(order, trail.order or order)
            for name, value in changes.items():
                setattr(trail, name, value)
            await self._store.put(id, asdict(trail))

    async def forget(self, id: str) -> None:
        """Forget it now."""
        await self._store.delete(id)
