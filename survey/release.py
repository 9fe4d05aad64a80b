"""The results of a closed round: opened with the Task Force's key, counted, hidden where they
must be, audited, logged, and written as files that a person or a program can read.

Everything runs on the machine of whoever holds the key; nothing goes back to the server. Answers
are opened one by one, counted and forgotten: no file ever holds a single person's answers, and
free text is not even counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from catalogue import Messages
from survey.facts import Facts, FactsError
from survey.files import write_folder
from survey.model import Instrument
from survey.opening import Opened, Progress, fitting
from survey.outputs import Results, audit_json, codebook_rows, results_csv, results_json
from survey.proving import NotSafe, Proven, prove
from survey.report_html import report_html
from survey.spreadsheet import results_xlsx
from survey.tables import LEAST, Counts, count
from vault.errors import ReleaseLogError
from vault.keys import PrivateKey
from vault.release_log import LogEntry, ReleaseLog
from vault.stores.rounds import Round

__all__ = ["ReleaseError", "Released", "Sealed", "fitting", "release"]


class ReleaseError(Exception):
    """The results cannot be released; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A closed round and its answers, sealed (or documents that are open already)."""

    round_: Round
    answers: Iterable[bytes | Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Released:
    """What a release came to.

    Args:
        folder: where the files lie.
        files: their names.
        rounds: the rounds whose answers are counted; more than one when some had too few alone.
        answers: how many people answered, rounded to 5.
        unreadable: envelopes that could not be opened, or hold no answers to this questionnaire.
        shown: tables that are published, in full or in part.
        hidden: tables that are not.
    """

    folder: Path
    files: tuple[str, ...]
    rounds: tuple[str, ...]
    answers: int
    unreadable: int
    shown: int
    hidden: int


@dataclass(slots=True)
class Desk:
    """What a release is made with.

    Args:
        instrument: the questionnaire in the version of the round.
        key: the Task Force's private key; may be missing when no envelope is sealed.
        lang: the language of labels and report.
        messages: the catalogues, with the part ``release``.
        log: what was released before; without one nothing is checked against it.
        progress: told how many envelopes were opened.
    """

    instrument: Instrument
    key: PrivateKey | None
    lang: str
    messages: Messages
    log: ReleaseLog | None = None
    progress: Progress | None = None


@dataclass(slots=True)
class _Counted:
    """What was counted of one round and of those before it that had too few."""

    counts: Counts
    rounds: list[Round]
    population: bytes = b""
    unreadable: int = 0
    carried: list[Mapping[str, Any]] = field(default_factory=list)


def release(sealed: Sealed, desk: Desk, out_dir: Path, earlier: Sequence[Sealed] = ()) -> Released:
    """Write the results of a closed round into a new folder.

    The same answers and the same log give the same files, bit by bit.

    Args:
        sealed: the round.
        desk: what it is made with.
        out_dir: the folder to make; it must not hold anything yet.
        earlier: closed rounds before it. Those that fewer than 10 people answered are counted
            together with this one, unless the log says that they are released; the others are
            left aside.

    Raises:
        ReleaseError: the round is open, is of another questionnaire, has too few answers, is
            sealed to another key, would give somebody away, or the folder is in use. Then
            nothing is written.
        ReleaseLogError: the log cannot be trusted.
    """
    _refuse(sealed.round_, desk.instrument, out_dir)
    entries = desk.log.entries() if desk.log else ()
    told = [_facts(entry) for entry in entries]
    counted = _count(sealed, desk, earlier, told)
    names = [one.round_id for one in counted.rounds]
    known = _known(told, names, counted.population)
    try:
        for at in (*known, len(told)):  # made before? then exactly as it was made then
            proven = prove(desk.instrument, counted.counts, names, counted.population, told[:at])
            if at < len(told) and proven.facts.to_json() == told[at].to_json():
                break
    except NotSafe as error:
        raise ReleaseError(str(error)) from None
    entry = entries[at] if at < len(told) else _log(desk, proven, len(entries))
    return _write(desk, counted, proven, entry, _last(told[:at], proven.facts), out_dir)


def _refuse(round_: Round, instrument: Instrument, out_dir: Path) -> None:
    if round_.state == "open":
        raise ReleaseError("this round is still open; close it first")
    if round_.instrument != instrument.ref:
        raise ReleaseError(
            f"this round used {round_.instrument}, not {instrument.ref}; keep that file in content"
        )
    if out_dir.exists() and (not out_dir.is_dir() or any(out_dir.iterdir())):
        raise ReleaseError(f"{out_dir} is not empty; name a new folder")


def _facts(entry: LogEntry) -> Facts:
    try:
        return Facts.from_json(entry.record["facts"])
    except (KeyError, FactsError):
        raise ReleaseLogError(
            f"entry {entry.number} of the log is of another version; use the program that wrote it"
        ) from None


def _count(
    sealed: Sealed, desk: Desk, earlier: Sequence[Sealed], told: Sequence[Facts]
) -> _Counted:
    done = {part for facts in told if sealed.round_.round_id not in facts.parts
            for part in facts.parts}  # fmt: skip
    found = _Counted(Counts(), [])
    hashes = b""
    for one in sorted(earlier, key=lambda s: s.round_.number):
        before = one.round_.number < sealed.round_.number and one.round_.state == "closed"
        same = one.round_.instrument == sealed.round_.instrument
        if before and same and one.round_.round_id not in done:
            opened = Opened(one.answers, desk.instrument, one.round_, desk.key)
            few = list(islice(opened, LEAST))
            if 0 < len(few) < LEAST:
                found.carried += few
                found.rounds.append(one.round_)
                hashes += opened.population
    opened = Opened(sealed.answers, desk.instrument, sealed.round_, desk.key, desk.progress)
    found.counts = count(desk.instrument, _both(found.carried, opened))
    found.rounds.append(sealed.round_)
    found.unreadable = opened.unreadable
    found.population = hashes + opened.population
    if opened.for_others and not opened.readable:
        raise ReleaseError("the answers are sealed to another key; give the one of this round")
    if found.counts.people < LEAST:
        raise ReleaseError(
            f"fewer than {LEAST} people answered, so nothing can be shown. Their answers are not "
            "lost: they are counted with the next round of this questionnaire"
        )
    return found


def _both(carried: Iterable[Mapping[str, Any]], opened: Opened) -> Iterable[Mapping[str, Any]]:
    yield from carried
    yield from opened


def _known(told: Sequence[Facts], names: Sequence[str], population: bytes) -> list[int]:
    """Where the log has releases of the same answers already."""
    mine = hashlib.sha256(population).hexdigest() if population else ""
    same = [at for at, facts in enumerate(told) if facts.parts == tuple(names)]
    if any(told[at].population != mine for at in same):
        raise ReleaseError(
            "this round was released with other answers before, and the difference would show "
            "few people; give the bundle that was released then"
        )
    return same


def _log(desk: Desk, proven: Proven, after: int) -> LogEntry | None:
    if desk.log is None:
        return None
    return desk.log.append({"facts": proven.facts.to_json()}, desk.key, after)


def _last(told: Sequence[Facts], mine: Facts) -> Facts | None:
    """The release before this one: of the same questionnaire and of other people."""
    for facts in reversed(told):
        if facts.instrument == mine.instrument and not set(facts.parts) & set(mine.parts):
            return facts
    return None


def _write(
    desk: Desk,
    counted: _Counted,
    proven: Proven,
    entry: LogEntry | None,
    last: Facts | None,
    out_dir: Path,
) -> Released:
    results = Results(
        instrument=desk.instrument,
        round_=counted.rounds[-1],
        merged=tuple(counted.rounds[:-1]),
        proven=proven,
        unreadable=counted.unreadable,
        lang=desk.lang if desk.lang in desk.instrument.languages else "en",
        messages=desk.messages,
        last=last,
        entry=entry,
    )
    files = _files(results, desk.key)
    try:
        write_folder(out_dir, files)
    except FileExistsError:
        raise ReleaseError(f"{out_dir} is not empty; name a new folder") from None
    except OSError as error:
        raise ReleaseError(f"{out_dir} can't be written ({error.strerror})") from None
    shown = sum(table.shown for table in results.tables)
    return Released(
        folder=out_dir,
        files=tuple(files),
        rounds=proven.facts.parts,
        answers=results.answers,
        unreadable=counted.unreadable,
        shown=shown,
        hidden=len(results.tables) - shown,
    )


def _files(results: Results, key: PrivateKey | None) -> dict[str, bytes]:
    files = {
        "results.csv": results_csv(results),
        "results.xlsx": results_xlsx(results, codebook_rows(results)),
        "results.json": results_json(results),
        "report.html": report_html(results),
    }
    return files | {"audit.json": audit_json(results, files, key)}
