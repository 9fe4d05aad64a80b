"""Results as a workbook: a summary, one sheet for each table, the codebook.

A workbook is a zip file that its library stamps with the time of writing. The stamps are taken
out, so that the same results give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from survey.outputs import Results
from survey.saying import words
from survey.tables import LEAST, LEAST_ABOUT_PERSON, ROUND_TO, Table

#: The earliest time that a zip file can name.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")

_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="1F5C66")
_WRAP = Alignment(wrap_text=True, vertical="top")


def results_xlsx(results: Results, codebook: Sequence[tuple[str, ...]]) -> bytes:
    """The workbook.

    Args:
        results: what is published.
        codebook: its rows, the head first.
    """
    book = Workbook()
    summary = book.active
    assert isinstance(summary, Worksheet)  # noqa: S101  (a new workbook has one sheet)
    summary.title = results.text("sheet.summary")
    _summary(summary, results)
    for table in results.tables:
        _table(book.create_sheet(table.item), results, table)
    sheet = book.create_sheet(results.text("sheet.codebook"))
    _rows(sheet, codebook, (14, 30, 60, 16, 22, 40, 40, 20))
    book.properties.creator = "Speaksafe"
    book.properties.created = book.properties.modified = datetime(*_NO_TIME)
    out = io.BytesIO()
    book.save(out)
    return _without_times(out.getvalue())


def _summary(sheet: Worksheet, results: Results) -> None:
    title = words(results.instrument.title, results.lang)
    sheet.append([results.text("title")])
    sheet.append([results.text("round", number=results.round_.number, title=title)])
    sheet.append([results.text("answers", count=results.answers)])
    sheet.append([results.text(f"admission.{results.round_.admission}")])
    values = {"round_to": ROUND_TO, "least": LEAST, "least_person": LEAST_ABOUT_PERSON}
    for text in results.texts("reading.text", **values):
        sheet.append([text])
    sheet.append([])
    for table in results.tables:
        item = results.item(table)
        sheet.append([f"{item.id}  {words(item.short, results.lang)}", results.reason(table)])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 80
    sheet.column_dimensions["B"].width = 60
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = _WRAP


def _table(sheet: Worksheet, results: Results, table: Table) -> None:
    item = results.item(table)
    sheet.append([words(item.text, results.lang)])
    sheet["A1"].font = Font(bold=True)
    sheet["A1"].alignment = _WRAP
    if table.answered is not None:
        sheet.append([results.text("answered", count=table.answered)])
    if item.kind == "multi":
        sheet.append([results.text("several")])
    if table.reason:
        sheet.append([results.reason(table)])
    if table.shown:
        sheet.append([])
        head = tuple(results.text(f"column.{name}") for name in ("answer", "count", "percent"))
        hidden = results.text("hidden")
        rows = [
            (
                results.label(item, cell.code),
                hidden if cell.count is None else cell.count,
                hidden if cell.percent is None else cell.percent / 100,
            )
            for cell in table.cells
        ]
        _rows(sheet, [head, *rows], (60, 12, 12))
        for row in sheet.iter_rows(min_col=3, max_col=3):
            row[0].number_format = "0%"


def _rows(sheet: Worksheet, rows: Sequence[Sequence[object]], widths: Sequence[int]) -> None:
    """Append a table with a marked head."""
    first = sheet.max_row + 1 if sheet.max_row > 1 or sheet["A1"].value else 1
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[first]:
        cell.font, cell.fill = _HEAD, _HEAD_FILL
    for row in sheet.iter_rows(min_row=first):
        for cell in row:
            cell.alignment = _WRAP
    for number, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + number)].width = width


def _without_times(workbook: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as stamped,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as plain,
    ):
        for name in sorted(stamped.namelist()):
            content = stamped.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", content)
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            plain.writestr(entry, content)
    return out.getvalue()
