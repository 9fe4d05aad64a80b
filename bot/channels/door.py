"""The one door of all channels; what must not be forgotten is done here and nowhere else.

A request is weighed, verified, and read; the address becomes a pseudonym; a repeated delivery is
recognised by the carrier's own id; one person's messages pass one after the other; who sends too
many is asked to wait. Only then is the dialogue asked, and its answer sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

from bot.channels.answering import Answering, Counts, Event, Files
from bot.channels.contract import (
    Acknowledgement,
    Channel,
    Incoming,
    NotSent,
    Part,
    Reply,
    Request,
    Unreadable,
)
from bot.channels.linking import Claim, read_line
from bot.channels.order import TooMany, Turnstile
from bot.channels.texts import in_order
from bot.channels.trail import Trail, Trails
from bot.dialogue import Dialogue
from bot.pseudonyms import Pseudonyms
from catalogue import Message, Messages
from vault.state import StateStore

#: Messages of one person that may wait while one is answered: a few forwarded pictures, not more,
#: because a carrier keeps only so many requests open for everybody.
MOST_WAITING = 12

#: Seconds for which a replica that died may keep a person waiting.
HELD_SECONDS = 60

#: Seconds for which carriers may deliver an event again.
EVENT_SECONDS = 24 * 60 * 60

#: Seconds between our own tries, for carriers that deliver a message only once.
AGAIN: Sequence[float] = (5, 20, 60, 180)

_WAIT = 0.05

_log = logging.getLogger("speaksafe.channels")


@dataclass(frozen=True, slots=True)
class DoorStores:
    """Where the door keeps what it must remember, shared by all replicas.

    Args:
        events: how far each event has come; for ``EVENT_SECONDS``.
        trails: beside conversations, with their idle time.
        held: whose message is being answered by some replica; for ``HELD_SECONDS``.
    """

    events: StateStore
    trails: StateStore
    held: StateStore


class Door:
    """Takes what a carrier sends.

    Args:
        channel: the channel.
        dialogue: answers; it knows people by pseudonym.
        pseudonyms: makes them.
        stores: what must be remembered.
        messages: the door's own words.
        allows: whether a pseudonym may say something now.
        tells: whether a pseudonym is told (again) that it sends too much.
        counts: for operators.
        files: takes files where a report asks for them.
    """

    def __init__(
        self,
        channel: Channel,
        dialogue: Dialogue,
        pseudonyms: Pseudonyms,
        stores: DoorStores,
        messages: Messages,
        allows: Callable[[str], bool],
        tells: Callable[[str], bool],
        counts: Counts,
        files: Files | None = None,
    ) -> None:
        self._channel = channel
        self._pseudonyms = pseudonyms
        self._stores = stores
        self._trails = Trails(stores.trails)
        words = messages.on(channel.name)
        self._answering = Answering(channel, dialogue, self._trails, words, counts, files)
        self._allows = allows
        self._tells = tells
        self._turnstile = Turnstile(MOST_WAITING)
        self._taken: Counter[str] = Counter()
        self._words = words
        #: Takes the lines with which focal points link this channel; set where notices use it.
        self.claim: Claim | None = None

    @property
    def largest(self) -> int:
        """Bytes of the largest request; nobody need read more."""
        return self._channel.capabilities.largest

    async def take(self, request: Request) -> Acknowledgement:
        """One request of the carrier, or of somebody who says so.

        Nothing is kept or logged of a request that is not verified.
        """
        can = self._channel.capabilities
        if len(request.body) > can.largest:
            return Acknowledgement(413)
        try:
            if not self._channel.verify(request):
                return Acknowledgement(403)
        except ValueError:  # letters in a header or body that no carrier sends
            return Acknowledgement(403)
        if request.content_type not in can.content_types:
            return Acknowledgement(415)
        try:
            incoming = self._channel.parse(request)
        except (Unreadable, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return Acknowledgement(400)
        if not can.redelivers:
            return replace(self._channel.acknowledge(()), then=partial(self._after, incoming))
        nothing = incoming.kind == "nothing"
        answer = self._channel.acknowledge(()) if nothing else await self._once(incoming)
        return replace(answer, then=partial(self._channel.tidy, incoming))

    async def _after(self, incoming: Incoming) -> None:
        """The work of an event that is acknowledged already: nobody delivers it again."""
        for pause in (*AGAIN, None):
            if incoming.kind == "nothing" or await self._works(incoming) or pause is None:
                break
            await asyncio.sleep(pause)
        await self._channel.tidy(incoming)

    async def _works(self, incoming: Incoming) -> bool:
        try:
            return (await self._once(incoming)).status != 503
        except Exception as error:  # whatever it is, it is tried again as a carrier would
            _log.error("not done: %s", type(error).__name__)
            return False

    async def _once(self, incoming: Incoming) -> Acknowledgement:
        id, trail = await self._who(incoming)
        name = f"{self._channel.name} {incoming.event}"
        event = await self._event(name)
        if event.done:
            return await self._repeated(id, name, incoming)
        if (said := await self._linked(incoming)) is not None:
            return await self._give(id, name, None, incoming, event, said)
        # What the carrier delivers again is no message of hers, and uses up nothing.
        again = name in self._taken or event.key is not None
        if trail and incoming.message:
            await self._trails.note(id, ids=[incoming.message])
        if trail and await self._answering.leaves(id, incoming):
            return await self._answer(id, name, incoming, trail)  # leaving waits for nothing
        if not again and not self._allows(id):
            return await self._too_fast(id, name, trail, incoming)
        try:
            self._taken[name] += 1
            async with self._turnstile.passing(id, incoming.order), self._held(id):
                return await self._answer(id, name, incoming, trail)
        except TooMany:
            if again:
                return Acknowledgement(503)
            return await self._too_fast(id, name, trail, incoming)
        finally:
            self._taken -= Counter((name,))

    async def _linked(self, incoming: Incoming) -> Reply | None:
        """The answer to a focal point's line; what else is said goes on."""
        code = read_line(incoming.text) if self.claim and incoming.kind == "said" else None
        if self.claim is None or code is None:
            return None
        lang = await self.claim(self._channel.name, code, incoming.address)
        spoken = lang or self._answering.lang(None, incoming)
        text = self._words.text(spoken, "notice.linked" if lang else "notice.link_wrong")
        return Reply((Message(text),), spoken, ended=True)

    async def _who(self, incoming: Incoming) -> tuple[str, Trail | None]:
        """The pseudonym; the address ends here. A running conversation keeps its own."""
        today, yesterday = await self._pseudonyms.of(self._channel.name, incoming.address)
        for id in (today, yesterday):
            if trail := await self._trails.get(id):
                return id, trail
        return today, None

    async def _answer(
        self, id: str, name: str, incoming: Incoming, was: Trail | None
    ) -> Acknowledgement:
        event = await self._event(name)
        if event.done:  # it was answered while this delivery waited
            return await self._repeated(id, name, incoming)
        trail = await self._trails.get(id)
        reply = None
        if event.key or event.gate or event.cleared is not None:
            reply = await self._answering.again(id, trail, incoming, event)
        elif trail or not was:  # else she erased what this belonged to while it waited
            keep = partial(self._keep, name)
            reply = await self._answering.reply(id, trail, incoming, event, keep)
        return await self._give(id, name, trail, incoming, event, reply)

    async def _give(
        self,
        id: str,
        name: str,
        trail: Trail | None,
        incoming: Incoming,
        event: Event,
        reply: Reply | None,
    ) -> Acknowledgement:
        """Send the answer, or put it into the acknowledgement."""
        parts = self._parts(reply, incoming)
        # After erasing nothing is remembered; after a stop, what could still be deleted.
        remembers = reply is not None and not reply.leave
        if reply and reply.ended:
            remembers = event.gate == "stop" and await self._trails.get(id) is not None
        if remembers:
            ids = [incoming.message] if incoming.message else []
            await self._trails.note(id, ids=ids, order=incoming.order)
        if self._channel.capabilities.patience is not None:
            event.done = True
            await self._keep(name, event)
            return self._channel.acknowledge(parts)
        offer, secrets = None, []
        for part in parts[event.sent :]:
            try:
                sent = await self._channel.send(part, incoming)
            except NotSent:
                await self._keep(name, event)
                return Acknowledgement(503)  # the carrier delivers it again, and it goes on here
            event.sent += 1
            offer = sent.message if sent.offers else offer
            if remembers and sent.message:
                await self._trails.note(id, ids=[sent.message])
                secrets += [sent.message] if sent.secret else []
        event.done = True
        await self._keep(name, event)
        if remembers and reply and not reply.aside:
            await self._trails.note(id, offer=offer, secrets=secrets)
            if trail and trail.secrets:
                await self._channel.delete(incoming.address, trail.secrets)
        if reply and event.cleared is None:
            await self._withdraw(trail, incoming, aside=reply.aside)
        return self._channel.acknowledge(())

    def _parts(self, reply: Reply | None, incoming: Incoming) -> Sequence[Part]:
        if reply is None:
            return ()
        shown = replace(reply, messages=in_order(reply.messages, reply.lang))
        return self._channel.render(shown, incoming)

    async def _withdraw(self, trail: Trail | None, incoming: Incoming, *, aside: bool) -> None:
        """Choices that were used, or that others have replaced, are taken away."""
        offer = trail.offer if trail else None
        gone = {incoming.pressed} - {offer} if aside else {incoming.pressed, offer}
        for message in sorted(filter(None, gone)):
            await self._channel.withdraw(incoming.address, message)

    async def _too_fast(
        self, id: str, name: str, trail: Trail | None, incoming: Incoming
    ) -> Acknowledgement:
        """Not heard; said once, then met with silence."""
        reply = self._answering.too_fast(trail, incoming) if self._tells(id) else None
        return await self._give(id, name, trail, incoming, Event(), reply)

    async def _repeated(self, id: str, name: str, incoming: Incoming) -> Acknowledgement:
        """Done already. Where answers travel in the request, the lost one is given again."""
        if self._channel.capabilities.patience is None:
            return self._channel.acknowledge(())
        trail, event = await self._trails.get(id), await self._event(name)
        reply = await self._answering.again(id, trail, incoming, event)
        return self._channel.acknowledge(self._parts(reply, incoming))

    @contextlib.asynccontextmanager
    async def _held(self, id: str) -> AsyncIterator[None]:
        """No other replica answers the same person meanwhile."""
        while not await self._stores.held.add(id, {}):  # noqa: ASYNC110 (it may be another machine)
            await asyncio.sleep(_WAIT)
        try:
            yield
        finally:
            await self._stores.held.delete(id)

    async def _event(self, name: str) -> Event:
        found = await self._stores.events.get(name)
        return Event(**found) if found else Event()

    async def _keep(self, name: str, event: Event) -> None:
        await self._stores.events.put(name, asdict(event))
