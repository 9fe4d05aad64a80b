"""Whatever is sent: an answer in time, no error of ours, and nothing lost of what she told."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import pytest

from tests.attack.hostile import BODIES, STRINGS
from tests.attack.house import House
from tests.attack.size import sized
from tests.support.talk import Talk

#: Seconds within which everybody is answered, whatever else goes on.
IN_TIME = 10.0

#: All of them with ``make attack``; otherwise every third, and those that a browser can send.
CHOSEN = list(STRINGS)[:: sized(3, 1)]

PATHS = (
    "/chat/sessions",
    "/chat/messages",
    "/inbox/api/begin",
    "/inbox/api/sign-in",
    "/inbox/api/setup",
    "/inbox/api/case",
    "/taskforce/api/bundle",
)


@contextmanager
def in_time(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took < IN_TIME, f"{what}: {took:.1f} s"


def says(service: House, talk: Talk, **said: Any) -> dict[str, Any]:
    """Send it as a browser would, half a pair of surrogates included; what was answered."""
    answer = service.http.post(
        "/chat/messages",
        content=json.dumps(said).encode(),
        headers={
            "Authorization": f"Bearer {talk.session}",
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code in (200, 401, 422), answer.status_code
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        return {}
    found: dict[str, Any] = answer.json()
    assert found["messages"] and all(message["text"] for message in found["messages"])
    return found


@pytest.mark.parametrize("name", CHOSEN)
def test_a_hostile_text_is_answered_wherever_one_can_be_typed(service: House, name: str) -> None:
    """At the beginning, in every part of a report, in the survey, and for a receipt."""
    text = STRINGS[name]
    ways: dict[str, list[str]] = {
        "the beginning": [],
        "a policy answer": ["menu:policy"],
        "whom it happened to": ["menu:report"],
        "the organization": ["menu:report", "opt:self"],
        "the account": ["menu:report", "opt:self", "opt:unknown", "opt:clear"],
        "the survey": ["menu:survey", "do:start"],
        "the receipt": ["menu:return"],
    }
    for where, choices in ways.items():
        talk = service.talk().opens()
        for choice in choices:
            talk.chooses(choice)
        with in_time(f"{name} at {where}"):
            says(service, talk, text=text)


@pytest.mark.parametrize("name", CHOSEN)
def test_what_she_tells_is_kept_as_it_is(service: House, name: str) -> None:
    """What is taken as her account stands in the final text letter for letter."""
    text = STRINGS[name]
    talk = service.talk().opens()
    for choice in ("menu:report", "opt:self", "opt:unknown", "opt:clear"):
        talk.chooses(choice)
    first = "It began in spring."
    talk.says(first)
    says(service, talk, text=text)
    shown = says(service, talk, choice="do:done")
    for _ in range(12):
        if shown and any(first in message["text"] for message in shown["messages"]):
            break
        values = [c["value"] for c in (shown or {}).get("messages", [{}])[-1].get("choices", [])]
        skip = next((v for v in ("do:skip", "opt:no", "opt:anonymous", "do:no") if v in values), "")
        shown = says(service, talk, choice=skip or "do:skip")
    whole = "\n".join(message["text"] for message in shown.get("messages", []))
    assert first in whole, "the final text was never shown"
    if text.strip() and len(text) < 2000 and "\ud800" not in text and "\udfff" not in text:
        kept = text in whole or text.strip() in whole
        assert kept or _is_no_account(name), name


def _is_no_account(name: str) -> bool:
    """Texts that say nothing are asked again, and are not taken for a part of what she tells."""
    return name in {
        "nothing",
        "control signs",
        "brackets",
        "quotes",
        "private signs",
        "no sign at all",
    }


@pytest.mark.parametrize("path", PATHS)
def test_a_hostile_body_is_refused_and_not_repeated(service: House, path: str) -> None:
    talk = service.talk().begin()
    headers = {
        "Authorization": f"Bearer {talk.session}",
        "Content-Type": "application/json",
    }
    for name, body in BODIES.items():
        with in_time(f"{name} at {path}"):
            answer = service.http.post(path, content=body, headers=headers)
        assert answer.status_code < 500, (name, answer.status_code)
        if path != "/chat/sessions" or name not in ("empty",):
            assert answer.status_code in (200, 401, 413, 422), (name, answer.status_code)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer " + "x" * 100_000},
        {"Authorization": "Bearer \xff\xfe"},
        {"Idempotency-Key": "x" * 5_000},
        {"Accept-Language": "," * 400},
        {"Accept-Language": "fr;q=" + "9" * 400},
        {"Content-Encoding": "gzip"},
        {"Transfer-Encoding": "chunked", "Content-Length": "5"},
        {"Range": "bytes=0-0,0-0," * 300},
        {"If-None-Match": '"' + "x" * 5_000 + '"'},
        {"Expect": "100-continue"},
        {"Host": "a b"},
    ],
    ids=lambda headers: ", ".join(headers),
)
def test_hostile_headers_are_no_error_of_ours(service: House, headers: dict[str, str]) -> None:
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    for method, path in (("GET", "/"), ("GET", "/widget.js"), ("POST", "/chat/messages")):
        try:
            answer = service.http.request(method, path, headers=raw, content=b"{}")
        except httpx.HTTPError:
            continue  # hung up on
        assert answer.status_code < 500, path


def test_slow_and_silent_clients_keep_nobody_waiting(service: House) -> None:
    """Many connections that say half a request and then nothing."""
    host, port = service.http.base_url.host, service.http.base_url.port
    head = b"POST /chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
    pieces = (b"", b"P", b"POST /chat", head, head + b"\r\n", head + b'\r\n{"text":"a')
    held = []
    try:
        for number in range(sized(120, 600)):
            one = socket.create_connection((host, port or 80), timeout=5)
            one.sendall(pieces[number % len(pieces)])
            held.append(one)
        for _ in range(5):
            with in_time("somebody else"):
                service.talk().opens().hears("What would you like to do")
    finally:
        for one in held:
            one.close()


def test_a_request_smuggled_behind_another_is_none(service: House) -> None:
    """Two lengths, or a length and pieces: whatever a proxy made of it, we take one request."""
    host, port = service.http.base_url.host, service.http.base_url.port
    smuggled = b"GET /inbox/api/strings HTTP/1.1\r\nHost: x\r\n\r\n"
    tries = (
        b"Content-Length: 0\r\nContent-Length: %d\r\n" % len(smuggled),
        b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % len(smuggled),
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Content-Length: +%d\r\n" % len(smuggled),
    )
    for headers in tries:
        with closing(socket.create_connection((host, port or 80), timeout=5)) as one:
            one.sendall(b"POST /chat/sessions HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n")
            one.sendall(smuggled)
            one.settimeout(1.0)
            answer = b""
            try:
                while piece := one.recv(65536):
                    answer += piece
            except TimeoutError:
                pass
        assert b'"words"' not in answer, headers
