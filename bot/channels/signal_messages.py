"""Signal's messages as events: what signal-cli says of one message, and what it means here.

Source: signal-cli's JSON (``signal-cli-jsonrpc(5)``), which signal-cli-rest-api posts as it is.
What is unknown is nothing; what is no words has a kind.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.contract import Incoming, Kind, Unread, Unreadable

#: What signal-cli-rest-api puts before the id of a group.
GROUP = "group."

#: What may stand in a message beside words, and what we call it.
_UNREAD: tuple[tuple[str, Unread], ...] = (
    ("sticker", "sticker"),
    ("contacts", "contact"),
    ("pollCreate", "poll"),
    ("payment", "other"),
)

#: What a file's type begins with.
_FILES: tuple[tuple[str, Unread], ...] = (
    ("image/", "picture"),
    ("video/", "picture"),
    ("audio/", "voice"),
    ("text/vcard", "contact"),
    ("text/x-vcard", "contact"),
)

#: A text that is too long for one message comes as a file as well, and is in the message already.
_LONG_TEXT = "text/x-signal-plain"


@dataclass(frozen=True, slots=True)
class Private:
    """What the channel needs of a message later.

    Args:
        files: ids of files that may lie at our Signal service.
    """

    files: tuple[str, ...] = field(default=(), repr=False)


def read(notice: Any, number: str, key: bytes) -> Incoming:
    """A notice of signal-cli as one event.

    Args:
        notice: the JSON-RPC notification.
        number: our own; what came to another account is nothing.
        key: makes the event's id of sender and time, which together are Signal's own.

    Raises:
        Unreadable: it is no notice of a message.
    """
    if not isinstance(notice, dict) or notice.get("method") != "receive":
        raise Unreadable
    params = notice["params"]
    params = params.get("result", params)
    envelope = params.get("envelope")
    if params.get("account", number) != number or not isinstance(envelope, dict):
        return _nothing()
    sender = envelope.get("sourceUuid") or envelope.get("sourceNumber")
    if not sender or envelope.get("sourceNumber") == number:
        return _nothing()
    said = envelope.get("dataMessage")
    edited = (envelope.get("editMessage") or {}).get("dataMessage")
    if said is None and edited is None:  # somebody types, has read, calls, tells a story …
        return _nothing(_files((envelope.get("storyMessage") or {}).get("fileAttachment")))
    event = _event(key, sender, envelope)
    order = int(envelope.get("serverReceivedTimestamp") or 0) or None
    if said is not None:
        return _said(event, sender, said, order)
    return _edited(event, sender, edited or {}, order)


def _nothing(private: Private | None = None) -> Incoming:
    return Incoming("", "", "nothing", private=private or Private())


def _event(key: bytes, sender: str, envelope: Mapping[str, Any]) -> str:
    """Signal knows a message by its sender and time; the sender must not be read from it."""
    whole = f"{sender}\0{envelope.get('sourceDevice')}\0{int(envelope['timestamp'])}"
    return hmac.new(key, whole.encode(), hashlib.sha256).hexdigest()


def _edited(event: str, sender: str, message: Mapping[str, Any], order: int | None) -> Incoming:
    private = _files(*(message.get("attachments") or ()))
    if message.get("groupInfo"):
        return _nothing(private)
    return Incoming(event, sender, "edited", order=order, private=private)


def _said(event: str, sender: str, message: Mapping[str, Any], order: int | None) -> Incoming:
    private = _files(*(message.get("attachments") or ()))
    if group := message.get("groupInfo"):
        inner = base64.b64encode(group["groupId"].encode()).decode()
        return Incoming(event, f"{GROUP}{inner}", "elsewhere", private=private)
    text = message.get("message") or ""
    unread = _unread(message)
    kind: Kind = "said"
    if reaction := message.get("reaction"):
        kind, unread = ("nothing" if reaction.get("isRemove") else "reacted"), None
    elif not text and unread is None:  # deleted, pinned, voted, the time of disappearing set …
        kind = "nothing"
    return Incoming(event, sender, kind, text=text, unread=unread, order=order, private=private)


def _unread(message: Mapping[str, Any]) -> Unread | None:
    for name, kind in _UNREAD:
        if message.get(name):
            return kind
    types = [str(file.get("contentType") or "") for file in message.get("attachments") or ()]
    types = [one for one in types if one != _LONG_TEXT]
    if not types:
        return None
    return next((kind for begin, kind in _FILES if types[0].startswith(begin)), "file")


def _files(*files: Mapping[str, Any] | None) -> Private:
    return Private(tuple(str(file["id"]) for file in files if file and file.get("id")))
