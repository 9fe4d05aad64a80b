"""A local signal-cli-rest-api that checks each request against its published description.

The description (``signal_api.json``) is an excerpt of the project's own, with its license. What
stands only in its program is done as it does it: a group's id, the kinds of recipients, and that
it passes nothing on while it waits for the webhook.
"""

from __future__ import annotations

import base64
import binascii
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels.case import Heard
from tests.channels.openapi import Description
from tests.channels.provider import Provider

NUMBER = "+41225550100"
API = Description(Path(__file__).with_name("signal_api.json"))
_CHOICE = re.compile(r"^(?:(\d+)\.|–) (.+)$")
_METHODS = ["GET", "POST", "PUT", "DELETE"]


@dataclass
class Written:
    """One message as people see it."""

    time: int
    text: str
    read: bool = False


class SignalService(Provider):
    """The service, and what lies in the chats of those who write to it."""

    def __init__(self) -> None:
        super().__init__()
        self.mode = "json-rpc"
        self.accounts = [NUMBER]
        self.chats: dict[str, dict[int, Written]] = defaultdict(dict)
        self.deleted: list[tuple[str, int]] = []
        self.left: list[str] = []
        self.files: set[str] = set()
        self.calls: list[tuple[str, str]] = []
        #: It answers a list where it says an object, since its version of July 2026.
        self.lists = True
        #: Recipients that signal-cli cannot send to.
        self.gone: set[str] = set()
        #: How it fails: with this status, or with 400 and these words.
        self.fault: int | str = 502
        self._last = 1_760_000_000_000
        self._lock = threading.Lock()
        #: Set while nothing is being delivered; then what is sent is passed on.
        self.free = threading.Event()
        self.free.set()

    def throttled(self) -> Response:
        """429."""
        return JSONResponse({"error": "rate limit", "account": NUMBER}, 429)

    def faulty(self) -> Response:
        """The chosen fault."""
        if isinstance(self.fault, int):
            return Response("fault", self.fault)
        return JSONResponse({"error": self.fault}, 400)

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(routes=[Route("/{rest:path}", self._take, methods=_METHODS)])

    async def _take(self, request: Request) -> Response:
        raw = request.scope["raw_path"].decode()
        found = API.operation(request.method, raw)
        if found is None:
            self.note([f"{request.method} {raw}: there is no such operation"])
            return JSONResponse({"error": "not found"}, 404)
        operation, named = found
        if refusal := self.refusal():
            return refusal
        values = {name: unquote(value) for name, value in named.items()}
        body = await request.json() if await request.body() else None
        wrong = self._wrong(operation, values, body)
        if self.note(f"{request.method} {raw}: {problem}" for problem in wrong):
            return JSONResponse({"error": "Couldn't process request - invalid request"}, 400)
        self.calls.append((request.method, raw))
        return self.unless_lost(self._done(operation, values, body or {}))

    def _wrong(self, operation: dict[str, Any], values: dict[str, str], body: Any) -> Iterator[str]:
        schemas = [p["schema"] for p in operation.get("parameters", ()) if p["in"] == "body"]
        if body is not None and not schemas:
            yield "a body that is not described"
        for schema in schemas:
            yield from API.problems(schema, body)
        number = values.get("number") or (body or {}).get("number")
        if number is not None and number != NUMBER:
            yield "not a registered number"

    def _done(self, operation: dict[str, Any], values: dict[str, str], body: Any) -> Response:
        name = operation["summary"].split(" ")[0].lower()
        return getattr(self, f"_{name}")(operation, values, body)  # type: ignore[no-any-return]

    def _send(self, _: Any, values: dict[str, str], body: dict[str, Any]) -> Response:
        (to,) = body["recipients"]
        if not body["message"] or not _recipient(to) or to in self.gone:
            return JSONResponse({"error": "Failed to send message: Unregistered user"}, 400)
        if not self.free.wait(timeout=10):
            return JSONResponse({"error": "nothing is passed on while a delivery is open"}, 400)
        with self._lock:
            self._last += 1
            self.chats[to][self._last] = Written(self._last, body["message"])
            said = {"timestamp": str(self._last)}
        return JSONResponse([said] if self.lists else said, 201)

    def _delete(self, _: Any, values: dict[str, str], body: dict[str, Any]) -> Response:
        self.deleted.append((body["recipient"], body["timestamp"]))
        self.chats[body["recipient"]].pop(body["timestamp"], None)
        return JSONResponse({"timestamp": str(body["timestamp"] + 1)}, 201)

    def _quit(self, _: Any, values: dict[str, str], body: Any) -> Response:
        if not _group(values["groupid"]):
            return JSONResponse({"error": "Invalid group id"}, 400)
        self.left.append(values["groupid"])
        return Response(status_code=204)

    def _remove(self, _: Any, values: dict[str, str], body: Any) -> Response:
        if values["attachment"] not in self.files:
            return JSONResponse({"error": "No attachment with that name found"}, 400)
        self.files.discard(values["attachment"])
        return Response(status_code=204)

    def _lists(self, _: Any, values: dict[str, str], body: Any) -> Response:
        about = {"versions": ["v1", "v2"], "build": 2, "mode": self.mode, "version": "0.99"}
        return JSONResponse(about | {"capabilities": {}})

    def _list(self, _: Any, values: dict[str, str], body: Any) -> Response:
        return JSONResponse(self.accounts)

    def unread(self, chat: str) -> list[Heard]:
        """The messages that a person has not read yet."""
        found = [m for m in list(self.chats[chat].values()) if not m.read]
        for message in found:
            message.read = True
        return [heard(message.text) for message in found]


def heard(text: str) -> Heard:
    """A message with the choices under it, and what to type for each."""
    _, _, below = text.rpartition("\n\n")
    found = [_CHOICE.match(line) for line in below.split("\n")]
    if not all(found):
        return Heard(text)
    return Heard(text, tuple((m[2], m[1] or m[2]) for m in found if m))


def _recipient(to: str) -> bool:
    if to.startswith("group."):
        return _group(to)
    try:
        return bool(re.fullmatch(r"\+\d{7,15}", to) or UUID(to))
    except ValueError:
        return False


def _group(id: str) -> bool:
    """Encoded twice: by signal-cli, and by the service around it."""
    try:
        inner = base64.b64decode(id.removeprefix("group."), validate=True)
        return id.startswith("group.") and len(base64.b64decode(inner, validate=True)) == 32
    except binascii.Error:
        return False
