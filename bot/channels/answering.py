"""What is said to one event of a channel: the dialogue's answer, or the door's own few words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from bot.channels.contract import Channel, Incoming, Reply, Unread
from bot.channels.trail import Trail, Trails
from bot.choices import named
from bot.dialogue import Dialogue
from bot.turn import Turn
from catalogue import Choice, Message, Messages

_log = logging.getLogger("speaksafe.channels")

#: Answers to the question whether messages are to be deleted at the carrier, too.
TIDY, KEEP = "chat:tidy", "chat:keep"

#: What may be a file of a report.
_FILES = ("picture", "voice", "file")

#: Choices that mean the same whenever they are pressed.
_ALWAYS = ("gate:", "lang:", "chat:")


class Files(Protocol):
    """Takes what is no words, where a report asks for it."""

    async def wanted(self, id: str) -> bool:
        """Whether a file that comes now belongs to a report."""

    async def take(
        self, id: str, fetch: Callable[[int], Awaitable[bytes | None]], words: str
    ) -> None:
        """Take a file; the report hears of it with the next message."""


class Counts(Protocol):
    """Counts for operators."""

    def begun(self, channel: str) -> None:
        """A conversation has begun."""

    def turn(self, channel: str, turn: Turn) -> None:
        """A message was answered."""


@dataclass(slots=True)
class Event:
    """How far an event has come; kept so that a repeated delivery is done once.

    Args:
        key: it was given to the dialogue under this key; never give it again.
        sent: so many parts of its answer have been sent.
        done: nothing is left to do.
        gate: it ended the conversation in this way.
        lang: the language of the parting words.
        cleared: whether the carrier deleted the messages; ``None`` if it was not asked to.
        file: it brought a file that a report had asked for.
    """

    key: str | None = None
    sent: int = 0
    done: bool = False
    gate: str | None = None
    lang: str = ""
    cleared: bool | None = None
    file: bool = False


@dataclass(slots=True)
class Answering:
    """Finds what to say.

    Args:
        channel: the channel.
        dialogue: knows people by pseudonym.
        trails: what is remembered beside the conversation.
        messages: the door's own words.
        counts: for operators.
        files: takes files; without it, none are taken.
    """

    channel: Channel
    dialogue: Dialogue
    trails: Trails
    messages: Messages
    counts: Counts
    files: Files | None = None
    _working: set[asyncio.Task[Turn | None]] = field(default_factory=set)

    async def reply(
        self,
        id: str,
        trail: Trail | None,
        incoming: Incoming,
        event: Event,
        keep: Callable[[Event], Awaitable[None]],
    ) -> Reply | None:
        """The answer to an event that was not given to the dialogue yet; ``None`` for silence.

        Args:
            id: the pseudonym.
            trail: ``None`` when no conversation is running.
            incoming: the event.
            event: is changed.
            keep: keeps the event; done before the dialogue is asked, so that it is asked once
                whatever happens then.
        """
        lang = self.lang(trail, incoming)
        if incoming.kind == "elsewhere":
            return Reply(self._say(lang, "channel.group"), lang, leave=True)
        if incoming.kind == "gone":
            await self.dialogue.hear(id, choice="gate:exit")
            await self.trails.forget(id)
            return None
        if incoming.kind == "edited":
            return self._aside(lang, "channel.edited") if trail else None
        if incoming.kind == "reacted":
            return self._aside(lang, "channel.unread.sticker") if trail else None
        if trail and trail.closing and (choice := self._of_tidying(lang, incoming)):
            return await self._tidied(id, trail, incoming, choice, event)
        if trail and self._stale(trail, incoming):
            return self._aside(lang, "channel.pressed_before")
        if trail and self._late(trail, incoming) and not await self.leaves(id, incoming):
            return self._aside(lang, "channel.late")
        event.file = await self._is_file(id, trail, incoming)
        if trail and incoming.unread and not incoming.text and not event.file:
            return self._aside(lang, self._unread_key(incoming.unread))
        return await self._said(id, trail, incoming, event, keep)

    async def again(
        self, id: str, trail: Trail | None, incoming: Incoming, event: Event
    ) -> Reply | None:
        """The same answer once more, or words that something went wrong; nothing is done again."""
        lang = event.lang or self.lang(trail, incoming)
        if event.gate:
            parting = self.dialogue.parting(self.channel.name, lang, event.gate)
            return Reply((*parting, *self._after(lang, event)), lang, ended=True)
        if event.cleared is not None:
            return self._cleared(lang, event)
        if event.key is None:
            return None
        turn = await self.dialogue.recall(id, event.key)
        if turn:
            return Reply(self._with_unread(turn, incoming, event), turn.lang)
        if trail is None or self._late(trail, incoming):
            return None  # the conversation is over or has gone on; an old answer helps nobody
        return Reply(self._say(lang, "gate.went_wrong"), lang)

    async def leaves(self, id: str, incoming: Incoming) -> bool:
        """Whether this leaves the conversation for good; that waits for nothing."""
        return await self.dialogue.leaves(id, text=incoming.text, choice=incoming.choice)

    def lang(self, trail: Trail | None, incoming: Incoming) -> str:
        """The language of the door's own words."""
        wanted = (trail.lang if trail else "") or incoming.lang
        return wanted if wanted in self.messages.languages else "en"

    def too_fast(self, trail: Trail | None, incoming: Incoming) -> Reply:
        """So many messages cannot be answered."""
        return self._aside(self.lang(trail, incoming), "gate.too_fast")

    async def _said(
        self,
        id: str,
        trail: Trail | None,
        incoming: Incoming,
        event: Event,
        keep: Callable[[Event], Awaitable[None]],
    ) -> Reply | None:
        owed = trail.owed if trail else None
        if owed and await self.leaves(id, incoming):
            owed = None
        event.key = owed or incoming.event
        await keep(event)
        try:
            turn = await self._in_time(id, incoming, event)
        except Exception as error:  # whatever it is, she is not left without an answer
            _log.error("no answer: %s", type(error).__name__)
            return self._aside(self.lang(trail, incoming), "gate.went_wrong")
        if trail and await self.trails.get(id) is None:
            return None  # she erased it meanwhile: nothing is said any more
        if turn is None:
            lang = self.lang(trail, incoming)
            await self.trails.note(id, owed=event.key, lang=lang)
            return Reply(self._say(lang, "channel.working"), lang)
        self.counts.turn(self.channel.name, turn)
        if turn.cleared and trail and self.channel.capabilities.deletion:
            await self.channel.delete(incoming.address, trail.ids)
            await self.trails.note(id, clear=True)
        messages = self._with_unread(turn, incoming, event)
        if not turn.ended:
            await self.trails.note(id, owed=None, closing=False, lang=turn.lang)
            return Reply(messages, turn.lang)
        event.gate, event.lang = turn.gate, turn.lang
        messages = (*messages, *await self._ending(id, trail, incoming, event))
        return Reply(messages, turn.lang, ended=True)

    async def _in_time(self, id: str, incoming: Incoming, event: Event) -> Turn | None:
        """The dialogue's answer; ``None`` when it takes longer than the carrier waits."""
        hearing = self._hear(id, incoming, event)
        patience = self.channel.capabilities.patience
        if patience is None:
            return await hearing
        task = asyncio.create_task(hearing)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        done, _ = await asyncio.wait({task}, timeout=patience)
        return task.result() if done else None

    async def _is_file(self, id: str, trail: Trail | None, incoming: Incoming) -> bool:
        """A report asks for files, and this is one."""
        can = self.files is not None and self.channel.capabilities.files
        if trail is None or not can or incoming.unread not in _FILES:
            return False
        # An answer that is still owed is given first; words that leave are no caption.
        if trail.owed or await self.leaves(id, incoming):
            return False
        return self.files is not None and await self.files.wanted(id)

    async def _hear(self, id: str, incoming: Incoming, event: Event) -> Turn:
        key = event.key or ""
        hear = self.dialogue.hear
        if event.file and self.files:
            await self.files.take(id, partial(self.channel.fetch, incoming), incoming.text)
            incoming = replace(incoming, text="", choice="files:sent")
        turn = await hear(id, text=incoming.text, choice=incoming.choice, key=key)
        if turn is not None:
            return turn
        await self.dialogue.begin(id, self.channel.name, incoming.lang, chosen=False)
        self.counts.begun(self.channel.name)
        choice = incoming.choice
        if incoming.unread and not incoming.text:
            choice = "menu:start"
        turn = await hear(id, text=incoming.text, choice=choice, key=key)
        if turn is None:  # erased in this very moment
            raise RuntimeError("a conversation that has just begun is gone")
        return turn

    async def _ending(
        self, id: str, trail: Trail | None, incoming: Incoming, event: Event
    ) -> Sequence[Message]:
        """Erasing and leaving delete at the carrier, too; after a stop it is offered."""
        ids = [*(trail.ids if trail else ()), *filter(None, (incoming.message,))]
        if not self.channel.capabilities.deletion or not ids:
            await self.trails.forget(id)
            return ()
        if event.gate != "stop":
            event.cleared = await self.channel.delete(incoming.address, ids)
            await self.trails.forget(id)
        else:
            await self.trails.note(id, closing=True, lang=event.lang, owed=None)
        return self._after(event.lang, event)

    def _after(self, lang: str, event: Event) -> Sequence[Message]:
        """What is said after the parting words about what lies at the carrier."""
        if not self.channel.capabilities.deletion or event.gate == "exit":
            return ()
        if event.gate == "stop":
            return (self._offer(lang),)
        return () if event.cleared is None else self._say(lang, self._tidy_key(event))

    async def _tidied(
        self, id: str, trail: Trail, incoming: Incoming, choice: str, event: Event
    ) -> Reply:
        lang = self.lang(trail, incoming)
        await self.trails.forget(id)
        if choice == KEEP:
            return Reply(self._say(lang, "channel.tidy.kept"), lang, ended=True)
        ids = [*trail.ids, *filter(None, (incoming.message,))]
        event.cleared = await self.channel.delete(incoming.address, ids)
        return self._cleared(lang, event)

    def _cleared(self, lang: str, event: Event) -> Reply:
        return Reply(self._say(lang, self._tidy_key(event)), lang, ended=True)

    def _tidy_key(self, event: Event) -> str:
        if not event.cleared:
            return "channel.tidy.failed"
        return f"channel.{'tidy' if self.channel.capabilities.deletes_hers else 'ours'}.done"

    def _of_tidying(self, lang: str, incoming: Incoming) -> str | None:
        offered = [(choice.label, choice.value) for choice in self._offer(lang).choices]
        choice = incoming.choice or named(incoming.text, offered, free=False)
        return choice if choice in (TIDY, KEEP) else None

    def _offer(self, lang: str) -> Message:
        can = self.channel.capabilities
        key = f"channel.{'tidy' if can.deletes_hers else 'ours'}.offer"
        text = self.messages.text(lang, key, hours=can.deletion)
        yes = Choice(self.messages.text(lang, "channel.tidy.yes"), TIDY)
        return Message(text, (yes, Choice(self.messages.text(lang, "channel.tidy.no"), KEEP)))

    def _stale(self, trail: Trail, incoming: Incoming) -> bool:
        """A choice of an earlier message was pressed: it could answer another question now."""
        pressed, choice = incoming.pressed, incoming.choice or ""
        return bool(pressed) and pressed != trail.offer and not choice.startswith(_ALWAYS)

    def _late(self, trail: Trail, incoming: Incoming) -> bool:
        """A later message was answered already."""
        order = incoming.order
        return order is not None and trail.order is not None and order < trail.order

    def _with_unread(self, turn: Turn, incoming: Incoming, event: Event) -> tuple[Message, ...]:
        if not incoming.unread or event.file:
            return turn.messages
        return (*self._say(turn.lang, self._unread_key(incoming.unread)), *turn.messages)

    def _unread_key(self, unread: Unread) -> str:
        """What is said to something that is no words, where no report asks for a file."""
        later = self.files is not None and self.channel.capabilities.files
        return "channel.unread.later" if later and unread in _FILES else f"channel.unread.{unread}"

    def _aside(self, lang: str, key: str) -> Reply:
        return Reply(self._say(lang, key), lang, aside=True)

    def _say(self, lang: str, key: str) -> tuple[Message, ...]:
        return tuple(Message(text) for text in self.messages.texts(lang, key))
