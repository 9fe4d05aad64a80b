"""A tiny service that speaks the chat's HTTP contract with answers written in the test.

It serves the real page and the real widget with the real headers, so that what the browser
refuses here it would refuse there.
"""

from __future__ import annotations

import json
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from altcha import v1 as altcha

from catalogue import Message, Messages
from service.held import words
from web import pages
from web.bundle import bundle

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"

#: What another site's own policy may look like: as strict as it can be with the widget on it.
HOST_POLICY = (
    "default-src 'none'; script-src {origin}; connect-src {origin}; style-src 'self'; "
    "require-trusted-types-for 'script'"
)

HOST = (
    "<!doctype html><title>Host</title>"
    '<meta name="viewport" content="width=device-width"><h1>Host</h1>'
)

#: As the service's own headers make them: the widget may stand on another site.
HELD_HEADERS = pages.ASSET_HEADERS | {"Access-Control-Allow-Origin": "*"}

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@cache
def catalogue_strings() -> pages.Strings:
    """The widget's words in every language."""
    return pages.widget_strings(Messages.load(ROOT / "content"))


@cache
def held_words(lang: str) -> dict[str, Any]:
    content = ROOT / "content"
    return words(content, Messages.load(content), lang)


def message(text: str, *choices: tuple[str, str]) -> dict[str, Any]:
    return {"text": text, "choices": [{"label": la, "value": va} for la, va in choices]}


OPENING = [
    message("Hello. I am a program, not a person."),
    message("What would you like to do?", ("Learn", "menu:policy"), ("Survey", "menu:survey")),
]


