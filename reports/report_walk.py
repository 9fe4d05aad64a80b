"""The dialogue in which a report is made.

Nothing leaves the conversation before the person has read the final text and agreed to send it.
Until then the draft lives in the sealed short-lived state of her conversation and nowhere else.

Steps, in their order: ``relation``, ``entity`` (``choose``, ``confirm``, ``host``), ``conflict``
(``level``, ``other``), ``account``, ``more``, ``when_where``, ``who``, ``wish`` (``wish_words``),
``danger``, ``contact`` (``contact_words``), ``preview`` (``change``, ``rework``, ``files``),
``consent``;
after sending ``noted`` and ``done``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

from catalogue import Heard, Message, Messages, Step
from reports.attaching import Attaching, means, numbers, waiting
from reports.cases import Cases, Ticket
from reports.draft import Draft
from reports.entities import Entities
from reports.errors import NoRecipient, NotStored, OtherRecipients
from reports.making import Making
from reports.report_telling import LONGEST_ACCOUNT, LONGEST_ANSWER, Said
from reports.routes import Routes
from reports.sealed import Sealed, holds, told
from reports.words import asks_policy
from vault.errors import FilesMissing
from vault.receipts import GROUP, grouped
from vault.sealing import Context

#: Steps at which her own words are asked for: what is written there belongs to the report, even
#: if it is a question or sounds like a command.
FREE = frozenset({"account", "more", "when_where", "who", "wish_words", "contact_words"})
#: Steps at which the name of an organization is asked for.
NAMING = frozenset({"entity", "choose", "confirm", "host"})
#: Steps whose answers stay in her browser where it can seal, and how long they may be (letters).
HELD = {
    **dict.fromkeys(("account", "more"), LONGEST_ACCOUNT),
    **dict.fromkeys(("when_where", "who", "wish", "wish_words"), LONGEST_ANSWER),
    **dict.fromkeys(("contact", "contact_words"), LONGEST_ANSWER),
}
#: Steps that may be left out.
SKIPPABLE = frozenset(
    {"when_where", "who", "wish", "wish_words", "danger", "contact", "files", "noted"}
)
#: Words that answer a step, whatever question they may sound like elsewhere.
ANSWERS = {"relation": ("self", "witness", "other"), "contact": ("anonymous",)}
#: Steps after the report was sent.
SENT = frozenset({"noted", "done"})

FIRST = "relation"


class ReportWalk(Making):
    """Makes a report: for oneself, as a witness, or for somebody else.

    Args:
        messages: the catalogue.
        entities: the organizations.
        routes: which office receives a report about whom.
        cases: sends it.
        attaches: files can be added.
    """

    name = "report"

    def __init__(
        self,
        messages: Messages,
        entities: Entities,
        routes: Routes,
        cases: Cases,
        *,
        attaches: bool = False,
    ) -> None:
        super().__init__(messages, entities, routes, cases)
        self._sealed = Sealed(messages)
        self._attaching = Attaching(self._words)
        self._attaches = attaches

    async def open(self, lang: str, **given: Any) -> Step:
        """Say what a report here is, and ask the first question.

        Args:
            lang: the language to speak.
            given: ``channel``, and ``seals``: her browser can seal what she tells.
        """
        seals = {True: "yes", False: "no"} if given.get("channel") == "web" else {True: "yes"}
        sealing = seals.get(bool(given.get("seals")))
        draft = Draft.new(FIRST, **{"seals": sealing} if sealing else {})
        attach = means(given.get("channel"), seals=sealing == "yes")
        if attach and self._attaches:
            draft.data["attach"] = attach
        return Step(draft.state(), (*self._words.say(lang, "intro"), *self._ask(draft, lang)))

    async def again(self, state: dict[str, Any], lang: str) -> Step:
        """Ask the present question again."""
        return await self._with_seal(Step(state, self._ask(Draft(state), lang)), lang)

    def moved(self, state: dict[str, Any], *, seals: bool) -> dict[str, Any]:
        """The draft without what only the former browser holds; that is asked for again."""
        draft = Draft(state)
        if _seals(draft) and draft.restart("account", without=_held):
            draft.note = {"lost": True}
        # That only cleaned copies go stays: it is her wish, and a carrier's files go along.
        for name in ("seals", "attach", "files"):
            draft.data.pop(name, None)
        if seals:
            draft.data |= {"seals": "yes", **({"attach": "browser"} if self._attaches else {})}
        return draft.state()

    def over(self, state: dict[str, Any]) -> bool:
        """The report is sent and the receipt noted; it can still be shown again."""
        return bool(state["at"] == "done")

    async def stop(self, state: dict[str, Any], lang: str) -> Step:
        """End at once. Before sending, the draft is gone with the state; afterwards it is said
        that the report is sent."""
        key = "stopped.sent" if state["at"] in SENT else "stopped.unsent"
        return Step(None, self._words.say(lang, key, "menu:support", "menu:main"))

    # -- hearing ------------------------------------------------------------------------------

    def _told(self, draft: Draft, heard: Heard) -> Heard:
        return told(heard, seals=draft.at in HELD and _seals(draft))

    async def _ready(self, step: Step, lang: str) -> Step:
        return await self._with_seal(step, lang)

    def _digresses(self, draft: Draft, heard: Heard) -> bool:
        if any(self._words.means(word, heard.text) for word in ANSWERS.get(draft.at, ())):
            return False
        if heard.choice is not None or draft.at not in FREE | NAMING | {"noted"}:
            return asks_policy(heard)
        if draft.at in NAMING:
            return self._naming.names_nothing(heard)
        return draft.at == "noted" and not _digits(heard.text) and asks_policy(heard)

    async def _command(self, draft: Draft, heard: Heard) -> Step | None:
        """What can be said at every step; ``None`` when it was something else."""
        lang = heard.lang
        command = self._words.command(heard, free=draft.at in FREE | NAMING)
        if command == "stop":
            return await self.stop(draft.state(), lang)
        if command == "pause":
            key = "paused.sent" if draft.at in SENT else "paused.unsent"
            resume = self._words.say(lang, key, "do:resume", "do:stop")
            return Step(draft.state(), resume)
        if command in ("resume", "again"):
            return self._next(draft, lang)
        if command == "why":
            why = f"why.{draft.at}"
            said = self._words.say(lang, why) if self._words.has(why) else ()
            return self._next(draft, lang, *said)
        if command == "skip" and draft.at not in SKIPPABLE:
            return self._next(draft, lang, *self._words.say(lang, "cannot_skip"))
        if command == "back":
            stuck = not draft.back() and draft.at == FIRST
            return self._next(draft, lang, *(self._words.say(lang, "no_way_back") if stuck else ()))
        return None

    async def _answer(self, draft: Draft, heard: Heard) -> Step:
        said = await self._hear(draft, heard)
        if said is None and draft.at == "sending":
            return await self._send(draft, heard)
        if said is not None:
            return Step(draft.state(), said)
        return self._next(draft, heard.lang)

    async def _hear(self, draft: Draft, heard: Heard) -> Said:
        match draft.at:
            case "entity":
                return await self._naming.hear_entity(draft, heard)
            case "choose":
                return await self._naming.hear_choose(draft, heard)
            case "confirm":
                return await self._naming.hear_confirm(draft, heard)
            case "host":
                return await self._naming.hear_host(draft, heard)
            case "conflict":
                return await self._reaching.hear_conflict(draft, heard)
            case "level":
                return await self._reaching.hear_level(draft, heard)
            case "other":
                return await self._reaching.hear_other(draft, heard)
            case "preview":
                return self._review.hear_preview(draft, heard)
            case "change":
                return self._review.hear_change(draft, heard)
            case "files":
                return self._attaching.hear_files(draft, heard)
            case "consent":
                return self._review.hear_consent(draft, heard)
            case "noted":
                return self._hear_noted(draft, heard)
            case told:
                hear = getattr(self._telling, f"hear_{told}")
                said: Said = hear(draft, heard)
                return said

    # -- asking -------------------------------------------------------------------------------

    def _next(self, draft: Draft, lang: str, *first: Message) -> Step:
        asked = self._ask(draft, lang)
        return Step(draft.state(), (*first, *asked))

    def _ask(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """The present question."""
        match draft.at:
            case "noted":
                return self._receipt(draft, lang)
            case "done":
                return self._done(lang, "receipt.what_now")
            case "entity" | "choose" | "confirm" | "host":
                part: object = self._naming
            case "conflict" | "level" | "other":
                part = self._reaching
            case "preview" | "change" | "consent":
                part = self._review
            case "files":
                part = self._attaching
            case _:
                part = self._telling
        asked: tuple[Message, ...] = getattr(part, f"ask_{draft.at}")(draft, lang)
        if draft.at == "account":
            asked = (*self._about_sealing(draft, lang), *asked)
        if draft.at in HELD and _seals(draft):
            asked = self._sealed.hold(asked, HELD[draft.at])
        return (*self._telling.urgent(lang), *asked) if draft.note.get("urgent") else asked

    # -- sealing in her browser ---------------------------------------------------------------

    def _about_sealing(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        if draft.note.get("lost"):
            return self._sealed.lost(lang)
        return self._sealed.plainly(lang) if draft.data.get("seals") == "no" else ()

    def _press(self, lang: str) -> tuple[Message, ...]:
        return self._sealed.once_more(lang, self._words.text(lang, "choice.send_now"))

    async def _with_seal(self, step: Step, lang: str) -> Step:
        """Before she agrees, her browser is told what to seal, and to whom."""
        if step.state is None or step.state["at"] != "consent":
            return step
        draft = Draft(step.state)
        document = self._review.report(draft, lang).document()
        files, clean = numbers(draft), bool(draft.data.get("clean"))
        if not files and not holds(document.decode()):
            return step
        context = Context("report", draft.data["case_id"])
        keys = self._cases.recipients(self._reaching.destination(draft))
        return replace(
            step,
            messages=await self._sealed.asked(
                step.messages, context, keys, document, files, clean=clean
            ),
        )

    # -- sending, and the receipt -------------------------------------------------------------

    async def _send(self, draft: Draft, heard: Heard) -> Step:
        lang = heard.lang
        ticket = Ticket(draft.data["case_id"], draft.data["receipt"])
        report = self._review.report(draft, lang)
        envelope = heard.envelope.encode() if heard.envelope else None
        draft.at = "consent"
        offers = (
            ("do:yes", self._words.text(lang, "choice.try_again")),
            ("do:no", self._words.text(lang, "choice.look_again")),
            "do:stop",
        )
        try:
            held = numbers(draft) or holds(report.document().decode())
            if envelope is None and held:
                await self._cases.recipients(self._reaching.destination(draft))
                return self._next(draft, lang, *self._press(lang))
            to = self._reaching.destination(draft)
            receipt = await self._cases.send(report, to, ticket, envelope, waiting(draft))
        except OtherRecipients:
            return self._next(draft, lang, *self._press(lang))
        except FilesMissing:
            said = self._words.say(lang, "failed.files", *offers)
            return await self._with_seal(Step(draft.state(), said), lang)
        except NoRecipient:
            return Step(draft.state(), self._words.say(lang, "failed.no_recipient", *offers))
        except NotStored:
            return Step(draft.state(), self._words.say(lang, "failed.not_stored", *offers))
        sent = Draft.new("noted", receipt=receipt)
        return self._next(sent, lang, *self._words.say(lang, "sent"))

    def _receipt(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """The receipt, what it is for, and the question that shows whether it was noted."""
        shown = Message(grouped(draft.data["receipt"]), secret=True)
        explained = self._words.say(lang, "receipt.explain")
        offers = ("opt:again", "do:skip")
        asked = self._words.say(lang, "receipt.check", *offers, free=True, group=GROUP)
        return (shown, *explained, *asked)

    def _hear_noted(self, draft: Draft, heard: Heard) -> Said:
        lang, receipt = heard.lang, draft.data["receipt"]
        typed = _digits(heard.text)
        skipped = self._words.command(heard, free=True) == "skip"
        if heard.choice is not None and not skipped:  # again, or Send pressed a second time
            return self._receipt(draft, lang)
        if skipped or (len(typed) >= GROUP and receipt.endswith(typed)):
            draft.at = "done"
            return self._done(lang, "receipt.unchecked" if skipped else "receipt.right")
        key = "receipt.wrong" if typed else "receipt.missing"
        return self._words.say(lang, key, "opt:again", "do:skip", free=True, group=GROUP)

    def _done(self, lang: str, key: str) -> tuple[Message, ...]:
        offers = ("opt:again", "topic:what_happens_next", "menu:support", "menu:main")
        return self._words.say(lang, key, *offers)

    def _after(self, draft: Draft, heard: Heard) -> Step:
        """After the report: the receipt again, as long as the chat lasts. Everything else belongs
        to the ordinary conversation."""
        wanted = heard.choice == "opt:again" or self._words.means("again", heard.text)
        if not wanted and not (heard.choice is None and heard.intent == "repeat"):
            return Step(draft.state(), self._ask(draft, heard.lang), digression=asks_policy(heard))
        shown = Message(grouped(draft.data["receipt"]), secret=True)
        return Step(draft.state(), (shown, *self._done(heard.lang, "receipt.shown_again")))


def _seals(draft: Draft) -> bool:
    return draft.data.get("seals") == "yes"


def _held(value: object) -> bool:
    return isinstance(value, str) and holds(value)


def _digits(text: str) -> str:
    """The digits of a text, of whatever script, as ASCII ones."""
    values = (unicodedata.decimal(letter, None) for letter in text)
    return "".join(str(value) for value in values if value is not None)
