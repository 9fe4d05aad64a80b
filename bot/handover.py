"""Going on elsewhere: a running conversation moves to another channel with a short code.

The code is nine digits in three groups, easy to say and to type in any script. It is good once and
for ten minutes; guessing is limited for each person and for all together, so that of a thousand
codes that are waiting none is found in ten minutes but with a chance of one in five thousand. It
lies nowhere but in the short-lived store, under a keyed hash, and is never written to a log.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from bot.conversation import Conversation
from bot.conversations import Conversations
from bot.numerals import ascii_digits
from vault.state import StateStore

#: How long a code is good.
CODE_SECONDS = 10 * 60

_DIGITS = 9
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015\u00a0\u202f\u200e\u200f\u2066-\u2069,،]+")


def read_code(text: str) -> str | None:
    """The nine digits that a whole message consists of, in any script; else ``None``."""
    plain = _BETWEEN.sub("", ascii_digits(text))
    return plain if len(plain) == _DIGITS and plain.isascii() and plain.isdigit() else None


def spoken(code: str) -> str:
    """In groups of three, as it is said."""
    return " ".join(code[at : at + 3] for at in range(0, _DIGITS, 3))


class TooManyTries(Exception):
    """Codes are being guessed; wait."""


class Handover:
    """Makes codes and takes them.

    Args:
        store: keeps entries for ``CODE_SECONDS``; shared by all replicas.
        conversations: what is moved.
        tries: whether this pseudonym may try a code now.
        all_tries: whether anybody may try a code now; only wrong codes count.
        page: where people reach the web page; ``None`` if nobody has said it.
    """

    def __init__(
        self,
        store: StateStore,
        conversations: Conversations,
        tries: Callable[[str], bool],
        all_tries: Callable[[str], bool],
        page: str | None = None,
    ) -> None:
        self.page = page
        self._store = store
        self._conversations = conversations
        self._tries = tries
        self._all_tries = all_tries

    async def issue(self, id: str) -> str:
        """A new code for a conversation; an earlier one is no longer good.

        Args:
            id: its pseudonym.
        """
        if earlier := await self._store.take(f"of {id}"):
            await self._store.delete(earlier["code"])
        while True:
            code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
            if await self._store.add(code, {"id": id}):
                await self._store.put(f"of {id}", {"code": code})
                return code

    async def redeem(self, code: str, here: Conversation) -> Conversation | None:
        """Move the conversation that a code stands for to where the code was typed.

        Args:
            code: nine ASCII digits.
            here: the conversation in which it was typed; it is replaced.

        Returns:
            The conversation as it was elsewhere, its id still the former one, or ``None`` when
            the code is wrong, spent or too old. What is kept goes on under ``here``'s id.

        Raises:
            TooManyTries: wait; the code is not spent.
        """
        if not self._tries(here.id):
            raise TooManyTries
        found = await self._store.take(code)
        if found is None:
            if not self._all_tries("all"):
                raise TooManyTries
            return None
        await self._store.delete(f"of {found['id']}")
        if found["id"] == here.id:
            return None
        return await self._conversations.take(found["id"])
