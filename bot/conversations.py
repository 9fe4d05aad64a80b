"""Where conversations are kept between messages, and by which name."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from weakref import WeakValueDictionary

from bot.conversation import Conversation
from bot.doing import Doing
from vault.state import StateStore


class Conversations:
    """Finds, keeps and forgets conversations; makes pseudonyms.

    Args:
        store: sealed short-lived entries.
        key: the pseudonyms' key; it lives in memory, and pseudonyms change with it.

    Attributes:
        doing: which actions are being done for whom.
    """

    def __init__(self, store: StateStore, key: bytes) -> None:
        self._store = store
        self._key = hmac.digest(key, b"speaksafe/1/pseudonym", "sha256")
        self.doing = Doing()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @staticmethod
    def new_session() -> str:
        """A session of the web channel: 256 random bits, known to the browser alone."""
        return secrets.token_urlsafe(32)

    def pseudonym(self, channel: str, address: str) -> str:
        """What everybody behind the gate knows of a person.

        Args:
            channel: the channel's name.
            address: session, chat id or phone number; it goes no further than this function.
        """
        whole = f"{channel}\0{address}".encode()
        return hmac.new(self._key, whole, hashlib.sha256).hexdigest()

    def lock(self, id: str) -> asyncio.Lock:
        """Keeps one person's messages in order, and different people's side by side."""
        lock = self._locks.get(id)
        if lock is None:
            lock = self._locks[id] = asyncio.Lock()
        return lock

    async def find(self, id: str) -> Conversation | None:
        """The conversation, or ``None`` when it ended or was idle too long."""
        entry = await self._store.get(id)
        return Conversation.from_entry(entry) if entry else None

    async def keep(self, conversation: Conversation) -> None:
        """Keep it for the next message."""
        await self._store.put(conversation.id, conversation.as_entry())

    async def take(self, id: str) -> Conversation | None:
        """The conversation, which is no longer kept then: it goes on elsewhere."""
        entry = await self._store.take(id)
        return Conversation.from_entry(entry) if entry else None

    async def forget(self, id: str) -> None:
        """Erase it now."""
        await self._store.delete(id)

    async def ping(self) -> None:
        """Raise if the store cannot be reached."""
        await self._store.ping()
