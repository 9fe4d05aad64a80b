"""Telegram's side of the shared suite."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.channels import bot_api
from tests.channels.bot_api import TOKEN, BotApi, described
from tests.channels.case import Case, Delivery, Heard

SECRET = "planted_Secret-of-the-webhook_7"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_WORDLESS: list[dict[str, Any]] = [
    {"sticker": {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1,
                 "height": 1, "is_animated": False, "is_video": False}},
    {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}},
    {"video_note": {"file_id": "f", "file_unique_id": "u", "length": 9, "duration": 3}},
    {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]},
    {"document": {"file_id": "f", "file_unique_id": "u", "file_name": "planted-name.pdf"}},
    {"contact": {"phone_number": "+41795550123", "first_name": "Kanarienvogel"}},
    {"location": {"longitude": 7.123, "latitude": 46.5}},
    {"venue": {"location": {"longitude": 7.1, "latitude": 46.5}, "title": "T", "address": "A"}},
    {"poll": {"id": "p", "question": "Q", "options": [], "total_voter_count": 0,
              "is_closed": False, "is_anonymous": True, "type": "regular",
              "allows_multiple_answers": False, "allows_revoting": False,
              "members_only": False}},
    {"dice": {"emoji": "🎲", "value": 3}},
]  # fmt: skip


def update(event: int, **what: Any) -> Delivery:
    """A delivery of one update."""
    body = described({"update_id": event, **what})
    return Delivery(
        {"Content-Type": "application/json", _HEADER: SECRET}, json.dumps(body).encode()
    )


def person(chat: int, lang: str = "en") -> dict[str, Any]:
    """A Telegram user."""
    return {
        "id": chat,
        "is_bot": False,
        "first_name": "Wilhelmina",
        "username": "planted_username",
        "language_code": lang,
    }


def message(chat: int, id: int, lang: str = "en", **what: Any) -> dict[str, Any]:
    """A message in a private chat."""
    return {
        "message_id": id,
        "date": 1_760_000_000,
        "from": person(chat, lang),
        "chat": {"id": chat, "type": "private", "first_name": "Wilhelmina"},
        **what,
    }


class TelegramCase(Case):
    """As Telegram shapes and signs what it delivers."""

    name = "telegram"
    ordered = True
    stand_in = BotApi
    provider: BotApi

    def settings(self) -> dict[str, str]:
        """With the local Bot API as its base."""
        return {
            "SPEAKSAFE_TELEGRAM_TOKEN": TOKEN,
            "SPEAKSAFE_TELEGRAM_SECRET": SECRET,
            "SPEAKSAFE_TELEGRAM_API_BASE": self.provider.url,
        }

    def secrets(self) -> list[str]:
        """Token and secret; the base is none."""
        return [TOKEN, SECRET]

    def chat(self, sender: int) -> int:
        """A chat's number."""
        return 7_400_000_000 + sender

    def address(self, sender: int) -> str:
        """The same as text."""
        return str(self.chat(sender))

    def text(self, sender: int, text: str, event: int) -> Delivery:
        """A message; a repeated event is the same message."""
        chat = self.chat(sender)
        found = [m.id for m in self.provider.chats[chat].values() if m.id == event]
        if not found:
            self.provider.chats[chat][event] = bot_api.Written(event, chat, text, read=True)
        return update(event, message=message(chat, event, text=text))

    def press(self, sender: int, value: str, event: int) -> Delivery | None:
        """A press on the newest message that has this button, or on none if it is gone."""
        chat = self.chat(sender)
        having = [m for m in self.provider.chats[chat].values() if _has(m.keyboard, value)]
        on = having[-1].id if having else 1
        return self.press_on(sender, on, value, event)

    def press_on(self, sender: int, on: int, value: str, event: int) -> Delivery:
        """A press on a certain message."""
        chat = self.chat(sender)
        query = {
            "id": f"q{event}",
            "from": person(chat),
            "chat_instance": "1",
            "data": value,
            "message": message(chat, on, text="…") | {"from": bot_api._ME},
        }
        return update(event, callback_query=query)

    def forged(self, delivery: Delivery) -> list[Delivery]:
        """Every way in which the header can be wrong."""
        wrong = ["", "x", SECRET[:-1], SECRET + "x", SECRET.upper(), SECRET[::-1], "é", TOKEN]
        return [delivery.with_header(_HEADER, value) for value in (None, *wrong)]

    def unknown(self, event: int) -> list[Delivery]:
        """Kinds that mean nothing here, and one that nobody knows yet."""
        chat = {"id": self.chat(1), "type": "private", "first_name": "A"}
        known = [
            update(event, poll=_WORDLESS[8]["poll"]),
            update(event + 1, message=message(self.chat(1), 5, message_auto_delete_timer_changed={
                "message_auto_delete_time": 86400})),
            update(event + 2, message_reaction={
                "chat": chat, "message_id": 1, "date": 1, "user": person(self.chat(1)),
                "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}]}),
        ]  # fmt: skip
        strange = {"update_id": event + 3, "hologram": {"id": 1}}
        empty = {"update_id": event + 4}
        return known + [known[0].__class__(known[0].headers, json.dumps(b).encode())
                        for b in (strange, empty)]  # fmt: skip

    def wordless(self, sender: int, event: int) -> list[Delivery]:
        """Stickers, voice, contacts …"""
        chat = self.chat(sender)
        return [
            update(event + n, message=message(chat, event + n, **what))
            for n, what in enumerate(_WORDLESS)
        ]

    def heard(self, sender: int, answer: httpx.Response) -> list[Heard]:
        """What lies new in her chat."""
        return self.provider.unread(self.chat(sender))


def _has(keyboard: list[list[dict[str, Any]]], value: str) -> bool:
    return any(button["callback_data"] == value for row in keyboard for button in row)
