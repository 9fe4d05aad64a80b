"""The words of each place of a questionnaire, as messages with choices.

Options come first and are numbered from 1; what can be done besides (back, skip, why, stop)
follows them. A choice of an item names its item, so that a button pressed late, or twice, never
answers another question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from catalogue import Choice, Message, Messages
from survey.hearing import Way
from survey.model import GateOption, Instrument, Item, Option, Section
from survey.walk import Course, Place, State

_T = TypeVar("_T")

#: Paragraphs of the consent screen that stand in one message.
_PARAGRAPHS = 2
#: What an option of a check does, as the value of its choice.
_DOES = {
    "go_on": "do:go_on",
    "pause": "do:pause",
    "support": "menu:support",
    "keep": "do:keep",
    "delete": "do:delete",
}


def words(spoken: Mapping[str, _T], lang: str) -> _T:
    """The words in a language, or in English."""
    return spoken.get(lang, spoken["en"])


class Speaker:
    """Says what is to be said at each place."""

    def __init__(self, course: Course, messages: Messages) -> None:
        self._course = course
        self._messages = messages

    @property
    def _instrument(self) -> Instrument:
        return self._course.instrument

    def text(self, lang: str, key: str, **values: object) -> str:
        """One message of the part ``survey``."""
        return self._messages.text(lang, f"survey.{key}", **values)

    def say(self, lang: str, key: str, *choices: Choice) -> tuple[Message, ...]:
        """One message of the part ``survey`` as messages, the choices under the last."""
        texts = self._messages.texts(lang, f"survey.{key}")
        return (*(Message(text) for text in texts[:-1]), Message(texts[-1], choices))

    def choice(self, lang: str, name: str, value: str | None = None, **values: object) -> Choice:
        """A choice by its name in ``survey.choice``; its value is ``do:`` and the name."""
        return Choice(self.text(lang, f"choice.{name}", **values), value or f"do:{name}")

    def offers(self, lang: str, *names: str) -> tuple[Choice, ...]:
        """Ways out of the survey."""
        values = {
            "policy": "menu:policy",
            "support": "menu:support",
            "report": "topic:how_to_report",
            "main": "menu:main",
        }
        return tuple(Choice(self.text(lang, f"offer.{name}"), values[name]) for name in names)

    # what can be said at a place, as phrases that mean a value

    def ways(self, place: Place, lang: str) -> list[Way]:
        """The options of a place and the words for each, in the person's language and English."""
        if place.kind == "gate":
            gate = self._instrument.gate
            return [_way(o, f"opt:{gate.id}.{n}", lang) for n, o in enumerate(gate.options, 1)]
        if place.item is None or place.kind != "item":
            return []
        item = place.item
        return [_way(o, option_value(item, o), lang) for o in item.options]

    def codes(self, place: Place, values: Sequence[str], lang: str) -> tuple[str, ...]:
        """The codes behind values of an item's choices, in the order of its options."""
        options = place.item.options if place.item else ()
        named = zip(options, self.ways(place, lang), strict=True)
        return tuple(option.code for option, way in named if way.value in values)

    # what is asked at a place

    def entering(self, state: State, lang: str) -> tuple[Message, ...]:
        """What is said once when a section begins, and then the question."""
        place = self._course.current(state)
        said: list[Message] = []
        if place.kind == "item" and place.section and state.edit is None:
            said += self._section(state, place.section, lang)
        return (*said, *self.asking(state, lang))

    def _section(self, state: State, section: Section, lang: str) -> list[Message]:
        if section.optional or state.short or not self._course.enters(state, section):
            return []
        said = [words(section.intro, lang)] if section.intro else []
        if section.note and section.note.when.holds(self._course.answers(state)):
            said.append(words(section.note.say, lang))
        return [Message(text) for text in said]

    def asking(self, state: State, lang: str) -> tuple[Message, ...]:
        """The question of the present place."""
        place = self._course.current(state)
        if place.kind == "consent":
            return self.say(lang, "consent.ask", *self._consent_choices(lang))
        if place.kind == "code":
            stop = self.choice(lang, "stop")
            nocode = self.choice(lang, "nocode")
            back = self.choice(lang, "back")
            return (Message(self.text(lang, "code.ask"), (nocode, back, stop), free=True),)
        if place.kind == "gate":
            return (self._gate(lang),)
        if place.kind == "intro":
            return self._optional(place, lang)
        if place.kind == "note":
            return (self._note(place, lang),)
        if place.kind == "review":
            return (self.review(state, lang),)
        return (self._question(state, place, lang),)

    def consent(self, lang: str, channel: str) -> tuple[Message, ...]:
        """The consent screen, with what holds for this channel."""
        consent = self._instrument.consent
        sentence = words(consent.channels.get(channel, consent.channels["web"]), lang)
        paragraphs = [p.format(channel=sentence) for p in words(consent.text, lang)]
        return (
            *_bubbles(paragraphs),
            *self.say(lang, "consent.ask", *self._consent_choices(lang)),
        )

    def more(self, lang: str) -> tuple[Message, ...]:
        """What those hear who want to know more before they start."""
        start, later = self.choice(lang, "start"), self.choice(lang, "later")
        support = self.choice(lang, "support_first", "menu:support")
        return (
            *_bubbles(words(self._instrument.consent.more, lang)),
            *self.say(lang, "consent.ask", start, later, support),
        )

    def _consent_choices(self, lang: str) -> tuple[Choice, ...]:
        return (
            self.choice(lang, "start"),
            self.choice(lang, "more"),
            self.choice(lang, "later"),
            self.choice(lang, "support_first", "menu:support"),
        )

    def _gate(self, lang: str) -> Message:
        gate = self._instrument.gate
        options = (
            Choice(words(o.label, lang), f"opt:{gate.id}.{n}")
            for n, o in enumerate(gate.options, 1)
        )
        tail = (self.choice(lang, "back"), self.choice(lang, "stop"))
        return Message(words(gate.text, lang), (*options, *tail))

    def _optional(self, place: Place, lang: str) -> tuple[Message, ...]:
        assert place.section is not None  # noqa: S101  (an intro belongs to a section)
        intro = words(place.section.intro, lang) if place.section.intro else ""
        choices = [self.choice(lang, n) for n in ("answer", "leave_out", "back", "stop")]
        return (Message(f"{intro}\n\n{self.text(lang, 'intro.ask')}".strip(), tuple(choices)),)

    def _note(self, place: Place, lang: str) -> Message:
        assert place.note is not None  # noqa: S101  (a note place has its note)
        offers = tuple(Choice(words(o.label, lang), o.value) for o in place.note.offers)
        go_on = self.choice(lang, "resume", "do:go_on")
        tail = (go_on, self.choice(lang, "back"), self.choice(lang, "stop"))
        return Message(words(place.note.say, lang), (*offers, *tail))

    def _question(self, state: State, place: Place, lang: str) -> Message:
        item = place.item
        assert item is not None  # noqa: S101  (an item place has its item)
        lines = [self._head(state, item, lang), words(item.text, lang)]
        if item.ask:
            lines[1] += "\n" + words(item.ask, lang)
        if item.warn:
            lines.append(words(item.warn, lang))
        if item.kind == "text":
            lines.append(self.text(lang, "how.text", most=item.max_chars))
        elif item.kind == "multi":
            chosen = [words(o.label, lang) for o in item.options if o.code in state.picked]
            lines.append(
                self.text(lang, "chosen", answer="; ".join(chosen))
                if chosen
                else self.text(lang, "how.multi")
            )
        elif state.edit:
            lines.append(self._before(state, item, lang))
        return Message(
            "\n\n".join(line for line in lines if line),
            self._choices(state, item, lang),
            free=item.kind == "text",
        )

    def _head(self, state: State, item: Item, lang: str) -> str:
        if state.edit:
            return self.text(lang, "changing")
        if not item.stored:
            return ""
        number, total = self._course.progress(state)
        return self.text(lang, "progress", number=number, total=total)

    def _before(self, state: State, item: Item, lang: str) -> str:
        codes = self._course.answers(state).get(item.id, ())
        labels = [words(o.label, lang) for o in item.options if o.code in codes]
        return self.text(lang, "chosen_before", answer="; ".join(labels)) if labels else ""

    def _choices(self, state: State, item: Item, lang: str) -> tuple[Choice, ...]:
        found = [Choice(words(o.label, lang), option_value(item, o)) for o in item.options]
        if state.picked:
            found.append(self.choice(lang, "done"))
        if item.kind == "check":
            return (*found, self.choice(lang, "back"))
        tail = ("back", "skip", "why", "stop")
        return (*found, *(self.choice(lang, name) for name in tail))

    # after the questions

    def review(self, state: State, lang: str) -> Message:
        """How much was answered, and what to do with it."""
        count = len(self._course.document(state)["answers"])
        if not count:
            tail = (self.choice(lang, "back"), self.choice(lang, "end", "do:delete"))
            return Message(self.text(lang, "review.empty"), tail)
        total = len(self._course.changeable(state))
        choices = [self.choice(lang, name) for name in ("send", "change")]
        choices += [self.choice(lang, "discard", "do:delete"), self.choice(lang, "back")]
        return Message(self.text(lang, "review.ask", count=count, total=total), tuple(choices))

    def sections_to_change(self, state: State, lang: str) -> Message:
        """Which part holds the answer to change."""
        names = {item.id for item in self._course.changeable(state)}
        choices = tuple(
            Choice(words(s.title, lang), f"part:{s.id}")
            for s in self._instrument.sections
            if any(item.id in names for item in s.items)
        )
        return Message(self.text(lang, "review.section"), (*choices, self.choice(lang, "back")))

    def items_to_change(self, state: State, section: str, lang: str) -> Message:
        """Which answer of a part to change."""
        choices = tuple(
            Choice(words(item.short, lang), f"edit:{item.id}")
            for item in self._course.changeable(state)
            if self._instrument.section_of(item.id).id == section
        )
        return Message(self.text(lang, "review.item"), (*choices, self.choice(lang, "back")))


def option_value(item: Item, option: Option) -> str:
    """The value of an option's choice."""
    if option.does:
        return _DOES[option.does]
    return f"opt:{item.id}.{item.options.index(option) + 1}"


def _way(option: Option | GateOption, value: str, lang: str) -> Way:
    spoken = dict.fromkeys((lang, "en"))
    phrases = [option.label[key] for key in spoken if key in option.label]
    return Way(value, (*phrases, *(p for key in spoken for p in option.also.get(key, ()))))


def _bubbles(paragraphs: Sequence[str]) -> list[Message]:
    return [
        Message("\n\n".join(paragraphs[at : at + _PARAGRAPHS]))
        for at in range(0, len(paragraphs), _PARAGRAPHS)
    ]
