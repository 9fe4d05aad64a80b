"""The survey, told as conversations: answering and moving about."""

from __future__ import annotations

import pytest

from tests.survey.talk import Talk


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
