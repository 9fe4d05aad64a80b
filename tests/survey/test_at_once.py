"""With all processors or with one: the same numbers from the same envelopes."""

from __future__ import annotations

import pytest

from catalogue import Messages
from survey import gathering
from survey.desk import to_bytes
from survey.gathering import Counted, Desk, Sealed, gather
from survey.model import Instrument
from tests.survey.people import synthetic
from vault.keys import PrivateKey
from vault.sealing import Context, seal
from vault.stores.rounds import Round

KEY = PrivateKey.new()
ROUND = Round("r1", 1, "victim-experience-1", "open", KEY.public(), "2026-01", "2026-02")


def counted(envelopes: list[bytes], instrument: Instrument) -> tuple[Counted, list[int]]:
    told: list[int] = []
    desk = Desk(instrument, KEY, "en", Messages.__new__(Messages), progress=told.append)
    return gather(Sealed(ROUND, envelopes), desk, []), told


def test_many_processes_count_what_one_counts(
    questionnaire: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = Context("answer", "r1")
    documents = [to_bytes(d) for d in synthetic(questionnaire, 700)]
    envelopes = [seal(document, [KEY.public()], context) for document in documents]
    envelopes += [envelopes[0], b"{}", b"not json", envelopes[1][:-9], envelopes[600]]
    envelopes += [seal(b'{"answers":{}}', [KEY.public()], context)]
    alone, _ = counted(envelopes, questionnaire)
    monkeypatch.setattr(gathering, "WORTH_IT", 1)
    together, told = counted(envelopes, questionnaire)
    assert together == alone
    assert (together.counts.people, together.unreadable) == (700, 4)
    assert told == [500, 704]
