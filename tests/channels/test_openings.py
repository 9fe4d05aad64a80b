"""What the carrier and our side can see is said at the start, in one message, in true words."""

from __future__ import annotations

import re

import pytest

from bot.channels.registry import CHANNELS
from tests.channels.conftest import House
from tests.support.content import messages, words

MESSAGES = messages()
NAMES = ("web", *(entry.name for entry in CHANNELS))

#: Who must be named, because it sees something.
SEEING: dict[str, tuple[str, ...]] = {
    "web": (),
    "telegram": ("Telegram",),
    "whatsapp": ("WhatsApp", "Meta", "Twilio"),
    "sms": ("Twilio",),
    "signal": ("Signal",),
}

#: What would be too much to say, anywhere.
TOO_MUCH = {
    "en": "nobody can see|nobody reads|completely anonymous|totally safe|guarantee",
    "fr": "personne ne peut voir|totalement anonyme|complètement anonyme|garanti",
    "es": "nadie puede ver|totalmente anónim|completamente anónim|garantiz",
    "ru": "никто не может|никто не видит|полностью аноним|гарантир",
    "ar": "لا أحد يستطيع|لا أحد يرى|مجهول تمامًا|نضمن",
    "zh": "没有人能|谁也看不|完全匿名|保证",
}

#: A first question in each language.
BEGINS = {
    "en": "what is sexual harassment?",
    "fr": "c'est quoi le harcèlement sexuel ?",
    "es": "¿qué es el acoso sexual?",
    "ru": "что такое сексуальное домогательство?",
    "ar": "ما هو التحرش الجنسي؟",
    "zh": "什么是性骚扰？",
}
_QUOTED = re.compile(r"[“«]\s*([^”»]+?)\s*[”»]")


def _plain(text: str) -> str:
    """Without what a channel changes to make it fit."""
    return re.sub(r"\W+", " ", text).casefold().strip()


def test_every_channel_says_who_sees_something() -> None:
    assert set(NAMES) <= set(SEEING), "a new channel: who sees what is written there?"


@pytest.mark.parametrize("lang", MESSAGES.languages)
@pytest.mark.parametrize("name", NAMES)
def test_it_is_one_message_that_names_who_sees_and_promises_no_more(name: str, lang: str) -> None:
    for key in (f"open.privacy.{name}", f"open.brief.{name}"):
        texts = MESSAGES.on(name).texts(lang, key)
        assert len(texts) == 1 or name == "sms", "a text message holds only so much"
        text = " ".join(texts)
        assert not re.search(TOO_MUCH[lang], text, re.IGNORECASE), key
        if key.startswith("open.privacy"):
            assert all(carrier in text for carrier in SEEING[name]), key


@pytest.mark.parametrize("lang", MESSAGES.languages)
@pytest.mark.parametrize("name", NAMES)
def test_the_words_that_it_tells_to_say_do_what_it_says(name: str, lang: str) -> None:
    told = _QUOTED.findall(MESSAGES.on(name).text(lang, f"open.privacy.{name}"))
    kinds = [sign.kind if (sign := words().recognise(word, lang)) else None for word in told]
    assert set(kinds) <= {"erase", "move"}, dict(zip(told, kinds, strict=True))
    assert kinds or name == "sms"


async def test_who_begins_with_a_question_is_told_in_her_language(house: House) -> None:
    for sender, (lang, question) in enumerate(BEGINS.items(), 50):
        person = await house.person(sender).says(question)
        told = house.parts.messages.on(house.case.name).text(lang, f"open.brief.{house.case.name}")
        assert _plain(person.text).count(_plain(told)) == 1, f"{lang}: {person.text}"
