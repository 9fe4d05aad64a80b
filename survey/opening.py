"""Opening the sealed answers of a round, one by one: what fits the questionnaire is counted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from survey.model import Instrument, Kind
from vault.keys import PrivateKey
from vault.sealing import Context, Opener, SealingError, key_ids

#: Told now and then how many envelopes were opened so far.
Progress = Callable[[int], None]

_TELL_EVERY = 500


class Opened:
    """Goes through the envelopes of one round once, opening each; counts what it saw.

    Args:
        envelopes: sealed answers (or documents that are open already), in any order.
        instrument: the questionnaire in the version of the round.
        round_id: the round that they were sealed for.
        key: the Task Force's private key; may be missing when no envelope is sealed.
        progress: told how far it is.
    """

    def __init__(
        self,
        envelopes: Iterable[bytes | Mapping[str, Any]],
        instrument: Instrument,
        round_id: str,
        key: PrivateKey | None,
        progress: Progress | None = None,
    ) -> None:
        self._envelopes = envelopes
        self._instrument = instrument
        self._opener = Opener(key, Context("answer", round_id)) if key else None
        self._kid = key.public().key_id if key else None
        self._known = _known(instrument)
        self._progress = progress
        self._seen: set[bytes] = set()
        self.readable = 0
        self.unreadable = 0
        self.for_others = 0

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for number, envelope in enumerate(self._envelopes, start=1):
            if self._progress and number % _TELL_EVERY == 0:
                self._progress(number)
            if isinstance(envelope, bytes):
                digest = hashlib.sha256(envelope).digest()
                if digest in self._seen:  # the same envelope twice is one person's answer
                    continue
                self._seen.add(digest)
            answers = self._answers(envelope)
            if answers is None:
                self.unreadable += 1
            else:
                self.readable += 1
                yield answers

    @property
    def population(self) -> bytes:
        """One hash of all envelopes, whatever their order; empty when none was sealed."""
        return population(self._seen)

    def _answers(self, envelope: bytes | Mapping[str, Any]) -> Mapping[str, Any] | None:
        document: Any = envelope
        if isinstance(envelope, bytes):
            try:
                if self._opener is None:
                    return None
                document = json.loads(self._opener.open(envelope))
            except SealingError:
                self.for_others += self._is_for_others(envelope)
                return None
            except (ValueError, RecursionError):
                return None
        return _fitting(document, self._instrument, self._known)

    def _is_for_others(self, envelope: bytes) -> bool:
        try:
            return self._kid not in key_ids(envelope)
        except SealingError:
            return False


def population(digests: Iterable[bytes]) -> bytes:
    """One hash of many envelopes, whatever their order; empty when there are none.

    Args:
        digests: SHA-256 of each envelope; what is there twice counts once.
    """
    found = sorted(set(digests))
    return hashlib.sha256(b"".join(found)).digest() if found else b""


def fitting(document: Any, instrument: Instrument) -> Mapping[str, Any] | None:
    """The answers in a document, if every one of them fits the questionnaire.

    Args:
        document: what was sealed, parsed.
        instrument: the questionnaire of the round.
    """
    return _fitting(document, instrument, _known(instrument))


#: What may be answered to each stored item: its kind, and its codes. Looked up a hundred times for
#: each person, so it is made once.
_Known = Mapping[str, tuple[Kind, frozenset[str]]]


def _known(instrument: Instrument) -> _Known:
    return {
        item.id: (item.kind, frozenset(option.code for option in item.options))
        for item in instrument.items()
        if item.stored
    }


def _fitting(document: Any, instrument: Instrument, known: _Known) -> Mapping[str, Any] | None:
    if not isinstance(document, Mapping) or not isinstance(document.get("answers"), Mapping):
        return None
    if (document.get("instrument"), document.get("version")) != (instrument.id, instrument.version):
        return None
    answers: Mapping[str, Any] = document["answers"]
    fits = answers and all(_fits(known.get(name), answer) for name, answer in answers.items())
    return answers if fits else None


def _fits(known: tuple[Kind, frozenset[str]] | None, answer: Any) -> bool:
    if known is None:
        return False
    kind, codes = known
    if kind == "text":
        return isinstance(answer, str)
    if kind == "multi":
        if not isinstance(answer, list) or not all(isinstance(code, str) for code in answer):
            return False
        return len(answer) == len(set(answer)) > 0 and codes.issuperset(answer)
    return isinstance(answer, str) and answer in codes
