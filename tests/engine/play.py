"""Plays conversations through one engine, stock or tuned, and writes down all that happens.

    SPEAKSAFE_ENGINE_PLAIN=all .venv/engine/bin/python tests/engine/play.py MODEL COUNT OUT [1/2]

The last word plays only every second conversation, from the first on; another process the rest.

Each turn becomes one line of JSON: what was said and understood, every event of the conversation
and all that an action could know. Two engines answer the same when the two files are the same.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import zlib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

#: What differs by nature: times, and numbers drawn for each message.
_OWN = ("timestamp", "message_id", "latest_event_time")

#: Of the letter to the action server: what our actions read, and what Rasa's SDK needs.
_READ = ("sender_id", "slots", "followup_action", "paused", "latest_input_channel")
_MESSAGE = ("text", "intent", "entities", "metadata", "full_intent_ranking", "near_danger")


class Stage:
    """An action server without a network, whose answers depend on the letters alone."""

    def __init__(self) -> None:
        self.letters: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.slots: dict[str, Any] = {}
        self.turn = ""

    def answer(self, letter: dict[str, Any]) -> Any:
        """What the action answers; an exception where an action server would fail."""
        from rasa.utils.endpoints import ClientResponseError

        self.letters.append(_readable(letter))
        action = letter["next_action"]
        dice = zlib.crc32(f"{self.turn}/{action}/{len(self.letters)}".encode())
        kind = dice % 40
        if kind == 0:
            body = json.dumps({"action_name": action, "error": "no"})
            raise ClientResponseError(400, "Bad", body)
        if kind == 1:
            raise ClientResponseError(500, "Bad", "{}")
        if kind in _STRANGE:
            return json.loads(_STRANGE[kind])
        events = [self._set("walk", self._walk(action, dice)), self._set("topic", action)]
        said = [{"text": f"{action} {n}", "buttons": [], "custom": {}} for n in range(dice % 3 + 1)]
        said[-1]["buttons"] = [{"title": "On", "payload": "do:on"}][: dice % 2]
        said[-1]["custom"] = {"free": True} if dice % 5 == 0 else {}
        return {"events": events, "responses": said}

    def _walk(self, action: str, dice: int) -> str | None:
        if action.startswith("action_begin_"):
            return action.removeprefix("action_begin_")
        return self.slots.get("walk") if dice % 7 else None

    def _set(self, name: str, value: Any) -> dict[str, Any]:
        self.slots[name] = value
        return {"event": "slot", "timestamp": None, "name": name, "value": value}


#: Answers that our own actions never give.
_STRANGE = {
    2: "{}",
    3: '{"events": "none", "responses": []}',
    4: '{"events": [{"event": "slot", "name": "walk"}], "responses": []}',
    5: '{"events": [{"event": "followup", "name": "action_open"}], "responses": []}',
    6: '{"events": [{"event": "pause"}], "responses": [{"text": "Paused"}]}',
    7: '{"events": [{"event": "rewind"}], "responses": [{"text": "Back"}]}',
    8: '{"events": [{"event": "reset_slots"}], "responses": []}',
    9: '{"events": [{"event": "restart"}], "responses": []}',
    10: '{"events": [{"event": "undo"}], "responses": []}',
    11: '{"events": [{"event": "action", "name": "action_menu"}], "responses": []}',
    12: '{"events": [{"event": "no_such_event"}], "responses": [{"text": "Odd"}]}',
    13: '{"events": [], "responses": ["no object"]}',
}


def _readable(letter: dict[str, Any]) -> dict[str, Any]:
    tracker = letter["tracker"]
    latest = tracker["latest_message"] or {}
    said = {name: latest.get(name) for name in _MESSAGE if latest.get(name) is not None}
    name = (latest.get("intent") or {}).get("name")
    chosen = (latest.get("response_selector") or {}).get(name) or {}
    key = (chosen.get("response") or {}).get("intent_response_key")
    return {
        "next_action": letter["next_action"],
        "tracker": {name: tracker[name] for name in (*_READ, "latest_action_name")},
        "message": said | {"full_name": key},
    }


def agent_on(stage: Stage, model: str) -> Any:
    """Rasa's agent with our tracker store, as it is served, and the stage as its action server."""
    from rasa.core.agent import Agent
    from rasa.shared.core.domain import Domain
    from rasa.utils.endpoints import EndpointConfig

    from bot.rasa.tracker_store import SealedTrackerStore

    class Endpoint(EndpointConfig):
        async def request(self, **kwargs: Any) -> Any:
            # As over HTTP: nothing that is kept is shared.
            return json.loads(json.dumps(stage.answer(json.loads(json.dumps(kwargs["json"])))))

    class Store(SealedTrackerStore):
        async def save(self, tracker: Any) -> None:
            stage.events = [event.as_dict() for event in tracker.events]
            await super().save(tracker)

    endpoint = Endpoint("http://stage", enable_selective_domain=True)
    return Agent.load(model, tracker_store=Store(Domain.empty()), action_endpoint=endpoint)


async def play(agent: Any, stage: Stage, conversation: dict[str, Any]) -> list[str]:
    """One conversation; one line for each turn."""
    from bot.rasa.channel import _take

    lines = []
    stage.slots = {"walk": None, "topic": None, "language": conversation["lang"]}
    for number, turn in enumerate(conversation["turns"]):
        stage.letters, stage.events = [], []
        stage.turn = f"{conversation['sender']}/{number}"
        body = {"sender": conversation["sender"], **turn}
        if turn["told"]:
            body["slots"] = dict(stage.slots)
        try:
            answer: Any = await _take(agent, body)
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        found = {"answer": answer, "events": stage.events, "letters": stage.letters}
        lines.append(json.dumps(_without_own(found), sort_keys=True))
    return lines


def _without_own(what: Any) -> Any:
    if isinstance(what, dict):
        return {name: _without_own(value) for name, value in what.items() if name not in _OWN}
    return [_without_own(one) for one in what] if isinstance(what, list) else what


async def _all(model: str, count: int, part: int, parts: int) -> list[str]:
    from bench.recorded import conversations

    stage = Stage()
    agent = agent_on(stage, model)
    lines = []
    for number, conversation in enumerate(conversations(count)[part - 1 :: parts], 1):
        for line in await play(agent, stage, conversation):
            lines.append(f"{conversation['sender'][-4:]} {line}")
        if number % 50 == 0:
            print(number, file=sys.stderr, flush=True)
    return lines


def main(model: str, count: str, out: str, share: str = "1/1") -> None:
    """Play and write."""
    part, _, parts = share.partition("/")
    os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3")
    from bot.rasa import fast
    from bot.rasa.serve import quiet_logs

    quiet_logs()
    installed = fast.install(Path(model))
    quiet_logs()
    lines = asyncio.run(_all(model, int(count), int(part), int(parts)))
    Path(out).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(",".join(installed) or "stock")


if __name__ == "__main__":
    main(*sys.argv[1:])
