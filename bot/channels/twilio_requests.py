"""What Twilio delivers: checking its signature, and reading a message as an event.

Source: twilio.com/docs/usage/webhooks/webhooks-security (the signature) and
twilio.com/docs/messaging/guides/webhook-request (the parameters). What is unknown is nothing; what
is no words has a kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator

from bot.channels.contract import Incoming, Request, Unread, Unreadable

_SIGNATURE = "x-twilio-signature"
_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")

#: Far more than Twilio sends with one message.
_MOST_FIELDS = 500

#: States after which Twilio lets a message be deleted, or that may be the last one it tells of.
_OVER = frozenset({"sent", "delivered", "undelivered", "failed", "read", "canceled"})

_BY_TYPE: dict[str, Unread] = {
    "image": "picture", "video": "picture", "audio": "voice", "document": "file",
    "sticker": "sticker", "contacts": "contact", "location": "location", "poll": "poll",
}  # fmt: skip

_BY_MEDIA: tuple[tuple[str, Unread], ...] = (
    ("image/webp", "sticker"), ("image/", "picture"), ("video/", "picture"), ("audio/", "voice"),
    ("text/vcard", "contact"), ("text/x-vcard", "contact"), ("application/vcard", "contact"),
)  # fmt: skip


class Form:
    """The parameters of a request; a name may stand in it more than once.

    Args:
        body: form-encoded, UTF-8.

    Raises:
        ValueError: it is none, or has more fields than Twilio ever sends.
    """

    def __init__(self, body: bytes) -> None:
        self._pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )

    def __iter__(self) -> Iterator[str]:
        return iter({name for name, _ in self._pairs})

    def __len__(self) -> int:
        return len(self._pairs)

    def getall(self, name: str) -> list[str]:
        """Every value of a parameter; Twilio's validator asks so."""
        return [value for known, value in self._pairs if known == name]

    def get(self, name: str) -> str:
        """A parameter's value, or nothing."""
        return next(iter(self.getall(name)), "")


@dataclass(frozen=True, slots=True)
class Private:
    """What the channel needs of a delivery.

    Args:
        sid: the message that lies at Twilio and is to be deleted; empty if there is none yet.
        callback: where Twilio is to tell what became of the answer.
        optout: Twilio has answered STOP, START or HELP itself.
        media: where the file lies that came with it; empty if there is none.
    """

    sid: str = field(default="", repr=False)
    callback: str = field(default="", repr=False)
    optout: str = ""
    media: str = field(default="", repr=False)


def signed(validator: RequestValidator, request: Request) -> bool:
    """Whether Twilio sent this, to this very address.

    Args:
        validator: knows the account's token.
        request: as it came; its address is the configured public one, so a proxy does not matter.
    """
    given = request.headers.get(_SIGNATURE, "")
    return bool(given) and bool(validator.validate(request.url, Form(request.body), given))


def read(request: Request, prefix: str) -> Incoming:
    """A verified request as one event.

    Args:
        request: as it came.
        prefix: what addresses of this carrier begin with (``whatsapp:``); empty for telephone
            numbers.

    Raises:
        Unreadable: it has no message id, or comes from another carrier.
    """
    form = Form(request.body)
    sid = form.get("MessageSid") or form.get("SmsSid")
    if form.get("MessageStatus"):
        return _status(form, sid)
    if not sid and not form.get("Body") and not form.get("From"):
        return Incoming("", "", "nothing")
    sender = form.get("From")
    if not _SID.fullmatch(sid) or not sender.startswith(prefix) or ":" in sender[len(prefix) :]:
        raise Unreadable
    optout = form.get("OptOutType").upper()
    return Incoming(
        event=sid,
        address=sender,
        kind={"STOP": "gone", "HELP": "nothing"}.get(optout, "said"),  # type: ignore[arg-type]
        text=form.get("Body"),
        choice=_pressed(form),
        unread=_unread(form),
        private=Private(sid, _callback(request.url), optout, form.get("MediaUrl0")),
    )


def _status(form: Form, sid: str) -> Incoming:
    """What became of an answer: nobody said anything, but a copy may be deleted now."""
    over = form.get("MessageStatus") in _OVER and _SID.fullmatch(sid)
    return Incoming(sid, "", "nothing", private=Private(sid if over else ""))


def _callback(url: str) -> str:
    """The webhook itself, without a query."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _pressed(form: Form) -> str | None:
    """A button of a template that operators made; its payload is the value of a choice."""
    return form.get("ButtonPayload") or form.get("ListId") or None


def _unread(form: Form) -> Unread | None:
    if form.get("Latitude") or form.get("Longitude"):
        return "location"
    kind = _BY_TYPE.get(form.get("MessageType").lower())
    if kind:
        return kind
    count = form.get("NumMedia")
    if count.isdecimal() and int(count) > 0:
        media = form.get("MediaContentType0").lower()
        return next((kind for start, kind in _BY_MEDIA if media.startswith(start)), "file")
    words = form.get("Body").strip() or _pressed(form)
    return None if words else "other"
