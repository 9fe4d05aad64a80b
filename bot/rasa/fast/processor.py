"""The way of a message through Rasa, without what nobody looks at.

Stock Rasa copies the whole conversation before each action, copies messages and events for log
lines that are then dropped, looks at every slot although none is filled from words, and predicts
by comparing the conversation with every rule. Here the same methods are overridden one by one;
everything that is out of the ordinary goes the stock way.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Hashable
from typing import Any

import rasa.core.actions.action as rasa_actions
import rasa.core.agent
from rasa.core.actions.action import (
    Action,
    ActionExecutionRejection,
    ActionListen,
    action_for_index,
)
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa.fast.together import Together

logger = logging.getLogger(__name__)

#: Policies that look at nothing but what :func:`signature` holds.
_KNOWN_POLICIES = frozenset({"RulePolicy", "WalkPolicy"})

#: Events that no prediction of these policies depends on.
_SILENT = (SlotSet, BotUttered)

#: The slot that WalkPolicy looks at; only whether it is empty counts.
_WALK_SLOT = "walk"

#: Predictions that are remembered; there are about two for each intent.
_MOST_REMEMBERED = 1000


def signature(tracker: DialogueStateTracker) -> Hashable | None:
    """All that rules and the walk policy see of a conversation.

    Args:
        tracker: as the policies would get it.

    Returns:
        The same value for conversations that they cannot tell apart; ``None`` for one that is
        out of the ordinary, and must be shown to them.
    """
    if tracker.active_loop is not None or tracker.followup_action or tracker.is_paused():
        return None
    seen: list[tuple[Any, ...]] = []
    for event in tracker.events:
        kind = type(event)
        if kind in _SILENT:
            continue
        if kind is UserUttered:
            if event.entities or event.use_text_for_featurization:
                return None
            seen.append(("user", event.intent_name))
        elif kind is ActionExecuted:
            seen.append(("action", event.action_name, event.action_text, event.hide_rule_turn))
        elif kind is SessionStarted:
            seen.clear()
        elif kind is DefinePrevUserUtteredFeaturization:
            seen.append(("features", event.use_text_for_featurization))
        else:
            return None
    return (bool(tracker.get_slot(_WALK_SLOT)), *seen)


class LeanProcessor(MessageProcessor):
    """Rasa's processor with less to do for each message."""

    #: Whether messages that wait at the same moment are understood in one step.
    understands_together = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._remembered: dict[Hashable, PolicyPrediction] = {}
        self._may_remember = self._policies_are_known()
        self._nothing_to_extract = self._slots_are_set_by_actions()
        self._actions: dict[int, Action] = {}
        self._together = Together.of(self.graph_runner) if self.understands_together else None

    def _policies_are_known(self) -> bool:
        from rasa.core.policies.policy import Policy

        nodes = self.model_metadata.predict_schema.nodes.values()
        policies = {node.uses.__name__ for node in nodes if issubclass(node.uses, Policy)}
        influenced = any(slot.influence_conversation for slot in self.domain.slots)
        whole = not self.domain.action_texts and not self.domain.entities
        return policies <= _KNOWN_POLICIES and whole and not influenced

    def _slots_are_set_by_actions(self) -> bool:
        mappings = [m for slot in self.domain.slots for m in slot.mappings]
        custom = all(m.get("type") == "custom" and "action" not in m for m in mappings)
        return custom and "action_validate_slot_mappings" not in self.domain.user_actions

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Nothing to do where no slot is filled from what was said."""
        if self._nothing_to_extract:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Only warns, of what the check of the training data finds before."""

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nobody logs slots."""

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """As in the parent class, without copies for the log."""
        if self.http_interpreter:
            return await super().parse_message(message, tracker, only_output_properties)
        empty = tracker or DialogueStateTracker.from_events(message.sender_id, [])
        if self._together and message.text:
            await self._together.prepare(message.text)
        found = self._parse_message_with_graph(message, empty, only_output_properties)
        self._update_full_retrieval_intent(found)
        return found

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """What was predicted for the same conversation before, or a new prediction.

        The policies are rules: the same conversation always gets the same prediction.
        """
        key = signature(tracker) if self._may_remember else None
        if key is None:
            return super()._predict_next_with_tracker(tracker)
        if key not in self._remembered:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = super()._predict_next_with_tracker(tracker)
        found = copy.copy(self._remembered[key])
        # Events get the time and the model's name when they are applied: each turn has its own.
        found.events = [copy.copy(event) for event in found.events]
        return found

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """As in the parent class; an action's object is made once."""
        going_on = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, going_on):
            return super().predict_next_with_tracker_if_should(tracker)  # it raises
        prediction = self._predict_next_with_tracker(tracker)
        index = prediction.max_confidence_index
        if index not in self._actions:
            self._actions[index] = action_for_index(index, self.domain, self.action_endpoint)
        return self._actions[index], prediction

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """As in the parent class, for listening and for an action of the service.

        Stock Rasa gives an action a copy of the conversation, made by playing it once more, with
        the events of the prediction added. A call of the service only reads, and tells nothing of
        such events.
        """
        plain = type(action) in (rasa_actions.RemoteAction, ActionListen)
        if not plain or any(isinstance(event, FollowupAction) for event in tracker.events):
            return await super()._run_action(action, tracker, output_channel, nlg, prediction)
        try:
            events = await action.run(output_channel, nlg, tracker, self.domain)
        except ActionExecutionRejection:
            name, sure = prediction.policy_name, prediction.max_confidence
            tracker.update(ActionExecutionRejected(action.name(), name, sure))
            return self.should_predict_another_action(action.name())
        except Exception:
            logger.exception("an action failed")
            events = []
        self._log_action_on_tracker(tracker, action, events, prediction)
        if any(isinstance(event, UserUttered) for event in events):
            tracker = await self.run_action_extract_slots(output_channel, tracker)
        if events:
            await self.execute_side_effects(events, tracker, output_channel)
        return self.should_predict_another_action(action.name())

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        """As in the parent class, without copies for the log."""
        found = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in found):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(found, self.domain)


def install() -> None:
    """Let the agent make this processor."""
    rasa.core.agent.MessageProcessor = LeanProcessor
