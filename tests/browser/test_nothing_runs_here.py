"""Whatever the service says, whatever she writes herself: the widget shows it, and nothing runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.fake_service import message
from tests.browser.hurting import ALL, Watch
from tests.browser.person import Person

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ALL)
def test_nothing_that_is_said_in_the_widget_runs(person: Person, name: str) -> None:
    """A reply of an office, the name of an organization on a button, and her own words."""
    text = ALL[name]
    person.fake.answers[:] = [
        [message("What would you like to do?", ("Learn", "menu:policy"))],
        [message(text, (text[:200], text[:100]), ("Go on", "do:go_on"))],
        [message("Heard.")],
    ]
    watch = Watch(person.page)
    person.opens().reads("What would you like to do?")
    person.writes(text)
    theirs = person.log.locator(".theirs p").last
    expect(person.log.locator(".own p").last).to_have_text(text)
    expect(theirs).to_have_text(text)
    person.page.get_by_role("button").filter(has_text="Go on").click()
    expect(person.log.get_by_text("Heard.", exact=True)).to_be_visible()
    assert watch.hurt == []
    assert watch.made("speaksafe-chat [role=log]") == 0
