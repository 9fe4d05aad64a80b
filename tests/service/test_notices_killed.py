"""Processes are killed at any moment: nothing acknowledged is lost, no notice is sent twice."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterator
from datetime import date, timedelta
from multiprocessing.context import ForkServerContext

import pytest
from sqlalchemy import func, select

from tests.support import notice_worker
from tests.support.notice_worker import KEY, send_all, store_for_ever
from tests.support.smtp import Post, mail_server
from tests.vault.rows import focal_point, new_case
from vault.database import Database
from vault.stores import AccountStore, Address, AddressBook, CaseStore, Outbox
from vault.tables import case_entries, cases, outbox

DAY = date(2026, 5, 4)
READERS = ("amina", "bao")
KILLS = 100


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Real processes that start within milliseconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([notice_worker.__name__])
    return context


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as running:
        running.slow = 0.01
        yield running


@pytest.fixture
def readers(database: Database) -> None:
    accounts, addresses = AccountStore(database, b"a" * 32), AddressBook(database, KEY)
    for name in READERS:
        focal_point(accounts, name, "office")
        addresses.put(name, Address(f"{name}@example.org", "en"))


@pytest.mark.usefixtures("readers")
def test_no_notice_is_sent_twice_and_none_is_lost(
    database: Database, database_url: str, processes: ForkServerContext, post: Post
) -> None:
    store, box, dice = CaseStore(database), Outbox(database), random.Random(7)
    stored, kills = 0, 0
    while kills < KILLS:
        if not box.counts()["waiting"]:
            for _ in range(5):
                stored += 1
                store.add(new_case(locator=b"%d" % stored, offices=("office",), opened_on=DAY))
        work = [
            processes.Process(target=send_all, args=(database_url, post.url, DAY)) for _ in range(2)
        ]
        for process in work:
            process.start()
        for process in work:
            process.join(dice.random() * 0.15)
            kills += process.is_alive()
            process.kill()
            process.join()
    send_all(database_url, post.url, DAY)
    # What was in doubt is repeated the next day: only then everybody has been told for certain.
    send_all(database_url, post.url, DAY + timedelta(days=1))
    assert len(post.ids()) == len(set(post.ids()))
    assert box.counts()["waiting"] == 0
    told = {name: post.to().count(f"{name}@example.org") for name in READERS}
    assert all(count >= stored for count in told.values())
    sent = box.counts()["sent"]
    assert stored * len(READERS) <= sent <= len(post.ids()) <= sent + box.counts()["doubt"]


@pytest.mark.usefixtures("readers")
def test_every_acknowledged_report_is_there_with_its_notices(
    database: Database, database_url: str, processes: ForkServerContext
) -> None:
    dice, acknowledged = random.Random(8), set()
    for _ in range(40):
        here, there = processes.Pipe(duplex=False)
        process = processes.Process(target=store_for_ever, args=(database_url, there, DAY))
        process.start()
        there.close()
        here.poll(30)
        process.join(dice.random() * 0.05)
        process.kill()
        process.join()
        try:
            while here.poll():
                acknowledged.add(here.recv())
        except EOFError:
            pass
    with database.read() as connection:
        stored = set(connection.execute(select(cases.c.case_id)).scalars())
        entries = connection.execute(select(func.count()).select_from(case_entries)).scalar_one()
        notices = connection.execute(select(func.count()).select_from(outbox)).scalar_one()
    assert acknowledged and acknowledged <= stored
    assert (entries, notices) == (len(stored), len(stored) * len(READERS))
