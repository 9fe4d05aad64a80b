"""What WhatsApp and SMS share: both come through Twilio, signed, and are answered in the request.

The answer is TwiML (twilio.com/docs/messaging/twiml), so no number is needed to send it and none is
kept, but a focal point's who wants notices (``whatsapp_notices``). Twilio is asked to delete its
copies of both sides' messages: of hers as soon as the answer is out, of ours when Twilio tells that
it has delivered them.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from bot.channels.contract import (
    Acknowledgement,
    Channel,
    Incoming,
    Registered,
    Reply,
    Request,
    Standing,
)
from bot.channels.twilio_account import Account
from bot.channels.twilio_copies import Copies
from bot.channels.twilio_media import Media
from bot.channels.twilio_requests import Private, read, signed
from catalogue import Messages

#: Twilio's bodies have a few thousand bytes.
LARGEST = 64 * 1024

#: Seconds for an answer; Twilio itself waits 15 for everything together.
PATIENCE = 8.0

FORM = ("application/x-www-form-urlencoded",)

#: The settings of an account at Twilio.
_ACCOUNT, _TOKEN = "SPEAKSAFE_TWILIO_ACCOUNT_SID", "SPEAKSAFE_TWILIO_AUTH_TOKEN"
_BASE = "SPEAKSAFE_TWILIO_API_BASE"

#: An account's id; that of an API key begins in another way, and signs nothing that comes to us.
_SID = re.compile("AC[0-9a-fA-F]{32}")

#: What XML cannot hold; one such letter would cost the whole answer.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Words:
    """One message of an answer.

    Args:
        text: as it is shown.
        callback: where Twilio tells what became of it.
    """

    text: str = field(repr=False)
    callback: str = field(default="", repr=False)


class TwilioChannel(Channel):
    """A carrier behind Twilio.

    Args:
        account: its id.
        token: its secret; it signs what is delivered.
        base: where the API is; Twilio's own if not given.
    """

    #: What addresses begin with.
    prefix: ClassVar[str] = ""

    def __init__(self, account: str, token: str, base: str | None = None) -> None:
        self._given = (account, token, base)
        self._validator = RequestValidator(token)
        self.copies = Copies(account, token, base)
        self.account = Account(account, token, base)
        self.media = Media(account, token, base)

    def furnish(self, given: Mapping[str, str]) -> None:
        """Take further settings.

        Args:
            given: settings that are set, by their names.

        Raises:
            ValueError: one cannot be used; with the remedy, never the value.
        """

    def verify(self, request: Request) -> bool:
        """Signed with the account's token, for the public address."""
        return signed(self._validator, request)

    def parse(self, request: Request) -> Incoming:
        """One message, or what became of one of ours."""
        return read(request, self.prefix)

    @abstractmethod
    def texts(self, reply: Reply) -> Sequence[str]:
        """The reply as messages of this carrier."""

    def render(self, reply: Reply, incoming: Incoming) -> Sequence[Words]:
        """The reply, with the address that Twilio is to tell of its delivery."""
        private = incoming.private
        callback = private.callback if isinstance(private, Private) else ""
        return [Words(_NOT_XML.sub("\ufffd", text), callback) for text in self.texts(reply)]

    def acknowledge(self, parts: Sequence[Words]) -> Acknowledgement:
        """The whole answer as TwiML."""
        response = MessagingResponse()
        for part in parts:
            response.message(part.text, status_callback=part.callback or None)
        return Acknowledgement(200, str(response), "text/xml; charset=utf-8")

    async def tidy(self, incoming: Incoming) -> None:
        """Begin to delete the copy at Twilio; that may take hours and waits for nobody."""
        if isinstance(incoming.private, Private) and incoming.private.sid:
            self.copies.forget(incoming.private.sid)

    @abstractmethod
    async def standing(self, url: str) -> Standing:
        """How it stands at Twilio."""

    @abstractmethod
    async def register(self, url: str, messages: Messages) -> Sequence[str]:
        """Set the webhook at Twilio."""

    async def close(self) -> None:
        """Let connections go."""
        await self.copies.close()


def registered(channel: type[TwilioChannel], takes: tuple[str, ...] = ()) -> Registered:
    """The registry's entry of a carrier behind Twilio; all of them share one account.

    Args:
        channel: the class of the carrier.
        takes: settings of its own that it may be given, see ``TwilioChannel.furnish``.
    """

    def build(given: Mapping[str, str]) -> TwilioChannel:
        if not _SID.fullmatch(given[_ACCOUNT]):
            raise ValueError(
                f"{_ACCOUNT} is no account's SID; copy the one that begins with AC and has 34 signs"
            )
        made = channel(given[_ACCOUNT], given[_TOKEN], given.get(_BASE))
        made.furnish(given)
        return made

    return Registered(channel.name, needs=(_ACCOUNT, _TOKEN), takes=(_BASE, *takes), build=build)
