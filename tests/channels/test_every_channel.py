"""What holds on every channel: the suite walks the registry."""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections import defaultdict
from pathlib import Path

import pytest

from bot.channels.registry import CHANNELS
from service.logs import NamesOnly
from tests.channels.case import Delivery
from tests.channels.cases import CASES
from tests.channels.conftest import House, Person
from tests.support.canary import find

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
        (await house.person(1).gives(wordless[0])).hears(
            "I can only read words", house.says("en", "open.hello")
        )


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


async def test_a_conversation_about_the_policy(house: House) -> None:
    if "policy" not in house.case.jobs:
        return
    person = await house.person(1).says("hello")
    await person.picks("policy and my options")
    assert len(person.choices) > 3
    (await person.says("is there a deadline?")).hears("deadline")


async def test_the_language_follows_and_can_be_chosen(house: House) -> None:
    person = await house.person(1).says("hello")
    (await person.says("en français")).hears(house.says("fr", "open.again"))
    (await person.says("in English please")).hears(house.says("en", "open.again"))
    await person.says("make a report")
    asked = "relation.ask" if "report" in house.case.jobs else "brief.offer"
    (await person.says("en français")).hears(house.says("fr", f"report.{asked}"))


async def test_stop_and_erase_work_while_the_engine_is_away(house: House) -> None:
    person = await house.person(1).says("hello")
    house.engine.executor = None  # whatever it is asked now fails
    (await person.says("stop")).hears("forgotten")
    (await person.says("erase")).hears("delete")
    assert not [id for id in house.parts.conversations._locks if await _known(house, id)]


async def _known(house: House, id: str) -> bool:
    return await house.parts.conversations.find(id) is not None


async def sends_a_report(person: Person) -> None:
    """From the first word to the receipt."""
    await previews_a_report(person)
    await person.picks("go on")
    await person.picks("Yes, send it")


async def previews_a_report(person: Person) -> None:
    """From the first word to the preview."""
    await person.says("hello")
    await person.picks("Make a report")
    await person.picks("To me")
    await person.says("UNICEF")
    await person.picks("Yes")
    await person.picks("No, it can go there")
    await person.says("He follows me home.")
    await person.picks("I have said it all")
    for _ in range(4):
        await person.says("skip")
    await person.picks("anonymous")
    person.hears("He follows me home.")


async def test_a_report_is_sent_once_and_the_receipt_is_shown(house: House) -> None:
    if "report" not in house.case.jobs:
        return
    person = house.person(1)
    await previews_a_report(person)
    await person.picks("go on")
    yes = next(value for label, value in person.choices if label.startswith("Yes"))
    press = house.case.press(1, yes, house.event()) or house.case.text(1, yes, house.event())
    await asyncio.gather(*(house.deliver(press) for _ in range(4)))
    assert len(house.parts.storage.cases.for_offices(["demo-office"])) == 1
    await person.gives(press)
    assert len(house.parts.storage.cases.for_offices(["demo-office"])) == 1


async def test_a_survey_is_taken_to_its_end(house: House) -> None:
    if "survey" not in house.case.jobs:
        return
    person = house.person(1)
    await person.says("hello")
    await person.picks("Take the survey")
    await person.chooses("do:start")
    await person.chooses("opt:G1.1")
    onwards = ("do:start", "do:go_on", "do:answer", "do:send", "do:done", "do:skip")
    for _ in range(100):
        options = [v for v in person.values if v.startswith("opt:")]
        if "do:done" in person.values:
            await person.chooses("do:done")
        elif options:
            await person.chooses("opt:Q28.1" if "opt:Q28.1" in options else options[0])
        else:
            onward = next((value for value in onwards if value in person.values), None)
            if onward is None:
                break
            await person.chooses(onward)
    person.hears("Thank you")
    storage = house.parts.storage
    current = storage.rounds.current()
    assert current is not None
    storage.rounds.close(current.round_id)
    assert len(storage.drop_box.take_all(current.round_id)) == 1


PLANTED = ["Guillemette Quatrevaux follows me", "كتبت هذا بخوف شديد", "Zacharias-Kanarienvogel"]


