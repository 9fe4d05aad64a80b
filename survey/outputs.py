"""Results as CSV and JSON, the codebook, and the certificate of the audit."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue import Messages
from survey import codebook
from survey.facts import Facts
from survey.model import Instrument, Item
from survey.proving import Proven, certificate
from survey.saying import words
from survey.tables import LEAST, LEAST_ABOUT_PERSON, ROUND_TO, Breakdown, Cell, Table
from vault.keys import PrivateKey
from vault.release_log import LogEntry
from vault.signing import sign, signer
from vault.stores.rounds import Round

_FORMAT = 2
_CSV_HEAD = "section item question by group group_label answered code answer count percent shown"
#: What the signature under a certificate is for.
CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that is published of a round.

    Args:
        instrument: the questionnaire.
        round_: the round.
        merged: earlier rounds that are counted with it, because they had too few alone.
        proven: what is shown, and the proof that it is safe.
        unreadable: envelopes that are not counted.
        lang: the language of labels and report.
        messages: the catalogues, with the part ``release``.
        last: what the release before it said, to compare with.
        entry: its entry in the log of releases.
    """

    instrument: Instrument
    round_: Round
    merged: tuple[Round, ...]
    proven: Proven
    unreadable: int
    lang: str
    messages: Messages
    last: Facts | None
    entry: LogEntry | None

    @property
    def tables(self) -> tuple[Table, ...]:
        """What is shown of each declared item."""
        return self.proven.protected.tables

    @property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        """What is shown of each declared breakdown."""
        return self.proven.protected.breakdowns

    @property
    def answers(self) -> int:
        """How many people answered, rounded."""
        return self.proven.facts.answers

    def text(self, key: str, **values: object) -> str:
        """One message of the part ``release``."""
        return self.messages.text(self.lang, f"release.{key}", **values)

    def texts(self, key: str, **values: object) -> tuple[str, ...]:
        """One message of the part ``release`` as its several texts."""
        return self.messages.texts(self.lang, f"release.{key}", **values)

    def item(self, name: str) -> Item:
        """The item of this id, which a table is about."""
        item = self.instrument.item(name)
        assert item is not None  # noqa: S101  (tables are made from items)
        return item

    def short(self, name: str) -> str:
        """An item's short name."""
        return words(self.item(name).short, self.lang)

    def label(self, item: Item, code: str) -> str:
        """What an option says."""
        option = item.option(code)
        return words(option.label, self.lang) if option else code

    def percent(self, number: int) -> str:
        """A percentage as the language writes it."""
        return self.text("percent", number=number)

    def reason(self, table: Table) -> str:
        """Why something is hidden, in words; empty when nothing is."""
        return self._reason(table.reason) if table.reason else ""

    def reason_of_groups(self, broken: Breakdown) -> str:
        """Why something of a breakdown is hidden, in words; empty when nothing is."""
        if broken.reason in (None, "some_cells", "audit"):
            return self._reason(broken.reason) if broken.reason else ""
        return self._reason("groups")

    def _reason(self, name: str) -> str:
        return self.text(f"reason.{name}", least=LEAST, least_person=LEAST_ABOUT_PERSON)


def results_csv(results: Results) -> bytes:
    """One row for each published or hidden figure, as UTF-8 with a mark for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_CSV_HEAD.split())
    for table in results.tables:
        item = results.item(table.item)
        writer.writerows(_rows(results, item, ["", "", ""], table.answered, table.cells))
        if not table.shown:
            head = [results.instrument.section_of(item.id).id, item.id]
            question = words(item.text, results.lang)
            writer.writerow([*head, question, *[""] * 8, table.reason])
    for broken in results.breakdowns:
        item, by = results.item(broken.item), results.item(broken.by)
        for group in broken.groups:
            which = [by.id, group.code, results.label(by, group.code)]
            writer.writerows(_rows(results, item, which, group.answered, group.cells))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _rows(
    results: Results, item: Item, which: list[str], answered: int | None, cells: Iterable[Cell]
) -> Iterable[list[object]]:
    section = results.instrument.section_of(item.id).id
    for cell in cells:
        shown = "yes" if cell.count is not None else "hidden"
        yield [
            *(section, item.id, words(item.text, results.lang), *which, _blank(answered)),
            *(cell.code, results.label(item, cell.code), _blank(cell.count)),
            *(_blank(cell.percent), shown),
        ]


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
            "tables": [_table(table) for table in results.tables],
            "breakdowns": [_breakdown(broken) for broken in results.breakdowns],
            "codebook": [codebook.entry(results, item) for item in results.instrument.items()],
        }
    )


def audit_json(results: Results, files: Mapping[str, bytes], key: PrivateKey | None) -> bytes:
    """The certificate: what was hidden, by which rules, what the auditor found, where the release
    stands in the log, and the hash of every other file; signed with the Task Force's key.

    It tells which figures are hidden but never which of them were small and which were hidden to
    protect those: that difference would be a fact about few people.
    """
    hidden = [t for t in results.tables if not t.shown]
    partly = [t for t in results.tables if t.shown and t.reason]
    document = {
        "speaksafe_audit": _FORMAT,
        "round": _round(results),
        "answers": results.answers,
        "unreadable": results.unreadable,
        "rules": _rules(),
        "free_text_items_withheld": [
            item.id for item in results.instrument.items() if item.kind == "text"
        ],
        "hidden_tables": [{"item": t.item, "reason": t.reason} for t in hidden],
        "hidden_cells": [
            {"item": t.item, "codes": [c.code for c in t.cells if c.count is None]} for t in partly
        ],
        "hidden_breakdowns": [
            {"item": b.item, "by": b.by, "reason": b.reason}
            for b in results.breakdowns
            if not b.shown
        ],
        "audit": certificate(results.proven.audit),
        "facts": results.proven.facts.to_json(),
        "log": results.entry.certificate() if results.entry else None,
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    if key is not None:
        made = sign(key, CERTIFICATE, _json(document))
        document["signed"] = {"signer": signer(key), "signature": made}
    return _json(document)


def unsigned(document: Mapping[str, Any]) -> bytes:
    """The bytes of a certificate that its signature is over."""
    return _json({name: value for name, value in document.items() if name != "signed"})


def _round(results: Results) -> dict[str, Any]:
    found = results.round_
    return {
        "id": found.round_id,
        "number": found.number,
        "instrument": results.instrument.id,
        "version": results.instrument.version,
        "counted_with_it": [one.round_id for one in results.merged],
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


def _table(table: Table) -> dict[str, Any]:
    return {
        "item": table.item,
        "shown": table.shown,
        "reason": table.reason,
        "answered": table.answered,
        "cells": _cells(table.cells),
    }


def _breakdown(broken: Breakdown) -> dict[str, Any]:
    return {
        "item": broken.item,
        "by": broken.by,
        "shown": broken.shown,
        "reason": broken.reason,
        "groups": [
            {"code": g.code, "answered": g.answered, "cells": _cells(g.cells)}
            for g in broken.groups
        ],
    }


def _cells(cells: Iterable[Cell]) -> list[dict[str, Any]]:
    return [{"code": c.code, "count": c.count, "percent": c.percent} for c in cells]


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
