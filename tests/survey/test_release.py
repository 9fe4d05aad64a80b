"""What leaves, and above all what does not."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from catalogue import Messages
from survey.bundle import BundleError, bundle_bytes, read_bundle
from survey.desk import to_bytes
from survey.model import Instrument
from survey.release import Desk as With
from survey.release import Released, ReleaseError, Sealed, release
from survey.suppress import protect
from survey.tables import Table, count
from tests.survey.people import synthetic
from vault.errors import RoundStillOpen
from vault.keys import PrivateKey
from vault.release_log import ReleaseLog
from vault.sealing import Context, seal
from vault.stores.rounds import Round

KEY = PrivateKey.new()
ROUND = Round("r3", 3, "victim-experience-1", "invited", KEY.public(), "2026-05", "2026-11")


def document(**answers: Any) -> dict[str, Any]:
    return {"instrument": "victim-experience", "version": 1, "answers": answers}


def sealed(documents: list[dict[str, Any]], round_id: str = "r3") -> list[bytes]:
    context = Context("answer", round_id)
    return [seal(to_bytes(d), [KEY.public()], context) for d in documents]


class Desk:
    """Makes releases into fresh folders."""

    def __init__(self, instrument: Instrument, messages: Messages, folder: Path) -> None:
        self.instrument, self.messages, self.folder = instrument, messages, folder
        self.made = 0

    def release(
        self,
        answers: list[Any],
        lang: str = "en",
        round_: Round = ROUND,
        key: PrivateKey | None = KEY,
        log: ReleaseLog | None = None,
        earlier: Sequence[tuple[Round, list[Any]]] = (),
    ) -> Released:
        self.made += 1
        out = self.folder / f"release-{self.made}"
        before = [Sealed(*one) for one in earlier]
        desk = With(self.instrument, key, lang, self.messages, log)
        return release(Sealed(round_, answers), desk, out, before)


@pytest.fixture
def desk(questionnaire: Instrument, catalogue: Messages, tmp_path: Path) -> Desk:
    return Desk(questionnaire, catalogue, tmp_path)


def table(instrument: Instrument, item: str, **counts: int) -> Table:
    """The table of one single-choice item, from counts of its codes."""
    answers = [{item: code} for code, count in counts.items() for _ in range(count)]
    return next(t for t in tables(instrument, answers) if t.item == item)


def tables(instrument: Instrument, answers: list[dict[str, Any]]) -> tuple[Table, ...]:
    return protect(instrument, count(instrument, answers)).tables


def shown(found: Table) -> dict[str, int]:
    return {cell.code: cell.count for cell in found.cells if cell.count is not None}


class TestThresholds:
    def test_an_item_that_few_answered_is_not_shown(self, questionnaire: Instrument) -> None:
        nine = table(questionnaire, "Q9", yes=5, no=4)
        assert not nine.shown and nine.answered is None and nine.reason == "hidden"

    def test_nine_who_chose_an_option_are_hidden_and_ten_are_not(
        self, questionnaire: Instrument
    ) -> None:
        nine = table(questionnaire, "Q9", yes=40, no=30, prefer_not_to_say=9)
        assert shown(nine) == {"yes": 40}
        ten = table(questionnaire, "Q9", yes=40, no=30, prefer_not_to_say=10)
        assert shown(ten) == {"yes": 40, "no": 30, "prefer_not_to_say": 10}

    def test_all_is_shown_when_all_is_large(self, questionnaire: Instrument) -> None:
        found = table(questionnaire, "Q9", yes=20, no=31, prefer_not_to_say=12)
        assert shown(found) == {"yes": 20, "no": 30, "prefer_not_to_say": 10}
        assert found.answered == 65 and found.reason is None

    def test_one_small_cell_takes_the_next_with_it(self, questionnaire: Instrument) -> None:
        found = table(questionnaire, "Q9", yes=40, no=15, prefer_not_to_say=3)
        assert shown(found) == {"yes": 40}

    def test_two_small_cells_that_are_few_together_take_the_next(
        self, questionnaire: Instrument
    ) -> None:
        found = table(questionnaire, "Q3", yes=40, partly=30, further=2, sooner=1,
                      prefer_not_to_say=12)  # fmt: skip
        assert shown(found) == {"yes": 40, "partly": 30}

    def test_two_small_cells_that_are_enough_together_stand(
        self, questionnaire: Instrument
    ) -> None:
        found = table(questionnaire, "Q9", yes=40, no=6, prefer_not_to_say=7)
        assert shown(found) == {"yes": 40}

    def test_a_zero_is_hidden_like_any_small_number(self, questionnaire: Instrument) -> None:
        found = table(questionnaire, "Q9", yes=40, no=40)
        assert len(shown(found)) == 1  # the zero, and one more to protect it

    def test_all_alike_is_not_shown(self, questionnaire: Instrument) -> None:
        for rest in (0, 1, 9):
            found = table(questionnaire, "Q9", yes=60, no=rest)
            assert not found.shown and found.reason == "hidden"

    def test_about_the_person_only_from_thirty(self, questionnaire: Instrument) -> None:
        few = table(questionnaire, "D1", woman=14, man=15)
        assert not few.shown and few.reason == "hidden_person"
        assert table(questionnaire, "D1", woman=16, man=15, another=12).shown

    def test_several_answers_hide_the_few_who_did_not(self, questionnaire: Instrument) -> None:
        answers = (
            [{"Q1": ["hr", "manager"]}] * 30 + [{"Q1": ["hr"]}] * 15 + [{"Q1": ["police"]}] * 4
        )
        found = next(t for t in tables(questionnaire, answers) if t.item == "Q1")
        assert shown(found) == {"manager": 30}  # 45 of 49 chose hr, so 4 did not: hidden

    def test_what_is_hidden_cannot_be_got_from_the_total(self, questionnaire: Instrument) -> None:
        """Whatever the counts: the hidden ones together are at least 10, and at least two."""
        import random

        chance = random.Random(7)
        codes = [o.code for o in questionnaire.item("Q2").options]  # type: ignore[union-attr]
        for _ in range(300):
            counts = {code: chance.choice((0, 1, 3, 8, 9, 10, 11, 14, 30)) for code in codes}
            found = table(questionnaire, "Q2", **counts)
            hidden = [counts[c.code] for c in found.cells if c.count is None]
            assert all(counts[code] >= 10 for code in shown(found))
            if found.shown and hidden:
                assert len(hidden) >= 2 and sum(hidden) >= 10

    def test_nothing_exact_is_shown(self, questionnaire: Instrument) -> None:
        found = table(questionnaire, "Q9", yes=23, no=31, prefer_not_to_say=12)
        numbers = [found.answered, *shown(found).values()]
        assert all(number is not None and number % 5 == 0 for number in numbers)


class TestRefusals:
    def test_too_few_answers_and_nothing_is_written(self, desk: Desk) -> None:
        with pytest.raises(ReleaseError, match="fewer than 10"):
            desk.release(sealed(synthetic(desk.instrument, 9)))
        assert list(desk.folder.iterdir()) == []

    def test_an_open_round(self, desk: Desk) -> None:
        still = Round("r3", 3, ROUND.instrument, "open", KEY.public(), "2026-05", None)
        with pytest.raises(ReleaseError, match="still open"):
            desk.release(sealed(synthetic(desk.instrument, 20)), round_=still)

    def test_another_questionnaire(self, desk: Desk) -> None:
        other = Round("r3", 3, "victim-experience-2", "open", KEY.public(), "2026-05", "2026-06")
        with pytest.raises(ReleaseError, match="victim-experience-2"):
            desk.release(sealed(synthetic(desk.instrument, 20)), round_=other)

    def test_another_key(self, desk: Desk) -> None:
        with pytest.raises(ReleaseError, match="another key"):
            desk.release(sealed(synthetic(desk.instrument, 20)), key=PrivateKey.new())
        assert list(desk.folder.iterdir()) == []

    def test_a_folder_in_use(self, desk: Desk) -> None:
        (desk.folder / "release-1").mkdir()
        (desk.folder / "release-1" / "mine.txt").write_text("mine")
        with pytest.raises(ReleaseError, match="not empty"):
            desk.release(sealed(synthetic(desk.instrument, 20)))
        assert [p.name for p in desk.folder.iterdir()] == ["release-1"]


class TestEnvelopes:
    def test_unreadable_ones_are_counted_and_never_fatal(self, desk: Desk) -> None:
        good = sealed(synthetic(desk.instrument, 30))
        moved = sealed(synthetic(desk.instrument, 1, seed=2), round_id="r2")
        foreign = sealed([document(Q9="perhaps"), document(Q99="yes"), document(MID="go_on"), {}])
        found = desk.release([*good, b"not an envelope", *moved, *foreign])
        assert found.answers == 30 and found.unreadable == 6
        audit = json.loads((found.folder / "audit.json").read_text())
        assert audit["unreadable"] == 6
        assert "6 answers could not be opened" in (found.folder / "report.html").read_text()

    def test_the_same_envelope_twice_counts_once(self, desk: Desk) -> None:
        envelopes = sealed(synthetic(desk.instrument, 9))
        with pytest.raises(ReleaseError, match="fewer than 10"):
            desk.release(envelopes * 3)

    def test_open_documents_need_no_key(self, desk: Desk) -> None:
        assert desk.release(synthetic(desk.instrument, 40), key=None).answers == 40


class TestFiles:
    @pytest.fixture
    def made(self, desk: Desk) -> Path:
        return desk.release(sealed(synthetic(desk.instrument, 120))).folder

    def test_all_are_there(self, made: Path) -> None:
        names = {"results.csv", "results.xlsx", "results.json", "report.html", "audit.json"}
        assert {path.name for path in made.iterdir()} == names

    def test_free_text_never_leaves(self, made: Path) -> None:
        for path in made.iterdir():
            parts = [path.read_bytes()]
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as book:
                    parts = [book.read(name) for name in book.namelist()]
            assert not any(b"must stay sealed" in part for part in parts), path.name

    def test_all_formats_say_the_same(self, made: Path) -> None:
        tables = {t["item"]: t for t in json.loads((made / "results.json").read_text())["tables"]}
        rows = list(csv.DictReader(io.StringIO((made / "results.csv").read_text("utf-8-sig"))))
        book = load_workbook(made / "results.xlsx")
        for name, found in tables.items():
            mine = [r for r in rows if r["item"] == name and r["code"] and not r["by"]]
            counts = ["" if c["count"] is None else str(c["count"]) for c in found["cells"]]
            assert [row["count"] for row in mine] == counts
            column = [str(cell.value) for cell in book[name]["B"] if cell.value is not None]
            assert column[1:] == [count or "hidden" for count in counts]

    def test_the_audit_tells_what_is_hidden_but_not_why_each_is(self, made: Path) -> None:
        audit = json.loads((made / "audit.json").read_text())
        tables = {t["item"]: t for t in json.loads((made / "results.json").read_text())["tables"]}
        assert audit["hidden_cells"]
        for hidden in audit["hidden_cells"]:
            cells = {c["code"]: c["count"] for c in tables[hidden["item"]]["cells"]}
            assert [code for code, count in cells.items() if count is None] == hidden["codes"]
            assert sorted(hidden) == ["codes", "item"]
        assert audit["round"]["version"] == 1 and audit["rules"]["least_count"] == 10
        assert audit["free_text_items_withheld"] == ["Q9a", "Q25", "Q26"]

    def test_the_audit_names_the_other_files(self, made: Path) -> None:
        hashes = json.loads((made / "audit.json").read_text())["sha256"]
        assert len(hashes) == 4
        for name, expected in hashes.items():
            assert hashlib.sha256((made / name).read_bytes()).hexdigest() == expected

    def test_the_codebook_is_complete(self, made: Path, questionnaire: Instrument) -> None:
        codebook = json.loads((made / "results.json").read_text())["codebook"]
        assert [entry["item"] for entry in codebook] == [i.id for i in questionnaire.items()]
        sheets = load_workbook(made / "results.xlsx").sheetnames
        tables = [name for name in sheets if " " not in name]
        assert tables == ["Summary", *questionnaire.tables, "Codebook"]

    def test_the_same_answers_give_the_same_bytes(self, desk: Desk) -> None:
        envelopes = sealed(synthetic(desk.instrument, 60))
        one, two = desk.release(envelopes).folder, desk.release(envelopes[::-1]).folder
        for path in one.iterdir():
            assert path.read_bytes() == (two / path.name).read_bytes(), path.name

    def test_no_time_of_making_is_in_any_file(self, made: Path) -> None:
        with zipfile.ZipFile(made / "results.xlsx") as book:
            assert {entry.date_time[0] for entry in book.infolist()} == {1980}
            assert b"1980-01-01" in book.read("docProps/core.xml")


def _json(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


class _Page(HTMLParser):
    """Collects what the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


