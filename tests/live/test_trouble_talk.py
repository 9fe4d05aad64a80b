"""People who refuse, correct themselves, wander off, or send things nobody expects."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.live import Live
from tests.support.talk import Talk

STRANGE = {
    "garbage": "qwlkj zzpf brrt 77 xx",
    "emoji": "😭😭😭",
    "right to left": "\u202eمرحبا\u202c اريد المساعدة",
    "control characters": "\u0000\u0007\u001b[31mred",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a command of the engine": "/restart",
    "an intent of the engine": '/menu_report{"a": 1}',
    "placeholders": "{name} %s ${HOME} {{7*7}}",
    "a path": "../../etc/passwd",
    "sql": "'; DROP TABLE cases; --",
    "combining marks": "e" + "\u0301" * 500,
    "ten thousand characters": "he said it again and again. " * 358,
}


@pytest.mark.parametrize("kind", STRANGE)
def test_strange_things_are_answered_with_a_way_on(talk: Talk, kind: str) -> None:
    talk.says(STRANGE[kind])
    assert not talk.ended
    assert talk.choices


@pytest.mark.parametrize("kind", STRANGE)
def test_strange_things_are_kept_letter_by_letter_in_an_account(talk: Talk, kind: str) -> None:
    talk.chooses("menu:report").chooses("opt:self").chooses("opt:unknown").chooses("opt:clear")
    talk.says(STRANGE[kind]).chooses("do:done")
    for _ in range(4):
        talk.chooses("do:skip")
    talk.chooses("opt:anonymous")
    assert STRANGE[kind].strip("/ ") in talk.text


def test_more_than_one_message_can_hold_is_told_and_loses_nothing(talk: Talk) -> None:
    talk.chooses("menu:report").chooses("opt:self").chooses("opt:unknown").chooses("opt:clear")
    talk.says("Before. ").says("x" * 20_001).hears("in parts").says("After.").chooses("do:done")
    for _ in range(4):
        talk.chooses("do:skip")
    talk.chooses("opt:anonymous").hears("Before.", "After.")


def test_a_refusal_at_every_question_still_makes_a_report(talk: Talk) -> None:
    talk.chooses("menu:report").chooses("opt:self").chooses("opt:unknown").chooses("opt:clear")
    talk.says("Something happened.").says("that's all")
    for _ in range(4):
        talk.says("skip")
    talk.says("anonymous").hears("Something happened.", "(left out)")


def test_a_correction_on_the_way(talk: Talk) -> None:
    talk.chooses("menu:report").chooses("opt:other").says("back").says("1")
    talk.says("UNICEF").says("no").says("UNDP").hears("Development Programme").says("yes")
    talk.hears("report would go to")


def test_cancelling_and_beginning_again(talk: Talk) -> None:
    talk.chooses("menu:report").says("stop").hears("Nothing was sent")
    talk.chooses("menu:main").chooses("menu:report").hears("Who did this happen to?")


def test_a_digression_comes_back(talk: Talk) -> None:
    talk.chooses("menu:report")
    question = talk.messages[-1]["text"]
    talk.says("can I report anonymously?").hears("anonym")
    assert talk.messages[-1]["text"] == question


@pytest.mark.parametrize("value", ["do:yes", "opt:1", "family:x", "topic:x", "lang:xx", "", "<b>"])
def test_a_choice_that_nobody_offered(talk: Talk, value: str) -> None:
    talk.chooses(value)
    assert talk.choices and not talk.ended


def test_the_same_message_twice_is_done_once(talk: Talk) -> None:
    headers = {"Authorization": f"Bearer {talk.session}", "Idempotency-Key": "mine"}
    body = {"choice": "menu:report"}
    answers = [talk.http.post("/chat/messages", json=body, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()


def test_messages_sent_side_by_side_are_all_answered(live: Live) -> None:
    talk = live.talk().opens()
    headers = {"Authorization": f"Bearer {talk.session}"}

    def ask(number: int) -> int:
        text = f"question {number}: what is consent?"
        url = f"{live.url}/chat/messages"
        return httpx.post(
            url, json={"text": text}, headers=headers, timeout=60, trust_env=False
        ).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(6))) == {200}


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"{",
        b'{"text":"a","choice":"b"}',
        b'{"text":null}',
        b'{"text":1}',
        b'{"text":"\\ud800"}',
        b'{"text":"a","more":1}',
        b'{"text":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b"\xff",
    ],
)
def test_what_is_not_as_described_is_a_problem_document(talk: Talk, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {talk.session}", "Content-Type": "application/json"}
    answer = talk.http.post("/chat/messages", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code and problem["title"] and problem["type"]


@pytest.mark.parametrize("value", [None, "Bearer", "Bearer x", "Basic eDp5", "Bearer \xff"])
def test_without_a_session_nothing_is_heard(talk: Talk, value: str | None) -> None:
    headers = {"Authorization": value.encode("latin-1")} if value else {}
    answer = talk.http.post("/chat/messages", json={"text": "hello"}, headers=headers)
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_too_large_is_refused(talk: Talk) -> None:
    answer = talk.http.post("/chat/messages", content=b"x" * 600_000)
    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert answer.headers["content-type"] == "application/problem+json"


def test_headers_without_end_are_refused(talk: Talk) -> None:
    with pytest.raises(httpx.TransportError):
        talk.http.get("/healthz", headers={"X-Much": "x" * 200_000})
    assert talk.http.get("/healthz", headers={"X-Much": "x" * 20_000}).is_success
