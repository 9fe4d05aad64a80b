"""The part of a report's dialogue that settles who receives it, and who must never see it.

The person is told where her report would go and why, and asked for an office or a level that must
not see it. What she shuts out is gone around: first by the alternate, then by the office that
receives what belongs nowhere else, which is said to be outside. Nobody is led into a route that
nobody could read: it is named, and the next one offered. Where none is left she is told so. All
this comes before a word is told.
"""

from __future__ import annotations

from collections.abc import Iterable

from catalogue import Heard, Message
from reports.cases import Cases
from reports.destination import Destination
from reports.draft import Draft
from reports.entities import Entities
from reports.routes import LEVELS, Office, Route, Routes
from reports.words import Offer, Words

#: The levels of an organization itself; ``system`` is outside, and shut out by its office.
OWN_LEVELS = tuple(level for level in LEVELS if level != "system")
#: Ways around that were chosen because nobody reads at the receiving office yet.
_DEAD = ("dead", "dead_far")
#: Where she shut out so much that no office is left.
_LAST = ("no_alternate", "none")


class Reaching:
    """Settles who receives the report.

    Each ``ask_…`` says a question; each ``hear_…`` moves the draft on and returns the messages to
    say instead of the next question, or ``None``.
    """

    def __init__(self, words: Words, entities: Entities, routes: Routes, cases: Cases) -> None:
        self._words = words
        self._entities = entities
        self._routes = routes
        self._cases = cases

    # -- what the other parts ask -------------------------------------------------------------

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

    def retaliation(self, draft: Draft) -> Office | None:
        """The office that protects from retaliation, where that is known and not shut out."""
        office = self._route(draft).retaliation
        return None if office and office.id in self._shut_out(draft) else office

    def destination(self, draft: Draft) -> Destination:
        """Where the report goes, as she agreed."""
        data = draft.data
        shut_out = tuple(sorted(self._shut_out(draft)))
        levels = tuple(data.get("levels", ()))
        return Destination(data["office"], data.get("standby"), shut_out, levels)

    def shut_names(self, draft: Draft, lang: str) -> tuple[str, ...]:
        """What must not see the report, in the words she chose it by."""
        levels = draft.data.get("levels", [])
        named = ["all"] if len(levels) == len(OWN_LEVELS) else levels
        return (
            *(self.office_name(office, lang) for office in self._shut(draft)),
            *(self._words.text(lang, f"choice.level_{level}") for level in named),
        )

    # -- which way ----------------------------------------------------------------------------

    async def settle(
        self, draft: Draft, lang: str, code: str, said: str | None = None
    ) -> tuple[Message, ...] | None:
        """The organization is certain; find out whether somebody there can read a report."""
        route = self._routes.route(code)
        if route.asks_host and draft.at != "host" and not draft.data.get("hosted"):
            draft.go("host", entity=code, hosted=True)
            return None
        cleared = ("candidates", "office", "standby", "shut", "levels")
        chosen = {**dict.fromkeys(cleared), "entity": code, "said": said}
        reached = [one for one in self._routes.way(code) if await self._cases.reachable(one.id)]
        if route.office in reached:
            standby = route.alternate.id if route.alternate in reached[1:2] else None
            draft.go("conflict", **{**chosen, "standby": standby})
            return None
        if reached:
            instead = "dead" if reached[0] == route.alternate else "dead_far"
            draft.go("other", **chosen, offered=reached[0].id, instead=instead)
            return None
        if draft.at != "entity":
            draft.go("entity", entity=None, hosted=None, candidates=None)
        offers = ("topic:how_to_report", "topic:ombudsman", "menu:support", "do:back", "do:stop")
        office = route.office.name(lang)
        return self._words.say(lang, "dead_end", *offers, free=True, office=office)

    async def _around(self, draft: Draft, shut: list[str], levels: list[str]) -> None:
        """Around whatever she shut out, to the first office where somebody can read the report."""
        route = self._route(draft)
        out = self._expanded(shut, levels)
        way = [office for office in self._routes.way(route.code) if office.id not in out]
        found = [office for office in way if await self._cases.reachable(office.id, out)]
        first = found[0] if found else None
        standby = None
        if first is None:
            alive = await self._cases.reachable(route.office.id)
            instead, offered = ("no_alternate", route.office.id) if alive else ("none", None)
        elif first == route.office:
            instead, offered = "stays", first.id
            standby = route.alternate.id if route.alternate in found[1:2] else None
        else:
            near = "level" if levels else "involved"
            instead, offered = (near if first == route.alternate else "far"), first.id
        draft.go(
            "other",
            offered=offered,
            instead=instead,
            standby=standby,
            shut=shut or None,
            levels=levels or None,
        )

    def _expanded(self, shut: Iterable[str], levels: Iterable[str]) -> frozenset[str]:
        by_level = self._routes.by_level()
        return frozenset(shut).union(*(by_level[level] for level in levels))

    def _shut_out(self, draft: Draft) -> frozenset[str]:
        return self._expanded(self._shut(draft), draft.data.get("levels", ()))

    def _shut(self, draft: Draft) -> list[str]:
        """The offices that she shut out by name.

        A draft that was begun by a version without levels does not name the office that it goes
        around. It is the receiving one, and is shut out as in every other report: while an upgrade
        runs, a chat of the old version ends with the new one.
        """
        data = draft.data
        if "shut" in data or "levels" in data:
            return list(data.get("shut", ()))
        asking = draft.at == "other"
        around = data.get("instead") == "involved" if asking else data.get("conflict")
        to = data.get("offered" if asking else "office")
        receiving = self._route(draft).office.id if around else None
        return [receiving] if receiving and to not in (None, receiving) else []

    def _route(self, draft: Draft) -> Route:
        return self._routes.route(draft.data["entity"])

    def _because(self, draft: Draft, lang: str) -> str:
        entity = self.entity_name(draft, lang)
        return self._words.because(lang, self._route(draft).because, entity)

    # -- an office or a level that must not see it --------------------------------------------

    def ask_conflict(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """May the receiving office see it, and the one that waits behind it, and each level?"""
        office = self._route(draft).office.name(lang)
        because = self._because(draft, lang)
        offers: list[Offer] = ["opt:clear", "opt:involved", "opt:level", "opt:unsure", "do:back"]
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
            shut = [standby] if heard.choice == "opt:second" and standby else None
            behind = None if shut else standby
            on = draft.onward("account")
            draft.go(on, office=route.office.id, conflict=None, standby=behind, shut=shut)
            return None
        if heard.choice == "opt:both" and standby:
            await self._around(draft, [route.office.id, standby], [])
            return None
        if heard.choice == "opt:involved" or (command == "yes" and not standby):
            await self._around(draft, [route.office.id], [])
            return None
        if heard.choice == "opt:level":
            draft.go("level")
            return None
        if command == "yes":
            draft.note = {"which": True}
        elif heard.choice == "opt:unsure" or self._words.means("unknown", heard.text):
            draft.note = {"unsure": True}
        return self.ask_conflict(draft, heard.lang)

    def ask_level(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Which level must not see it?"""
        named = (*OWN_LEVELS, "all")
        offers = [(f"opt:{one}", self._words.text(lang, f"choice.level_{one}")) for one in named]
        return self._words.say(lang, "level.ask", *offers, "do:back")

    async def hear_level(self, draft: Draft, heard: Heard) -> tuple[Message, ...] | None:
        """One level of the organization, or all of it."""
        picked = (heard.choice or "").removeprefix("opt:")
        if picked not in (*OWN_LEVELS, "all"):
            return self.ask_level(draft, heard.lang)
        levels = list(OWN_LEVELS) if picked == "all" else [picked]
        await self._around(draft, self._shut(draft), levels)
        return None

    # -- another office -----------------------------------------------------------------------

    def ask_other(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Is the office that is left right? Or: none is left."""
        instead = draft.data["instead"]
        if instead == "none":
            offers = ("topic:how_to_report", "topic:ombudsman", "menu:support")
            return self._words.say(lang, "other.none", *offers, "do:back", "do:stop")
        agree = instead if self._words.has(f"choice.agree_{instead}") else "involved"
        further = [] if instead in _LAST else ["opt:refuse"]
        if instead in _DEAD:
            further.append("opt:level")
        return self._words.say(
            lang,
            f"other.{instead}",
            ("opt:agree", self._words.text(lang, f"choice.agree_{agree}")),
            *further,
            "topic:how_to_report",
            "do:back",
            "do:stop",
            office=self.office_name(draft.data["offered"], lang),
            receiving=self._route(draft).office.name(lang),
        )

    async def hear_other(self, draft: Draft, heard: Heard) -> tuple[Message, ...] | None:
        """She agrees, shuts out this one, too, or goes back or stops."""
        instead = draft.data["instead"]
        offered = draft.data.get("offered")
        if offered is None:
            return self.ask_other(draft, heard.lang)
        if heard.choice == "opt:refuse" and instead not in _LAST:
            shut = [*self._shut(draft), offered]
            await self._around(draft, shut, list(draft.data.get("levels", ())))
            return None
        if heard.choice == "opt:level" and instead in _DEAD:
            draft.go("level")
            return None
        if heard.choice != "opt:agree" and self._words.command(heard, free=False) != "yes":
            return self.ask_other(draft, heard.lang)
        self._agree(draft, instead, offered)
        return None

    def _agree(self, draft: Draft, instead: str, offered: str) -> None:
        # Gone around because somebody there is involved, not because nobody reads there yet.
        aside = instead not in (*_DEAD, "stays")
        changes: dict[str, object] = {"office": offered, "conflict": True if aside else None}
        if instead == "no_alternate":
            # She opens it again for this one office, knowingly, and for no other.
            changes["shut"] = sorted(self._shut_out(draft) - {offered}) or None
            changes["levels"] = None
        draft.go(draft.onward("account"), **changes)
