"""The engine's client: one turn there and back, or the honest news that it is away.

Exception
└── EngineDown      the engine does not answer, or not in time; nothing of the turn was lost
    └── EngineBusy  it has too much to do already; nothing of the turn was begun
"""

from __future__ import annotations

import asyncio
import json
import zlib
from dataclasses import dataclass
from typing import Any

from bot.engine_line import KeptLine, Line, NoAnswer, NotReached, Reply
from catalogue import Choice, Message

#: Seconds that an answer may take. A report's sealing and a receipt's derivation are in it, and
#: the growing delay for unknown receipts.
PATIENCE = 30.0


#: Turns that may wait for one worker. At some 100 a second the last of them waits half a second;
#: whoever comes then is told at once to come again.
AT_ONCE = 64

#: Seconds that leaving may wait for an engine that hangs.
BRIEFLY = 2.0


class EngineDown(Exception):
    """The engine gave no answer.

    Args:
        reached: it took the message, so what was to be done may still be done.
    """

    def __init__(self, *, reached: bool = False) -> None:
        super().__init__()
        self.reached = reached


class EngineBusy(EngineDown):
    """So many wait already that this turn would wait too long. It was not begun."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine made of one message.

    Args:
        messages: what the actions said.
        intent: the full name of what was understood, e.g. ``faq/deadlines``.
        confidence: 0 to 1.
    """

    messages: tuple[Message, ...]
    intent: str
    confidence: float


class Engine:
    """Speaks to Rasa through the channel in ``bot/rasa/channel.py``.

    Several workers may do the same work. A conversation stays with one of them, which knows it;
    while that one cannot be reached, the next one takes its messages: all that a turn needs
    comes with it.

    Args:
        urls: where the workers listen, without a path; several with commas between them.
        token: the secret that both know.
        line: how it is sent.
        at_once: turns that one worker may have before it; more would only wait.
    """

    def __init__(
        self, urls: str, token: str, line: Line | None = None, at_once: int = AT_ONCE
    ) -> None:
        self._workers = [f"{url.strip().rstrip('/')}/webhooks/speaksafe" for url in urls.split(",")]
        self._busy = [0] * len(self._workers)
        self._at_once = at_once
        self._line = line or KeptLine()
        self._headers = {"Content-Type": "application/json", "X-Speaksafe-Engine-Token": token}

    async def turn(
        self,
        sender: str,
        slots: dict[str, Any],
        *,
        text: str = "",
        intent: str | None = None,
        choice: str | None = None,
        calmed: bool = False,
        figure: bool = False,
    ) -> Answer:
        """Hand over one message.

        Args:
            sender: the conversation's pseudonym.
            slots: what the engine should know: language, walk, topic.
            text: what was typed.
            intent: what a pressed choice means; the machine learning is then not asked.
            choice: the value of the pressed choice.
            calmed: the gate has recognised danger in it and said what to do.
            figure: the gate has found words that only sound like danger, and none that is one.

        Raises:
            EngineBusy: too many wait already.
            EngineDown: no answer, or none that can be used.
        """
        body = {
            "sender": sender,
            "slots": slots,
            "text": text,
            "intent": intent,
            "choice": choice,
            "calmed": calmed,
            "figure": figure,
        }
        reply = await self._ask(sender, json.dumps(body).encode())
        try:
            if not reply.good:
                raise EngineDown(reached=True)
            answer = json.loads(reply.body)
            messages = tuple(_message(raw) for raw in answer["messages"])
            return Answer(messages, answer["intent"], answer["confidence"])
        # The cause could quote the message, so it is not chained.
        except (ValueError, KeyError, TypeError):
            raise EngineDown(reached=True) from None

    async def _ask(self, sender: str, body: bytes) -> Reply:
        """Ask the worker of this conversation, or the next one that can be reached."""
        first = self._worker_of(sender)
        for step in range(len(self._workers)):
            worker = (first + step) % len(self._workers)
            if self._busy[worker] >= self._at_once:
                raise EngineBusy
            self._busy[worker] += 1
            try:
                url = self._workers[worker] + "/turn"
                return await self._line.send("POST", url, body, self._headers, PATIENCE)
            except NotReached:
                continue
            except NoAnswer:
                raise EngineDown(reached=True) from None
            finally:
                self._busy[worker] -= 1
        raise EngineDown

    def _worker_of(self, sender: str) -> int:
        return zlib.crc32(sender.encode()) % len(self._workers)

    async def forget(self, sender: str) -> bool:
        """Delete what the engine holds of a conversation.

        Returns:
            False when the engine could not be asked. What it holds is then forgotten when it
            restarts or after the idle time, and cannot be opened without the pseudonym.
        """
        path = f"/conversations/{sender}"
        return all(
            await asyncio.gather(*(self._is_good("DELETE", w + path) for w in self._workers))
        )

    async def ready(self) -> bool:
        """Whether every worker has its model loaded."""
        return all(
            await asyncio.gather(*(self._is_good("GET", w + "/ready") for w in self._workers))
        )

    async def _is_good(self, method: str, url: str) -> bool:
        try:
            return (await self._line.send(method, url, None, self._headers, BRIEFLY)).good
        except (NotReached, NoAnswer):
            return False

    async def close(self) -> None:
        """Let the connections go."""
        await self._line.close()


def _message(raw: dict[str, Any]) -> Message:
    custom = raw.get("custom") or {}
    choices = tuple(Choice(b["title"], b["payload"]) for b in raw.get("buttons") or ())
    return Message(
        raw["text"],
        choices,
        free=bool(custom.get("free")),
        secret=bool(custom.get("secret")),
        held=int(custom.get("held") or 0),
        seal=custom.get("seal"),
        attach=custom.get("attach"),
    )
