"""At rest nobody notices; a flood costs work or waiting, once for each chat, and tells nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.effort import GOOD_SECONDS, LEAST_WORK, MOST_WAIT, MOST_WORK, Effort
from service.settings import Settings, SettingsError
from tests.attack.house import House, house
from vault.state import MemoryShelf, StateStore

KEY = bytes(range(32))


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def effort(clock: Clock, per_minute: int = 10) -> Effort:
    return Effort(per_minute, KEY, StateStore(MemoryShelf(), KEY, "effort"), clock, clock)


def solve(challenge: dict[str, Any]) -> str:
    """As the widget does it."""
    for number in range(challenge["maxnumber"] + 1):
        tried = hashlib.sha256(f"{challenge['salt']}{number}".encode()).hexdigest()
        if tried == challenge["challenge"]:
            kept = {k: v for k, v in challenge.items() if k != "maxnumber"}
            return base64.b64encode(json.dumps({**kept, "number": number}).encode()).decode()
    raise AssertionError("it cannot be solved")


def changed(proof: str, **parts: Any) -> str:
    whole = {**json.loads(base64.b64decode(proof)), **parts}
    return base64.b64encode(json.dumps(whole).encode()).decode()


@pytest.fixture(autouse=True)
def wall(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("altcha.v1.time.time", clock)
    return clock


# -- how much ----------------------------------------------------------------------------------


def test_what_people_do_is_no_flood_and_a_flood_is_over_after_minutes(wall: Clock) -> None:
    one = effort(wall)
    for _ in range(600):
        wall.now += 60 / 8
        assert not one.comes()
    asked = [one.comes() for _ in range(100)]
    assert not asked[0] and all(asked[10:])
    wall.now += 5 * 60
    assert not one.comes()


def test_the_work_grows_with_the_flood_and_has_an_end(wall: Clock) -> None:
    one = effort(wall)
    work = []
    for _ in range(40):
        for _ in range(10):
            one.comes()
        work.append(one.challenge()["maxnumber"])
    assert work == sorted(work) and work[0] <= LEAST_WORK * 2 and work[-1] == MOST_WORK


# -- what is good ------------------------------------------------------------------------------


async def test_a_solved_challenge_opens_one_chat(wall: Clock) -> None:
    one = effort(wall)
    proof = solve(one.challenge())
    assert await one.is_solved(proof)
    assert not await one.is_solved(proof), "twice"
    longer = changed(proof, extra="x")
    assert not await one.is_solved(longer), "twice, in another dress"


async def test_it_expires(wall: Clock) -> None:
    one = effort(wall)
    proof = solve(one.challenge())
    wall.now += GOOD_SECONDS + 2
    assert not await one.is_solved(proof)


async def test_another_replica_takes_it_and_another_service_does_not(wall: Clock) -> None:
    here, there = effort(wall), effort(wall)
    assert await there.is_solved(solve(here.challenge()))
    other = Effort(10, b"x" * 32, StateStore(MemoryShelf(), KEY, "effort"), wall, wall)
    assert not await other.is_solved(solve(here.challenge()))


async def test_what_is_not_solved_is_refused(wall: Clock) -> None:
    one = effort(wall)
    proof = solve(one.challenge())
    number = json.loads(base64.b64decode(proof))["number"]
    salt = json.loads(base64.b64decode(proof))["salt"]
    wrong: list[str | None] = [None, "", "x", "é", "e30=", "bnVsbA==", "W10=", "A" * 2000]
    wrong += [base64.b64encode(b"[" * 1000).decode()]
    wrong += [
        changed(proof, number=number + 1),
        changed(proof, number=True),
        changed(proof, number=str(number)),
        changed(proof, salt=[salt]),
        changed(proof, salt=salt + "x"),
        changed(proof, salt=re.sub(r"expires=\d+", "expires=9999999999", salt)),
        changed(proof, signature="0" * 64),
        changed(proof, algorithm="SHA-1"),
        changed(proof, algorithm=None),
    ]
    for given in wrong:
        assert not await one.is_solved(given), given
    assert await one.is_solved(proof)


# -- the line ----------------------------------------------------------------------------------


async def test_a_place_in_the_line_is_good_once_and_not_before_its_turn(wall: Clock) -> None:
    one = effort(wall)
    placed = one.place()
    assert placed
    ticket, seconds = placed
    assert await one.waits(ticket) == seconds
    wall.now += seconds - 5
    assert await one.waits(ticket) == 5
    wall.now += 5
    assert await one.waits(ticket) == 0
    assert await one.waits(ticket) is None
    assert await one.waits("1." + ticket) is None
    for broken in ("", ".", "..", "0.0.0", ticket[:-1] + "x", "é.é"):
        assert await one.waits(broken) is None


async def test_turns_come_as_often_as_chats_may_be_opened_and_the_line_has_an_end(
    wall: Clock,
) -> None:
    one = effort(wall, per_minute=60)
    waits = []
    while placed := one.place():
        waits.append(placed[1])
    assert waits == sorted(waits) and waits[-1] <= MOST_WAIT
    assert len(waits) == pytest.approx(MOST_WAIT, abs=20)
    ticket = "x"
    wall.now += MOST_WAIT
    placed = one.place()
    assert placed
    ticket = placed[0]
    wall.now += placed[1] + GOOD_SECONDS + 2
    assert await one.waits(ticket) is None, "too late"


def test_nothing_in_it_tells_one_from_another(wall: Clock) -> None:
    """All that grows is one number; challenges differ in nothing but what was drawn."""
    one = effort(wall)
    one.comes()
    first, second = one.challenge(), one.challenge()
    same = {name for name in first if first[name] == second[name]}
    assert same == {"algorithm", "maxnumber"}
    assert {name for name, value in vars(one).items() if isinstance(value, list | dict)} == set()


# -- at the doors ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A service at which four chats a minute are a flood."""
    with house(tmp_path_factory.mktemp("flood"), SPEAKSAFE_FLOOD="4") as running:
        yield running


