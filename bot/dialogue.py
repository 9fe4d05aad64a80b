"""One message in, its answer out: the gate first, then the engine.

The gate is deterministic and needs no engine: stop, erase, leave, the safe word and words of
acute danger are honoured also while the machine learning is down. Only then is the engine asked,
under a pseudonym.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from bot import asking, comfort
from bot.conversation import Conversation
from bot.conversations import Conversations
from bot.cover import raise_cover, under_cover
from bot.engine import Engine
from bot.handover import Handover
from bot.listening import Ear, Said
from bot.moving import Moving
from bot.opening import languages, roads
from bot.thinking import Thinking
from bot.turn import BUSY, Turn
from bot.voice import Voice
from bot.words import Sign, Words
from catalogue import Heard, Message, Messages, Step, Walk

#: Longest text that is taken whole; a report's account may be long.
LONGEST = 20_000

#: A message of more words is not sure to mean this chat when it says stop.
_FEW_WORDS = 2

#: Turns that did not tell yet what this is and is not.
_UNTOLD = (None, BUSY, "crisis", "safe_word", "too_long", "move")


class Dialogue:
    """Holds conversations, whatever the channel."""

    def __init__(
        self,
        messages: Messages,
        words: Words,
        conversations: Conversations,
        engine: Engine,
        walks: Mapping[str, Walk],
        handover: Handover | None = None,
    ) -> None:
        self._messages = messages
        self._moving = (
            Moving(handover, messages, conversations, engine, walks) if handover else None
        )
        self._voice = Voice(messages)
        self._thinking = Thinking(self._voice, conversations, engine, walks)
        self._ear = Ear(words, messages.languages)
        self._conversations = conversations
        self._engine = engine
        self._walks = walks

    async def begin(
        self, id: str, channel: str, lang: str | None, *, chosen: bool = True, seals: bool = False
    ) -> Conversation:
        """Start a conversation.

        Args:
            id: its pseudonym.
            channel: the channel's name.
            lang: the language to begin in, if one is known.
            chosen: she chose it; else it is a guess, and what she writes may change it.
            seals: her browser can seal what she tells.
        """
        known = lang if lang in self._messages.languages else None
        sure = chosen and known is not None
        conversation = Conversation(id, channel, known or "en", chosen_lang=sure, seals=seals)
        await self._conversations.keep(conversation)
        return conversation

    async def hear(
        self,
        id: str,
        *,
        text: str = "",
        choice: str | None = None,
        key: str | None = None,
        envelope: str | None = None,
    ) -> Turn | None:
        """Answer one message, once.

        Args:
            id: the conversation's pseudonym.
            text: what was typed, or
            choice: the value of the choice that was pressed.
            key: the caller's mark of this very message. A message that comes again, because
                its answer was lost on the way, is answered as before and done only once.
            envelope: what her browser sealed.

        Returns:
            The answer, or ``None`` when there is no such conversation (any more).
        """
        lock = self._conversations.lock(id)
        if lock.locked() and (kind := await self._leaving(id, text, choice)):
            # Leaving waits for nothing, least of all for an engine that hangs.
            return await self._end(kind[0], kind[1])
        async with lock:
            conversation = await self._conversations.find(id)
            if conversation is None:
                return None
            if key and key == conversation.key and conversation.answer:
                return Turn.from_entry(conversation.answer)
            if len(text) > LONGEST:
                return self._voice.turn(
                    conversation, self._voice.say(conversation, "gate.too_long"), intent="too_long"
                )
            said = self._ear.hear(conversation, text, choice)
            self._conversations.doing.heard(id)
            conversation.envelope = envelope
            conversation.key, conversation.answer = key, None
            await self._conversations.keep(conversation)
            turn = await self._answer(conversation, said)
            if not turn.ended:
                await self._remember(id, turn, key if turn.intent != BUSY else None)
            return turn

    async def recall(self, id: str, key: str) -> Turn | None:
        """The answer given to the message with this key, if it was the last one; nothing is done.

        Args:
            id: the conversation's pseudonym.
            key: as in ``hear``.
        """
        conversation = await self._conversations.find(id)
        if conversation is None or key != conversation.key or not conversation.answer:
            return None
        return Turn.from_entry(conversation.answer)

    async def leaves(self, id: str, *, text: str = "", choice: str | None = None) -> bool:
        """Whether this message would end the conversation for good; nothing is done.

        Args:
            id: the conversation's pseudonym.
            text: what was typed, or
            choice: the value of the choice that was pressed.
        """
        return await self._leaving(id, text, choice) is not None

    def parting(self, channel: str, lang: str, kind: str) -> tuple[Message, ...]:
        """The last words of a conversation.

        Args:
            channel: the channel's name; what stays there is not the same everywhere.
            lang: the language.
            kind: ``stop``, ``erase`` or ``exit``.
        """
        messages, own = self._messages.on(channel), f"channel.{kind}.{channel}"
        usual = {"stop": "gate.stopped", "erase": "gate.erased", "exit": "gate.left"}[kind]
        return tuple(map(Message, messages.texts(lang, own if messages.has(own) else usual)))

    async def _leaving(
        self, id: str, text: str, choice: str | None
    ) -> tuple[Conversation, str] | None:
        """The conversation, and how it is left, if this message leaves it for good."""
        conversation = await self._conversations.find(id)
        if conversation is None:
            return None
        kind = self._ear.leaves(conversation, text, choice)
        return (conversation, kind) if kind else None

    async def _answer(self, conversation: Conversation, said: Said) -> Turn:
        sign = said.sign
        if harmless := under_cover(conversation, said, self._messages):
            return await self._harmless(conversation, harmless, cleared=False)
        if said.empty:
            return await self._ask_again(conversation)
        if said.choice and said.choice.startswith("lang:"):
            return await self._speak(conversation, said.choice.removeprefix("lang:"))
        if said.choice == "menu:language":
            return self._languages(conversation)
        if self._moving and (turn := await self._moving.hear(conversation, said)):
            return turn
        if sign is None or sign.kind == "move":  # there is no other channel
            return await self._thinking.about(conversation, said, ())
        if sign.kind == "stop" and conversation.walk:
            return await self._stop_walk(conversation, said)
        if sign.kind in ("stop", "erase", "exit"):
            return await self._end(conversation, sign.kind)
        if sign.kind == "safe_word" and conversation.decoy:
            return await self._uncover(conversation)
        if sign.kind == "safe_word":
            harmless = raise_cover(conversation, self._messages)
            return await self._harmless(conversation, harmless, cleared=True)
        return await self._comfort(conversation, said, sign)

    async def _speak(self, conversation: Conversation, lang: str) -> Turn:
        """Go on in another language, at the very place where we are."""
        if lang in self._messages.languages:
            conversation.lang, conversation.chosen_lang = lang, True
            await self._conversations.keep(conversation)
        if step := await self._asked(conversation):
            turn = self._voice.turn(conversation, step.messages)
        else:
            onward = Said("", asking.onward(conversation.offered))
            turn = await self._thinking.about(conversation, onward, ())
        # An engine that is busy stays what it is: the message may come again.
        busy = turn.intent == BUSY
        return turn if busy else replace(turn, intent="change_language", confidence=1.0)

    async def _asked(self, conversation: Conversation) -> Step | None:
        """The question of the walk that is running, once more; ``None`` if none is."""
        if conversation.walk is None or conversation.walk_state is None:
            return None
        walk = self._walks[conversation.walk]
        return await walk.again(conversation.walk_state, conversation.lang)

    def _languages(self, conversation: Conversation) -> Turn:
        (asked,) = self._voice.say(conversation, "open.language")
        return self._voice.turn(conversation, (Message(asked.text, languages(self._messages)),))

    async def _ask_again(self, conversation: Conversation) -> Turn:
        """Nothing was said: an empty message must never be taken for a yes."""
        if step := await self._asked(conversation):
            return self._voice.turn(conversation, step.messages, intent="nlu_fallback")
        return await self._thinking.about(conversation, Said(""), (), intent="nlu_fallback")

    async def _stop_walk(self, conversation: Conversation, said: Said) -> Turn:
        walk, state = self._walks[conversation.walk or ""], conversation.walk_state or {}
        step = await walk.stop(state, conversation.lang)
        if step.state is None and len(said.text.split()) > _FEW_WORDS:
            # "I want it to stop" may be what she wishes for: a draft is not deleted on that.
            pause = Heard("", "do:pause", "pause", 1.0, conversation.lang)
            step = await walk.step(state, pause)
        conversation.walk_state = step.state
        if step.state is None:
            conversation.walk = None
        await self._conversations.keep(conversation)
        return self._voice.turn(conversation, step.messages, gate="stop")

    async def _end(self, conversation: Conversation, kind: str) -> Turn:
        await self._conversations.forget(conversation.id)
        await self._engine.forget(conversation.id)
        said = self.parting(conversation.channel, conversation.lang, kind)
        return Turn(said, True, conversation.lang, intent=kind, confidence=1.0, gate=kind)

    async def _harmless(
        self, conversation: Conversation, lines: tuple[str, ...], *, cleared: bool
    ) -> Turn:
        await self._conversations.keep(conversation)
        said = tuple(Message(line) for line in lines)
        turn = self._voice.turn(conversation, said, intent="safe_word")
        return replace(turn, cleared=cleared)

    async def _uncover(self, conversation: Conversation) -> Turn:
        """Nobody is looking any more: go on where we were. Needs no engine."""
        conversation.decoy = 0
        await self._conversations.keep(conversation)
        back = self._voice.say(conversation, "gate.safe_word_over")
        if step := await self._asked(conversation):
            return self._voice.turn(conversation, (*back, *step.messages), intent="safe_word")
        choices = roads(self._messages.on(conversation.channel), conversation.lang)
        return self._voice.turn(conversation, (Message(back[0].text, choices),), intent="safe_word")

    async def _comfort(self, conversation: Conversation, said: Said, sign: Sign) -> Turn:
        """Acute danger: say at once what to do now; lose nothing of what was written."""
        conversation.decoy = 0
        texts = comfort.calm(conversation, self._messages, sign.danger or "")
        calm = tuple(Message(text) for text in texts)
        await self._conversations.keep(conversation)
        if conversation.walk:
            turn = await self._thinking.about(conversation, said, calm)
            return Turn(
                turn.messages, False, turn.lang, turn.intent, turn.confidence, gate="crisis"
            )
        choices = (
            self._voice.choice(conversation, "talk.choice.support", "menu:support"),
            self._voice.choice(conversation, "gate.crisis.go_on", "menu:main"),
            self._voice.choice(conversation, "gate.crisis.not_meant", "do:not_meant"),
        )
        last = Message(calm[-1].text, choices)
        return self._voice.turn(conversation, (*calm[:-1], last), gate="crisis")

    async def _remember(self, id: str, turn: Turn, key: str | None) -> None:
        conversation = await self._conversations.find(id)
        if conversation is None:
            return  # erased meanwhile
        # In acute danger nobody is told what this is; that comes with the next answer.
        conversation.opened = conversation.opened or not (
            turn.intent in _UNTOLD or turn.gate == "crisis"
        )
        conversation.offered = turn.offered or conversation.offered
        free = any(m.free for m in turn.messages)
        # What the gate says in between leaves the question open as it was.
        conversation.free = free or (conversation.free and turn.intent in _UNTOLD)
        conversation.key, conversation.answer = key, asdict(turn) if key else None
        conversation.envelope = conversation.attached = None
        await self._conversations.keep(conversation)
