"""Pseudonyms of people who write by a carrier: HMAC of channel and address, with a key of the day.

The keys are made here and never leave memory: of this process, or of a Redis that persists
nothing. After two days nobody can tell any more which address a pseudonym stood for, not even with
a list of all telephone numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

from vault.state import StateStore

DAY = 24 * 60 * 60

#: How long a key lives: its own day, and the next for conversations that cross midnight.
KEY_SECONDS = 2 * DAY


class Pseudonyms:
    """Makes pseudonyms.

    Args:
        store: keeps entries for ``KEY_SECONDS``; shared by all replicas.
        clock: seconds since 1970.
    """

    def __init__(self, store: StateStore, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock
        self._keys: dict[int, bytes] = {}

    async def of(self, channel: str, address: str) -> tuple[str, str]:
        """Today's pseudonym, and yesterday's: a conversation that is running keeps its own.

        Args:
            channel: the channel's name.
            address: chat id or phone number; it goes no further than this function.
        """
        today = int(self._clock() // DAY)
        whole = f"{channel}\0{address}".encode()
        first, second = [
            hmac.new(await self._key(day), whole, hashlib.sha256).hexdigest()
            for day in (today, today - 1)
        ]
        return first, second

    async def _key(self, day: int) -> bytes:
        if day not in self._keys:
            name = f"day {day}"
            await self._store.add(name, {"key": secrets.token_hex(32)})
            found = await self._store.get(name)
            if found is None:
                raise RuntimeError("the store of pseudonym keys keeps nothing")
            self._keys = {d: key for d, key in self._keys.items() if d >= day - 1}
            self._keys[day] = bytes.fromhex(found["key"])
        return self._keys[day]
