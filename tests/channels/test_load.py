"""All channels at once: thousands of messages, retries, floods, carriers that throttle and fail.

Nothing here looks at a clock: what is counted is who was heard when, how often something was done,
and what lies in the real stores.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.channels.case import Delivery, Heard
from tests.channels.cases import CASES
from tests.channels.conftest import House, Person
from tests.channels.town import Echo, Insistent, Town, Visitor, town
from tests.support.content import messages
from tests.support.rules_engine import RulesEngine

QUESTION = "what is harassment? message {} of {}"
NAMES = [case.name for case in CASES]
#: Those that send their answers themselves, so that a carrier can refuse one.
SENDING = ["telegram", "signal"]
_HEARD = re.compile(r"heard: what is harassment\? message (\d+) of (\S+)")


@pytest.fixture
async def echoing(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """Every channel; the engine only repeats."""
    async with town(data_dir, monkeypatch, Echo()) as found:
        yield found


def _asked(engine: RulesEngine) -> dict[str, list[int]]:
    """What the engine was asked, by who asked it, in that order."""
    found = defaultdict(list)
    for asked in engine.asked:
        if match := _HEARD.match(f"heard: {asked['text']}"):
            found[match[2]].append(int(match[1]))
    return found


def _answered(heard: Sequence[Heard]) -> list[int]:
    """The numbers of the messages that were answered, in that order."""
    return [int(match[1]) for one in heard for match in _HEARD.finditer(one.text)]


async def _writes(house: House, sender: int, each: int, chance: random.Random) -> list[int]:
    """Messages one after the other, delivered once or several times; what was answered."""
    who, heard, earlier = f"{house.case.name}/{sender}", list[Heard](), list[Delivery]()
    for number in range(each):
        delivery = house.case.text(sender, QUESTION.format(number, who), house.event())
        again = [chance.choice(earlier)] if earlier and chance.random() < 0.2 else []
        copies = [delivery] * chance.choice([1, 1, 2, 3])
        answers = await asyncio.gather(*(house.deliver(copy) for copy in (*copies, *again)))
        assert {answer.status_code for answer in answers} == {200}
        same = [house.case.heard(sender, answer) for answer in answers]
        heard += next((texts for texts in same if texts), [])
        assert all(texts in ([], same[0]) for texts in same[: len(copies)]), "a second answer"
        earlier.append(delivery)
    return _answered(heard)


async def _visits(visitor: Visitor, name: str, each: int, chance: random.Random) -> list[int]:
    found = []
    for number in range(each):
        await visitor.says(QUESTION.format(number, name), chance.choice([1, 1, 2, 3]))
        found += _answered([Heard(visitor.text)])
    return found


async def test_thousands_of_messages_are_each_heard_and_answered_once_and_in_order(
    echoing: Town,
) -> None:
    people, each, chance = 8, 25, random.Random(5)
    http = echoing.houses["sms"].http
    visitors = [Visitor(http) for _ in range(people)]
    answered = await asyncio.gather(
        *(_writes(echoing.houses[n], 300 + p, each, chance) for n in NAMES for p in range(people)),
        *(_visits(visitor, f"web/{p}", each, chance) for p, visitor in enumerate(visitors)),
    )
    heard = _asked(echoing.engine)
    assert len(heard) == len(answered) == people * (len(NAMES) + 1)
    assert all(numbers == list(range(each)) for numbers in (*heard.values(), *answered))
    assert {status for visitor in visitors for status in visitor.statuses} == {200}
    # Of each message one copy lies at Twilio, however often it was delivered.
    assert len(set(echoing.copies)) == 2 * people * each


async def test_an_office_behind_one_address_is_not_one_sender(echoing: Town) -> None:
    """All carriers' deliveries, and a whole office's browsers, come from one address each."""
    too_fast = messages().text("en", "gate.too_fast"), messages().text("en", "sms.gate.too_fast")
    http = echoing.houses["sms"].http
    for wave in range(3):
        visitors = [Visitor(http) for _ in range(10)]
        people = [echoing.anybody(name) for name in NAMES for _ in range(10)]
        office: list[Visitor | Person] = [*visitors, *people]
        for number in range(4):
            text = QUESTION.format(number, f"office-{wave}")
            await asyncio.gather(*(one.says(text) for one in office))
            assert {status for visitor in visitors for status in visitor.statuses} == {200}
            for one in office:
                assert f"message {number} of" in one.text
                assert not any(words in one.text for words in too_fast)


@pytest.mark.parametrize("flooding", NAMES)
async def test_a_flood_of_one_does_not_slow_the_others(flooding: str, echoing: Town) -> None:
    """Counted in turns of the engine: between her message and its turn at most two of his."""
    house, engine = echoing.houses[flooding], echoing.engine
    for name in NAMES:
        await echoing.houses[name].person(500).says("hello")
    engine.asked.clear()
    engine.slow = 0.005
    flood = [
        asyncio.create_task(
            house.deliver(house.case.text(500, QUESTION.format(n, "flood"), house.event()))
        )
        for n in range(300)
    ]
    for name in NAMES * 3:
        await asyncio.sleep(0.01)
        before = len(engine.asked)
        person = await echoing.anybody(name).says(QUESTION.format(1, "hers"))
        assert "of hers" in person.text
        turns = [asked["text"].endswith("flood") for asked in engine.asked[before:]]
        assert turns.index(False) <= 2, "she waited behind the flood"
    answers = await asyncio.gather(*flood)
    assert {answer.status_code for answer in answers} == {200}
    assert len(_asked(engine)["flood"]) <= 45, "more than the limit was heard"
    too_fast = house.case.shown(house.says("en", "gate.too_fast"))
    texts = [heard.text for answer in answers for heard in house.case.heard(500, answer)]
    assert texts.count(too_fast) == 1, "it is said once"


@pytest.mark.parametrize("trouble", ["throttle", "fail"])
@pytest.mark.parametrize("name", SENDING)
async def test_a_carrier_in_trouble_slows_no_other_and_nothing_is_done_twice(
    name: str, trouble: str, echoing: Town
) -> None:
    """Nothing can be sent through one carrier until all others have had their answers."""
    house, over, waiting = echoing.houses[name], asyncio.Event(), list[float]()

    async def waits(seconds: float) -> None:
        waiting.append(seconds)
        await over.wait()

    echoing.calls(name)._sleep = waits
    getattr(house.case.provider, trouble)(10_000)
    stuck = [
        asyncio.create_task(_insists(house, 700 + n, QUESTION.format(1, f"stuck-{n}")))
        for n in range(30)
    ]
    while len(waiting) < len(stuck):  # noqa: ASYNC110 (the carrier's library is waited for, too)
        await asyncio.sleep(0)
    for other in NAMES * 5:
        if other != name:
            assert "of free" in (await echoing.anybody(other).says(QUESTION.format(1, "free"))).text
    assert not any(task.done() for task in stuck)
    getattr(house.case.provider, trouble)(0)
    over.set()
    assert await asyncio.gather(*stuck) == [[1]] * len(stuck)
    heard = _asked(echoing.engine)
    assert all(heard[f"stuck-{n}"] == [1] for n in range(len(stuck)))


async def _insists(house: House, sender: int, text: str) -> list[int]:
    """As carriers do: until it is taken. What was answered in the end."""
    delivery = house.case.text(sender, text, house.event())
    while (await house.deliver(delivery)).status_code != 200:
        pass
    return _answered(house.case.provider.unread(_chat(house, sender)))


def _chat(house: House, sender: int) -> int | str:
    address = house.case.address(sender)
    return int(address) if house.case.name == "telegram" else address


@pytest.mark.parametrize("name", SENDING)
async def test_a_carrier_that_is_away_again_and_again_loses_and_doubles_nothing(
    name: str, echoing: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the carrier does not deliver again, the door tries as long as that takes."""
    monkeypatch.setattr("bot.channels.door.AGAIN", (0.01,) * 1_000)
    house, each = echoing.houses[name], 6
    people = range(600, 606)

    async def writes(sender: int) -> list[int]:
        found = []
        for number in range(each):
            found += await _insists(house, sender, QUESTION.format(number, sender))
        return found

    writing = asyncio.gather(*(writes(sender) for sender in people))
    for _ in range(40):
        house.case.provider.fail(9)  # longer than one round of tries
        await asyncio.sleep(0.005)
    house.case.provider.fail(0)
    assert await writing == [list(range(each))] * len(people)
    assert _asked(echoing.engine) == {str(sender): list(range(each)) for sender in people}


