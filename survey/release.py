"""The results of a closed round: opened with the Task Force's key, counted, hidden where they
must be, audited, logged, and written as files that a person or a program can read.

Everything runs on the machine of whoever holds the key; nothing goes back to the server. Answers
are opened one by one, counted and forgotten: no file ever holds a single person's answers, and
free text is not even counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.codebook import codebook_rows
from survey.facts import Facts
from survey.files import write_folder
from survey.gathering import Counted, Desk, ReleaseError, Sealed, facts_of, gather, refuse
from survey.opening import fitting
from survey.outputs import Results, audit_json, results_csv, results_json
from survey.proving import NotSafe, Proven, prove
from survey.report_html import report_html
from survey.spreadsheet import results_xlsx
from survey.tables import LEAST
from vault.keys import PrivateKey
from vault.release_log import LogEntry

__all__ = ["Desk", "ReleaseError", "Released", "Sealed", "fitting", "release"]


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


@dataclass(frozen=True, slots=True)
class DrawnUp:
    """A release that is safe, and not logged or written yet.

    Args:
        counted: what it rests on.
        proven: what is shown, and the proof.
        entry: of the log, if the same release was made before.
        after: how many entries the log had.
        last: what the release before it said.
    """

    counted: Counted
    proven: Proven
    entry: LogEntry | None
    after: int
    last: Facts | None

    @property
    def record(self) -> dict[str, Any]:
        """What the log keeps of it."""
        return {"facts": self.proven.facts.to_json()}

    def results(self, desk: Desk, entry: LogEntry | None) -> Results:
        """What the files are made of."""
        return Results(
            instrument=desk.instrument,
            round_=self.counted.rounds[-1],
            merged=tuple(self.counted.rounds[:-1]),
            proven=self.proven,
            unreadable=self.counted.unreadable,
            lang=desk.lang if desk.lang in desk.instrument.languages else "en",
            messages=desk.messages,
            last=self.last,
            entry=entry,
        )


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
    refuse(sealed.round_, desk.instrument)
    if out_dir.exists() and (not out_dir.is_dir() or any(out_dir.iterdir())):
        raise ReleaseError(f"{out_dir} is not empty; name a new folder")
    counted = gather(sealed, desk, earlier)
    drawn = draw_up(counted, desk)
    entry = drawn.entry
    if entry is None and desk.log is not None:
        entry = desk.log.append(drawn.record, desk.key, drawn.after)
    return _write(drawn.results(desk, entry), desk.key, out_dir)


def draw_up(counted: Counted, desk: Desk) -> DrawnUp:
    """Hide, audit and check against the log what was counted.

    Raises:
        ReleaseError: too few answers, or it would give somebody away.
        ReleaseLogError: the log cannot be trusted.
    """
    if counted.counts.people < LEAST:
        raise ReleaseError(
            f"fewer than {LEAST} people answered, so nothing can be shown. Their answers are not "
            "lost: they are counted with the next round of this questionnaire",
            "few",
        )
    entries = desk.log.entries() if desk.log else ()
    told = [facts_of(entry) for entry in entries]
    names = [one.round_id for one in counted.rounds]
    known = _known(told, names, counted.population)
    try:
        for at in (*known, len(told)):  # made before? then exactly as it was made then
            proven = prove(desk.instrument, counted.counts, names, counted.population, told[:at])
            if at < len(told) and proven.facts.to_json() == told[at].to_json():
                break
    except NotSafe as error:
        raise ReleaseError(str(error), "unsafe") from None
    entry = entries[at] if at < len(told) else None
    return DrawnUp(counted, proven, entry, len(entries), _last(told[:at], proven.facts))


def _known(told: Sequence[Facts], names: Sequence[str], population: bytes) -> list[int]:
    """Where the log has releases of the same answers already."""
    mine = hashlib.sha256(population).hexdigest() if population else ""
    same = [at for at, facts in enumerate(told) if facts.parts == tuple(names)]
    if any(told[at].population != mine for at in same):
        raise ReleaseError(
            "this round was released with other answers before, and the difference would show "
            "few people; give the bundle that was released then",
            "changed",
        )
    return same


def _last(told: Sequence[Facts], mine: Facts) -> Facts | None:
    """The release before this one: of the same questionnaire and of other people."""
    for facts in reversed(told):
        if facts.instrument == mine.instrument and not set(facts.parts) & set(mine.parts):
            return facts
    return None


def _write(results: Results, key: PrivateKey | None, out_dir: Path) -> Released:
    files = written(results)
    files["audit.json"] = audit_json(results, files, key)
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
        rounds=results.proven.facts.parts,
        answers=results.answers,
        unreadable=results.unreadable,
        shown=shown,
        hidden=len(results.tables) - shown,
    )


def written(results: Results) -> dict[str, bytes]:
    """Every file of a release but its certificate, by name."""
    return {
        "results.csv": results_csv(results),
        "results.xlsx": results_xlsx(results, codebook_rows(results)),
        "results.json": results_json(results),
        "report.html": report_html(results),
    }
