"""What every walk (a dialogue of several steps) has in common.

A walk is logic without a channel, without storage of its own and without the engine: it is given
what was heard and the state it returned last time, and says what comes next. So it runs alike on
every channel, can be tested with random paths, and its stop works while the engine is down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from catalogue.message import Message


@dataclass(frozen=True, slots=True)
class Heard:
    """What the person said, as a walk gets it.

    Args:
        text: what she typed; empty when she pressed a choice.
        choice: the value of the choice that she pressed, or named by its number or label.
        intent: what the engine took it for, e.g. ``faq/deadlines``, ``skip``, ``nlu_fallback``.
        confidence: how sure the engine is, 0 to 1.
        lang: the language to answer in.
        envelope: what her browser sealed, where she was asked for it.
        attached: a file that she sent by a carrier, where she was asked for some: where it lies
            sealed, and its key; or why it was not taken.
    """

    text: str
    choice: str | None
    intent: str
    confidence: float
    lang: str
    envelope: str | None = None
    attached: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a walk answers.

    Args:
        state: the walk's state from now on, made of JSON values; ``None`` when it is over.
        messages: what to say.
        digression: what was heard is no answer but a question about the policy; the caller
            answers it first and then says ``messages``.
    """

    state: dict[str, Any] | None
    messages: tuple[Message, ...]
    digression: bool = False


class Walk(Protocol):
    """A dialogue of several steps."""

    name: str

    async def open(self, lang: str, **given: Any) -> Step:
        """Begin; ``given`` is what is known already (an offer, an entity)."""

    async def step(self, state: dict[str, Any], heard: Heard) -> Step:
        """Go on from ``state`` with what was heard."""

    async def again(self, state: dict[str, Any], lang: str) -> Step:
        """Ask the present question again, after a digression or in another language."""

    def over(self, state: dict[str, Any]) -> bool:
        """Whether it is done and its state only kept to show something again (a receipt)."""

    def moved(self, state: dict[str, Any], *, seals: bool) -> dict[str, Any]:
        """The state as it goes on elsewhere, without what only the former browser holds.

        Args:
            state: as it was.
            seals: a browser that can seal goes on with it.
        """

    async def stop(self, state: dict[str, Any], lang: str) -> Step:
        """The person said stop: say what is kept and what is not, or offer the choice."""
