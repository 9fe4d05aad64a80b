"""What people can do on every channel: ask, answer, report, go elsewhere, and leave no trace."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path

import pytest

from service.logs import NamesOnly
from tests.channels.conftest import House
from tests.channels.telling import previews_a_report
from tests.support.canary import find


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


async def test_a_report_is_sent_once(house: House) -> None:
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
