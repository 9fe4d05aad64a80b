"""What a reporter writes later, with files if she likes: asked for, agreed to, sealed, stored."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from catalogue import Heard, Message, Messages, Step
from reports.attaching import (
    GO_ON,
    GO_ON_CLEAN,
    MOST,
    SWITCHES,
    Attaching,
    Waiting,
    cleaned,
    ids_of,
    means,
    named,
    without_originals,
)
from reports.cases import Access, Cases
from reports.errors import NoRecipient, NotStored, OtherRecipients
from reports.report import addition
from reports.report_telling import LONGEST_ACCOUNT
from reports.sealed import Sealed, holds, told
from reports.words import Words, asks_policy
from vault.errors import FilesMissing
from vault.keys import PublicKey
from vault.sealing import Context

#: The steps of this part of the dialogue.
STEPS = frozenset({"writing", "agreeing", "files"})

State = dict[str, Any]


class Writing:
    """Takes an addition to a case.

    The state holds ``text``, ``files`` (numbers of those her browser holds), ``carried`` (where
    each file lies that came by a carrier, and its key) and ``ticket`` (random, by which it is known
    when it is sent once more), until it is sent.

    Args:
        words: the messages of the walk.
        messages: the catalogue.
        cases: stores what is added.
        attaches: files can be added, where there is a way for them.
    """

    def __init__(self, words: Words, messages: Messages, cases: Cases, *, attaches: bool) -> None:
        self._words = words
        self._report_words = Words(messages, "report")
        self._cases = cases
        self._sealed = Sealed(messages)
        self._attaching = Attaching(self._report_words)
        self._attaches = attaches

    def way(self, channel: object, *, seals: bool) -> State:
        """How files can come by a channel, as the state keeps it."""
        way = means("web" if seals else channel, seals=seals) if self._attaches else None
        return {"attach": way} if way else ({"no_files": True} if channel == "signal" else {})

    def moved(self, state: State, *, seals: bool) -> State:
        """Without the words and files that only the former browser holds.

        That only cleaned copies go stays: it is her wish, and a carrier's files go along.
        """
        here = without(state, "seals", "files", "attach", "no_files")
        if holds(here.get("text", "")):
            here = {**without(here, "text"), "at": "writing"}
        if here["at"] == "files":
            here = {**here, "at": "agreeing", "ticket": secrets.token_hex(16)}
        return {**here, **({"seals": True, **self.way("web", seals=True)} if seals else {})}

    async def hear(self, state: State, heard: Heard) -> Step | None:
        """Words, files, or that it shall be sent; ``None`` for something else."""
        match state["at"]:
            case "writing":
                return self._hear_writing(state, heard)
            case "files":
                return self._hear_files(state, heard)
            case _:
                return await self._hear_agreeing(state, heard)

    def ask(self, state: State, lang: str) -> tuple[Message, ...]:
        """The present question."""
        match state["at"]:
            case "writing":
                asked = self._words.say(lang, "write.ask", "do:back", free=True)
                if state.get("no_files"):
                    asked = self._words.say(lang, "write.no_files") + asked
                return self._sealed.hold(asked, LONGEST_ACCOUNT) if state.get("seals") else asked
            case "files" if state["attach"] == "carrier":
                clean = bool(state.get("clean"))
                return self._attaching.ask_sent(_carried(state), lang, clean=clean)
            case "files":
                most = MOST - len(_carried(state))
                clean = bool(state.get("clean"))
                return self._attaching.ask_here(state.get("files", []), most, lang, clean=clean)
            case _:
                return self._ask_agreeing(state, lang)

    async def with_seal(self, step: Step, lang: str) -> Step:
        """Before she agrees, her browser is told what to seal, and to whom."""
        state = step.state or {}
        if state.get("at") != "agreeing" or not _held(state):
            return step
        context = Context("addition", state["case_id"])
        keys = self._sealed_to(state)
        document = addition(state["text"], lang, _carried(state))
        files, clean = state.get("files", ()), bool(state.get("clean"))
        asked = self._sealed.asked(step.messages, context, keys, document, files, clean=clean)
        return replace(step, messages=await asked)

    async def _sealed_to(self, state: State) -> list[PublicKey]:
        if state.get("files"):
            await self._cases.clear_uploads(access(state))
        return await self._cases.recipients_of(access(state))

    # -- her words ----------------------------------------------------------------------------

    def _hear_writing(self, state: State, heard: Heard) -> Step:
        lang = heard.lang
        heard = told(heard, seals=bool(state.get("seals")))
        command = self._words.command(heard, free=True)
        if command == "back":
            return Step({**without(state, "carried", "files", "clean"), "at": "case"}, ())
        if heard.choice is not None:
            return Step(state, self.ask(state, lang), digression=asks_policy(heard))
        if not heard.text.strip():
            return Step(state, self.ask(state, lang))
        if len(heard.text) > LONGEST_ACCOUNT:
            long = self._words.say(
                lang, "write.too_long", "do:back", free=True, most=LONGEST_ACCOUNT
            )
            return Step(state, long)
        return self._go({**state, "text": heard.text}, "agreeing", lang)

    # -- files --------------------------------------------------------------------------------

    def _hear_files(self, state: State, heard: Heard) -> Step:
        """Files, the numbers of those that her browser holds, or that these are all."""
        lang = heard.lang
        if state["attach"] == "carrier":
            return self._hear_carried(state, heard)
        chosen = named(heard.choice, MOST - len(_carried(state)))
        if chosen or heard.choice == GO_ON_CLEAN:
            return self._hear_here(state, chosen, heard)
        if heard.choice == GO_ON:
            return self._go(without(state, "files"), "agreeing", lang)
        if self._words.command(heard, free=False) == "back":
            return self._go(state, "agreeing", lang)
        return Step(state, self.ask(state, lang), digression=asks_policy(heard))

    def _hear_here(self, state: State, chosen: list[int], heard: Heard) -> Step:
        """Her browser goes on with its files, or says that only cleaned copies go."""
        clean, carried = cleaned(heard.choice), _carried(state)
        kept = without_originals(carried) if clean else carried
        values = {"files": chosen, "carried": kept, "clean": clean}
        after = without(state, *values) | {name: one for name, one in values.items() if one}
        if len(kept) == len(carried):
            return self._go(after, "agreeing", heard.lang)
        said = self._report_words.say(heard.lang, "files.refused.unclean")
        return Step(after, said + self.ask(after, heard.lang))

    def _hear_carried(self, state: State, heard: Heard) -> Step:
        carried = _carried(state)
        taken: tuple[Message, ...] = ()
        if heard.attached is not None:
            clean_now = bool(state.get("clean"))
            taken = self._attaching.take(carried, heard.attached, heard.lang, clean=clean_now)
            if heard.choice not in SWITCHES:  # pressed while the file came, one is heard as well
                after = {**state, "carried": carried}
                return Step(after, taken + self.ask(after, heard.lang))
        if switched := self._attaching.switch(heard.choice, carried, heard.lang):
            clean_now, kept, said = switched
            clean = {"clean": True} if clean_now else {}
            after = {**without(state, "clean"), "carried": kept, **clean}
            return Step(after, taken + said + self.ask(after, heard.lang))
        if heard.choice == "opt:fewer" and carried:
            after = {**state, "carried": carried[:-1]}
            return Step(after, self.ask(after, heard.lang))
        command = self._report_words.command(heard, free=False)
        done = command in ("skip", "done", "back") or self._report_words.means("done", heard.text)
        if heard.choice == GO_ON or done:
            return self._go(state, "agreeing", heard.lang)
        return Step(state, self.ask(state, heard.lang), digression=asks_policy(heard))

    # -- agreeing -----------------------------------------------------------------------------

    def _ask_agreeing(self, state: State, lang: str) -> tuple[Message, ...]:
        offers = ["do:yes", "do:no"]
        if "attach" not in state:
            asked = self._words.say(lang, "write.agree", *offers)
        else:
            offer = ("opt:files", self._report_words.text(lang, "choice.files"))
            asked = self._words.say(lang, "write.agree", *offers, offer)
        if not (count := len(state.get("files", ())) + len(_carried(state))):
            return asked
        counted = self._attaching.counted(count, lang, clean=bool(state.get("clean")))
        return (Message(f"{self._report_words.text(lang, 'part.files')}\n{counted}"), *asked)

    async def _hear_agreeing(self, state: State, heard: Heard) -> Step | None:
        if self._words.agreed(heard):
            return await self._add(state, heard)
        if heard.choice == "opt:files" and "attach" in state:
            return self._go(state, "files", heard.lang)
        if self._words.command(heard, free=False) in ("no", "back"):
            return self._go(without(state, "text"), "writing", heard.lang)
        return None

    async def _add(self, state: State, heard: Heard) -> Step:
        lang, hers, carried = heard.lang, access(state), _carried(state)
        envelope = heard.envelope.encode() if heard.envelope else None
        offers = (("do:yes", self._words.text(lang, "choice.try_again")), "do:back")
        try:
            if envelope is None and _held(state):
                await self._cases.recipients_of(hers)
                return Step(state, self._press(lang) + self.ask(state, lang))
            ids = tuple(id for one in carried for id in ids_of(one))
            files = Waiting(ids, len(state.get("files", ())))
            document = addition(state["text"], lang, carried)
            await self._cases.add(hers, document, envelope, files, state.get("ticket"))
        except OtherRecipients:
            return Step(state, self._press(lang) + self.ask(state, lang))
        except FilesMissing:
            return Step(state, self._words.say(lang, "write.files", *offers))
        except NoRecipient:
            return Step(state, self._words.say(lang, "write.no_recipient", *offers))
        except NotStored:
            return Step(state, self._words.say(lang, "write.not_stored", *offers))
        after = {**without(state, "text", "files", "carried", "clean", "ticket"), "at": "case"}
        return Step(after, self._words.say(lang, "write.stored"))

    def _press(self, lang: str) -> tuple[Message, ...]:
        return self._sealed.once_more(lang, self._words.text(lang, "choice.yes"))

    def _go(self, state: State, step: str, lang: str) -> Step:
        onward = {**without(state, "ticket"), "at": step}
        if step == "agreeing":  # drawn as she is asked: what she agrees to twice is stored once
            onward["ticket"] = secrets.token_hex(16)
        return Step(onward, self.ask(onward, lang))


def access(state: State) -> Access:
    """What stands for the receipt in a state."""
    return Access(state["case_id"], state["key"])


def without(state: State, *names: str) -> State:
    """A state without some of its values."""
    return {name: value for name, value in state.items() if name not in names}


def _carried(state: State) -> list[dict[str, Any]]:
    """The files that came by a carrier; no original where only cleaned copies go."""
    carried = list(state.get("carried", ()))
    return without_originals(carried) if state.get("clean") else carried


def _held(state: State) -> bool:
    """Whether her browser holds something of it, so that only her browser can seal it."""
    return bool(state.get("files")) or holds(state["text"])
