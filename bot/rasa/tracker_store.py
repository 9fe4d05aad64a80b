"""A tracker store with no memory of words.

After each turn it keeps what the next turn needs, the slots and the active loop, sealed with a
key that lives in memory only, under a keyed hash of the conversation's pseudonym, for half an
hour. Message text and history are never stored, so there is nothing to leak and a turn costs the
same at the 150th message as at the first.

Policies that look back (TED, memoization) find nothing to look back at; rules, forms and the
walk policy need no more than this.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

#: Seconds without a message after which a conversation is forgotten.
IDLE_SECONDS = 30 * 60

#: Slots that the caller of this very turn knows better than the store (after a restart of the
#: engine the store knows nothing at all). Set by the input channel, read when a tracker is made.
turn_slots: ContextVar[Mapping[str, Any]] = ContextVar("turn_slots")


class Shelf(Protocol):
    """Where sealed states lie."""

    def put(self, name: str, blob: bytes, seconds: int) -> None: ...

    def get(self, name: str) -> bytes | None: ...

    def delete(self, name: str) -> None: ...


class MemoryShelf:
    """Sealed states of one process; what is idle too long is dropped at the next touch."""

    def __init__(self) -> None:
        self._blobs: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def put(self, name: str, blob: bytes, seconds: int) -> None:
        """Keep ``blob`` for ``seconds``; entries are in the order of their end."""
        self._blobs.pop(name, None)
        self._blobs[name] = (time.monotonic() + seconds, blob)
        self._drop_stale()

    def get(self, name: str) -> bytes | None:
        """The blob, if it is still there."""
        self._drop_stale()
        found = self._blobs.get(name)
        return found[1] if found else None

    def delete(self, name: str) -> None:
        """Forget at once."""
        self._blobs.pop(name, None)

    def _drop_stale(self) -> None:
        now = time.monotonic()
        while self._blobs:
            name, (until, _) = next(iter(self._blobs.items()))
            if until > now:
                return
            del self._blobs[name]


class RedisShelf:
    """Sealed states in a Redis that several engines share and that persists nothing."""

    def __init__(self, url: str) -> None:
        import redis

        self._redis = redis.Redis.from_url(url, socket_timeout=5)

    def put(self, name: str, blob: bytes, seconds: int) -> None:
        """Keep ``blob`` for ``seconds``."""
        self._redis.set(f"tracker:{name}", blob, ex=seconds)

    def get(self, name: str) -> bytes | None:
        """The blob, if it is still there."""
        found = self._redis.get(f"tracker:{name}")
        return bytes(found) if found is not None else None

    def delete(self, name: str) -> None:
        """Forget at once."""
        self._redis.delete(f"tracker:{name}")


class SealedTrackerStore(TrackerStore):
    """Keeps slots and the active loop of each conversation, sealed, for a short time.

    Configuration (``endpoints.yml``): ``idle_seconds``. Environment: ``SPEAKSAFE_REDIS_URL``
    puts the states into Redis for several engines, which then also need one common
    ``SPEAKSAFE_STATE_KEY`` (64 hex digits); without it each process makes its own key and
    forgets it when it ends.
    """

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        idle_seconds: int = IDLE_SECONDS,
        shelf: Shelf | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        given = os.environ.get("SPEAKSAFE_STATE_KEY", "")
        root = bytes.fromhex(given) if given else os.urandom(32)
        self._name_key = hmac.digest(root, b"speaksafe/1/tracker-name", hashlib.sha256)
        self._seal_key = hmac.digest(root, b"speaksafe/1/tracker-seal", hashlib.sha256)
        redis_url = os.environ.get("SPEAKSAFE_REDIS_URL", "")
        self._shelf = shelf or (RedisShelf(redis_url) if redis_url else MemoryShelf())
        self._idle_seconds = int(idle_seconds)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Seal the slots that differ from their start value, and the active loop."""
        state = {
            "slots": {
                name: slot.value
                for name, slot in tracker.slots.items()
                if slot.has_been_set and slot.value != slot.initial_value
            },
            "loop": tracker.active_loop_name,
        }
        sender = tracker.sender_id
        iv = os.urandom(12)
        sealed = iv + self._cipher(sender).encrypt(iv, json.dumps(state).encode(), None)
        self._shelf.put(self._name(sender), sealed, self._idle_seconds)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as a fresh session with its slots, or ``None`` when forgotten."""
        given = turn_slots.get({})
        state = self._open(sender_id)
        if state is None:
            if not given:
                return None
            state = {"slots": {}, "loop": None}
        slots = {**state["slots"], **given}
        events: list[Event] = [SessionStarted()]
        events += [SlotSet(name, value) for name, value in slots.items() if name in self.slot_names]
        if state["loop"]:
            events.append(ActiveLoop(state["loop"]))
        events.append(ActionExecuted("action_listen"))
        return DialogueStateTracker.from_events(
            sender_id, events, slots=self.domain.slots, domain=self.domain
        )

    async def keys(self) -> Iterable[str]:
        """Nothing: pseudonyms are not kept, so they cannot be listed."""
        return []

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation at once (stock trackers cannot be deleted)."""
        self._shelf.delete(self._name(sender_id))

    @property
    def slot_names(self) -> frozenset[str]:
        """The slots that the domain has."""
        return frozenset(slot.name for slot in self.domain.slots)

    def _name(self, sender_id: str) -> str:
        return hmac.new(self._name_key, sender_id.encode(), hashlib.sha256).hexdigest()

    def _cipher(self, sender_id: str) -> AESGCM:
        # A key for each conversation, made from its pseudonym: once the pseudonym is forgotten,
        # what is left of the state cannot be opened even with the engine's own key.
        return AESGCM(hmac.digest(self._seal_key, sender_id.encode(), hashlib.sha256))

    def _open(self, sender_id: str) -> dict[str, Any] | None:
        sealed = self._shelf.get(self._name(sender_id))
        if sealed is None:
            return None
        try:
            plain = self._cipher(sender_id).decrypt(sealed[:12], sealed[12:], None)
        except InvalidTag:
            return None  # sealed by an engine with another key: a forgotten conversation
        return dict(json.loads(plain))
