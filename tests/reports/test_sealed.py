"""What a browser holds and seals itself: the walks never have her words."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from catalogue import Heard
from reports.report_walk import HELD, ReportWalk
from reports.return_walk import ReturnWalk
from tests.reports.chat import ENTITIES, MESSAGES, ROUTES, Chat, FakeArchive, FakeCases
from vault.keys import PrivateKey, PublicKey
from vault.sealing import Context, open_envelope, seal

OFFICE_KEY, RECOVERY_KEY = PrivateKey.new(), PrivateKey.new()
KEYS = [OFFICE_KEY.public(), RECOVERY_KEY.public()]
ACCOUNT = "He waits for me in the corridor.\nEvery day."
MARK = re.compile("\ue000([0-9]+)\ue001")
RECEIPT = "482109375526118044729034"


@dataclass
class Browser(Chat):
    """A person whose browser holds what she writes where it may, and seals it at the end."""

    held: list[str] = field(default_factory=list)

    def __init__(self, walk: Any, lang: str = "en") -> None:
        self.held = []
        super().__init__(walk, lang, channel="web", seals=True)

    def writes(self, text: str) -> Browser:
        """Her own words: they stay here."""
        assert self.messages[-1].held
        self.held.append(text)
        self.chooses(f"held:{len(self.held) - 1}")
        return self

    def filled(self, text: str) -> str:
        return MARK.sub(lambda found: self.held[int(found[1])], text)

    def agrees(self, keys: list[PublicKey] | None = None) -> Browser:
        """Seal what was asked for and press yes."""
        request = self.messages[-1].seal
        assert request is not None
        document = json.loads(
            MARK.sub(
                lambda found: json.dumps(self.held[int(found[1])])[1:-1],
                json.dumps(request["document"], ensure_ascii=False),
            )
        )
        to = keys or [PublicKey.from_text(key) for key in request["to"]]
        context = Context(request["purpose"], request["binding"])
        envelope = seal(json.dumps(document).encode(), to, context).decode()
        self._hear(Heard("", "do:yes", "choose", 1.0, self.lang, envelope))
        return self


@pytest.fixture
def cases() -> FakeCases:
    return FakeCases(keys=KEYS)


@pytest.fixture
def walk(cases: FakeCases) -> ReportWalk:
    return ReportWalk(MESSAGES, ENTITIES, ROUTES, cases)


def to_the_account(chat: Chat) -> None:
    chat.goes_through("To me", "World Food Programme", "Yes", "No, it can go there")
    assert chat.at == "account"


def tells(chat: Browser) -> None:
    to_the_account(chat)
    chat.writes(ACCOUNT).writes("And he writes to me.")
    chat.presses("I have said it all")
    chat.writes("last spring")
    chat.presses("Skip")
    chat.writes("that he stops")
    chat.presses("No")
    chat.presses("Stay anonymous")


def test_the_server_has_marks_and_the_office_the_words(walk: ReportWalk, cases: FakeCases) -> None:
    chat = Browser(walk)
    tells(chat)
    chat.presses("It is right, go on")
    shown = json.dumps([chat.state, [m.seal for m in chat.messages]], ensure_ascii=False)
    assert not any(piece in shown for piece in chat.held)
    chat.agrees().hears("Your report is sent")
    (envelope,) = cases.envelopes
    assert envelope is not None
    document = json.loads(open_envelope(envelope, OFFICE_KEY, Context("report", "case-1")))
    assert document["account"] == f"{ACCOUNT}\n\nAnd he writes to me."
    assert document["when_where"] == "last spring"
    assert document["who"] is None
    assert document["wish"] == "that he stops"
    assert document["entity"]["code"] == "WFP"
    assert document == json.loads(
        open_envelope(envelope, RECOVERY_KEY, Context("report", "case-1"))
    )


def test_the_whole_text_is_shown_with_marks_that_her_browser_fills_in(walk: ReportWalk) -> None:
    chat = Browser(walk)
    tells(chat)
    chat.hears("What happened", "When and where")
    assert ACCOUNT not in chat.heard
    assert ACCOUNT in chat.filled(chat.heard)


@pytest.mark.parametrize("step", sorted(HELD))
def test_every_question_for_her_own_words_is_held(walk: ReportWalk, step: str) -> None:
    chat = Chat(walk, channel="web", seals=True)
    to_the_account(chat)
    assert chat.state is not None
    asked = asyncio.run(walk.again({**chat.state, "at": step}, "en")).messages
    assert [message.held for message in asked][-1] == HELD[step]
    plain = Chat(walk, channel="telegram")
    to_the_account(plain)
    assert plain.state is not None
    asked = asyncio.run(walk.again({**plain.state, "at": step}, "en")).messages
    assert not any(message.held for message in asked)


def test_without_its_envelope_a_yes_sends_nothing(walk: ReportWalk, cases: FakeCases) -> None:
    chat = Browser(walk)
    tells(chat)
    chat.presses("It is right, go on")
    chat.says("yes").hears("please press “Yes, send it”")
    assert not cases.sent
    chat.agrees().hears("Your report is sent")


def test_an_envelope_for_others_is_asked_for_anew(walk: ReportWalk, cases: FakeCases) -> None:
    chat = Browser(walk)
    tells(chat)
    chat.presses("It is right, go on")
    chat.agrees([PrivateKey.new().public()]).hears("please press “Yes, send it”")
    assert not cases.sent
    cases.keys = [*KEYS, PrivateKey.new().public()]
    chat.agrees(KEYS)
    assert not cases.sent
    chat.agrees().hears("Your report is sent")
    assert len(cases.sent) == 1


def test_where_nobody_can_open_it_any_more_it_is_said(walk: ReportWalk, cases: FakeCases) -> None:
    chat = Browser(walk)
    tells(chat)
    cases.reached = lambda office: False
    chat.presses("It is right, go on")
    assert chat.messages[-1].seal is None
    chat.presses("Yes, send it").hears("nobody at this office can open a report")
    assert not cases.sent


def test_an_old_browser_is_told_plainly(walk: ReportWalk) -> None:
    old = Chat(walk, channel="web", seals=False)
    to_the_account(old)
    old.hears("This browser cannot seal", "pass through our server")
    assert old.chooses("held:0").at == "account"
    by_carrier = Chat(walk, channel="telegram", seals=False)
    to_the_account(by_carrier)
    by_carrier.hears_nothing_of("browser")


def test_a_held_piece_answers_only_where_it_was_asked_for(walk: ReportWalk) -> None:
    chat = Browser(walk)
    assert chat.chooses("held:0").at == "relation"
    to_the_account(chat)
    chat.writes(ACCOUNT)
    chat.presses("I have said it all")
    chat.goes_through("Skip", "Skip", "Skip")
    assert chat.chooses("held:7").at == "danger"


def test_what_stayed_in_another_browser_is_asked_for_again(walk: ReportWalk) -> None:
    chat = Browser(walk)
    tells(chat)
    assert chat.state is not None
    state = walk.moved(chat.state, seals=False)
    assert not MARK.search(json.dumps(state, ensure_ascii=False))
    elsewhere = Chat(walk)
    elsewhere.state = state
    elsewhere.switches_to("en").hears("stayed in the other browser", "tell me what happened")
    elsewhere.says(ACCOUNT)
    assert elsewhere.at == "more"
    elsewhere.presses("Back")
    elsewhere.presses("Back")
    assert elsewhere.at == "conflict"
    assert walk.moved(chat.state, seals=True)["data"]["seals"] == "yes"


def test_a_draft_without_held_words_moves_as_it_is(walk: ReportWalk) -> None:
    chat = Chat(walk, channel="telegram")
    to_the_account(chat)
    chat.says(ACCOUNT)
    assert chat.state is not None
    assert walk.moved(chat.state, seals=False) == chat.state


@pytest.fixture
def archive() -> FakeArchive:
    return FakeArchive(RECEIPT, keys=KEYS)


def test_an_addition_is_sealed_in_her_browser(archive: FakeArchive) -> None:
    chat = Browser(ReturnWalk(MESSAGES, archive))
    chat.says(RECEIPT)
    chat.presses("Write to the focal point")
    chat.writes("He came back.")
    assert "He came back." not in json.dumps([chat.state, chat.heard])
    chat.presses("Yes, send it").hears("please press “Yes, send it”")
    assert not archive.added
    chat.agrees([PrivateKey.new().public()])
    assert not archive.added
    chat.agrees().hears("It is sent")
    (envelope,) = archive.envelopes
    assert envelope is not None
    opened = json.loads(open_envelope(envelope, OFFICE_KEY, Context("addition", "case")))
    assert opened["text"] == "He came back."


def test_an_addition_that_stayed_in_another_browser_is_asked_for_again(
    archive: FakeArchive,
) -> None:
    walk = ReturnWalk(MESSAGES, archive)
    chat = Browser(walk)
    chat.says(RECEIPT)
    chat.presses("Write to the focal point")
    chat.writes("He came back.")
    assert chat.state is not None
    moved = walk.moved(chat.state, seals=False)
    assert moved["at"] == "writing"
    assert "text" not in moved
    assert "seals" not in moved
