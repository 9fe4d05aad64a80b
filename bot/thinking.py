"""Asking the engine, and what can still be done while it is away."""

from __future__ import annotations

from collections.abc import Mapping

from bot.choices import OF_WALKS, intent_of
from bot.conversation import Conversation
from bot.conversations import Conversations
from bot.engine import Answer, Engine, EngineBusy, EngineDown
from bot.listening import Said
from bot.turn import Turn
from bot.voice import Voice
from catalogue import Heard, Message, Step, Walk

#: What ends a survey with its answers kept or deleted.
_ENDING = ("do:delete", "do:keep")


class Thinking:
    """Has the engine think about a message."""

    def __init__(
        self,
        voice: Voice,
        conversations: Conversations,
        engine: Engine,
        walks: Mapping[str, Walk],
    ) -> None:
        self._voice = voice
        self._conversations = conversations
        self._engine = engine
        self._walks = walks

    async def about(
        self,
        conversation: Conversation,
        said: Said,
        first: tuple[Message, ...],
        intent: str | None = None,
    ) -> Turn:
        """Ask the engine about a message.

        Args:
            conversation: where it was said.
            said: the message.
            first: is said before the answer, and also without one.
            intent: what the message is taken for, if that is known beforehand.
        """
        place = {"walk": conversation.walk, "topic": conversation.topic}
        slots = {"language": conversation.lang, **place}
        intent = intent_of(said.choice) if said.choice else intent
        try:
            answer = await self._engine.turn(
                conversation.id,
                slots,
                text=said.text,
                intent=intent,
                choice=said.choice,
                calmed=bool(first),
                figure=said.figure,
            )
        except EngineDown as down:
            if down.reached:
                await self._conversations.doing.give_up(conversation.id)
            if acted := await self._acted(conversation):
                answer = acted
            elif step := await self._alone(conversation, said, down):
                return self._voice.turn(conversation, (*first, *step.messages), intent="choose")
            else:
                return self._voice.down(conversation, first, isinstance(down, EngineBusy))
        if not answer.messages:
            return self._voice.down(conversation, first, busy=False)
        messages = (*first, *answer.messages)
        danger = answer.intent.startswith("danger")
        if not (first or danger or conversation.opened or answer.intent in ("greet", "help")):
            messages = self._voice.introduce(conversation, messages)
        return self._voice.turn(
            conversation,
            messages,
            intent=answer.intent,
            confidence=answer.confidence,
            gate="crisis" if danger else None,
        )

    async def _acted(self, conversation: Conversation) -> Answer | None:
        """What the action said, if it was done and the engine died before it could pass that on.

        To call it a fault would be untrue: who is told to send her answers once more, though they
        are stored and her survey is over, begins anew.
        """
        now = await self._conversations.find(conversation.id)
        if now is None or not now.answer:
            return None
        held = Turn.from_entry(now.answer)
        return Answer(held.messages, held.intent or "", held.confidence)

    async def _alone(self, conversation: Conversation, said: Said, down: EngineDown) -> Step | None:
        """A button of a walk needs no machine learning, so it works without the engine.

        An engine that hangs may still do what was asked: then only what ends the walk is done
        here, because nothing is left to be done twice.
        """
        works = _ENDING if down.reached else (*_ENDING, *OF_WALKS)
        now = await self._conversations.find(conversation.id)
        if now is None or not said.choice or not said.choice.startswith(works):
            return None
        if not now.walk or now.walk_state is None or now.walk_state != conversation.walk_state:
            return None
        walk = self._walks[now.walk]
        heard = Heard("", said.choice, "choose", 1.0, now.lang, now.envelope, now.attached)
        step = await walk.step(now.walk_state, heard)
        if step.digression:
            return None
        if step.state is None or walk.over(step.state):
            now.kept = (now.walk, step.state) if step.state is not None else now.kept
            now.walk, now.walk_state = None, None
        else:
            now.walk_state = step.state
        now.will_say(Turn(step.messages, False, now.lang, "choose"))
        await self._conversations.keep(now)
        return step
