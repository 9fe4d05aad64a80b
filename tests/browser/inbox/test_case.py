"""One case: shown whole, nothing in it is run, its status goes its way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.inbox.reader import PASSPHRASE, Reader
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint, Told
from vault.keys import PrivateKey
from vault.sealing import Context, seal

pytestmark = pytest.mark.browser


def test_a_case_is_shown_with_everything_that_was_sent(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    told = world.case(
        "unv-office",
        days_ago=3,
        relation="witness",
        account="First line\nSecond line",
        when_where="مساء الثلاثاء، في الممر",
        danger_now=True,
        contact="after six, 555 0199",
    )
    world.addition(told, "He came back.", amina)
    reader.opens().signs_in()
    expect(reader.page.locator(".case")).to_contain_text("New")
    expect(reader.page.locator(".case")).to_contain_text("Came in 3 days ago")
    reader.opens_case()
    expect(reader.page.locator(".account dd")).to_have_text("First line\nSecond line")
    expect(reader.page.locator(".when_where dd")).to_have_css("direction", "rtl")
    expect(reader.page.locator(".danger")).to_contain_text("danger now")
    expect(reader.page.locator(".relation dd")).to_have_text("Someone who saw or heard it")
    expect(reader.page.locator(".entity dd")).to_have_text("United Nations Volunteers")
    expect(reader.page.locator(".who dd")).to_have_text("Not given")
    expect(reader.page.locator(".contact dd")).to_have_text("after six, 555 0199")
    expect(reader.page.locator(".talk li")).to_contain_text("He came back.")
    expect(reader.page.locator(".in-language")).to_contain_text("French")
    expect(reader.page.locator("h1 + .chip")).to_have_text("Opened")
    stored = world.cases.get(told.case_id)
    assert stored is not None
    assert (stored.status, stored.unread_by_focal_point) == ("opened", False)


def test_what_a_reporter_writes_is_never_run(world: LiveWorld, reader: Reader) -> None:
    world.focal_point("amina", "unv-office", passphrase=PASSPHRASE)
    attack = (
        "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'>"
        "<a href='javascript:window.hurt = 1'>press</a>{name}&lt;b&gt;"
    )
    fields = dict.fromkeys(("account", "who", "wish", "when_where", "contact", "relation"), attack)
    world.case("unv-office", **fields, entity={"code": attack, "name": attack})
    reader.opens().signs_in()
    reader.opens_case()
    expect(reader.page.locator(".account dd")).to_have_text(attack)
    expect(reader.page.locator(".report dd a, .report dd img, .report dd script")).to_have_count(0)
    assert reader.page.evaluate("window.hurt") is None


def test_odd_documents_break_nothing(world: LiveWorld, reader: Reader, amina: FocalPoint) -> None:
    told = world.case("unv-office", account=7, entity=None, danger_now="yes", relation=["self"])
    world.addition(told, "fine", amina)
    odd = seal(b"[1]", [amina.key.public()], Context("addition", told.case_id))
    world.cases.add_entry(told.case_id, "reporter", odd, world.today)
    reader.opens().signs_in()
    reader.opens_case()
    expect(reader.page.locator(".account dd")).to_have_text("Not given")
    expect(reader.page.locator(".talk li")).to_have_count(2)


def test_an_envelope_for_others_is_said_to_be_closed_and_the_rest_works(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    told = world.case("unv-office")
    world.addition(told, "for Amina", amina)
    stranger = FocalPoint("x", PrivateKey.new(), amina.secrets)
    world.addition(told, "for somebody else", stranger)
    reader.opens().signs_in()
    reader.opens_case()
    reader.reads("for Amina")
    expect(reader.page.locator(".talk .unopened")).to_have_text(
        re.compile("cannot be opened with your key")
    )
    # What she could not read stays marked as new, for whoever can.
    stored = world.cases.get(told.case_id)
    assert stored is not None
    assert (stored.status, stored.unread_by_focal_point) == ("received", True)


def test_the_status_goes_its_way_to_the_end(world: LiveWorld, reader: Reader, case: Told) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    chip = reader.page.locator("h1 + .chip")
    reader.presses("Start the review")
    expect(chip).to_have_text("In review")
    reader.presses("Close the case")
    reader.presses("Go back")
    expect(chip).to_have_text("In review")
    reader.presses("Close the case")
    reader.presses("Yes, close the case")
    reader.reads("Please choose a reason.")
    reader.page.get_by_label("Reason").select_option("settled")
    reader.presses("Yes, close the case")
    expect(chip).to_have_text("Closed")
    reader.reads("Closed by amina: Settled as the reporter wished")
    seen = world.deps.messages.text("en", "return.status.closed")
    expect(reader.page.locator(".side blockquote")).to_have_text(seen)
    expect(reader.page.locator(".step")).to_have_count(0)
    stored = world.cases.get(case.case_id)
    assert stored is not None
    assert stored.status == "closed"


def test_the_conversation_goes_by_days(
    world: LiveWorld, reader: Reader, amina: FocalPoint, case: Told
) -> None:
    now = world.today
    world.today = now - timedelta(days=2)
    world.addition(case, "He came back.", amina)
    world.today = now
    world.addition(case, "And again today.", amina)
    reader.opens().signs_in()
    reader.opens_case()
    days = reader.page.locator(".day time")
    expect(days).to_have_count(2)
    assert days.first.get_attribute("datetime") == (now - timedelta(days=2)).isoformat()


def test_a_case_is_closed_with_a_reason_that_the_reporter_does_not_see(
    world: LiveWorld, reader: Reader, case: Told
) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    reader.presses("Close the case")
    reader.page.get_by_label("Reason").select_option("referred")
    reader.fills("In your own words (can be left out)", "To the investigators, by hand.")
    reader.presses("Yes, close the case")
    reader.reads("Closed by amina: Passed on for investigation")
    reader.reads("To the investigators, by hand.")
    stored = world.cases.get(case.case_id)
    assert stored is not None
    assert stored.status == "closed"
    assert world.replies(case) == []
