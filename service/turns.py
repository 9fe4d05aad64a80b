"""The web channel's turns: each message once, one after the other, on several replicas too.

What the door of the carriers does for theirs (``bot.channels.door``): a slow answer makes browsers
and people try again, and a report that is sent twice cannot be taken back. The browser marks each
message (``Idempotency-Key``); a client without marks is answered as well, but not protected.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from weakref import WeakValueDictionary

from bot.conversations import Conversations
from bot.dialogue import Dialogue
from bot.turn import BUSY, Turn
from vault.state import StateStore

CHANNEL = "web"

#: Seconds for which a message may be tried again; a browser gives up after one minute.
MARK_SECONDS = 5 * 60

#: Seconds for which a replica that died may keep a person waiting.
HELD_SECONDS = 60

#: Chats that were opened and in which nothing was said yet; beyond them the oldest is forgotten.
MOST_UNSPOKEN = 5_000

_WAIT = 0.05


@dataclass(frozen=True, slots=True)
class TurnStores:
    """Where it is kept which messages were taken; no word of them.

    Args:
        begun: messages that were given to the dialogue; for ``MARK_SECONDS``.
        parted: how a chat ended on a message; for ``MARK_SECONDS``.
        held: whose message some replica answers now; ``None`` if there is one process only.
    """

    begun: StateStore
    parted: StateStore
    held: StateStore | None = None


class Turns:
    """Opens chats and takes their messages.

    Args:
        dialogue: answers.
        conversations: to know whether there is such a chat.
        stores: shared by all replicas.
        most_unspoken: see ``MOST_UNSPOKEN``.
    """

    def __init__(
        self,
        dialogue: Dialogue,
        conversations: Conversations,
        stores: TurnStores,
        most_unspoken: int = MOST_UNSPOKEN,
    ) -> None:
        self._dialogue = dialogue
        self._conversations = conversations
        self._stores = stores
        self._most_unspoken = most_unspoken
        self._unspoken: OrderedDict[str, None] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def begin(self, id: str, lang: str | None, *, seals: bool = False) -> None:
        """Open a chat.

        Nobody is refused: whole offices and countries share an address, and we know none. Who
        opens chats and says nothing in them only pushes out other chats of that kind.

        Args:
            id: its pseudonym.
            lang: the language to begin in.
            seals: her browser can seal what she tells.
        """
        await self._dialogue.begin(id, CHANNEL, lang, seals=seals)
        self._unspoken[id] = None
        while len(self._unspoken) > self._most_unspoken:
            oldest, _ = self._unspoken.popitem(last=False)
            found = await self._conversations.find(oldest)
            # It may have been answered by another replica meanwhile.
            if found is not None and not found.offered and found.key is None:
                await self._conversations.forget(oldest)

    async def take(
        self,
        id: str,
        *,
        text: str = "",
        choice: str | None = None,
        key: str | None = None,
        envelope: str | None = None,
    ) -> Turn | None:
        """Answer one message.

        Args:
            id: the chat's pseudonym.
            text, choice, key, envelope: as `Dialogue.hear` takes them; ``key`` is the mark.

        Returns:
            The answer; to a message that was taken before, the same one again, or the question
            that is open now. ``None`` when there is no such chat (any more).
        """
        self._unspoken.pop(id, None)
        mark = f"{id} {key}" if key else None
        if await self._conversations.find(id) is None:
            return await self._parting(mark)
        if await self._dialogue.leaves(id, text=text, choice=choice):  # that waits for nothing
            turn = await self._dialogue.hear(id, text=text, choice=choice, key=key)
        else:
            async with self._passing(id):
                if mark and key and not await self._stores.begun.add(mark, {}):
                    turn = await self._again(id, key)
                else:
                    turn = await self._dialogue.hear(
                        id, text=text, choice=choice, key=key, envelope=envelope
                    )
                    if mark and turn and turn.intent == BUSY:  # not begun: she may try it again
                        await self._stores.begun.delete(mark)
        if turn is None:
            return await self._parting(mark)
        if mark and turn.ended and turn.gate:
            await self._stores.parted.put(mark, {"gate": turn.gate, "lang": turn.lang})
        return turn

    async def _again(self, id: str, key: str) -> Turn | None:
        """It was taken before. Whatever became of it, it is not done again."""
        return await self._dialogue.recall(id, key) or await self._dialogue.hear(id)

    async def _parting(self, mark: str | None) -> Turn | None:
        """The last words once more, if the chat ended on this very message."""
        found = await self._stores.parted.get(mark) if mark else None
        if found is None:
            return None
        gate, lang = found["gate"], found["lang"]
        said = self._dialogue.parting(CHANNEL, lang, gate)
        return Turn(said, True, lang, intent=gate, confidence=1.0, gate=gate)

    @contextlib.asynccontextmanager
    async def _passing(self, id: str) -> AsyncIterator[None]:
        """One message of a chat at a time, whichever replica takes it."""
        lock = self._locks.get(id)
        if lock is None:
            lock = self._locks[id] = asyncio.Lock()
        async with lock:
            held = self._stores.held
            if held is None:
                yield
                return
            while not await held.add(id, {}):  # noqa: ASYNC110 (it may be another machine)
                await asyncio.sleep(_WAIT)
            try:
                yield
            finally:
                await held.delete(id)
