"""Everything that can go out by text message: how long it is, and what it must not say."""

from __future__ import annotations

import re

import pytest
import smsutil  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.contract import Reply
from bot.channels.gsm import is_gsm, plain, segments
from bot.channels.sms import Sms
from bot.channels.sms_keywords import meant
from catalogue import Choice, Message
from tests.channels.neutral import TELLING
from tests.support.content import answers, messages

MESSAGES = messages()
LANGUAGES = MESSAGES.languages
KEYS = sorted(key for key in MESSAGES.keys() if key.startswith("sms."))  # noqa: SIM118
CHANNEL = Sms("AC" + "0" * 32, "token")

#: What stands in a placeholder, at its longest.
FILLED = {
    "code": "123 456 789",
    "word": "houseplants",
    "answer": "5",
    "address": "https://talk.conduct-and-support.example.org/a-page-of-its-own",
}


def _texts(lang: str, key: str) -> list[str]:
    written = MESSAGES.written(lang, key)
    forms = [f for t in written for f in ([t] if isinstance(t, str) else t.values())]
    return [re.sub(r"\{(\w+)\}", lambda m: FILLED.get(m[1], "12"), form) for form in forms]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_short_and_most_are_one_segment(lang: str) -> None:
    counts = []
    for key in KEYS:
        if ".words." in key:
            continue
        for text in _texts(lang, key):
            sent = plain(f"1/2 {text}")
            assert len(smsutil.split(sent).parts) <= 2, f"{key}: {text}"
            counts.append(len(smsutil.split(sent).parts))
    assert counts.count(1) > len(counts) * 2 / 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_gives_the_person_away(lang: str) -> None:
    found = {
        key: text
        for key in KEYS
        if ".words." not in key
        for text in _texts(lang, key)
        if TELLING[lang].search(text)
    }
    assert found == {}


def test_telling_words_are_seen() -> None:
    for lang, sentence in {"en": "Your report", "ar": "هذا بلاغ", "zh": "性骚扰"}.items():
        assert TELLING[lang].search(sentence)


def test_every_policy_answer_has_a_short_form() -> None:
    voice = MESSAGES.on("sms")
    for topic in answers().topics:
        assert voice.has(f"answer.{topic}") and voice.has(f"title.{topic}")


def test_whatever_the_small_report_shares_with_the_full_one_has_words_of_its_own() -> None:
    shared = (
        r"report\.(out_of_reach|stopped|relation|entity|dead_end|conflict|level|other|danger"
        r"|failed\.no)"
    )
    usual = [key for key in MESSAGES.keys() if re.match(shared, key)]  # noqa: SIM118
    assert [key for key in usual if not MESSAGES.has(f"sms.{key}")] == []
    assert len(usual) > 20


def test_english_stays_in_the_small_alphabet() -> None:
    texts = [text for key in KEYS for text in _texts("en", key)]
    assert [text for text in texts if not is_gsm(plain(text))] == []


@given(st.text(alphabet="aé€{}ê’\n \u00a0中🙂ع…", max_size=400))
def test_segments_are_counted_as_the_judge_counts_them(text: str) -> None:
    if text:
        assert segments(text) == len(smsutil.split(text).parts)


@given(
    st.lists(st.text(alphabet="abé. ’中ع\n?", max_size=700), max_size=4),
    st.lists(st.text(alphabet="abcd中", min_size=1, max_size=60), max_size=12),
)
def test_whatever_is_said_goes_out_in_two_segments(texts: list[str], labels: list[str]) -> None:
    choices = tuple(Choice(label, f"opt:{n}") for n, label in enumerate(labels))
    said = (*map(Message, texts), Message("which?", choices))
    for sent in CHANNEL.texts(Reply(said, "en")):
        assert 1 <= len(smsutil.split(sent).parts) <= 2


def test_letters_of_a_language_are_never_changed() -> None:
    assert plain("l’été, « ici » …") == 'l\'été, " ici " ...'
    assert plain("ça, « là »") == "ça, « là »"
    assert plain("“так”") == "“так”"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_address_of_the_web_page_is_never_cut_in_two(lang: str) -> None:
    voice = MESSAGES.on("sms")
    how, *rest = voice.texts(lang, "move.code", code="123 456 789", minutes=10)
    for address in ("https://talk.example", FILLED["address"], f"https://{'a' * 200}.example"):
        said = (how, *voice.texts(lang, "move.page", address=address), *rest)
        sent = CHANNEL.texts(Reply(tuple(map(Message, said)), lang))
        assert [address in text for text in sent].count(True) == 1
        assert all(len(smsutil.split(text).parts) <= 2 for text in sent)


def test_a_secret_is_not_sent() -> None:
    said = (Message("It is sent."), Message("1234 5678", secret=True))
    assert list(CHANNEL.texts(Reply(said, "en"))) == ["It is sent."]


def test_commands_keep_their_numbers_and_are_not_listed() -> None:
    choices = (Choice("Yes", "opt:1"), Choice("Back", "do:back"), Choice("No", "opt:2"))
    (sent,) = CHANNEL.texts(Reply((Message("Well?", choices),), "en"))
    assert sent == "Well?\n1 Yes\n3 No"


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("STOP", "gate:exit"), ("Arrêt", "gate:exit"), ("baja!", "gate:exit"),
        ("стоп", "gate:exit"), ("توقف", "gate:exit"), ("退订", "gate:exit"),
        ("Start", "menu:start"), ("HELP", "menu:main"), ("aide", "menu:main"),
        ("帮助。", "menu:main"), ("مساعدة", "menu:main"), ("web", "gate:move"),
        ("Effacer", "gate:erase"), ("I want it to stop", None), ("yes", None), ("", None),
    ],
)  # fmt: skip
def test_carriers_words_are_known_in_six_languages(word: str, value: str | None) -> None:
    found = meant(word)
    assert (found[0] if found else None) == value


def test_a_word_of_one_language_tells_it() -> None:
    words = {"ابدأ": "ar", "帮助": "zh", "aide": "fr", "ayuda": "es", "помощь": "ru"}
    found = {word: meant(word) for word in (*words, "START", "stop all")}
    assert {w: f[1] if f else "" for w, f in found.items()} == words | {
        "START": None,
        "stop all": None,
    }
