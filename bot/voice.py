"""What a turn says: texts of the catalogue put together, without a decision."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import Conversation
from bot.turn import BUSY, Turn
from catalogue import Choice, Message, Messages


class Voice:
    """Speaks in the words of the catalogue, in a conversation's language and for its channel."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def turn(
        self,
        conversation: Conversation,
        messages: tuple[Message, ...],
        *,
        intent: str | None = None,
        confidence: float = 0.0,
        gate: str | None = None,
    ) -> Turn:
        """What is said now, in a conversation that goes on.

        Args:
            conversation: whose turn it is.
            messages: what is said, in order.
            intent: what was understood, if anything was.
            confidence: how surely, 0 to 1.
            gate: what the gate recognised.
        """
        sure = confidence or (1.0 if gate else 0.0)
        return Turn(messages, False, conversation.lang, intent or gate, sure, gate)

    def say(self, conversation: Conversation, key: str) -> tuple[Message, ...]:
        """The text with this key, one message for each of its paragraphs."""
        said = self._messages.on(conversation.channel).texts(conversation.lang, key)
        return tuple(map(Message, said))

    def choice(self, conversation: Conversation, key: str, value: str) -> Choice:
        """A choice: the text with this key, and the value it stands for."""
        return Choice(self._messages.on(conversation.channel).text(conversation.lang, key), value)

    def introduce(
        self, conversation: Conversation, messages: tuple[Message, ...]
    ) -> tuple[Message, ...]:
        """Who begins with a question is answered first, and told what this is right after."""
        *told, end = self.say(conversation, f"open.brief.{conversation.channel}")
        *before, last = messages
        if before and (last.free or last.text.rstrip().endswith(("?", "？", "؟"))):
            return (*before, *told, end, last)  # a question stays the last thing that is said
        return (*before, replace(last, choices=()), *told, replace(end, choices=last.choices))

    def down(self, conversation: Conversation, first: tuple[Message, ...], busy: bool) -> Turn:
        """There is no answer now: that it is our fault, and what can be done; ``first`` before."""
        *said, last = self.say(conversation, "gate.engine_down")
        again = self.choice(conversation, "talk.choice.again", "menu:main")
        closing = Message(last.text, () if conversation.walk else (again,))
        intent = BUSY if busy and not first else None
        return self.turn(conversation, (*first, *said, closing), intent=intent)
