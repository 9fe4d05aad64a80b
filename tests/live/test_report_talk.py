"""A report, from the first question to the reply."""

from __future__ import annotations

import re

import pytest

from tests.support.live import Live
from tests.support.talk import Talk

RECEIPT = re.compile(r"\d{4}( \d{4}){5}")


def _to_account(talk: Talk, relation: str = "opt:self", entity: str = "WFP") -> Talk:
    talk.chooses("menu:report").chooses(relation).says(entity)
    return talk.chooses("do:yes").chooses("opt:clear")


def _to_preview(talk: Talk, account: str) -> Talk:
    _to_account(talk).says(account).chooses("do:done")
    for _ in range(4):  # when and where, who, wish, danger
        talk.chooses("do:skip")
    return talk.chooses("opt:anonymous")


def _send(talk: Talk) -> str:
    """Send, and return the receipt."""
    talk.chooses("opt:send").chooses("do:yes")
    found = RECEIPT.search(talk.text)
    assert found, talk.text
    return found[0]


@pytest.mark.parametrize("relation", ["opt:self", "opt:witness", "opt:other"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_whole_report(live: Live, relation: str, lang: str) -> None:
    talk = _to_account(live.talk(lang).opens(), relation)
    talk.says("It happened at the year’s end party.").chooses("do:done")
    talk.says("last winter").says("my team leader").chooses("opt:end").chooses("do:no")
    talk.chooses("opt:anonymous").hears("It happened at the year’s end party.", "my team leader")
    receipt = _send(talk)
    talk.says("0000" if not receipt.endswith("0000") else "1111")
    assert not RECEIPT.search(talk.text)
    talk.says(receipt[-4:])
    assert talk.chooses("opt:again").text.startswith(receipt), "as long as the chat lasts"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("WHO", "World Health Organization"),
        ("who", "World Health Organization"),
        ("OIM", "Migration"),
        ("world food program", "World Food Programme"),
    ],
)
def test_a_short_name_is_confirmed_by_the_full_one(talk: Talk, typed: str, meant: str) -> None:
    talk.chooses("menu:report").chooses("opt:self").says(typed)
    if any(choice["value"] == "do:yes" for choice in talk.choices):
        talk.hears(meant)
    else:
        talk.is_offered(meant)


def test_an_unknown_organization_is_no_dead_end(talk: Talk) -> None:
    talk.chooses("menu:report").chooses("opt:self").says("the ministry of silly walks")
    talk.chooses("opt:unlisted").hears("report would go to")


def test_a_conflict_leads_to_another_office(talk: Talk) -> None:
    talk.chooses("menu:report").chooses("opt:self").says("WFP").chooses("do:yes")
    before = talk.text
    talk.chooses("opt:involved").hears("instead")
    assert before not in talk.text
    talk.presses("Yes").hears("in your own words")


def test_a_part_is_changed_at_the_end(talk: Talk) -> None:
    _to_preview(talk, "First version.").chooses("opt:change").chooses("opt:account")
    talk.chooses("opt:anew").says("Second version.").chooses("do:done")
    talk.hears("Second version.").does_not_hear("First version.")
    talk.chooses("opt:change").chooses("opt:relation").chooses("opt:witness")
    talk.hears("Second version.", "I saw or heard it")


def test_sent_once_however_often_it_is_pressed(talk: Talk) -> None:
    _to_preview(talk, "Pressed twice.")
    receipt = _send(talk)
    assert receipt in talk.chooses("do:yes").text


@pytest.mark.parametrize("nothing", ["", " ", "-", "/", "..."])
def test_nothing_but_a_clear_yes_sends(talk: Talk, nothing: str) -> None:
    _to_preview(talk, "Not yet.").chooses("opt:send").says(nothing)
    assert not RECEIPT.search(talk.text)
    talk.chooses("do:no").hears("Not yet.")


def test_what_sounds_like_stop_deletes_nothing(talk: Talk) -> None:
    """At the question about danger this once deleted the whole report."""
    _to_account(talk).says("A long account.").chooses("do:done")
    for _ in range(3):
        talk.chooses("do:skip")
    talk.says("I want it to stop").chooses("do:resume").chooses("do:skip").chooses("opt:anonymous")
    talk.hears("A long account.")


def test_a_question_inside_the_account_belongs_to_it(talk: Talk) -> None:
    _to_account(talk).says("He said: is there a deadline for reporting?").chooses("do:done")
    for _ in range(4):
        talk.chooses("do:skip")
    talk.chooses("opt:anonymous").hears("He said: is there a deadline for reporting?")


def test_the_menu_pressed_by_a_slip_loses_no_word(talk: Talk) -> None:
    _to_account(talk).says("Kept.").chooses("menu:report").hears("nothing is lost")
    talk.chooses("menu:main").hears("nothing is lost").chooses("do:done")
    for _ in range(4):
        talk.chooses("do:skip")
    talk.chooses("opt:anonymous").hears("Kept.")


def test_stop_before_sending_sends_nothing(talk: Talk) -> None:
    _to_preview(talk, "Never sent.").says("stop").hears("Nothing was sent")
    talk.is_offered("Back to the start")


@pytest.mark.parametrize(
    "digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "०१२३४५६७८९"]
)
def test_coming_back_with_the_receipt_in_any_digits(live: Live, digits: str) -> None:
    receipt = _send(_to_preview(live.talk().opens(), "I come back."))
    typed = receipt.translate({ord("0") + n: digit for n, digit in enumerate(digits)})
    later = live.talk().opens().chooses("menu:return").says(typed).hears("I have found your report")
    later.does_not_hear(receipt, "I come back.")


def test_writing_again(live: Live) -> None:
    receipt = _send(_to_preview(live.talk().opens(), "First."))
    later = live.talk().opens().chooses("menu:return").says(receipt.replace(" ", "-"))
    later.chooses("opt:write").says("One thing more.").chooses("do:yes").hears("It is sent")


def test_a_wrong_receipt_and_an_unknown_one_sound_alike(live: Live) -> None:
    receipt = _send(_to_preview(live.talk().opens(), "Mine."))
    last = str((int(receipt[-1]) + 1) % 10)
    wrong = live.talk().opens().chooses("menu:return").says(receipt[:-1] + last)
    unknown = live.talk().opens().chooses("menu:return").says("1234 5678 9012 3456 7890 1234")
    assert wrong.messages == unknown.messages


def test_talking_goes_on_after_the_report(talk: Talk) -> None:
    receipt = _send(_to_preview(talk, "Then I ask."))
    talk.says(receipt[-4:]).says("what happens after a report?").does_not_hear("Then I ask.")
    assert talk.choices
    talk.chooses("menu:main").is_offered("receipt")
