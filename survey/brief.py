"""The short form of a questionnaire, for a channel of few and neutral words.

It is the same questionnaire in the same version: the ten questions of its short form, with the
words that the channel has of its own. So a person can go on with it elsewhere, and the answers are
released together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from catalogue import Brief, Messages, Step
from survey.model import Consent, GateOption, Instrument, Item, Option, Words
from survey.ports import Desk
from survey.survey_walk import SurveyWalk
from survey.walk import Place, State


class BriefSurvey(SurveyWalk, Brief):
    """The short form on one channel.

    Args:
        instrument: the whole questionnaire.
        messages: as the channel says them, with the parts ``item``, ``option`` and ``consent``.
        desk: where rounds are looked up and answers are handed in.
    """

    name = "survey_sms"
    channel: ClassVar[str] = "sms"
    full: ClassVar[str] = "survey"

    def __init__(self, instrument: Instrument, messages: Messages, desk: Desk) -> None:
        super().__init__(in_short(instrument, messages), messages, desk)

    async def open(self, lang: str, **given: Any) -> Step:
        """Begin with the consent; only the short form is asked."""
        return await super().open(lang, **{**given, "short": True})

    def onward(self, state: dict[str, Any]) -> dict[str, Any]:
        """The same answers; it stays the short form."""
        return state

    def _option(self, state: State, value: str, lang: str) -> Step:
        """One number is a whole answer: nobody types a second message to say that this is all."""
        place = self._course.current(state)
        several = place.item is not None and place.item.kind == "multi"
        known = value in [way.value for way in self._speaker.ways(place, lang)]
        if several and known:
            return self._picked(state, place, value, lang)
        return super()._option(state, value, lang)

    def _picked(self, state: State, place: Place, value: str, lang: str) -> Step:
        return self._several(replace(state, over=None, picked=()), place, (value,), lang)


def in_short(instrument: Instrument, messages: Messages) -> Instrument:
    """A questionnaire in a channel's own words; what has none stays as it is.

    Args:
        instrument: the questionnaire.
        messages: as the channel says them.
    """
    words = _Words(messages)
    gate = replace(
        instrument.gate,
        text=words.of("gate_text", instrument.gate.text),
        options=tuple(_gate_option(option, words) for option in instrument.gate.options),
    )
    sections = tuple(
        replace(
            section,
            title=words.of(f"section.{section.id}", section.title),
            items=tuple(_item(item, words) for item in section.items),
        )
        for section in instrument.sections
    )
    consent = _consent(instrument.consent, words)
    return replace(instrument, consent=consent, gate=gate, sections=sections)


class _Words:
    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def of(self, key: str, usual: Words) -> Words:
        """The channel's own words under a key, in every language; else the usual ones."""
        return self._each(key, self._messages.text) if self._messages.has(key) else usual

    def lists(self, key: str) -> dict[str, tuple[str, ...]] | None:
        """The same for texts in several parts; ``None`` without own words."""
        return self._each(key, self._messages.texts) if self._messages.has(key) else None

    def _each(self, key: str, say: Callable[..., Any]) -> dict[str, Any]:
        return {lang: say(lang, key) for lang in self._messages.languages}


def _item(item: Item, words: _Words) -> Item:
    after = item.after
    if after is not None:
        offers = tuple(
            replace(o, label=words.of(f"offer.{o.value}", o.label)) for o in after.offers
        )
        after = replace(after, say=words.of(f"item_after.{item.id}", after.say), offers=offers)
    return replace(
        item,
        text=words.of(f"item.{item.id}", item.text),
        short=words.of(f"item_short.{item.id}", item.short),
        why=words.of("item_why", item.why),
        ask=None if words.of(f"item.{item.id}", item.text) is not item.text else item.ask,
        options=tuple(_option(option, words) for option in item.options),
        after=after,
    )


def _option(option: Option, words: _Words) -> Option:
    label = words.of(f"option.{option.code}", option.label)
    if label is option.label:
        return option
    # The usual words still mean the same option.
    also = {lang: (*option.also.get(lang, ()), usual) for lang, usual in option.label.items()}
    return replace(option, label=label, also=also)


def _gate_option(option: GateOption, words: _Words) -> GateOption:
    say = words.of(f"gate_say.{option.code}", option.say) if option.say else None
    return replace(option, label=words.of(f"gate_option.{option.code}", option.label), say=say)


def _consent(consent: Consent, words: _Words) -> Consent:
    text = words.lists("consent.text")
    more = words.lists("consent.more")
    return replace(consent, text=text or consent.text, more=more or consent.more)
