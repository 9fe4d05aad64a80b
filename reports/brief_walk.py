"""A report on a channel that is not fit for one: it is handed over, or made very small.

A text message is read by telephone companies and lies open on the phone. So nobody is asked here
what happened. She is led to another channel with a short code; if this phone is all that she has,
the office gets an organization, a kind and a wish. The receipt is never sent here: it waits, as
long as the conversation lasts, until she comes to another channel with a code.

Steps: ``offer``, ``relation``, ``entity`` (``choose``, ``confirm``, ``host``), ``conflict``
(``level``, ``other``), ``account`` (only its kind), ``wish``, ``danger``, ``preview``; ``done``
after sending.
"""

from __future__ import annotations

from typing import Any, ClassVar

from catalogue import Brief, Heard, Message, Messages, Step
from reports.cases import Ticket
from reports.draft import Draft
from reports.errors import NoRecipient, NotStored
from reports.making import Making
from reports.report_telling import WISHES, Said
from reports.words import Words, asks_policy

#: What it was, in words that tell a stranger nothing.
KINDS = ("said", "touch", "pressure", "force", "open")

_BY_NAME = frozenset({"entity", "choose", "confirm", "host"})
_REACHING = frozenset({"conflict", "level", "other"})
_MOVE = ("gate:move", "brief_move")


