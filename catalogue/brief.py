"""A walk made for one channel, where another one is not bearable or not safe."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar


class Brief(ABC):
    """What such a walk adds to ``Walk``.

    ``channel``: the channel it is made for, and that carries no other walk of the same purpose.
    ``full``: the name of the walk that takes over elsewhere.
    """

    channel: ClassVar[str]
    full: ClassVar[str]

    @abstractmethod
    def onward(self, state: dict[str, Any]) -> dict[str, Any]:
        """The state with which the full walk goes on elsewhere."""