async def test_no_word_no_address_and_no_secret_lies_about(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log, root = tmp_path / "log", logging.getLogger()
    caplog.set_level(logging.DEBUG)  # the most that can be logged
    with log.open("w") as stream:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(NamesOnly())
        root.addHandler(handler)
        person = house.person(1)
        await person.says("hello")
        for words in PLANTED:
            await person.says(words)
        house.case.provider.fail(2)
        await person.says(PLANTED[0] + " again")
        house.engine.executor = None  # an exception in the middle of it
        await person.says(PLANTED[1] + " again")
        person.hears(house.says("ar", "gate.went_wrong"))
        for forged in house.case.forged(house.case.text(1, PLANTED[2], house.event())):
            await house.deliver(forged)
        root.removeHandler(handler)
    memory = tmp_path / "memory"
    memory.write_bytes(b"\n".join(house.remembered()))
    house.parts.storage.database.checkpoint()
    planted = [*PLANTED, house.case.address(1), *house.case.secrets()]
    assert memory.stat().st_size > 1000 and log.stat().st_size > 1000
    assert find(planted, [log, memory, house.data_dir]) == []


async def test_the_search_for_leaks_finds_one(house: House, tmp_path: Path) -> None:
    (tmp_path / "leak").write_text(f"+{house.case.address(1)}: {PLANTED[1]}")
    assert len(find([PLANTED[1], house.case.address(1)], [tmp_path / "leak"])) >= 2


async def _web(house: House) -> tuple[dict[str, str], str]:
    begun = await house.http.post("/chat/sessions", json={"lang": "en"})
    headers = {"Authorization": f"Bearer {begun.json()['session']}"}
    return headers, begun.json()["session"]


async def _types(house: House, headers: dict[str, str], text: str) -> str:
    answer = await house.http.post("/chat/messages", json={"text": text}, headers=headers)
    assert answer.status_code == 200
    return "\n".join(message["text"] for message in answer.json()["messages"])


async def test_a_conversation_moves_to_the_web_and_goes_on_there(house: House) -> None:
    person = house.person(1)
    await person.says("hello")
    await person.says("make a report" if "report" in house.case.jobs else "survey")
    key = "report.relation.ask" if "report" in house.case.jobs else "survey.consent.ask"
    question = house.parts.messages.text("en", key)
    person.hears(house.says("en", key))
    await person.says("continue elsewhere")
    found = re.search(r"\b(\d{3} \d{3} \d{3})\b", person.text)
    assert found
    headers, _ = await _web(house)
    there = await _types(house, headers, found[1])
    assert "We go on here" in there and question in there
    assert house.parts.messages.text("en", "open.privacy.web") in there
    another, _ = await _web(house)
    assert "does not work" in await _types(house, another, found[1]), "a code is good once"
    (await person.says("hello")).does_not_hear(question)


async def test_a_conversation_moves_from_the_web_to_this_channel(house: House) -> None:
    headers, _ = await _web(house)
    await _types(house, headers, "bonjour, je voudrais continuer en français s'il vous plaît")
    await _types(house, headers, "en français")
    survey = "survey" in house.case.jobs
    await _types(house, headers, "survey" if survey else "menu")
    told = await _types(house, headers, "continuer ailleurs")
    found = re.search(r"\b(\d{3} \d{3} \d{3})\b", told)
    assert found
    person = await house.person(1).says(found[1].replace(" ", ""))
    person.hears(house.says("fr", "move.arrived"))
    person.hears(house.says("fr", "survey.consent.ask" if survey else "open.again"))
    person.hears(house.says("fr", f"open.privacy.{house.case.name}"))
    gone = await house.http.post("/chat/messages", json={"text": "hello"}, headers=headers)
    assert gone.status_code == 401


async def test_a_flood_of_one_does_not_slow_the_others(house: House) -> None:
    await house.person(1).says("hello")
    house.engine.slow = 0.02
    flood = [
        asyncio.create_task(house.deliver(house.case.text(1, QUESTION.format(n), house.event())))
        for n in range(150)
    ]
    await asyncio.sleep(0.05)
    loop = asyncio.get_running_loop()
    began = loop.time()
    person = await house.person(2).says("what is harassment?")
    took = loop.time() - began
    person.hears("unwelcome")
    assert not all(task.done() for task in flood) or took < 2
    answers = await asyncio.gather(*flood)
    assert {answer.status_code for answer in answers} == {200}
    asked = [a for a in house.engine.asked if "number" in a["text"]]
    assert len(asked) <= 45, "more than the limit was heard"
    too_fast = house.case.shown(house.says("en", "gate.too_fast"))
    told = [h.text for answer in answers for h in house.case.heard(1, answer)].count(too_fast)
    assert told == 1


async def test_a_thousand_messages_with_retries_are_answered_once_and_in_order(
    house: House,
) -> None:
    people, each = 40, 25
    shuffled = random.Random(7)
    for sender in range(people):
        await house.person(sender).says("hello")
    house.engine.asked.clear()

    async def writes(sender: int) -> None:
        for number in range(each):
            text = f"what is harassment? {sender}/{number}"
            delivery = house.case.text(sender, text, house.event())
            times = shuffled.choice([1, 1, 2, 3])
            await asyncio.gather(*(house.deliver(delivery) for _ in range(times)))

    await asyncio.gather(*(writes(sender) for sender in range(people)))
    asked = defaultdict(list)
    for one in house.engine.asked:
        sender, number = one["text"].split()[-1].split("/")
        asked[int(sender)].append(int(number))
    assert asked == {sender: list(range(each)) for sender in range(people)}
    if _sends_by_itself(house):
        answer = (await house.person(0).says("hello")).answer
        for sender in range(1, people):
            texts = [heard.text for heard in house.case.heard(sender, answer)]
            assert sum("unwelcome" in text.casefold() for text in texts) <= each
