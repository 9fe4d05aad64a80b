"""SMS, through Twilio: short, neutral, numbered; every message at most two segments.

Whoever holds the phone reads its lock screen, and telephone companies read everything. So the
words of this channel are its own (``content/messages/<lang>/sms.yml``), nothing that somebody went
through is asked for here, and no receipt is ever shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from bot.channels.contract import Capabilities, Incoming, Reply, Request, Standing
from bot.channels.gsm import fits, plain
from bot.channels.sms_keywords import meant
from bot.channels.texts import split
from bot.channels.twilio_channel import FORM, LARGEST, PATIENCE, TwilioChannel, registered
from catalogue import Choice, Messages

#: Letters of the longest message whatever its alphabet; what is longer is cut at a sentence.
SURE = 134

#: Letters of two segments of GSM-7.
LONGEST = 306

#: Words that can always be typed; they are said once and not listed under every question.
_QUIET = frozenset({"do:back", "do:skip", "do:why", "do:stop"})

_BLANK_LINES = re.compile(r"\n\s*\n")


class Sms(TwilioChannel):
    """The channel."""

    name: ClassVar[str] = "sms"
    capabilities: ClassVar[Capabilities] = Capabilities(
        buttons=False,
        length=LONGEST,
        media=False,
        deletion=0,
        right_to_left=True,
        content_types=FORM,
        largest=LARGEST,
        patience=PATIENCE,
    )

    def parse(self, request: Request) -> Incoming:
        """One message; the carriers' own words mean the same on every line."""
        incoming = super().parse(request)
        wanted = meant(incoming.text) if incoming.kind == "said" else None
        if wanted is None:
            return incoming
        choice, lang = wanted
        return replace(incoming, text="", choice=choice, unread=None, lang=lang)

    def texts(self, reply: Reply) -> Sequence[str]:
        """In the order in which they are to be read, numbered when there are several."""
        offering = [n for n, message in enumerate(reply.messages) if message.choices]
        last = offering[-1] if offering else None
        found: list[str] = []
        for number, message in enumerate(reply.messages):
            if message.secret:
                continue  # whatever it is, it does not go out by text
            # A question and its choices belong together; other texts join only where both
            # together are one segment.
            blocks = list(_pieces(message.text))
            for block in blocks:
                _join(found, block, 1)
            if number == last:
                for position, line in enumerate(_lines(message.choices)):
                    _join(found, line, 2 if position or blocks else 1)
        return _in_order(found)

    async def standing(self, url: str) -> Standing:
        """Which numbers lead to the webhook."""
        return await self.account.numbers(url)

    async def register(self, url: str, messages: Messages) -> Sequence[str]:
        """Let the numbers lead to the webhook."""
        return await self.account.set_numbers(url)


def _join(found: list[str], block: str, most: int) -> None:
    """Put a block behind the last message if that still is short enough, else by itself."""
    joined = f"{found[-1]}\n{block}" if found else block
    if found and fits(joined, most) and fits(f"9/9 {joined}", 2):
        found[-1] = joined
    else:
        found.append(block)


def _pieces(text: str) -> Iterator[str]:
    """A text in messages of two segments at most, with room for their numbers."""
    short = plain(_BLANK_LINES.sub("\n", text.strip()))
    if not short:
        return
    if fits(f"99/99 {short}"):
        yield short
        return
    for size in (LONGEST, SURE):
        pieces = [plain(piece) for piece in split(short, size - len("99/99 "))]
        if size == SURE or all(fits(f"99/99 {piece}") for piece in pieces):
            yield from pieces
            return


def _lines(choices: Sequence[Choice]) -> Iterator[str]:
    """The choices that are listed, under the numbers that they have for the dialogue."""
    listed = [(n, c) for n, c in enumerate(choices, 1) if c.value not in _QUIET]
    for number, choice in listed or list(enumerate(choices, 1)):
        yield from _pieces(f"{number} {choice.label}")


def _in_order(texts: Sequence[str]) -> list[str]:
    """Several may arrive in another order than they were sent in."""
    count = len(texts)
    return [f"{n}/{count} {text}" for n, text in enumerate(texts, 1)] if count > 1 else list(texts)


REGISTERED = registered(Sms)
