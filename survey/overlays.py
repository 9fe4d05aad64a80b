"""Questions about a question: did you mean …, this could point to you, stop, pause, change.

They lie on top of the present place and never move it by themselves: ``back`` lifts them off and
nothing is changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalogue import Choice, Heard, Message
from survey.commands import Commands
from survey.hearing import Way, exact, one
from survey.pointers import pointers
from survey.saying import Speaker
from survey.walk import Course, State

#: The commands that each kind of overlay answers itself.
_OWN = {
    "stop": ("go_on", "resume", "no"),
    "pause": ("resume", "go_on", "yes", "done"),
    "care": ("resume", "go_on", "yes", "done"),
    "meant": ("yes", "no", "none"),
    "points": ("keep_text", "rewrite", "yes", "no"),
    "long": ("cut", "rewrite"),
    "failed": (),
    "change": (),
    "part": (),
}


class Overlays:
    """Asks them and takes their answers."""

    def __init__(self, course: Course, speaker: Speaker, commands: Commands) -> None:
        self._course = course
        self._speaker = speaker
        self._commands = commands

    # opening one

    def consider(self, state: State, text: str) -> State:
        """Take a free text, or first ask about its length or what it may give away."""
        item = self._course.current(state).item
        assert item is not None  # noqa: S101  (a free text belongs to an item)
        if len(text) > item.max_chars:
            return replace(state, over={"kind": "long", "text": text})
        found = pointers(text)
        if found:
            return replace(state, over={"kind": "points", "text": text, "found": list(found)})
        return self._course.give(state, (text,))

    # asking

    def asking(self, state: State, lang: str) -> tuple[Message, ...]:
        """The question that lies on top now."""
        over = state.over or {}
        kind = over.get("kind")
        speaker = self._speaker
        if kind == "change":
            return (speaker.sections_to_change(state, lang),)
        if kind == "part":
            return (speaker.items_to_change(state, over["part"], lang),)
        return (
            Message(
                self._words(state, over, lang),
                self._choices(state, over, lang),
                free=kind in ("long", "points"),
            ),
        )

    def _words(self, state: State, over: dict[str, Any], lang: str) -> str:
        speaker, kind = self._speaker, over["kind"]
        if kind == "stop":
            count = len(self._course.document(self._course.settled(state))["answers"])
            return speaker.text(lang, "stop.ask", count=count)
        if kind == "long":
            item = self._course.current(state).item
            most = item.max_chars if item else 0
            return speaker.text(lang, "long", count=len(over["text"]), most=most)
        if kind == "points":
            names = [speaker.text(lang, f"points.{name}") for name in over["found"]]
            kinds = speaker.text(lang, "points.between").join(names)
            return speaker.text(lang, "points.intro", kinds=kinds)
        if kind == "meant":
            return self._meant(state, over, lang)
        return speaker.text(lang, {"pause": "pause", "care": "care", "failed": "failed"}[kind])

    def _meant(self, state: State, over: dict[str, Any], lang: str) -> str:
        labels = [way.phrases[0] for way in self._candidates(state, over, lang)]
        if len(labels) == 1:
            return self._speaker.text(lang, "meant_one", answer=labels[0])
        if self._is_multi(state):
            return self._speaker.text(lang, "meant_all", answer="; ".join(labels))
        return self._speaker.text(lang, "meant_many")

    def _choices(self, state: State, over: dict[str, Any], lang: str) -> tuple[Choice, ...]:
        choice, kind = self._speaker.choice, over["kind"]
        item = self._course.current(state).item
        if kind == "meant":
            candidates = self._candidates(state, over, lang)
            if len(candidates) == 1 or self._is_multi(state):
                return (choice(lang, "yes"), choice(lang, "no"), choice(lang, "back"))
            options = tuple(Choice(way.phrases[0], way.value) for way in candidates)
            return (*options, choice(lang, "none"), choice(lang, "back"))
        most = item.max_chars if item else 0
        cut = choice(lang, "cut", most=most) if kind == "long" else None
        names = {
            "stop": ("keep", "delete"),
            "points": ("keep_text", "rewrite", "skip"),
            "long": ("rewrite", "skip"),
            "failed": ("again",),
        }.get(kind, ())
        found = [choice(lang, name) for name in names]
        if cut is not None:
            found.insert(0, cut)
        if kind == "stop":
            found.append(choice(lang, "resume", "do:go_on"))
        if kind == "failed":
            found += [choice(lang, "delete"), choice(lang, "back")]
        if kind in ("pause", "care"):
            found += [choice(lang, "resume"), *self._speaker.offers(lang, "support")]
            found.append(choice(lang, "stop"))
        return tuple(found)

    def _candidates(self, state: State, over: dict[str, Any], lang: str) -> list[Way]:
        ways = self._speaker.ways(self._course.current(state), lang)
        return [way for way in ways if way.value in over["values"]]

    def _is_multi(self, state: State) -> bool:
        item = self._course.current(state).item
        return item is not None and item.kind == "multi"

    # answering

    def value_of(self, state: State, heard: Heard, command: str | None) -> str | None:
        """The choice of the overlay that typed words mean; ``None``: they are about the question.

        A pause ends with whatever is said, and what is said then is no answer yet: nobody should
        find that her "I am back" was taken for one.
        """
        over = state.over or {}
        kind = str(over.get("kind"))
        meant = command or self._commands.by_intent(heard, in_text=kind in ("long", "points"))
        if meant is not None and (meant in _OWN[kind] or meant in ("back", "stop")):
            return f"do:{meant}"
        if self.paused(state):
            return "do:resume"
        shown = [c for message in self.asking(state, heard.lang) for c in message.choices]
        ways = [Way(choice.value, (choice.label,)) for choice in shown]
        found = exact(heard.text, ways) if kind in ("long", "points") else one(heard.text, ways)
        if found.sure:
            return found.values[0]
        # These have no question beneath that words could answer instead: ask once more.
        return "do:unclear" if kind in ("stop", "failed", "change", "part") else None

    def paused(self, state: State) -> bool:
        """Whether there is a pause, asked for or offered."""
        return (state.over or {}).get("kind") in ("pause", "care")

    def concerns(self, state: State, name: str) -> bool:
        """Whether a command is for the overlay and not for the question beneath."""
        kind = (state.over or {}).get("kind")
        return kind is not None and (name in _OWN[kind] or name == "unclear")

    def resolve(self, state: State, name: str) -> State:
        """What follows from a command for the overlay."""
        over = state.over or {}
        kind = over.get("kind")
        if name == "unclear":
            return state
        lifted = replace(state, over=None)
        if kind == "meant" and name == "yes":
            return self._accept(lifted, over)
        if kind == "points" and name in ("keep_text", "yes"):
            return self._course.give(lifted, (over["text"],))
        if kind == "long" and name == "cut":
            item = self._course.current(state).item
            assert item is not None  # noqa: S101  (a free text belongs to an item)
            return self.consider(lifted, over["text"][: item.max_chars].strip())
        return lifted

    def _accept(self, state: State, over: dict[str, Any]) -> State:
        """Take what was meant; options that exclude each other are asked again."""
        place = self._course.current(state)
        codes = self._speaker.codes(place, tuple(over["values"]), "en")
        if self._is_multi(state):
            return self._course.give_several(state, codes) or state
        return self._course.give(state, codes)
