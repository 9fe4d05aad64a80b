"""Notices by a channel: what the worker calls, in its thread or in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from bot.channels.contract import Registered, Told
from bot.channels.registry import CHANNELS
from service.settings import Settings
from service.webhooks import build

#: Takes address, text, and the link that is in the text.
Teller = Callable[[str, str, str], Told]


def tellers(settings: Settings) -> dict[str, Teller]:
    """The channels that are configured and can bring notices, by name.

    Raises:
        SettingsError: a setting of a channel cannot be used.
    """
    found: dict[str, Teller] = {}
    for entry in CHANNELS:
        channel = build(entry, settings)
        if channel is not None and channel.tells:
            found[entry.name] = partial(_tell, entry, settings)
    return found


def _tell(entry: Registered, settings: Settings, address: str, text: str, link: str) -> Told:
    return asyncio.run(_once(entry, settings, address, text, link))


async def _once(entry: Registered, settings: Settings, address: str, text: str, link: str) -> Told:
    # Made for this one notice: connections belong to their loop, and notices are few.
    channel = build(entry, settings)
    if channel is None:
        return "later"
    try:
        return await channel.tell(address, text, link)
    finally:
        await channel.close()
