"""The actions of the stock assistant, written as the Rasa SDK's documentation shows it."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import AllSlotsReset, EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

LONGEST = 20_000


class ValidateQuestionsForm(FormValidationAction):
    """Checks each answer of the form."""

    def name(self) -> str:
        """As in the domain."""
        return "validate_questions_form"


def _check(slot: str) -> Any:
    def validate(
        self: ValidateQuestionsForm,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,
    ) -> dict[str, Any]:
        text = str(value).strip()
        return {slot: text if 0 < len(text) <= LONGEST else None}

    return validate


for _number in range(1, 11):
    setattr(ValidateQuestionsForm, f"validate_q{_number}", _check(f"q{_number}"))


class ActionHandIn(Action):
    """Takes what the form has gathered. It stores nothing, which only makes it faster."""

    def name(self) -> str:
        """As in the domain."""
        return "action_hand_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Thank, and forget the answers."""
        dispatcher.utter_message(response="utter_handed_in")
        return [AllSlotsReset()]
