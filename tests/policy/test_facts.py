"""Numbers, hedges and statistics: what the facts allow, and nothing beside it."""

import re
from pathlib import Path

import pytest

from policy import Answers
from tests.policy import small
from tests.policy.conftest import LANGUAGES
from tests.policy.said import messages, whole
from tests.texts.plain import plain, sentences

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
    "ar": r"عادة|غالبا|كثيرا ما|كثيرا متى",
    "zh": r"通常|一般|往往|多半",
    "en": r"\b(usually|often|normally|mostly|in many|can usually)\b",
    "fr": r"\b(généralement|en général|souvent|normalement|le plus souvent|d'habitude)\b",
    "ru": r"\b(обычно|как правило|часто|чаще всего)\b",
    "es": r"\b(normalmente|por lo general|a menudo|suelen?|generalmente)\b",
}
CHECK = {
    "ar": r"(يمكنك|من الافضل) سؤال منظمتك",
    "zh": r"向您所在的组织核实",
    "en": r"check with your organization",
    "fr": r"vérifiez auprès de votre organisation",
    "ru": r"уточните в своей организации",
    "es": r"consulte con su organización",
}

#: A share of people, in words or digits.
SHARE = {
    "ar": r"%|في المائة|بالمئة|واحد من كل|\b(نصف|ثلث|ثلثا|ربع)\b",
    "zh": r"%|百分之|分之|每[二三四五十]个",
    "en": r"%|per cent|percent|\bone in \w+|\d in \d",
    "fr": r"%|pour cent|\b(un|une)\b[^.]*\bsur (deux|trois|quatre|cinq|dix)\b|\d sur \d",
    "ru": r"%|процент|кажд\w+ (втор|трет|четверт|пят|десят)|\d из \d",
    "es": r"%|por ciento|\bde cada (dos|tres|cuatro|cinco|diez)\b|\d de cada \d",
}
#: Whom a share is a share of: never "all personnel".
OF_WHOM = {
    "ar": r"اجابوا|وجهت اليهم|مستهدف",
    "zh": r"作答|受邀|受到针对",
    "en": r"answered|asked|targeted",
    "fr": r"répon|visée",
    "ru": r"ответил|спросили|пострадавш",
    "es": r"respond|consultad|afectad",
}


def numbers(lang: str, text: str) -> set[str]:
    """The numbers in a text. Arabic says "two hours" in one word, without a digit."""
    if lang == "ar":
        text = re.sub(r"ساعتين", "2", text)
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[, \u00a0\u202f](?=\d{3})", "", text)))


def strange_numbers(answers: Answers) -> list[str]:
    """Numbers in messages that the facts do not give for this topic."""
    return [
        f"{said.topic}/{said.lang}: {number}"
        for said in messages(answers)
        for number in sorted(numbers(said.lang, said.text))
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
    for topic, expected in NUMBERS.items():
        for lang in LANGUAGES:
            assert numbers(lang, whole(answers, topic, lang)) == expected, (topic, lang)


@pytest.mark.parametrize(
    ("topic", "lang", "sentence"),
    [
        ("planted", "en", "Ask within 6 months."),
        ("deadlines", "fr", "Vous avez 60 jours."),
        ("statistics", "en", "It was 38.7 per cent."),
        ("deadlines", "es", "Tiene 60 días."),
        ("deadlines", "ru", "У вас есть 60 дней."),
        ("deadlines", "zh", "您有60天。"),
        ("planted", "ar", "خلال ساعتين."),
    ],
)
def test_a_strange_number_is_seen(tmp_path: Path, topic: str, lang: str, sentence: str) -> None:
    content = small.write(tmp_path, small.saying(topic, lang, sentence))
    found = strange_numbers(Answers.load(content, LANGUAGES))
    assert found
    assert all(line.startswith(f"{topic}/{lang}: ") for line in found)


def test_general_knowledge_is_hedged(answers: Answers) -> None:
    assert unhedged(answers) == []


HEDGED = {
    "ar": ("عادةً يكون الأمر كذلك.", "للتأكد، من الأفضل سؤال منظمتك."),
    "zh": ("通常是这样。", "请向您所在的组织核实。"),
    "en": ("It is usually so.", "Check with your organization."),
    "fr": ("C’est généralement ainsi.", "Vérifiez auprès de votre organisation."),
    "ru": ("Обычно это так.", "Уточните в своей организации."),
    "es": ("Normalmente es así.", "Consulte con su organización."),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("left_out", [None, 0, 1])
def test_a_missing_hedge_is_seen(tmp_path: Path, lang: str, left_out: int | None) -> None:
    said = {name: list(pair) for name, pair in HEDGED.items()}
    if left_out is not None:
        del said[lang][left_out]
    planted = small.answer(
        "planted",
        sources=[{"source": "practice", "confidence": "background-high"}],
        **{
            name: {"title": small.PAGE[name], "messages": [small.USUAL[name], " ".join(texts)]}
            for name, texts in said.items()
        },
    )
    seen = [] if left_out is None else [f"planted/{lang}"]
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
        ("planted", "es", "Le pasa a una de cada tres personas."),
        ("statistics", "ru", "С этим столкнулись 33 процента персонала."),
        ("planted", "zh", "三分之一的人员遭到过。"),
        ("statistics", "ar", "حدث ذلك لثلث العاملين، أي 33 في المائة."),
    ],
)
def test_a_bare_share_is_seen(tmp_path: Path, topic: str, lang: str, sentence: str) -> None:
    content = small.write(tmp_path, small.saying(topic, lang, sentence))
    assert len(bare_shares(Answers.load(content, LANGUAGES))) == 1
