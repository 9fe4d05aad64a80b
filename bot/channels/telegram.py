"""Telegram, through its Bot API: updates come by webhook, answers go by calls.

Source: core.telegram.org/bots/api. The library's types and its ``Bot`` are used, and nothing that
polls or keeps. Telegram itself sees and keeps every message; what can be done about it is said to
the person (``open.privacy.telegram``) and done when she erases.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from telegram.error import TelegramError

from bot.channels.contract import (
    Acknowledgement,
    Capabilities,
    Channel,
    Incoming,
    Registered,
    Reply,
    Request,
    Sent,
    Standing,
    Unread,
    Unreadable,
)
from bot.channels.telegram_calls import Call, Calls
from bot.channels.texts import split
from bot.handover import read_code
from catalogue import Choice, Messages

#: Characters of a message, and bytes of what a button gives back.
LONGEST, LONGEST_DATA = 4096, 64

#: Longer labels are cut off on a small screen; then the choices stand in the text, numbered.
LONGEST_LABEL = 38

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
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HEADER = "x-telegram-bot-api-secret-token"

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
    """

    callback: str | None = field(default=None, repr=False)


class Telegram(Channel):
    """The channel.

    Args:
        token: of the bot.
        secret: what Telegram repeats in a header of every update.
        base: where the Bot API is, without a path; a server of one's own can be named.
    """

    name: ClassVar[str] = "telegram"
    capabilities: ClassVar[Capabilities] = Capabilities(
        buttons=True,
        length=LONGEST,
        media=True,
        deletion=48,
        right_to_left=True,
        content_types=("application/json",),
    )

    def __init__(self, token: str, secret: str, base: str | None = None) -> None:
        self._secret = secret.encode()
        self._calls = Calls(token, base)

    def verify(self, request: Request) -> bool:
        """The header holds the secret."""
        given = request.headers.get(_HEADER, "").encode()
        return hmac.compare_digest(given, self._secret)

    def parse(self, request: Request) -> Incoming:
        """One update."""
        raw = json.loads(request.body)
        if not isinstance(raw, dict) or type(raw.get("update_id")) is not int:
            raise Unreadable
        update = Update.de_json(raw, None)
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

    def render(self, reply: Reply, incoming: Incoming) -> Sequence[Call]:
        """Calls of the Bot API, in order."""
        calls = []
        callback = incoming.private.callback if incoming.private else None
        if callback and reply.aside:
            notice = "\n".join(message.text for message in reply.messages)
            if len(notice) <= 200:  # what a passing notice can hold
                return [Call("answer", {"callback_query_id": callback, "text": notice})]
        if callback:
            calls.append(Call("answer", {"callback_query_id": callback}))
        offering = [n for n, message in enumerate(reply.messages) if message.choices]
        for number, message in enumerate(reply.messages):
            choices = message.choices if offering and number == offering[-1] else ()
            calls += _said(message.text, choices, secret=message.secret)
        if reply.leave:
            calls.append(Call("leave", {}))
        return calls

    def acknowledge(self, parts: Sequence[Call]) -> Acknowledgement:
        """Telegram wants a good status and reads nothing."""
        return Acknowledgement(200)

    async def send(self, part: Call, incoming: Incoming) -> Sent:
        """One call; throttling and faults are waited for, but not for long."""
        return await self._calls.send(part, int(incoming.address))

    async def withdraw(self, address: str, message: str) -> None:
        """Take the keyboard away."""
        await self._calls.withdraw(int(address), int(message))

    async def delete(self, address: str, messages: Sequence[str]) -> bool:
        """Delete messages of both sides; possible for 48 hours."""
        return await self._calls.delete(int(address), [int(message) for message in messages])

    async def standing(self, url: str) -> Standing:
        """What Telegram knows of the webhook."""
        try:
            info = await self._calls.bot.get_webhook_info()
        except TelegramError:
            return Standing("fail", "the Bot API refuses the token or does not answer")
        remedy = "run `speaksafe channels register`"
        if info.url != url:
            return Standing("warn", f"set, but its webhook is not registered; {remedy}")
        if set(info.allowed_updates or ()) != set(UPDATES):
            return Standing("warn", f"registered with other kinds of updates; {remedy}")
        if info.pending_update_count and info.last_error_date:
            return Standing("warn", "registered, but Telegram's deliveries fail; is it reachable?")
        return Standing("ok", "webhook registered")

    async def register(self, url: str, messages: Messages) -> Sequence[str]:
        """Webhook, commands and description, in every language."""
        bot = self._calls.bot
        secret = self._secret.decode()
        await bot.set_webhook(
            url, secret_token=secret, allowed_updates=list(UPDATES), max_connections=100
        )
        for lang in (None, *messages.languages):
            words = lang or "en"
            commands = [
                BotCommand(name, messages.text(words, f"channel.command.{name}"))
                for name in COMMANDS
            ]
            await bot.set_my_commands(
                commands, scope=BotCommandScopeAllPrivateChats(), language_code=lang
            )
            about = messages.text(words, "channel.about.telegram")
            await bot.set_my_description(about, language_code=lang)
        languages = ", ".join(messages.languages)
        return ("webhook set", f"commands and description set in {languages}")

    async def close(self) -> None:
        """Let connections go."""
        await self._calls.close()


def _said(text: str, choices: tuple[Choice, ...], *, secret: bool) -> list[Call]:
    """One message as one call, or several when it is long; choices under the last one."""
    values = [choice.value for choice in choices]
    pressable = all(len(value.encode()) <= LONGEST_DATA for value in values)
    numbered = not pressable or any(len(choice.label) > LONGEST_LABEL for choice in choices)
    if numbered:
        lines = [f"{n}. {choice.label}" for n, choice in enumerate(choices, 1)]
        text = "\n".join([text, "", *lines])
    calls = [Call("say", {"text": piece}, secret=secret) for piece in split(text, LONGEST)]
    if choices and pressable:
        labels = [str(n) if numbered else c.label for n, c in enumerate(choices, 1)]
        calls[-1] = Call(
            "say",
            calls[-1].params | {"reply_markup": _keyboard(labels, values, 5 if numbered else 1)},
            secret=secret,
        )
    return calls


def _keyboard(labels: list[str], values: list[str], a_row: int) -> InlineKeyboardMarkup:
    buttons = [
        InlineKeyboardButton(label, callback_data=value)
        for label, value in zip(labels, values, strict=True)
    ]
    return InlineKeyboardMarkup([buttons[at : at + a_row] for at in range(0, len(buttons), a_row)])


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
        private=Private(),
    )


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


def _build(given: Mapping[str, str]) -> Telegram:
    secret = given["SPEAKSAFE_TELEGRAM_SECRET"]
    if not _SECRET.fullmatch(secret):
        raise ValueError(
            "SPEAKSAFE_TELEGRAM_SECRET has letters that Telegram does not take; "
            "use up to 256 of A-Z, a-z, 0-9, _ and -"
        )
    base = given.get("SPEAKSAFE_TELEGRAM_API_BASE")
    return Telegram(given["SPEAKSAFE_TELEGRAM_TOKEN"], secret, base)


REGISTERED = Registered(
    name=Telegram.name,
    needs=("SPEAKSAFE_TELEGRAM_TOKEN", "SPEAKSAFE_TELEGRAM_SECRET"),
    takes=("SPEAKSAFE_TELEGRAM_API_BASE",),
    build=_build,
)
