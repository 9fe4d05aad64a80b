"""The answers load, are complete, and a broken file is refused with its line and a remedy."""

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from catalogue import ContentError
from policy import Answers
from tests.policy import small
from tests.policy.conftest import LANGUAGES

TOPICS = re.findall(
    r"\w+",
    """
about_assistant privacy_here erase_leave policy_status definition is_this_harassment examples
place_time online who_is_covered covered_non_staff covered_former outsider consent
intent_not_test single_incident witness help_a_colleague anonymous_report confidentiality
who_will_know how_to_report must_i_report informal_options ombudsman what_happens_next how_long
deadlines stop_process evidence interim_measures support medical_care legal_aid retaliation
not_believed self_blame men_as_victims lgbtiq accused false_reports managers_duty sea
abuse_of_authority discrimination bullying police_law clearcheck events statistics survey_about
survey_safety receipt_return victim_centred outcomes told_outcome
""",
)


def test_every_topic_has_an_answer(answers: Answers) -> None:
    assert sorted(answers.topics) == sorted(TOPICS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_answer_is_short_and_complete(answers: Answers, lang: str) -> None:
    for topic in answers.topics:
        answer = answers.get(topic)
        assert 2 <= len(answer.messages(lang)) <= 3, topic
        assert all(len(text) <= 320 for text in answer.messages(lang)), topic
        assert 0 < len(answer.title(lang)) <= 45, topic
        assert 2 <= len(answer.next) <= 3, topic
        assert topic not in answer.next, topic


def test_no_two_titles_are_alike(answers: Answers) -> None:
    for lang in LANGUAGES:
        titles = [answers.get(topic).title(lang) for topic in answers.topics]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(("one", "other"), tuple(itertools.combinations(LANGUAGES, 2)))
def test_languages_are_translated_not_copied(answers: Answers, one: str, other: str) -> None:
    for topic in answers.topics:
        answer = answers.get(topic)
        assert not set(answer.messages(one)) & set(answer.messages(other)), topic
        assert len(answer.messages(one)) == len(answer.messages(other)), topic


def test_a_source_says_who_when_and_how_sure(tmp_path: Path) -> None:
    cited = [
        {"source": "page", "confidence": "found-dated"},
        {"source": "practice", "confidence": "background-medium"},
    ]
    content = small.write(tmp_path, small.answer("alpha", sources=cited))
    answer = Answers.load(content, LANGUAGES).get("alpha")

    english = answer.source("en").splitlines()
    assert english[1].startswith("- A page (07/2019). ")
    assert "old" in english[1]
    assert english[2].startswith("- Usual (2026). ")
    assert "not sure" in english[2]
    assert "11/2026" in english[3]
    assert "- Une page (07/2019). " in answer.source("fr")


def test_a_source_without_a_date_says_so(tmp_path: Path) -> None:
    undated = {**small.SOURCES, "page": {**small.SOURCES["page"], "date": "undated"}}
    answer = Answers.load(small.write(tmp_path, sources=undated), LANGUAGES).get("beta")
    assert "(no date given)" in answer.source("en")
    assert "(sans date)" in answer.source("fr")


def test_every_source_can_be_shown_in_every_language(answers: Answers) -> None:
    for topic in answers.topics:
        for lang in LANGUAGES:
            assert len(answers.get(topic).source(lang).splitlines()) >= 3, topic


def test_a_language_without_a_text_falls_back_to_english(answers: Answers) -> None:
    answer = answers.get("definition")
    assert answer.messages("pt") == answer.messages("en")
    assert answer.title("pt") == answer.title("en")
    assert answer.source("pt") == answer.source("en")


def test_an_unknown_topic_is_a_key_error(answers: Answers) -> None:
    with pytest.raises(KeyError):
        answers.get("weather")


def test_general_knowledge_is_never_passed_off_as_found(answers: Answers) -> None:
    for topic in answers.topics:
        for cited in answers.get(topic).cited:
            background = cited.confidence.startswith("background-")
            assert background == (cited.key == "practice"), topic


def test_every_registered_source_is_used(answers: Answers) -> None:
    from policy.sources import load_sources
    from tests.policy.conftest import CONTENT

    used = {cited.key for topic in answers.topics for cited in answers.get(topic).cited}
    assert used == set(load_sources(CONTENT / "policy", LANGUAGES))


def _french(**changes: Any) -> dict[str, Any]:
    return {**small.NEUTRAL["fr"], **changes}


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "no French": ({"fr": None}, "the language 'fr' is missing"),
    "no title": ({"fr": {"messages": ["Un.", "Deux."]}}, "'title' is missing"),
    "no messages": ({"fr": {"title": "Un titre"}}, "'messages' is missing"),
    "an empty message": ({"fr": _french(messages=["Un.", " "])}, "holds something"),
    "a message that is no text": ({"fr": _french(messages=["Un.", True])}, "holds something"),
    "one message only": ({"fr": _french(messages=["Un."])}, "there are 1 messages"),
    "four messages": ({"fr": _french(messages=list("abcd"))}, "there are 4 messages"),
    "a long message": ({"fr": _french(messages=["Un.", "x" * 321])}, "message 2 in 'fr' is too"),
    "a long title": ({"fr": _french(title="x" * 46)}, "the title in 'fr' has 46"),
    "a language that is no mapping": ({"fr": "Bonjour"}, "'fr' is not a mapping"),
    "no source": ({"sources": None}, "there is no source"),
    "an empty list of sources": ({"sources": []}, "there is no source"),
    "an unknown source": (
        {"sources": [{"source": "rumour", "confidence": "found"}]},
        "the source 'rumour' is unknown",
    ),
    "an unknown confidence": (
        {"sources": [{"source": "page", "confidence": "sure"}]},
        "the confidence 'sure' is unknown",
    ),
    "no confidence": ({"sources": [{"source": "page"}]}, "'confidence' is missing"),
    "an unknown next topic": ({"next": ["beta", "omega"]}, "'omega' is no topic"),
    "itself as next topic": ({"next": ["beta", "alpha"]}, "'alpha' is no topic"),
    "one next topic only": ({"next": ["beta"]}, "not two or three topics"),
    "the same next topic twice": ({"next": ["beta", "beta"]}, "not two or three topics"),
    "no next topic": ({"next": None}, "'next' is missing"),
    "no review": ({"reviewed": None}, "'reviewed' is missing"),
    "a day of review": ({"reviewed": "2026-11-21"}, "'reviewed' is no month"),
    "a thirteenth month": ({"reviewed": "2026-13"}, "'reviewed' is no month"),
    "an unknown key": ({"author": "me"}, "'author' is unknown"),
    "an unknown language": ({"xx": small.NEUTRAL["en"]}, "'xx' is unknown"),
}


