"""Counting the answers of a closed round, and of those before it that had too few alone.

Answers are opened one by one, counted and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, cast

from catalogue import Messages
from survey.at_once import WORTH_IT, Found, Once, count_at_once
from survey.facts import Facts, FactsError
from survey.model import Instrument
from survey.opening import Opened, Progress, population
from survey.tables import LEAST, Counts, count
from vault.errors import ReleaseLogError
from vault.keys import PrivateKey
from vault.release_log import LogEntry, ReleaseLog
from vault.stores.rounds import Round

#: Why there is no release: fewer people than may be told of; it would point to few people; it was
#: released with other answers before; something else.
Refusal = Literal["few", "unsafe", "changed", "other"]


class ReleaseError(Exception):
    """The results cannot be released; the message says why and what to do.

    Args:
        message: for the person at the keys.
        kind: the same in one word, for a page that has words of its own.
    """

    def __init__(self, message: str, kind: Refusal = "other") -> None:
        super().__init__(message)
        self.kind: Refusal = kind


@dataclass(frozen=True, slots=True)
class Sealed:
    """A closed round and its answers, sealed (or documents that are open already)."""

    round_: Round
    answers: Iterable[bytes | Mapping[str, Any]]


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
class Counted:
    """What was counted of one round and of those before it that had too few.

    Args:
        counts: exactly; never published.
        rounds: the one that is released last, those that are counted with it before.
        population: hashes of the sealed answers of each of them; empty when none was sealed.
        unreadable: envelopes that are not counted.
    """

    counts: Counts
    rounds: list[Round]
    population: bytes = b""
    unreadable: int = 0


def refuse(round_: Round, instrument: Instrument) -> None:
    """Object to a round that cannot be released with this questionnaire.

    Raises:
        ReleaseError: it is open, or of another questionnaire.
    """
    if round_.state == "open":
        raise ReleaseError("this round is still open; close it first")
    if round_.instrument != instrument.ref:
        raise ReleaseError(
            f"this round used {round_.instrument}, not {instrument.ref}; keep that file in content"
        )


def facts_of(entry: LogEntry) -> Facts:
    """What an entry of the log says.

    Raises:
        ReleaseLogError: it is of another version.
    """
    try:
        return Facts.from_json(entry.record["facts"])
    except (KeyError, FactsError):
        raise ReleaseLogError(
            f"entry {entry.number} of the log is of another version; use the program that wrote it"
        ) from None


def released_in(log: ReleaseLog | None, round_id: str) -> set[str]:
    """The rounds that the log says were released with another one than this.

    Raises:
        ReleaseLogError: the log cannot be trusted.
    """
    told = [facts_of(entry) for entry in log.entries()] if log else []
    return {part for facts in told if round_id not in facts.parts for part in facts.parts}


def gather(sealed: Sealed, desk: Desk, earlier: Sequence[Sealed]) -> Counted:
    """Open and count.

    Args:
        sealed: the round.
        desk: what it is made with.
        earlier: closed rounds before it; those that fewer than 10 people answered are counted
            with it, unless the log says that they are released.

    Raises:
        ReleaseError: the answers are sealed to another key.
        ReleaseLogError: the log cannot be trusted.
    """
    done = released_in(desk.log, sealed.round_.round_id)
    found, carried = Counted(Counts(), []), list[Mapping[str, Any]]()
    for one in sorted(earlier, key=lambda s: s.round_.number):
        before = one.round_.number < sealed.round_.number and one.round_.state == "closed"
        same = one.round_.instrument == sealed.round_.instrument
        if before and same and one.round_.round_id not in done:
            opened = Opened(one.answers, desk.instrument, one.round_.round_id, desk.key)
            few = list(islice(opened, LEAST))
            if 0 < len(few) < LEAST:
                carried += few
                found.rounds.append(one.round_)
                found.population += opened.population
    found.counts = count(desk.instrument, carried)
    found.rounds.append(sealed.round_)
    mine, hash_ = _counted(sealed, desk)
    found.counts.add(mine.counts)
    found.unreadable = mine.unreadable
    found.population += hash_
    if mine.for_others and not mine.readable:
        raise ReleaseError("the answers are sealed to another key; give the one of this round")
    return found


def _counted(sealed: Sealed, desk: Desk) -> tuple[Found, bytes]:
    """The answers of a round, and the hash of its envelopes."""
    answers, round_id = sealed.answers, sealed.round_.round_id
    many = isinstance(answers, Sized) and len(answers) >= WORTH_IT
    if many and desk.key is not None:
        once = Once(cast(Iterable[bytes], answers))
        found_ = count_at_once(once, desk.instrument, round_id, desk.key, desk.progress)
        return found_, population(once.digests)
    opened = Opened(answers, desk.instrument, round_id, desk.key, desk.progress)
    counts = count(desk.instrument, opened)
    found = Found(counts, opened.readable, opened.unreadable, opened.for_others)
    return found, opened.population
