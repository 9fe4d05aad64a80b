"""A questionnaire goes into a spreadsheet and comes back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from pyxform.xls2xform import convert

from survey.from_xlsform import from_xlsform
from survey.instrument import Instrument, check, load
from survey.sheets import XlsFormError
from survey.xlsform import to_xlsform
from tests.survey.talk import INSTRUMENT_FILE


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    to_xlsform(INSTRUMENT_FILE, path)
    return path


@pytest.fixture
def edited(written: Path, tmp_path: Path) -> Callable[..., tuple[Path, list[str]]]:
    """Edit the workbook's cells, read it back, write it as an instrument."""

    def edit(*changes: tuple[str, str, str, str | None]) -> tuple[Path, list[str]]:
        book_path, yaml_path = tmp_path / "edited.xlsx", tmp_path / "edited.yml"
        shutil.copy(written, book_path)
        book = load_workbook(book_path)
        for sheet_name, row_name, column, value in changes:
            sheet = book[sheet_name]
            columns = {cell.value: cell.column for cell in sheet[1]}
            rows = [r for r in sheet.iter_rows(min_row=2) if row_name in (r[1].value, r[0].value)]
            if value is None:
                sheet.delete_rows(rows[0][0].row)
            else:
                sheet.cell(rows[0][0].row, columns[column], value)
        book.save(book_path)
        text, losses = from_xlsform(book_path)
        yaml_path.write_text(text, encoding="utf-8")
        return yaml_path, losses

    return edit


def test_there_and_back_is_the_same(
    edited: Callable[..., tuple[Path, list[str]]], questionnaire: Instrument
) -> None:
    path, losses = edited()
    assert check(path) == []
    assert asdict(load(path)) == asdict(questionnaire)
    assert losses == ["comments in the file are not taken over"]


def test_other_tools_can_read_it(written: Path) -> None:
    form = convert(xlsform=str(written)).xform
    assert 'relevant="selected(' in form and "Comment la procédure" in form


def test_what_others_lose_is_listed(tmp_path: Path) -> None:
    losses = to_xlsform(INSTRUMENT_FILE, tmp_path / "form.xlsx")
    assert any("consent" in line for line in losses)
    assert any(line.startswith("Q15:") for line in losses)
    assert any(line.startswith("MID:") for line in losses)


def test_an_edited_question(edited: Callable[..., tuple[Path, list[str]]]) -> None:
    path, _ = edited(("survey", "Q2", "label::English (en)", "How did the process end?"))
    item = load(path).item("Q2")
    assert item and item.text["en"] == "How did the process end?" and item.risk == "high"


def test_an_edited_option_keeps_its_other_words(
    edited: Callable[..., tuple[Path, list[str]]],
) -> None:
    path, _ = edited(("choices", "hr", "label::English (en)", "Human resources office"))
    item = load(path).item("Q1")
    option = item.option("hr") if item else None
    assert option and option.label["en"] == "Human resources office"
    assert option.also["fr"] == ("RH",)


def test_an_edited_condition(edited: Callable[..., tuple[Path, list[str]]]) -> None:
    path, _ = edited(
        ("survey", "Q9a", "relevant", "selected(${Q9}, 'no') or selected(${Q9}, 'yes')")
    )
    item = load(path).item("Q9a")
    assert item and item.ask_if and item.ask_if.source == "Q9 has no, yes"


def test_a_condition_that_cannot_be_read_is_said(
    edited: Callable[..., tuple[Path, list[str]]],
) -> None:
    _, losses = edited(("survey", "Q9a", "relevant", "count-selected(${Q7}) > 2"))
    assert any(line.startswith("Q9a: its condition") for line in losses)


def test_a_removed_question_leaves_the_tables(
    edited: Callable[..., tuple[Path, list[str]]],
) -> None:
    path, losses = edited(("survey", "Q18", "", None))
    instrument = load(path)
    assert instrument.item("Q18") is None and "Q18" not in instrument.tables
    assert "tables: Q18 is no item any more" in losses


def test_a_shorter_text(edited: Callable[..., tuple[Path, list[str]]]) -> None:
    path, _ = edited(("survey", "Q25", "constraint", "string-length(.) <= 300"))
    item = load(path).item("Q25")
    assert item and item.max_chars == 300


def test_a_foreign_form_says_what_is_missing(tmp_path: Path) -> None:
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    for row in (
        ["type", "name", "label", "relevant"],
        ["begin_group", "about", "About", ""],
        ["select_one yn", "ok", "Was it all right?", ""],
        ["geopoint", "place", "Where are you?", ""],
        ["text", "more", "Say more", "${ok} = 'no'"],
        ["end_group", "", "", ""],
    ):
        survey.append(row)
    choices = book.create_sheet("choices")
    for row in (["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]):
        choices.append(row)
    book.save(tmp_path / "foreign.xlsx")
    text, losses = from_xlsform(tmp_path / "foreign.xlsx")
    assert any("geopoint" in line for line in losses) and any("consent" in line for line in losses)
    (tmp_path / "foreign.yml").write_text(text, encoding="utf-8")
    said = " ".join(p.problem for p in check(tmp_path / "foreign.yml"))
    assert "'consent' is missing" in said and "'gate' is missing" in said
    assert "ok has no" in text.replace("'", "")


@pytest.mark.parametrize("content", [b"", b"PK nonsense", b"id: x"])
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.xlsx"
    path.write_bytes(content)
    with pytest.raises(XlsFormError):
        from_xlsform(path)
