"""A local Bot API that checks each request against Telegram's published description.

The description is the one in the classes of ``aiogram`` (MIT), which are generated from Telegram's
pages; it knows nothing of the library that makes our calls. Limits that stand there in words only
(core.telegram.org/bots/api) are checked here.
"""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import aiogram.methods
from aiogram.methods import TelegramMethod
from aiogram.types import TelegramObject, Update
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels.case import Heard
from tests.channels.provider import Provider

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
_ME = {"id": 110201543, "is_bot": True, "first_name": "Speaksafe", "username": "speaksafe_bot"}

_METHODS: dict[str, type[TelegramMethod[Any]]] = {
    cls.__api_method__.lower(): cls
    for name in aiogram.methods.__all__
    if isinstance(cls := getattr(aiogram.methods, name), type)
    and issubclass(cls, TelegramMethod)
    and cls is not TelegramMethod
}


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


#: Limits in words: method, field, least and most.
_LENGTHS = {
    ("sendmessage", "text"): (1, 4096),
    ("answercallbackquery", "text"): (0, 200),
    ("setmydescription", "description"): (0, 512),
    ("setwebhook", "secret_token"): (1, 256),
}
_COUNTS = {("deletemessages", "message_ids"): (1, 100), ("setmycommands", "commands"): (0, 100)}


@dataclass
class Written:
    """One message in a chat, as people see it."""

    id: int
    chat: int
    text: str
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    read: bool = False


class BotApi(Provider):
    """The server and what lies in its chats."""

    def __init__(self) -> None:
        super().__init__()
        self.chats: dict[int, dict[int, Written]] = defaultdict(dict)
        self.notices: list[dict[str, Any]] = []
        self.left: list[int] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.webhook: dict[str, Any] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.descriptions: dict[str, str] = {}
        self.undeletable: set[int] = set()
        self.files: dict[str, bytes] = {}
        self._last = 1000
        self._lock = threading.Lock()

    def throttled(self) -> Response:
        """429, and when to come again."""
        parameters = {"retry_after": 1}
        return _refused(429, "Too Many Requests: retry after 1", parameters=parameters)

    def faulty(self) -> Response:
        """502."""
        return _refused(502, "Bad Gateway")

    def next_id(self) -> int:
        """The next message's number."""
        with self._lock:
            self._last += 1
            return self._last

    def receives(self, chat: int, text: str) -> int:
        """A person writes something; Telegram shows it in her chat."""
        message = Written(self.next_id(), chat, text, read=True)
        self.chats[chat][message.id] = message
        return message.id

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/bot{token}/{method}", self._take, methods=["POST"]),
                Route("/file/bot{token}/files/{id}", self._file, methods=["GET"]),
            ]
        )

    async def _file(self, request: Request) -> Response:
        content = self.files.get(request.path_params["id"])
        known = request.path_params["token"] == TOKEN and content is not None
        return Response(content if known else b"", 200 if known else 404)

    async def _take(self, request: Request) -> Any:
        method = request.path_params["method"].lower()
        if request.path_params["token"] != TOKEN:
            return _refused(401, "Unauthorized")
        if refusal := self.refusal():
            return refusal
        given = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        values = self._checked(method, given)
        if values is None:
            return _refused(400, "Bad Request: not as described")
        self.calls.append((method, values))
        answer = getattr(self, f"_{method}")(values)
        return self.unless_lost(answer if isinstance(answer, JSONResponse) else _done(answer))

    def _checked(self, method: str, given: dict[str, str]) -> dict[str, Any] | None:
        described = _METHODS.get(method)
        if described is None:
            self.note([f"{method}: there is no such method"])
            return None
        values = {name: _read(described, name, value) for name, value in given.items()}
        try:
            model = described.model_validate(values)
        except ValidationError as error:
            places = [".".join(map(str, e["loc"])) for e in error.errors()]
            self.note([f"{method}: wrong {places}"])
            return None
        found = [f"{method}: unknown {name}" for name in unknown(model)]
        found += self._limits(method, values)
        return None if self.note(found) else values

    def _limits(self, method: str, values: dict[str, Any]) -> Iterator[str]:
        for (name, part), (least, most) in _LENGTHS.items():
            if name == method and part in values and not least <= _length(values[part]) <= most:
                yield f"{method}.{part}: {_length(values[part])} characters"
        for (name, part), (least, most) in _COUNTS.items():
            if name == method and part in values and not least <= len(values[part]) <= most:
                yield f"{method}.{part}: {len(values[part])} entries"
        for row in (values.get("reply_markup") or {}).get("inline_keyboard", []):
            for button in row:
                size = len(button.get("callback_data", "").encode())
                if not 1 <= size <= 64:
                    yield f"{method}: callback_data of {size} bytes"
                if not button["text"]:
                    yield f"{method}: a button without a label"

    def _sendmessage(self, values: dict[str, Any]) -> Any:
        chat = int(values["chat_id"])
        keyboard = (values.get("reply_markup") or {}).get("inline_keyboard", [])
        message = Written(self.next_id(), chat, values["text"], keyboard)
        self.chats[chat][message.id] = message
        return _message(message)

    def _editmessagereplymarkup(self, values: dict[str, Any]) -> Any:
        message = self.chats[int(values["chat_id"])].get(int(values["message_id"]))
        if message is None or not message.keyboard:
            return _refused(400, "Bad Request: message is not modified")
        message.keyboard = (values.get("reply_markup") or {}).get("inline_keyboard", [])
        return _message(message)

    def _answercallbackquery(self, values: dict[str, Any]) -> Any:
        self.notices.append(values)
        return True

    def _deletemessages(self, values: dict[str, Any]) -> Any:
        ids = [int(id) for id in values["message_ids"]]
        if self.undeletable & set(ids):
            return _refused(400, "Bad Request: message can't be deleted")
        for id in ids:
            self.chats[int(values["chat_id"])].pop(id, None)
        return True

    def _deletemessage(self, values: dict[str, Any]) -> Any:
        id = int(values["message_id"])
        if id in self.undeletable:
            return _refused(400, "Bad Request: message can't be deleted")
        if self.chats[int(values["chat_id"])].pop(id, None) is None:
            return _refused(400, "Bad Request: message to delete not found")
        return True

    def _getfile(self, values: dict[str, Any]) -> Any:
        id = values["file_id"]
        if id not in self.files:
            return _refused(400, "Bad Request: invalid file_id")
        size = len(self.files[id])
        if size > 20 * 1024 * 1024:
            return _refused(400, "Bad Request: file is too big")
        path = f"files/{id}"
        return {"file_id": id, "file_unique_id": "u", "file_size": size, "file_path": path}

    def _leavechat(self, values: dict[str, Any]) -> Any:
        self.left.append(int(values["chat_id"]))
        return True

    def _setwebhook(self, values: dict[str, Any]) -> Any:
        self.webhook = values
        return True

    def _getwebhookinfo(self, values: dict[str, Any]) -> Any:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": 0,
            "allowed_updates": self.webhook.get("allowed_updates", []),
        }

    def _setmycommands(self, values: dict[str, Any]) -> Any:
        self.commands[values.get("language_code", "")] = values["commands"]
        return True

    def _setmydescription(self, values: dict[str, Any]) -> Any:
        self.descriptions[values.get("language_code", "")] = values["description"]
        return True

    def unread(self, chat: int) -> list[Heard]:
        """The messages of the bot that a person has not read yet."""
        found = [m for m in list(self.chats[chat].values()) if not m.read]
        for message in found:
            message.read = True
        return [Heard(m.text, tuple(_pressable(m))) for m in found]


