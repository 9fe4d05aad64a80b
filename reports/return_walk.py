"""The dialogue in which a reporter comes back with her receipt.

The receipt is never echoed and never stays in the walk's state: once it was recognised, the state
holds the case's id and the key that opens the replies (:class:`reports.cases.Access`), because
the next messages need them and the receipt leads to more work each time. That state is sealed,
short-lived and goes when she says so.

A wrong receipt and an unknown one get the same words after the same work, and each attempt in a
conversation waits longer than the one before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from catalogue import Heard, Message, Messages, Step
from reports.cases import Cases, CaseView, Reply
from reports.errors import OutOfReach
from reports.return_wishes import STEPS, Wishes
from reports.return_writing import STEPS as WRITING
from reports.return_writing import Writing, access
from reports.words import Words, asks_policy
from vault.receipts import read_digits

#: What a state keeps from its first step to its last.
_OF_THE_CHANNEL = ("seals", "attach", "no_files")

#: Seconds to wait before an attempt, by the number of failed ones before it.
DELAYS = (0, 1, 2, 4, 8, 15)

State = dict[str, Any]


class ReturnWalk:
    """Status, replies and a way to write again, for whoever has the receipt.

    Steps: ``receipt``, ``case``, and those of :mod:`reports.return_writing` and
    :mod:`reports.return_wishes`.

    Args:
        messages: the catalogue.
        cases: finds the case and adds to it.
        sleep: waits some seconds.
        attaches: files can be added, where her browser seals or her carrier brings them.
        invite: draws an invitation code for a round that needs one. It comes out of the one pool
            that all invitations come out of, and neither knows of the other.
    """

    name = "return"

    def __init__(
        self,
        messages: Messages,
        cases: Cases,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        invite: Callable[[], Awaitable[str | None]] | None = None,
        *,
        attaches: bool = False,
    ) -> None:
        self._words = Words(messages, "return")
        self._cases = cases
        self._wishes = Wishes(self._words, cases)
        self._writing = Writing(self._words, messages, cases, attaches=attaches)
        self._sleep = sleep
        self._invite = invite

    async def open(self, lang: str, **given: Any) -> Step:
        """Ask for the receipt.

        Args:
            lang: the language to speak.
            given: ``failed``, how many receipts were wrong in this conversation before: asking
                anew does not make the wait short again; ``seals``, her browser can seal what she
                writes; ``channel``.
        """
        seals = bool(given.get("seals"))
        way = self._writing.way(given.get("channel"), seals=seals)
        state: State = {"at": "receipt", "failed": int(given.get("failed", 0)), **way}
        if seals:
            state["seals"] = True
        return Step(state, self._ask(state, lang))

    async def step(self, state: State, heard: Heard) -> Step:
        """Hear the receipt, a wish, or what is to be added."""
        step = await self._step(state, heard)
        if step.state is None:
            return step
        kept = {name: state[name] for name in _OF_THE_CHANNEL if name in state}
        step = replace(step, state={**step.state, **kept})
        return await self._writing.with_seal(step, heard.lang)

    async def _step(self, state: State, heard: Heard) -> Step:
        try:
            match state["at"]:
                case "receipt":
                    return await self._hear_receipt(state, heard)
                case "case":
                    return await self._hear_case(state, heard)
                case at if at in STEPS:
                    return await self._hear_wishes(state, heard)
                case _:
                    return await self._hear_writing(state, heard)
        except OutOfReach:
            sorry = self._words.say(heard.lang, "out_of_reach")
            return Step(state, (*sorry, *self._ask(state, heard.lang)))

    async def again(self, state: State, lang: str) -> Step:
        """Ask the present question again."""
        return await self._writing.with_seal(Step(state, self._ask(state, lang)), lang)

    def moved(self, state: State, *, seals: bool) -> State:
        """Without the words that only the former browser holds."""
        return self._writing.moved(state, seals=seals)

    def over(self, state: dict[str, Any]) -> bool:
        """Nothing of it is shown again afterwards."""
        return False

    async def stop(self, state: State, lang: str) -> Step:
        """End at once; what was not sent is gone with the state."""
        return Step(None, self._words.say(lang, "stopped", "menu:support", "menu:main"))

    # -- the receipt --------------------------------------------------------------------------

    async def _hear_receipt(self, state: State, heard: Heard) -> Step:
        lang = heard.lang
        # Digits first: a receipt must never be taken for anything else.
        code = read_digits(heard.text) if heard.choice is None else None
        if code is not None:
            return await self._try(state, code, lang)
        if heard.choice == "opt:lost":
            return Step(state, self._words.say(lang, "receipt.lost", *self._back_or_on, free=True))
        common = await self._common(state, heard)
        if common is not None:
            return common
        offers = ("opt:lost", "menu:main")
        return Step(state, self._words.say(lang, "receipt.not_24", *offers, free=True))

    async def _try(self, state: State, code: str, lang: str) -> Step:
        failed = state["failed"]
        # Before the work, and whatever comes of it: the wait must tell nothing.
        await self._sleep(DELAYS[min(failed, len(DELAYS) - 1)])
        view = await self._cases.find(code)
        if view is None:
            offers = ("opt:lost", "menu:main")
            missed = {"at": "receipt", "failed": failed + 1}
            return Step(missed, self._words.say(lang, "receipt.unknown", *offers, free=True))
        return await self._show(view, lang, greeting=True)

    _back_or_on = ("menu:report", "menu:main")

    # -- the case -----------------------------------------------------------------------------

    async def _show(self, view: CaseView, lang: str, *, greeting: bool = False) -> Step:
        """The status and, if there are new ones, the replies."""
        said: tuple[Message, ...] = ()
        if greeting:
            said += self._words.say(lang, f"status.{view.status}")
            said += self._wishes.standing(view, lang)
        if view.unread:
            # Marked before they are shown: one that comes in between stays unread.
            await self._cases.mark_read(view.access)
            fresh = await self._cases.look(view.access) or view
            key = "replies.new_one" if len(fresh.replies) == 1 else "replies.new"
            said += self._words.say(lang, key) + self._replies(fresh.replies, lang)
        elif greeting:
            said += self._words.say(lang, "replies.nothing_new")
        state = self._state(view)
        return Step(state, said + self._ask(state, lang))

    def _state(self, view: CaseView) -> State:
        access = view.access
        return {
            "at": "case",
            "case_id": access.case_id,
            "key": access.key,
            "offer": view.offer,
        }

    def _replies(self, replies: tuple[Reply, ...], lang: str) -> tuple[Message, ...]:
        said: list[Message] = []
        for reply in replies:
            said += self._words.say(lang, "replies.day", day=reply.on.isoformat())
            text = reply.text
            if text is None:
                text = self._words.text(lang, "replies.not_opened")
            said.append(Message(text, secret=True))
        return tuple(said)

    async def _hear_case(self, state: State, heard: Heard) -> Step:
        lang = heard.lang
        if heard.choice == "opt:write":
            return self._go(state, "writing", lang)
        if heard.choice == "opt:replies":
            return await self._all_replies(state, lang)
        if heard.choice == "opt:wishes":
            return self._go(state, "wishes", lang)
        if heard.choice == "opt:survey" and state["offer"]:
            return await self._take_offer(state, lang)
        return await self._common(state, heard) or Step(state, self._ask(state, lang))

    async def _hear_wishes(self, state: State, heard: Heard) -> Step:
        done = await self._wishes.hear(state, heard, access(state))
        if done is None:
            return await self._common(state, heard) or Step(state, self._ask(state, heard.lang))
        after, said = done
        return Step(after, said + self._ask(after, heard.lang))

    async def _hear_writing(self, state: State, heard: Heard) -> Step:
        step = await self._writing.hear(state, heard)
        if step is None:
            return await self._common(state, heard) or Step(state, self._ask(state, heard.lang))
        if step.state is not None and step.state["at"] == "case":
            return replace(step, messages=step.messages + self._ask(step.state, heard.lang))
        return step

    async def _take_offer(self, state: State, lang: str) -> Step:
        """Spend the offer now that it is taken up, so that only looking at a case costs nothing.

        The walk ends here: what follows must not know of the case any more.
        """
        # Drawn first: if it fails the offer is not lost, and an unseen code harms nobody.
        code = await self._invite() if self._invite else None
        if not await self._cases.spend_offer(access(state)):
            spent = {**state, "offer": False}
            return Step(spent, self._words.say(lang, "survey.spent") + self._ask(spent, lang))
        said: tuple[Message, ...] = ()
        if code is not None:
            said = (*self._words.say(lang, "survey.code"), Message(code, secret=True))
        begin = self._words.say(lang, "survey.begin", "menu:survey", "menu:main")
        return Step(None, said + begin)

    async def _all_replies(self, state: State, lang: str) -> Step:
        view = await self._cases.look(access(state))
        if view is None:
            return Step(None, self._words.say(lang, "gone", "menu:report", "menu:main"))
        if view.unread:
            return await self._show(view, lang)
        if not view.replies:
            none = self._words.say(lang, "replies.none")
            return Step(state, none + self._ask(state, lang))
        return Step(state, self._replies(view.replies, lang) + self._ask(state, lang))

    # -- what is the same everywhere ----------------------------------------------------------

    async def _common(self, state: State, heard: Heard) -> Step | None:
        """Commands and digressions; ``None`` when it was something else."""
        if asks_policy(heard):
            return Step(state, self._ask(state, heard.lang), digression=True)
        command = self._words.command(heard, free=False)
        if command == "stop":
            return await self.stop(state, heard.lang)
        if command == "pause":
            return Step(state, self._words.say(heard.lang, "paused", "do:resume", "do:stop"))
        if command in ("resume", "again", "back", "skip"):
            return Step(state, self._ask(state, heard.lang))
        return None

    def _go(self, state: State, step: str, lang: str) -> Step:
        onward = {**state, "at": step}
        return Step(onward, self._ask(onward, lang))

    def _ask(self, state: State, lang: str) -> tuple[Message, ...]:
        match state["at"]:
            case "receipt":
                return self._words.say(lang, "receipt.ask", "opt:lost", "menu:main", free=True)
            case at if at in WRITING:
                return self._writing.ask(state, lang)
            case at if at in STEPS:
                return self._wishes.ask(state, lang)
        offers = ["opt:write", "opt:replies", "opt:wishes", "menu:main"]
        if state["offer"]:
            return self._words.say(lang, "case.ask_with_survey", "opt:survey", *offers)
        return self._words.say(lang, "case.ask", *offers)
