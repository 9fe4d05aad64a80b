"""Messages that wait at the same moment are understood together.

Most of a typed message is reading numbers from memory: 50 MB of examples, whether one sentence is
compared with them or sixteen. While a message is understood, others arrive; whatever has come
until then is worked out in one step. Nobody is made to wait for company: with one message at hand
it is understood at once, and nothing of it is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.rasa.decision import Decider, parts

#: Sentences compared at once: of more `bot.rasa.kernel` makes no small products.
MOST = 16

_Asked = list[str]


class Given:
    """The model of a decider, with answers to questions that were asked before.

    Args:
        model: works out what was not.
    """

    def __init__(self, model: Any) -> None:
        self.labels = model.labels
        self._model = model
        self._texts: _Asked = []
        self._rows: np.ndarray | None = None

    def give(self, texts: _Asked, rows: np.ndarray | None) -> None:
        """What the very next question will be, and its answer."""
        self._texts, self._rows = texts, rows

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """As the model's."""
        asked, rows = self._texts, self._rows
        self.give([], None)
        if rows is not None and list(texts) == asked:
            return rows
        return self.of(texts)

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """The model's own."""
        found: np.ndarray = self._model.probabilities(texts)
        return found


class Together:
    """Collects the messages of one event loop.

    Args:
        decider: decides what they mean; its model is put behind a `Given`.
    """

    def __init__(self, decider: Decider) -> None:
        self.given = Given(decider._model)
        decider._model = self.given
        self._waiting: list[tuple[_Asked, asyncio.Future[np.ndarray | None]]] = []

    @classmethod
    def of(cls, runner: Any) -> Together | None:
        """For the classifier of a loaded graph; ``None`` if it is not ours."""
        for node in getattr(runner, "_instantiated_nodes", {}).values():
            decider = getattr(getattr(node, "_component", None), "_decider", None)
            if isinstance(decider, Decider):
                return cls(decider)
        return None

    async def prepare(self, text: str) -> None:
        """Work out what will be asked about a message; the next decision must be about it.

        Args:
            text: as typed.
        """
        asked = questions(text)
        if not asked:
            return
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[np.ndarray | None] = loop.create_future()
        self._waiting.append((asked, answer))
        if len(self._waiting) == 1:
            # After all that has arrived by now.
            loop.call_soon(self._work_out)
        self.given.give(asked, await answer)

    def _work_out(self) -> None:
        waiting, self._waiting = self._waiting, []
        while waiting:
            count = size = 0
            for asked, _ in waiting:
                if count and size + len(asked) > MOST:
                    break
                count, size = count + 1, size + len(asked)
            now, waiting = waiting[:count], waiting[count:]
            rows = self._rows([text for asked, _ in now for text in asked])
            first = 0
            for asked, answer in now:
                if not answer.done():  # else whoever asked has left
                    last = first + len(asked)
                    answer.set_result(None if rows is None else rows[first:last])
                first += len(asked)

    def _rows(self, texts: _Asked) -> np.ndarray | None:
        try:
            return self.given.of(texts)
        except Exception:
            # Each is then asked by itself, and whose message it was hears of it in the usual way.
            return None


def questions(text: str) -> _Asked:
    """What a `Decider` asks its model about a message."""
    sentences = parts(text)
    return [text, *sentences] if len(sentences) > 1 else [text] * len(sentences)


def install() -> None:
    """Let the lean processor understand messages together."""
    from bot.rasa.fast.processor import LeanProcessor

    LeanProcessor.understands_together = True