@dataclass
class Fake:
    """The service as a test sees it.

    Args:
        answers: what is answered next, in order; then ``Heard.`` for ever.
        heard: every body of ``/chat/messages``, with the key it came with.
        faults: what goes wrong next: a status, ``"cut"`` (no answer at all) or ``"cut late"``
            (the message arrives, the answer does not).
        brings: the opening comes along with a new chat, as the service does if it can.
        first: what the page shows before it is said, by language; the service always has it.
        flood: a new chat costs a proof of work, of so many numbers at most.
        gate: cleared, it holds back every answer until it is set.
    """

    answers: list[list[dict[str, Any]]] = field(default_factory=lambda: [OPENING])
    heard: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    faults: list[int | str] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)
    begun: list[dict[str, Any]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    ended: bool = False
    brings: bool = False
    first: dict[str, list[Message]] | None = None
    flood: int = 0
    lang: str | None = None
    demo: bool = False
    tag: str = ""
    origin: str = ""

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def texts(self) -> list[str]:
        return [body["text"] for body in self.heard if "text" in body]

    @property
    def choices(self) -> list[str]:
        return [body["choice"] for body in self.heard if "choice" in body]


class Handler(BaseHTTPRequestHandler):
    #: A connection each: on a kept one Chromium itself tries again what was cut.
    protocol_version = "HTTP/1.0"

    def __init__(self, fake: Fake, *args: Any) -> None:
        self.fake = fake
        super().__init__(*args)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""

    def reply(self, status: int, body: bytes, content: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reply_json(self, status: int, body: object) -> None:
        headers = dict(pages.CHAT_HEADERS)
        if self.fake.lang:
            headers["Content-Language"] = self.fake.lang
        content = "application/json" if status < 400 else "application/problem+json"
        self.reply(status, json.dumps(body).encode(), content, headers)

    def do_OPTIONS(self) -> None:
        self.reply(204, b"", "text/plain", pages.CHAT_HEADERS)

    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        strings = catalogue_strings()
        html = "text/html; charset=utf-8"
        if not path:
            accepted = self.headers.get("Accept-Language", "")
            lang = pages.preferred_language(accepted, tuple(strings))
            text = pages.page(WEB, strings, lang, self.fake.demo, self.fake.first)
            self.reply(200, text.encode(), html, pages.PAGE_HEADERS)
        elif path == "widget.js":
            text = pages.widget_script(WEB, pages.words_of(strings, "en", self.fake.first))
            self.reply(200, text.encode(), "text/javascript", pages.ASSET_HEADERS)
        elif path == "page.js":
            self.reply(200, pages.page_script(WEB).encode(), "text/javascript", pages.ASSET_HEADERS)
        elif path.startswith("chat/strings/"):
            lang = path.removeprefix("chat/strings/").removesuffix(".json")
            written = pages.compact(pages.words_of(strings, lang, self.fake.first))
            self.reply(200, written.encode(), "application/json", HELD_HEADERS)
        elif path == "chat/held.js":
            text = bundle(WEB / "held" / "held.js")
            self.reply(200, text.encode(), "text/javascript", HELD_HEADERS)
        elif path.startswith("chat/words/"):
            lang = path.removeprefix("chat/words/").removesuffix(".json")
            found = json.dumps(held_words(lang)).encode()
            self.reply(200, found, "application/json", HELD_HEADERS)
        elif path in ("page.css", "widget.css", "favicon.svg"):
            content = TYPES[path.rpartition(".")[2]]
            self.reply(200, (WEB / path).read_bytes(), content, pages.ASSET_HEADERS)
        elif path == "host":
            text = HOST + self.fake.tag
            policy = HOST_POLICY.format(origin=self.fake.origin)
            self.reply(200, text.encode(), html, {"Content-Security-Policy": policy})
        elif path == "elsewhere":
            referrer = self.headers.get("Referer", "none")
            text = f"<!doctype html><title>Weather</title><p id=referrer>{referrer}</p>"
            self.reply(200, text.encode(), html, {})
        else:
            self.reply(204 if path == "favicon.ico" else 404, b"", html, {})

    def do_POST(self) -> None:
        fake = self.fake
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Cookie"):
            raise AssertionError("a cookie was sent")
        if body.get("choice") == "gate:exit":  # told, never waited for
            fake.heard.append(body)
            self.reply_json(200, {"messages": [], "ended": True})
            return
        fake.gate.wait(10)
        fault = fake.faults.pop(0) if fake.faults else None
        if fault == "cut":
            self.close_connection = True
        elif isinstance(fault, int):
            self.reply_json(fault, {"title": "A fault", "status": fault})
        elif self.path == "/chat/sessions" and fake.flood and not self.has_worked():
            self.reply_json(429, {"title": "Too many", "challenge": _challenge(fake.flood)})
        elif self.path == "/chat/sessions":
            session = secrets.token_urlsafe(16)
            fake.sessions[f"Bearer {session}"] = session
            fake.begun.append(body)
            self.reply_json(201, {"session": session} | self.opening(body))
        elif self.headers.get("Authorization") not in fake.sessions:
            self.reply_json(401, {"title": "The chat has ended", "status": 401})
        else:
            self.answer(body, late=fault == "cut late")

    def opening(self, body: dict[str, Any]) -> dict[str, Any]:
        if not self.fake.brings or not body["opening"]:
            return {}
        return {"opening": {"messages": self.fake.answers.pop(0), "ended": False}}

    def has_worked(self) -> bool:
        proof = self.headers.get("Proof-Of-Work")
        return proof is not None and altcha.verify_solution(proof, b"key")[0]

    def answer(self, body: dict[str, Any], late: bool) -> None:
        fake = self.fake
        key = self.headers.get("Idempotency-Key")
        fake.heard.append(body)
        fake.keys.append(key)
        if late:
            self.close_connection = True
            return
        messages = fake.answers.pop(0) if fake.answers else [message("Heard.")]
        self.reply_json(200, {"messages": messages, "ended": fake.ended})


def _challenge(most: int) -> dict[str, Any]:
    options = altcha.ChallengeOptions(max_number=most, number=most, hmac_key=b"key")
    made = altcha.create_challenge(options)
    names = ("algorithm", "challenge", "salt", "signature")
    return {name: getattr(made, name) for name in names} | {"maxnumber": most}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, fake: Fake) -> None:
        self.errors: list[BaseException] = []
        super().__init__(("127.0.0.1", 0), partial(Handler, fake))

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that left while it was being answered is no error; all else is."""
        error = sys.exception()
        if error and not isinstance(error, ConnectionError):
            self.errors.append(error)


@contextmanager
def running() -> Iterator[Fake]:
    """Starts the fake on a free loopback port."""
    fake = Fake()
    server = Server(fake)
    fake.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.gate.set()
        server.shutdown()
        server.server_close()
    if server.errors:
        raise server.errors[0]