def _pressable(message: Written) -> Iterator[tuple[str, str]]:
    """Long labels stand in the text, under the number that is on the button."""
    numbered = dict(re.findall(r"^(\d+)\. (.+)$", message.text, re.MULTILINE))
    for row in message.keyboard:
        for button in row:
            yield numbered.get(button["text"], button["text"]), button["callback_data"]


def unknown(model: BaseModel) -> list[str]:
    """Names in a request or an update that the description does not have."""
    found = list(model.model_extra or {})
    for name in type(model).model_fields:
        for part in _objects(getattr(model, name)):
            found += [f"{name}.{extra}" for extra in unknown(part)]
    return found


def _objects(value: Any) -> Iterator[BaseModel]:
    if isinstance(value, TelegramObject):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _objects(one)


def described(update: dict[str, Any]) -> dict[str, Any]:
    """An update for a test, if it is as Telegram describes one."""
    extra = unknown(Update.model_validate(update))
    assert not extra, extra
    return update


def _read(method: type[TelegramMethod[Any]], name: str, value: str) -> Any:
    """A form's value: texts as they are, everything else as JSON."""
    known = method.model_fields.get(name)
    if known is None or ("str" in str(known.annotation) and not value.startswith(("[", "{"))):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _message(message: Written) -> dict[str, Any]:
    return {
        "message_id": message.id,
        "date": 1_760_000_000,
        "chat": {"id": message.chat, "type": "private", "first_name": "A"},
        "from": _ME,
        "text": message.text,
    }


def _done(result: Any) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result})


def _refused(status: int, text: str, **more: Any) -> JSONResponse:
    body = {"ok": False, "error_code": status, "description": text, **more}
    return JSONResponse(body, status)
