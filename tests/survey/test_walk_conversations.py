"""The survey, told as conversations."""

from __future__ import annotations

import asyncio

import pytest

from catalogue import Heard
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


class TestAnswering:
    def test_the_whole_way(self, talk: Talk) -> None:
        talk.start()
        assert "Question 1 of about 28" in talk.text
        talk.type("1, 3 and 5")
        assert talk.answered() == {"Q1": ["direct", "hr", "helpline"]}
        assert "Question 2 of about 28" in talk.text
        talk.press("Settled informally").press("Yes").press("Agree").press("Disagree").press(
            "Neither"
        )
        talk.press("Counselling").press("Legal advice").press("Done")
        assert "How much did the support" in talk.text
        talk.press("Mostly").press("Yes")
        assert "which" in talk.text or "which kind" in talk.text
        talk.type("Someone to walk with me to the meetings.")
        talk.press("Always").press("About right").press("No")
        assert "half-way" in talk.text
        talk.press("OK, go on").press("Sometimes").press("Mostly").press("None")
        assert "From your first contact" in talk.text  # no protection was named, no harm either
        talk.press("3 to 6 months").press("Agree").press("Never").press("No").press("Satisfied")
        talk.press("Very dissatisfied").press("Probably").press("Agree")
        talk.type("More time.").type("A calm voice.").press("Yes").press("Both")
        assert "leaving them out protects you" in talk.text
        talk.press("Yes, go on").press("Woman").press("Staff").press("Mostly remote")
        assert "answered 30 of 30" in talk.text and "Nothing has been sent" in talk.text
        assert not talk.desk.kept
        talk.press("Send my answers")
        ((round_id, document, token),) = talk.desk.kept
        assert (round_id, token) == ("r1", None)
        assert sorted(document) == ["answers", "instrument", "version"]
        assert document["instrument"] == "victim-experience" and document["version"] == 1
        assert document["answers"]["Q7"] == ["counselling", "legal"]
        assert document["answers"]["Q8"] == "mostly"
        assert document["answers"]["D1"] == "woman"
        assert not {"MID", "Q28", "G1"} & set(document["answers"])
        assert [c.value for c in talk.choices] == [
            "menu:support", "topic:how_to_report", "menu:main",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ("satisfied", "satisfied"),
            ("I was very satisfied with it", "very_satisfied"),
            ("not satisfied", "dissatisfied"),
            ("option 5", "very_dissatisfied"),
            ("٢", "satisfied"),
            ("PREFER NOT TO SAY", "prefer_not_to_say"),
            ("happy", "satisfied"),
        ],
    )
    def test_own_words(self, talk: Talk, said: str, code: str) -> None:
        talk.start().skip_to("how satisfied are you with the way").type(said)
        assert talk.answered()["Q21"] == code

    def test_nearly_is_confirmed_and_never_assumed(self, talk: Talk) -> None:
        talk.start().skip_to("how satisfied are you with the way").type("quite satisfied")
        assert "Did you mean “Satisfied”?" in talk.text
        assert talk.answered() == {}
        talk.type("yes")
        assert talk.answered() == {"Q21": "satisfied"}

    def test_a_wrong_guess_can_be_refused_or_answered_anew(self, talk: Talk) -> None:
        talk.start().skip_to("how satisfied are you with the way").type("quite satisfied")
        assert "how satisfied are you with the way" in talk.press("No").text
        talk.type("quite satisfied").type("very dissatisfied")
        assert talk.answered() == {"Q21": "very_dissatisfied"}

    @pytest.mark.parametrize("said", ["not very satisfied", "never satisfied"])
    def test_a_no_is_never_heard_as_a_yes(self, talk: Talk, said: str) -> None:
        talk.start().skip_to("how satisfied are you with the way").type(said)
        assert talk.answered() == {}
        assert "“Very satisfied”" not in talk.text and "“Satisfied”" not in talk.text

    def test_two_that_could_be_meant(self, talk: Talk) -> None:
        talk.start().skip_to("My background or identity").type("yes")
        assert talk.labels == ["Yes, for the worse", "Yes, for the better", "None of these", "Back"]
        talk.press("Yes, for the worse")
        assert talk.answered() == {"Q12": "worse"}

    def test_pressing_several_then_done(self, talk: Talk) -> None:
        talk.start().press("HR").press("Anonymous report")
        assert "Chosen so far: HR; Anonymous report" in talk.text
        talk.press("HR")  # once more takes it back
        assert "Chosen so far: Anonymous report." in talk.text
        assert talk.press("Done").answered() == {"Q1": ["anonymous_report"]}

    def test_what_stands_alone_stands_alone(self, talk: Talk) -> None:
        talk.start().press("HR").press("Prefer not to say")
        assert talk.answered() == {"Q1": ["prefer_not_to_say"]}
        talk.press("Back").type("hr and prefer not to say")
        assert "cannot be combined" in talk.text and talk.answered() == {}

    def test_several_in_words(self, talk: Talk) -> None:
        talk.start().type("manager, HR and the police")
        assert talk.answered() == {"Q1": ["manager", "hr", "police"]}

    def test_several_of_which_one_is_unclear(self, talk: Talk) -> None:
        talk.start().type("HR, ombudsmen")
        assert "Did you mean these?" in talk.text
        talk.press("Yes")
        assert talk.answered() == {"Q1": ["hr", "ombudsman"]}

    @pytest.mark.parametrize("said", ["blue", "99", "🙃", "؟؟؟", "x" * 10_000, "   "])
    def test_nonsense_is_asked_again(self, talk: Talk, said: str) -> None:
        talk.start().skip_to("How did it end?")
        talk.type(said)
        assert "How did it end?" in talk.text and talk.answered() == {}

    def test_a_late_press_answers_no_other_question(self, talk: Talk) -> None:
        talk.start().skip_to("How did it end?")
        old = next(c.value for c in talk.choices if c.label == "Settled informally")
        talk.press("Other")
        talk.press_value(old)
        assert "belongs to another question" in talk.text
        assert talk.answered() == {"Q2": "other"}

    def test_left_out_in_the_middle(self, talk: Talk) -> None:
        talk.start().skip_to("Would you like to answer these three").press("Leave all of it out")
        assert "last question" in talk.text
        assert talk.press("Back").text.count("Would you like to answer these three") == 1


