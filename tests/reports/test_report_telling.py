"""Making a report, as conversations: telling, commands, sending, the receipt."""

from __future__ import annotations

import asyncio

import pytest

from catalogue import Heard
from reports.errors import NoRecipient, NotStored, OutOfReach
from reports.report_telling import LONGEST_ACCOUNT
from tests.reports.chat import Chat, FakeCases
from tests.reports.making import TO_ACCOUNT, TO_CONSENT, TO_PREVIEW, receipt_of, report
from vault.receipts import grouped

# -- telling ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Is this anonymous? I am afraid.",
        "he said: stop being so sensitive",
        "why did he do this to me",
        "I want to go back to my old duty station but he will not let me",
        "Yes",
        "1",
        "😢💔🏳️‍🌈",
        "لمسني المدير في مكتبه، ثم قال: \u200f(لا أحد سيصدقك)\u200e!",
        "  two  spaces\n\n\tand a tab  ",
        "{name} {0} %s <b>",
        "x" * 10_000,
    ],
)
def test_what_is_told_stays_letter_for_letter(cases: FakeCases, words: str) -> None:
    chat = report(cases).goes_through(*TO_ACCOUNT)
    chat.says(words, "faq/anonymous_report", 0.99).goes_through(
        "I have said it all", "Skip", "Skip"
    )
    chat.goes_through("Skip", "Skip", "Stay anonymous").hears(words)
    chat.goes_through("It is right, go on", "Yes, send it")
    assert cases.report.account == words


def test_a_very_short_command_that_is_certain_is_obeyed_in_the_account(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_ACCOUNT).says("please go back", "go_back", 0.97)
    assert chat.at == "conflict"


def test_an_unsure_command_belongs_to_the_account(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_ACCOUNT).says("back off he said", "go_back", 0.8)
    assert chat.at == "more"


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t"])
def test_an_account_of_nothing_is_asked_for_again(cases: FakeCases, nothing: str) -> None:
    chat = report(cases).goes_through(*TO_ACCOUNT).says(nothing).hears("in your own words")
    assert chat.at == "account"


def test_too_long_an_account_is_said_so_and_nothing_is_cut(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_ACCOUNT).says("x" * LONGEST_ACCOUNT)
    chat.says("y").hears("more than one report can hold")
    chat.presses("I have said it all").hears("When and where")
    assert chat.state and "account.1" not in chat.state["data"]


def test_danger_is_answered_with_help_first_and_then_goes_on(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_ACCOUNT, "He is here.", "I have said it all")
    chat.goes_through("Skip", "Skip", "Skip", "Yes")
    chat.hears(
        "local emergency number", "Designated Official", "72 hours", "not an emergency service"
    )
    chat.hears("stay anonymous")
    chat.presses("Stay anonymous").hears("Danger right now\nYes")
    chat.goes_through("It is right, go on", "Yes, send it")
    assert cases.report.danger_now is True


def test_a_wish_in_her_own_words(cases: FakeCases) -> None:
    chat = report(cases).goes_through(
        *TO_ACCOUNT, "It was him.", "I have said it all", "Skip", "Skip"
    )
    chat.goes_through("In my own words", "That he never trains interns again").hears("danger")
    chat.goes_through("Skip", "Stay anonymous").hears("That he never trains interns again")


def test_an_address_is_taken_without_asking_twice(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_ACCOUNT, "It was him.", "I have said it all")
    chat.goes_through("Skip", "Skip", "Skip", "Skip", "quiet.bird@example.org")
    chat.hears("quiet.bird@example.org", "Is it right?")


def test_leaving_a_contact_and_thinking_better_of_it(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_ACCOUNT, "It was him.", "I have said it all")
    chat.goes_through("Skip", "Skip", "Skip", "Skip", "Leave a way to reach me")
    chat.hears("How can the office reach you").presses("Stay anonymous").hears("You stay anonymous")


