"""Files that come by a carrier: fetched, judged by their bytes, cleaned, sealed, forgotten.

The file is in this server's memory for a moment, as a typed account is. What is stored is sealed
with a key that lies in the draft of the report alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from bot.channels.contract import TooLarge
from bot.conversations import Conversations
from reports.attaching import LONGEST_NOTE, clean_only, ids_of, takes_files, without_originals
from service.attachments import today
from service.cleaning import Cleaner
from service.kinds import kind_of
from service.limits import Limit
from vault.encoding import new_id
from vault.errors import VaultError
from vault.files import LARGEST, FileKey, seal_file
from vault.stores.attachments import AttachmentStore, Part

_log = logging.getLogger("speaksafe.channels")

#: Files of one person: a report's five, and some more that are taken out again.
_BURST, _PER_SECOND = 20, 1 / 60

#: Files in memory beside each other, of all people.
_AT_ONCE = 4


class Carried:
    """Takes files where a report asks for them.

    Args:
        conversations: to know whether it does, and to hand it the file.
        store: where sealed files wait.
        cleaner: makes copies for looking at.
        day: the day.
    """

    def __init__(
        self,
        conversations: Conversations,
        store: AttachmentStore,
        cleaner: Cleaner,
        day: Callable[[], date] = today,
    ) -> None:
        self._conversations = conversations
        self._store = store
        self._cleaner = cleaner
        self._day = day
        self._limit = Limit(_BURST, _PER_SECOND)
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def wanted(self, id: str) -> bool:
        """Whether a file that comes now belongs to a report.

        Args:
            id: the conversation's pseudonym.
        """
        found = await self._conversations.find(id)
        return found is not None and takes_files(found.walk, found.walk_state)

    async def take(
        self, id: str, fetch: Callable[[int], Awaitable[bytes | None]], words: str
    ) -> None:
        """Take a file; the report hears of it with the next message.

        Args:
            id: the conversation's pseudonym.
            fetch: gets it from the carrier, up to so many bytes.
            words: what was written beside it.
        """
        found = await self._conversations.find(id)
        clean = found is not None and clean_only(found.walk, found.walk_state)
        entry = await self._entry(id, fetch, words, clean=clean)
        async with self._conversations.lock(id):
            found = await self._conversations.find(id)
            if found is not None:
                if clean_only(found.walk, found.walk_state) and "id" in entry:
                    entry = await self._without_original(entry)
                found.attached = entry
                await self._conversations.keep(found)

    async def _without_original(self, entry: dict[str, Any]) -> dict[str, Any]:
        """What is kept of a file that was fetched before she asked for cleaned copies only."""
        kept = without_originals([entry])
        gone = set(ids_of(entry)).difference(*(ids_of(one) for one in kept))
        if gone:
            try:
                await asyncio.to_thread(self._store.discard, gone)
            except Exception as error:  # without its key it is noise, until it goes, too
                _log.warning("a file was not discarded: %s", type(error).__name__)
        return kept[0] if kept else {"refused": "unclean"}

    async def _entry(
        self,
        id: str,
        fetch: Callable[[int], Awaitable[bytes | None]],
        words: str,
        *,
        clean: bool,
    ) -> dict[str, Any]:
        if not self._limit.allows(id):
            return {"refused": "trouble"}
        async with self._gate:
            try:
                content = await fetch(LARGEST)
                if not content:
                    return {"refused": "trouble"}
                return await self._sealed(content, words, clean=clean)
            except TooLarge:
                return {"refused": "large"}
            except Exception as error:  # whatever it is, she is told, and nothing of it is logged
                _log.warning("a file was not taken: %s", type(error).__name__)
                return {"refused": "trouble"}

    async def _sealed(self, content: bytes, words: str, *, clean: bool) -> dict[str, Any]:
        if len(content) > LARGEST:
            raise TooLarge
        kind = await asyncio.to_thread(kind_of, content)
        if kind is None:
            return {"refused": "kind"}
        waiting, note = new_id(), {"note": words[:LONGEST_NOTE]} if words.strip() else {}
        if clean:  # the file itself is never stored, not even sealed
            copy = await self._cleaner.copy(content, kind)
            if copy is None:
                return {"refused": "unclean"}
            entry = await asyncio.to_thread(self._keep, waiting, copy)
            return {**entry, "type": kind.type, "copy": None, "clean": True, **note}
        entry = await asyncio.to_thread(self._keep, waiting, content)
        copy = await self._cleaner.copy(content, kind)
        shown = None
        if copy is not None:
            shown = await asyncio.to_thread(self._keep, waiting, copy) | {"type": kind.type}
        return {**entry, "type": kind.type, "copy": shown, **note}

    def _keep(self, waiting: str, content: bytes) -> dict[str, Any]:
        """Seal a file and let it wait for its report.

        Raises:
            VaultError: it cannot be kept.
        """
        key = FileKey.new()
        parts = list(seal_file(content, key))
        try:
            for number, sealed in enumerate(parts):
                self._store.put(waiting, Part(key.id, number, len(parts), sealed), self._day())
        except VaultError:
            self._store.discard([key.id])
            raise
        return {"id": key.id, "key": key.key, "size": len(content)}
