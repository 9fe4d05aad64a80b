"""Linking a focal point's chat for her notices: made at her page, claimed by her own phone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.channels.linking import line, read_line
from vault.codes import new_code
from vault.state import StateStore
from vault.stores.addresses import AddressBook

#: Seconds for which a line is good.
LINE_SECONDS = 10 * 60


@dataclass(frozen=True, slots=True)
class NoticeLinks:
    """Makes lines and takes them.

    Args:
        store: keeps entries for ``LINE_SECONDS``; shared by all replicas.
        book: where addresses are kept, sealed.
        channels: those that can write to somebody of whom nothing has just come.
    """

    store: StateStore
    book: AddressBook
    channels: tuple[str, ...]

    async def issue(self, account_id: str, channel: str, lang: str) -> str:
        """A line that links this channel to her, once.

        Args:
            account_id: hers.
            channel: one of ``channels``.
            lang: the language of her notices from then on.
        """
        made = line(new_code())
        await self.store.put(f"{channel} {read_line(made)}", {"id": account_id, "lang": lang})
        return made

    async def claim(self, channel: str, code: str, address: str) -> str | None:
        """The phone has sent it: its address is sealed for her.

        Returns:
            her language, or ``None`` when the code is wrong, spent, too old or for elsewhere.
        """
        found = await self.store.take(f"{channel} {code}")
        if found is None or channel not in self.channels:
            return None
        kept = await asyncio.to_thread(self.book.link, found["id"], channel, address, found["lang"])
        return str(found["lang"]) if kept else None
