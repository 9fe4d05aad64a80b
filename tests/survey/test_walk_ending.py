"""The survey, told as conversations: what follows from answers, and how it ends."""

from __future__ import annotations

import asyncio

import pytest

from catalogue import Heard
from survey.ports import RoundInfo
from tests.survey.talk import Talk


class TestLogic:
    def test_support_used_is_asked_only_after_support_offered(self, talk: Talk) -> None:
        talk.start().skip_to("Which kinds of support").press("None offered")
        assert "Was there support you needed" in talk.text

    def test_protection_is_asked_after_harm(self, talk: Talk) -> None:
        talk.start().skip_to("negative consequences").type("threats")
        assert "can be retaliation" in talk.text
        assert [c.value for c in talk.choices][:2] == ["topic:retaliation", "menu:support"]
        assert "If measures were put in place" in talk.press("Go on").text

    def test_retaliation_is_said_once(self, talk: Talk) -> None:
        talk.start().skip_to("negative consequences").type("threats").press("Go on")
        talk.press("Back").press("Back").type("2")
        assert "can be retaliation" in talk.text

    def test_no_harm_no_note(self, talk: Talk) -> None:
        talk.start().skip_to("negative consequences").press("None")
        assert "retaliation" not in talk.text

    def test_formal_steps_may_not_apply(self, talk: Talk) -> None:
        talk.start().type("manager").skip_to("From your first contact")
        assert "may not apply to you" in talk.text

    def test_formal_steps_after_a_formal_report(self, talk: Talk) -> None:
        talk.start().type("6").skip_to("From your first contact")
        assert "may not apply to you" not in talk.text

    def test_an_answer_changed_at_the_end_opens_what_follows_from_it(self, talk: Talk) -> None:
        talk.start().skip_to("Was there support you needed").press("No")
        talk.skip_to("last question").press("Change an answer").press("Support")
        talk.press("Support missing")
        assert "Your answer so far: No" in talk.text
        talk.press("Yes")
        assert "say which kind" in talk.text  # the question that this answer opens
        talk.type("legal advice")
        assert "last question" in talk.text
        assert talk.answered() == {"Q9": "yes", "Q9a": "legal advice"}

    def test_an_answer_changed_back_takes_what_followed_with_it(self, talk: Talk) -> None:
        talk.start().skip_to("Was there support you needed").press("Yes").type("legal advice")
        talk.skip_to("last question").press("Change an answer").press("Support")
        talk.press("Support missing").press("No")
        assert talk.answered() == {"Q9": "no"}

    def test_changing_can_be_left(self, talk: Talk) -> None:
        talk.start().skip_to("How did it end?").press("Other").skip_to("last question")
        talk.press("Change an answer").press("The route your case took").press("How it ended")
        talk.press("Back")
        assert "last question" in talk.text and talk.answered() == {"Q2": "other"}

    def test_the_short_form(self, talk: Talk) -> None:
        talk.start(short=True)
        assert "Question 1 of about 10" in talk.text and "How did it end?" in talk.text
        talk.skip_to("last question")
        assert "answered none" in talk.text


