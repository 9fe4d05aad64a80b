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
from typing import ClassVar

from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.error import InvalidToken, TelegramError

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
    Told,
    Unreadable,
)
from bot.channels.telegram_calls import Call, Calls
from bot.channels.telegram_updates import COMMANDS, UPDATES, Private, read
from bot.channels.texts import split
from catalogue import Choice, Messages

#: Characters of a message, and bytes of what a button gives back.
LONGEST, LONGEST_DATA = 4096, 64

#: Longer labels are cut off on a small screen; then the choices stand in the text, numbered.
LONGEST_LABEL = 38

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HEADER = "x-telegram-bot-api-secret-token"


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
        files=True,
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
        try:
            update = Update.de_json(raw, None)
        except (ArithmeticError, OSError):  # a time that no clock can show
            raise Unreadable from None
        return read(update)

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

    async def fetch(self, incoming: Incoming, most: int) -> bytes | None:
        """The file, through Telegram, which keeps it."""
        private = incoming.private
        if not isinstance(private, Private) or private.file is None:
            return None
        id, size = private.file
        return await self._calls.fetch(id, size, most)

    @property
    def tells(self) -> bool:
        """A bot may write to whoever has begun a chat with it."""
        return True

    async def tell(self, address: str, text: str, link: str) -> Told:
        """One message."""
        return await self._calls.tell(int(address), text)

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
        except InvalidToken:
            wrong = "Telegram refuses SPEAKSAFE_TELEGRAM_TOKEN; compare it with BotFather's"
            return Standing("fail", wrong)
        except TelegramError:
            away = "the Bot API does not answer; is there a way out, is its base right?"
            return Standing("fail", away)
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