class TestReport:
    @pytest.mark.parametrize("lang", ["en", "fr"])
    def test_it_stands_alone(self, desk: Desk, lang: str) -> None:
        folder = desk.release(synthetic(desk.instrument, 120), lang).folder
        text = (folder / "report.html").read_text()
        page = _Page(text)
        assert {"script", "img", "link", "iframe"}.isdisjoint(tag for tag, _ in page.tags)
        assert not re.search(r"(?:src|href)=|url\(|@import", text)
        assert page.tags[0] == ("html", {"lang": lang, "dir": "ltr"})

    def test_each_chart_can_be_heard_and_has_its_table(self, desk: Desk) -> None:
        folder = desk.release(synthetic(desk.instrument, 120)).folder
        page = _Page((folder / "report.html").read_text())
        charts = [attrs for tag, attrs in page.tags if tag == "svg"]
        titles = {attrs.get("id") for tag, attrs in page.tags if tag == "title"}
        assert all(c["role"] == "img" and c["aria-labelledby"] in titles for c in charts)
        shown = {t["item"] for t in _json(folder, "results.json")["tables"] if t["shown"]}
        drawn = {str(c["aria-labelledby"]).removesuffix("-title") for c in charts}
        assert {name for name in drawn if "-" not in name} == shown | {"glance"}
        assert sum(tag == "table" for tag, _ in page.tags) >= len(shown)
        ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
        assert len(ids) == len(set(ids))

    def test_hidden_numbers_are_not_in_it(self, desk: Desk) -> None:
        answers = [document(Q9="yes")] * 40 + [document(Q9="no")] * 37 + [
            document(Q9="prefer_not_to_say")
        ] * 3  # fmt: skip
        text = (desk.release(answers).folder / "report.html").read_text()
        assert "50%" in text and "hidden" in text
        assert "4%" not in text and ">5<" not in text

    def test_a_round_open_to_all_says_so(self, desk: Desk) -> None:
        open_ = Round("r3", 3, ROUND.instrument, "open", KEY.public(), "2026-11", "2026-11")
        folder = desk.release(synthetic(desk.instrument, 30), round_=open_).folder
        text = (folder / "report.html").read_text()
        assert "more than once" in text and "Open in November 2026" in text


