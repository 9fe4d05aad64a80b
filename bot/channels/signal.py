"""Signal, through signal-cli and its REST service (bbernhard/signal-cli-rest-api).

Signal has no interface for services: signal-cli is an app without a screen that has a number of
its own, on our side; it unlocks the messages. It posts each message once, waits until we have
taken it, and sends nothing meanwhile: so a message is acknowledged at once and answered after it.
It signs nothing. A name and a secret in the webhook's address reach us as a header
(``Authorization: Basic``), so that the secret stands in no log of addresses, theirs or a proxy's.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

import httpx

from bot.channels.contract import (
    Acknowledgement,
    Capabilities,
    Channel,
    Incoming,
    NotSent,
    Registered,
    Reply,
    Request,
    Sent,
    Standing,
)
from bot.channels.signal_calls import Calls
from bot.channels.signal_messages import Private, read
from bot.channels.texts import split
from catalogue import Message, Messages

#: Bytes of a message; a longer one would travel as a file, behind "read more".
LONGEST = 2000

#: The name before the secret in the webhook's address.
NAME = "signal"

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,128}")


@dataclass(frozen=True, slots=True)
class Part:
    """One message.

    Args:
        text: the words; empty to leave a group.
        secret: they must not stay in the chat.
    """

    text: str = field(repr=False)
    secret: bool = False


class Signal(Channel):
    """The channel.

    Args:
        base: where signal-cli-rest-api is.
        number: of our account.
        secret: what it gives with every message.
    """

    name: ClassVar[str] = "signal"
    capabilities: ClassVar[Capabilities] = Capabilities(
        buttons=False,
        length=LONGEST,
        media=True,
        deletion=24,
        right_to_left=True,
        content_types=("application/json",),
        redelivers=False,
        deletes_hers=False,
    )

    def __init__(self, base: str, number: str, secret: str) -> None:
        self._number = number
        self._secret = secret.encode()
        pair = base64.b64encode(f"{NAME}:{secret}".encode())
        self._authorization = b"Basic " + pair
        self._calls = Calls(base, number)

    def verify(self, request: Request) -> bool:
        """The header holds name and secret."""
        given = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(given, self._authorization)

    def parse(self, request: Request) -> Incoming:
        """One message, or one of the many other things that signal-cli tells."""
        return read(json.loads(request.body), self._number, self._secret)

    def render(self, reply: Reply, incoming: Incoming) -> Sequence[Part]:
        """Messages in order; the choices of the last one that has any are numbered."""
        offering = [n for n, message in enumerate(reply.messages) if message.choices]
        parts = []
        for number, message in enumerate(reply.messages):
            offers = bool(offering) and number == offering[-1]
            pieces = split(_shaped(message, offers=offers), LONGEST, _bytes)
            parts += [Part(piece, secret=message.secret) for piece in pieces]
        return [*parts, Part("")] if reply.leave else parts

    def acknowledge(self, parts: Sequence[Part]) -> Acknowledgement:
        """It wants a good status and reads nothing."""
        return Acknowledgement(200)

    async def send(self, part: Part, incoming: Incoming) -> Sent:
        """One message; faults are waited for, but not for long."""
        if not part.text:
            await self._calls.leave(incoming.address)
            return Sent()
        time = await self._calls.say(incoming.address, part.text)
        return Sent(time, secret=part.secret)

    async def delete(self, address: str, messages: Sequence[str]) -> bool:
        """Delete our own messages, on both sides; hers only she can delete."""
        return await self._calls.delete(address, [int(message) for message in messages])

    async def tidy(self, incoming: Incoming) -> None:
        """Remove the files that signal-cli may have stored of a message."""
        if isinstance(incoming.private, Private):
            for file in incoming.private.files:
                await self._calls.remove_file(file)

    async def standing(self, url: str) -> Standing:
        """What the REST service knows of the account."""
        try:
            about = await self._calls.asks("/v1/about")
            accounts = await self._calls.asks("/v1/accounts")
        except (httpx.HTTPError, ValueError):
            remedy = "is SPEAKSAFE_SIGNAL_API_BASE right, and does it run?"
            return Standing("fail", f"signal-cli-rest-api does not answer; {remedy}")
        if about.get("mode") != "json-rpc":
            return Standing("fail", "signal-cli-rest-api delivers nothing; set MODE=json-rpc there")
        if self._number not in accounts:
            return Standing("fail", "SPEAKSAFE_SIGNAL_NUMBER is not registered with signal-cli")
        return Standing("ok", "number registered, delivers if RECEIVE_WEBHOOK_URL is set there")

    async def register(self, url: str, messages: Messages) -> Sequence[str]:
        """It has no call for it: what to set where it runs.

        Raises:
            NotSent: it cannot be used as it runs now.
        """
        if (found := await self.standing(url)).state == "fail":
            raise NotSent(found.detail)
        place = urlsplit(url)
        webhook = place._replace(netloc=f"{NAME}:SECRET@{place.netloc}").geturl()
        return (
            "signal-cli-rest-api takes its webhook from its environment; set there, with",
            "SPEAKSAFE_SIGNAL_SECRET for SECRET, and start it again:",
            f"RECEIVE_WEBHOOK_URL={webhook}",
        )

    async def close(self) -> None:
        """Let connections go."""
        await self._calls.close()


def _shaped(message: Message, *, offers: bool) -> str:
    """The words with the choices under them: by number, unless a number would be an answer."""
    if not offers:
        return message.text
    marks = ["–" if message.free else f"{n}." for n in range(1, len(message.choices) + 1)]
    lines = [f"{mark} {c.label}" for mark, c in zip(marks, message.choices, strict=True)]
    return "\n".join([message.text, "", *lines])


def _bytes(text: str) -> int:
    return len(text.encode())


def _build(given: Mapping[str, str]) -> Signal:
    number, secret = given["SPEAKSAFE_SIGNAL_NUMBER"], given["SPEAKSAFE_SIGNAL_SECRET"]
    if not _NUMBER.fullmatch(number):
        raise ValueError(
            "SPEAKSAFE_SIGNAL_NUMBER is not a number in international form; "
            "write + and digits, without spaces"
        )
    if not _SECRET.fullmatch(secret):
        raise ValueError(
            "SPEAKSAFE_SIGNAL_SECRET cannot stand in an address; "
            "use 16 to 128 of A-Z, a-z, 0-9, _ and -"
        )
    return Signal(given["SPEAKSAFE_SIGNAL_API_BASE"], number, secret)


REGISTERED = Registered(
    name=Signal.name,
    needs=("SPEAKSAFE_SIGNAL_API_BASE", "SPEAKSAFE_SIGNAL_NUMBER", "SPEAKSAFE_SIGNAL_SECRET"),
    takes=(),
    build=_build,
)
