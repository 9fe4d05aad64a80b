"""What lies in the database after everything was killed, opened with the keys of the demo."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from service.settings import Settings
from service.storage import Storage
from tests.attack.faults_people import Told
from vault import keyfiles
from vault.receipts import Receipts
from vault.sealing import Context, open_envelope
from vault.secrets import Secrets

_WORD = re.compile(rb"word[0-9a-f]{12}")
OFFICES = ("demo-office", "demo-alternate")


@dataclass(frozen=True, slots=True)
class Left:
    """What was found, and what is wrong with it.

    Args:
        reports, answers: how many lie there.
        lost: acknowledged and not there, or there under another receipt.
        twice: there more than once.
        unasked: there although nobody had agreed.
    """

    reports: int
    answers: int
    lost: list[str]
    twice: list[str]
    unasked: list[str]


def look(settings: Settings, told: Told) -> Left:
    """Close the rounds, open everything and compare it with what people were told."""
    storage = Storage.open(settings)
    try:
        cases, stored = _reports(storage, settings.data_dir), _answers(storage, settings.data_dir)
        reports = Counter(cases.values())
        lost = [word for word in told.thanked if not stored[word]]
        locators = asyncio.run(_locators(settings, list(told.receipts)))
        for receipt, word in told.receipts.items():
            case = storage.cases.by_locator(locators[receipt])
            if case is None or cases.get(case.case_id) != word:
                lost.append(word)
        both = [*reports.items(), *stored.items()]
        return Left(
            reports=sum(reports.values()),
            answers=sum(stored.values()),
            lost=lost,
            twice=[word for word, many in both if many > 1 and word],
            unasked=[
                *(word for word in reports if word not in told.tries),
                *(word for word in stored if word and word not in told.sent),
            ],
        )
    finally:
        storage.close()


def _reports(storage: Storage, folder: Path) -> dict[str, str]:
    """The word in each report, by its case."""
    key = keyfiles.read(folder / "demo" / "recovery.key").private
    assert key
    found = {}
    for case in storage.cases.for_offices(OFFICES):
        first, *more = storage.cases.entries(case.case_id)
        assert not more
        report = open_envelope(first.envelope, key, Context("report", case.case_id))
        (found[case.case_id],) = {word.decode() for word in _WORD.findall(report)}
    return found


def _answers(storage: Storage, folder: Path) -> Counter[str]:
    """How often each word stands in the answers; those without own words under nothing."""
    key = keyfiles.read(folder / "demo" / "task-force.key").private
    assert key
    found: Counter[str] = Counter()
    for one in storage.rounds.list():
        storage.rounds.close(one.round_id)
        for envelope in storage.drop_box.take_all(one.round_id):
            answer = open_envelope(envelope, key, Context("answer", one.round_id))
            words = {word.decode() for word in _WORD.findall(answer)}
            found.update(words or {""})
    return found


async def _locators(settings: Settings, receipts: list[str]) -> dict[str, bytes]:
    ways = Receipts(Secrets.load(settings.pepper_file).receipts)
    try:
        return {receipt: (await ways.derive(receipt)).locator for receipt in receipts}
    finally:
        ways.close()
