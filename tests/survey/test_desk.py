"""From the walk into the vault and out again, on both databases."""

from __future__ import annotations

import asyncio
import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from catalogue import Heard, Messages
from survey.desk import VaultDesk
from survey.model import Instrument
from survey.ports import DeskError, InvitationSpent, RoundOver
from survey.release import Desk, Sealed, release
from survey.rounds import COLUMNS, close_round, list_rounds, open_round
from survey.survey_walk import SurveyWalk
from tests.survey.people import synthetic
from vault.database import Database
from vault.errors import RoundError, RoundStillOpen, StorageError
from vault.keys import PrivateKey
from vault.sealing import Context, key_ids, open_envelope
from vault.stores.drop_box import DropBox
from vault.stores.invitations import InvitationStore
from vault.stores.keys import KeyStore
from vault.stores.rounds import RoundStore
from vault.tables import box as box_table
from vault.tables import invitations as invitations_table

KEY = PrivateKey.new()
DOCUMENT = {"instrument": "victim-experience", "version": 1, "answers": {"Q9": "yes"}}


class World:
    """The stores of one fresh database, and the desk over them."""

    def __init__(self, database: Database) -> None:
        self.rounds = RoundStore(database)
        self.keys = KeyStore(database)
        self.invitations = InvitationStore(database, b"p" * 32)
        self.box = DropBox(database, b"b" * 32)
        self.desk = VaultDesk(self.rounds, self.box, self.invitations, waits=(0.0, 0.0))

    def open(self, instrument: Instrument, admission: Any = "open") -> str:
        if self.keys.newest("task-force") is None:
            self.keys.add("task-force", KEY.public())
        return open_round(self.rounds, self.keys, instrument, admission).round_id

    def submit(
        self,
        round_id: str,
        token: str | None = None,
        ticket: str | None = None,
        document: dict[str, Any] = DOCUMENT,
    ) -> None:
        """One conversation sends; it is another each time unless a ticket is given."""
        ticket = ticket or secrets.token_hex(16)
        asyncio.run(self.desk.submit(round_id, document, token, ticket))

    def take(self, round_id: str) -> list[dict[str, Any]]:
        close_round(self.rounds, round_id)
        context = Context("answer", round_id)
        return [json.loads(open_envelope(e, KEY, context)) for e in self.box.take_all(round_id)]


def _broken(*_: object) -> None:
    raise StorageError("OperationalError")


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_an_answer_is_sealed_to_the_task_force(world: World, questionnaire: Instrument) -> None:
    round_id = world.open(questionnaire)
    world.submit(round_id)
    assert world.take(round_id) == [DOCUMENT]
    (envelope,) = world.box.take_all(round_id)
    assert key_ids(envelope) == (KEY.public().key_id,), "and to nobody else"


def test_an_invitation_is_spent_once(world: World, questionnaire: Instrument) -> None:
    round_id = world.open(questionnaire, "invited")
    (token,) = world.invitations.new(1)
    world.submit(round_id, token.lower())
    for other in (token, None, "AAAA-AAAA-AAAA-AAAA"):
        with pytest.raises(InvitationSpent):
            world.submit(round_id, other)
    assert len(world.take(round_id)) == 1


def test_an_open_round_spends_no_invitation(world: World, questionnaire: Instrument) -> None:
    round_id = world.open(questionnaire)
    (token,) = world.invitations.new(1)
    world.submit(round_id, token)
    assert world.invitations.valid(token)


