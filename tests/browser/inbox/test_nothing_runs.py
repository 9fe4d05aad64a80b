"""What reporters, colleagues and their browsers wrote is shown after it is opened, and never run.

Report, addition, note, reply, names of people and organizations, of files, of rounds: in a real
Chromium, behind the service's own headers. Nothing runs, nothing is asked for, and the page's own
policy has nothing to refuse: it is the second line, and the first must hold.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Guard
from tests.browser.hurting import ALL, Watch
from tests.browser.inbox.reader import PASSPHRASE, Reader
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint, Told
from vault.keys import PrivateKey
from vault.sealing import Context, seal

pytestmark = pytest.mark.browser


def _fills(world: LiveWorld, amina: FocalPoint, text: str) -> Told:
    """A case in which everything that anybody can write is hostile."""
    fields = ("account", "who", "wish", "when_where", "contact", "relation", "lang_name")
    file = {"id": text, "key": text, "name": text, "type": text, "size": text, "kind": text}
    told = world.case(
        "unv-office",
        **dict.fromkeys(fields, text),
        entity={"code": text, "name": text},
        files=[file, {**file, "copy": file}],
        **{text: text},
    )
    world.addition(told, text, amina)
    key = [amina.key.public()]
    note = json.dumps({"v": 1, "by": text, "text": text, "reason": text}).encode()
    world.cases.add_note(told.case_id, seal(note, key, Context("note", told.case_id)), world.today)
    reply = seal(json.dumps({"v": 1, "text": text}).encode(), key, Context("reply", told.case_id))
    world.cases.add_entry(told.case_id, "focal_point", reply, world.today)
    return told


@pytest.mark.parametrize("name", ALL)
def test_nothing_that_is_opened_in_the_inbox_runs(
    world: LiveWorld, reader: Reader, amina: FocalPoint, name: str
) -> None:
    text = ALL[name]
    world.focal_point(text[:60], "unv-office")  # a colleague, as she is offered for handing over
    _fills(world, amina, text)
    watch = Watch(reader.page)
    reader.opens().signs_in()
    reader.opens_case()
    shown = reader.page.locator(".account dd")
    expect(shown).to_have_text(text, use_inner_text=False)
    expect(reader.page.locator(".talk li")).to_have_count(3)
    reader.fills("Your answer", text)
    reader.page.locator("#note").fill(text)
    reader.page.mouse.move(300, 300)
    assert watch.hurt == []
    assert watch.made("main") == 0


@pytest.mark.parametrize("name", ALL)
def test_nothing_in_the_task_forces_page_runs(world: LiveWorld, reader: Reader, name: str) -> None:
    text = ALL[name]
    world.focal_point("task", "task-force", passphrase=PASSPHRASE)
    key = PrivateKey.new().public()
    world.rounds.close(world.rounds.open(text, "open", key).round_id)
    world.rounds.open(text, "invited", key)
    watch = Watch(reader.page)
    reader.opens("/taskforce").signs_in("task")
    reader.heading("Survey rounds")
    expect(reader.page.locator(".round")).to_have_count(2)
    assert reader.page.locator(".round").first.inner_text().count(text.strip()[:20])
    assert watch.hurt == []
    assert watch.made("main") == 0


def test_the_watch_sees_what_it_watches_for(
    world: LiveWorld, reader: Reader, amina: FocalPoint, guard: Guard
) -> None:
    """A page that takes a text for markup: its policy refuses, and both are noticed."""
    guard.expect_error(".*")
    guard.allow_host("hurt.example")
    watch = Watch(reader.page)
    reader.opens()
    assert watch.hurt == []
    tries = "text => { try { document.body.innerHTML = text } catch {} }"
    reader.page.evaluate(tries, ALL["all of them"])
    assert any("trusted-types" in str(one) for one in watch.hurt)
    before = len(watch.hurt)
    builds = """() => { const image = document.createElement('img'); image.src = '/hurt.png';
        document.querySelector('main').append(image) }"""
    reader.page.evaluate(builds)
    reader.page.wait_for_timeout(300)
    assert len(watch.hurt) > before
    assert watch.made("main") == 1
