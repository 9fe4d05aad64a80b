"""What she sends once more, because something of ours died, is there once, and whole."""

from __future__ import annotations

from typing import Any

from reports.brief_walk import BriefReport
from reports.errors import NotStored
from tests.reports.chat import ENTITIES, MESSAGES, ROUTES, Chat, FakeCases

SHORT = ("opt:short", "opt:self", "WFP", "do:yes", "opt:clear", "opt:said", "do:skip", "do:skip")


def by_text_message(cases: FakeCases) -> Chat:
    """A short report that only has to be agreed to."""
    walk = BriefReport(MESSAGES.on("sms"), ENTITIES, ROUTES, cases)  # type: ignore[arg-type]
    chat = Chat(walk)
    for turn in SHORT:
        chat = chat.chooses(turn) if ":" in turn else chat.says(turn)
    assert chat.at == "preview"
    return chat


class StoresWithoutSayingSo(FakeCases):
    """A database that dies after it stored and before it said so."""

    async def send(self, *given: Any, **more: Any) -> str:
        receipt = await super().send(*given, **more)
        if len(self.sent) == 1 and self.arrived == 0:
            self.arrived = 1
            raise NotStored
        return receipt


def test_a_short_report_of_a_service_that_died_is_there_once(cases: FakeCases) -> None:
    """It was stored; what became of the conversation was not."""
    chat = by_text_message(cases)
    before = chat.state
    chat.chooses("do:yes").hears("sent")
    chat.state = before
    chat.chooses("do:yes").hears("sent")
    assert len(cases.sent) == 1


def test_a_short_report_that_was_changed_since_is_another_one() -> None:
    """Else she would be told that what she changed is sent, and the office would have the old."""
    cases = StoresWithoutSayingSo()
    chat = by_text_message(cases).chooses("do:yes").hears("Nothing was sent")
    chat.chooses("do:no")
    assert chat.at == "danger"
    chat.chooses("do:yes").chooses("do:yes").hears("sent")
    assert [one[0].danger_now for one in cases.sent.values()] == [None, True]