class TestEnding:
    def some(self, talk: Talk) -> Talk:
        return talk.start().type("1 and 2").press("Other")

    def test_stop_and_keep(self, talk: Talk) -> None:
        self.some(talk).stop()
        assert "answered 2" in talk.text and not talk.desk.kept
        talk.press("Send what I answered")
        assert talk.over
        assert talk.desk.kept[0][1]["answers"] == {"Q1": ["direct", "manager"], "Q2": "other"}

    def test_what_was_pressed_without_done_is_kept_if_she_keeps_what_is_there(
        self, talk: Talk
    ) -> None:
        talk.start().press("HR").press("Police or national authority").stop()
        assert "answered 1" in talk.text and not talk.desk.kept
        talk.press("Send what I answered")
        assert talk.over and talk.desk.kept[0][1]["answers"] == {"Q1": ["hr", "police"]}

    def test_what_was_pressed_without_done_is_handed_in_by_no_other_way(self, talk: Talk) -> None:
        talk.start().press("HR").stop().press("Go on")
        assert not talk.desk.kept and talk.state is not None and talk.state["picked"] == ["hr"]
        talk.stop().press("Delete everything")
        assert talk.over and not talk.desk.kept

    def test_what_was_pressed_and_taken_back_is_nothing(self, talk: Talk) -> None:
        assert talk.start().press("HR").press("HR").stop().over
        assert "Nothing was kept" in talk.text and not talk.desk.kept

    def test_stop_and_delete(self, talk: Talk) -> None:
        self.some(talk).stop().press("Delete everything")
        assert talk.over and not talk.desk.kept
        assert "your own device" in talk.text

    def test_stop_and_go_on(self, talk: Talk) -> None:
        self.some(talk).press("Stop").press("Go on")
        assert "Question 3" in talk.text

    def test_stop_with_nothing_answered_just_stops(self, talk: Talk) -> None:
        assert talk.start().stop().over
        assert "Nothing was kept" in talk.text

    def test_stopping_twice_asks_again(self, talk: Talk) -> None:
        assert "What should I do" in self.some(talk).stop().stop().text

    def test_mumbling_at_the_stop_deletes_nothing(self, talk: Talk) -> None:
        assert "What should I do" in self.some(talk).stop().type("hm well").text
        assert not talk.over

    def test_mid_way_keep_and_delete(self, talk: Talk) -> None:
        self.some(talk).skip_to("half-way").press("Stop here and send my answers")
        assert talk.over and len(talk.desk.kept) == 1
        self.some(talk).skip_to("half-way").press("Stop here and delete my answers")
        assert talk.over and len(talk.desk.kept) == 1

    def test_delete_at_the_end(self, talk: Talk) -> None:
        self.some(talk).skip_to("last question").press("Delete")
        assert talk.over and not talk.desk.kept

    def test_nothing_answered_nothing_to_send(self, talk: Talk) -> None:
        talk.start().skip_to("last question")
        assert "answered none" in talk.text and "Send my answers" not in talk.labels
        assert talk.press("End here").over

    def test_a_failure_keeps_the_answers_here(self, talk: Talk) -> None:
        self.some(talk).skip_to("last question")
        talk.desk.down = True
        talk.press("Send my answers")
        assert "still here" in talk.text and not talk.over
        assert "still here" in talk.press("Try again").text
        talk.desk.down = False
        talk.press("Try again")
        assert talk.over and len(talk.desk.kept) == 1

    def test_a_failure_while_keeping_a_part(self, talk: Talk) -> None:
        self.some(talk).stop()
        talk.desk.down = True
        talk.press("Send what I answered")
        talk.desk.down = False
        assert talk.press("Try again").over and len(talk.desk.kept) == 1

    def test_the_round_closed_in_the_meantime(self, talk: Talk) -> None:
        self.some(talk).skip_to("last question")
        talk.desk.round = None
        talk.press("Send my answers")
        assert talk.over and "closed while you were answering" in talk.text

    def test_the_next_round_takes_what_was_begun_in_the_last(self, talk: Talk) -> None:
        self.some(talk).skip_to("last question")
        assert talk.desk.round
        talk.desk.round = RoundInfo("r2", talk.desk.round.instrument, "open")
        talk.press("Send my answers")
        assert talk.over and talk.desk.kept[0][0] == "r2"

    def test_no_support_asked_no_support_pushed(self, talk: Talk) -> None:
        self.some(talk).skip_to("last question").press("Send my answers")
        assert [c.value for c in talk.choices] == ["menu:main"]

    def test_a_state_of_an_older_questionnaire_begins_anew(self, talk: Talk) -> None:
        self.some(talk)
        assert talk.state is not None
        talk.state["instrument"] = "victim-experience-0"
        talk.type("hello")
        assert "begin anew" in talk.text and "Would you like to start?" in talk.text


class TestFrench:
    def test_the_whole_way_in_short(self, parler: Talk) -> None:
        parler.open()
        assert "anonyme" in parler.text and "signalement" in parler.text
        parler.press("Commencer").press("Elle est terminée").type("la police et les RH")
        assert parler.answered() == {"Q1": ["hr", "police"]}
        parler.skip_to("quelle est votre satisfaction quant à la façon")
        parler.type("assez satisfaite")
        assert "Vouliez-vous dire «\u00a0Satisfaction\u00a0»\u00a0?" in parler.text
        parler.type("oui").skip_to("dernière question").press("Envoyer mes réponses")
        assert parler.over
        assert parler.desk.kept[0][1]["answers"]["Q21"] == "satisfied"

    def test_the_answers_do_not_tell_the_language(self, talk: Talk, parler: Talk) -> None:
        talk.start().press("HR").press("Done").stop().press("Send what I answered")
        parler.open().press("Commencer").press("Elle est terminée")
        parler.press("Ressources humaines").press("Valider").stop().press(
            "Envoyer ce que j’ai répondu"
        )
        assert talk.desk.kept == parler.desk.kept


def test_nothing_typed_is_said_back(talk: Talk) -> None:
    """A free text is shown by nobody but its writer's own screen."""
    talk.start().skip_to("What helped most").type("a very particular sentence")
    seen = talk.text
    talk.skip_to("last question")
    seen += talk.text + talk.press("Change an answer").text + talk.press("Your ideas").text
    seen += talk.press("What helped most").text
    assert "particular" not in seen


def test_an_unknown_language_is_spoken_in_english(talk: Talk) -> None:
    talk.open()
    assert talk.state is not None
    heard = Heard("", "do:start", "choose", 1.0, "pt")
    step = asyncio.run(talk.walk.step(talk.state, heard))
    assert "Which fits you?" in step.messages[-1].text


class TestSayingWhatToDo:
    """Choices that do something can be typed too, but only by their name."""

    def test_begin_and_send_in_words(self, talk: Talk) -> None:
        talk.open().type("Start").type("ended").type("HR").skip_to("last question").type("send")
        assert talk.over and len(talk.desk.kept) == 1

    @pytest.mark.parametrize(
        "said", ["answers", "my answers were honest", "sending", "do not send"]
    )
    def test_nothing_is_sent_or_deleted_by_half_a_word(self, talk: Talk, said: str) -> None:
        talk.start().type("HR").skip_to("last question").type(said)
        assert not talk.over and not talk.desk.kept

    def test_a_no_at_the_end_sends_nothing(self, talk: Talk) -> None:
        talk.start().type("HR").skip_to("last question").type("no", "deny", 0.99)
        assert not talk.over and not talk.desk.kept
