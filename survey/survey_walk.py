"""The survey as a conversation: what was heard in, what is said out.

Answers live in the walk's own state until the person sends them, or chooses to keep a part; then
they go to the desk and out of the state. Whatever cannot be understood is asked again, whatever
cannot be sent stays where it is: there is no dead end and nothing is lost in silence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalogue import Heard, Messages, Step
from survey.commands import Commands
from survey.hearing import Understood, Way, exact, labelled, many, one
from survey.model import Instrument
from survey.overlays import Overlays
from survey.ports import Desk, DeskError, RoundInfo
from survey.pressed import Pressed
from survey.saying import Speaker
from survey.sending import Sending
from survey.steps import Steps, meaning
from survey.walk import Course, Entry, Place, State


class SurveyWalk:
    """Implements ``catalogue.Walk`` for one questionnaire.

    Args:
        instrument: the questionnaire; rounds of another one count as closed.
        messages: the catalogues, with the part ``survey``.
        desk: where rounds are looked up and answers are handed in.
    """

    name = "survey"

    def __init__(self, instrument: Instrument, messages: Messages, desk: Desk) -> None:
        self._instrument = instrument
        self._desk = desk
        self._course = Course(instrument)
        self._speaker = Speaker(self._course, messages)
        self._commands = Commands(messages)
        self._sending = Sending(self._course, self._speaker, desk)
        self._overlays = Overlays(self._course, self._speaker, self._commands)
        self._steps = Steps(self._speaker, self._overlays)
        self._pressed = Pressed(
            instrument, self._course, self._speaker, self._overlays, self._steps
        )

    async def open(self, lang: str, **given: Any) -> Step:
        """Begin with the consent screen.

        Args:
            lang: the language to speak.
            given: ``channel`` (``web`` if not given), ``short`` (ask the short form), ``token``
                (an invitation that was offered, so that no code is asked).
        """
        try:
            current = await self._desk.current_round()
            token = given.get("token")
            if token is not None and not await self._desk.invitation_valid(token):
                token = None
        except DeskError:
            return Step(None, self._steps.end(lang, "unreachable"))
        if current is None or current.instrument != self._instrument.ref:
            return Step(None, self._steps.end(lang, "closed"))
        state = self._first(current, token, given)
        return Step(state.to_json(), self._speaker.consent(lang, state.channel))

    def _first(self, current: RoundInfo, token: str | None, given: dict[str, Any]) -> State:
        return State(
            instrument=current.instrument,
            round_id=current.round_id,
            channel=str(given.get("channel", "web")),
            short=bool(given.get("short", False)),
            invited=current.admission == "invited" and token is None,
            token=token if current.admission == "invited" else None,
        )

    async def again(self, state: dict[str, Any], lang: str) -> Step:
        """The present question again, in any language."""
        here = State.from_json(state)
        return Step(state, self._steps.ask(here, lang))

    def over(self, state: dict[str, Any]) -> bool:
        """Nothing of it is shown again afterwards."""
        return False

    def moved(self, state: dict[str, Any], *, seals: bool) -> dict[str, Any]:
        """Everything of it is held here, so it goes on as it is."""
        return state

    async def stop(self, state: dict[str, Any], lang: str) -> Step:
        """Offer to keep or to delete; with nothing answered yet, just end.

        What was pressed at a question with several answers counts, also without its "done": it
        is handed in only if she chooses to keep what is there.
        """
        here = State.from_json(state)
        count = len(self._course.document(self._course.settled(here))["answers"])
        if not count:
            return Step(None, self._steps.end(lang, "stop.empty"))
        return self._steps.over(here, {"kind": "stop"}, lang)

    async def step(self, state: dict[str, Any], heard: Heard) -> Step:
        """Go on with what was heard."""
        here = State.from_json(state)
        if here.instrument != self._instrument.ref:
            opened = await self.open(heard.lang, channel=here.channel, short=here.short)
            said = self._speaker.say(heard.lang, "outdated")
            return Step(opened.state, (*said, *opened.messages))
        if heard.choice is not None:
            return await self._chosen(here, heard.choice, heard)
        command = self._commands.by_words(heard)
        question = command is None and self._commands.is_policy_question(heard)
        if question and self._overlays.paused(here):
            # She comes back from a pause with a question: that ends the pause, and is answered.
            here = replace(here, over=None)
            return Step(here.to_json(), self._steps.ask(here, heard.lang), digression=True)
        if here.over is not None:
            value = self._overlays.value_of(here, heard, command)
            if value is not None:
                return await self._chosen(here, value, heard)
        place = self._course.current(here)
        if place.item is not None and place.item.kind == "text" and place.kind == "item":
            return await self._text(here, place, heard, command)
        if place.kind == "code":
            return await self._code(here, heard, command)
        return await self._said(here, place, heard, command)

    # what was pressed

    async def _chosen(self, state: State, value: str, heard: Heard) -> Step:
        lang = heard.lang
        if value.startswith(("topic:", "menu:")):
            return Step(state.to_json(), self._steps.ask(state, lang), digression=True)
        if value.startswith("opt:"):
            return self._option(state, value, lang)
        if value.startswith(("part:", "edit:")):
            return self._pressed.change(state, value, lang)
        name = value.removeprefix("do:")
        if name in ("send", "keep", "delete", "again"):
            return await self._hand_in(state, name, lang)
        if name == "stop":
            return await self.stop(state.to_json(), lang)
        return self._pressed.do(state, name, lang)

    async def _hand_in(self, state: State, name: str, lang: str) -> Step:
        kind = (state.over or {}).get("kind")
        place = self._course.current(state)
        checking = place.item is not None and place.item.kind == "check"
        if name == "delete" and (kind in ("stop", "failed") or checking or place.kind == "review"):
            return Step(None, self._steps.end(lang, "stop.deleted"))
        if name == "keep" and (kind == "stop" or checking):
            return await self._sending.send(self._course.settled(state), lang, whole=False)
        if name == "send" and place.kind == "review":
            return await self._sending.send(replace(state, over=None), lang, whole=True)
        if name == "again" and kind == "failed":
            whole = bool((state.over or {}).get("whole"))
            return await self._sending.send(replace(state, over=None), lang, whole=whole)
        return self._steps.notice(state, "stale", lang)

    def _option(self, state: State, value: str, lang: str) -> Step:
        """One of the options; what is shorter than this walk hears them in its own way."""
        return self._pressed.option(state, value, lang)

    # what was typed

    async def _said(self, state: State, place: Place, heard: Heard, command: str | None) -> Step:
        """Own words where options are offered: a sure answer, a command, a question, a guess."""
        here, lang = replace(state, over=None), heard.lang
        ways = self._speaker.ways(place, lang)
        if not ways:  # nothing to answer here, only something to do
            offered = [Way(c.value, (c.label,)) for c in self._steps.ask(here, lang)[-1].choices]
            done = labelled(heard.text, offered)
            if done.sure:
                return await self._chosen(here, done.values[0], heard)
        named = exact(heard.text, ways)
        value = None if named.sure or command is None else meaning(place, command)
        if value is not None:
            return await self._chosen(here, value, heard)
        policy = self._commands.is_policy_question(heard)
        several = place.item is not None and place.item.kind == "multi"
        asking = policy and heard.text.strip().endswith("?")
        found = (many if several else one)(heard.text, ways) if not asking else Understood()
        if found.sure and several:
            return self._several(here, place, found.values, lang)
        if found.sure:
            return await self._chosen(here, found.values[0], heard)
        if policy:
            return Step(here.to_json(), self._steps.ask(here, lang), digression=True)
        if found.values:
            return self._steps.over(here, {"kind": "meant", "values": list(found.values)}, lang)
        guessed = self._commands.by_intent(heard)
        value = meaning(place, guessed) if guessed is not None else None
        if value is not None:
            return await self._chosen(here, value, heard)
        return self._steps.notice(here, "not_understood", lang)

    def _several(self, state: State, place: Place, values: tuple[str, ...], lang: str) -> Step:
        """Several options at once, added to those already picked."""
        codes = self._speaker.codes(place, values, lang)
        given = self._course.give_several(state, codes)
        if given is None:
            return self._steps.notice(state, "alone", lang)
        return self._steps.go_on(given, lang)

    async def _text(self, state: State, place: Place, heard: Heard, command: str | None) -> Step:
        """Own words where own words are asked for: nearly everything is the answer."""
        meant = command or self._commands.by_intent(heard, in_text=True)
        if meant is not None and meant not in ("yes", "no", "done"):
            return await self._chosen(state, f"do:{meant}", heard)
        text = heard.text.strip()
        if not text:
            return self._steps.notice(state, "not_understood_text", heard.lang)
        considered = self._overlays.consider(replace(state, over=None), text)
        return self._steps.after(state, considered, heard.lang)

    async def _code(self, state: State, heard: Heard, command: str | None) -> Step:
        lang = heard.lang
        if command in ("back", "stop", "help", "why", "pause"):
            return await self._chosen(state, f"do:{command}", heard)
        if self._commands.is_policy_question(heard):
            return Step(state.to_json(), self._steps.ask(state, lang), digression=True)
        try:
            valid = await self._desk.invitation_valid(heard.text)
        except DeskError:
            return self._steps.notice(state, "unreachable", lang)
        if not valid:
            return self._steps.notice(state, "code.wrong", lang)
        entry = Entry("code", ("given",))
        known = replace(state, token=heard.text.strip(), log=(*state.log, entry), over=None)
        return self._steps.go_on(known, lang)
