"""Handing the answers in, and what is said afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalogue import Choice, Message, Step
from survey.ports import Desk, DeskError, InvitationSpent, RoundOver
from survey.saying import Speaker
from survey.walk import Course, State


class Sending:
    """Hands answers in once; when that fails they stay in the state."""

    def __init__(self, course: Course, speaker: Speaker, desk: Desk) -> None:
        self._course = course
        self._speaker = speaker
        self._desk = desk

    async def send(self, state: State, lang: str, *, whole: bool) -> Step:
        """Hand in what was answered.

        Args:
            state: the walk's state.
            lang: the language to speak.
            whole: the questionnaire was gone through to its end.
        """
        document = self._course.document(state)
        if not document["answers"]:
            return Step(None, self._end(lang, "stop.empty"))
        try:
            await self._submit(state, document)
        except RoundOver:
            return Step(None, self._end(lang, "over"))
        except InvitationSpent:
            return Step(None, self._end(lang, "spent"))
        except DeskError:
            return self._failed(state, lang, whole)
        said = self._speaker.say(lang, "sent.all" if whole else "sent.part")
        more = Message(self._speaker.text(lang, "sent.more"), self._routes(state, lang))
        return Step(None, (*said, more))

    async def _submit(self, state: State, document: dict[str, Any]) -> None:
        """Hand in to the round begun in, or to the one that followed it in the meantime."""
        try:
            await self._desk.submit(state.round_id, document, state.token, state.ticket)
        except RoundOver:
            current = await self._desk.current_round()
            if current is None or current.instrument != state.instrument:
                raise
            if current.admission == "invited" and state.token is None:
                raise
            await self._desk.submit(current.round_id, document, state.token, state.ticket)

    def _failed(self, state: State, lang: str, whole: bool) -> Step:
        choice = self._speaker.choice
        choices = (choice(lang, "again"), choice(lang, "delete"), choice(lang, "back"))
        kept = replace(state, over={"kind": "failed", "whole": whole})
        return Step(kept.to_json(), self._speaker.say(lang, "failed", *choices))

    def _routes(self, state: State, lang: str) -> tuple[Choice, ...]:
        """Where the routing item leads; it is known here and never sent."""
        answers = self._course.answers(state)
        routes = {
            route
            for item in self._course.instrument.items()
            if item.kind == "routing"
            for option in item.options
            if option.code in answers.get(item.id, ())
            for route in option.routes
        }
        offers = self._speaker.offers(lang, "support", "report")
        chosen = tuple(offer for offer in offers if offer.value in routes)
        return (*chosen, *self._speaker.offers(lang, "main"))

    def _end(self, lang: str, key: str) -> tuple[Message, ...]:
        return self._speaker.say(
            lang, key, *self._speaker.offers(lang, "policy", "support", "main")
        )
