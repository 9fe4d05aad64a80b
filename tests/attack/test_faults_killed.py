"""``kill -9`` at any moment: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.attack.faults_left import look
from tests.attack.faults_people import Crowd, Told
from tests.attack.faults_servers import Nursery, Postgres
from tests.attack.faults_town import town
from tests.attack.size import sized

#: In parts, because a single test that takes longer than ten minutes is taken for one that hangs.
KILLS, PARTS = sized(8, 130), sized(1, 4)

#: What may be said with a status of 500 and more, whatever was killed.
HONEST = ("is kept", "try again", "send it again")


def _until_somebody_ends(told: Told) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and not (told.receipts and told.thanked):
        time.sleep(0.1)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_nothing_acknowledged_is_lost_whatever_is_killed(
    kind: str,
    part: int,
    nursery: Nursery,
    tmp_path: Path,
    record_property: Callable[[str, Any], None],
) -> None:
    database = Postgres() if kind == "PostgreSQL" else None
    dice = random.Random(8 + part)
    with town(nursery, tmp_path, database) as running:
        with Crowd(running.url, 6) as people:
            running.storm(people.told, KILLS, dice)
            assert running.ready(), "it does not come back by itself"
            _until_somebody_ends(people.told)
        told = people.told
        left = look(running.settings, told)
    record_property(f"{kind} {part}: killed", dict(running.killed))
    record_property(
        f"{kind} {part}: reports", f"{len(told.receipts)} acknowledged, {left.reports} stored"
    )
    record_property(
        f"{kind} {part}: answers", f"{len(told.thanked)} acknowledged, {left.answers} stored"
    )
    record_property(f"{kind} {part}: lost", len(left.lost))
    record_property(f"{kind} {part}: twice", len(left.twice))
    assert sum(running.killed.values()) == KILLS
    assert told.receipts and told.thanked, "nobody came to an end"
    assert (left.lost, left.twice, left.unasked) == ([], [], [])
    assert told.odd == []
    assert all(any(word in said for word in HONEST) for said in told.refused), told.refused
