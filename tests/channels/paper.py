"""Two carriers made of paper, for tests of the door: one answers in the request, one sends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import ClassVar

from bot.channels.contract import (
    Acknowledgement,
    Capabilities,
    Channel,
    Incoming,
    Reply,
    Request,
    Sent,
)

KEY = "letter"


class Paper(Channel):
    """Answers in the request; choices are numbered."""

    name: ClassVar[str] = "web"  # so that it has words
    capabilities: ClassVar[Capabilities] = Capabilities(
        buttons=False,
        length=1000,
        media=False,
        deletion=0,
        right_to_left=True,
        content_types=("application/json",),
        patience=0.15,
    )

    def verify(self, request: Request) -> bool:
        """A word that both know."""
        return request.headers.get("x-key") == KEY

    def parse(self, request: Request) -> Incoming:
        """The fields as they are."""
        return Incoming(**json.loads(request.body))

    def render(self, reply: Reply, incoming: Incoming) -> Sequence[str]:
        """Words only."""
        return [message.text for message in reply.messages]

    def acknowledge(self, parts: Sequence[str]) -> Acknowledgement:
        """The words in the answer."""
        return Acknowledgement(200, "\n".join(parts))


class Post(Paper):
    """Sends its answers itself."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        buttons=False,
        length=1000,
        media=False,
        deletion=0,
        right_to_left=True,
        content_types=("application/json",),
    )

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def send(self, part: str, incoming: Incoming) -> Sent:
        """Into the list."""
        await asyncio.sleep(0)
        self.sent.append((incoming.address, part))
        return Sent(str(len(self.sent)))


def letter(event: int, address: str, text: str, **more: object) -> Request:
    """One request."""
    body = {"event": str(event), "address": address, "text": text, **more}
    headers = {"x-key": KEY, "content-type": "application/json"}
    return Request("https://speaksafe.example/webhooks/paper", headers, json.dumps(body).encode())
