"""The part of a report's dialogue that finds out where it may go.

The organization of the person complained of is asked first, because it decides who receives the
report; then whether somebody in that office must not see it. Nobody is led into a route that
nobody could read: such a route is named, and the alternate offered; else the office that receives
what belongs nowhere, which is said to be outside. All this comes before a word is told.
"""

from __future__ import annotations

import re

from catalogue import Heard, Message
from reports.cases import Cases
from reports.draft import Draft
from reports.entities import Entities, Found
from reports.routes import UNKNOWN, Office, Route, Routes
from reports.words import Offer, Words, asks_policy

#: Letters kept of a name that is on no list.
_LONGEST_NAME = 200
#: A question without its mark is taken for one only when the engine has hardly a doubt.
_CERTAIN = 0.9
_ASKS = re.compile(r"[?？؟]")


class Naming:
    """Asks for the organization, confirms it, and settles who receives the report.

    Each ``ask_…`` says a question; each ``hear_…`` moves the draft on and returns the messages to
    say instead of the next question, or ``None``.
    """

    def __init__(self, words: Words, entities: Entities, routes: Routes, cases: Cases) -> None:
        self._words = words
        self._entities = entities
        self._routes = routes
        self._cases = cases

    def entity_name(self, draft: Draft, lang: str) -> str:
        """The organization as it stands in the report."""
        entity = self._entities.get(draft.data["entity"])
        if entity is not None:
            return entity.full(lang)
        return str(draft.data.get("said") or self._words.text(lang, "part.entity_unknown"))

    def office_name(self, office_id: str, lang: str) -> str:
        """An office's name."""
        office = self._routes.office(office_id)
        return office.name(lang) if office else office_id

    # -- which organization -------------------------------------------------------------------

    def ask_entity(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Where does the person complained of work?"""
        if "said" in draft.note:
            offers = ("opt:unlisted", "opt:unknown", "do:back")
            return self._words.say(lang, "entity.not_found", *offers, free=True)
        return self._words.say(lang, "entity.ask", "opt:unknown", "do:back", free=True)

    async def hear_entity(self, draft: Draft, heard: Heard) -> tuple[Message, ...] | None:
        """A name, or that it is not known or not listed."""
        if heard.choice == "opt:unknown" or self._words.means("unknown", heard.text):
            return await self._settle(draft, heard.lang, UNKNOWN)
        if heard.choice == "opt:unlisted" and "said" in draft.note:
            return await self._settle(draft, heard.lang, UNKNOWN, said=draft.note["said"])
        if heard.choice is None and heard.text.strip():
            self._take(draft, self._entities.find(heard.text), heard.text)
            return None
        return self.ask_entity(draft, heard.lang)

    def names_nothing(self, heard: Heard) -> bool:
        """Whether a question about the policy is no name of an organization."""
        if not asks_policy(heard):
            return False
        if heard.confidence < _CERTAIN and not _ASKS.search(heard.text):
            return False  # "the ministry of …" is a name that nobody knows, not a question
        found = self._entities.find(heard.text)
        named = found.exact is not None or (found.candidates and len(heard.text.split()) <= 3)
        return not named

    def _take(self, draft: Draft, found: Found, text: str) -> None:
        codes = [entity.code for entity in found.candidates]
        if not codes:
            draft.note = {"said": text[:_LONGEST_NAME]}
        elif found.exact is not None or len(codes) == 1:
            draft.go("confirm", entity=codes[0])
        else:
            draft.go("choose", candidates=codes)

    def ask_choose(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Which of these?"""
        named = [self._entities.get(code) for code in draft.data["candidates"]]
        offers = [(f"opt:{at}", entity.full(lang)) for at, entity in enumerate(named, 1) if entity]
        return self._words.say(lang, "entity.choose", *offers, "opt:none", "do:back")

    async def hear_choose(self, draft: Draft, heard: Heard) -> tuple[Message, ...] | None:
        """One of them, none of them, or another name."""
        codes = draft.data["candidates"]
        if heard.choice == "opt:none":
            draft.go("entity", candidates=None)
            return None
        if heard.choice is None and heard.text.strip():
            found = self._entities.find(heard.text)
            if found.candidates:
                self._take(draft, found, heard.text)
                return None
        picked = (heard.choice or "").removeprefix("opt:")
        if picked.isdecimal() and 1 <= int(picked) <= len(codes):
            return await self._settle(draft, heard.lang, codes[int(picked) - 1])
        return self.ask_choose(draft, heard.lang)

    def ask_confirm(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Is it this one, by its full name?"""
        name = self.entity_name(draft, lang)
        return self._words.say(lang, "entity.confirm", "do:yes", "do:no", "do:back", name=name)

    async def hear_confirm(self, draft: Draft, heard: Heard) -> tuple[Message, ...] | None:
        """Yes, no, or another name straight away."""
        command = self._words.command(heard, free=False)
        if command == "yes":
            return await self._settle(draft, heard.lang, draft.data["entity"])
        if command == "no":
            draft.go("entity", entity=None)
            return None
        if heard.choice is None and heard.text.strip():
            found = self._entities.find(heard.text)
            if found.candidates:
                self._take(draft, found, heard.text)
                return None
        return self.ask_confirm(draft, heard.lang)

    def ask_host(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Which organization hosts the volunteer?"""
        if "said" in draft.note:
            offers = ("opt:unlisted", "opt:own", "opt:unknown", "do:back")
            return self._words.say(lang, "entity.host_not_found", *offers, free=True)
        return self._words.say(lang, "entity.host", "opt:own", "opt:unknown", "do:back", free=True)

    async def hear_host(self, draft: Draft, heard: Heard) -> tuple[Message, ...] | None:
        """A host, or the volunteers' programme itself."""
        if heard.choice == "opt:own":
            return await self._settle(draft, heard.lang, draft.data["entity"])
        return await self.hear_entity(draft, heard)

    # -- who receives it ----------------------------------------------------------------------

    async def _settle(
        self, draft: Draft, lang: str, code: str, said: str | None = None
    ) -> tuple[Message, ...] | None:
        """The organization is certain; find out whether somebody there can read a report."""
        route = self._routes.route(code)
        if route.asks_host and draft.at != "host" and not draft.data.get("hosted"):
            draft.go("host", entity=code, hosted=True)
            return None
        chosen: dict[str, str | None] = {
            "entity": code,
            "said": said,
            "candidates": None,
            "office": None,
            "standby": None,
        }
        alternate = route.alternate is not None and await self._cases.reachable(route.alternate.id)
        if await self._cases.reachable(route.office.id):
            standby = route.alternate.id if route.alternate and alternate else None
            draft.go("conflict", **{**chosen, "standby": standby})
            return None
        if route.alternate and alternate:
            draft.go("other", **chosen, offered=route.alternate.id, instead="dead")
            return None
        last = self._routes.route(UNKNOWN).office
        if last != route.office and await self._cases.reachable(last.id):
            draft.go("other", **chosen, offered=last.id, instead="dead_far")
            return None
        if draft.at != "entity":
            draft.go("entity", entity=None, hosted=None, candidates=None)
        offers = ("topic:how_to_report", "topic:ombudsman", "menu:support", "do:back", "do:stop")
        office = route.office.name(lang)
        return self._words.say(lang, "dead_end", *offers, free=True, office=office)

    def _route(self, draft: Draft) -> Route:
        return self._routes.route(draft.data["entity"])

    def retaliation(self, draft: Draft) -> Office | None:
        """The office that protects from retaliation, where that is known."""
        return self._route(draft).retaliation

    def _because(self, draft: Draft, lang: str) -> str:
        entity = self.entity_name(draft, lang)
        return self._words.because(lang, self._route(draft).because, entity)

    def ask_conflict(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """May the receiving office see it, and the one that waits behind it?"""
        office = self._route(draft).office.name(lang)
        because = self._because(draft, lang)
        offers: list[Offer] = ["opt:clear", "opt:involved", "opt:unsure", "do:back"]
        standby = draft.data.get("standby")
        if standby:
            names = (("involved", "first"), ("second", "second"), ("both", "both"))
            offers[1:2] = [(f"opt:{n}", self._words.text(lang, f"choice.{w}")) for n, w in names]
        if draft.note.get("which"):
            return self._words.say(lang, "conflict.which", *offers)
        if draft.note.get("unsure"):
            offers.remove("opt:unsure")
            return self._words.say(lang, "conflict.unsure", *offers, office=office, because=because)
        if standby:
            second = self.office_name(standby, lang)
            return self._words.say(
                lang, "conflict.ask_two", *offers, office=office, because=because, second=second
            )
        return self._words.say(lang, "conflict.ask", *offers, office=office, because=because)

    async def hear_conflict(self, draft: Draft, heard: Heard) -> tuple[Message, ...] | None:
        """No; yes, or somebody should not see it, and where; not sure."""
        command = self._words.command(heard, free=False)
        route = self._route(draft)
        standby = draft.data.get("standby")
        if heard.choice in ("opt:clear", "opt:second") or command == "no":
            behind = None if heard.choice == "opt:second" else standby
            on = draft.onward("account")
            draft.go(on, office=route.office.id, conflict=None, standby=behind)
            return None
        if heard.choice == "opt:both":
            draft.go("other", offered=route.office.id, instead="no_alternate", standby=None)
            return None
        if heard.choice == "opt:involved" or (command == "yes" and not standby):
            await self._around(draft, route)
            return None
        if command == "yes":
            draft.note = {"which": True}
        elif heard.choice == "opt:unsure" or self._words.means("unknown", heard.text):
            draft.note = {"unsure": True}
        return self.ask_conflict(draft, heard.lang)

    async def _around(self, draft: Draft, route: Route) -> None:
        """Around the receiving office, if somebody there can read the report."""
        alternate: Office | None = route.goes_to(exclude_receiving=True)
        if alternate is not None and await self._cases.reachable(alternate.id):
            draft.go("other", offered=alternate.id, instead="involved", standby=None)
        else:
            draft.go("other", offered=route.office.id, instead="no_alternate", standby=None)

    def ask_other(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Is the one office that is left right?"""
        return self._words.say(
            lang,
            f"other.{draft.data['instead']}",
            ("opt:agree", self._words.text(lang, f"choice.agree_{draft.data['instead']}")),
            "topic:how_to_report",
            "do:back",
            "do:stop",
            office=self.office_name(draft.data["offered"], lang),
            receiving=self._route(draft).office.name(lang),
        )

    async def hear_other(self, draft: Draft, heard: Heard) -> tuple[Message, ...] | None:
        """She agrees, or goes back or stops."""
        if heard.choice != "opt:agree" and self._words.command(heard, free=False) != "yes":
            return self.ask_other(draft, heard.lang)
        # Gone around because somebody there is involved, not because nobody reads there yet.
        conflict = True if draft.data["instead"] not in ("dead", "dead_far") else None
        draft.go(draft.onward("account"), office=draft.data["offered"], conflict=conflict)
        return None
