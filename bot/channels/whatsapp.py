"""WhatsApp, through Twilio: answers travel in the request, choices are numbered.

Buttons would need content templates that lie at Twilio with the words in them, and the person's
number to send them to; TwiML knows none (twilio.com/docs/messaging/twiml/message). So choices are
numbered, and a typed number or label is understood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bot.channels.contract import Capabilities, Incoming, Reply, Standing, Told
from bot.channels.texts import split, utf16
from bot.channels.twilio_channel import FORM, LARGEST, PATIENCE, TwilioChannel, registered
from bot.channels.twilio_requests import Private
from bot.channels.whatsapp_notices import NOTICE, PUBLIC_URL, SENDER, Notices, template
from catalogue import Message, Messages

#: Characters of a message (twilio.com/docs/errors/21617).
LONGEST = 1600


class WhatsApp(TwilioChannel):
    """The channel."""

    name: ClassVar[str] = "whatsapp"
    prefix: ClassVar[str] = "whatsapp:"
    capabilities: ClassVar[Capabilities] = Capabilities(
        buttons=False,
        length=LONGEST,
        media=True,
        deletion=0,
        right_to_left=True,
        content_types=FORM,
        largest=LARGEST,
        patience=PATIENCE,
        files=True,
    )
    _notices: Notices | None = None

    def furnish(self, given: Mapping[str, str]) -> None:
        """Its sender and template for notices."""
        found = template(given)
        self._notices = Notices(*self._given, found) if found else None

    @property
    def tells(self) -> bool:
        """Only with a template that WhatsApp has approved."""
        return self._notices is not None

    async def tell(self, address: str, text: str, link: str) -> Told:
        """The template, with the link; its words lie at Twilio, in one language for all."""
        return "later" if self._notices is None else await self._notices.tell(address, link)

    def texts(self, reply: Reply) -> Sequence[str]:
        """As few messages as possible, because several may arrive in another order."""
        offering = [n for n, message in enumerate(reply.messages) if message.choices]
        last = offering[-1] if offering else None
        blocks = [
            numbered(message) if number == last else message.text
            for number, message in enumerate(reply.messages)
        ]
        found: list[str] = []
        for piece in (piece for block in blocks for piece in split(block, LONGEST)):
            joined = f"{found[-1]}\n\n{piece}" if found else piece
            if found and utf16(joined) <= LONGEST:
                found[-1] = joined
            else:
                found.append(piece)
        return found

    async def fetch(self, incoming: Incoming, most: int) -> bytes | None:
        """The file, through Twilio, which is asked to delete its copy."""
        private = incoming.private
        address = private.media if isinstance(private, Private) else ""
        return await self.media.fetch(address, most) if address else None

    async def standing(self, url: str) -> Standing:
        """Which senders lead to the webhook."""
        return await self.account.senders(url)

    async def register(self, url: str, messages: Messages) -> Sequence[str]:
        """Let the senders lead to the webhook."""
        return await self.account.set_senders(url)


def numbered(message: Message) -> str:
    """A message with its choices, each under the number that is typed for it."""
    if not message.choices:
        return message.text
    lines = [f"{n}. {choice.label}" for n, choice in enumerate(message.choices, 1)]
    return "\n".join([message.text, "", *lines])


REGISTERED = registered(WhatsApp, takes=(SENDER, NOTICE, PUBLIC_URL))
