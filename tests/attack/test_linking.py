"""Somebody takes the database, the settings and the log: whose answer is whose?

See ``tests/attack/linking.py``. What she can still tell is written down as a figure, and stands
among the limits in docs/promises.md.
"""

from __future__ import annotations

import random
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.attack.linking import PERSON, Row, Score, Stolen, round_of_people, rows, score
from tests.attack.size import sized
from vault.database import Database
from vault.stores import DropBox, InvitationStore
from vault.stores.drop_box import _Held

#: How many people take part in a round: fewer than a pool, so that all lie together.
PEOPLE = 60
ROUNDS = sized(1, 5)

#: Tossing coins does as well as this once in ten million times.
CHANCE = 1e-7

#: Whoever knows how much somebody wrote can look for an answer of that size: a limit, not a leak.
KNOWN = {("amount", "size"), ("amount", "letters of the envelope")}

Taken = list[tuple[Stolen, list[bytes], list[Row]]]


def take(folder: Path, people: int = PEOPLE, rounds: int = ROUNDS) -> Taken:
    """Play rounds and steal what lies there."""
    taken: Taken = []
    for number in range(rounds):
        here, copy = folder / f"round {number}", folder / f"copy {number}"
        here.mkdir()
        copy.mkdir()
        stolen, sealed = round_of_people(
            lambda here=here: {path.name: path.read_bytes() for path in sorted(here.iterdir())},  # type: ignore[misc]
            f"sqlite:///{here / 'speaksafe.db'}",
            people,
            random.Random(number),
        )
        taken.append((stolen, sealed, rows(stolen, copy)))
    return taken


def scores(taken: Taken) -> dict[tuple[str, str], Score]:
    """Every attack."""
    names = max((row.features for row in taken[0][2]), key=len)
    found = {}
    for who in PERSON:
        for what in names:
            parts = [score(*one, who, what) for one in taken]
            found[who, what] = sum(parts[1:], parts[0])
    return found


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    return take(tmp_path_factory.mktemp("rounds"))


def test_no_attack_does_better_than_chance(
    taken: Taken, record_property: Callable[[str, Any], None]
) -> None:
    found = scores(taken)
    assert len(found) >= 30
    for attack, did in found.items():
        if attack not in KNOWN:
            assert did.of >= 10, attack
            assert did.probability > CHANCE, (attack, did)
    best = min((did.probability, who, what) for (who, what), did in found.items())
    record_property("least likely by chance", f"{best[1]} and {best[2]}, {best[0]:.3f}")
    for attack in sorted(KNOWN):
        did = found[attack]
        record_property(" and ".join(attack), f"{did.right} of {did.of} pairs told apart")


def test_the_log_says_nothing_of_anybody(taken: Taken) -> None:
    for stolen, _, _ in taken:
        assert stolen.log == ""


def test_no_row_stands_for_two_kinds_of_key(taken: Taken) -> None:
    """One key for all of a round: a key of her own would mark a person."""
    for _, _, found in taken:
        assert (
            len({row.features["kind of key"] for row in found if "kind of key" in row.features})
            == 1
        )


def test_an_attack_finds_a_leak_that_was_planted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same with a box that keeps the order in which answers came."""

    def in_order(
        self: DropBox, round_id: str, pool: list[_Held], *, settled: bool
    ) -> list[dict[str, object]]:
        made = []
        for number, held in enumerate(pool):
            iv = secrets.token_bytes(12)
            wrapped = iv + self._cipher.encrypt(iv, held.written(), round_id.encode())
            key = number.to_bytes(16, "big")
            row = {"row_key": key, "round_id": round_id, "settled": settled, "wrapped": wrapped}
            made.append(row)
        return made

    monkeypatch.setattr(DropBox, "_fresh_rows", in_order)
    found = scores(take(tmp_path, people=40, rounds=1))
    assert found["time", "row"] == found["time", "key"] == Score(20, 20)
    assert found["time", "place in the file"].probability < 0.01
    assert found["time", "number drawn for it"].probability > CHANCE


def test_the_score_is_that_of_coins() -> None:
    assert Score(30, 30).probability == Score(0, 30).probability == 2 / 2**30
    assert Score(15, 30).probability == 1.0
    assert 0.02 < Score(21, 30).probability < 0.05


def test_a_spent_invitation_cannot_be_worked_out_from_its_code(tmp_path: Path) -> None:
    """Also with the server's secret: what took its place is drawn by chance."""
    database = Database.open(f"sqlite:///{tmp_path / 'one.db'}")
    database.migrate()
    (token, *_) = InvitationStore(database, b"i" * 32).new(3)
    database.close()
    shutil.copy(tmp_path / "one.db", tmp_path / "other.db")
    left = []
    for name in ("one", "other"):
        again = Database.open(f"sqlite:///{tmp_path / name}.db")
        assert InvitationStore(again, b"i" * 32).redeem(token)
        with again.read() as connection:
            found = connection.exec_driver_sql("SELECT token_hash FROM invitations")
            left.append({row[0] for row in found})
        again.close()
    one, other = left
    assert len(one) == len(other) == 3
    assert len(one & other) == 2, "what took its place is the same on both: it comes of the code"
