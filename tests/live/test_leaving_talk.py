"""Stop, erase and leave work at any moment; words of danger are heard everywhere."""

from __future__ import annotations

import httpx
import pytest

from tests.support.live import Live
from tests.support.talk import Talk


def _gone(talk: Talk) -> bool:
    answer = talk.http.post(
        "/chat/messages",
        json={"text": "hello"},
        headers={"Authorization": f"Bearer {talk.session}"},
    )
    return answer.status_code == httpx.codes.UNAUTHORIZED


@pytest.mark.parametrize("words", ["stop", "STOP!!", "arrête", "стоп", "停止", "توقف", "parar"])
def test_stop_ends_the_chat(talk: Talk, words: str) -> None:
    talk.says(words)
    assert talk.ended
    assert _gone(talk)


@pytest.mark.parametrize("words", ["erase", "delete everything", "effacer", "efface tout"])
def test_erase_deletes_and_says_what_it_cannot_delete(talk: Talk, words: str) -> None:
    talk.says(words)
    assert talk.ended
    assert _gone(talk)


def test_erase_tells_what_stays_elsewhere(talk: Talk) -> None:
    talk.says("erase").hears("browser")


def test_leave_says_nothing_that_gives_her_away(talk: Talk) -> None:
    talk.chooses("gate:exit").does_not_hear("harass", "report", "survey")
    assert talk.ended
    assert _gone(talk)


def test_a_wish_to_erase_in_other_words_deletes_nothing_on_a_guess(talk: Talk) -> None:
    talk.says("could you please make sure nothing I typed stays anywhere")
    assert not talk.ended
    assert talk.choices


def test_danger_is_answered_at_once_with_what_to_do_now(talk: Talk) -> None:
    talk.says("he is outside my door right now and he has a knife")
    talk.hears("emergency").is_offered("not what I meant")
    talk.presses("not what I meant").is_offered("policy")


def test_recent_assault_hears_about_care_first(talk: Talk) -> None:
    talk.says("i was raped last night").hears("72 hours")


def test_danger_in_the_middle_of_an_account_loses_nothing(live: Live) -> None:
    talk = live.talk().opens().chooses("menu:report").presses("To me")
    talk.says("WFP").chooses("do:yes").chooses("opt:clear")
    talk.says("he said he will kill me tonight, he is on his way to my house now")
    talk.hears("emergency")
    talk.chooses("do:done")
    for _ in range(4):
        talk.chooses("do:skip")
    talk.chooses("opt:anonymous").hears("on his way to my house")