# -- commands -----------------------------------------------------------------------------------


def test_back_at_the_first_question_says_so(cases: FakeCases) -> None:
    report(cases).says("back").hears("first question", "Who did this happen to?")


def test_why_is_answered_at_every_question(cases: FakeCases) -> None:
    chat = report(cases)
    seen = set()
    for turn in TO_CONSENT:
        before, asked = chat.at, chat.messages[-1]
        chat.says("why do you ask")
        assert chat.at == before and chat.messages[-1] == asked
        assert len(chat.messages) > 1 or before == "preview"
        seen.add(before)
        chat.says(turn)
    assert len(seen) == len(TO_CONSENT)


def test_pause_keeps_the_draft(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_ACCOUNT, "It was him.").says("pause")
    chat.hears("Nothing has been sent", "30 minutes").presses("Go on").hears("You can write more")


@pytest.mark.parametrize("turns", [(), TO_ACCOUNT, TO_PREVIEW, TO_CONSENT])
def test_stop_at_any_time_sends_nothing(cases: FakeCases, turns: tuple[str, ...]) -> None:
    chat = report(cases).goes_through(*turns).stops().hears("Nothing was sent", "deleted")
    assert chat.over and cases.sent == {} and chat.labels == ["Get support", "Back to the start"]


# -- changing and sending -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "turns", "words"),
    [
        ("Who it happened to", ("To someone else",), "To someone else"),
        ("When and where", ("in Lima",), "in Lima"),
        ("Who was involved", ("my driver",), "my driver"),
        ("What you would like to happen", ("An investigation",), "An investigation"),
        ("Danger right now", ("Yes",), "72 hours"),
        ("How to reach you", ("me@example.org",), "me@example.org"),
        ("What happened", ("Write it anew", "All of it.", "I have said it all"), "All of it."),
        (
            "What happened",
            ("Add to it", "And more.", "I have said it all"),
            "He touched me.\n\nAnd more.",
        ),
        (
            "Organization of the person reported",
            ("UNICEF", "Yes", "No, it can go there"),
            "(OIAI) of UNICEF",
        ),
    ],
)
def test_every_part_can_be_changed(
    cases: FakeCases, part: str, turns: tuple[str, ...], words: str
) -> None:
    chat = report(cases).goes_through(*TO_PREVIEW, "Change something", part, *turns)
    chat.hears(words, "Is it right?")
    assert chat.at == "preview"
    chat.goes_through("It is right, go on", "Yes, send it").hears("is sent")


def test_a_change_can_be_undone(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_PREVIEW)
    before = chat.state
    chat.goes_through("Change something", "What happened", "Write it anew", "Back", "Back", "Back")
    assert chat.state == before


@pytest.mark.parametrize(
    ("words", "intent", "sure"),
    [
        ("maybe", "affirm", 0.7),
        ("yes but first tell me who will read it", "affirm", 0.95),
        ("what happens then", "faq/what_happens_next", 0.9),
        ("no", "deny", 0.9),
        ("hmm", "nlu_fallback", 0.0),
    ],
)
def test_only_a_clear_yes_sends(cases: FakeCases, words: str, intent: str, sure: float) -> None:
    report(cases).goes_through(*TO_CONSENT).says(words, intent, sure)
    assert cases.sent == {}


def test_a_double_press_sends_once_and_gives_one_receipt(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_CONSENT)
    state, yes = chat.state, Heard("", "do:yes", "choose", 1.0, "en")
    assert state is not None

    async def both() -> list[str]:
        steps = await asyncio.gather(chat.walk.step(state, yes), chat.walk.step(state, yes))
        return [step.messages[1].text for step in steps]

    first, second = asyncio.run(both())
    assert first == second == grouped(receipt_of(cases))


def test_a_second_press_after_the_first_shows_the_receipt_again(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_CONSENT).chooses("do:yes").chooses("do:yes")
    chat.hears(grouped(receipt_of(cases)))
    assert len(cases.sent) == 1


