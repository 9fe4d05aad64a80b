"""What her own browser holds and seals, so that this server never has her words.

Where her browser can do it, a question for her own words is marked as *held*. What she writes then
stays in the memory of her page; the walk only hears ``held:3``, that there is a third piece, and
keeps a mark in its place. The final text is shown with the marks, which her page fills in. Before
she agrees, the walk names the recipients and the document with its marks: her page fills it in,
seals it, and sends the envelope with her yes.

The server could name false recipients, as it could serve a false page; see docs/promises.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Sequence
from dataclasses import replace

from catalogue import Heard, Message, Messages
from reports.errors import NoRecipient, OutOfReach
from reports.words import Words
from vault.keys import PublicKey
from vault.sealing import Context

#: Stand around the number of a piece; private-use characters, which nobody types.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}[0-9]+{_CLOSE}")
_PIECE = re.compile(r"held:([0-9]{1,3})")


def mark(number: int) -> str:
    """What stands for a piece of text that her browser holds."""
    return f"{_OPEN}{number}{_CLOSE}"


def holds(text: str) -> bool:
    """Whether there is such a mark in a text."""
    return _MARK.search(text) is not None


def told(heard: Heard, *, seals: bool) -> Heard:
    """What was heard, with a piece that her browser holds in place of her words.

    Args:
        heard: as it came.
        seals: her browser can seal; else there is no such piece.
    """
    piece = _PIECE.fullmatch(heard.choice or "") if seals else None
    if piece is None:
        return heard
    return replace(heard, text=mark(int(piece[1])), choice=None, intent="held", confidence=0.0)


class Sealed:
    """Marks questions as held, and asks a browser to seal.

    Args:
        messages: the catalogue.
    """

    def __init__(self, messages: Messages) -> None:
        self._words = Words(messages, "report")

    def hold(self, said: tuple[Message, ...], most: int) -> tuple[Message, ...]:
        """The question, marked: her answer stays in her browser.

        Args:
            said: the question; its last message is what is asked.
            most: letters that an answer may have.
        """
        return (*said[:-1], replace(said[-1], held=most))

    def plainly(self, lang: str) -> tuple[Message, ...]:
        """That this browser cannot seal, so that the server reads along."""
        return self._words.say(lang, "sealed.here")

    def lost(self, lang: str) -> tuple[Message, ...]:
        """That her words stayed in another browser."""
        return self._words.say(lang, "sealed.lost")

    def once_more(self, lang: str, choice: str) -> tuple[Message, ...]:
        """That only the button seals and sends.

        Args:
            lang: the language.
            choice: what stands on the button.
        """
        return self._words.say(lang, "sealed.press", choice=choice)

    async def asked(
        self,
        said: tuple[Message, ...],
        context: Context,
        keys: Awaitable[Sequence[PublicKey]],
        document: bytes,
        files: Sequence[int] = (),
        *,
        clean: bool = False,
    ) -> tuple[Message, ...]:
        """The question for her consent, with what her browser is to seal if she gives it.

        Args:
            said: the question.
            context: what the envelope is bound to.
            keys: whom it is sealed to, from :class:`reports.cases.Cases`.
            document: what is to be sealed, with its marks.
            files: the numbers of those that it holds and that go along.
            clean: only their cleaned copies do.

        Returns:
            The question as it was when nobody could open it now: sending then says so.
        """
        try:
            to = [key.to_text() for key in await keys]
        except (NoRecipient, OutOfReach):
            return said
        request = {
            "purpose": context.purpose,
            "binding": context.binding,
            "to": to,
            "document": json.loads(document),
            "files": list(files),
            "clean": clean,
        }
        return (*said[:-1], replace(said[-1], seal=request))
