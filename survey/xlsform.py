"""A questionnaire as an XLSForm workbook, the spreadsheet that KoboToolbox and ODK read.

Questions, options, scales, wording in every language, reasons, lengths and conditions go into
the sheets that XLSForm knows. What it has no words for (consent, gate, notes, tables, …) travels
in a sheet of its own, ``speaksafe``, so that a questionnaire comes back whole after an edit;
other tools ignore that sheet, and ``to_xlsform`` lists what they lose by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from catalogue import load_yaml
from survey.conditions import Clause, Condition
from survey.instrument import load
from survey.model import Instrument, Item, Option, Words

#: The names that XLSForm gives to languages, as in ``label::English (en)``.
LANGUAGE_NAMES = {
    "ar": "Arabic (ar)",
    "zh": "Chinese (zh)",
    "en": "English (en)",
    "fr": "French (fr)",
    "ru": "Russian (ru)",
    "es": "Spanish (es)",
}
#: The sheet for what XLSForm cannot say: JSON, cut to the length that a cell can hold.
OWN_SHEET = "speaksafe"
CELL_HOLDS = 30_000

_TYPES = {
    "multi": "select_multiple",
    "single": "select_one",
    "scale": "select_one",
    "check": "select_one",
    "routing": "select_one",
}


def to_xlsform(source: Path, target: Path) -> list[str]:
    """Write an instrument as an XLSForm workbook.

    Args:
        source: the instrument file; it must pass the check.
        target: the workbook to write.

    Returns:
        What other XLSForm tools will not know, one line each.

    Raises:
        ContentError: the instrument has a mistake.
    """
    instrument = load(source)
    book = Workbook()
    survey = book.active
    assert isinstance(survey, Worksheet)  # noqa: S101  (a new workbook has one sheet)
    survey.title = "survey"
    _fill(survey, _survey_rows(instrument))
    _fill(book.create_sheet("choices"), _choice_rows(instrument))
    _fill(book.create_sheet("settings"), _settings_rows(instrument))
    conditions = {i.id: relevant(i.ask_if, instrument) for i in instrument.items() if i.ask_if}
    own = json.dumps({"file": load_yaml(source), "relevant": conditions}, ensure_ascii=False)
    _fill(book.create_sheet(OWN_SHEET), [["json"], *([part] for part in _cells(own))])
    book.save(target)
    return _losses(instrument)


def _cells(text: str) -> Iterator[str]:
    """Parts that fit into a cell; none begins or ends with a space, which readers take away."""
    while text:
        end = min(len(text), CELL_HOLDS)
        while end < len(text) and (text[end - 1].isspace() or text[end].isspace()):
            end -= 1
        yield text[:end]
        text = text[end:]


def list_name(item: Item) -> str:
    """The name of an item's list of choices; items with the same scale share one."""
    return item.scale or f"{item.id}_options"


def relevant(condition: Condition, instrument: Instrument) -> str:
    """A condition as XLSForm writes it."""
    alternatives = [
        " and ".join(_clause(clause, instrument) for clause in clauses)
        for clauses in condition.alternatives
    ]
    return " or ".join(f"({a})" if len(alternatives) > 1 else a for a in alternatives)


def _clause(clause: Clause, instrument: Instrument) -> str:
    item = instrument.item(clause.item)
    codes: Sequence[str] = clause.codes
    if clause.verb == "has other than" and item is not None:
        codes = [o.code for o in item.options if o.code not in clause.codes]
    selected = [f"selected(${{{clause.item}}}, '{code}')" for code in codes]
    if clause.verb == "lacks":
        return " and ".join([f"${{{clause.item}}} != ''", *(f"not({one})" for one in selected)])
    return f"({' or '.join(selected)})" if len(selected) > 1 else selected[0]


def constraint(item: Item) -> str:
    """What an answer must be like: no longer than this, nothing beside what stands alone."""
    if item.kind == "text":
        return f"string-length(.) <= {item.max_chars}"
    alone = [option.code for option in item.options if option.alone]
    if item.kind != "multi" or not alone:
        return ""
    named = " or ".join(f"selected(., '{code}')" for code in alone)
    return f"not(({named}) and count-selected(.) > 1)"


def _spoken(words: Words | None, instrument: Instrument) -> list[str]:
    return [words[lang] if words else "" for lang in instrument.languages]


def _columns(name: str, instrument: Instrument) -> list[str]:
    return [f"{name}::{LANGUAGE_NAMES[lang]}" for lang in instrument.languages]


def _survey_rows(instrument: Instrument) -> Iterator[list[str]]:
    yield [
        "type",
        "name",
        *_columns("label", instrument),
        *_columns("hint", instrument),
        *_columns("guidance_hint", instrument),
        "relevant",
        "constraint",
    ]
    none = _spoken(None, instrument)
    for section in instrument.sections:
        title = _spoken(section.title, instrument)
        yield ["begin_group", f"section_{section.id}", *title, *none, *none, "", ""]
        if section.intro:
            said = _spoken(section.intro, instrument)
            yield ["note", f"intro_{section.id}", *said, *none, *none, "", ""]
        for item in section.items:
            kind = _TYPES.get(item.kind)
            choices = f" {list_name(item)}" if kind else ""
            yield [
                f"{kind}{choices}" if kind else "text",
                item.id,
                *_spoken(item.text, instrument),
                *_spoken(item.warn, instrument),
                *_spoken(item.why, instrument),
                relevant(item.ask_if, instrument) if item.ask_if else "",
                constraint(item),
            ]
        yield ["end_group", f"section_{section.id}", *none, *none, *none, "", ""]


def _choice_rows(instrument: Instrument) -> Iterator[list[str]]:
    yield ["list_name", "name", *_columns("label", instrument), "tone", "apart", "alone"]
    written: set[str] = set()
    for item in instrument.items():
        if not item.options:
            continue
        name = list_name(item)
        if name not in written:
            written.add(name)
            for option in item.options:
                yield [name, option.code, *_spoken(option.label, instrument), *_flags(option)]


def _flags(option: Option) -> list[str]:
    tone = "" if option.tone is None else str(option.tone)
    return [tone, "yes" if option.apart else "", "yes" if option.alone else ""]


def _settings_rows(instrument: Instrument) -> list[list[str]]:
    return [
        ["form_title", "form_id", "version", "default_language"],
        [
            instrument.title["en"],
            instrument.id,
            str(instrument.version),
            LANGUAGE_NAMES["en"],
        ],
    ]


def _losses(instrument: Instrument) -> list[str]:
    """What a tool that does not know the own sheet will not do."""
    lost = [
        "consent screen and entry gate are not asked",
        "nothing is sealed, suppressed or rounded: that is done here, not in the form",
        "other words for options are not recognised",
    ]
    for section in instrument.sections:
        if section.note:
            lost.append(f"section {section.id}: its note is not shown")
        if section.optional:
            lost.append(f"section {section.id}: it cannot be left out as a whole")
    for item in instrument.items():
        if not item.stored:
            lost.append(f"{item.id}: the answer only shows the way here, but a form would store it")
        if item.after:
            lost.append(f"{item.id}: what is said after it is not shown")
    return lost


def _fill(sheet: Worksheet, rows: Iterator[list[str]] | Sequence[list[str]]) -> None:
    for row in rows:
        sheet.append(row)
    for number, cell in enumerate(sheet[1], 1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = 24
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"
