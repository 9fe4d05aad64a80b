"""Invitation cards and sheets: every language can be read, and nothing tells a time or an order."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from openpyxl import load_workbook

from catalogue import Messages
from service.cards import _FONTS, _font_files, cards_pdf, sheet_xlsx
from service.cli import main

CONTENT = Path(__file__).resolve().parents[2] / "content"
ADDRESS = "https://speaksafe.example.org"


@pytest.fixture(scope="module")
def messages() -> Messages:
    return Messages.load(CONTENT)


def test_every_letter_of_every_language_is_in_its_font(messages: Messages) -> None:
    files = _font_files()
    latin = set(TTFont(files["latin"]).getBestCmap())
    for lang in ("ar", "zh", "en", "fr", "ru", "es"):
        letters = set(TTFont(files[_FONTS.get(lang, "latin")]).getBestCmap()) | latin
        text = messages.text(lang, "invitation.about")
        text += messages.text(lang, "invitation.how", address=ADDRESS)
        assert {sign for sign in text if ord(sign) not in letters} == set(), lang


def test_nine_cards_are_two_pages_without_a_time(messages: Messages) -> None:
    made = cards_pdf(["K7QM-K7QM-K7QM-K7QM"] * 9, ADDRESS, messages)
    assert made.startswith(b"%PDF") and b"/Count 2" in made
    assert b"D:1980" in made and b"D:20" not in made


def test_a_sheet_has_the_codes_and_no_time() -> None:
    made = sheet_xlsx(["K7QM-A", "K7QM-B"], ADDRESS)
    assert made == sheet_xlsx(["K7QM-A", "K7QM-B"], ADDRESS)
    rows = list(load_workbook(io.BytesIO(made)).active.values)  # type: ignore[union-attr]
    assert rows == [("code", "address"), ("K7QM-A", ADDRESS), ("K7QM-B", ADDRESS)]


def test_codes_in_a_file_are_not_printed_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPEAKSAFE_DATA_DIR", str(tmp_path / "data"))
    sheet = tmp_path / "codes.xlsx"
    assert main(["invitations", "new", "--count", "3", "--sheet", str(sheet)]) == 0
    codes = [row[0] for row in list(load_workbook(sheet).active.values)[1:]]  # type: ignore[union-attr]
    said = capsys.readouterr()
    assert len(codes) == 3 and not any(str(code) in said.out + said.err for code in codes)
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    assert main(["invitations", "new", "--count", "3", "--sheet", str(sheet)]) == 1