async def _picks(person: Person, *labels: str) -> None:
    for label in labels:
        await person.picks(label)


async def _reports(person: Person) -> None:
    """From the first word until it is sent; on SMS the small one."""
    await person.says("hello")
    await person.says("report")
    if person.house.case.name == "sms":
        await _picks(person, "A short note here", "Me")
    else:
        await _picks(person, "To me")
    await person.says("UNICEF")
    await _picks(person, "Yes", "No, it can go there")
    if person.house.case.name == "sms":
        await _picks(person, "Physical", "Help and support", "No")
    else:
        await person.says("He follows me home.")
        await _picks(person, "I have said it all")
        for _ in range(4):
            await person.says("skip")
        await _picks(person, "anonymous", "go on")
    await _picks(person, "Yes, send it")


async def _answers(person: Person) -> None:
    """The survey, until what she answered is sent."""
    await person.says("hello")
    await person.says("survey")
    await _picks(person, "start", "It has ended")
    await person.says("1")
    if "Done" in person.labels:
        await person.picks("Done")
    await person.says("finish" if person.house.case.name == "sms" else "stop")
    await _picks(person, "Send what I answered")


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_no_retry_makes_a_second_report_or_a_second_survey(
    kind: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Counted in the real stores, with everything delivered four times, on all channels."""
    settings = {}
    if kind == "postgres":
        settings["SPEAKSAFE_DATABASE_URL"] = request.getfixturevalue("fresh_postgres_url")
    async with town(data_dir, monkeypatch, **settings) as found:
        houses = list(found.houses.values())
        storage = houses[0].parts.storage
        assert storage.database.is_sqlite == (kind == "sqlite")
        reporting = [Insistent(house, 400) for house in houses]
        answering = [Insistent(house, 420) for house in houses]
        await asyncio.gather(*map(_reports, reporting), *map(_answers, answering))
        assert len(storage.cases.for_offices(["demo-office"])) == len(reporting)
        current = storage.rounds.current()
        assert current is not None
        storage.rounds.close(current.round_id)
        assert len(storage.drop_box.take_all(current.round_id)) == len(answering)
