"""The engine's client: one turn there and back, or the honest news that it is away.

Exception
└── EngineDown    the engine does not answer, or not in time; nothing of the turn was lost
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from catalogue import Choice, Message

#: Seconds that an answer may take. A report's sealing and a receipt's derivation are in it, and
#: the growing delay for unknown receipts.
PATIENCE = 30.0


#: Seconds that leaving may wait for an engine that hangs.
BRIEFLY = 2.0


class EngineDown(Exception):
    """The engine gave no answer.

    Args:
        reached: it took the message, so what was to be done may still be done.
    """

    def __init__(self, *, reached: bool = False) -> None:
        super().__init__()
        self.reached = reached


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine made of one message.

    Args:
        messages: what the actions said.
        intent: the full name of what was understood, e.g. ``faq/deadlines``.
        confidence: 0 to 1.
    """

    messages: tuple[Message, ...]
    intent: str
    confidence: float


class Engine:
    """Speaks to Rasa through the channel in ``bot/rasa/channel.py``.

    Args:
        url: where the engine listens, without a path.
        token: the secret that both know.
    """

    def __init__(self, url: str, token: str, transport: httpx.AsyncBaseTransport | None = None):
        self._client = httpx.AsyncClient(
            base_url=f"{url}/webhooks/speaksafe",
            headers={"X-Speaksafe-Engine-Token": token},
            timeout=httpx.Timeout(PATIENCE, connect=2.0),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
            transport=transport,
            trust_env=False,  # a proxy of the environment must never see a conversation
        )

    async def turn(
        self,
        sender: str,
        slots: dict[str, Any],
        *,
        text: str = "",
        intent: str | None = None,
        choice: str | None = None,
        calmed: bool = False,
    ) -> Answer:
        """Hand over one message.

        Args:
            sender: the conversation's pseudonym.
            slots: what the engine should know: language, walk, topic.
            text: what was typed.
            intent: what a pressed choice means; the machine learning is then not asked.
            choice: the value of the pressed choice.
            calmed: the gate has recognised danger in it and said what to do.

        Raises:
            EngineDown: no answer, or none that can be used.
        """
        body = {
            "sender": sender,
            "slots": slots,
            "text": text,
            "intent": intent,
            "choice": choice,
            "calmed": calmed,
        }
        try:
            response = await self._client.post("/turn", json=body)
            response.raise_for_status()
            answer = response.json()
            messages = tuple(_message(raw) for raw in answer["messages"])
            return Answer(messages, answer["intent"], answer["confidence"])
        # The cause could quote the message, so it is not chained.
        except httpx.ConnectError:
            raise EngineDown from None
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            raise EngineDown(reached=True) from None

    async def forget(self, sender: str) -> bool:
        """Delete what the engine holds of a conversation.

        Returns:
            False when the engine could not be asked. What it holds is then forgotten when it
            restarts or after the idle time, and cannot be opened without the pseudonym.
        """
        try:
            response = await self._client.delete(f"/conversations/{sender}", timeout=BRIEFLY)
            return response.is_success
        except httpx.HTTPError:
            return False

    async def ready(self) -> bool:
        """Whether the engine has its model loaded."""
        try:
            response = await self._client.get("/ready", timeout=BRIEFLY)
            return response.is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()


def _message(raw: dict[str, Any]) -> Message:
    custom = raw.get("custom") or {}
    choices = tuple(Choice(b["title"], b["payload"]) for b in raw.get("buttons") or ())
    return Message(
        raw["text"],
        choices,
        free=bool(custom.get("free")),
        secret=bool(custom.get("secret")),
        held=int(custom.get("held") or 0),
        seal=custom.get("seal"),
    )
