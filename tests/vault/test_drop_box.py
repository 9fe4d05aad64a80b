"""The drop box and the invitations: nothing is lost, nothing is handed out too early."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

from tests.vault.at_once import at_once
from tests.vault.boxes import BOX_KEY, PEPPER, envelopes
from vault.codes import ALPHABET
from vault.database import Database
from vault.errors import NoSuchRound, RoundClosed, RoundStillOpen, SealingError
from vault.keys import PrivateKey
from vault.sealing import Context, seal
from vault.stores import DropBox, InvitationStore, RoundStore
from vault.stores.drop_box import POOL, _Held
from vault.stores.invitations import NEIGHBOURS
from vault.tables import box as box_table
from vault.tables import invitations as invitations_table


@pytest.fixture
def rounds(database: Database) -> RoundStore:
    """A store in which the round r1 is open."""
    store = RoundStore(database)
    store.open("victim-experience-1", "open", PrivateKey.new().public())
    return store


@pytest.fixture
def box(database: Database, rounds: RoundStore) -> DropBox:
    return DropBox(database, BOX_KEY)


def _rows(database: Database, settled: bool) -> int:
    query = select(box_table).where(box_table.c.settled.is_(settled))
    with database.read() as connection:
        return len(connection.execute(query).all())


# -- what it does ----------------------------------------------------------------------------


def test_everything_that_was_dropped_in_is_handed_out(box: DropBox, rounds: RoundStore) -> None:
    dropped = envelopes(POOL + 5)
    for envelope in dropped:
        box.put("r1", envelope)
    rounds.close("r1")
    assert sorted(box.take_all("r1")) == sorted(dropped)
    assert len(box.take_all("r1")) == len(dropped)


def test_the_order_of_handing_out_is_random(box: DropBox, rounds: RoundStore) -> None:
    for envelope in envelopes(4):
        box.put("r1", envelope)
    rounds.close("r1")
    assert len({tuple(box.take_all("r1")) for _ in range(40)}) > 1


def test_a_full_pool_is_left_in_place(database: Database, box: DropBox) -> None:
    for envelope in envelopes(POOL - 1):
        box.put("r1", envelope)
    assert (_rows(database, True), _rows(database, False)) == (0, POOL)
    box.put("r1", b"the last one")
    assert (_rows(database, True), _rows(database, False)) == (POOL, POOL)
    box.put("r1", b"the next one")
    assert (_rows(database, True), _rows(database, False)) == (POOL, POOL)


def test_nobody_can_count_the_answers_by_their_rows(
    database: Database, box: DropBox, rounds: RoundStore
) -> None:
    """From no answer to a full pool there are as many rows, each as one of the others."""
    box.prepare("r1")
    context, key = Context("answer", "r1"), rounds.get("r1").task_force
    seen = []
    for _ in range(5):
        with database.read() as connection:
            rows = connection.execute(select(box_table.c.wrapped)).scalars().all()
        seen.append((len(rows), sorted({len(row) for row in rows})))
        box.put("r1", seal(b"{}" * 300, [key], context))
    assert {count for count, _ in seen} == {POOL}
    assert all(lengths == seen[0][1] for _, lengths in seen)


def test_chaff_is_never_handed_out(box: DropBox, rounds: RoundStore) -> None:
    box.prepare("r1")
    box.prepare("r1")
    rounds.close("r1")
    assert box.take_all("r1") == [] and box.few("r1", 10) == []


def test_few_are_told_from_enough_after_closing(box: DropBox, rounds: RoundStore) -> None:
    for envelope in envelopes(3):
        box.put("r1", envelope)
    with pytest.raises(RoundStillOpen):
        box.few("r1", 10)
    rounds.close("r1")
    assert sorted(box.few("r1", 4) or []) == sorted(envelopes(3))
    assert box.few("r1", 3) is None


def _unmarked(held: _Held, answer: bytes) -> bytes:
    return (b"\0" if held.chaff else answer) + held.envelope


def test_answers_from_before_there_were_chaff_and_marks_are_handed_out(
    database: Database, box: DropBox, rounds: RoundStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for before in (b"", b"\1"):
        with monkeypatch.context() as patch:
            patch.setattr(_Held, "written", lambda held, answer=before: _unmarked(held, answer))
            box.put("r1", b"{old%s}" % before)
    box.put("r1", b"{new}")
    assert (_rows(database, True), _rows(database, False)) == (0, POOL)
    rounds.close("r1")
    assert sorted(box.take_all("r1")) == [b"{new}", b"{old\1}", b"{old}"]


def test_nothing_is_handed_out_while_the_round_is_open(box: DropBox) -> None:
    box.put("r1", b"envelope")
    with pytest.raises(RoundStillOpen):
        box.take_all("r1")


def test_a_closed_round_takes_nothing(box: DropBox, rounds: RoundStore) -> None:
    rounds.close("r1")
    with pytest.raises(RoundClosed):
        box.put("r1", b"envelope")
    assert box.take_all("r1") == []


def test_an_unknown_round_is_refused(box: DropBox) -> None:
    with pytest.raises(NoSuchRound):
        box.put("r9", b"envelope")
    with pytest.raises(NoSuchRound):
        box.take_all("r9")


def test_rounds_do_not_mix(box: DropBox, rounds: RoundStore) -> None:
    box.put("r1", b"first")
    rounds.close("r1")
    rounds.open("victim-experience-1", "invited", PrivateKey.new().public())
    box.put("r2", b"second")
    rounds.close("r2")
    assert (box.take_all("r1"), box.take_all("r2")) == ([b"first"], [b"second"])


def test_another_secret_or_a_changed_row_is_noticed(
    database: Database, box: DropBox, rounds: RoundStore
) -> None:
    box.put("r1", b"envelope")
    with pytest.raises(SealingError):
        DropBox(database, b"x" * 32).put("r1", b"another")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SealingError):
        patch.setattr(_Held, "written", lambda held: b"\4" + held.envelope)
        box.put("r1", b"of a later version")
        box.put("r1", b"which this one does not read")
    with database.write() as connection:
        connection.execute(box_table.update().values(wrapped=b"short"))
    rounds.close("r1")
    with pytest.raises(SealingError):
        box.take_all("r1")


def test_a_failure_in_the_middle_loses_nothing(
    box: DropBox, rounds: RoundStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put("r1", b"first")

    def broken(*_args: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        # By now the old pool is deleted, and the new one is not written.
        patch.setattr("vault.stores.drop_box.insert", broken)
        box.put("r1", b"second")
    rounds.close("r1")
    assert box.take_all("r1") == [b"first"]


def test_arrivals_at_once_lose_nothing(database_url: str, box: DropBox, rounds: RoundStore) -> None:
    mine = [f"{thread}/{number}".encode() for thread in range(4) for number in range(6)]

    def drop(dropped: list[bytes], database: Database) -> None:
        for envelope in dropped:
            DropBox(database, BOX_KEY).put("r1", envelope)

    at_once(database_url, [partial(drop, mine[at::4]) for at in range(4)])
    rounds.close("r1")
    assert sorted(box.take_all("r1")) == sorted(mine)


def test_an_arrival_during_the_closing_is_kept_or_refused(
    database_url: str, box: DropBox, rounds: RoundStore
) -> None:
    def drop(database: Database) -> bool:
        try:
            DropBox(database, BOX_KEY).put("r1", os.urandom(16))
        except RoundClosed:
            return False
        return True

    def close(database: Database) -> bool:
        RoundStore(database).close("r1")
        return False

    kept = at_once(database_url, [drop, close, drop])
    assert len(box.take_all("r1")) == sum(kept)


def test_the_very_same_envelope_is_taken_once(
    database: Database, box: DropBox, rounds: RoundStore
) -> None:
    for envelope in (b"one", b"two", *[b"one"] * POOL):
        box.put("r1", envelope)
    assert (_rows(database, True), _rows(database, False)) == (0, POOL), "a pool is full of it"
    rounds.close("r1")
    assert sorted(box.take_all("r1")) == [b"one", b"two"]


def test_what_bears_the_ticket_of_another_takes_its_place(
    database: Database, box: DropBox, rounds: RoundStore
) -> None:
    for envelope, ticket in ((b"one", "t1"), (b"two", "t2"), (b"one again", "t1"), (b"two", "t2")):
        box.put("r1", envelope, ticket)
    assert (_rows(database, True), _rows(database, False)) == (0, POOL)
    rounds.close("r1")
    box.put("r1", b"one again", "t1")  # it is there: who asks is told so
    with pytest.raises(RoundClosed):
        box.put("r1", b"three", "t3")
    assert sorted(box.take_all("r1")) == [b"one again", b"two"]


def test_what_was_settled_before_it_came_again_is_handed_out_once(
    box: DropBox, rounds: RoundStore
) -> None:
    for envelope in envelopes(POOL - 1):
        box.put("r1", envelope)
    box.put("r1", b"the last one", "t1")
    box.put("r1", b"the last one, once more", "t1")
    rounds.close("r1")
    box.put("r1", b"the last one, a third time", "t1")  # it is there, settled or not
    assert len(box.take_all("r1")) == POOL
    assert b"the last one, once more" in box.take_all("r1")


# -- invitations -----------------------------------------------------------------------------


@pytest.fixture
def invitations(database: Database) -> InvitationStore:
    return InvitationStore(database, PEPPER)


def test_an_invitation_works_once(invitations: InvitationStore) -> None:
    first, second = invitations.new(2)
    assert invitations.valid(first) and invitations.valid(second)
    assert invitations.redeem(first)
    assert not invitations.redeem(first)
    assert not invitations.valid(first)
    assert invitations.valid(second)


def test_nobody_can_count_the_spent_invitations(
    database: Database, invitations: InvitationStore
) -> None:
    tokens = invitations.new(5)
    for token in tokens[:3]:
        assert invitations.redeem(token)
        with database.read() as connection:
            rows = connection.execute(select(invitations_table.c.token_hash)).scalars().all()
        assert len(rows) == 5 and all(len(row) == 32 for row in rows)


def test_of_many_invitations_none_is_lost(database: Database, invitations: InvitationStore) -> None:
    """Whichever neighbours are written anew, at the ends too, all others stay what they are."""
    tokens = invitations.new(3 * NEIGHBOURS)
    tokens += invitations.new(NEIGHBOURS // 2)
    spent, kept = tokens[::5], [t for n, t in enumerate(tokens) if n % 5]
    assert all(invitations.redeem(token) for token in spent)
    assert all(invitations.valid(token) for token in kept)
    assert not any(invitations.redeem(token) for token in spent)
    with database.read() as connection:
        rows = connection.execute(select(invitations_table.c.token_hash)).scalars().all()
    assert len(rows) == len(tokens) and all(len(row) == 32 for row in rows)


def test_an_invitation_can_be_given_back(invitations: InvitationStore) -> None:
    (token,) = invitations.new(1)
    invitations.redeem(token)
    invitations.restore(token)
    invitations.restore(token)
    assert invitations.redeem(token)
    assert not invitations.redeem(token)


def test_who_has_the_ticket_may_spend_it_again(invitations: InvitationStore) -> None:
    token, other, *_ = invitations.new(3 * NEIGHBOURS)
    assert invitations.redeem(token, "t1")
    assert invitations.redeem(token, "t1")
    assert not invitations.redeem(token, "t2") and not invitations.redeem(token)
    assert not invitations.redeem(other[:-4] + "0000", "t1")
    assert not invitations.valid(token)


def test_she_may_spend_it_again_after_many_more_were_made(invitations: InvitationStore) -> None:
    (token,) = invitations.new(1)
    assert invitations.redeem(token, "t1")
    invitations.new(30 * NEIGHBOURS)
    assert invitations.redeem(token, "t1")
    invitations.restore(token, "t1")
    assert invitations.redeem(token, "t2") and not invitations.redeem(token, "t1")


def test_given_back_it_is_nobodys_and_no_row_is_left_over(
    database: Database, invitations: InvitationStore
) -> None:
    token, *_ = invitations.new(3 * NEIGHBOURS)
    for _ in range(6):
        assert invitations.redeem(token, "t1")
        invitations.restore(token, "t1")
    with database.read() as connection:
        rows = list(connection.execute(select(invitations_table.c.token_hash)).scalars())
    assert len(rows) == 3 * NEIGHBOURS and all(len(row) == 32 for row in rows)
    assert invitations.redeem(token, "t2")
    assert not invitations.redeem(token, "t1")


def test_it_is_read_as_people_type(invitations: InvitationStore) -> None:
    (token,) = invitations.new(1)
    assert re.fullmatch(rf"([{ALPHABET}]{{4}}-){{3}}[{ALPHABET}]{{4}}", token)
    assert invitations.valid(f" {token.lower().replace('-', ' ')}\n")
    assert not invitations.valid(token[:-1])
    assert not invitations.valid("")


def test_only_a_keyed_hash_is_kept(database: Database, invitations: InvitationStore) -> None:
    (token,) = invitations.new(1)
    assert not InvitationStore(database, b"x" * 32).valid(token)
    with database.read() as connection:
        (stored,) = connection.execute(select(invitations_table.c.token_hash)).scalars()
    assert len(stored) == 32 and token.encode() not in stored


@pytest.mark.parametrize("count", [0, -1])
def test_a_count_is_positive(invitations: InvitationStore, count: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        invitations.new(count)


def test_spending_at_once_spends_once(database_url: str, invitations: InvitationStore) -> None:
    tokens = invitations.new(4)

    def spend(token: str, database: Database) -> bool:
        return InvitationStore(database, PEPPER).redeem(token)

    def more(database: Database) -> bool:
        return not InvitationStore(database, PEPPER).new(2)

    jobs: list[Callable[[Database], bool]] = [more, more]
    jobs += [partial(spend, token) for token in tokens for _ in range(2)]
    assert sum(at_once(database_url, jobs)) == 4
    assert not any(map(invitations.valid, tokens))
