"""What is said when a conversation moves to another channel; no machine learning is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation import Conversation
from bot.conversations import Conversations
from bot.engine import Engine
from bot.handover import CODE_SECONDS, Handover, TooManyTries, read_code, spoken
from bot.listening import Said
from bot.opening import roads
from bot.turn import Turn
from catalogue import Brief, Choice, Message, Messages, Walk


class Moving:
    """Gives a code on one side and takes it on the other.

    Args:
        handover: makes and takes codes.
        messages: the words.
        conversations: where the moved conversation is kept.
        engine: forgets the former pseudonym.
        walks: a running one asks its question again.
    """

    def __init__(
        self,
        handover: Handover,
        messages: Messages,
        conversations: Conversations,
        engine: Engine,
        walks: Mapping[str, Walk],
    ) -> None:
        self._handover = handover
        self._messages = messages
        self._conversations = conversations
        self._engine = engine
        self._walks = walks

    async def hear(self, here: Conversation, said: Said) -> Turn | None:
        """The answer, if the message wishes to move or is a code; else ``None``.

        Args:
            here: the conversation in which it was said.
            said: the message.
        """
        if said.sign and said.sign.kind == "move":
            new = spoken(await self._handover.issue(here.id))
            minutes = CODE_SECONDS // 60
            how, *rest = self._say(here, "move.code", code=new, minutes=minutes)
            return self._turn(here, (how, *self._page(here), *rest))
        # In the middle of something, nine digits are an answer like any other.
        code = None if here.walk or said.choice or said.sign else read_code(said.text)
        return await self._arrive(here, code) if code else None

    async def _arrive(self, here: Conversation, code: str) -> Turn:
        try:
            found = await self._handover.redeem(code, here)
        except TooManyTries:
            return self._turn(here, self._say(here, "move.slow"))
        if found is None:
            return self._turn(here, self._say(here, "move.wrong", minutes=CODE_SECONDS // 60))
        if self._too_much(found.walk, here.channel):
            return await self._back(here, found)
        await self._engine.forget(found.id)
        found = self._widened(found, here.channel)
        moved = replace(found, id=here.id, channel=here.channel, opened=True, key=None, answer=None)
        moved.seals = here.seals
        if moved.walk and moved.walk_state is not None:
            moved.walk_state = self._walks[moved.walk].moved(moved.walk_state, seals=here.seals)
        await self._conversations.keep(moved)
        words = (
            *self._say(moved, "move.arrived"),
            *self._say(moved, f"open.privacy.{moved.channel}"),
        )
        return self._turn(moved, (*words, *await self._goes_on(moved)))

    def _too_much(self, walk: str | None, channel: str) -> bool:
        """A channel with walks of its own carries no others."""
        own = [w for w in self._walks.values() if isinstance(w, Brief) and w.channel == channel]
        return bool(own) and walk is not None and self._walks[walk] not in own

    async def _back(self, here: Conversation, found: Conversation) -> Turn:
        """What cannot go on here stays where it was, under a code that is as good as the first."""
        await self._conversations.keep(found)
        new = spoken(await self._handover.issue(found.id))
        minutes = CODE_SECONDS // 60
        words = self._say(here, "move.not_here", code=new, minutes=minutes)
        return self._turn(here, (*words, *self._page(here)))

    def _page(self, here: Conversation) -> tuple[Message, ...]:
        """Where the web page is, for who is elsewhere: without it the code leads nowhere."""
        if here.channel == "web":
            return ()
        if self._handover.page is None:
            return self._say(here, "move.no_page")
        return self._say(here, "move.page", address=self._handover.page)

    def _widened(self, found: Conversation, channel: str) -> Conversation:
        """Away from a channel with walks of its own, the full ones take over."""
        walk, kept = self._walks.get(found.walk or ""), found.kept
        if isinstance(walk, Brief) and walk.channel != channel and found.walk_state is not None:
            state = walk.onward(found.walk_state)
            found = replace(found, walk=walk.full, walk_state=state)
        former = self._walks.get(kept[0]) if kept else None
        if kept and isinstance(former, Brief) and former.channel != channel:
            found = replace(found, kept=(former.full, former.onward(kept[1])))
        return found

    async def _goes_on(self, moved: Conversation) -> tuple[Message, ...]:
        if moved.walk and moved.walk_state is not None:
            step = await self._walks[moved.walk].again(moved.walk_state, moved.lang)
            return step.messages
        messages = self._messages.on(moved.channel)
        choices = [*roads(messages, moved.lang)]  # where to go on when no walk was running
        if moved.kept:
            choices.append(Choice(messages.text(moved.lang, "talk.choice.receipt"), "opt:again"))
        return (Message(messages.text(moved.lang, "open.again"), tuple(choices)),)

    def _say(self, conversation: Conversation, key: str, **values: object) -> tuple[Message, ...]:
        messages = self._messages.on(conversation.channel)
        texts = messages.texts(conversation.lang, key, **values)
        return tuple(Message(text) for text in texts)

    def _turn(self, conversation: Conversation, messages: tuple[Message, ...]) -> Turn:
        return Turn(messages, False, conversation.lang, intent="move", confidence=1.0, gate=None)
