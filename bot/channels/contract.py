"""What a channel is: five small things, and nothing of storage or engine.

    verify        did the carrier send this request?
    parse         the request as one ``Incoming``
    render        a ``Reply`` in the carrier's own shape, as parts that are sent one by one
    acknowledge   the HTTP answer to the carrier
    capabilities  what the carrier can do

Everything else is the door's (``bot.channels.door``), so that no channel can forget it: size
limits, order, limits, pseudonyms, and that a repeated delivery is done once. How to write one:
docs/adding-a-channel.md.

Exception
├── Unreadable    a verified request that is not as the carrier describes it
├── TooLarge      a file is larger than is taken
└── NotSent       the carrier does not take a message now; nothing of it reached the person
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from catalogue import Message, Messages

#: One thing to send, in the carrier's own shape; only its channel looks into it.
Part = Any

#: What the door makes of an incoming event.
Kind = Literal["said", "edited", "reacted", "elsewhere", "gone", "nothing"]

#: What may come that is no words; each has its sentence ``channel.unread.<kind>``.
Unread = Literal["picture", "voice", "file", "sticker", "contact", "location", "poll", "other"]


class Unreadable(Exception):
    """A verified request that is not as the carrier describes it; answered with 400."""


class TooLarge(Exception):
    """A file is larger than is taken; nothing of it is kept."""


class NotSent(Exception):
    """The carrier does not take a message now; the door has the carrier deliver again."""


#: What became of a notice: the carrier has it; it refuses for good; it certainly does not have it,
#: try again; or its answer was lost.
Told = Literal["sent", "refused", "later", "doubt"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a carrier can do.

    Args:
        buttons: choices can be pressed; else they are numbered.
        length: characters of the longest message.
        media: things other than words can arrive.
        deletion: hours during which messages of both sides can be deleted there; 0 for never.
        right_to_left: Arabic stands on the right side by itself.
        content_types: of a request; others are refused with 415.
        largest: bytes of a request; larger ones are refused with 413.
        patience: seconds that an answer inside the request may take; what takes longer is given
            with the next message. ``None``: answers are sent by ``send``, not in the request.
        redelivers: the carrier delivers again what was not taken. One that does not, or that
            sends nothing for us while a delivery is open, gets its acknowledgement at once; the
            door answers after it, and tries again itself.
        deletes_hers: not only our messages can be deleted there, the person's own as well.
        files: photos, documents and recordings can be fetched (``fetch``).
    """

    buttons: bool
    length: int
    media: bool
    deletion: int
    right_to_left: bool
    content_types: tuple[str, ...]
    largest: int = 256 * 1024
    patience: float | None = None
    redelivers: bool = True
    deletes_hers: bool = True
    files: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What the carrier sent, before anybody has looked at it.

    Args:
        url: the public address it was sent to, with its query, as the carrier knows it.
        headers: names in small letters.
        body: as it came.
    """

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """Without its parameters, in small letters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event, as the channel understood it. Nothing in it is shown when it is printed.

    Args:
        event: the carrier's own id of this event; the same when it is delivered again. It goes
            further than the address, so the address must not be in it.
        address: whom to answer; it becomes a pseudonym at the door and goes no further.
        kind: ``said``; ``edited`` (an earlier message was changed); ``reacted`` (a mark was put
            on a message: it begins nothing); ``elsewhere`` (a group: say a kind word and leave);
            ``gone`` (she blocked us: forget her); ``nothing``.
        text: what was typed, or
        choice: the value of the choice that was pressed.
        unread: what came that is no words; ``text`` may then be its caption.
        order: grows with time, for one person at least; ``None`` when the carrier has no such
            number, and then messages are taken as they come.
        pressed: the carrier's id of the message whose choice was pressed.
        message: the carrier's id of her own message, so that it can be deleted.
        lang: a hint at her language (ISO 639-1), if the carrier gives one.
        private: for the channel itself.
    """

    event: str
    address: str = field(repr=False)
    kind: Kind = "said"
    text: str = field(default="", repr=False)
    choice: str | None = field(default=None, repr=False)
    unread: Unread | None = None
    order: int | None = None
    pressed: str | None = field(default=None, repr=False)
    message: str | None = field(default=None, repr=False)
    lang: str | None = None
    private: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say.

    Args:
        messages: in this order; the choices of the last one that has any are on offer.
        lang: the language of the words.
        ended: the conversation is over.
        aside: a word in between: what was asked before stays open. To a press, a passing notice
            is enough where there are such.
        leave: leave this place after saying it (a group).
    """

    messages: tuple[Message, ...] = field(repr=False)
    lang: str
    ended: bool = False
    aside: bool = False
    leave: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a part.

    Args:
        message: the carrier's id of the message, so that it can be deleted; ``None`` if it is
            none or its id is not known.
        offers: it carries choices to press.
        secret: it must not stay at the carrier longer than it is needed (a receipt).
    """

    message: str | None = None
    offers: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The HTTP answer to the carrier.

    Args:
        then: what is left to do after it is out; the door sets it to the channel's ``tidy``.
    """

    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    then: Callable[[], Awaitable[None]] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the channel stands at its carrier, for ``speaksafe doctor``.

    Args:
        state: ``ok``, ``warn`` or ``fail``.
        detail: what was found and what to do; no value of a setting.
    """

    state: Literal["ok", "warn", "fail"]
    detail: str


class Channel(ABC):
    """A carrier of messages; one small file each."""

    #: Its name everywhere: ``/webhooks/<name>``, ``open.privacy.<name>``, metrics.
    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    @abstractmethod
    def verify(self, request: Request) -> bool:
        """Whether the carrier sent this; compare in constant time, look at nothing else first."""

    @abstractmethod
    def parse(self, request: Request) -> Incoming:
        """A verified request as one event; what is unknown is kind ``nothing``.

        Raises:
            Unreadable: it is not as the carrier describes it.
        """

    @abstractmethod
    def render(self, reply: Reply, incoming: Incoming) -> Sequence[Part]:
        """The reply in the carrier's shape. Pure: the same reply gives the same parts."""

    @abstractmethod
    def acknowledge(self, parts: Sequence[Part]) -> Acknowledgement:
        """The HTTP answer, with the parts in it where answers travel in the request.

        Args:
            parts: as rendered; empty where ``send`` has sent them, and for events without answer.
        """

    async def send(self, part: Part, incoming: Incoming) -> Sent:
        """Send one part, where answers do not travel in the request.

        Raises:
            NotSent: it certainly did not reach the person and can be tried again. When that is
                not known, a missing answer is better than a second one: return ``Sent()``.
        """
        raise NotImplementedError

    async def fetch(self, incoming: Incoming, most: int) -> bytes | None:
        """The photo, document or recording of a message; by this carrier none can be had.

        Args:
            incoming: the message.
            most: bytes.

        Returns:
            ``None`` when there is none, or it cannot be had.

        Raises:
            TooLarge: it has more bytes; they are not read.
        """
        return None

    @property
    def tells(self) -> bool:
        """It can write to somebody of whom nothing has just come; see ``tell``."""
        return False

    async def tell(self, address: str, text: str, link: str) -> Told:
        """Write a notice to somebody who linked this channel for that.

        Args:
            address: as it was in her message.
            text: says nothing but that something is new, and where.
            link: that place alone, for a carrier that has the words already; it is in the text.
        """
        raise NotImplementedError

    async def withdraw(self, address: str, message: str) -> None:  # noqa: B027 (may be left as it is)
        """Take the choices away from an earlier message; what fails here is no matter."""

    async def delete(self, address: str, messages: Sequence[str]) -> bool:
        """Delete messages at the carrier, those of both sides.

        Returns:
            Whether all are gone there, as far as the carrier says.
        """
        return False

    async def tidy(self, incoming: Incoming) -> None:  # noqa: B027 (may be left as it is)
        """After the acknowledgement is out, also of events of the kind ``nothing``: remove what
        the carrier keeps of it."""

    async def standing(self, url: str) -> Standing:
        """How it stands at the carrier: is the webhook registered, do deliveries succeed?

        Args:
            url: the public address of its webhook.
        """
        return Standing("ok", "set")

    async def register(self, url: str, messages: Messages) -> Sequence[str]:
        """Set webhook and commands at the carrier.

        Args:
            url: the public address of its webhook.
            messages: names of commands, in every language.

        Returns:
            what was done, a line each; empty when it has to be done by hand.
        """
        return ()

    async def close(self) -> None:  # noqa: B027 (may be left as it is)
        """Let connections go."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An entry of the registry.

    Args:
        name: as in the channel's class.
        needs: settings without which it is off.
        takes: further settings that it may be given.
        build: makes it from the settings that are set, by their names; raises ``ValueError``
            with the remedy, never the value, when one cannot be used.
    """

    name: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    build: Callable[[Mapping[str, str]], Channel]

    def missing(self, given: Mapping[str, str]) -> tuple[str, ...]:
        """The settings that keep it off."""
        return tuple(name for name in self.needs if not given.get(name))
