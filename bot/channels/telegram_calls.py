"""Calls of Telegram's Bot API: once, or not at all, or told that it failed.

A call that Telegram certainly did not take (throttled, refused connection, a fault on its side) is
tried again for a short while. One whose answer was lost may have been done, so it is not repeated:
one answer too few can be asked for again, one too many cannot be taken back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import httpx
from telegram import Bot, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.contract import NotSent, Sent, Told, TooLarge

T = TypeVar("T")

_log = logging.getLogger("speaksafe.telegram")

#: Telegram's own Bot API.
TELEGRAM = "https://api.telegram.org"

#: Seconds that a call may be waited for in all; then Telegram delivers the update again later.
PATIENCE = 20.0

#: How often a fault on Telegram's side is met with another try, and the first pause in seconds.
_TRIES, _PAUSE = 3, 0.5

#: Messages that one call can delete.
_AT_ONCE = 100

#: A lost connection of these kinds never carried the whole call.
_NOT_TAKEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

# A preview would have Telegram fetch an address that stands in an answer.
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Args:
        kind: ``say``, ``answer`` (a press) or ``leave`` (a group).
        params: of the Bot API's method, without the chat.
        secret: the text must not stay in the chat.
    """

    kind: str
    params: dict[str, Any] = field(repr=False)
    secret: bool = False


class Calls:
    """Makes calls.

    Args:
        token: of the bot.
        base: where the Bot API is; Telegram's own if not given.
        sleep: waits for so many seconds.
    """

    def __init__(
        self,
        token: str,
        base: str | None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        request = HTTPXRequest(
            connection_pool_size=100,
            pool_timeout=10,
            read_timeout=20,
            # A proxy of the environment must never see a conversation.
            httpx_kwargs={"trust_env": False},
        )
        self.bot = Bot(
            token,
            base_url=f"{base or TELEGRAM}/bot",
            base_file_url=f"{base or TELEGRAM}/file/bot",
            request=request,
            get_updates_request=request,
        )
        self._sleep = sleep

    async def send(self, call: Call, chat: int) -> Sent:
        """Make a call of an answer.

        Raises:
            NotSent: Telegram does not take it now.
        """
        try:
            return await self._tried(lambda: self._send(call, chat))
        except Forbidden:
            return Sent()  # she blocked us, or we are no longer in the group
        except BadRequest:
            if call.kind == "say":  # a press may be too old to answer; a message never is
                _log.warning("refused")
            return Sent()

    async def _send(self, call: Call, chat: int) -> Sent:
        if call.kind == "answer":
            await self.bot.answer_callback_query(**call.params)
            return Sent()
        if call.kind == "leave":
            await self.bot.leave_chat(chat)
            return Sent()
        message = await self.bot.send_message(chat, **call.params, link_preview_options=_NO_PREVIEW)
        offers = "reply_markup" in call.params
        return Sent(str(message.message_id), offers=offers, secret=call.secret)

    async def _tried(self, make: Callable[[], Awaitable[Sent]]) -> Sent:
        left, pause = PATIENCE, _PAUSE
        for _ in range(_TRIES):
            try:
                return await make()
            except RetryAfter as throttled:
                wait = _seconds(throttled)
            except (BadRequest, Forbidden):
                raise
            except NetworkError as error:
                if _may_be_done(error):
                    return Sent()
                wait, pause = pause, pause * 2
            except TelegramError:
                raise NotSent from None
            if wait > left:
                raise NotSent from None
            left -= wait
            await self._sleep(wait)
        raise NotSent

    async def fetch(self, id: str, size: int, most: int) -> bytes | None:
        """A file.

        Args:
            id: Telegram's.
            size: bytes, as far as Telegram says.
            most: bytes that are taken.

        Raises:
            TooLarge: it has more.
        """
        if size > most:
            raise TooLarge
        try:
            found = await self.bot.get_file(id)
            if (found.file_size or 0) > most:
                raise TooLarge
            content = bytes(await found.download_as_bytearray())
        except BadRequest as refused:
            # Telegram hands out at most 20 MB, and says so in words only.
            if "too big" in str(refused).lower():
                raise TooLarge from None
            return None
        except (TelegramError, httpx.HTTPError):
            return None
        if len(content) > most:
            raise TooLarge
        return content

    async def tell(self, chat: int, text: str) -> Told:
        """Write to a chat in which nothing has just been said; once, whoever calls tries again."""
        try:
            await self.bot.send_message(chat, text, link_preview_options=_NO_PREVIEW)
        except (BadRequest, Forbidden):
            return "refused"
        except RetryAfter:
            return "later"
        except NetworkError as error:
            return "doubt" if _may_be_done(error) else "later"
        except TelegramError:
            return "later"
        return "sent"

    async def withdraw(self, chat: int, message: int) -> None:
        """Take the keyboard of a message away; no matter if it fails."""
        with suppress(TelegramError):
            await self.bot.edit_message_reply_markup(chat_id=chat, message_id=message)

    async def delete(self, chat: int, messages: Sequence[int]) -> bool:
        """Delete messages.

        Returns:
            Whether Telegram says that all are gone.
        """
        gone = True
        for at in range(0, len(messages), _AT_ONCE):
            some = messages[at : at + _AT_ONCE]
            if not await self._deleted(lambda s=some: self.bot.delete_messages(chat, s)):  # type: ignore[misc]
                # One that is too old stops them all; the others can still go.
                each = [
                    await self._deleted(lambda m=message: self.bot.delete_message(chat, m))  # type: ignore[misc]
                    for message in some
                ]
                gone = gone and all(each)
        return gone

    async def _deleted(self, make: Callable[[], Awaitable[bool]]) -> bool:
        # Deleting twice does no harm, so every fault is met with another try.
        pause = _PAUSE
        for _ in range(_TRIES):
            try:
                return await make()
            except RetryAfter as throttled:
                pause = min(_seconds(throttled), PATIENCE / _TRIES)
            except (BadRequest, Forbidden):
                return False
            except TelegramError:
                pause *= 2
            await self._sleep(pause)
        return False

    async def close(self) -> None:
        """Let connections go."""
        await self.bot.request.shutdown()


def _seconds(throttled: RetryAfter) -> float:
    wait = throttled.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _may_be_done(error: NetworkError) -> bool:
    """The connection broke after the call had gone out."""
    cause = error.__cause__
    return isinstance(cause, httpx.HTTPError) and not isinstance(cause, _NOT_TAKEN)
