"""More readers for :mod:`tests.attack.fuzzing`: what is uploaded, and files of questionnaires."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import tempfile
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DAY = date(2026, 5, 4)

#: Stands between the members of a workbook, and can be in none of them: they are UTF-8.
_BETWEEN = b"\xff"
_MEMBERS = (
    *("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"),
    *("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"),
)


@cache
def _folder() -> Path:
    """For files that can only be read from a disk."""
    kept = tempfile.TemporaryDirectory(prefix="fuzzing-")
    _KEPT.append(kept)
    return Path(kept.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@cache
def _store() -> Any:
    from vault.database import Database
    from vault.stores.attachments import AttachmentStore

    database = Database.open(f"sqlite:///{_folder() / 'uploads.sqlite'}")
    database.migrate()
    return AttachmentStore(database)


def uploads(data: bytes) -> None:
    """A part of a file, the file itself, a form without scripts, a proof of work, a choice."""
    from inbox.problems import Problem
    from reports.attaching import cleaned, named
    from service.attachments import _part
    from service.effort import _read
    from service.kinds import kind_of
    from service.plain import Posted
    from vault.errors import SealingError, TooMuch
    from vault.files import FileKey, open_file

    with contextlib.suppress(Problem, ValueError, TooMuch):
        _store().put("waiting", _part(data), DAY)
    kind_of(data)
    Posted.read(data)
    text = data.decode("utf-8", "replace")
    _read(text)
    named(text, 5)
    cleaned(text)
    parts = data.split(_BETWEEN)
    for key in ("A" * 43, text[:50]):
        with contextlib.suppress(SealingError):
            open_file(parts, FileKey("x", key))


def instruments(data: bytes) -> None:
    """A questionnaire's file: whatever is wrong with it is a problem with a line and a remedy."""
    from survey.instrument import check

    file = _folder() / "instrument.yml"
    file.write_bytes(data)
    for problem in check(file):
        assert problem.problem and problem.remedy


def sheets(data: bytes) -> None:
    """The rows of a workbook, and what becomes of them as a questionnaire."""
    from survey.from_xlsform import from_sheets
    from survey.sheets import XlsFormError

    found = json_of(data)
    if not _are_rows(found):
        return
    with contextlib.suppress(XlsFormError):
        made, _ = from_sheets({"survey": [], "choices": [], **found})
        instruments(made.encode("utf-8", "surrogatepass"))


def json_of(data: bytes) -> Any:
    """What a body means, or nothing."""
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(data)
    return None


def _are_rows(found: Any) -> bool:
    """Whether a workbook could have given this: sheets with rows of texts."""
    return isinstance(found, dict) and all(
        isinstance(rows, list)
        and all(
            isinstance(row, dict) and all(isinstance(v, str) for v in row.values()) for row in rows
        )
        for rows in found.values()
    )


def workbooks(data: bytes) -> None:
    """A workbook: as it is, and as the members of one."""
    from survey.from_xlsform import from_xlsform
    from survey.sheets import XlsFormError

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in zip(_MEMBERS, data.split(_BETWEEN), strict=False):
            archive.writestr(name, content)
    file = _folder() / "form.xlsx"
    for content in (data, packed.getvalue()):
        file.write_bytes(content)
        with contextlib.suppress(XlsFormError):
            from_xlsform(file)


def _workbook() -> bytes:
    """A small one, in its members."""
    from openpyxl import Workbook

    book = Workbook()
    survey: Any = book.active
    survey.title = "survey"
    survey.append(["type", "name", "label"])
    survey.append(["select_one yes", "q", "Well?"])
    book.create_sheet("choices").append(["list_name", "name", "label"])
    packed = io.BytesIO()
    book.save(packed)
    with zipfile.ZipFile(packed) as archive:
        known = set(archive.namelist())
        return _BETWEEN.join(archive.read(name) if name in known else b"" for name in _MEMBERS)


def _words(text: str) -> dict[str, str]:
    return {"en": text}


def _instrument() -> dict[str, Any]:
    """A small one with each part that a file can have."""
    options = [{"code": c, "label": _words(c), "alone": c == "no"} for c in ("yes", "no")]
    rest = {"code": "prefer_not_to_say", "label": _words("I prefer not to say"), "tone": 1}
    item = {"id": "q", "type": "multi", "text": _words("Well?"), "short": _words("Well")}
    scaled = {**item, "id": "s", "type": "scale", "scale": "good", "ask_if": "q has yes, no"}
    text = {**item, "id": "t", "type": "text", "max_chars": 80, "risk": "high"}
    after = {"when": "q lacks no", "say": _words("Thanks."), "offers": [{"value": "topic:x"}]}
    first = {**item, "options": [*options, "prefer_not_to_say"]}
    section = {"id": "a", "title": _words("A"), "why": _words("It helps."), "optional": False}
    section |= {"note": after, "items": [first, scaled, text]}
    consent = {"text": {"en": ["Yes?"]}, "more": {"en": ["x"]}, "channels": {"web": _words("x")}}
    gate = {"id": "g", "text": _words("?"), "options": [{**options[0], "leads_to": "begin"}]}
    return {
        "id": "small",
        "version": 1,
        "languages": ["en"],
        "minutes": 1,
        "title": _words("A"),
        "consent": consent,
        "gate": gate,
        "standard_options": {"prefer_not_to_say": rest},
        "scales": {"good": {"ask": _words("How?"), "options": [rest, "prefer_not_to_say"]}},
        "sections": [section],
        "short_form": ["q"],
        "tables": ["q", "s"],
        "precedents": {"p": "x"},
        "breakdowns": [{"item": "q", "by": "s"}],
    }


def _sheets() -> dict[str, list[dict[str, str]]]:
    row = {"type": "select_multiple yes", "name": "q", "label": "Well?", "hint": "Careful"}
    own = json.dumps({"file": _instrument(), "relevant": {"s": "selected(${q}, 'yes')"}})
    asked = {**row, "type": "text", "name": "t", "relevant": "selected(${q}, 'yes')"}
    return {
        "survey": [
            {"type": "begin_group", "name": "section_a", "label": "A"},
            *(row, {**asked, "constraint": "string-length(.) <= 80"}),
            {"type": "end_group"},
        ],
        "choices": [{"list_name": "yes", "name": "yes", "label": "Yes", "tone": "1"}],
        "settings": [{"form_title": "A", "form_id": "a", "version": "2"}],
        "speaksafe": [{"json": own}],
    }


def seeds() -> dict[str, tuple[bytes, ...]]:
    """Where to begin, by reader."""
    fields = {"algorithm": "SHA-256", "challenge": "x", "salt": "x", "signature": "x", "number": 1}
    return {
        "uploads": (
            b"i" * 16 + b"\0\0\0\2" + b"sealed",
            b"session=s&mark=m&lang=en&choice=opt%3A1&text=x",
            b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text",
            b"files:clean.0.2",
            base64.b64encode(json.dumps(fields).encode()),
        ),
        "instruments": (json.dumps(_instrument()).encode(),),
        "sheets": (json.dumps(_sheets()).encode(),),
        "workbooks": (_workbook(),),
    }
