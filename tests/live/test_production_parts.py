"""The same conversation on the parts that production has: PostgreSQL, and Redis in between."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.support import redis as real_redis
from tests.support.answering import takes_the_survey
from tests.support.live import Live, start, stop


@pytest.fixture
def production(tmp_path: Path, fresh_postgres_url: str) -> Iterator[tuple[Live, str]]:
    with real_redis.server() as redis_url:
        running = start(
            tmp_path,
            SPEAKSAFE_DATABASE_URL=fresh_postgres_url,
            SPEAKSAFE_REDIS_URL=redis_url,
            SPEAKSAFE_STATE_KEY=os.urandom(32).hex(),
        )
        yield running, redis_url
        assert stop(running) == 0


def test_a_report_and_a_survey_on_postgresql_and_redis(production: tuple[Live, str]) -> None:
    live, redis_url = production
    talk = live.talk().opens().chooses("menu:report").chooses("opt:self").says("UNHCR")
    talk.chooses("do:yes").chooses("opt:clear").says("Planted Kanarienvogel did it")
    talk.chooses("do:done").chooses("do:skip").chooses("do:skip").chooses("do:skip")
    held = redis.Redis.from_url(redis_url)
    assert held.dbsize() >= 2, "service and engine both keep their state in Redis"
    for name in held.scan_iter():
        value = held.get(name)
        assert isinstance(value, bytes)
        assert b"Kanarienvogel" not in value
    talk.chooses("do:skip").chooses("opt:anonymous").hears("Planted Kanarienvogel did it")
    talk.chooses("opt:send").chooses("do:yes").hears("This is your receipt")
    receipt = next(m["text"] for m in talk.messages if m["text"].replace(" ", "").isdigit())
    talk.says("erase")
    live.talk().opens().chooses("menu:return").says(receipt).hears("I have found your report")
    takes_the_survey(live.talk().opens()).hears("Your answers are sent")
    assert live.speaksafe("round", "list").returncode == 0
    assert not (live.data_dir / "speaksafe.sqlite").exists()