def begins(flooded: House, **headers: str) -> httpx.Response:
    return flooded.http.post("/chat/sessions", json={"lang": "en"}, headers=headers)


def test_at_rest_nothing_and_in_a_flood_work(flooded: House, wall: Clock) -> None:
    wall.now = 0.0  # challenges of this house are signed by the real time
    flooded.parts.effort._level = 0.0
    first = begins(flooded)
    assert first.status_code == 201 and set(first.json()) == {"session"}
    refused = next(a for a in (begins(flooded) for _ in range(20)) if a.status_code != 201)
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert "Solve the challenge" in refused.json()["detail"]
    proof = solve(refused.json()["challenge"])
    again = begins(flooded, **{"Proof-Of-Work": proof})
    assert again.status_code == 201
    assert begins(flooded, **{"Proof-Of-Work": proof}).status_code == 429
    assert begins(flooded, **{"Proof-Of-Work": "x" * 1999}).status_code == 429
    said = flooded.http.post(
        "/chat/messages",
        json={"choice": "menu:start"},
        headers={"Authorization": f"Bearer {again.json()['session']}"},
    )
    assert said.status_code == 200, "a chat that has begun is never asked"


def test_the_page_without_scripts_gives_a_place_in_the_line(flooded: House) -> None:
    flooded.parts.effort._level = 1_000.0
    answer = flooded.http.post("/plain", data={"lang": "en"})
    assert answer.status_code == 429 and "waiting time in seconds: 15." in answer.text
    assert "In danger now?" in answer.text, "that must not wait"
    assert 'role="status"' in answer.text
    (ticket,) = re.findall(r'name="mark" value="([^"]+)"', answer.text)
    early = flooded.http.post("/plain", data={"lang": "fr", "mark": ticket})
    assert early.status_code == 429 and "temps d’attente" in early.text and ticket in early.text
    # Her place is kept in every language; a link to another would lose it.
    assert '<button name="lang" value="ar" lang="ar">' in early.text
    assert "plain?lang=" not in early.text and 'type="hidden" name="lang"' not in early.text
    clock = Clock()
    clock.now = float(ticket.partition(".")[0]) + 1
    flooded.parts.effort.wall = clock
    turn = flooded.http.post("/plain", data={"lang": "en", "mark": ticket})
    assert turn.status_code == 200 and 'name="session"' in turn.text
    flooded.parts.effort._level = 1_000.0
    assert flooded.http.post("/plain", data={"lang": "en", "mark": ticket}).status_code == 429
    flooded.parts.effort._line = clock.now + 10_000
    full = flooded.http.post("/plain", data={"lang": "en"})
    assert full.status_code == 429 and "Far too many" in full.text
    assert "In danger now?" in full.text and "JavaScript" not in full.text.split("<main>")[1]


def test_a_long_wait_is_told_in_minutes_and_a_place_that_is_over_as_such(
    flooded: House, wall: Clock
) -> None:
    effort = flooded.parts.effort
    effort._level, effort.wall, effort._line = 1_000.0, wall, wall.now + 170
    effort._then = effort.clock()  # it was this moment that so many came
    answer = flooded.http.post("/plain", data={"lang": "en"})
    assert "waiting time in minutes: 4." in answer.text and "has run out" not in answer.text
    (ticket,) = re.findall(r'name="mark" value="([^"]+)"', answer.text)
    wall.now += 170 + 60 + GOOD_SECONDS
    late = flooded.http.post("/plain", data={"lang": "en", "mark": ticket})
    assert late.status_code == 429 and "place in the line has run out" in late.text
    assert "in seconds: 15." in late.text and ticket not in late.text
    for made_up in ("x", "1.a.b", ticket[:-1]):
        other = flooded.http.post("/plain", data={"lang": "en", "mark": made_up})
        assert "has run out" not in other.text


# -- the setting -------------------------------------------------------------------------------


def test_the_setting_is_checked(tmp_path: Path) -> None:
    data = {"SPEAKSAFE_DATA_DIR": str(tmp_path)}
    assert Settings.read(data).flood == 20_000
    assert Settings.read({**data, "SPEAKSAFE_FLOOD": "500"}).flood == 500
    for wrong in ("0", "-1", "many", "1e9", "99999999999"):
        with pytest.raises(SettingsError, match="SPEAKSAFE_FLOOD"):
            Settings.read({**data, "SPEAKSAFE_FLOOD": wrong})
