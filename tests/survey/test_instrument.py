"""The check of a questionnaire finds each mistake, with its line and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import ContentError
from survey.conditions import Condition, ConditionError
from survey.instrument import Instrument, check, load, load_all, newest
from tests.survey.talk import CONTENT, INSTRUMENT_FILE

GOOD = INSTRUMENT_FILE.read_text(encoding="utf-8")


def broken(tmp_path: Path, old: str, new: str) -> Path:
    """The real questionnaire with one mistake in it."""
    assert GOOD.count(old) >= 1, old
    path = tmp_path / "broken.yml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(words: str) -> int:
    return GOOD[: GOOD.index(words)].count("\n") + 1


def test_the_questionnaire_in_use_has_no_mistake() -> None:
    assert check(INSTRUMENT_FILE) == []


#: What is changed, into what, near which words the mistake is shown, and what is said of it.
MISTAKES = {
    "an outcome among groups": (
        "{item: Q10, by: D1}",
        "{item: Q2, by: D1}",
        "breakdowns:",
        "tells the outcome of small groups",
    ),
    "a duration among groups": (
        "{item: Q10, by: D1}",
        "{item: Q17, by: D1}",
        "breakdowns:",
        "tells the duration of small groups",
    ),
    "two things about the person joined": (
        "{item: Q10, by: D1}",
        "{item: D2, by: D1}",
        "breakdowns:",
        "joins two things about the person",
    ),
    "groups that are none": (
        "{item: Q10, by: D1}",
        "{item: Q10, by: Q9}",
        "breakdowns:",
        "makes no groups of people",
    ),
    "a breakdown of what is not published": (
        "{item: Q10, by: D1}",
        "{item: Q25, by: D1}",
        "breakdowns:",
        "not made of published items",
    ),
    "a breakdown twice": (
        "{item: Q13, by: D1}",
        "{item: Q10, by: D1}",
        "breakdowns:",
        "stands twice",
    ),
    "an unknown measure": (
        "measures: duration",
        "measures: mood",
        "measures: duration",
        "measures nothing known",
    ),
    "unknown option in logic": (
        'ask_if: "Q9 has yes"',
        'ask_if: "Q9 has maybe"',
        'ask_if: "Q9 has yes"',
        "no option 'maybe'",
    ),
    "a later item in logic": (
        'ask_if: "Q9 has yes"',
        'ask_if: "Q23 has yes"',
        'ask_if: "Q9 has yes"',
        "does not come before",
    ),
    "an unreachable item": (
        'ask_if: "Q9 has yes"',
        'ask_if: "Q9 has yes and Q9 has no"',
        'ask_if: "Q9 has yes"',
        "can never be reached",
    ),
    "a condition nobody can read": (
        'ask_if: "Q9 has yes"',
        'ask_if: "if Q9 = yes"',
        'ask_if: "Q9 has yes"',
        "cannot be read",
    ),
    "a missing language": (
        '          fr: "Comment la procédure s’est-elle terminée\u00a0?"\n',
        "",
        'en: "How did it end?"',
        "missing in 'fr'",
    ),
    "a missing language in an option": (
        '{en: "HR", fr: "Ressources humaines"',
        '{en: "HR"',
        "{code: hr,",
        "missing in 'fr'",
    ),
    "a duplicate code": (
        "{code: manager,",
        "{code: direct,",
        "{code: manager,",
        "stands twice",
    ),
    "a duplicate item": ("- id: Q3\n", "- id: Q2\n", "- id: Q3\n", "stands twice"),
    "an unquoted no": (
        '{code: "no", label: {en: "No", fr: "Non"',
        '{code: no, label: {en: "No", fr: "Non"',
        '{code: "no", label: {en: "No", fr: "Non"',
        "not a text",
    ),
    "an item that asks for the organization": (
        'en: "How did it end?"',
        'en: "In which organization did it end?"',
        'en: "How did it end?"',
        "seems to ask for",
    ),
    "an item that asks for a date": (
        'en: "How did it end?"',
        'en: "On what date did it end?"',
        'en: "How did it end?"',
        "seems to ask for",
    ),
    "an item that asks for a place, in French": (
        'fr: "Comment la procédure s’est-elle terminée\u00a0?"',
        'fr: "Dans quel pays la procédure s’est-elle terminée\u00a0?"',
        'fr: "Comment la procédure s’est-elle terminée',
        "seems to ask for",
    ),
    "an option that is never used": (
        'routes: ["topic:how_to_report"]}',
        "routes: []}",
        "- id: Q28",
        "'report' of 'Q28' is never used",
    ),
    "an unknown scale": ("scale: sat5", "scale: sat6", "scale: sat5", "scale is unknown"),
    "an unknown type": ("type: check", "type: chat", "type: check", "type is unknown"),
    "an unknown key": ("risk: high", "risky: high", "risk: high", "means nothing"),
    "an unexplained precedent": (
        "precedent: [VCA]",
        "precedent: [XYZ]",
        "precedent: [VCA]",
        "'XYZ'",
    ),
    "free text in the short form": (
        "short_form: [Q2,",
        "short_form: [Q25,",
        "short_form: [",
        "free text",
    ),
    "free text to be published": ("tables: [Q1,", "tables: [Q25,", "tables: [Q1", "free text"),
    "a table of no item": ("tables: [Q1,", "tables: [Q77,", "tables: [Q1", "no item"),
    "a person in the short form": (
        "short_form: [Q2,",
        "short_form: [D1,",
        "short_form: [",
        "about the person",
    ),
    "no length for a free text": ("max_chars: 400", "max_chars: 0", "max_chars: 400", "above 0"),
    "an item nobody may decline": (
        "          - prefer_not_to_say\n        precedent: [CEB]\n        risk: medium\n\n# Ten",
        "        precedent: [CEB]\n        risk: medium\n\n# Ten",
        "- id: D3",
        "cannot be declined",
    ),
    "an offer to nowhere": (
        'value: "topic:retaliation"',
        'value: "retaliation"',
        'value: "topic:retaliation"',
        "leads nowhere",
    ),
    "a gate nobody passes": (
        "leads_to: begin",
        "leads_to: explain",
        "id: G1",
        "nobody can pass",
    ),
    "a channel without its sentence": (
        "    sms:\n",
        "    fax:\n",
        "    sms:\n",
        "means nothing here",
    ),
    "a half-way check without a way out": (
        "does: delete",
        "does: keep",
        "- id: MID",
        "every way out",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_shown_with_its_line(tmp_path: Path, name: str) -> None:
    old, new, near, said = MISTAKES[name]
    problems = check(broken(tmp_path, old, new))
    found = [p for p in problems if said in p.problem]
    assert found, problems
    assert any(abs(p.line - line_of(near)) <= 2 for p in found), (found, line_of(near))
    assert all(p.remedy for p in problems)


def test_several_mistakes_are_shown_at_once(tmp_path: Path) -> None:
    path = broken(tmp_path, 'ask_if: "Q9 has yes"', 'ask_if: "Q9 has maybe or Q99 has a"')
    assert len(check(path)) == 2


def test_a_broken_file_is_not_loaded(tmp_path: Path) -> None:
    path = broken(tmp_path, "scale: sat5", "scale: sat6")
    with pytest.raises(ContentError) as caught:
        load(path)
    assert caught.value.line == line_of("scale: sat5") and caught.value.path == path


@pytest.mark.parametrize("text", ["", "[1, 2]", "id: [", "id: x\nid: y\n"])
def test_what_is_no_instrument_at_all(tmp_path: Path, text: str) -> None:
    path = tmp_path / "none.yml"
    path.write_text(text)
    assert check(path)
    assert check(tmp_path / "missing.yml")


def test_versions_lie_side_by_side(tmp_path: Path) -> None:
    folder = tmp_path / "instruments"
    folder.mkdir()
    (folder / "a.yml").write_text(GOOD, encoding="utf-8")
    (folder / "b.yml").write_text(GOOD.replace("version: 1", "version: 2", 1), encoding="utf-8")
    found = load_all(tmp_path)
    assert sorted(found) == ["victim-experience-1", "victim-experience-2"]
    assert newest(found, "victim-experience").version == 2
    (folder / "c.yml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ContentError):
        load_all(tmp_path)


def test_the_whole_proposal_is_there(questionnaire: Instrument) -> None:
    names = [item.id for item in questionnaire.items()]
    expected = [f"Q{n}" for n in range(1, 29)]
    assert sorted(set(expected) - set(names)) == []
    assert {"Q9a", "MID", "D1", "D2", "D3"} <= set(names) and len(names) == 33
    assert [section.id for section in questionnaire.sections] == list("ABCDEFGHIZ")
    assert questionnaire.gate.id == "G1" and len(questionnaire.gate.options) == 5
    assert len(questionnaire.short_form) == 10


def test_nothing_that_shows_the_way_is_published(questionnaire: Instrument) -> None:
    stored = {item.id for item in questionnaire.items() if item.stored and item.kind != "text"}
    assert set(questionnaire.tables) == stored


def test_every_text_is_short_enough_for_a_chat(questionnaire: Instrument) -> None:
    for item in questionnaire.items():
        for lang in questionnaire.languages:
            assert len(item.text[lang]) <= 220, item.id
            assert all(len(option.label[lang]) <= 70 for option in item.options), item.id


def test_labels_of_one_item_differ(questionnaire: Instrument) -> None:
    for item in questionnaire.items():
        for lang in questionnaire.languages:
            labels = [option.label[lang].casefold() for option in item.options]
            assert len(set(labels)) == len(labels), item.id


class TestConditions:
    @pytest.mark.parametrize(
        ("source", "answers", "holds"),
        [
            ("Q1 has a", {"Q1": ["a", "b"]}, True),
            ("Q1 has a, c", {"Q1": ["b"]}, False),
            ("Q1 has a", {}, False),
            ("Q1 has other than a", {"Q1": ["a"]}, False),
            ("Q1 has other than a", {"Q1": ["a", "b"]}, True),
            ("Q1 lacks a", {"Q1": ["b"]}, True),
            ("Q1 lacks a", {}, False),
            ("Q1 has a and Q2 has b", {"Q1": ["a"]}, False),
            ("Q1 has a or Q2 has b", {"Q1": ["a"]}, True),
            ("Q1 has a or Q2 has b and Q3 has c", {"Q1": ["a"]}, True),
            ("Q1 has a and Q2 has b or Q3 has c", {"Q3": ["c"]}, True),
        ],
    )
    def test_they_mean_what_they_say(
        self, source: str, answers: dict[str, list[str]], holds: bool
    ) -> None:
        assert Condition.parse(source).holds(answers) is holds

    @pytest.mark.parametrize(
        "source", ["", "Q1", "Q1 is a", "Q1 has", "has a", "Q1 has a,", "( a )"]
    )
    def test_nothing_else_is_read(self, source: str) -> None:
        with pytest.raises(ConditionError):
            Condition.parse(source)


def test_all_instruments_in_the_folder_are_whole() -> None:
    assert load_all(CONTENT)
