"""What holds on every channel: the suite walks the registry."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.registry import CHANNELS
from tests.channels.case import Delivery
from tests.channels.cases import CASES
from tests.channels.conftest import House

#: A repeated message in words that say what it asks.
QUESTION = "what is harassment? number {}"


def test_every_channel_has_its_cases() -> None:
    assert [case.name for case in CASES] == [entry.name for entry in CHANNELS]


def _sends_by_itself(house: House) -> bool:
    return house.parts.carriers.channels[0].capabilities.patience is None


async def test_a_good_message_is_answered(house: House) -> None:
    person = await house.person(1).says("what is harassment?")
    person.hears("unwelcome")


async def test_what_the_carrier_and_we_can_see_is_said_at_the_start(house: House) -> None:
    person = await house.person(1).says("hello")
    privacy = house.says("en", f"open.privacy.{house.case.name}")
    person.hears(privacy).does_not_hear("nobody can see", "completely anonymous")


async def test_who_begins_with_a_question_is_told_too(house: House) -> None:
    person = await house.person(1).says("is there a deadline?")
    person.hears(house.says("en", f"open.brief.{house.case.name}"))


async def test_forged_and_unsigned_requests_leave_no_trace(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    genuine = house.case.text(1, QUESTION.format(1), house.event())
    before = house.remembered()
    for delivery in house.case.forged(genuine):
        answer = await house.deliver(delivery)
        assert answer.status_code == 403 and not answer.content
    assert house.remembered() == before
    assert not house.engine.asked and not house.case.heard(1, answer)
    assert not [r for r in caplog.records if r.name.split(".")[0] not in ("asyncio", "httpx")]
    assert (await house.deliver(genuine)).status_code == 200


@pytest.mark.parametrize("value", ["text/plain", "application/xml", "", None])
async def test_another_content_type_is_refused(house: House, value: str | None) -> None:
    genuine = house.case.text(1, QUESTION.format(1), house.event())
    answer = await house.deliver(genuine.with_header("Content-Type", value))
    assert answer.status_code in (403, 415)  # a signature may cover the type
    assert not house.engine.asked


async def test_a_body_without_end_is_refused(house: House) -> None:
    genuine = house.case.text(1, QUESTION.format(1), house.event())
    huge = Delivery(genuine.headers, genuine.body + b" " * 300_000, genuine.query)
    assert (await house.deliver(huge)).status_code == 413
    assert not house.engine.asked


async def test_a_truncated_body_is_refused(house: House) -> None:
    genuine = house.case.text(1, QUESTION.format(1), house.event())
    for size in (0, 1, len(genuine.body) // 2, len(genuine.body) - 1):
        answer = await house.deliver(Delivery(genuine.headers, genuine.body[:size], genuine.query))
        assert answer.status_code in (400, 403)
    assert not house.engine.asked


async def test_a_repeated_delivery_is_done_once(house: House) -> None:
    person = house.person(1)
    await person.says("hello")
    delivery = house.case.text(1, QUESTION.format(1), house.event())
    first = (await person.gives(delivery)).text
    assert first
    for _ in range(3):
        again = (await person.gives(delivery)).text
        # Where the answer travels in the request, the lost one is given again.
        assert again == ("" if _sends_by_itself(house) else first)
    await person.says(QUESTION.format(2))
    await person.gives(delivery)
    assert [asked["text"] for asked in house.engine.asked].count(QUESTION.format(1)) == 1


async def test_deliveries_repeated_at_the_same_time_are_done_once(house: House) -> None:
    house.engine.slow = 0.1
    await house.person(1).says("hello")
    delivery = house.case.text(1, QUESTION.format(1), house.event())
    answers = await asyncio.gather(*(house.deliver(delivery) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert [asked["text"] for asked in house.engine.asked].count(QUESTION.format(1)) == 1
    texts = [heard.text for answer in answers for heard in house.case.heard(1, answer)]
    if _sends_by_itself(house):
        assert len(texts) == len(set(texts)), "a second answer"


async def test_a_repeated_erase_begins_nothing_new(house: House) -> None:
    person = house.person(1)
    await person.says("hello")
    delivery = house.case.text(1, "erase", house.event())
    first = (await person.gives(delivery)).text
    again = (await person.gives(delivery)).text
    assert first and again in ("", first)
    assert not [name for name in house.remembered() if b"conversation" in name]
    assert len(house.engine.asked) == 1


async def test_messages_are_answered_in_the_order_in_which_they_were_sent(house: House) -> None:
    await house.person(1).says("hello")
    house.engine.slow = 0.05
    events = [house.event() for _ in range(6)]
    deliveries = [house.case.text(1, QUESTION.format(n), e) for n, e in enumerate(events)]
    running = [asyncio.create_task(house.deliver(deliveries[0]))]
    await asyncio.sleep(0.02)
    order = [4, 2, 5, 1, 3] if house.case.ordered else [1, 2, 3, 4, 5]
    for number in order:
        running.append(asyncio.create_task(house.deliver(deliveries[number])))
        await asyncio.sleep(0.002)
    await asyncio.gather(*running)
    asked = [a["text"] for a in house.engine.asked if a["text"].startswith("what is")]
    assert asked == [QUESTION.format(n) for n in range(6)]


async def test_a_message_that_comes_too_late_answers_no_other_question(house: House) -> None:
    if not house.case.ordered:
        return  # the carrier does not say in which order things were written
    person = house.person(1)
    await person.says("hello")
    late = house.case.text(1, "UNICEF", house.event())
    await person.says("I want to make a report")
    asked = len(house.engine.asked)
    (await person.gives(late)).hears(house.parts.messages.text("en", "channel.late"))
    assert len(house.engine.asked) == asked


async def test_unknown_kinds_are_taken_and_nothing_is_done(house: House) -> None:
    for delivery in house.case.unknown(house.event() + 1000):
        answer = await house.deliver(delivery)
        assert answer.status_code == 200
        assert not house.case.heard(1, answer)
    assert not house.engine.asked and not house.parts.conversations._locks


async def test_what_is_no_words_is_answered_in_words(house: House) -> None:
    person = house.person(1)
    await person.says("hello")
    asked = len(house.engine.asked)
    for delivery in house.case.wordless(1, house.event() + 1000):
        await person.gives(delivery)
        assert person.text and "channel." not in person.text
    assert len(house.engine.asked) == asked, "the engine was asked"


async def test_who_begins_with_a_picture_gets_the_opening(house: House) -> None:
    wordless = house.case.wordless(1, house.event() + 1000)
    if wordless:
        person = await house.person(1).gives(wordless[0])
        person.hears(house.says("en", "open.hello"))
        assert "I can only read words" in person.text or "I keep nothing of it" in person.text


async def test_a_throttled_carrier_is_waited_for(house: House) -> None:
    person = house.person(1)
    await person.says("hello")
    house.case.provider.throttle(1)
    (await person.says(QUESTION.format(1))).hears("unwelcome")
    house.case.provider.throttle(0)


async def test_a_failing_carrier_delivers_again_and_nothing_is_done_twice(house: House) -> None:
    if not _sends_by_itself(house):
        return
    person = house.person(1)
    await person.says("hello")
    delivery = house.case.text(1, QUESTION.format(1), house.event())
    if house.case.redelivers:
        house.case.provider.fail(1000)
        assert (await house.deliver(delivery)).status_code == 503
        house.case.provider.fail(0)
    else:  # it is acknowledged, and the door tries again by itself
        house.case.provider.fail(4)
    (await person.gives(delivery)).hears("unwelcome")
    texts = [heard.text for heard in person.messages]
    assert len(texts) == len(set(texts))
    assert [asked["text"] for asked in house.engine.asked].count(QUESTION.format(1)) == 1