@pytest.mark.parametrize("trouble", [NotStored(), NoRecipient()])
def test_what_is_not_stored_is_not_acknowledged(cases: FakeCases, trouble: Exception) -> None:
    chat = report(cases).goes_through(*TO_CONSENT)
    cases.trouble = trouble
    chat.presses("Yes, send it").hears("othing was sent", "still here")
    chat.hears_nothing_of("receipt")
    cases.trouble = None
    chat.presses("Try again").hears("is sent")
    assert cases.report.account == "He touched me."


def test_after_a_failure_the_report_can_still_be_changed(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_CONSENT)
    cases.trouble = NotStored()
    chat.goes_through("Yes, send it", "Back to my report").hears("Is it right?")
    cases.trouble = None
    chat.goes_through("Change something", "Who was involved", "somebody else entirely")
    chat.goes_through("It is right, go on", "Yes, send it")
    assert cases.report.who == "somebody else entirely"


def test_when_the_store_is_away_the_question_stays(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "WFP")
    cases.trouble = OutOfReach()
    chat.presses("Yes").hears("not working right now", "Do you mean")
    cases.trouble = None
    chat.presses("Yes").hears("must not see it")


# -- the receipt --------------------------------------------------------------------------------


def sent(cases: FakeCases) -> Chat:
    return report(cases).goes_through(*TO_CONSENT, "Yes, send it")


def test_the_receipt_is_marked_secret_and_nothing_of_the_draft_is_left(cases: FakeCases) -> None:
    chat = sent(cases)
    shown = [message for message in chat.messages if grouped(receipt_of(cases)) in message.text]
    assert [message.secret for message in shown] == [True]
    assert chat.state and chat.state["data"] == {"receipt": receipt_of(cases)}
    assert "He touched me." not in str(chat.state)


def test_the_preview_is_marked_secret(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_PREVIEW)
    assert [m.secret for m in chat.messages if "He touched me." in m.text] == [True]


@pytest.mark.parametrize("scribble", ["0000", "12", "the last ones", "99999999999"])
def test_a_receipt_noted_wrong_is_asked_for_again(cases: FakeCases, scribble: str) -> None:
    chat = sent(cases).says(scribble).hears("last 4 digits")
    assert chat.at == "noted"
    chat.presses("Show my receipt again").hears(grouped(receipt_of(cases)))


def test_the_whole_receipt_or_other_digits_are_right_too(cases: FakeCases) -> None:
    assert sent(cases).says(grouped(receipt_of(cases))).hears("noted it well").at == "done"


def test_digits_of_another_script(cases: FakeCases) -> None:
    chat = sent(cases)
    eastern = "".join("٠١٢٣٤٥٦٧٨٩"[int(digit)] for digit in receipt_of(cases)[-4:])
    chat.says(f"{eastern[:2]} {eastern[2:]}").hears("noted it well")


@pytest.mark.parametrize("words", ["show my receipt", "Show my receipt again", "repeat"])
def test_the_receipt_can_be_shown_again_until_the_chat_ends(cases: FakeCases, words: str) -> None:
    chat = sent(cases).presses("Skip").hears("nobody can")
    chat.says("thank you", "thanks", 0.99).hears("Your report is sent")
    chat.says("what comes next?", "faq/what_happens_next", 0.9)
    assert chat.digressed
    chat.says(words).hears(grouped(receipt_of(cases)))


def test_stop_after_sending_says_that_it_stays_sent(cases: FakeCases) -> None:
    chat = sent(cases).stops().hears("stays sent")
    assert chat.over


def test_no_message_but_the_preview_repeats_what_was_told(cases: FakeCases) -> None:
    chat = report(cases)
    for turn in TO_CONSENT:
        chat.says(turn)
        if chat.at != "preview":
            chat.hears_nothing_of("He touched me", "Last May", "My supervisor")
