"""Numbers, hedges and statistics: what the facts allow, and nothing beside it."""

import re
from pathlib import Path

import pytest

from policy import Answers
from tests.policy import small
from tests.policy.conftest import LANGUAGES
from tests.policy.said import messages, sentences, whole
from tests.policy.traps import plain

#: The only numbers in the answers. Everything else would be a fact that nobody has checked.
NUMBERS: dict[str, set[str]] = {
    "clearcheck": {"2018"},
    "deadlines": {"2", "72"},
    "events": {"2019"},
    "how_long": {"2020"},
    "medical_care": {"2", "72"},
    "online": {"2021"},
    "policy_status": {"2018"},
    "privacy_here": {"30"},
    "receipt_return": {"24"},
    "retaliation": {"2018"},
    "sea": {"18"},
    "statistics": {"2018", "30364", "31", "17", "33"},
    "survey_about": {"8"},
    "survey_safety": {"10"},
    "told_outcome": {"2019"},
    "victim_centred": {"2021"},
    "who_is_covered": {"2020"},
}

HEDGE = {
    "en": r"\b(usually|often|normally|mostly|in many|can usually)\b",
    "fr": r"\b(généralement|en général|souvent|normalement|le plus souvent|d'habitude)\b",
}
CHECK = {
    "en": r"check with your organization",
    "fr": r"vérifiez auprès de votre organisation",
}

#: A share of people, in words or digits.
SHARE = {
    "en": r"%|per cent|percent|\bone in \w+|\d in \d",
    "fr": r"%|pour cent|\b(un|une)\b[^.]*\bsur (deux|trois|quatre|cinq|dix)\b|\d sur \d",
}
#: Whom a share is a share of: never "all personnel".
OF_WHOM = {"en": r"answered|asked|targeted", "fr": r"répon|visée"}


def strange_numbers(answers: Answers) -> list[str]:
    """Numbers in messages that the facts do not give for this topic."""
    return [
        f"{said.topic}/{said.lang}: {number}"
        for said in messages(answers)
        for number in re.findall(r"\d+", re.sub(r"(?<=\d)[, \u00a0](?=\d{3})", "", said.text))
        if number not in NUMBERS.get(said.topic, set())
    ]


def unhedged(answers: Answers) -> list[str]:
    """Answers that rest on general knowledge and do not say so in every language."""
    return [
        f"{topic}/{lang}"
        for topic in answers.topics
        for lang in LANGUAGES
        if any(c.confidence.startswith("background-") for c in answers.get(topic).cited)
        and not all(
            re.search(words[lang], plain(whole(answers, topic, lang))) for words in (HEDGE, CHECK)
        )
    ]


def bare_shares(answers: Answers) -> list[str]:
    """Shares outside of the one topic about numbers, or without saying of whom."""
    return [
        str(said)
        for said in messages(answers)
        for sentence in sentences(said.text)
        if re.search(SHARE[said.lang], plain(sentence))
        and not (said.topic == "statistics" and re.search(OF_WHOM[said.lang], plain(said.text)))
    ]


def test_every_number_is_in_the_facts(answers: Answers) -> None:
    assert strange_numbers(answers) == []


def test_every_language_has_the_same_numbers(answers: Answers) -> None:
    for topic, numbers in NUMBERS.items():
        for lang in LANGUAGES:
            text = re.sub(r"(?<=\d)[, ](?=\d{3})", "", whole(answers, topic, lang))
            assert set(re.findall(r"\d+", text)) == numbers, (topic, lang)


@pytest.mark.parametrize(
    ("topic", "lang", "sentence"),
    [
        ("planted", "en", "Ask within 6 months."),
        ("deadlines", "fr", "Vous avez 60 jours."),
        ("statistics", "en", "It was 38.7 per cent."),
    ],
)
def test_a_strange_number_is_seen(tmp_path: Path, topic: str, lang: str, sentence: str) -> None:
    content = small.write(tmp_path, small.saying(topic, lang, sentence))
    found = strange_numbers(Answers.load(content, LANGUAGES))
    assert found
    assert all(line.startswith(f"{topic}/{lang}: ") for line in found)


def test_general_knowledge_is_hedged(answers: Answers) -> None:
    assert unhedged(answers) == []


@pytest.mark.parametrize(
    ("english", "french", "seen"),
    [
        (
            "This is so.",
            "Généralement oui. Vérifiez auprès de votre organisation.",
            ["planted/en"],
        ),
        (
            "It is usually so.",
            "Généralement oui. Vérifiez auprès de votre organisation.",
            ["planted/en"],
        ),
        (
            "It is usually so. Check with your organization.",
            "C’est ainsi. Vérifiez auprès de votre organisation.",
            ["planted/fr"],
        ),
        (
            "It is usually so. Check with your organization.",
            "C’est généralement ainsi. Vérifiez auprès de votre organisation.",
            [],
        ),
    ],
)
def test_a_missing_hedge_is_seen(
    tmp_path: Path, english: str, french: str, seen: list[str]
) -> None:
    planted = small.answer(
        "planted",
        sources=[{"source": "practice", "confidence": "background-high"}],
        en={"title": "A title", "messages": ["One.", english]},
        fr={"title": "Un titre", "messages": ["Un.", french]},
    )
    assert unhedged(Answers.load(small.write(tmp_path, planted), LANGUAGES)) == seen


def test_shares_are_shares_of_those_who_answered(answers: Answers) -> None:
    assert bare_shares(answers) == []


@pytest.mark.parametrize(
    ("topic", "lang", "sentence"),
    [
        ("planted", "en", "One in three people who answered said so."),
        ("statistics", "en", "33 per cent of all personnel are harassed."),
        ("statistics", "fr", "33 % du personnel subit un harcèlement."),
        ("planted", "fr", "Une personne sur trois est touchée."),
    ],
)
def test_a_bare_share_is_seen(tmp_path: Path, topic: str, lang: str, sentence: str) -> None:
    content = small.write(tmp_path, small.saying(topic, lang, sentence))
    assert len(bare_shares(Answers.load(content, LANGUAGES))) == 1
