"""Telegram's updates as events: what was typed, pressed or sent, and from where.

Source: core.telegram.org/bots/api#update. What is unknown is nothing; what is no words has a kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update

from bot.channels.contract import Incoming, Unread
from bot.handover import read_code

#: What Telegram is asked to send us; everything else it keeps to itself.
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")

#: What a command means, as the value of a choice.
COMMANDS = {
    "start": "menu:start",
    "stop": "gate:stop",
    "erase": "gate:erase",
    "help": "menu:main",
    "language": "menu:language",
}

_COMMAND = re.compile(r"/([a-z]{1,32})(?:@\w+)?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)

_UNREAD: tuple[tuple[str, Unread], ...] = (
    ("sticker", "sticker"), ("animation", "sticker"), ("dice", "sticker"),
    ("photo", "picture"), ("video", "picture"), ("story", "picture"), ("paid_media", "picture"),
    ("live_photo", "picture"), ("voice", "voice"), ("audio", "voice"), ("video_note", "voice"),
    ("document", "file"), ("contact", "contact"), ("venue", "location"), ("location", "location"),
    ("poll", "poll"), ("checklist", "poll"), ("game", "other"), ("invoice", "other"),
)  # fmt: skip

#: What Telegram itself writes into a chat; nobody said it.
_SERVICE = (
    "pinned_message", "message_auto_delete_timer_changed", "connected_website",
    "write_access_allowed", "boost_added", "chat_background_set", "successful_payment",
    "refunded_payment", "users_shared", "chat_shared", "passport_data", "gift", "unique_gift",
    "proximity_alert_triggered", "giveaway", "giveaway_created", "giveaway_completed",
    "giveaway_winners", "checklist_tasks_done", "checklist_tasks_added",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Private:
    """What the answer needs of the update.

    Args:
        callback: the press that waits to be answered.
        file: Telegram's id of the file that came, and its bytes as far as Telegram says.
    """

    callback: str | None = field(default=None, repr=False)
    file: tuple[str, int] | None = field(default=None, repr=False)


def read(update: Update) -> Incoming:
    """An update as one event."""
    event = str(update.update_id)
    if update.callback_query:
        return _pressed(event, update.callback_query)
    if update.my_chat_member:
        return _member(event, update.my_chat_member)
    if update.channel_post:
        return Incoming(event, str(update.channel_post.chat.id), "elsewhere")
    message = update.message or update.edited_message
    if message is None:
        return Incoming(event, "", "nothing")
    return _written(event, message, edited=update.message is None)


def _pressed(event: str, query: CallbackQuery) -> Incoming:
    chat = query.message.chat if query.message else None
    message = str(query.message.message_id) if query.message else None
    if chat is not None and chat.type != Chat.PRIVATE:
        return Incoming(event, str(chat.id), "elsewhere", private=Private(query.id))
    if not query.data:
        return Incoming(event, "", "nothing")
    return Incoming(
        event,
        str(chat.id if chat else query.from_user.id),
        choice=query.data,
        order=int(event),
        pressed=message,
        lang=_language(query.from_user.language_code),
        private=Private(query.id),
    )


def _member(event: str, change: ChatMemberUpdated) -> Incoming:
    there = change.new_chat_member.status in ("member", "administrator", "restricted")
    if change.chat.type != Chat.PRIVATE:
        kind = "elsewhere" if there else "nothing"
    else:
        kind = "nothing" if there else "gone"
    lang = _language(change.from_user.language_code)
    return Incoming(event, str(change.chat.id), kind, lang=lang)  # type: ignore[arg-type]


def _written(event: str, message: Message, *, edited: bool) -> Incoming:
    address = str(message.chat.id)
    sender = message.from_user
    lang = _language(sender.language_code if sender else None)
    if message.chat.type != Chat.PRIVATE:
        ours = message.left_chat_member is None and not edited
        return Incoming(event, address, "elsewhere" if ours else "nothing", lang=lang)
    if any(getattr(message, name, None) for name in _SERVICE):
        return Incoming(event, "", "nothing")
    text, choice = _meant(message.text or message.caption or "")
    return Incoming(
        event,
        address,
        "edited" if edited else "said",
        text=text,
        choice=choice,
        unread=None if message.text else _unread(message),
        order=int(event),
        message=str(message.message_id),
        lang=lang,
        private=Private(file=_file(message)),
    )


def _file(message: Message) -> tuple[str, int] | None:
    """What can be fetched; of a photo the largest of its sizes."""
    photo = message.photo[-1] if message.photo else None
    for one in (photo, message.document, message.voice, message.audio, message.video):
        if one is not None:
            return one.file_id, one.file_size or 0
    note = message.video_note
    return (note.file_id, note.file_size or 0) if note else None


def _meant(text: str) -> tuple[str, str | None]:
    """A command as a choice; ``/start`` may bring the code of a conversation to go on with."""
    command = _COMMAND.fullmatch(text.strip())
    if command is None or command[1].lower() not in COMMANDS:
        return text, None
    code = read_code(command[2] or "")
    return (code, None) if code else ("", COMMANDS[command[1].lower()])


def _unread(message: Message) -> Unread:
    return next((kind for name, kind in _UNREAD if getattr(message, name, None)), "other")


def _language(code: str | None) -> str | None:
    return code.partition("-")[0].lower() if code else None
