"""The one way into the engine: a turn in, messages and what was understood out.

The stock REST channel writes a message's text to the log when anything fails; this one has no
log at all. It speaks to the service only, over loopback or an internal network, behind a token.

    POST   /webhooks/speaksafe/turn                       one message, its messages in return
    DELETE /webhooks/speaksafe/conversations/<sender>     forget a conversation
    GET    /webhooks/speaksafe/ready                      the model is loaded
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.nlu.constants import FULL_RETRIEVAL_INTENT_NAME_KEY
from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.rasa.decision import figure
from bot.rasa.tracker_store import turn_slots

#: Header that carries the token which only the service knows.
TOKEN_HEADER = "X-Speaksafe-Engine-Token"  # noqa: S105 (a name, no secret)
TOKEN_SETTING = "SPEAKSAFE_ENGINE_TOKEN"  # noqa: S105 (a name, no secret)

OnMessage = Callable[[UserMessage], Awaitable[Any]]


class Collector(OutputChannel):
    """Collects what actions say, as they say it."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """As in the channel."""
        return "speaksafe"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message, whole."""
        self.messages.append(dict(message))


class SpeaksafeInput(InputChannel):
    """Takes turns from the service."""

    @classmethod
    def name(cls) -> str:
        """Gives the routes their prefix."""
        return "speaksafe"

    def __init__(self) -> None:
        self._token = os.environ.get(TOKEN_SETTING, "")

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """The routes above; Rasa's lock keeps one conversation's messages in order."""
        routes = Blueprint("speaksafe_input")

        @routes.middleware("request")
        async def only_the_service(request: Request) -> None:
            given = request.headers.get(TOKEN_HEADER, "")
            if not hmac.compare_digest(given.encode(), self._token.encode()):
                raise SanicException("no such page", status_code=404)

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            loaded = bool(agent and agent.is_ready())
            return response.json({"ready": loaded}, status=200 if loaded else 503)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return response.json(await _take(request.app.ctx.agent, request.json))

        @routes.delete("/conversations/<sender:str>")
        async def forget(request: Request, sender: str) -> HTTPResponse:
            await request.app.ctx.agent.tracker_store.delete(sender)
            return response.empty()

        return routes


async def _take(agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
    """Hand one message to the assistant.

    Args:
        agent: Rasa's agent with the loaded model.
        body: ``sender``; ``slots`` (what the service knows: language, walk, topic); and either
            ``text`` or, for a pressed choice, ``intent`` and ``choice``; ``calmed`` when the
            gate has spoken to a danger in it already; ``figure`` when it found words that only
            sound like danger.

    Returns:
        ``messages`` as the actions said them, ``intent`` (the full name of what was decided, e.g.
        ``faq/deadlines``, ``danger/child``, ``nlu_fallback``) and ``confidence``.
    """
    collector = Collector()
    message = UserMessage(
        # A typed slash would be read as a command of Rasa's own.
        text=body.get("text", "").lstrip("/ ") or "-",
        output_channel=collector,
        sender_id=body["sender"],
        input_channel="speaksafe",
        metadata={"choice": body.get("choice"), "calmed": bool(body.get("calmed"))},
    )
    if body.get("intent"):
        message.parse_data = _pressed(body["intent"])
    else:
        token = figure.set(bool(body.get("figure")))
        try:
            message.parse_data = await agent.processor.parse_message(message)
        finally:
            figure.reset(token)
    slots = turn_slots.set(body.get("slots") or {})
    try:
        await agent.handle_message(message)
    finally:
        turn_slots.reset(slots)
    intent = message.parse_data["intent"]
    return {
        "messages": collector.messages,
        "intent": intent.get(FULL_RETRIEVAL_INTENT_NAME_KEY) or intent["name"],
        "confidence": float(intent.get("confidence") or 0.0),
    }


def _pressed(name: str) -> dict[str, Any]:
    """What a pressed choice means: it is sure, so the machine learning is not asked."""
    parent = name.split("/")[0]
    intent = {"name": parent, "confidence": 1.0}
    parsed: dict[str, Any] = {"text": "-", "intent": intent, "entities": []}
    parsed["intent_ranking"] = [intent]
    if parent != name:
        intent[FULL_RETRIEVAL_INTENT_NAME_KEY] = name
        answer = {"intent_response_key": name, "confidence": 1.0}
        parsed["response_selector"] = {
            "all_retrieval_intents": [parent],
            parent: {"response": answer, "ranking": [answer]},
        }
    return parsed
