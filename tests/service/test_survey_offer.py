"""From closing a case to the survey, with everything real but the chat: offered once, and nothing
that is stored then leads from the invitation to the case."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from types import SimpleNamespace

from sqlalchemy import BigInteger, literal_column, select, update

from reports.cases import Cases
from reports.destination import Destination
from reports.return_walk import ReturnWalk
from service.parts import _inviter
from tests.reports.chat import MESSAGES, Chat
from tests.reports.test_cases import REPORT
from tests.vault.rows import focal_point
from vault.codes import hash_code
from vault.database import Database
from vault.encoding import to_text
from vault.keys import PrivateKey
from vault.receipts import Receipts
from vault.stores import (
    AccountStore,
    AttachmentStore,
    CaseStore,
    InvitationStore,
    Keeping,
    KeyStore,
    Readers,
    RoundStore,
    Term,
)
from vault.stores.invitations import NEIGHBOURS
from vault.tables import cases as case_table
from vault.tables import invitations as pool
from vault.tables import metadata

DAY = date(2026, 11, 20)
PEPPER = b"i" * 32
Inviter = Callable[[], Awaitable[str | None]]
Rows = dict[str, set[tuple[object, ...]]]


class World:
    """An office that closes cases, and a round for those who are invited."""

    def __init__(self, database: Database, admission: str = "invited") -> None:
        self.database = database
        accounts, self.store = AccountStore(database, b"a" * 32), CaseStore(database)
        focal_point(accounts, "amina", "wfp-oig")
        self.invitations = InvitationStore(database, PEPPER)
        self.invitations.new(3 * NEIGHBOURS)
        rounds = RoundStore(database)
        rounds.open("victim-experience-1", admission, PrivateKey.new().public())  # type: ignore[arg-type]
        self.cases = Cases(
            self.store,
            accounts,
            KeyStore(database),
            Readers(database),
            Keeping(database, Term(90, {})),
            Receipts(b"r" * 32),
            AttachmentStore(database),
            lambda: DAY,
        )
        storage = SimpleNamespace(rounds=rounds, invitations=self.invitations)
        self.inviter: Inviter = _inviter(storage)  # type: ignore[arg-type]

    def closed(self) -> tuple[str, str]:
        """A case that its office has closed: its id and its receipt."""
        ticket = self.cases.ticket()
        asyncio.run(self.cases.send(REPORT, Destination("wfp-oig"), ticket))
        self.store.set_status(ticket.case_id, "closed")
        return ticket.case_id, ticket.receipt

    def comes_back(self, receipt: str, inviter: Inviter | None = None) -> Chat:
        """Its reporter, with her receipt."""
        walk = ReturnWalk(MESSAGES, self.cases, invite=inviter or self.inviter)
        return Chat(walk).says(receipt)

    def rows(self) -> Rows:
        """Everything that is stored."""
        with self.database.read() as connection:
            return {
                table.name: {tuple(row) for row in connection.execute(select(table))}
                for table in metadata.sorted_tables
            }


def traces(before: Rows, after: Rows, case_id: str, code: str) -> list[str]:
    """What was stored meanwhile that leads from the invitation to the case."""
    hashed = hash_code(code, PEPPER, "invitation")
    needles = {code, code.replace("-", ""), hashed, to_text(hashed), hashed.hex()}
    found = []
    for name in before:
        new = after[name] - before[name]
        if name == "invitations":
            found += [name for row in new if len(row) != 1 or not isinstance(row[0], bytes)]
        elif name == "cases":
            spent = [list(case_table.columns.keys()).index("survey_offer_spent")]
            old = {row[0]: row for row in before[name]}
            for row in new:
                changed = [
                    at for at, (a, b) in enumerate(zip(old[row[0]], row, strict=True)) if a != b
                ]
                found += [f"cases.{at}" for at in changed if at not in spent or row[0] != case_id]
        elif new or before[name] - after[name]:
            found.append(name)
        found += [f"{name}: the code" for row in new if name != "invitations" and needles & {*row}]
    return found


def test_a_closed_case_offers_the_survey_once(database: Database) -> None:
    world = World(database)
    _, receipt = world.closed()
    chat, other = world.comes_back(receipt), world.comes_back(receipt)
    chat.hears("not linked to your report").presses("Take the survey")
    code = next(message.text for message in chat.messages if message.secret)
    assert chat.state is None, "what follows still knows of the case"
    other.presses("Take the survey").hears("taken up before")
    assert not any(message.secret for message in other.messages)
    assert "Take the survey" not in world.comes_back(receipt).labels
    assert world.invitations.redeem(code) and not world.invitations.redeem(code)


def test_an_open_case_offers_none(database: Database) -> None:
    world = World(database)
    case_id, receipt = world.closed()
    with database.write() as connection:
        here = case_table.c.case_id == case_id
        connection.execute(update(case_table).where(here).values(status="in_review"))
    chat = world.comes_back(receipt)
    assert "Take the survey" not in chat.labels
    chat.chooses("opt:survey")
    assert not any(message.secret for message in chat.messages)


def test_where_a_round_needs_no_code_none_is_drawn(database: Database) -> None:
    world = World(database, admission="open")
    _, receipt = world.closed()
    before = world.rows()["invitations"]
    chat = world.comes_back(receipt).presses("Take the survey").hears("You can begin now")
    assert not any(message.secret for message in chat.messages)
    assert world.rows()["invitations"] == before


def test_nothing_that_is_stored_leads_from_the_invitation_to_the_case(database: Database) -> None:
    world = World(database)
    (case_id, receipt), _, _ = (world.closed() for _ in range(3))
    chat = world.comes_back(receipt)
    before = world.rows()
    chat.presses("Take the survey")
    code = next(message.text for message in chat.messages if message.secret)
    after = world.rows()
    assert traces(before, after, case_id, code) == []
    assert world.invitations.redeem(code)
    assert traces(after, world.rows(), case_id, code) == []


def test_an_inviter_that_keeps_the_case_would_be_found(database: Database) -> None:
    """The search above finds what it looks for."""
    world = World(database)
    case_id, receipt = world.closed()

    async def careless() -> str | None:
        code = await world.inviter()
        assert code is not None
        with database.write() as connection:
            here = case_table.c.case_id == case_id
            kept = to_text(hash_code(code, PEPPER, "invitation"))
            connection.execute(update(case_table).where(here).values(handler=kept))
        return code

    chat = world.comes_back(receipt, careless)
    before = world.rows()
    chat.presses("Take the survey")
    code = next(message.text for message in chat.messages if message.secret)
    assert len(traces(before, world.rows(), case_id, code)) == 2


def test_the_order_of_transactions_leaves_sixty_four_to_choose_from(
    fresh_postgres_url: str,
) -> None:
    """PostgreSQL numbers its transactions: the new row must not stand alone with its number."""
    database = Database.open(fresh_postgres_url)
    world = World(database)
    case_id, receipt = world.closed()
    chat = world.comes_back(receipt).presses("Take the survey")
    code = next(message.text for message in chat.messages if message.secret)
    number = literal_column("xmin::text::bigint", BigInteger)
    with database.read() as connection:
        here = case_table.c.case_id == case_id
        of_case = connection.execute(
            select(number).select_from(case_table).where(here)
        ).scalar_one()
        numbers = {row[0]: row[1] for row in connection.execute(select(pool.c.token_hash, number))}
    mine = numbers[hash_code(code, PEPPER, "invitation")]
    assert mine != of_case
    assert sum(one == mine for one in numbers.values()) >= NEIGHBOURS
    database.close()
