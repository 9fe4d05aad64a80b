"""``speaksafe channels``: how each channel stands at its carrier, and setting it up there."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from typing import Any, Literal

import httpx

from bot.channels.contract import Channel, Registered, Standing
from bot.channels.registry import CHANNELS
from catalogue import Messages
from service.commands.output import CommandError, note, table
from service.settings import Settings, SettingsError
from service.webhooks import build, given, webhook_url

State = Literal["ok", "off", "warn", "fail"]

#: What a webhook answers to a stranger.
_REFUSED = 403

#: Seconds that the own public address may take to answer.
_PATIENCE = 10.0


def add(commands: Any) -> None:
    """Put the commands into the parser."""
    channels = commands.add_parser("channels", help="the channels by carrier")
    kinds = channels.add_subparsers(metavar="WHAT", required=True)
    kinds.add_parser(
        "list", help="which are on, and how they stand at their carriers"
    ).set_defaults(command=_list)
    register = kinds.add_parser("register", help="set webhooks and commands at the carriers")
    register.add_argument("channel", nargs="*", help="only these; all that are on if not given")
    register.set_defaults(command=_register)


def _list(_: argparse.Namespace, settings: Settings) -> int:
    rows = [(entry.name, *standing(entry, settings)) for entry in CHANNELS]
    table(("channel", "state", "detail"), rows)
    return 1 if any(state == "fail" for _, state, _ in rows) else 0


def standing(entry: Registered, settings: Settings) -> tuple[State, str]:
    """State and detail of a channel: what is set, what is missing, what its carrier says.

    Args:
        entry: of the registry.
        settings: as the service would have them.
    """
    missing = entry.missing(given(settings))
    if len(missing) == len(entry.needs):
        return "off", f"not set: {', '.join(missing)}"
    if missing:
        return "fail", f"half configured; set {', '.join(missing)} too"
    try:
        channel = build(entry, settings)
    except SettingsError as error:
        return "fail", str(error)
    if channel is None:
        return "off", "not set"
    found = asyncio.run(_standing(channel, webhook_url(settings, entry.name)))
    return found.state, found.detail


async def _standing(channel: Channel, url: str) -> Standing:
    try:
        found = await channel.standing(url)
    finally:
        await channel.close()
    if found.state == "fail":
        return found
    problem: str | None
    no_tls = "carriers want https: set SPEAKSAFE_PUBLIC_URL to the public address"
    if problem := await unreachable(url) if url.startswith("https://") else no_tls:
        return Standing("warn", f"{found.detail}; {problem}")
    return Standing(found.state, f"{found.detail}, reachable")


async def unreachable(url: str) -> str | None:
    """What is wrong with the way to our own webhook.

    Args:
        url: its public address.

    Returns:
        ``None`` if a stranger is refused there, as the service does.
    """
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:
            answer = await client.post(url, json={})
    except httpx.HTTPError:
        return "SPEAKSAFE_PUBLIC_URL cannot be reached from here; is the service running?"
    if answer.status_code != _REFUSED:
        return "SPEAKSAFE_PUBLIC_URL leads to something else than this service"
    return None


def _register(args: argparse.Namespace, settings: Settings) -> int:
    entries = _chosen(args.channel)
    messages = Messages.load(settings.content_dir)
    off: list[Registered] = []
    failed: list[Registered] = []
    for entry in entries:
        missing = entry.missing(given(settings))
        if missing:
            half = len(missing) < len(entry.needs)
            (failed if half else off).append(entry)
            also = "half configured; set them too" if half else "off"
            note(f"{entry.name}: {also}; not set: {', '.join(missing)}")
            continue
        try:
            for line in _set_up(entry, settings, messages):
                print(f"{entry.name}: {line}")
        except (SettingsError, CommandError) as error:  # the others are still set up
            note(f"{entry.name}: {error}")
            failed.append(entry)
    if len(off) == len(entries):
        raise CommandError("no channel is on; docs/settings.md says what each needs")
    return 1 if failed else 0


def _set_up(entry: Registered, settings: Settings, messages: Messages) -> Sequence[str]:
    channel = build(entry, settings)
    return asyncio.run(_registered(channel, settings, messages)) if channel else ()


def _chosen(names: Sequence[str]) -> list[Registered]:
    known = [entry.name for entry in CHANNELS]
    for name in names:
        if name not in known:
            raise CommandError(f"there is no such channel; there are {', '.join(known)}")
    return [entry for entry in CHANNELS if not names or entry.name in names]


async def _registered(channel: Channel, settings: Settings, messages: Messages) -> Sequence[str]:
    url = webhook_url(settings, channel.name)
    if not url.startswith("https://"):
        raise SettingsError("SPEAKSAFE_PUBLIC_URL", "is no https address", "carriers want one")
    try:
        lines = await channel.register(url, messages)
    except Exception as error:  # each carrier's library has an error tree of its own
        found = await channel.standing(url)
        why = f"it did not take it ({type(error).__name__}); see `speaksafe doctor`"
        raise CommandError(found.detail if found.state == "fail" else why) from None
    finally:
        await channel.close()
    return lines or ("nothing to set by program; the steps are in docs/channels",)
