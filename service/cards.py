"""Invitations to hand out: cards to print and cut, and a spreadsheet.

Every card says the same in all six languages and has one code. Neither file holds a time or an
order: codes are random, and nothing says which was made first. They are the only place where the
codes are written; whoever hands them out deletes them afterwards.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import pylopdf_fonts_zh_cn
from fpdf import FPDF
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from catalogue import Messages
from catalogue.messages import LANGUAGES, RIGHT_TO_LEFT
from survey.spreadsheet import without_times

#: Cards on a page of A4, and their size in millimetres.
_COLUMNS, _ROWS = 2, 4
_WIDTH, _HEIGHT = 105.0, 74.25
_EDGE = 6.0
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)
#: The order in which the United Nations names its languages.
_ORDER = ("ar", "zh", "en", "fr", "ru", "es")
_FONTS = {"ar": "arabic", "zh": "chinese"}


def cards_pdf(codes: Sequence[str], address: str, messages: Messages) -> bytes:
    """Cards to print and cut, eight on a page of A4.

    Args:
        codes: the invitation codes.
        address: where the survey is found.
        messages: the catalogues, with the part ``invitation``.
    """
    paper = FPDF(format="A4")
    paper.set_creation_date(_NO_TIME)
    paper.set_auto_page_break(auto=False)
    for family, path in _font_files().items():
        paper.add_font(family, fname=path)
    paper.set_text_shaping(use_shaping_engine=True)
    for number, code in enumerate(codes):
        place = number % (_COLUMNS * _ROWS)
        if place == 0:
            paper.add_page()
        left, top = place % _COLUMNS * _WIDTH, place // _COLUMNS * _HEIGHT
        _card(paper, left, top, code, address, messages)
    return bytes(paper.output())


def sheet_xlsx(codes: Sequence[str], address: str) -> bytes:
    """The codes as a workbook, one a row."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  (a new workbook has one sheet)
    sheet.append(["code", "address"])
    for code in codes:
        sheet.append([code, address])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 50
    book.properties.creator = "Speaksafe"
    out = io.BytesIO()
    book.save(out)
    return without_times(out.getvalue())


def _font_files() -> dict[str, Path]:
    latin = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"
    arabic = Path(fontpkg_noto_sans_arabic.ROOT) / "files" / "NotoSansArabic[wdth,wght].ttf"
    chinese = Path(pylopdf_fonts_zh_cn.sans_path())
    return {"latin": latin, "arabic": arabic, "chinese": chinese}


def _card(
    paper: FPDF, left: float, top: float, code: str, address: str, messages: Messages
) -> None:
    paper.set_draw_color(190, 200, 200)
    paper.set_line_width(0.1)
    paper.rect(left, top, _WIDTH, _HEIGHT)
    paper.set_text_color(18, 97, 107)
    paper.set_font("latin", size=16)
    paper.set_xy(left, top + _EDGE - 4)
    paper.cell(_WIDTH, 9, code, align="C")
    paper.set_text_color(28, 43, 46)
    at = top + _EDGE + 5.5
    for lang in (lang for lang in _ORDER if lang in LANGUAGES):
        between = "" if lang == "zh" else " "
        text = between.join(
            messages.text(lang, f"invitation.{key}", **values)
            for key, values in (("about", {}), ("how", {"address": address}))
        )
        paper.set_font(_FONTS.get(lang, "latin"), size=6.6)
        paper.set_fallback_fonts(["latin"], exact_match=False)
        paper.set_xy(left + _EDGE, at)
        align = "R" if lang in RIGHT_TO_LEFT else "L"
        paper.multi_cell(_WIDTH - 2 * _EDGE, 2.9, text, align=align)
        at = paper.get_y() + 0.9
