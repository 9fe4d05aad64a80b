"""Two replicas share PostgreSQL and Redis; one is killed, and nothing that it answered is lost.

Without machine learning, since it has no part in this. ``bench.replicas`` does the same with people
who are talking at the moment, behind a proxy.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from bench.cluster import Cluster, running
from bench.losing import Person, Told, stored
from bench.scripts import SCRIPTS, Say
from tests.support import postgres

OPEN = 6


@pytest.fixture(scope="module")
def two() -> Iterator[Cluster]:
    """Two replicas that are ready."""
    if postgres.server_programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with running(2, light=True, proxy=False) as cluster:
        # One after the other: both make the demo's keys if they are not there.
        for _ in range(2):
            cluster.start().wait()
        yield cluster


def test_what_a_killed_replica_answered_is_known_to_the_other(two: Cluster) -> None:
    first, second = two.replicas
    told, receipts = Told(), []
    waiting = [Person(first.url, told) for _ in range(OPEN)]
    for person in waiting:
        person.begin()
        person.say(Say(choice="menu:start"))
        person.say(Say(choice="menu:survey"))
    for errand in ("report", "survey"):
        receipts += _finish(Person(first.url, told), errand)
    first.kill()
    for person in waiting:
        person.moves_to(second.url)
        assert person.still_knows(), "the same mark has the same answer"
        offered = [c["value"] for m in person.say(Say(choice="do:start")) for c in m["choices"]]
        assert "opt:G1.1" in offered, "she goes on where she was"
    receipts += _finish(Person(second.url, told), "report")
    found = stored(two.env["SPEAKSAFE_DATABASE_URL"], two.folder, receipts)
    assert (found.reports, found.answers, found.lost) == (2, 1, 0)


def _finish(person: Person, errand: str) -> list[str]:
    """One whole conversation; the receipts that it gave."""
    person.begin()
    script, receipts = SCRIPTS["ours"][errand](random.Random(1)), []
    said = next(script)
    while True:
        messages = person.say(said)
        receipts += [m["text"] for m in messages if m["text"].replace(" ", "").isdigit()]
        try:
            said = script.send([c["value"] for m in messages for c in m["choices"]])
        except StopIteration:
            return receipts
