"""A local Twilio that checks each request against Twilio's own OpenAPI description.

``openapi.json`` is an excerpt of it; it says itself where it is from. The server keeps messages as
Twilio does: one can be deleted only when it is complete (error 20009).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels.provider import Provider

ACCOUNT = "ACabcdef0123456789abcdef0123456789"
TOKEN = "planted7token0of4the2account9xyz"

DESCRIBED = json.loads((Path(__file__).parent / "openapi.json").read_text(encoding="utf-8"))
_TEMPLATES = {
    re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path.replace(".", r"\.")) + "$"): path
    for path in DESCRIBED["paths"]
}


class TwilioApi(Provider):
    """The server, and what lies in its account."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.sent: list[dict[str, Any]] = []
        self.refuses: tuple[int, int] | None = None
        self.deleted: list[str] = []
        self.redacted: list[str] = []
        self.incomplete: dict[str, int] = {}
        self.numbers: list[dict[str, Any]] = []
        self.senders: list[dict[str, Any]] = []
        self.media: dict[str, bytes] = {}
        self.redirects = ""

    def throttled(self) -> Response:
        """429, with Twilio's own code for it."""
        return _refused(429, 20429, "Too Many Requests")

    def faulty(self) -> Response:
        """503."""
        return _refused(503, 20503, "Service Unavailable")

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[Route("/{path:path}", self._take, methods=["GET", "POST", "DELETE", "PUT"])]
        )

    def _file(self, method: str, path: str, authorized: bool) -> Response:
        """A file, through a redirect, as Twilio hands it out; its address needs no secret then."""
        if path.startswith("/files/") and not authorized:
            return Response(self.media.get(path.removeprefix("/files/"), b""))
        id = path.rpartition("/")[2]
        if not authorized or id not in self.media:
            return _refused(404, 20404, "not found")
        self.calls.append((method, path, {}))
        if method == "delete":
            del self.media[id]
            return Response(status_code=204)
        return Response(status_code=307, headers={"Location": f"{self.redirects}/files/{id}"})

    async def _take(self, request: Request) -> Response:
        wanted = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        authorized = request.headers.get("authorization") == wanted
        if "/Media/" in request.url.path or request.url.path.startswith("/files/"):
            return self._file(request.method.lower(), request.url.path, authorized)
        if not authorized:
            return _refused(401, 20003, "Authenticate")
        if refusal := self.refusal():
            return refusal
        path, method = request.url.path, request.method.lower()
        found = next((m for m in (t.match(path) for t in _TEMPLATES) if m), None)
        operation = DESCRIBED["paths"][_TEMPLATES[found.re]].get(method) if found else None
        if found is None or operation is None:
            self.note([f"{method} {path}: there is no such call"])
            return _refused(404, 20404, "not found")
        body = await request.body()
        kind = request.headers.get("content-type", "").partition(";")[0]
        given = _read(kind, body)
        wrong = [*_parameters(operation, found.groupdict(), dict(request.query_params))]
        wrong += _body(operation, kind, given)
        if self.note(f"{method} {path}: {what}" for what in wrong):
            return _refused(400, 20001, "not as described")
        self.calls.append((method, path, given))
        if path.endswith("/Messages.json"):
            return self._create(given)
        if "/Messages/" in path:
            return self._message(method, found["Sid"], given)
        if "/IncomingPhoneNumbers" in path:
            return self._number(method, found.groupdict().get("Sid"), given)
        return self._sender(method, found.groupdict().get("Sid"), given)

    def _create(self, given: dict[str, Any]) -> Response:
        """A template is sent; ``refuses`` has status and code of a refusal, which repeats the
        address as Twilio's do."""
        if self.refuses:
            return _refused(*self.refuses, f"The 'To' number {given['To']} is refused")
        self.sent.append(given)
        sid = f"SM{len(self.sent):032x}"
        return self.unless_lost(JSONResponse({"sid": sid, "status": "accepted"} | given, 201))

    def _message(self, method: str, sid: str, given: dict[str, Any]) -> Response:
        if self.incomplete.get(sid, 0) > 0:
            self.incomplete[sid] -= method == "delete"
            if method == "delete":
                return _refused(409, 20009, "Cannot delete this resource before it is complete")
        if sid in self.deleted:
            return _refused(404, 20404, "not found")
        if method == "delete":
            self.deleted.append(sid)
            return Response(status_code=204)
        if given.get("Body") == "":
            self.redacted.append(sid)
        return JSONResponse({"sid": sid, "body": "", "status": "received"})

    def _number(self, method: str, sid: str | None, given: dict[str, Any]) -> Response:
        if method == "get":
            return JSONResponse(
                {"incoming_phone_numbers": self.numbers, "page": 0, "next_page_uri": None}
            )
        (number,) = [n for n in self.numbers if n["sid"] == sid]
        number["sms_url"] = given["SmsUrl"]
        return JSONResponse(number)

    def _sender(self, method: str, sid: str | None, given: dict[str, Any]) -> Response:
        if method == "get":
            meta = {"key": "senders", "page": 0, "next_page_url": None}
            return JSONResponse({"senders": self.senders, "meta": meta})
        (sender,) = [s for s in self.senders if s["sid"] == sid]
        sender["webhook"] = given["webhook"]
        return JSONResponse(sender, 202)


def _read(kind: str, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if kind == "application/json":
        return dict(json.loads(body))
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _parameters(
    operation: dict[str, Any], path: dict[str, str], query: dict[str, str]
) -> Iterator[str]:
    known = {(p["in"], p["name"]): p for p in operation.get("parameters", [])}
    for where, given in (("path", path), ("query", query)):
        for name, value in given.items():
            if (where, name) not in known:
                yield f"{name} is no parameter in the {where}"
            else:
                yield from _fits(known[where, name]["schema"], value, name)
    for (where, name), parameter in known.items():
        if parameter.get("required") and name not in {"path": path, "query": query}[where]:
            yield f"{name} is missing"


def _body(operation: dict[str, Any], kind: str, given: dict[str, Any]) -> Iterator[str]:
    contents = operation.get("requestBody", {}).get("content", {})
    if not given:
        return
    if kind not in contents:
        yield f"a body of the type {kind}"
        return
    yield from _fits(contents[kind]["schema"], given, "body")


def _fits(schema: dict[str, Any], value: Any, name: str) -> Iterator[str]:
    """What is wrong with a value; forms hold texts only, so numbers are read from them."""
    if "$ref" in schema:
        schema = DESCRIBED["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, dict):
        for part, inner in value.items():
            if part not in schema.get("properties", {}):
                yield f"{name}.{part} is unknown"
            else:
                yield from _fits(schema["properties"][part], inner, f"{name}.{part}")
        for part in schema.get("required", []):
            if part not in value:
                yield f"{name}.{part} is missing"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name} is none of the known values"
    if "pattern" in schema and not re.search(schema["pattern"], str(value)):
        yield f"{name} does not fit its pattern"
    if schema.get("type") == "integer" and not str(value).isdecimal():
        yield f"{name} is no number"
    if schema.get("format") in ("uri", "http-method") and not str(value):
        yield f"{name} is empty"


def _refused(status: int, code: int, message: str) -> JSONResponse:
    body = {"code": code, "message": message, "status": status, "more_info": ""}
    return JSONResponse(body, status)
