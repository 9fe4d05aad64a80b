"""The survey, told as conversations: how it begins."""

from __future__ import annotations

import pytest

from survey.ports import RoundInfo
from tests.survey.talk import Talk


class TestBeginning:
    def test_the_consent_screen_says_what_must_be_said(self, talk: Talk) -> None:
        said = talk.open().text
        for words in (
            "voluntary", "anonymous", "not a report", "8 minutes", "Skip any question",
            "published as numbers", "leave out names, places and dates", "support", "Task Force",
        ):  # fmt: skip
            assert words in said
        assert talk.labels == ["Start", "Tell me more first", "Not now", "I need support"]

    @pytest.mark.parametrize(
        ("channel", "words"),
        [
            ("web", "no cookie"),
            ("telegram", "Telegram"),
            ("whatsapp", "WhatsApp"),
            ("sms", "phone"),
        ],
    )
    def test_it_says_what_this_channel_can_keep(self, talk: Talk, channel: str, words: str) -> None:
        assert words in talk.open(channel=channel).text

    def test_more_can_be_heard_first(self, talk: Talk) -> None:
        talk.open().press("Tell me more first")
        assert "at least 10 people" in talk.text
        talk.press("Start")
        assert "Which fits you?" in talk.text

    def test_not_now_ends_and_keeps_nothing(self, talk: Talk) -> None:
        talk.open().press("Not now")
        assert talk.over and not talk.desk.kept

    def test_yes_and_no_in_own_words(self, talk: Talk) -> None:
        assert "Which fits you?" in talk.open().type("yes").text
        assert talk.open().type("no").over

    def test_support_is_there_before_anything_is_asked(self, talk: Talk) -> None:
        talk.open()
        value = next(c.value for c in talk.choices if c.label == "I need support")
        assert value == "menu:support"

    def test_no_round_is_open(self, talk: Talk) -> None:
        talk.desk.round = None
        assert talk.open().over
        assert "No survey is open" in talk.text and talk.choices

    def test_a_round_of_another_questionnaire_is_not_ours(self, talk: Talk) -> None:
        talk.desk.round = RoundInfo("r1", "something-else-1", "open")
        assert talk.open().over

    def test_the_desk_is_down(self, talk: Talk) -> None:
        talk.desk.down = True
        assert talk.open().over
        assert "cannot reach" in talk.text


class TestGate:
    @pytest.mark.parametrize(
        "label", ["It is still going on", "There was no process", "I decided not to start one"]
    )
    def test_it_is_for_those_whose_process_ended(self, talk: Talk, label: str) -> None:
        talk.open().press("Start").press(label)
        assert talk.over and "kept nothing" in talk.text
        assert [c.value for c in talk.choices] == ["menu:policy", "menu:support", "menu:main"]

    def test_not_sure_is_explained_with_examples(self, talk: Talk) -> None:
        talk.open().press("Start").press("I am not sure")
        assert "For example" in talk.text and "Which fits you?" in talk.text
        assert not talk.over

    def test_own_words(self, talk: Talk) -> None:
        assert "Question 1" in talk.open().press("Start").type("it is over").text

    def test_words_near_an_answer_are_asked_about_and_taken(self, talk: Talk) -> None:
        talk.open().press("Start").type("it ended badly")
        assert "Did you mean “It has ended”?" in talk.text
        assert "Question 1" in talk.type("yes").text


class TestInvitation:
    @pytest.fixture(autouse=True)
    def invited(self, talk: Talk) -> None:
        assert talk.desk.round
        talk.desk.round = RoundInfo("r1", talk.desk.round.instrument, "invited")
        talk.desk.tokens = {"K7QM-2345-ABCD-EFGH"}

    def test_the_code_is_asked_and_tried_again(self, talk: Talk) -> None:
        talk.open().press("Start")
        assert "code on your invitation" in talk.text and talk.messages[-1].free
        assert "do not know this code" in talk.type("AAAA-2345-ABCD-EFGH").text
        assert "Which fits you?" in talk.type("K7QM-2345-ABCD-EFGH").text

    def test_the_code_is_spent_once_and_not_part_of_the_answers(self, talk: Talk) -> None:
        talk.open().press("Start").type("K7QM-2345-ABCD-EFGH").press("It has ended")
        talk.type("1").skip_to("last question").press("Send my answers")
        assert talk.over
        ((_, answers, token),) = talk.desk.kept
        assert token == "K7QM-2345-ABCD-EFGH"
        assert "K7QM" not in str(answers)
        assert set(answers) == {"instrument", "version", "answers"}, "no channel, no time, no more"

    def test_no_code_no_survey(self, talk: Talk) -> None:
        assert talk.open().press("Start").press("I have no code").over

    def test_an_offered_invitation_is_not_asked_for(self, talk: Talk) -> None:
        talk.open(token="K7QM-2345-ABCD-EFGH").press("Start")
        assert "Which fits you?" in talk.text

    def test_a_code_spent_in_the_meantime(self, talk: Talk) -> None:
        talk.open().press("Start").type("K7QM-2345-ABCD-EFGH").press("It has ended")
        talk.type("1 and 2").skip_to("last question")
        talk.desk.tokens.clear()
        talk.press("Send my answers")
        assert talk.over and not talk.desk.kept
        assert "used in the meantime" in talk.text
