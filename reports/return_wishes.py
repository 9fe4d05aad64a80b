"""What a reporter may ask for when she comes back: no more answers, or deletion."""

from __future__ import annotations

from typing import Any

from catalogue import Heard, Message
from reports.cases import Access, Cases, CaseView
from reports.words import Words

#: The steps of this part of the dialogue.
STEPS = frozenset({"wishes", "quiet", "deletion"})

State = dict[str, Any]


class Wishes:
    """Asks what she wishes, says beforehand what comes of it, and passes it on when she agrees.

    Args:
        words: the messages of the walk.
        cases: passes wishes on.
    """

    def __init__(self, words: Words, cases: Cases) -> None:
        self._words = words
        self._cases = cases

    def standing(self, view: CaseView, lang: str) -> tuple[Message, ...]:
        """What became of earlier wishes."""
        said: tuple[Message, ...] = ()
        if view.quiet:
            said += self._words.say(lang, "wishes.quiet_known")
        if view.deletion != "none":
            key = "waiting" if view.deletion == "asked" else "refused"
            said += self._words.say(lang, f"wishes.deletion_{key}")
        return said

    def ask(self, state: State, lang: str) -> tuple[Message, ...]:
        """The present question."""
        if state["at"] == "wishes":
            return self._words.say(lang, "wishes.ask", "opt:quiet", "opt:deletion", "do:back")
        offers = (
            ("do:yes", self._words.text(lang, "choice.agree")),
            ("do:no", self._words.text(lang, "choice.decline")),
        )
        return self._words.say(lang, f"wishes.{state['at']}", *offers)

    async def hear(
        self, state: State, heard: Heard, access: Access
    ) -> tuple[State, tuple[Message, ...]] | None:
        """A wish, a yes or a no.

        Returns:
            the next state and what is said before its question; ``None`` for something else.

        Raises:
            OutOfReach: the store cannot be asked; nothing was changed.
        """
        at = state["at"]
        if at == "wishes" and heard.choice in ("opt:quiet", "opt:deletion"):
            return {**state, "at": heard.choice.removeprefix("opt:")}, ()
        if at != "wishes" and self._words.agreed(heard):
            if at == "quiet":
                await self._cases.end_follow_up(access)
            else:
                await self._cases.ask_deletion(access)
            return {**state, "at": "case"}, self._words.say(heard.lang, f"wishes.{at}_done")
        if self._words.command(heard, free=False) in ("no", "back"):
            return {**state, "at": "case"}, ()
        return None
