"""The sheets of a workbook that somebody brings, read within bounds.

A workbook is a zip file of XML: a small one may unpack to a thousand times its size, or claim a
cell in the millionth row.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

#: Bytes of a workbook, packed and unpacked, and its parts; ours has a megabyte in some twelve.
_LARGEST, _MOST_PARTS = 32 * 1024 * 1024, 1_000
_MOST_ROWS, _MOST_COLUMNS = 20_000, 500

Row = dict[str, str]


class XlsFormError(Exception):
    """The file is no XLSForm workbook; the message says what is missing."""


def sheets_of(source: Path) -> dict[str, list[Row]]:
    """The rows of each sheet, each row its cells by the names of the columns.

    Args:
        source: the workbook.

    Raises:
        XlsFormError: it is no workbook, too large, or lacks a sheet.
    """
    _weigh(source)
    try:
        book = load_workbook(source, read_only=True, data_only=True)
        found = {sheet.title: list(_rows(sheet)) for sheet in book.worksheets}
    except XlsFormError as error:
        raise XlsFormError(f"{source}: {error}") from None
    except Exception:  # the library has no common error for files that are no workbooks
        raise XlsFormError(f"{source} cannot be read; give an .xlsx workbook") from None
    missing = {"survey", "choices"} - set(found)
    if missing:
        raise XlsFormError(f"{source} has no sheet '{sorted(missing)[0]}'; give an XLSForm")
    return found


def _weigh(source: Path) -> None:
    """Refuse what would fill the memory: a small file may unpack to a thousand times its size."""
    try:
        with source.open("rb") as file:
            light = file.seek(0, 2) <= _LARGEST
        if light:
            with zipfile.ZipFile(source) as packed:
                sizes = [part.file_size for part in packed.infolist()]
            light = len(sizes) <= _MOST_PARTS and sum(sizes) <= _LARGEST
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, struct.error):
        raise XlsFormError(f"{source} cannot be read; give an .xlsx workbook") from None
    if not light:
        raise XlsFormError(f"{source} is too large for a questionnaire; take out what is not one")


def _rows(sheet: Any) -> Iterator[Row]:
    # One cell far down or far to the right brings along all empty ones before it.
    lines = sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS)
    head = [str(cell or "").strip() for cell in next(lines, ())]
    for number, line in enumerate(lines):
        if number > _MOST_ROWS:
            raise XlsFormError(f"the sheet '{sheet.title}' is too long; delete its empty rows")
        row = {
            name: str(cell).strip()
            for name, cell in zip(head, line, strict=False)
            if name and cell is not None and str(cell).strip()
        }
        if row:
            yield row
