"""What is Telegram's own: keyboards, commands, groups, deleting, faults; the real library."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from bot.channels import telegram_calls
from bot.channels.contract import Incoming, NotSent, Reply
from bot.channels.telegram import LONGEST_DATA, Telegram
from catalogue import Choice, Message
from tests.channels.bot_api import Written
from tests.channels.cases.telegram import TelegramCase, message, person, update
from tests.channels.conftest import House, Person
from tests.channels.telling import sends_a_report


@pytest.fixture
def house(with_telegram: House) -> House:
    """The service with Telegram."""
    return with_telegram


@pytest.fixture
def she(house: House) -> Person:
    """Somebody with Telegram."""
    return house.person(1)


def _case(house: House) -> TelegramCase:
    assert isinstance(house.case, TelegramCase)
    return house.case


def _chat(house: House, sender: int = 1) -> dict[int, Any]:
    case = _case(house)
    return case.provider.chats[case.chat(sender)]


def _keyboards(house: House) -> list[int]:
    return [m.id for m in _chat(house).values() if m.keyboard]


async def test_a_keyboard_goes_when_it_was_used(house: House, she: Person) -> None:
    await she.says("/start")
    (first,) = _keyboards(house)
    await she.picks("policy and my options")
    assert first not in _keyboards(house) and len(_keyboards(house)) == 1
    assert [n["callback_query_id"] for n in _case(house).provider.notices]


async def test_a_keyboard_goes_when_she_typed_instead(house: House, she: Person) -> None:
    await she.says("/start")
    (first,) = _keyboards(house)
    await she.says("is there a deadline?")
    assert first not in _keyboards(house)


async def test_a_press_twice_counts_once(house: House, she: Person) -> None:
    await she.says("/start")
    (on,) = _keyboards(house)
    case, asked = _case(house), len(house.engine.asked)
    await she.gives(case.press_on(1, on, "menu:report", house.event()))
    await she.gives(case.press_on(1, on, "menu:report", house.event()))
    assert len(house.engine.asked) == asked + 1
    assert not she.messages, "a passing notice is enough"
    notice = house.parts.messages.text("en", "channel.pressed_before")
    assert case.provider.notices[-1]["text"] == notice


async def test_a_button_of_an_earlier_question_does_not_answer_the_present_one(
    house: House, she: Person
) -> None:
    await she.says("/start")
    (old,) = _keyboards(house)
    await she.picks("Make a report")
    asked = len(house.engine.asked)
    await she.gives(_case(house).press_on(1, old, "opt:self", house.event()))
    assert len(house.engine.asked) == asked


async def test_erase_and_languages_count_on_whatever_message_they_are_pressed(
    house: House, she: Person
) -> None:
    await she.says("/start")
    await she.gives(_case(house).press_on(1, 1, "lang:fr", house.event()))
    she.hears("Que souhaitez-vous faire")
    await she.gives(_case(house).press_on(1, 1, "gate:erase", house.event()))
    she.hears("supprimé")


async def test_a_button_from_before_a_pause_begins_anew(house: House, she: Person) -> None:
    await she.gives(_case(house).press_on(1, 1, "do:yes", house.event()))
    assert she.choices and not house.parts.storage.cases.for_offices(["demo-office"])


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/start", "Speaksafe: a program, not a person"),
        ("/START@speaksafe_bot", "Speaksafe: a program, not a person"),
        ("/help", "Speaksafe: a program, not a person"),
        ("/language", "Which language"),
        ("/stop", "This chat is over"),
        ("/erase", "deleted on our side"),
    ],
)
async def test_commands(she: Person, command: str, words: str) -> None:
    (await she.says(command)).hears(words)


async def test_stop_and_language_in_the_middle_of_a_report(she: Person) -> None:
    await she.says("/start")
    await she.picks("Make a report")
    await she.says("/language")
    await she.picks("Français")
    she.hears("À qui")
    (await she.says("/stop")).hears("Rien n’a été envoyé")


async def test_start_brings_a_code_of_another_channel(house: House, she: Person) -> None:
    (await she.says("/start 123456789")).hears("This code does not work")


async def test_the_language_of_the_app_is_a_guess_that_what_she_writes_corrects(
    house: House, she: Person
) -> None:
    chat = _case(house).chat(1)
    french = message(chat, 50, "fr", text="/start")
    (await she.gives(update(house.event(), message=french))).hears("un programme, pas une personne")
    (await she.says("hello, is there a deadline for me to report this?")).hears("deadline")
    unknown = message(_case(house).chat(2), 51, "pt-br", text="/start")
    him = house.person(2)
    (await him.gives(update(house.event(), message=unknown))).hears("a program, not a person")


GROUP = {"id": -100_200, "type": "supergroup", "title": "Planted office"}


@pytest.mark.parametrize("what", ["message", "added", "channel_post", "callback"])
async def test_groups_are_refused_kindly_and_left(house: House, what: str) -> None:
    case = _case(house)
    written = {"message_id": 5, "date": 1, "chat": GROUP, "from": person(7), "text": "hello"}
    member = {"user": person(7), "status": "member"}
    bot = {"id": 110201543, "is_bot": True, "first_name": "Speaksafe"}
    event = house.event()
    deliveries = {
        "message": lambda: update(event, message=written),
        "added": lambda: update(
            event,
            my_chat_member={
                "chat": GROUP, "from": person(7), "date": 1,
                "old_chat_member": {"user": bot, "status": "left"},
                "new_chat_member": member | {"user": bot},
            },
        ),
        "channel_post": lambda: update(
            event, channel_post={"message_id": 5, "date": 1, "chat": GROUP | {"type": "channel"}}
        ),
        "callback": lambda: update(
            event,
            callback_query={"id": "q", "from": person(7), "chat_instance": "1",
                            "data": "menu:report", "message": written},
        ),
    }  # fmt: skip
    assert (await house.deliver(deliveries[what]())).status_code == 200
    assert case.provider.left == [GROUP["id"]]
    (said,) = case.provider.unread(GROUP["id"])  # type: ignore[arg-type]
    assert "one person at a time" in said.text
    assert not house.engine.asked


async def test_who_blocks_us_is_forgotten(house: House, she: Person) -> None:
    await she.says("/start")
    chat = _case(house).chat(1)
    bot = {"id": 110201543, "is_bot": True, "first_name": "Speaksafe"}
    blocked = {
        "chat": {"id": chat, "type": "private", "first_name": "W"},
        "from": person(chat),
        "date": 1,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": "kicked", "until_date": 0},
    }
    await she.gives(update(house.event(), my_chat_member=blocked))
    assert not she.messages
    (await she.says("hello")).hears("Speaksafe: a program")


async def test_an_edited_message_is_told_that_nothing_is_kept(house: House, she: Person) -> None:
    await she.says("/start")
    edited = message(_case(house).chat(1), 60, text="other words", edit_date=2)
    asked = len(house.engine.asked)
    (await she.gives(update(house.event(), edited_message=edited))).hears("I keep no messages")
    assert len(house.engine.asked) == asked


async def test_the_words_under_a_picture_are_heard(house: House, she: Person) -> None:
    await she.says("/start")
    photo: dict[str, Any] = {
        "photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    }
    captioned = message(_case(house).chat(1), 61, caption="what is harassment?", **photo)
    await she.gives(update(house.event(), message=captioned))
    she.hears("I keep nothing of it", "unwelcome")


async def test_erase_deletes_the_messages_of_both_sides(house: House, she: Person) -> None:
    await she.says("/start")
    await she.says("he follows me home")
    await she.picks("policy and my options")
    assert len(_chat(house)) > 5
    await she.says("erase")
    left = [m.text for m in _chat(house).values()]
    assert left == [heard.text for heard in she.messages], "only the last words stay"
    she.hears("deleted on our side", "on both sides", "Telegram may keep")


async def test_leaving_clears_the_chat_and_says_nothing_more(house: House, she: Person) -> None:
    await she.says("/start")
    await she.gives(_case(house).press_on(1, 1, "gate:exit", house.event()))
    assert [m.text for m in _chat(house).values()] == ["OK."]


async def test_the_safe_word_takes_what_was_said_off_the_screen(house: House, she: Person) -> None:
    await she.says("/start")
    await she.says("he follows me home")
    await she.says("umbrella")
    assert not [m for m in _chat(house).values() if "home" in m.text or "Speaksafe" in m.text]
    she.hears("Houseplants")


async def test_after_a_stop_deleting_is_offered_with_its_limit(house: House, she: Person) -> None:
    await she.says("/start")
    (await she.says("stop")).hears("48 hours", "30 minutes")
    await she.picks("Yes, delete them")
    she.hears("told that it is done")
    assert len(_chat(house)) == 1


async def test_after_a_stop_deleting_can_be_declined_in_words(house: House, she: Person) -> None:
    await she.says("/start")
    await she.says("stop")
    (await she.says("No, leave them")).hears("they stay")
    assert len(_chat(house)) > 4


async def test_after_a_stop_a_new_question_begins_anew(house: House, she: Person) -> None:
    await she.says("/start")
    await she.says("stop")
    (await she.says("what is harassment?")).hears("unwelcome")
    await she.says("erase")
    assert len(_chat(house)) == len(she.messages), "what was said before goes, too"


async def test_what_telegram_no_longer_deletes_is_told(house: House, she: Person) -> None:
    await she.says("/start")
    await she.says("he follows me home")
    api = _case(house).provider
    api.undeletable.add(min(_chat(house)))
    (await she.says("erase")).hears("could not have all our messages deleted")
    assert len(_chat(house)) == len(she.messages) + 1, "the others are gone"
    api.undeletable.clear()


async def test_more_than_a_hundred_messages_are_deleted(house: House, she: Person) -> None:
    await she.says("/start")
    ids = [house.event() for _ in range(110)]
    for id in ids:
        _chat(house)[id] = Written(id, _case(house).chat(1), "…", read=True)
    door = house.parts.carriers._doors["telegram"]
    pseudonym, _ = await door._pseudonyms.of("telegram", _case(house).address(1))
    await door._trails.note(pseudonym, ids=[str(id) for id in ids])
    await she.says("erase")
    assert not set(ids) & set(_chat(house))


async def test_a_receipt_goes_from_the_chat_when_it_was_noted(house: House, she: Person) -> None:
    await sends_a_report(she)
    receipt = re.compile(r"\b\d{4}(?: \d{4}){5}\b")
    found = next(receipt.search(m.text) for m in _chat(house).values() if receipt.search(m.text))
    assert found
    await she.says(found[0][-4:])
    she.hears("noted")
    assert not [m for m in _chat(house).values() if found[0] in m.text]


async def test_the_text_of_a_receipt_is_marked() -> None:
    (call,) = Telegram("1:a", "s").render(
        Reply((Message("1234 5678", secret=True),), "en"), update_free()
    )
    assert call.secret


def update_free() -> Incoming:
    """An event of no matter."""
    return Incoming("1", "1")


async def test_a_long_text_is_cut_between_sentences_and_the_choices_stand_at_the_end() -> None:
    text = ". ".join(f"Sentence {n} with an emoji 🙂" for n in range(300))
    reply = Reply((Message(text, (Choice("Go on", "do:go_on"),)),), "en")
    calls = Telegram("1:a", "s").render(reply, update_free())
    assert len(calls) > 1
    texts = [call.params["text"] for call in calls]
    assert all(len(t.encode("utf-16-le")) // 2 <= 4096 for t in texts)
    assert " ".join(texts) == text
    assert ["reply_markup" in call.params for call in calls] == [False] * (len(calls) - 1) + [True]


async def test_long_labels_stand_in_the_text_under_the_numbers_on_the_buttons() -> None:
    choices = tuple(
        Choice(f"A label that is too long for a telephone {n}", f"opt:{n}") for n in range(7)
    )
    (call,) = Telegram("1:a", "s").render(Reply((Message("Which?", choices),), "en"), update_free())
    assert "7. A label that is too long for a telephone 6" in call.params["text"]
    rows = call.params["reply_markup"].inline_keyboard
    assert [[button.text for button in row] for row in rows] == [list("12345"), list("67")]


async def test_a_value_that_no_button_can_carry_is_chosen_by_its_number() -> None:
    choices = (Choice("Long", "opt:" + "x" * LONGEST_DATA), Choice("Short", "opt:1"))
    (call,) = Telegram("1:a", "s").render(Reply((Message("Which?", choices),), "en"), update_free())
    assert "reply_markup" not in call.params and "1. Long" in call.params["text"]


async def test_a_lost_answer_of_telegram_is_not_sent_again(house: House, she: Person) -> None:
    await she.says("/start")
    api = _case(house).provider
    api.lose(2)
    await she.says("what is harassment?")
    texts = [m.text for m in _chat(house).values()]
    assert len(texts) == len(set(texts)), "somebody reads the same twice"


async def test_a_part_that_was_sent_is_not_sent_again_when_the_next_one_failed(
    house: House, she: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = _case(house).text(1, "/start", house.event())
    sent = 0
    real = telegram_calls.Calls.send

    async def fails_after_two(self: Any, call: Any, chat: int) -> Any:
        nonlocal sent
        sent += 1
        if sent == 3:
            raise NotSent
        return await real(self, call, chat)

    monkeypatch.setattr(telegram_calls.Calls, "send", fails_after_two)
    assert (await house.deliver(delivery)).status_code == 503
    assert (await house.deliver(delivery)).status_code == 200
    texts = [m.text for m in _chat(house).values()]
    assert len(texts) == len(set(texts))
    assert len(house.engine.asked) == 1


async def test_erasing_does_not_wait_for_an_engine_that_hangs(house: House, she: Person) -> None:
    await she.says("/start")
    house.engine.slow = 1.0
    case = _case(house)
    waiting = asyncio.create_task(house.deliver(case.text(1, "he follows me", house.event())))
    await asyncio.sleep(0.2)
    began = asyncio.get_running_loop().time()
    await she.says("erase")
    assert asyncio.get_running_loop().time() - began < 0.8
    await waiting
    assert "he follows me" not in [m.text for m in _chat(house).values()]
    assert len(_chat(house)) == len(she.messages), "nothing is said after erasing"
