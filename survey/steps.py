"""How a step of the survey ends: on, the same question again, something on top, or the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalogue import Message, Step
from survey.overlays import Overlays
from survey.saying import Speaker, option_value
from survey.walk import Place, State


class Steps:
    """Makes the step that follows from a state.

    Args:
        speaker: asks the questions.
        overlays: ask what lies on top of them.
    """

    def __init__(self, speaker: Speaker, overlays: Overlays) -> None:
        self._speaker = speaker
        self._overlays = overlays

    def ask(self, state: State, lang: str) -> tuple[Message, ...]:
        """The question that stands now, or what lies on top of it."""
        if state.over is not None:
            return self._overlays.asking(state, lang)
        return self._speaker.asking(state, lang)

    def go_on(self, state: State, lang: str) -> Step:
        """On to the place that the state has come to."""
        return Step(state.to_json(), self._speaker.entering(state, lang))

    def after(self, before: State, state: State, lang: str) -> Step:
        """After an overlay: on to the next question, or the one that stands asked again."""
        if state.over is None and state.log != before.log:
            return self.go_on(state, lang)
        return Step(state.to_json(), self.ask(state, lang))

    def over(self, state: State, over: dict[str, Any], lang: str) -> Step:
        """Lay something on top of the present place."""
        here = replace(state, over=over)
        return Step(here.to_json(), self._overlays.asking(here, lang))

    def notice(self, state: State, key: str, lang: str) -> Step:
        """Say something and ask the same question again."""
        said = self._speaker.say(lang, key)
        return Step(state.to_json(), (*said, *self.ask(state, lang)))

    def end(self, lang: str, key: str) -> tuple[Message, ...]:
        """The last words, and where to go from here."""
        return self._speaker.say(
            lang, key, *self._speaker.offers(lang, "policy", "support", "main")
        )


#: What a plain yes or no means where no option says so.
_YES_NO = {
    ("consent", "yes"): "do:start",
    ("consent", "no"): "do:later",
    ("note", "yes"): "do:go_on",
    ("note", "no"): "do:go_on",
    ("intro", "yes"): "do:answer",
    ("intro", "no"): "do:leave_out",
    ("review", "yes"): "do:send",
}


def meaning(place: Place, command: str) -> str | None:
    """The choice that a command stands for here; ``None`` when it means nothing here."""
    if command not in ("yes", "no"):
        return f"do:{command}"
    option = place.item.option(command) if place.item and place.kind == "item" else None
    if place.item is not None and option is not None:
        return option_value(place.item, option)
    return _YES_NO.get((place.kind, command))
