"""Results as a workbook: notes, one sheet for each table and breakdown, the codebook.

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

from catalogue.messages import RIGHT_TO_LEFT
from survey.notes import notes
from survey.outputs import Results
from survey.saying import words
from survey.tables import LEAST, LEAST_ABOUT_PERSON, ROUND_TO, Breakdown, Cell, Table

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
    for broken in results.breakdowns:
        if broken.shown:
            _breakdown(book.create_sheet(f"{broken.item} {broken.by}"), results, broken)
    sheet = book.create_sheet(results.text("sheet.codebook"))
    _rows(sheet, codebook, (14, 30, 60, 16, 22, 40, 40, 20))
    for each in book.worksheets:
        each.sheet_view.rightToLeft = results.lang in RIGHT_TO_LEFT
    book.properties.creator = "Speaksafe"
    book.properties.created = book.properties.modified = datetime(*_NO_TIME)
    out = io.BytesIO()
    book.save(out)
    return without_times(out.getvalue())


def _summary(sheet: Worksheet, results: Results) -> None:
    title = words(results.instrument.title, results.lang)
    sheet.append([results.text("title")])
    sheet.append([results.text("round", number=results.round_.number, title=title)])
    sheet.append([results.text("answers", count=results.answers)])
    sheet.append([results.text(f"admission.{results.round_.admission}")])
    values = {"round_to": ROUND_TO, "least": LEAST, "least_person": LEAST_ABOUT_PERSON}
    for text in (*results.texts("reading.text", **values), *notes(results)):
        sheet.append([text])
    sheet.append([])
    for table in results.tables:
        sheet.append([f"{table.item}  {results.short(table.item)}", results.reason(table)])
    for broken in results.breakdowns:
        name = f"{broken.item} {broken.by}  {results.short(broken.item)} / "
        sheet.append([name + results.short(broken.by), results.reason_of_groups(broken)])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 80
    sheet.column_dimensions["B"].width = 60
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = _WRAP


def _table(sheet: Worksheet, results: Results, table: Table) -> None:
    item = results.item(table.item)
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
        rows = [(results.label(item, c.code), *_figures(results, c)) for c in table.cells]
        _rows(sheet, [head, *rows], (60, 12, 12))
        _as_percent(sheet, 3)


def _breakdown(sheet: Worksheet, results: Results, broken: Breakdown) -> None:
    item, by = results.item(broken.item), results.item(broken.by)
    sheet.append([words(item.text, results.lang)])
    sheet["A1"].font = Font(bold=True)
    sheet["A1"].alignment = _WRAP
    sheet.append([results.text("groups.by", name=results.short(by.id))])
    if broken.reason:
        sheet.append([results.reason_of_groups(broken)])
    sheet.append([])
    names = ("answer", "count", "percent")
    head = (words(by.short, results.lang), *(results.text(f"column.{name}") for name in names))
    rows = [
        (results.label(by, group.code), results.label(item, c.code), *_figures(results, c))
        for group in broken.groups
        for c in group.cells
    ]
    _rows(sheet, [head, *rows], (40, 60, 12, 12))
    _as_percent(sheet, 4)


def _figures(results: Results, cell: Cell) -> tuple[object, object]:
    hidden = results.text("hidden")
    return (
        hidden if cell.count is None else cell.count,
        hidden if cell.percent is None else cell.percent / 100,
    )


def _as_percent(sheet: Worksheet, column: int) -> None:
    for row in sheet.iter_rows(min_col=column, max_col=column):
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


def without_times(workbook: bytes) -> bytes:
    """A workbook as its library made it, without the time of making."""
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
