"""The tracker store keeps slots and the active loop, sealed, for a while, and never words."""

from __future__ import annotations

import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa.tracker_store import MemoryShelf, SealedTrackerStore, turn_slots

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {
            "walk": {
                "type": "text",
                "influence_conversation": False,
                "mappings": [{"type": "custom"}],
            }
        },
        "actions": ["action_walk"],
        "forms": {"some_form": {"required_slots": []}},
    }
)
WORDS = "my colleague Planted Name did it"


def tracker() -> DialogueStateTracker:
    events = [
        ActionExecuted("action_listen"),
        UserUttered(WORDS, {"name": "greet", "confidence": 1.0}),
        SlotSet("walk", "report"),
        ActiveLoop("some_form"),
        ActionExecuted("action_walk"),
        ActionExecuted("action_listen"),
    ]
    return DialogueStateTracker.from_events("pseudonym", events, DOMAIN.slots, domain=DOMAIN)


def store(shelf: MemoryShelf, **kwargs: object) -> SealedTrackerStore:
    return SealedTrackerStore(DOMAIN, shelf=shelf, **kwargs)  # type: ignore[arg-type]


def test_slots_and_active_loop_come_back_and_words_do_not() -> None:
    kept = store(MemoryShelf())
    asyncio.run(kept.save(tracker()))
    found = asyncio.run(kept.retrieve("pseudonym"))
    assert found is not None
    assert found.get_slot("walk") == "report"
    assert found.active_loop_name == "some_form"
    assert found.latest_action_name == "action_listen"
    assert not any(isinstance(event, UserUttered) for event in found.events)


def test_what_lies_on_the_shelf_is_noise_under_a_name_that_is_noise() -> None:
    shelf = MemoryShelf()
    asyncio.run(store(shelf).save(tracker()))
    ((name, (_, blob)),) = shelf._blobs.items()
    assert "pseudonym" not in name
    for word in (b"report", b"walk", b"Planted", b"some_form"):
        assert word not in blob


def test_a_long_conversation_leaves_no_more_than_a_short_one() -> None:
    shelf = MemoryShelf()
    kept = store(shelf)
    sizes = []
    for turns in (1, 150):
        talk = tracker()
        for _ in range(turns):
            talk.update(UserUttered(WORDS, {"name": "greet", "confidence": 1.0}), DOMAIN)
            talk.update(ActionExecuted("action_listen"), DOMAIN)
        asyncio.run(kept.save(talk))
        found = asyncio.run(kept.retrieve("pseudonym"))
        assert found is not None
        sizes.append((len(next(iter(shelf._blobs.values()))[1]), len(found.events)))
    assert sizes[0] == sizes[1]


def test_deleted_is_gone() -> None:
    kept = store(MemoryShelf())
    asyncio.run(kept.save(tracker()))
    asyncio.run(kept.delete("pseudonym"))
    assert asyncio.run(kept.retrieve("pseudonym")) is None


def test_idle_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("bot.rasa.tracker_store.time.monotonic", lambda: now[0])
    shelf = MemoryShelf()
    kept = store(shelf, idle_seconds=1800)
    asyncio.run(kept.save(tracker()))
    now[0] += 1799
    assert asyncio.run(kept.retrieve("pseudonym")) is not None
    now[0] += 2
    assert asyncio.run(kept.retrieve("pseudonym")) is None
    assert not shelf._blobs, "not merely hidden"


def test_another_key_opens_nothing() -> None:
    shelf = MemoryShelf()
    asyncio.run(store(shelf).save(tracker()))
    assert asyncio.run(store(shelf).retrieve("pseudonym")) is None


def test_conversations_cannot_be_listed() -> None:
    kept = store(MemoryShelf())
    asyncio.run(kept.save(tracker()))
    assert list(asyncio.run(kept.keys())) == []


def test_what_the_service_knows_of_this_turn_comes_first() -> None:
    kept = store(MemoryShelf())
    asyncio.run(kept.save(tracker()))

    async def with_slots() -> DialogueStateTracker | None:
        turn_slots.set({"walk": "survey", "unknown": 1})
        return await kept.retrieve("pseudonym")

    found = asyncio.run(with_slots())
    assert found is not None
    assert found.get_slot("walk") == "survey"


def test_after_a_restart_the_service_still_says_which_walk_runs() -> None:
    async def with_slots() -> DialogueStateTracker | None:
        turn_slots.set({"walk": "survey"})
        return await store(MemoryShelf()).retrieve("pseudonym")

    found = asyncio.run(with_slots())
    assert found is not None
    assert found.get_slot("walk") == "survey"
