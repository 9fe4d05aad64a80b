"""What a press does in the survey: an option, a change at the end, a command."""

from __future__ import annotations

from dataclasses import replace

from catalogue import Message, Step
from survey.model import Instrument
from survey.overlays import Overlays
from survey.saying import Speaker, words
from survey.steps import Steps
from survey.walk import Course, Place, State


class Pressed:
    """Moves on by what was pressed, or typed and understood as a press.

    Args:
        instrument: the questionnaire.
        course: the way through it.
        speaker: says the questions.
        overlays: what may lie over a question.
        steps: makes steps of states.
    """

    def __init__(
        self,
        instrument: Instrument,
        course: Course,
        speaker: Speaker,
        overlays: Overlays,
        steps: Steps,
    ) -> None:
        self._instrument = instrument
        self._course = course
        self._speaker = speaker
        self._overlays = overlays
        self._steps = steps

    def option(self, state: State, value: str, lang: str) -> Step:
        """One of the options of the present place."""
        place = self._course.current(state)
        values = [way.value for way in self._speaker.ways(place, lang)]
        if value not in values:
            return self._steps.notice(replace(state, over=None), "stale", lang)
        number = values.index(value)
        if place.kind == "gate":
            return self._gate(state, number, lang)
        item = place.item
        assert item is not None  # noqa: S101  (only gate and item places have options)
        option = item.options[number]
        if item.kind != "multi":
            return self._steps.go_on(self._course.give(state, (option.code,)), lang)
        if option.alone:
            return self._steps.go_on(self._course.give(state, (option.code,)), lang)
        picked = self._course.pick(state, item, option.code)
        return Step(picked.to_json(), self._steps.ask(picked, lang))

    def _gate(self, state: State, number: int, lang: str) -> Step:
        option = self._instrument.gate.options[number]
        if option.leads_to == "begin":
            return self._steps.go_on(self._course.give(state, (option.code,)), lang)
        said = words(option.say, lang) if option.say else ""
        if option.leads_to == "explain":
            here = replace(state, over=None)
            return Step(here.to_json(), (Message(said), *self._steps.ask(here, lang)))
        ways = self._speaker.offers(lang, "policy", "support", "main")
        return Step(None, (Message(said, ways),))

    def change(self, state: State, value: str, lang: str) -> Step:
        """A part or an item that she wants to change at the end."""
        kind, _, name = value.partition(":")
        over = (state.over or {}).get("kind")
        known = {item.id for item in self._course.changeable(state)}
        if kind == "part" and over in ("change", "part"):
            return self._steps.over(state, {"kind": "part", "part": name}, lang)
        if kind == "edit" and over == "part" and name in known:
            return self._steps.go_on(replace(state, over=None, edit=name), lang)
        return self._steps.notice(state, "stale", lang)

    def do(self, state: State, name: str, lang: str) -> Step:
        """A command, whether it was pressed, typed or understood."""
        place, course = self._course.current(state), self._course
        if self._overlays.concerns(state, name):
            if name == "yes" and place.kind == "gate":  # it leads somewhere, and is not kept
                meant: str = (state.over or {})["values"][0]
                return self.option(replace(state, over=None), meant, lang)
            return self._steps.after(state, self._overlays.resolve(state, name), lang)
        if name == "back":
            return self._back(state, lang)
        if name == "why":
            return self._why(state, place, lang)
        if name in ("pause", "care"):
            if place.item is not None and place.item.kind == "check":
                state = course.give(state, (name,))
            return self._steps.over(state, {"kind": name}, lang)
        if name == "help":
            return self._steps.notice(state, "help", lang)
        if name == "done" and state.picked:
            return self._steps.go_on(course.give(state, state.picked), lang)
        if name == "change" and place.kind == "review":
            return self._steps.over(state, {"kind": "change"}, lang)
        if name == "later" and place.kind == "consent":
            return Step(None, self._steps.end(lang, "consent.later"))
        if name == "more" and place.kind == "consent":
            return Step(state.to_json(), self._speaker.more(lang))
        if name == "nocode" and place.kind == "code":
            return Step(None, self._steps.end(lang, "code.none"))
        return self._pass(state, place, name, lang)

    def _pass(self, state: State, place: Place, name: str, lang: str) -> Step:
        """Commands that lead past the present place."""
        course = self._course
        passes = {
            ("consent", "start"): ("start",),
            ("note", "go_on"): ("seen",),
            ("note", "resume"): ("seen",),
            ("note", "skip"): ("seen",),
            ("intro", "answer"): ("answer",),
        }
        if (place.kind, name) in passes:
            return self._steps.go_on(course.give(state, passes[place.kind, name]), lang)
        if place.kind == "intro" and name in ("leave_out", "skip"):
            return self._steps.go_on(course.leave_out(state), lang)
        if place.kind == "item" and place.item is not None:
            if place.item.kind == "check" and name in ("go_on", "resume", "skip"):
                return self._steps.go_on(course.give(state, ("go_on",)), lang)
            if name == "skip":
                return self._steps.go_on(course.give(state, None), lang)
        if name == "skip":
            return self._steps.notice(state, "cannot_skip", lang)
        if name == "done":
            return self._steps.notice(state, "not_understood", lang)
        if name in ("resume", "go_on"):
            return Step(state.to_json(), self._steps.ask(state, lang))
        return self._steps.notice(state, "stale", lang)

    def _back(self, state: State, lang: str) -> Step:
        before = self._course.back(state)
        if before == state:
            return self._steps.notice(state, "first", lang)
        return Step(before.to_json(), self._steps.ask(before, lang))

    def _why(self, state: State, place: Place, lang: str) -> Step:
        if place.kind == "item" and place.item is not None:
            said = (Message(words(place.item.why, lang)),)
            return Step(state.to_json(), (*said, *self._steps.ask(state, lang)))
        return self._steps.notice(state, "help", lang)
