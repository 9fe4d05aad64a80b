"""The call of an action: one kept connection, a small letter there, a quick look at the answer.

Stock Rasa opens a connection for each call, sends every event of the conversation, and for the
answer checks the JSON schema itself before it checks the answer by it (some 20 ms). The letter
that is sent here has the same shape; its list of events is empty, because our actions look at
what was said last and at the slots, never back.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import aiohttp
import rasa
import rasa.core.actions.action as rasa_actions
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

StockRemoteAction = rasa_actions.RemoteAction

#: What actions get of the latest message. The rest is the classifier's, and long.
_TOLD = ("text", "intent", "entities", "metadata", "full_intent_ranking", "near_danger")


class LeanRemoteAction(StockRemoteAction):
    """Runs an action in the service."""

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        """Rasa's own format, without a domain and without what was before."""
        latest = tracker.latest_message
        said = latest.parse_data if latest else {}
        message = {name: said[name] for name in _TOLD if name in said}
        if full := _full_name(said):
            message["response_selector"] = full
        return {
            "next_action": self._name,
            "sender_id": tracker.sender_id,
            "version": rasa.__version__,
            "tracker": {
                "sender_id": tracker.sender_id,
                "slots": tracker.current_slot_values(),
                "latest_message": message,
                "latest_event_time": tracker.events[-1].timestamp if tracker.events else None,
                "followup_action": tracker.followup_action,
                "paused": tracker.is_paused(),
                "events": [],
                "latest_input_channel": latest.input_channel if latest else None,
                "active_loop": {},
                "latest_action": tracker.latest_action,
                "latest_action_name": tracker.latest_action_name,
            },
        }

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        """The same check with a validator that is made once.

        Raises:
            jsonschema.ValidationError: the answer is not one of an action.
        """
        if not _plainly_valid(result):
            error = best_match(_validator().iter_errors(result))
            if error is not None:
                raise error
        return True


def _full_name(said: dict[str, Any]) -> dict[str, Any] | None:
    """Of the response selector only the name that was decided."""
    selector = said.get("response_selector") or {}
    name = (said.get("intent") or {}).get("name")
    response = (selector.get(name) or {}).get("response") or {}
    key = response.get("intent_response_key")
    return {name: {"response": {"intent_response_key": key}}} if key else None


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = StockRemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _plainly_valid(result: Any) -> bool:
    """Whether an answer is of the kind that ours are: messages, and slots that are set."""
    if not isinstance(result, dict):
        return False
    responses, found = result.get("responses", []), result.get("events", [])
    return (
        isinstance(responses, list)
        and isinstance(found, list)
        and all(isinstance(response, dict) for response in responses)
        and all(_sets_a_slot(event) for event in found)
    )


def _sets_a_slot(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and event.keys() <= {"event", "timestamp", "name", "value"}
        and event.get("event") == "slot"
        and isinstance(event.get("name"), str)
        and "value" in event
        and event.get("timestamp") is None
    )


class KeptEndpoint(EndpointConfig):
    """An action server on this machine or the inner network, over connections that are kept."""

    _session: aiohttp.ClientSession | None = None

    async def request(self, method: str = "post", **kwargs: Any) -> Any:  # type: ignore[override]
        """Send one letter and read the answer.

        Raises:
            ClientResponseError: the answer's status is 400 or above.
        """
        if self._session is None:
            # No total time-out beyond Rasa's own, which the caller gives; no cookies, no proxy.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                json_serialize=_to_json,
                headers={"Content-Type": "application/json", **self.headers},
                skip_auto_headers=("User-Agent", "Accept-Encoding"),
            )
        body = kwargs["json"]
        async with self._session.post(self.url, json=body, timeout=_patience()) as answer:
            read = await answer.read()
            if answer.status >= 400:
                raise ClientResponseError(answer.status, answer.reason, read)
            return json.loads(read)


@lru_cache(maxsize=1)
def _patience() -> aiohttp.ClientTimeout:
    from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT

    return aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT)


def _to_json(what: Any) -> str:
    return json.dumps(what, separators=(",", ":"))


_resolve_slowly = events.Event.resolve_by_type


@lru_cache(maxsize=256)
def _resolve(type_name: str, default: type[events.Event] | None = None) -> Any:
    """The class of an event; stock Rasa walks through all classes for each event."""
    return _resolve_slowly(type_name, default)


def install() -> None:
    """Let every action be called this way."""
    rasa_actions.RemoteAction = LeanRemoteAction
    events.Event.resolve_by_type = staticmethod(_resolve)
