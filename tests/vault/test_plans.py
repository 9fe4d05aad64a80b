"""However much there is, what is asked all day is looked up: no plan reads a whole table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bench.explain import recorded
from bench.filling import fill
from bench.hot import LOOKED_AT, World, next_notice
from vault.database import Database

ROWS = 130


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    filled = fill(database_url, ROWS, lambda _line: None, inbox=2)
    yield filled
    filled.database.close()


def test_no_hot_question_reads_a_whole_table(world: World) -> None:
    for name, work in LOOKED_AT.items():
        with recorded() as plans:
            work(world)
        assert plans, name
        for plan in plans:
            assert not plan.scans, (name, plan.statement, plan.lines)


def test_the_next_notice_is_not_sorted_out_of_all_that_wait(world: World) -> None:
    with recorded() as plans:
        next_notice(world)
    assert not [plan.statement for plan in plans if plan.sorts]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT case_id FROM cases WHERE lang = 'en'",
        "SELECT count(*) FROM case_entries",
        "DELETE FROM outbox WHERE kind = 'new'",
    ],
)
def test_a_scan_would_be_seen(database: Database, statement: str) -> None:
    with recorded() as plans, database.write() as connection:
        connection.execute(text(statement))
    (plan,) = plans
    assert plan.scans