def test_when_the_box_fails_the_invitation_is_given_back(
    world: World, questionnaire: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id = world.open(questionnaire, "invited")
    (token,) = world.invitations.new(1)

    monkeypatch.setattr(world.box, "put", _broken)
    with pytest.raises(DeskError):
        world.submit(round_id, token)
    assert world.invitations.valid(token)


@pytest.mark.parametrize("admission", ["open", "invited"])
def test_an_answer_whose_storing_was_not_told_is_there_once(
    world: World, questionnaire: Instrument, monkeypatch: pytest.MonkeyPatch, admission: str
) -> None:
    round_id = world.open(questionnaire, admission)
    token = world.invitations.new(1)[0] if admission == "invited" else None
    really, times = world.box.put, []

    def put(round_id: str, envelope: bytes, ticket: str) -> None:
        really(round_id, envelope, ticket)
        times.append(envelope)
        if len(times) < 3:
            raise StorageError("OperationalError")

    monkeypatch.setattr(world.box, "put", put)
    world.submit(round_id, token)
    assert len(times) == 3
    assert world.take(round_id) == [DOCUMENT]


@pytest.mark.parametrize("admission", ["open", "invited"])
@pytest.mark.parametrize("where", ["redeem", "put"])
def test_what_is_sent_once_more_because_we_died_is_there_once(
    world: World,
    questionnaire: Instrument,
    monkeypatch: pytest.MonkeyPatch,
    admission: str,
    where: str,
) -> None:
    """We die right after each step; she answers something else besides, and sends again."""
    round_id = world.open(questionnaire, admission)
    token = world.invitations.new(1)[0] if admission == "invited" else None
    store = world.invitations if where == "redeem" else world.box
    really = getattr(store, where)

    class Died(BaseException):
        """Nothing that follows is done."""

    def die(*given: Any) -> None:
        really(*given)
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(store, where, die)
        try:
            world.submit(round_id, token, "hers")
        except Died:
            pass
        else:
            assert (where, admission) == ("redeem", "open"), "there is no code to redeem"
    second = DOCUMENT | {"answers": {"Q9": "no"}}
    world.submit(round_id, token, "hers", second)
    if token:
        with pytest.raises(InvitationSpent):
            world.submit(round_id, token, "another's")
    assert world.take(round_id) == [second]


def test_what_came_in_before_the_round_was_closed_is_not_sent_to_the_next(
    world: World, questionnaire: Instrument
) -> None:
    round_id = world.open(questionnaire, "invited")
    (token,) = world.invitations.new(1)
    world.submit(round_id, token, "hers")
    close_round(world.rounds, round_id)
    world.submit(round_id, token, "hers")
    assert len(world.take(round_id)) == 1


def test_of_one_ticket_both_stores_make_numbers_that_have_nothing_in_common(
    world: World, questionnaire: Instrument, database: Database
) -> None:
    round_id, ticket = world.open(questionnaire, "invited"), secrets.token_hex(16)
    (token,) = world.invitations.new(1)
    world.submit(round_id, token, ticket)
    with database.read() as connection:
        (left,) = connection.execute(select(invitations_table.c.token_hash)).scalars()
        wrapped = list(connection.execute(select(box_table.c.wrapped)).scalars())
    opened = [AESGCM(b"b" * 32).decrypt(row[:12], row[12:], round_id.encode()) for row in wrapped]
    (hers,) = [row for row in opened if row[:1] == b"\3"]
    pieces = {left[at : at + 4] for at in range(len(left) - 3)}
    assert not any(piece in hers[:17] for piece in pieces)
    assert ticket.encode() not in hers + left and bytes.fromhex(ticket) not in hers + left


def test_an_invitation_that_was_given_back_is_anybodys_again(
    world: World, questionnaire: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id = world.open(questionnaire, "invited")
    (token,) = world.invitations.new(1)
    with monkeypatch.context() as patch:
        patch.setattr(world.box, "put", _broken)
        with pytest.raises(DeskError):
            world.submit(round_id, token, "hers")
    world.submit(round_id, token, "her other chat's")
    with pytest.raises(InvitationSpent):
        world.submit(round_id, token, "hers")


def test_a_closed_round_takes_nothing(world: World, questionnaire: Instrument) -> None:
    round_id = world.open(questionnaire)
    close_round(world.rounds, round_id)
    with pytest.raises(RoundOver):
        world.submit(round_id)
    assert asyncio.run(world.desk.current_round()) is None


def test_while_a_round_is_open_nobody_learns_how_many_answered(
    world: World, questionnaire: Instrument
) -> None:
    round_id = world.open(questionnaire)
    before = list_rounds(world.rounds)
    world.submit(round_id)
    assert list_rounds(world.rounds) == before
    assert len(before[0]) == len(COLUMNS) and before[0][3] == "open"
    with pytest.raises(RoundStillOpen):
        world.box.take_all(round_id)


def test_a_round_needs_the_task_forces_key(world: World, questionnaire: Instrument) -> None:
    with pytest.raises(RoundError, match="no key of the Task Force"):
        open_round(world.rounds, world.keys, questionnaire, "open")


def test_a_conversation_ends_in_a_release(
    world: World, questionnaire: Instrument, catalogue: Messages, tmp_path: Path
) -> None:
    round_id = world.open(questionnaire, "invited")
    for person in synthetic(questionnaire, 11):
        (token,) = world.invitations.new(1)
        world.submit(round_id, token, document=person)

    async def talk(token: str) -> None:
        walk = SurveyWalk(questionnaire, catalogue, world.desk)
        step = await walk.open("en", channel="web")
        for said in ("Start", token, "It has ended", "HR, manager", "stop"):
            assert step.state is not None
            step = await walk.step(step.state, Heard(said, None, "nlu_fallback", 0.1, "en"))
        assert step.state is not None
        kept = await walk.step(step.state, Heard("", "do:keep", "choose", 1.0, "en"))
        assert kept.state is None

    asyncio.run(talk(world.invitations.new(1)[0]))
    closed = close_round(world.rounds, round_id)
    envelopes = world.box.take_all(round_id)
    assert len(envelopes) == 12
    desk = Desk(questionnaire, KEY, "fr", catalogue)
    made = release(Sealed(closed, envelopes), desk, tmp_path / "out")
    assert made.answers == 10 and made.unreadable == 0