@pytest.mark.parametrize(("changes", "problem"), BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_refused(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    content = small.write(tmp_path, small.answer("alpha", **changes))
    with pytest.raises(ContentError) as caught:
        Answers.load(content, LANGUAGES)
    assert problem in caught.value.problem
    assert caught.value.remedy
    assert caught.value.path.name == "alpha.yml"


def test_an_error_names_the_line(tmp_path: Path) -> None:
    long = small.answer("alpha", fr=_french(title="x" * 46))
    content = small.write(tmp_path, long)
    with pytest.raises(ContentError) as caught:
        Answers.load(content, LANGUAGES)
    lines = (content / "policy" / "alpha.yml").read_text(encoding="utf-8").splitlines()
    assert "x" * 46 in lines[caught.value.line - 1]


def test_the_topic_is_the_name_of_the_file(tmp_path: Path) -> None:
    content = small.write(tmp_path)
    small.put(content / "policy" / "alpha.yml", small.answer("omega", next=["beta", "gamma"]))
    with pytest.raises(ContentError, match="the topic is not the file's name"):
        Answers.load(content, LANGUAGES)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": small.NO_FRENCH}, "'name' has no 'fr'"),
        ({"name": {**small.PAGE, "xx": "?"}}, "'xx' is unknown"),
        ({"date": "summer"}, "'date' is no month"),
        ({"where": ""}, "'where' is missing"),
        ({"link": "here"}, "'link' is unknown"),
    ],
)
def test_a_broken_source_is_refused(tmp_path: Path, change: dict[str, Any], problem: str) -> None:
    sources = {**small.SOURCES, "page": {**small.SOURCES["page"], **change}}
    with pytest.raises(ContentError) as caught:
        Answers.load(small.write(tmp_path, sources=sources), LANGUAGES)
    assert problem in caught.value.problem
    assert caught.value.path.name == "sources.yml"


def test_a_language_can_be_in_the_making(tmp_path: Path) -> None:
    content = small.write(tmp_path, small.answer("alpha", es=None))
    spoken = tuple(lang for lang in LANGUAGES if lang != "es")
    answers = Answers.load(content, spoken)
    assert answers.get("alpha").title("es") == answers.get("alpha").title("en")
    assert answers.get("beta").title("es") == "Un título"
    with pytest.raises(ContentError, match="the language 'es' is missing"):
        Answers.load(content, LANGUAGES)
