"""What weighs on a person is heard before anything is offered to her."""

from __future__ import annotations

from actions.base import Understood
from actions.desk import Desk
from bot.asking import BURDEN, ELSE, cared
from bot.conversation import Conversation
from catalogue import Message

#: So many ways there are to say each of these; the same is never said twice in a row.
WAYS = {"acknowledge": 4, "distress": 3, "heard": 2}

#: Below this a topic is not sure enough to be answered over a burden that may be meant.
SURE = 0.6


def consoling(desk: Desk, conversation: Conversation, what: str) -> list[Message]:
    """Words of comfort, others than last time.

    Args:
        desk: what is spoken through.
        conversation: remembers how often it was consoled.
        what: one of ``WAYS``.
    """
    conversation.consoled += 1
    return desk.say(conversation.lang, f"talk.{what}.{conversation.consoled % WAYS[what] + 1}")


def may_be_burden(said: Understood) -> bool:
    """Whether something weighs on the person, though a topic looks a little likelier."""
    return said.heard.choice is None and said.heard.confidence < SURE and said.burden >= BURDEN


def hear_first(desk: Desk, conversation: Conversation, said: Understood) -> list[Message]:
    """A word to the person, then the topics that she may have meant, then ways to go on."""
    values = [*_doctor(conversation), *cared(said.ranking, said.chances)]
    if conversation.danger:  # a guess that she is the one accused would hurt her now
        values = [value for value in values if value != "topic:accused"]
    return _heard(desk, conversation, values)


def stay(desk: Desk, conversation: Conversation) -> list[Message]:
    """A word to somebody who told of danger, whatever she says next, and where help is.

    "I am at home" is small talk to a machine; after "I was raped last night" it is not.

    Args:
        desk: what is spoken through.
        conversation: knows the danger.
    """
    return _heard(desk, conversation, [*_doctor(conversation), "menu:support", "menu:report", ELSE])


def _doctor(conversation: Conversation) -> list[str]:
    """Medical care comes first after an assault: it cannot wait."""
    return ["topic:medical_care"] if conversation.danger == "assault_recent" else []


def _heard(desk: Desk, conversation: Conversation, values: list[str]) -> list[Message]:
    choices = desk.named(conversation.lang, dict.fromkeys(values))
    return [
        *consoling(desk, conversation, "heard"),
        *desk.say(conversation.lang, "talk.what_would_help", *choices),
    ]
