"""Results as CSV and JSON, the codebook, and the audit: what was hidden, and by which rules."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue import Messages
from survey.model import Instrument, Item
from survey.saying import words
from survey.tables import LEAST, LEAST_ABOUT_PERSON, ROUND_TO, Table
from vault.stores.rounds import Round

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that is published of a round.

    Args:
        instrument: the questionnaire.
        round_: the round.
        tables: what is shown of each declared item.
        answers: how many people answered, rounded.
        unreadable: envelopes that are not counted.
        lang: the language of labels and report.
        messages: the catalogues, with the part ``release``.
    """

    instrument: Instrument
    round_: Round
    tables: tuple[Table, ...]
    answers: int
    unreadable: int
    lang: str
    messages: Messages

    def text(self, key: str, **values: object) -> str:
        """One message of the part ``release``."""
        return self.messages.text(self.lang, f"release.{key}", **values)

    def texts(self, key: str, **values: object) -> tuple[str, ...]:
        """One message of the part ``release`` as its several texts."""
        return self.messages.texts(self.lang, f"release.{key}", **values)

    def item(self, table: Table) -> Item:
        """The item that a table is about."""
        item = self.instrument.item(table.item)
        assert item is not None  # noqa: S101  (tables are made from items)
        return item

    def label(self, item: Item, code: str) -> str:
        """What an option says."""
        option = item.option(code)
        return words(option.label, self.lang) if option else code

    def percent(self, number: int) -> str:
        """A percentage as the language writes it."""
        return self.text("percent", number=number)

    def reason(self, table: Table) -> str:
        """Why something is hidden, in words; empty when nothing is."""
        if table.reason is None:
            return ""
        key = f"reason.{table.reason}"
        values = {"least": LEAST, "least_person": LEAST_ABOUT_PERSON}
        return self.text(key, **values)


def results_csv(results: Results) -> bytes:
    """One row for each published or hidden figure, as UTF-8 with a mark for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["section", "item", "question", "answered", "code", "answer", "count", "percent", "shown"]
    )
    for table in results.tables:
        item = results.item(table)
        section = results.instrument.section_of(item.id).id
        head = [section, item.id, words(item.text, results.lang), _blank(table.answered)]
        if not table.shown:
            writer.writerow([*head, "", "", "", "", table.reason])
        for cell in table.cells:
            row = [cell.code, results.label(item, cell.code), _blank(cell.count)]
            shown = "yes" if cell.count is not None else "hidden"
            writer.writerow([*head, *row, _blank(cell.percent), shown])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _blank(number: int | None) -> object:
    return "" if number is None else number


def results_json(results: Results) -> bytes:
    """All tables with their codebook, for programs."""
    return _json(
        {
            "speaksafe_results": _FORMAT,
            "round": _round(results),
            "language": results.lang,
            "answers": results.answers,
            "rules": _rules(),
            "tables": [_table(results, table) for table in results.tables],
            "codebook": [_codebook(results, item) for item in results.instrument.items()],
        }
    )


def audit_json(results: Results, files: Mapping[str, bytes]) -> bytes:
    """What was hidden and why, by which rules, and the hash of every other file.

    It tells which figures are hidden but never which of them were small and which were hidden to
    protect those: that difference would be a fact about few people.
    """
    return _json(
        {
            "speaksafe_audit": _FORMAT,
            "round": _round(results),
            "answers": results.answers,
            "unreadable": results.unreadable,
            "rules": _rules(),
            "free_text_items_withheld": [
                item.id for item in results.instrument.items() if item.kind == "text"
            ],
            "hidden_tables": [
                {"item": table.item, "reason": table.reason}
                for table in results.tables
                if not table.shown
            ],
            "hidden_cells": [
                {"item": table.item, "codes": [c.code for c in table.cells if c.count is None]}
                for table in results.tables
                if table.shown and table.reason
            ],
            "sha256": {
                name: hashlib.sha256(content).hexdigest() for name, content in files.items()
            },
        }
    )


def codebook_rows(results: Results) -> list[tuple[str, ...]]:
    """The codebook as a table: one row for each option of each published item."""
    names = ("item", "section", "question", "kind", "code")
    head = [results.text(f"codebook.{name}") for name in names]
    head += [results.text("column.answer")]
    head += [results.text("codebook.asked_if"), results.text("codebook.precedent")]
    rows = [tuple(head)]
    for table in results.tables:
        item = results.item(table)
        section = results.instrument.section_of(item.id)
        for option in item.options:
            rows.append(
                (
                    item.id,
                    words(section.title, results.lang),
                    words(item.text, results.lang),
                    results.text(f"kind.{item.kind}"),
                    option.code,
                    words(option.label, results.lang),
                    item.ask_if.source if item.ask_if else "",
                    ", ".join(item.precedent),
                )
            )
    return rows


def _round(results: Results) -> dict[str, Any]:
    found = results.round_
    return {
        "id": found.round_id,
        "number": found.number,
        "instrument": results.instrument.id,
        "version": results.instrument.version,
        "admission": found.admission,
        "opened": found.opened,
        "closed": found.closed,
    }


def _rules() -> dict[str, int]:
    return {
        "least_answers": LEAST,
        "least_answers_about_the_person": LEAST_ABOUT_PERSON,
        "least_count": LEAST,
        "rounded_to": ROUND_TO,
    }


def _table(results: Results, table: Table) -> dict[str, Any]:
    return {
        "item": table.item,
        "shown": table.shown,
        "reason": table.reason,
        "answered": table.answered,
        "cells": [{"code": c.code, "count": c.count, "percent": c.percent} for c in table.cells],
    }


def _codebook(results: Results, item: Item) -> dict[str, Any]:
    return {
        "item": item.id,
        "section": results.instrument.section_of(item.id).id,
        "kind": item.kind,
        "question": words(item.text, results.lang),
        "asked_if": item.ask_if.source if item.ask_if else None,
        "published": item.id in results.instrument.tables,
        "precedent": list(item.precedent),
        "options": [
            {"code": o.code, "label": words(o.label, results.lang), "tone": o.tone}
            for o in item.options
        ],
    }


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