class TestBundle:
    def test_there_and_back(self, desk: Desk, tmp_path: Path) -> None:
        envelopes = sealed(synthetic(desk.instrument, 40))
        path = tmp_path / "round.json"
        path.write_bytes(bundle_bytes(ROUND, envelopes))
        ((round_, found),) = read_bundle(path)
        assert round_ == ROUND and list(found) == sorted(envelopes) and len(found) == 40
        straight, offline = desk.release(envelopes), desk.release(list(found), round_=round_)
        for file in straight.folder.iterdir():
            assert file.read_bytes() == (offline.folder / file.name).read_bytes()

    def test_it_shows_no_order(self, desk: Desk) -> None:
        envelopes = sealed(synthetic(desk.instrument, 12))
        assert bundle_bytes(ROUND, envelopes) == bundle_bytes(ROUND, envelopes[::-1])

    def test_an_open_round_stays(self) -> None:
        still = Round("r3", 3, ROUND.instrument, "open", KEY.public(), "2026-05", None)
        with pytest.raises(RoundStillOpen):
            bundle_bytes(still, [])

    @pytest.mark.parametrize(
        "text", ["", "{}", "[]", '{"speaksafe_bundle": 2}', '{"speaksafe_bundle": 2}\n{}', "\ufffd"]
    )
    def test_what_is_no_bundle(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "a.json"
        path.write_text(text)
        with pytest.raises(BundleError):
            read_bundle(path)