class TestFreeText:
    @pytest.fixture(autouse=True)
    def at_q25(self, talk: Talk) -> None:
        talk.start().skip_to("one thing that would have made")

    def test_it_is_free(self, talk: Talk) -> None:
        assert talk.messages[-1].free

    def test_a_policy_question_in_it_belongs_to_it(self, talk: Talk) -> None:
        talk.type("what are the deadlines? nobody told me", "faq/deadlines", 0.99)
        assert not talk.digressed
        assert talk.answered() == {"Q25": "what are the deadlines? nobody told me"}

    def test_short_sure_commands_are_commands(self, talk: Talk) -> None:
        assert "What helped most?" in talk.type("next one please", "skip", 0.97).text
        assert talk.answered() == {}

    def test_a_long_sentence_is_no_command(self, talk: Talk) -> None:
        talk.type("i wanted to skip the long waiting", "skip", 0.97)
        assert talk.answered() == {"Q25": "i wanted to skip the long waiting"}

    def test_too_long_loses_nothing(self, talk: Talk) -> None:
        talk.type("ab " * 400)
        assert "Nothing is lost" in talk.text and talk.answered() == {}
        talk.press("Keep the first 800 characters")
        assert len(talk.answered()["Q25"]) <= 800 and talk.answered()["Q25"].startswith("ab ab")

    def test_too_long_can_be_written_again(self, talk: Talk) -> None:
        talk.type("ab " * 400).type("less waiting")
        assert talk.answered() == {"Q25": "less waiting"}

    @pytest.mark.parametrize(
        ("said", "kind"),
        [
            ("It was slow in Geneva", "a name or a place"),
            ("Mr Miller should have listened", "a name or a place"),
            ("it took from March 2023", "a date"),
            ("call me at +41 79 555 12 34", "a number or an address"),
            ("write to me: someone@example.org", "a number or an address"),
            ("room 4312 was cold", "a number"),
        ],
    )
    def test_what_could_point_to_somebody(self, talk: Talk, said: str, kind: str) -> None:
        talk.type(said)
        assert "could point to you" in talk.text and kind in talk.text
        assert said not in talk.text  # what was typed is not shown again
        assert talk.answered() == {}
        talk.press("Keep it as it is")
        assert talk.answered() == {"Q25": said}

    def test_it_can_be_changed(self, talk: Talk) -> None:
        talk.type("It was slow in Geneva").press("I will write it again").type("It was slow")
        assert talk.answered() == {"Q25": "It was slow"}

    @pytest.mark.parametrize("said", ["HR took 6 months. I waited.", "Être entendue plus tôt."])
    def test_harmless_words_are_not_held_up(self, talk: Talk, said: str) -> None:
        assert talk.type(said).answered() == {"Q25": said}

    def test_numbers_are_words_here(self, talk: Talk) -> None:
        assert talk.type("2").answered() == {"Q25": "2"}


