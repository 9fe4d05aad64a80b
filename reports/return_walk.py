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
from reports.attaching import GO_ON, MOST, Attaching, Waiting, named
from reports.cases import Access, Cases, CaseView, Reply
from reports.errors import NoRecipient, NotStored, OtherRecipients, OutOfReach
from reports.report import addition
from reports.report_telling import LONGEST_ACCOUNT
from reports.return_wishes import STEPS, Wishes
from reports.sealed import Sealed, holds, told
from reports.words import Words, asks_policy
from vault.errors import FilesMissing
from vault.receipts import read_digits
from vault.sealing import Context

#: Seconds to wait before an attempt, by the number of failed ones before it.
DELAYS = (0, 1, 2, 4, 8, 15)

State = dict[str, Any]


class ReturnWalk:
    """Status, replies and a way to write again, for whoever has the receipt.

    Steps: ``receipt``, ``case``, ``writing``, ``agreeing``, and those of
    :mod:`reports.return_wishes`.

    Args:
        messages: the catalogue.
        cases: finds the case and adds to it.
        sleep: waits some seconds.
        attaches: files can be added, where her browser seals.
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
        self._sealed = Sealed(messages)
        self._report_words = Words(messages, "report")
        self._attaching = Attaching(self._report_words)
        self._attaches = attaches
        self._sleep = sleep
        self._invite = invite

    async def open(self, lang: str, **given: Any) -> Step:
        """Ask for the receipt.

        Args:
            lang: the language to speak.
            given: ``failed``, how many receipts were wrong in this conversation before: asking
                anew does not make the wait short again; ``seals``, her browser can seal what she
                writes.
        """
        state: State = {"at": "receipt", "failed": int(given.get("failed", 0))}
        if given.get("seals"):
            state["seals"] = True
        return Step(state, self._ask(state, lang))

    async def step(self, state: State, heard: Heard) -> Step:
        """Hear the receipt, a wish, or what is to be added."""
        step = await self._step(state, heard)
        if step.state is None or not state.get("seals"):
            return step
        sealing = replace(step, state={**step.state, "seals": True})
        return await self._with_seal(sealing, heard.lang)

    async def _step(self, state: State, heard: Heard) -> Step:
        try:
            match state["at"]:
                case "receipt":
                    return await self._hear_receipt(state, heard)
                case "case":
                    return await self._hear_case(state, heard)
                case "writing":
                    return self._hear_writing(state, heard)
                case "files":
                    return self._hear_files(state, heard)
                case at if at in STEPS:
                    return await self._hear_wishes(state, heard)
                case _:
                    return await self._hear_agreeing(state, heard)
        except OutOfReach:
            sorry = self._words.say(heard.lang, "out_of_reach")
            return Step(state, (*sorry, *self._ask(state, heard.lang)))

    async def again(self, state: State, lang: str) -> Step:
        """Ask the present question again."""
        return await self._with_seal(Step(state, self._ask(state, lang)), lang)

    def moved(self, state: State, *, seals: bool) -> State:
        """Without the words that only the former browser holds."""
        here = {name: value for name, value in state.items() if name not in ("seals", "files")}
        if holds(here.get("text", "")):
            here = {**_without_text(here), "at": "writing"}
        return {**here, "seals": True} if seals else here

    def _press(self, lang: str) -> tuple[Message, ...]:
        return self._sealed.once_more(lang, self._words.text(lang, "choice.yes"))

    async def _with_seal(self, step: Step, lang: str) -> Step:
        """Before she agrees, her browser is told what to seal, and to whom."""
        state = step.state or {}
        if state.get("at") != "agreeing" or not holds(state["text"]):
            return step
        context = Context("addition", state["case_id"])
        keys = self._cases.recipients_of(_access(state))
        document = addition(state["text"], lang)
        files = state.get("files", ())
        return replace(
            step, messages=await self._sealed.asked(step.messages, context, keys, document, files)
        )

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
        done = await self._wishes.hear(state, heard, _access(state))
        if done is None:
            return await self._common(state, heard) or Step(state, self._ask(state, heard.lang))
        after, said = done
        return Step(after, said + self._ask(after, heard.lang))

    async def _take_offer(self, state: State, lang: str) -> Step:
        """Spend the offer now that it is taken up, so that only looking at a case costs nothing.

        The walk ends here: what follows must not know of the case any more.
        """
        # Drawn first: if it fails the offer is not lost, and an unseen code harms nobody.
        code = await self._invite() if self._invite else None
        if not await self._cases.spend_offer(_access(state)):
            spent = {**state, "offer": False}
            return Step(spent, self._words.say(lang, "survey.spent") + self._ask(spent, lang))
        said: tuple[Message, ...] = ()
        if code is not None:
            said = (*self._words.say(lang, "survey.code"), Message(code, secret=True))
        begin = self._words.say(lang, "survey.begin", "menu:survey", "menu:main")
        return Step(None, said + begin)

    async def _all_replies(self, state: State, lang: str) -> Step:
        view = await self._cases.look(_access(state))
        if view is None:
            return Step(None, self._words.say(lang, "gone", "menu:report", "menu:main"))
        if view.unread:
            return await self._show(view, lang)
        if not view.replies:
            none = self._words.say(lang, "replies.none")
            return Step(state, none + self._ask(state, lang))
        return Step(state, self._replies(view.replies, lang) + self._ask(state, lang))

    # -- writing again ------------------------------------------------------------------------

    def _hear_writing(self, state: State, heard: Heard) -> Step:
        lang = heard.lang
        heard = told(heard, seals=bool(state.get("seals")))
        command = self._words.command(heard, free=True)
        if command == "back":
            return self._go(state, "case", lang)
        if heard.choice is not None:
            return Step(state, self._ask(state, lang), digression=asks_policy(heard))
        if not heard.text.strip():
            return Step(state, self._ask(state, lang))
        if len(heard.text) > LONGEST_ACCOUNT:
            long = self._words.say(
                lang, "write.too_long", "do:back", free=True, most=LONGEST_ACCOUNT
            )
            return Step(state, long)
        return self._go({**state, "text": heard.text}, "agreeing", lang)

    async def _hear_agreeing(self, state: State, heard: Heard) -> Step:
        lang = heard.lang
        if self._words.agreed(heard):
            return await self._add(state, heard)
        if heard.choice == "opt:files" and self._takes_files(state):
            return self._go(state, "files", lang)
        command = self._words.command(heard, free=False)
        if command in ("no", "back"):
            return self._go(_without_text(state), "writing", lang)
        return await self._common(state, heard) or Step(state, self._ask(state, lang))

    def _takes_files(self, state: State) -> bool:
        return self._attaches and bool(state.get("seals"))

    def _hear_files(self, state: State, heard: Heard) -> Step:
        """The numbers of the files that her browser holds, or none."""
        if chosen := named(heard.choice, MOST):
            return self._go({**state, "files": chosen}, "agreeing", heard.lang)
        if heard.choice == GO_ON:
            return self._go(_without(state, "files"), "agreeing", heard.lang)
        if self._words.command(heard, free=False) == "back":
            return self._go(state, "agreeing", heard.lang)
        return Step(state, self._ask(state, heard.lang), digression=asks_policy(heard))

    async def _add(self, state: State, heard: Heard) -> Step:
        lang, access = heard.lang, _access(state)
        envelope = heard.envelope.encode() if heard.envelope else None
        offers = (("do:yes", self._words.text(lang, "choice.try_again")), "do:back")
        try:
            if envelope is None and holds(state["text"]):
                await self._cases.recipients_of(access)
                return Step(state, self._press(lang) + self._ask(state, lang))
            files = Waiting((), len(state.get("files", ())))
            await self._cases.add(access, state["text"], lang, envelope, files)
        except OtherRecipients:
            return Step(state, self._press(lang) + self._ask(state, lang))
        except FilesMissing:
            return Step(state, self._words.say(lang, "write.files", *offers))
        except NoRecipient:
            return Step(state, self._words.say(lang, "write.no_recipient", *offers))
        except NotStored:
            return Step(state, self._words.say(lang, "write.not_stored", *offers))
        stored = self._words.say(lang, "write.stored")
        after = {**_without(state, "text", "files"), "at": "case"}
        return Step(after, stored + self._ask(after, lang))

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
            case "writing":
                asked = self._words.say(lang, "write.ask", "do:back", free=True)
                return self._sealed.hold(asked, LONGEST_ACCOUNT) if state.get("seals") else asked
            case "files":
                return self._attaching.ask_here(state.get("files", []), MOST, lang)
            case "agreeing":
                return self._ask_agreeing(state, lang)
            case at if at in STEPS:
                return self._wishes.ask(state, lang)
        offers = ["opt:write", "opt:replies", "opt:wishes", "menu:main"]
        if state["offer"]:
            return self._words.say(lang, "case.ask_with_survey", "opt:survey", *offers)
        return self._words.say(lang, "case.ask", *offers)

    def _ask_agreeing(self, state: State, lang: str) -> tuple[Message, ...]:
        if not self._takes_files(state):
            return self._words.say(lang, "write.agree", "do:yes", "do:no")
        offer = ("opt:files", self._report_words.text(lang, "choice.files"))
        asked = self._words.say(lang, "write.agree", "do:yes", "do:no", offer)
        if not (count := len(state.get("files", ()))):
            return asked
        return (Message(f"{self._report_words.text(lang, 'part.files')}\n{count}"), *asked)


def _access(state: State) -> Access:
    return Access(state["case_id"], state["key"])


def _without(state: State, *names: str) -> State:
    return {name: value for name, value in state.items() if name not in names}


def _without_text(state: State) -> State:
    return _without(state, "text")
