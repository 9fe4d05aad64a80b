"""Signal's side of the shared suite."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx

from tests.channels.case import Case, Delivery, Heard
from tests.channels.signal_service import API, NUMBER, SignalService

SECRET = "planted_Secret-of-our-signal-9"
_TIME = 1_760_000_000_000
_ENVELOPE = {"$ref": "#/definitions/receive.MessageEnvelope"}

#: What comes beside words, or instead of them.
WORDLESS: list[dict[str, Any]] = [
    {"sticker": {"packId": "ab12", "stickerId": 3}},
    {"attachments": [{"contentType": "image/jpeg", "id": "planted-picture.jpg", "size": 9}]},
    {"attachments": [{"contentType": "image/jpeg", "id": "once.jpg"}], "viewOnce": True},
    {"attachments": [{"contentType": "video/mp4", "id": "v.mp4"}]},
    {"attachments": [{"contentType": "audio/aac", "id": "planted-voice.m4a"}]},
    {"attachments": [{"contentType": "application/pdf", "filename": "planted-name.pdf"}]},
    {"attachments": [{"filename": "no type"}]},
    {"contacts": [{"name": {"given": "Kanarienvogel"}}]},
    {"pollCreate": {"question": "Q", "allowMultiple": False, "options": ["a", "b"]}},
    {"payment": {"note": "planted note", "receipt": "AQI="}},
    {"reaction": {"emoji": "👍", "targetAuthorUuid": "x", "targetSentTimestamp": 1,
                  "isRemove": False}},
]  # fmt: skip

#: What asks for no answer, each without a name yet or a meaning here.
SILENT: list[dict[str, Any]] = [
    {"receiptMessage": {"when": 1, "isDelivery": True, "isRead": False, "isViewed": False,
                        "timestamps": [1]}},
    {"typingMessage": {"action": "STARTED", "timestamp": 1}},
    {"storyMessage": {"allowsReplies": True, "fileAttachment": {"id": "story.jpg"}}},
    {"callMessage": {}},
    {"syncMessage": {}},
    {"dataMessage": {"timestamp": 1, "message": None, "expiresInSeconds": 86400,
                     "isExpirationUpdate": True}},
    {"dataMessage": {"timestamp": 1, "remoteDelete": {"timestamp": 1}}},
    {"dataMessage": {"timestamp": 1, "reaction": {"emoji": "👍", "targetSentTimestamp": 1,
                                                  "isRemove": True}}},
    {"dataMessage": {"timestamp": 1, "pollVote": {"targetSentTimestamp": 1, "voteCount": 1}}},
]  # fmt: skip


def account(sender: int) -> str:
    """A person's account id."""
    return f"7d2c6f10-0000-4000-8000-{sender:012d}"


def notice(sender: int, event: int, **what: Any) -> dict[str, Any]:
    """What signal-cli says of a message; as described, if it is one that is described."""
    envelope = {
        "source": account(sender),
        "sourceNumber": None,
        "sourceUuid": account(sender),
        "sourceName": "Wilhelmina planted",
        "sourceDevice": 1,
        "timestamp": _TIME + event,
        "serverReceivedTimestamp": _TIME + event + 40,
        "serverDeliveredTimestamp": _TIME + event + 90,
        **what,
    }
    wrong = list(API.problems(_ENVELOPE, _without_null(envelope)))
    assert not wrong or "hologram" in what, wrong
    params = {"account": NUMBER, "envelope": envelope}
    return {"jsonrpc": "2.0", "method": "receive", "params": params}


def delivered(body: Any) -> Delivery:
    """As the REST service posts it: its address holds name and secret, which become a header."""
    pair = base64.b64encode(f"signal:{SECRET}".encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {pair}"}
    return Delivery(headers, json.dumps(body).encode())


def said(sender: int, event: int, **what: Any) -> Delivery:
    """A message with this in it."""
    message = {"timestamp": _TIME + event, "message": None, "expiresInSeconds": 0, **what}
    return delivered(notice(sender, event, dataMessage=message))


class SignalCase(Case):
    """As signal-cli shapes it and its REST service delivers it: once, and waiting for us."""

    name = "signal"
    ordered = True
    redelivers = False
    jobs = frozenset({"policy", "report"})
    stand_in = SignalService
    provider: SignalService

    def settings(self) -> dict[str, str]:
        """With the local service as its base."""
        return {
            "SPEAKSAFE_SIGNAL_API_BASE": self.provider.url,
            "SPEAKSAFE_SIGNAL_NUMBER": NUMBER,
            "SPEAKSAFE_SIGNAL_SECRET": SECRET,
        }

    def secrets(self) -> list[str]:
        """The secret; where the service is and our own number are none."""
        return [SECRET]

    def address(self, sender: int) -> str:
        """Signal's id of a person."""
        return account(sender)

    def text(self, sender: int, text: str, event: int) -> Delivery:
        """A message."""
        return said(sender, event, message=text)

    def forged(self, delivery: Delivery) -> list[Delivery]:
        """Every way in which name or secret can be wrong."""
        right = delivery.headers["Authorization"]
        pairs = ["signal:", f"signal:{SECRET[:-1]}", f"signal:{SECRET}x", f"admin:{SECRET}", SECRET]
        wrong = [f"Basic {base64.b64encode(pair.encode()).decode()}" for pair in pairs]
        wrong += ["", "Basic", f"Basic {SECRET}", f"Bearer {SECRET}", right[:-1], right[6:], "é"]
        return [delivery.with_header("Authorization", value) for value in (None, *wrong)]

    def unknown(self, event: int) -> list[Delivery]:
        """Kinds that mean nothing here, one that nobody knows yet, and what is not for us."""
        known = [notice(1, event + n, **what) for n, what in enumerate(SILENT)]
        strange = notice(1, event + 20, hologram={"id": 1})
        failed: dict[str, Any] = {"account": NUMBER, "exception": {"message": "m", "type": "t"}}
        others = notice(1, event + 21, dataMessage={"timestamp": 1, "message": "for another"})
        others["params"]["account"] = "+41225550999"
        own = notice(1, event + 22, dataMessage={"timestamp": 1, "message": "to myself"})
        own["params"]["envelope"]["sourceNumber"] = NUMBER
        nobody = notice(1, event + 23, dataMessage={"timestamp": 1, "message": "from nobody"})
        nobody["params"]["envelope"] |= {"sourceUuid": None, "source": None}
        bodies = [*known, strange, {"method": "receive", "params": failed}, others, own, nobody]
        return [delivered(body) for body in bodies]

    def wordless(self, sender: int, event: int) -> list[Delivery]:
        """Stickers, files, reactions …"""
        return [said(sender, event + n, **what) for n, what in enumerate(WORDLESS)]

    def heard(self, sender: int, answer: httpx.Response) -> list[Heard]:
        """What lies new in her chat."""
        return self.provider.unread(account(sender))


def _without_null(value: Any) -> Any:
    """signal-cli writes ``null`` where there is nothing."""
    if isinstance(value, dict):
        return {name: _without_null(one) for name, one in value.items() if one is not None}
    return [_without_null(one) for one in value] if isinstance(value, list) else value
