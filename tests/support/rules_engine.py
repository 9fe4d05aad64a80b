"""An engine without machine learning: the real rules and the real actions, and a few fixed words.

For tests of what stands around the engine. What a pressed choice means, what a walk does, and every
action are real; only what a typed sentence means is looked up in a short list.
"""

from __future__ import annotations

import asyncio
import json
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml
from rasa_sdk.executor import ActionExecutor

ROOT = Path(__file__).resolve().parents[2]

#: What a typed sentence means if it has this in it.
_MEANS = {
    "harassment": "faq/definition",
    "harcèlement": "faq/definition",
    "deadline": "faq/deadlines",
    "report": "menu_report",
    "survey": "menu_survey",
    "hello": "greet",
    "yes": "affirm",
    "skip": "skip",
    "back": "go_back",
}


@cache
def _rules() -> dict[str, str]:
    rules = yaml.safe_load((ROOT / "data/rules/rules.yml").read_text())["rules"]
    return {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}


class RulesEngine(httpx.AsyncBaseTransport):
    """Stands in for the engine behind ``bot.engine.Engine``.

    Args:
        executor: with the real actions; set it before the first turn.
        slow: seconds that each turn takes.
    """

    def __init__(self) -> None:
        self.executor: ActionExecutor | None = None
        self.slow = 0.0
        self.asked: list[dict[str, Any]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As ``bot/rasa/channel.py`` answers."""
        if request.method == "DELETE":
            return httpx.Response(204)
        if request.url.path.endswith("/ready"):
            return httpx.Response(200, json={"ready": True})
        body = json.loads(await request.aread())
        self.asked.append(body)
        await asyncio.sleep(self.slow)
        return httpx.Response(200, json=await self._turn(body))

    async def _turn(self, body: dict[str, Any]) -> dict[str, Any]:
        name = body.get("intent") or _meant(body.get("text", ""))
        parent = name.split("/")[0]
        action = "action_walk" if body["slots"].get("walk") else _rules()[parent]
        latest: dict[str, Any] = {
            "text": body.get("text") or "-",
            "intent": {"name": parent, "confidence": 1.0},
            "metadata": {"choice": body.get("choice"), "calmed": bool(body.get("calmed"))},
        }
        if parent != name:
            answer = {"intent_response_key": name, "confidence": 1.0}
            latest["response_selector"] = {parent: {"response": answer}}
        call = {
            "next_action": action,
            "sender_id": body["sender"],
            "tracker": {
                "sender_id": body["sender"],
                "slots": body["slots"],
                "latest_message": latest,
                "events": [],
            },
            "domain": {},
        }
        assert self.executor is not None
        result = await self.executor.run(call)
        said = result.model_dump()["responses"] if result else []
        messages = [m | {"buttons": m.get("buttons") or []} for m in said]
        return {"messages": messages, "intent": name, "confidence": 1.0}


def _meant(text: str) -> str:
    found = (intent for word, intent in _MEANS.items() if word in text.casefold())
    return next(found, "nlu_fallback")
