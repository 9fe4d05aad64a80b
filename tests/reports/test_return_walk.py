"""Coming back with the receipt, as conversations."""

from __future__ import annotations

from datetime import date

import pytest

from catalogue import Heard
from reports.cases import Reply
from reports.errors import NoRecipient, NotStored, OutOfReach
from reports.return_walk import ReturnWalk
from tests.reports.chat import MESSAGES, Chat, FakeArchive
from vault.receipts import check_digit, grouped, is_well_formed

RECEIPT = "12345678901234567890123" + check_digit("12345678901234567890123")
UNKNOWN = "99999999999999999999999" + check_digit("99999999999999999999999")
MISTYPED = RECEIPT[:-1] + str((int(RECEIPT[-1]) + 1) % 10)
DAY = date(2026, 11, 20)


class Clock:
    """Takes note of the waits and does not wait."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
def archive() -> FakeArchive:
    return FakeArchive(RECEIPT)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def come_back(archive: FakeArchive, clock: Clock, lang: str = "en", **given: object) -> Chat:
    walk = ReturnWalk(MESSAGES, archive, sleep=clock, **given)  # type: ignore[arg-type]
    return Chat(walk, lang)


@pytest.mark.parametrize(
    "typed",
    [
        RECEIPT,
        grouped(RECEIPT),
        "-".join(RECEIPT[at : at + 4] for at in range(0, 24, 4)),
        f"my receipt is {grouped(RECEIPT)}, thanks",
        "".join("٠١٢٣٤٥٦٧٨٩"[int(digit)] for digit in RECEIPT),
        "".join("०१२३४५६७८९"[int(digit)] for digit in RECEIPT),
    ],
)
def test_the_receipt_may_be_typed_in_any_way(
    archive: FakeArchive, clock: Clock, typed: str
) -> None:
    chat = come_back(archive, clock).hears("24 digits").says(typed, "faq/definition", 0.9)
    chat.hears("I have found your report", "no new reply").hears_nothing_of(RECEIPT, RECEIPT[-4:])
    assert clock.waits == [0]


def test_the_receipt_does_not_stay_in_the_state(archive: FakeArchive, clock: Clock) -> None:
    chat = come_back(archive, clock).says(MISTYPED)
    assert MISTYPED not in str(chat.state)
    chat.says(RECEIPT)
    assert RECEIPT not in str(chat.state)


def test_a_mistyped_and_an_unknown_receipt_get_the_same_words_and_work(
    archive: FakeArchive, clock: Clock
) -> None:
    assert is_well_formed(UNKNOWN) and not is_well_formed(MISTYPED)
    unknown = come_back(archive, Clock()).says(UNKNOWN)
    mistyped = come_back(archive, Clock()).says(MISTYPED)
    assert unknown.messages == mistyped.messages
    assert unknown.state == mistyped.state
    assert archive.tried == [UNKNOWN, MISTYPED]
    unknown.hears("can't find a report").hears_nothing_of("9999")


def test_each_failed_attempt_waits_longer_and_a_right_one_waits_alike(
    archive: FakeArchive, clock: Clock
) -> None:
    chat = come_back(archive, clock)
    for _ in range(8):
        chat.says(UNKNOWN)
    chat.says(RECEIPT).hears("I have found your report")
    assert clock.waits == [0, 1, 2, 4, 8, 15, 15, 15, 15]


@pytest.mark.parametrize(
    "typed", ["", "hello", "1234", RECEIPT[:-1], RECEIPT + "0", f"{RECEIPT} or {UNKNOWN}", "💔"]
)
def test_what_is_no_receipt_is_asked_for_again_at_no_cost(
    archive: FakeArchive, clock: Clock, typed: str
) -> None:
    chat = come_back(archive, clock).says(typed).hears("six groups of four")
    assert chat.at == "receipt" and archive.tried == [] and clock.waits == []


def test_a_lost_receipt_is_answered_honestly(archive: FakeArchive, clock: Clock) -> None:
    chat = come_back(archive, clock).presses("I have lost my receipt").hears("nobody can find")
    chat.says(RECEIPT).hears("I have found your report")


def test_a_question_in_between_is_answered(archive: FakeArchive, clock: Clock) -> None:
    chat = come_back(archive, clock).says("who can see my report", "faq/confidentiality", 0.9)
    assert chat.digressed
    chat.hears("24 digits")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("received", "nobody there has opened it yet"),
        ("opened", "has opened it"),
        ("in_review", "is looking at it"),
        ("closed", "has closed it"),
    ],
)
def test_the_status_in_plain_words(
    archive: FakeArchive, clock: Clock, status: str, words: str
) -> None:
    archive.status = status
    come_back(archive, clock).says(RECEIPT).hears(words)


def test_a_new_reply_is_shown_once_as_new_and_again_on_demand(
    archive: FakeArchive, clock: Clock
) -> None:
    archive.replies, archive.unread = (Reply("We believe you {0}.", DAY),), True
    chat = come_back(archive, clock).says(RECEIPT).hears("There is a reply", "We believe you {0}.")
    assert [m.secret for m in chat.messages if "We believe" in m.text] == [True]
    assert not archive.unread
    come_back(archive, clock).says(RECEIPT).hears("no new reply").hears_nothing_of("We believe")
    chat.presses("Show all replies").hears("2026-11-20", "We believe you {0}.")


def test_a_reply_that_comes_during_the_chat_is_shown(archive: FakeArchive, clock: Clock) -> None:
    chat = come_back(archive, clock).says(RECEIPT).presses("Show all replies").hears("no reply yet")
    archive.replies, archive.unread = (Reply("Old.", DAY), Reply("New.", DAY)), True
    chat.presses("Show all replies").hears("new reply", "Old.", "New.")
    assert not archive.unread


def test_a_reply_that_does_not_open_is_said_so(archive: FakeArchive, clock: Clock) -> None:
    archive.replies, archive.unread = (Reply(None, DAY),), True
    come_back(archive, clock).says(RECEIPT).hears("can't be opened")


@pytest.mark.parametrize("words", ["He did it again.", "is this anonymous?", "٣ مرات 💔", "12"])
def test_writing_again(archive: FakeArchive, clock: Clock, words: str) -> None:
    chat = come_back(archive, clock).goes_through(RECEIPT, "Write to the focal point")
    chat.says(words, "faq/anonymous_report", 0.9).hears("can't be recalled")
    assert archive.added == []
    chat.presses("Yes, send it").hears("It is sent")
    assert archive.added == [(words, "en")]
    assert chat.at == "case" and words not in str(chat.state)


def test_writing_can_be_thought_better_of(archive: FakeArchive, clock: Clock) -> None:
    chat = come_back(archive, clock).goes_through(RECEIPT, "Write to the focal point", "Too much")
    chat.presses("No, write it again").hears("what the focal point should know")
    chat.goes_through("Back").hears("What would you like to do")
    assert archive.added == [] and "Too much" not in str(chat.state)


def test_too_long_a_text_is_said_so(archive: FakeArchive, clock: Clock) -> None:
    chat = come_back(archive, clock).goes_through(RECEIPT, "Write to the focal point", "x" * 20_001)
    chat.hears("more than I can send at once")
    assert chat.at == "writing"


@pytest.mark.parametrize("trouble", [NotStored(), NoRecipient()])
def test_what_is_not_stored_is_not_acknowledged(
    archive: FakeArchive, clock: Clock, trouble: Exception
) -> None:
    chat = come_back(archive, clock).goes_through(RECEIPT, "Write to the focal point", "More.")
    archive.trouble = trouble
    chat.presses("Yes, send it").hears("Nothing was sent", "still here")
    archive.trouble = None
    chat.presses("Try again").hears("It is sent")
    assert archive.added == [("More.", "en")]


def test_when_the_store_is_away_it_says_so(archive: FakeArchive, clock: Clock) -> None:
    archive.trouble = OutOfReach()
    chat = come_back(archive, clock).says(RECEIPT).hears("not working right now", "24 digits")
    archive.trouble = None
    chat.says(RECEIPT).hears("I have found")


def test_a_closed_case_offers_the_survey_once(archive: FakeArchive, clock: Clock) -> None:
    archive.status, archive.offer = "closed", True
    come_back(archive, clock).says(RECEIPT).hears("tell in a survey how it went")
    assert archive.offer, "looking does not spend it"
    chat = come_back(archive, clock).goes_through(RECEIPT, "Take the survey")
    assert chat.over and not archive.offer
    assert [choice.value for choice in chat.choices] == ["menu:survey", "menu:main"]
    again = come_back(archive, clock).says(RECEIPT).hears("closed it").hears_nothing_of("survey")
    again.chooses("opt:survey").hears("What would you like to do")


def test_a_round_for_invited_people_gives_a_code(archive: FakeArchive, clock: Clock) -> None:
    async def invite() -> str:
        return "ABCD-EFGH-JKMN-PQRS"

    archive.status, archive.offer = "closed", True
    chat = come_back(archive, clock, invite=invite).goes_through(RECEIPT, "Take the survey")
    chat.hears("not linked to your report", "ABCD-EFGH-JKMN-PQRS")
    assert [m.secret for m in chat.messages if "ABCD" in m.text] == [True]


def test_an_offer_taken_up_elsewhere_meanwhile(archive: FakeArchive, clock: Clock) -> None:
    archive.status, archive.offer = "closed", True
    chat = come_back(archive, clock).says(RECEIPT)
    archive.offer = False
    chat.presses("Take the survey").hears("taken up before", "What would you like to do")


def test_in_french(archive: FakeArchive, clock: Clock) -> None:
    chat = come_back(archive, clock, "fr").says(RECEIPT).hears("J’ai trouvé votre signalement")
    chat.goes_through("Écrire au point focal", "Encore.", "Oui, envoyez-le").hears("C’est envoyé")
    assert archive.added == [("Encore.", "fr")]


def test_stop_leaves_nothing_behind(archive: FakeArchive, clock: Clock) -> None:
    chat = come_back(archive, clock).goes_through(RECEIPT, "Write to the focal point", "More.")
    assert chat.stops().over and archive.added == []


def test_every_step_takes_anything(archive: FakeArchive, clock: Clock) -> None:
    for turns in ((), (RECEIPT,), (RECEIPT, "Write to the focal point")):
        for odd in ("💔" * 500, "x" * 10_000, "\u202eلا", "do:yes", ""):
            chat = come_back(archive, clock).goes_through(*turns)
            chat.says(odd)
            assert chat.messages[-1].choices or chat.free
        for value in ("opt:99", "menu:survey", "topic:deadlines", "do:back", "do:skip", "do:pause"):
            chat = come_back(archive, clock).goes_through(*turns)
            assert chat.state is not None
            chat._hear(Heard("", value, "choose", 1.0, "en"))
            assert chat.messages[-1].choices or chat.free


# -- what she may ask for -------------------------------------------------------------------------


def _wishes(archive: FakeArchive) -> Chat:
    chat = come_back(archive, Clock()).says(archive.receipt)
    return chat.presses("End contact or ask for deletion").hears("What would you like to change?")


def test_she_may_want_no_more_answers() -> None:
    archive = FakeArchive(RECEIPT)
    chat = _wishes(archive).presses("No more answers, please").hears("You can still look")
    assert not archive.quiet
    chat.presses("No, leave it as it is")
    assert not archive.quiet and chat.at == "case"
    _wishes(archive).presses("No more answers, please").presses("Yes, please").hears("can see now")
    assert archive.quiet
    come_back(archive, Clock()).says(RECEIPT).hears("you want no more answers")


def test_she_is_told_what_deletion_means_before_she_asks() -> None:
    archive = FakeArchive(RECEIPT)
    chat = _wishes(archive).presses("Ask for deletion")
    chat.hears("a rule may forbid it", "your receipt finds nothing any more")
    assert archive.deletion == "none"
    chat.presses("Yes, please").hears("I have asked")
    assert archive.deletion == "asked"
    come_back(archive, Clock()).says(RECEIPT).hears("has not decided yet")
    archive.deletion = "refused"
    come_back(archive, Clock()).says(RECEIPT).hears("has to keep it for now")


def test_a_wish_that_did_not_get_through_changes_nothing() -> None:
    archive = FakeArchive(RECEIPT)
    chat = _wishes(archive).presses("Ask for deletion")
    archive.trouble = OutOfReach()
    chat.presses("Yes, please").hears("Nothing has changed", "Shall I ask?")
    archive.trouble = None
    chat.presses("Yes, please").hears("I have asked")
