"""The trail: whole as long as nobody touches it, and found out when somebody does."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from sqlalchemy import delete, update

from tests.vault.at_once import at_once
from vault.database import Database
from vault.stores import AuditTrail
from vault.tables import audit

DAY = date(2026, 5, 4)
KEY = b"t" * 32


@pytest.fixture
def trail(database: Database) -> AuditTrail:
    trail = AuditTrail(database, KEY)
    for number in range(5):
        trail.add(DAY, f"amina{number}", "read", ["office", "alternate"], "case")
    trail.add(DAY, "bao", "status", ["elsewhere"], "other")
    return trail


def test_it_tells_who_did_what_on_which_day_and_once_a_day(trail: AuditTrail) -> None:
    trail.add(DAY, "amina2", "read", ["office"], "case")
    found = trail.entries()
    assert [one.number for one in found] == [1, 2, 3, 4, 5, 6]
    last = found[-1]
    assert (last.on, last.who, last.action, last.offices) == (DAY, "bao", "status", ("elsewhere",))
    assert len(trail.entries("alternate")) == 5
    verdict = trail.verify(found[2].link)
    assert verdict.whole and verdict.newest == last.link and verdict.entries == 6


@pytest.mark.parametrize(
    "values",
    [
        {"who": "nobody"},
        {"action": "reply"},
        {"done_on": date(2026, 5, 5)},
        {"offices": "office"},
        {"case_id": "x"},
        {"link": "x"},
    ],
)
def test_a_changed_entry_is_found(
    database: Database, trail: AuditTrail, values: dict[str, object]
) -> None:
    with database.write() as connection:
        connection.execute(update(audit).where(audit.c.number == 3).values(values))
    verdict = trail.verify()
    assert not verdict.whole and verdict.broken_at == 3


def test_a_dropped_entry_is_found_even_when_the_rest_is_renumbered(
    database: Database, trail: AuditTrail
) -> None:
    with database.write() as connection:
        connection.execute(delete(audit).where(audit.c.number == 3))
    assert trail.verify().broken_at == 3
    with database.write() as connection:
        for number in (4, 5, 6):
            here = audit.c.number == number
            connection.execute(update(audit).where(here).values(number=number - 1))
    assert trail.verify().broken_at == 3


def test_a_cut_off_end_is_found_by_what_was_noted(database: Database, trail: AuditTrail) -> None:
    noted = trail.verify().newest
    with database.write() as connection:
        connection.execute(delete(audit).where(audit.c.number > 4))
    assert trail.verify().whole
    verdict = trail.verify(noted)
    assert not verdict.whole and verdict.noted_found is False


def test_without_the_servers_secret_no_entry_can_be_made(database: Database) -> None:
    AuditTrail(database, b"o" * 32).add(DAY, "amina", "read", ["office"], "case")
    assert AuditTrail(database, KEY).verify().broken_at == 1


def test_many_at_once_make_one_chain(trail: AuditTrail, database_url: str) -> None:
    def write(who: int, mine: Database) -> None:
        for number in range(5):
            AuditTrail(mine, KEY).add(DAY, f"w{who}", "read", ["office"], f"case{number}")

    at_once(database_url, [partial(write, who) for who in range(4)])
    verdict = trail.verify()
    assert verdict.whole and verdict.entries == 26
