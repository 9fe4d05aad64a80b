"""Counting very many sealed answers with all processors; the sums are the same as with one.

Each process gets the key and the questionnaire once, then envelopes by the hundred, and gives back
numbers only. The envelopes are told apart here, so that one that lies there twice counts once.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import batched
from multiprocessing import get_context

from survey.model import Instrument
from survey.opening import Opened, Progress
from survey.tables import Counts, count
from vault.keys import PrivateKey

#: With fewer envelopes, starting processes would take longer than it saves.
WORTH_IT = 20_000
_BATCH = 500
#: Batches under way for each process: enough to keep it busy, few enough to hold in memory.
_AHEAD = 3


@dataclass(slots=True)
class Found:
    """What was counted.

    Args:
        counts: the numbers.
        readable: envelopes that hold answers.
        unreadable: those that do not.
        for_others: those of them that are sealed to another key.
    """

    counts: Counts
    readable: int = 0
    unreadable: int = 0
    for_others: int = 0

    def add(self, other: Found) -> None:
        """Count the other's with these."""
        self.counts.add(other.counts)
        self.readable += other.readable
        self.unreadable += other.unreadable
        self.for_others += other.for_others


class Once:
    """Goes through envelopes once, each of which it gives only once.

    Args:
        envelopes: in any order.
    """

    def __init__(self, envelopes: Iterable[bytes]) -> None:
        self._envelopes = envelopes
        self.digests: set[bytes] = set()

    def __iter__(self) -> Iterator[bytes]:
        for envelope in self._envelopes:
            digest = hashlib.sha256(envelope).digest()
            if digest not in self.digests:
                self.digests.add(digest)
                yield envelope


def count_at_once(
    envelopes: Iterable[bytes],
    instrument: Instrument,
    round_id: str,
    key: PrivateKey,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Found:
    """Open and count.

    Args:
        envelopes: each different from the others.
        instrument: the questionnaire in the version of the round.
        round_id: the round that they were sealed for.
        key: the Task Force's private key.
        progress: told how many were opened.
        processes: how many to use; one for each processor if not given.
    """
    processes = processes or os.process_cpu_count() or 1
    found, done = Found(Counts()), 0
    waiting: deque[Future[tuple[int, Found]]] = deque()
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_begin, initargs=(instrument, round_id, key)
    ) as pool:
        for batch in batched(envelopes, _BATCH, strict=False):
            waiting.append(pool.submit(_count, batch))
            while len(waiting) > processes * _AHEAD:
                done = _taken(waiting, found, done, progress)
        while waiting:
            done = _taken(waiting, found, done, progress)
    return found


def _taken(
    waiting: deque[Future[tuple[int, Found]]],
    found: Found,
    done: int,
    progress: Progress | None,
) -> int:
    opened, some = waiting.popleft().result()
    found.add(some)
    if progress:
        progress(done + opened)
    return done + opened


#: In a process of its own: what it was given at its beginning.
_given: tuple[Instrument, str, PrivateKey] | None = None


def _begin(instrument: Instrument, round_id: str, key: PrivateKey) -> None:
    global _given
    _given = instrument, round_id, key


def _count(batch: tuple[bytes, ...]) -> tuple[int, Found]:
    assert _given is not None  # noqa: S101  (set when the process began)
    instrument, round_id, key = _given
    opened = Opened(batch, instrument, round_id, key)
    counts = count(instrument, opened)
    return len(batch), Found(counts, opened.readable, opened.unreadable, opened.for_others)
