"""Every word of the pages is in the catalogue, and every word of the catalogue is on a page."""

from __future__ import annotations

import re

from catalogue.messages import Messages
from inbox.pages import strings
from tests.inbox.world import ROOT, messages

PAGES = [
    *sorted((ROOT / "web" / "shared").glob("*.js")),
    *sorted((ROOT / "web" / "inbox").glob("*.[jh]*")),
    *sorted((ROOT / "web" / "taskforce").glob("*.[jh]*")),
    *sorted((ROOT / "web" / "owner").glob("*.[jh]*")),
]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
#: Keys that are put together from a value, as in say(`status.${item.status}`).
MADE = set(re.findall(r"`([a-z_]+\.)\$\{", SOURCE))


def test_every_word_that_a_page_asks_for_is_there() -> None:
    asked = set(re.findall(r'say\("([a-z_.]+)"', SOURCE))
    asked |= set(re.findall(r'data-say="([a-z_.]+)"', SOURCE))
    assert len(asked) > 60
    assert asked <= strings(messages(), "en").keys()


def test_no_word_is_left_over() -> None:
    unused = {
        key
        for key in strings(messages(), "en")
        if f'"{key}"' not in SOURCE and key.partition(".")[0] + "." not in MADE
    }
    assert unused == set()


def test_a_placeholder_that_no_page_fills_is_found() -> None:
    broken = Messages({"en": {"inbox.x": ("{surprise}",)}})
    try:
        strings(broken, "en")
    except KeyError:
        return
    raise AssertionError("an unknown placeholder was overlooked")