class TestMovingAbout:
    def test_back_restores_and_asks_again(self, talk: Talk) -> None:
        talk.start()
        asked, state = talk.messages[-1], talk.state
        talk.type("2 and 3").press("Back")
        assert talk.state == state and talk.messages[-1] == asked

    def test_back_to_the_very_start(self, talk: Talk) -> None:
        talk.start().press("Back").press("Back")
        assert "Would you like to start?" in talk.text
        assert "cannot go back" in talk.type("back").text

    def test_skip_by_word_and_by_intent(self, talk: Talk) -> None:
        assert "Question 2" in talk.start().type("skip").text
        assert "Question 3" in talk.type("rather leave that one", "skip", 0.9).text
        assert talk.answered() == {}

    def test_the_gate_cannot_be_skipped(self, talk: Talk) -> None:
        assert "I need an answer" in talk.open().press("Start").type("skip").text

    def test_why(self, talk: Talk) -> None:
        talk.start().skip_to("My background or identity").press("Why do you ask?")
        assert "treated alike" in talk.text and "My background or identity" in talk.text

    def test_why_in_own_words(self, talk: Talk) -> None:
        talk.start().type("what do you need this for", "why_asked", 0.8)
        assert "Routes differ" in talk.text and "Question 1" in talk.text

    def test_a_policy_question_is_answered_and_the_survey_goes_on(self, talk: Talk) -> None:
        talk.start().skip_to("The length of time was acceptable")
        state = talk.state
        talk.type("is there a deadline for reports?", "faq/deadlines", 0.9)
        assert talk.digressed and talk.state == state
        assert "The length of time was acceptable" in talk.text

    def test_an_unsure_policy_question_is_no_digression(self, talk: Talk) -> None:
        talk.start().type("hm hm hm", "faq/deadlines", 0.4)
        assert not talk.digressed

    def test_an_answer_that_sounds_like_a_topic_is_an_answer(self, talk: Talk) -> None:
        talk.start().skip_to("How did it end?").type(
            "settled informally", "faq/informal_options", 0.9
        )
        assert not talk.digressed and talk.answered() == {"Q2": "settled_informally"}

    def test_pause_and_come_back(self, talk: Talk) -> None:
        talk.start().type("pause")
        assert "30 minutes" in talk.text and "menu:support" in [c.value for c in talk.choices]
        assert "Question 1" in talk.type("I am back now").text
        assert talk.answered() == {}

    def test_distress_is_met(self, talk: Talk) -> None:
        talk.start().type("this is too much for me", "distress", 0.9)
        assert "matters more than this survey" in talk.text
        assert "Question 1" in talk.press("Go on").text

    def test_help(self, talk: Talk) -> None:
        assert "use your own words" in talk.start().type("help").text

    def test_another_language_in_the_middle(self, talk: Talk) -> None:
        talk.start().skip_to("How did it end?").again("fr")
        assert "Comment la procédure s’est-elle terminée" in talk.text
        assert "Question 2 sur environ 28" in talk.text

    def test_a_mid_way_break_goes_on_after_it(self, talk: Talk) -> None:
        talk.start().skip_to("half-way").press("A short break").press("Go on")
        assert "felt safe at work" in talk.text

    def test_support_at_mid_way(self, talk: Talk) -> None:
        talk.start().skip_to("half-way")
        assert "menu:support" in [c.value for c in talk.choices]


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