class BriefReport(Making, Brief):
    """Implements ``catalogue.Walk``.

    Args:
        messages: as the channel says them.
        entities: the organizations.
        routes: which office receives a report about whom.
        cases: sends it.
    """

    name = "report_sms"
    channel: ClassVar[str] = "sms"
    full: ClassVar[str] = "report"

    async def open(self, lang: str, **given: Any) -> Step:
        """Offer to go on elsewhere first."""
        draft = Draft.new("offer")
        return Step(draft.state(), self._ask(draft, lang))

    async def again(self, state: dict[str, Any], lang: str) -> Step:
        """Ask the present question again."""
        return Step(state, self._ask(Draft(state), lang))

    def over(self, state: dict[str, Any]) -> bool:
        """It is sent; the receipt waits for another channel."""
        return bool(state["at"] == "done")

    def moved(self, state: dict[str, Any], *, seals: bool) -> dict[str, Any]:
        """Nothing of it is held by a browser."""
        return state

    def onward(self, state: dict[str, Any]) -> dict[str, Any]:
        """What was answered, and the first question that the full report would ask next."""
        draft = Draft(state)
        kept = {k: v for k, v in draft.data.items() if not k.startswith("account.")}
        full = {"offer": "relation", "preview": "account", "danger": "account", "wish": "account"}
        return Draft.new(full.get(draft.at, draft.at), **kept).state()

    async def stop(self, state: dict[str, Any], lang: str) -> Step:
        """End at once; a draft is gone with the state."""
        key = "stopped.sent" if state["at"] == "done" else "stopped.unsent"
        return Step(None, self._words.say(lang, key, "menu:support", "menu:main"))

    # -- hearing ------------------------------------------------------------------------------

    def _after(self, draft: Draft, heard: Heard) -> Step:
        asked = self._ask(draft, heard.lang)
        return Step(draft.state(), asked, digression=asks_policy(heard))

    def _digresses(self, draft: Draft, heard: Heard) -> bool:
        if heard.choice is None and draft.at in _BY_NAME:
            return self._naming.names_nothing(heard)
        return asks_policy(heard)

    async def _command(self, draft: Draft, heard: Heard) -> Step | None:
        command = self._words.command(heard, free=draft.at in _BY_NAME)
        if command == "stop":
            return await self.stop(draft.state(), heard.lang)
        if command == "back":
            draft.back()
            return self._next(draft, heard.lang)
        if command in ("pause", "resume", "again", "why"):
            return self._next(draft, heard.lang)
        return None

    async def _answer(self, draft: Draft, heard: Heard) -> Step:
        said = await self._hear(draft, heard)
        if said is not None:
            return Step(draft.state(), said)
        if draft.at == "sending":
            return await self._send(draft, heard.lang)
        draft.at = {"contact": "preview"}.get(draft.at, draft.at)
        if draft.at == "preview":
            self._draw(draft)
        return self._next(draft, heard.lang)

    async def _hear(self, draft: Draft, heard: Heard) -> Said:
        if (part := self._part(draft)) is not None:
            hear = getattr(part, f"hear_{draft.at}")
            named: Said = await hear(draft, heard)
            return named
        match draft.at:
            case "relation":
                return self._telling.hear_relation(draft, heard)
            case "danger":
                return self._telling.hear_danger(draft, heard)
            case "offer":
                return self._hear_offer(draft, heard)
            case "account":
                return self._hear_kind(draft, heard)
            case "wish":
                return self._hear_wish(draft, heard)
            case _:
                return self._hear_preview(draft, heard)

    def _hear_offer(self, draft: Draft, heard: Heard) -> Said:
        if heard.choice != "opt:short":
            return self._ask(draft, heard.lang)
        draft.go("relation")
        return None

    def _hear_kind(self, draft: Draft, heard: Heard) -> Said:
        """One of the kinds; whatever else is typed is not taken, so that it is not kept."""
        kind = (heard.choice or "").removeprefix("opt:")
        if kind not in KINDS:
            told = self._words.say(heard.lang, "brief.no_account") if heard.text else ()
            return (*told, *self._ask(draft, heard.lang))
        label = self._words.text(heard.lang, f"choice.{kind}")
        note = self._words.text(heard.lang, "brief.account", kind=label)
        draft.go("wish", **{"account.0": note})
        return None

    def _hear_wish(self, draft: Draft, heard: Heard) -> Said:
        wish = (heard.choice or "").removeprefix("opt:")
        skipped = self._words.command(heard, free=False) == "skip"
        if wish not in WISHES and not skipped:
            return self._ask(draft, heard.lang)
        draft.go("danger", wish=None if skipped else wish)
        return None

    def _hear_preview(self, draft: Draft, heard: Heard) -> Said:
        if not self._words.agreed(heard):
            if self._words.command(heard, free=False) == "no":
                draft.back()
                return None
            return self._ask(draft, heard.lang)
        if "case_id" not in draft.data:  # begun by an older version
            self._draw(draft)
        draft.at = "sending"
        return None

    def _draw(self, draft: Draft) -> None:
        """Draw the ticket as she is asked, and not as she agrees.

        If the service dies once the report is stored, the conversation stays at this question: her
        next yes must mean the same report. After a change it is another one.
        """
        ticket = self._cases.ticket()
        draft.data |= {"case_id": ticket.case_id, "receipt": ticket.receipt}

    # -- asking -------------------------------------------------------------------------------

    def _next(self, draft: Draft, lang: str, *first: Message) -> Step:
        asked = self._ask(draft, lang)
        if draft.note.get("urgent"):
            asked = (*self._telling.urgent(lang), *asked)
        return Step(draft.state(), (*first, *asked))

    def _part(self, draft: Draft) -> object | None:
        """What finds out where it may go, at its steps."""
        if draft.at in _BY_NAME:
            return self._naming
        return self._reaching if draft.at in _REACHING else None

    def _ask(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        say = self._words.say
        if (part := self._part(draft)) is not None:
            asked: tuple[Message, ...] = getattr(part, f"ask_{draft.at}")(draft, lang)
            return asked
        match draft.at:
            case "offer":
                return say(lang, "brief.offer", self._move(lang), "opt:short", "menu:main")
            case "relation":
                return self._telling.ask_relation(draft, lang)
            case "account":
                return say(lang, "brief.kind", *(f"opt:{kind}" for kind in KINDS), "do:back")
            case "wish":
                wishes = (f"opt:{wish}" for wish in WISHES)
                return say(lang, "wish.ask", *wishes, "do:skip", "do:back")
            case "danger":
                return self._telling.ask_danger(draft, lang)
            case "done":
                return say(lang, "brief.receipt", self._move(lang), "menu:main")
            case _:
                return self._preview(draft, lang)

    def _preview(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        return self._words.say(
            lang,
            "brief.check",
            ("do:yes", self._words.text(lang, "choice.send_now")),
            ("do:no", self._words.text(lang, "choice.not_yet")),
            "do:stop",
            office=self._reaching.office_name(draft.data["office"], lang),
        )

    def _move(self, lang: str) -> tuple[str, str]:
        value, label = _MOVE
        return value, self._words.text(lang, f"choice.{label}")

    # -- sending ------------------------------------------------------------------------------

    async def _send(self, draft: Draft, lang: str) -> Step:
        ticket = Ticket(draft.data["case_id"], draft.data["receipt"])
        report = self._review.report(draft, lang)
        draft.at = "preview"
        offers = (("do:yes", self._words.text(lang, "choice.try_again")), "do:stop")
        try:
            receipt = await self._cases.send(report, self._reaching.destination(draft), ticket)
        except NoRecipient:
            return Step(draft.state(), self._words.say(lang, "failed.no_recipient", *offers))
        except NotStored:
            return Step(draft.state(), self._words.say(lang, "failed.not_stored", *offers))
        sent = Draft.new("done", receipt=receipt)
        return self._next(sent, lang, *self._words.say(lang, "brief.sent"))


class ReturnElsewhere:
    """Coming back with a receipt: never here, where it would lie open. Implements ``Walk``.

    Args:
        messages: as the channel says them.
    """

    name = "return_sms"

    def __init__(self, messages: Messages) -> None:
        self._words = Words(messages, "report")

    async def open(self, lang: str, **given: Any) -> Step:
        """Only the way to another channel."""
        move = ("gate:move", self._words.text(lang, "choice.brief_move"))
        return Step(None, self._words.say(lang, "brief.come_back", move, "menu:main"))

    async def step(self, state: dict[str, Any], heard: Heard) -> Step:
        """There is nothing to go on with."""
        return await self.open(heard.lang)

    async def again(self, state: dict[str, Any], lang: str) -> Step:
        """There is nothing to go on with."""
        return await self.open(lang)

    def over(self, state: dict[str, Any]) -> bool:
        """Nothing of it is kept."""
        return False

    def moved(self, state: dict[str, Any], *, seals: bool) -> dict[str, Any]:
        """Nothing of it is kept."""
        return state

    async def stop(self, state: dict[str, Any], lang: str) -> Step:
        """There is nothing to stop."""
        return await self.open(lang)
