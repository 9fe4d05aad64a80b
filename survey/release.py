"""The results of a closed round: opened with the Task Force's key, counted, hidden where they
must be, and written as files that a person or a program can read.

Everything runs on the machine of whoever holds the key; nothing goes back to the server. Answers
are opened one by one, counted and forgotten: no file ever holds a single person's answers, and
free text is not even counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue import Messages
from survey.files import write_folder
from survey.model import Instrument
from survey.outputs import Results, audit_json, codebook_rows, results_csv, results_json
from survey.report_html import report_html
from survey.spreadsheet import results_xlsx
from survey.tables import LEAST, rounded, tabulate
from vault.keys import PrivateKey
from vault.sealing import Context, SealingError, key_ids, open_envelope
from vault.stores.rounds import Round


class ReleaseError(Exception):
    """The results cannot be released; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Released:
    """What a release came to.

    Args:
        folder: where the files lie.
        files: their names.
        answers: how many people answered, rounded to 5.
        unreadable: envelopes that could not be opened, or hold no answers to this questionnaire.
        shown: tables that are published, in full or in part.
        hidden: tables that are not.
    """

    folder: Path
    files: tuple[str, ...]
    answers: int
    unreadable: int
    shown: int
    hidden: int


class _Opened:
    """Goes through envelopes once, opening each; counts what it saw."""

    def __init__(
        self,
        envelopes: Iterable[bytes | Mapping[str, Any]],
        instrument: Instrument,
        round_: Round,
        key: PrivateKey | None,
    ) -> None:
        self._envelopes = envelopes
        self._instrument = instrument
        self._context = Context("answer", round_.round_id)
        self._key = key
        self._kid = key.public().key_id if key else None
        self.readable = 0
        self.unreadable = 0
        self.for_others = 0

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        seen: set[bytes] = set()
        for envelope in self._envelopes:
            if isinstance(envelope, bytes):
                if envelope in seen:  # the same envelope twice is one person's answer
                    continue
                seen.add(envelope)
            answers = self._answers(envelope)
            if answers is None:
                self.unreadable += 1
            else:
                self.readable += 1
                yield answers

    def _answers(self, envelope: bytes | Mapping[str, Any]) -> Mapping[str, Any] | None:
        document: Any = envelope
        if isinstance(envelope, bytes):
            if self._key is None:
                return None
            try:
                if self._kid not in key_ids(envelope):
                    self.for_others += 1
                document = json.loads(open_envelope(envelope, self._key, self._context))
            except (SealingError, ValueError, RecursionError):
                return None
        return fitting(document, self._instrument)


def fitting(document: Any, instrument: Instrument) -> Mapping[str, Any] | None:
    """The answers in a document, if every one of them fits the questionnaire.

    Args:
        document: what was sealed, parsed.
        instrument: the questionnaire of the round.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("answers"), Mapping):
        return None
    if (document.get("instrument"), document.get("version")) != (instrument.id, instrument.version):
        return None
    answers: Mapping[str, Any] = document["answers"]
    return answers if answers and all(_fits(instrument, *a) for a in answers.items()) else None


def _fits(instrument: Instrument, name: str, answer: Any) -> bool:
    item = instrument.item(name)
    if item is None or not item.stored:
        return False
    if item.kind == "text":
        return isinstance(answer, str)
    if item.kind == "multi":
        return (
            isinstance(answer, list)
            and len(answer) == len({str(code) for code in answer}) > 0
            and all(item.option(code) for code in answer)
        )
    return isinstance(answer, str) and item.option(answer) is not None


def release(
    answers: Iterable[bytes | Mapping[str, Any]],
    instrument: Instrument,
    round_: Round,
    key: PrivateKey | None,
    out_dir: Path,
    lang: str,
    messages: Messages,
) -> Released:
    """Write the results of a closed round into a new folder.

    The same answers give the same files, bit by bit.

    Args:
        answers: sealed envelopes (or documents that are open already), in any order.
        instrument: the questionnaire in the version of the round.
        round_: the round.
        key: the Task Force's private key; may be missing when no envelope is sealed.
        out_dir: the folder to make; it must not hold anything yet.
        lang: the language of labels and report.
        messages: the catalogues, with the part ``release``.

    Raises:
        ReleaseError: the round is open, is of another questionnaire, has too few answers, is
            sealed to another key, or the folder is in use. Then nothing is written.
    """
    if round_.state == "open":
        raise ReleaseError("this round is still open; close it first")
    if round_.instrument != instrument.ref:
        raise ReleaseError(
            f"this round used {round_.instrument}, not {instrument.ref}; keep that file in content"
        )
    opened = _Opened(answers, instrument, round_, key)
    tables = tabulate(instrument, opened)
    if opened.for_others and not opened.readable:
        raise ReleaseError("the answers are sealed to another key; give the one of this round")
    if opened.readable < LEAST:
        raise ReleaseError(
            f"fewer than {LEAST} people answered, so nothing can be shown; wait for another round"
        )
    results = Results(
        instrument=instrument,
        round_=round_,
        tables=tables,
        answers=rounded(opened.readable),
        unreadable=opened.unreadable,
        lang=lang if lang in instrument.languages else "en",
        messages=messages,
    )
    files = _files(results)
    try:
        write_folder(out_dir, files)
    except FileExistsError:
        raise ReleaseError(f"{out_dir} is not empty; name a new folder") from None
    except OSError as error:
        raise ReleaseError(f"{out_dir} can't be written ({error.strerror})") from None
    shown = sum(table.shown for table in tables)
    return Released(
        folder=out_dir,
        files=tuple(files),
        answers=results.answers,
        unreadable=opened.unreadable,
        shown=shown,
        hidden=len(tables) - shown,
    )


def _files(results: Results) -> dict[str, bytes]:
    files = {
        "results.csv": results_csv(results),
        "results.xlsx": results_xlsx(results, codebook_rows(results)),
        "results.json": results_json(results),
        "report.html": report_html(results),
    }
    return files | {"audit.json": audit_json(results, files)}
