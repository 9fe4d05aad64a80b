"""Short-lived state: sealed, forgotten when idle, deletable; never on disk.

Conversations and sign-ins live here. Each entry is sealed with a key derived from its own name,
and lies under a keyed hash of that name: whoever has the store without the name can neither find
nor open an entry, and once a name is forgotten its entry is noise.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
from collections import OrderedDict
from typing import Any, Protocol

import redis.asyncio
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: Seconds without a touch after which an entry is forgotten.
IDLE_SECONDS = 30 * 60


class Shelf(Protocol):
    """Where sealed entries lie for a while."""

    async def put(self, name: str, blob: bytes, seconds: int) -> None:
        """Keep ``blob`` for ``seconds``."""

    async def add(self, name: str, blob: bytes, seconds: int) -> bool:
        """Keep ``blob`` for ``seconds`` unless there is one already; whether it was kept."""

    async def get(self, name: str) -> bytes | None:
        """The blob, if it is still there."""

    async def take(self, name: str) -> bytes | None:
        """The blob, if it is still there; whoever takes it first is the only one to have it."""

    async def delete(self, name: str) -> None:
        """Forget at once."""

    async def ping(self) -> None:
        """Raise if the shelf cannot be reached."""


class MemoryShelf:
    """The shelf of one process; entries stand in the order of their end."""

    def __init__(self) -> None:
        self._blobs: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    async def put(self, name: str, blob: bytes, seconds: int) -> None:
        """Keep ``blob`` for ``seconds``."""
        self._blobs.pop(name, None)
        self._blobs[name] = (time.monotonic() + seconds, blob)
        self._drop_stale()

    async def add(self, name: str, blob: bytes, seconds: int) -> bool:
        """Keep ``blob`` for ``seconds`` unless there is one already; whether it was kept."""
        if await self.get(name) is not None:
            return False
        await self.put(name, blob, seconds)
        return True

    async def get(self, name: str) -> bytes | None:
        """The blob, if its time is not over."""
        found = self._blobs.get(name)
        if found is None or found[0] < time.monotonic():
            return None
        return found[1]

    async def take(self, name: str) -> bytes | None:
        """The blob, if its time is not over; nobody gets it again."""
        found = await self.get(name)
        self._blobs.pop(name, None)
        return found

    async def delete(self, name: str) -> None:
        """Forget at once."""
        self._blobs.pop(name, None)

    async def ping(self) -> None:
        """Always reachable."""

    def _drop_stale(self) -> None:
        now = time.monotonic()
        while self._blobs:
            name, (until, _) = next(iter(self._blobs.items()))
            if until > now:
                return
            del self._blobs[name]


class RedisShelf:
    """The shelf that several processes share: a Redis that persists nothing."""

    def __init__(self, url: str) -> None:
        self._redis = redis.asyncio.Redis.from_url(url, socket_timeout=5)

    async def put(self, name: str, blob: bytes, seconds: int) -> None:
        """Keep ``blob`` for ``seconds``."""
        await self._redis.set(f"state:{name}", blob, ex=seconds)

    async def add(self, name: str, blob: bytes, seconds: int) -> bool:
        """Keep ``blob`` for ``seconds`` unless there is one already; whether it was kept."""
        return bool(await self._redis.set(f"state:{name}", blob, ex=seconds, nx=True))

    async def get(self, name: str) -> bytes | None:
        """The blob, if its time is not over."""
        found = await self._redis.get(f"state:{name}")
        return found if isinstance(found, bytes) else None

    async def take(self, name: str) -> bytes | None:
        """The blob, if its time is not over; nobody gets it again."""
        found = await self._redis.getdel(f"state:{name}")
        return found if isinstance(found, bytes) else None

    async def delete(self, name: str) -> None:
        """Forget at once."""
        await self._redis.delete(f"state:{name}")

    async def ping(self) -> None:
        """Raise if Redis cannot be reached."""
        await self._redis.ping()


class StateStore:
    """Sealed JSON entries under names that only their owner knows.

    Args:
        shelf: in memory on one machine, in Redis on several.
        key: 32 bytes; made anew at each start on one machine, shared on several.
        kind: keeps different uses (conversations, sign-ins) apart.
        idle_seconds: how long an untouched entry lives.
    """

    def __init__(
        self, shelf: Shelf, key: bytes, kind: str, idle_seconds: int = IDLE_SECONDS
    ) -> None:
        self._shelf = shelf
        self._name_key = hmac.digest(key, f"speaksafe/1/{kind}/name".encode(), "sha256")
        self._seal_key = hmac.digest(key, f"speaksafe/1/{kind}/seal".encode(), "sha256")
        self._idle_seconds = idle_seconds

    async def put(self, name: str, entry: dict[str, Any]) -> None:
        """Keep an entry, and begin its idle time anew."""
        await self._shelf.put(self._hashed(name), self._sealed(name, entry), self._idle_seconds)

    async def add(self, name: str, entry: dict[str, Any]) -> bool:
        """Keep an entry unless there is one already.

        Returns:
            Whether it was kept; of several who try at the same time, one succeeds.
        """
        sealed = self._sealed(name, entry)
        return await self._shelf.add(self._hashed(name), sealed, self._idle_seconds)

    async def get(self, name: str) -> dict[str, Any] | None:
        """The entry, or ``None`` when there is none or its time is over."""
        return self._opened(name, await self._shelf.get(self._hashed(name)))

    async def take(self, name: str) -> dict[str, Any] | None:
        """The entry, which is gone then; of several who try at the same time, one gets it."""
        return self._opened(name, await self._shelf.take(self._hashed(name)))

    async def delete(self, name: str) -> None:
        """Forget at once."""
        await self._shelf.delete(self._hashed(name))

    async def ping(self) -> None:
        """Raise if the entries cannot be reached."""
        await self._shelf.ping()

    def _sealed(self, name: str, entry: dict[str, Any]) -> bytes:
        iv = os.urandom(12)
        plain = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
        return iv + self._cipher(name).encrypt(iv, plain, None)

    def _opened(self, name: str, sealed: bytes | None) -> dict[str, Any] | None:
        if sealed is None:
            return None
        try:
            plain = self._cipher(name).decrypt(sealed[:12], sealed[12:], None)
        except InvalidTag:
            return None
        return dict(json.loads(plain))

    def _hashed(self, name: str) -> str:
        return hmac.new(self._name_key, name.encode(), hashlib.sha256).hexdigest()

    def _cipher(self, name: str) -> AESGCM:
        return AESGCM(hmac.digest(self._seal_key, name.encode(), "sha256"))
