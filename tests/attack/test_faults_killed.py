"""``kill -9`` at any moment: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.attack.faults_left import look
from tests.attack.faults_people import Crowd
from tests.attack.faults_servers import Postgres
from tests.attack.faults_town import town
from tests.attack.size import sized

KILLS = sized(12, 600)

#: What may be said with a status of 500 and more, whatever was killed.
HONEST = ("Nothing was lost", "try again", "send it again")


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_nothing_acknowledged_is_lost_whatever_is_killed(
    kind: str, tmp_path: Path, record_property: Callable[[str, Any], None]
) -> None:
    database = Postgres() if kind == "PostgreSQL" else None
    dice = random.Random(8)
    with town(tmp_path, database) as running:
        with Crowd(running.url, sized(4, 6)) as people:
            time.sleep(sized(2, 5))
            for _ in range(KILLS):
                running.strike(dice)
                time.sleep(dice.random() * 0.5)
            assert running.ready(), "it does not come back by itself"
            time.sleep(2.0)
        told = people.told
        left = look(running.settings, told)
    record_property("killed", dict(running.killed))
    record_property("reports", f"{len(told.receipts)} acknowledged, {left.reports} stored")
    record_property("answers", f"{len(told.thanked)} acknowledged, {left.answers} stored")
    record_property("lost", len(left.lost))
    record_property("twice", len(left.twice))
    assert sum(running.killed.values()) == KILLS
    assert told.receipts and told.thanked, "nobody came to an end"
    assert (left.lost, left.twice, left.unasked) == ([], [], [])
    assert told.odd == []
    assert all(any(word in said for word in HONEST) for said in told.refused), told.refused
