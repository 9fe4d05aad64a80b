"""Releases and rounds together: the log, rounds with too few answers, breakdowns, what changed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import count as counter
from pathlib import Path
from typing import Any

import pytest

from catalogue import Messages
from survey.audit import audit
from survey.changes import changes
from survey.facts import Facts
from survey.model import BreakdownOf, Instrument
from survey.proving import NotSafe, prove, to_facts
from survey.release import Desk, Released, ReleaseError, Sealed, release
from survey.suppress import protect
from survey.tables import count
from survey.verifying import problems
from tests.survey.people import synthetic
from tests.survey.test_release import KEY, sealed
from tests.survey.wild import wild
from vault.errors import ReleaseLogError
from vault.release_log import ReleaseLog
from vault.stores.rounds import Round


def round_(number: int, **other: Any) -> Round:
    made = Round(
        f"r{number}", number, "victim-experience-1", "open", KEY.public(), "2026-05", "2026-06"
    )
    return replace(made, **other)


class TaskForce:
    """Releases rounds one after the other, with one log."""

    def __init__(self, instrument: Instrument, messages: Messages, folder: Path) -> None:
        self.instrument, self.messages, self.folder = instrument, messages, folder
        self.log = ReleaseLog(folder / "releases.log")
        self._number = counter(1)

    def release(self, one: Sealed, *earlier: Sealed, **other: Any) -> Released:
        desk = Desk(self.instrument, KEY, other.pop("lang", "en"), self.messages, self.log)
        return release(
            one, replace_desk(desk, other), self.folder / f"{next(self._number)}", earlier
        )


def replace_desk(desk: Desk, other: dict[str, Any]) -> Desk:
    for name, value in other.items():
        setattr(desk, name, value)
    return desk


def answered(instrument: Instrument, number: int, people: int, seed: int = 1) -> Sealed:
    documents = synthetic(instrument, people, seed)
    return Sealed(round_(number), sealed(documents, f"r{number}"))


def contents(done: Released) -> dict[str, bytes]:
    return {name: (done.folder / name).read_bytes() for name in done.files}


def certificate(done: Released) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((done.folder / "audit.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def office(questionnaire: Instrument, catalogue: Messages, tmp_path: Path) -> TaskForce:
    return TaskForce(questionnaire, catalogue, tmp_path)


class TestProof:
    @pytest.mark.parametrize("seed", range(12))
    def test_what_is_hidden_passes_the_audit_whatever_was_answered(
        self, questionnaire: Instrument, seed: int
    ) -> None:
        counts = count(questionnaire, wild(questionnaire, seed))
        proven = prove(questionnaire, counts, ["r1"], b"", [])
        assert proven.audit.passed and proven.audit.bounds
        for column in proven.facts.columns:
            assert all(f.count is None or f.count >= 10 for f in column.figures)
            assert column.answered is None or not column.by or column.answered >= 30

    def test_the_truth_lies_within_the_bounds(self, questionnaire: Instrument) -> None:
        counts = count(questionnaire, wild(questionnaire, 5))
        found = prove(questionnaire, counts, ["r1"], b"", []).audit
        for bound in found.bounds:
            if not bound.by:
                assert bound.low <= counts.chosen[bound.item, bound.code]
                assert bound.high is None or counts.chosen[bound.item, bound.code] <= bound.high

    def test_what_the_auditor_objects_to_is_withdrawn(self, questionnaire: Instrument) -> None:
        """A round in which hiding line by line was not enough; the auditor saw it."""
        counts = count(questionnaire, wild(questionnaire, 147))
        hidden = protect(questionnaire, counts)
        first = audit(to_facts(questionnaire, hidden, ["r1"], b"", counts.people))
        assert {(b.item, b.by) for b in first.objections} == {("Q13", "D1")}
        proven = prove(questionnaire, counts, ["r1"], b"", [])
        reasons = {(b.item, b.by): b.reason for b in proven.protected.breakdowns}
        assert reasons["Q13", "D1"] == "audit" and proven.audit.passed

    def test_an_answer_out_of_place_is_not_counted(self, questionnaire: Instrument) -> None:
        out = [{"Q9": "no", "Q16": "always"}, {"Q7": ["none_offered", "medical"]}]
        counts = count(questionnaire, out)
        assert (counts.answered["Q9"], counts.answered["Q16"], counts.answered["Q7"]) == (1, 0, 0)


class TestLog:
    def test_every_release_is_logged_with_what_it_published(self, office: TaskForce) -> None:
        done = office.release(answered(office.instrument, 1, 60))
        (entry,) = office.log.entries()
        assert certificate(done)["log"]["hash"] == entry.hash
        assert entry.record["facts"] == certificate(done)["facts"]
        assert "must stay sealed" not in office.log.path.read_text()

    def test_the_same_again_is_the_same_and_logged_once(self, office: TaskForce) -> None:
        one = answered(office.instrument, 1, 60)
        first = office.release(one)
        office.release(answered(office.instrument, 2, 80, seed=2))
        assert contents(office.release(one)) == contents(first)
        french = office.release(one, lang="fr")
        assert certificate(french)["log"] == certificate(first)["log"]
        assert len(office.log.entries()) == 2

    def test_the_same_round_with_other_answers_is_refused(self, office: TaskForce) -> None:
        one = answered(office.instrument, 1, 60)
        office.release(one)
        more = Sealed(one.round_, [*one.answers, *sealed(synthetic(office.instrument, 3, 9), "r1")])
        with pytest.raises(ReleaseError, match="other answers before, and"):
            office.release(more)
        assert len(office.log.entries()) == 1

    def test_a_difference_of_few_people_is_refused(self, questionnaire: Instrument) -> None:
        """The attack: a round, and the same people with seven more."""
        people = wild(questionnaire, 5)
        first = prove(questionnaire, count(questionnaire, people), ["r1"], b"", []).facts
        more = count(questionnaire, people + wild(questionnaire, 8)[:7])
        assert prove(questionnaire, more, ["r1", "r2"], b"", []).audit.passed
        with pytest.raises(NotSafe, match="subtracted from what was released before"):
            prove(questionnaire, more, ["r1", "r2"], b"", [first])

    def test_another_table_of_the_same_people_is_audited_with_the_first(
        self, office: TaskForce
    ) -> None:
        one = answered(office.instrument, 1, 150)
        office.release(one)
        added = replace(office.instrument, breakdowns=(BreakdownOf("Q8", "D2"),))
        done = office.release(one, instrument=added)
        assert certificate(done)["audit"]["releases_together"] == 2
        assert contents(office.release(one, instrument=added)) == contents(done)
        assert len(office.log.entries()) == 2

    def test_a_log_that_was_changed_stops_everything(self, office: TaskForce) -> None:
        office.release(answered(office.instrument, 1, 60))
        text = office.log.path.read_text()
        office.log.path.write_text(text.replace('"answers":60', '"answers":65'))
        with pytest.raises(ReleaseLogError, match="line 1 is not"):
            office.release(answered(office.instrument, 2, 60))

    def test_a_folder_in_use_leaves_no_entry(self, office: TaskForce) -> None:
        (office.folder / "1").mkdir()
        (office.folder / "1" / "mine").touch()
        with pytest.raises(ReleaseError, match="not empty"):
            office.release(answered(office.instrument, 1, 60))
        assert office.log.entries() == ()


class TestCertificate:
    def test_it_holds_until_something_is_changed(self, office: TaskForce) -> None:
        office.release(answered(office.instrument, 1, 40))
        done = office.release(answered(office.instrument, 2, 40, seed=2))
        assert problems(done.folder) == [] and problems(done.folder, office.log) == []
        page = done.folder / "report.html"
        page.write_bytes(page.read_bytes() + b" ")
        assert problems(done.folder) == ["report.html was changed"]
        page.unlink()
        assert problems(done.folder) == ["report.html is missing"]

    def test_a_changed_certificate_and_a_cut_log_are_found(self, office: TaskForce) -> None:
        done = office.release(answered(office.instrument, 1, 40))
        text = office.log.path.read_text()
        office.log.path.write_text("")
        (found,) = problems(done.folder, office.log)
        assert "its end was cut off" in found
        office.log.path.write_text(text)
        path = done.folder / "audit.json"
        path.write_text(path.read_text().replace('"narrowest_range": ', '"narrowest_range": 1'))
        assert "audit.json was changed after it was signed" in problems(done.folder)
        path.write_text("{}")
        assert problems(done.folder) == ["audit.json is missing, damaged or of another version"]


class TestFewAnswers:
    def test_a_round_with_few_is_counted_with_the_next(self, office: TaskForce) -> None:
        few, next_ = answered(office.instrument, 1, 7), answered(office.instrument, 2, 48, seed=2)
        with pytest.raises(ReleaseError, match="counted with the next round"):
            office.release(few)
        done = office.release(next_, few)
        assert done.rounds == ("r1", "r2") and done.answers == 55
        assert (
            "The answers of round 1 are counted here too" in contents(done)["report.html"].decode()
        )
        assert certificate(done)["round"]["counted_with_it"] == ["r1"]

    def test_two_with_few_make_one_with_enough(self, office: TaskForce) -> None:
        parts = [answered(office.instrument, n, 7, seed=n) for n in (1, 2, 3)]
        with pytest.raises(ReleaseError, match="fewer than 10"):
            office.release(parts[0])
        assert office.release(parts[2], *parts[:2]).rounds == ("r1", "r2", "r3")

    def test_one_with_enough_is_released_by_itself(self, office: TaskForce) -> None:
        enough = answered(office.instrument, 1, 12)
        assert office.release(answered(office.instrument, 2, 30), enough).rounds == ("r2",)

    def test_few_are_counted_once(self, office: TaskForce) -> None:
        few = answered(office.instrument, 1, 7)
        office.release(answered(office.instrument, 2, 30, seed=2), few)
        later = office.release(answered(office.instrument, 3, 30, seed=3), few)
        assert later.rounds == ("r3",)

    def test_another_questionnaire_is_left_aside(self, office: TaskForce) -> None:
        other = Sealed(round_(1, instrument="another-1"), sealed(synthetic(office.instrument, 5)))
        assert office.release(answered(office.instrument, 2, 30), other).rounds == ("r2",)


class TestBreakdowns:
    def test_groups_are_shown_from_thirty(self, questionnaire: Instrument) -> None:
        people = [{"Q10": code, "D1": group} for group, sizes in
                  {"woman": (30, 25), "man": (15, 14), "another": (20, 20)}.items()
                  for code, size in zip(("agree", "disagree"), sizes, strict=True)
                  for _ in range(size)]  # fmt: skip
        one = next(b for b in protect(questionnaire, count(questionnaire, people)).breakdowns)
        shown = {g.code: g.answered for g in one.groups if g.answered is not None}
        assert "man" not in shown and all(size >= 30 for size in shown.values())

    def test_a_group_that_answers_alike_is_hidden(self, questionnaire: Instrument) -> None:
        people = [{"Q10": "agree", "D1": "woman"}] * 60 + [
            {"Q10": code, "D1": group}
            for code in ("agree", "disagree")
            for group in ("man", "another")
            for _ in range(40)
        ]
        one = next(b for b in protect(questionnaire, count(questionnaire, people)).breakdowns)
        assert next((g.answered for g in one.groups if g.code == "woman"), None) is None

    def test_they_are_in_all_files(self, office: TaskForce) -> None:
        done = office.release(answered(office.instrument, 1, 400))
        found = contents(done)
        results = json.loads(found["results.json"])
        assert [b for b in results["breakdowns"] if b["shown"]]
        assert b"By group: Gender" in found["report.html"]
        assert b",D1,woman,Woman," in found["results.csv"]

    @pytest.mark.parametrize("outcome", ["Q2", "Q17", "Q20"])
    def test_the_shipped_ones_show_no_outcome_and_no_duration(
        self, questionnaire: Instrument, outcome: str
    ) -> None:
        assert questionnaire.item(outcome).measures  # type: ignore[union-attr]
        assert outcome not in {b.item for b in questionnaire.breakdowns}


class TestChanges:
    def _facts(self, instrument: Instrument, good: int, bad: int) -> Facts:
        codes = [o.code for o in instrument.item("Q4").options if o.tone is not None]  # type: ignore[union-attr]
        people = [{"Q4": c} for c in codes[:2] for _ in range(good)]
        people += [{"Q4": c} for c in codes[2:] for _ in range(bad)]
        people += [{"Q4": c} for c in ("does_not_apply", "prefer_not_to_say") for _ in range(12)]
        counts = count(instrument, people)
        return to_facts(instrument, protect(instrument, counts), ["r1"], b"", counts.people)

    def test_a_great_change_is_named(self, questionnaire: Instrument) -> None:
        before, now = self._facts(questionnaire, 20, 80), self._facts(questionnaire, 120, 20)
        (found,) = changes(questionnaire, before, now)
        assert found.verdict == "better" and found.low < found.now - found.before < found.high
        (back,) = changes(questionnaire, now, before)
        assert back.verdict == "worse"

    def test_a_small_one_is_not(self, questionnaire: Instrument) -> None:
        (found,) = changes(
            questionnaire, self._facts(questionnaire, 20, 20), self._facts(questionnaire, 23, 18)
        )
        assert found.verdict == "unclear" and found.low < 0 < found.high

    def test_with_more_people_it_is_surer(self, questionnaire: Instrument) -> None:
        few = changes(questionnaire, *[self._facts(questionnaire, n, 20) for n in (20, 25)])[0]
        many = changes(questionnaire, *[self._facts(questionnaire, n, 400) for n in (400, 500)])[0]
        assert many.high - many.low < few.high - few.low

    def test_the_report_compares_with_the_release_before(self, office: TaskForce) -> None:
        first = office.release(answered(office.instrument, 1, 150))
        assert "nothing to compare with" in contents(first)["report.html"].decode()
        second = office.release(answered(office.instrument, 2, 150, seed=2))
        page = contents(second)["report.html"].decode()
        assert "Compared with round 1" in page and "Change in points:" in page

    def test_best_and_worst_are_named_with_the_shares_that_changes_tell(
        self, office: TaskForce
    ) -> None:
        office.release(answered(office.instrument, 1, 200))
        done = office.release(answered(office.instrument, 2, 200, seed=2))
        page = contents(done)["report.html"].decode()
        said = re.findall(r"(?:Most|Fewest) good answers: (.+?)\.</p>", page)
        named = [re.findall(r"([^;]+?) \((\d+)%\)(?:; )?", one) for one in said]
        most, fewest = ([int(share) for _, share in one] for one in named)
        assert (len(most), len(fewest)) == (3, 3)
        assert most == sorted(most, reverse=True) and fewest == sorted(fewest)
        assert most[-1] > fewest[-1]
        row = r'<th scope="row">([^<]+)</th><td class="wide">\d+% before, (\d+)% now'
        now = dict(re.findall(row, page))
        told = [(now[name], share) for one in named for name, share in one if name in now]
        assert len(told) > 3
        assert all(there == here for there, here in told)


class TestLanguages:
    @pytest.mark.parametrize("lang", ["ar", "zh", "ru", "es"])
    def test_a_report_in_each(self, office: TaskForce, lang: str) -> None:
        done = office.release(answered(office.instrument, 1, 60), lang=lang)
        page = contents(done)["report.html"].decode()
        turned = lang == "ar"
        assert f'<html lang="{lang}" dir="{"rtl" if turned else "ltr"}">' in page
        assert ('direction="rtl"' in page) is turned

    def test_in_arabic_the_better_answers_lie_to_the_left_as_it_says(
        self, office: TaskForce
    ) -> None:
        done = office.release(answered(office.instrument, 1, 120), lang="ar")
        page = contents(done)["report.html"].decode()
        assert "إلى يسار الوسط: الإجابات الأفضل" in page
        glance = page.partition('aria-labelledby="glance-title"')[2].partition("</svg>")[0]
        best, worst = (
            float(glance.partition(f'fill="{fill}"')[0].rpartition('x="')[2].partition('"')[0])
            for fill in ("#12616b", "#a8501a")
        )
        assert best < worst
