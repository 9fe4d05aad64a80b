"""The part of a report's dialogue that finds out which organization it is about.

The organization of the person complained of is asked first, because it decides who receives the
report (:mod:`reports.report_reaching`), before a word is told.
"""

from __future__ import annotations

import re

from catalogue import Heard, Message
from reports.draft import Draft
from reports.entities import Entities, Found
from reports.report_reaching import Reaching
from reports.routes import UNKNOWN
from reports.words import Words, asks_policy

#: Letters kept of a name that is on no list.
_LONGEST_NAME = 200
#: A question without its mark is taken for one only when the engine has hardly a doubt.
_CERTAIN = 0.9
_ASKS = re.compile(r"[?？؟]")


class Naming:
    """Asks for the organization, and confirms it.

    Each ``ask_…`` says a question; each ``hear_…`` moves the draft on and returns the messages to
    say instead of the next question, or ``None``.
    """

    def __init__(self, words: Words, entities: Entities, reaching: Reaching) -> None:
        self._words = words
        self._entities = entities
        self._reaching = reaching

    def ask_entity(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Where does the person complained of work?"""
        if "said" in draft.note:
            offers = ("opt:unlisted", "opt:unknown", "do:back")
            return self._words.say(lang, "entity.not_found", *offers, free=True)
        return self._words.say(lang, "entity.ask", "opt:unknown", "do:back", free=True)

    async def hear_entity(self, draft: Draft, heard: Heard) -> tuple[Message, ...] | None:
        """A name, or that it is not known or not listed."""
        if heard.choice == "opt:unknown" or self._words.means("unknown", heard.text):
            return await self._reaching.settle(draft, heard.lang, UNKNOWN)
        if heard.choice == "opt:unlisted" and "said" in draft.note:
            return await self._reaching.settle(draft, heard.lang, UNKNOWN, said=draft.note["said"])
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
            return await self._reaching.settle(draft, heard.lang, codes[int(picked) - 1])
        return self.ask_choose(draft, heard.lang)

    def ask_confirm(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Is it this one, by its full name?"""
        name = self._reaching.entity_name(draft, lang)
        return self._words.say(lang, "entity.confirm", "do:yes", "do:no", "do:back", name=name)

    async def hear_confirm(self, draft: Draft, heard: Heard) -> tuple[Message, ...] | None:
        """Yes, no, or another name straight away."""
        command = self._words.command(heard, free=False)
        if command == "yes":
            return await self._reaching.settle(draft, heard.lang, draft.data["entity"])
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
            return await self._reaching.settle(draft, heard.lang, draft.data["entity"])
        return await self.hear_entity(draft, heard)
