"""What every way of making a report shares, in full or by short message."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from catalogue import Heard, Message, Messages, Step
from reports.cases import Cases
from reports.draft import Draft
from reports.entities import Entities
from reports.errors import OutOfReach
from reports.report_naming import Naming
from reports.report_reaching import Reaching
from reports.report_review import Review
from reports.report_telling import Telling
from reports.routes import Routes
from reports.words import Words


class Making(ABC):
    """Hears one message: a digression, a command, or an answer to the present step.

    Args:
        messages: the catalogue, or as the channel says it.
        entities: the organizations.
        routes: which office receives a report about whom.
        cases: sends it.
    """

    def __init__(
        self, messages: Messages, entities: Entities, routes: Routes, cases: Cases
    ) -> None:
        self._words = Words(messages, "report")
        self._cases = cases
        self._reaching = Reaching(self._words, entities, routes, cases)
        self._naming = Naming(self._words, entities, self._reaching)
        self._telling = Telling(self._words)
        self._review = Review(self._words, self._reaching, cases)

    async def step(self, state: dict[str, Any], heard: Heard) -> Step:
        """Hear an answer, a command or a digression."""
        draft = Draft(state)
        if draft.at == "done":
            return self._after(draft, heard)
        heard = self._told(draft, heard)
        if self._digresses(draft, heard):
            return Step(state, self._ask(draft, heard.lang), digression=True)
        try:
            step = await self._command(draft, heard) or await self._answer(draft, heard)
            return await self._ready(step, heard.lang)
        except OutOfReach:  # the draft is as it was
            sorry = self._words.say(heard.lang, "out_of_reach")
            return Step(state, (*sorry, *self._ask(Draft(state), heard.lang)))

    def _told(self, draft: Draft, heard: Heard) -> Heard:
        """What was said, as this step takes it."""
        return heard

    async def _ready(self, step: Step, lang: str) -> Step:
        """The step as it goes out."""
        return step

    @abstractmethod
    def _after(self, draft: Draft, heard: Heard) -> Step:
        """What is said once the report is sent."""

    @abstractmethod
    def _digresses(self, draft: Draft, heard: Heard) -> bool:
        """Whether it is a question about something else."""

    @abstractmethod
    async def _command(self, draft: Draft, heard: Heard) -> Step | None:
        """What can be said at every step; ``None`` when it was something else."""

    @abstractmethod
    async def _answer(self, draft: Draft, heard: Heard) -> Step:
        """What answers the present step."""

    @abstractmethod
    def _ask(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """The question of the present step."""
