"""Calls of signal-cli-rest-api: once, or not at all, or told that it failed.

Source: its OpenAPI description. It answers 400 to whatever signal-cli could not do, so only what
certainly never reached signal-cli is tried again: one answer too few can be asked for again, one
too many cannot be taken back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from bot.channels.contract import NotSent

_log = logging.getLogger("speaksafe.signal")

#: How often a fault is met with another try, and the first pause in seconds.
_TRIES, _PAUSE = 3, 0.5

#: Messages that are deleted side by side.
_AT_ONCE = 4

#: A lost connection of these kinds never carried the whole call.
_NOT_TAKEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

#: Nothing was passed on: too many, or a proxy before it that does not reach it.
_LATER = (429, 502, 503)

#: What it says while signal-cli, behind it, starts anew.
_AWAY = ("broken pipe", "use of closed network connection")


class Calls:
    """Makes calls for one account.

    Args:
        base: where signal-cli-rest-api is.
        number: the account's, in international form.
        sleep: waits for so many seconds.
    """

    def __init__(
        self,
        base: str,
        number: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._number = number
        self._account = quote(number, safe="")
        self._client = httpx.AsyncClient(
            base_url=base,
            timeout=httpx.Timeout(20, connect=5),
            trust_env=False,  # a proxy of the environment must never see a conversation
        )

    async def say(self, to: str, text: str) -> str | None:
        """Send a message.

        Args:
            to: account id, number, or group.
            text: the words.

        Returns:
            Its time, by which Signal knows it; ``None`` if it is not known whether it was sent.

        Raises:
            NotSent: it certainly was not.
        """
        body = {
            "number": self._number,
            "recipients": [to],
            "message": text,
            "text_mode": "normal",  # stars in her words are stars, not bold letters
        }
        return _time(await self._once("POST", "/v2/send", body))

    async def leave(self, group: str) -> None:
        """Leave a group, or decline to join it."""
        await self._once("POST", f"/v1/groups/{self._account}/{quote(group, safe='')}/quit", None)

    async def delete(self, to: str, times: Sequence[int]) -> bool:
        """Delete our messages on both sides.

        Returns:
            Whether Signal took every request.
        """
        together = asyncio.Semaphore(_AT_ONCE)

        async def one(time: int) -> bool:
            body = {"recipient": to, "timestamp": time}
            async with together:
                return await self._gone(f"/v1/remote-delete/{self._account}", body)

        return all(await asyncio.gather(*(one(time) for time in times)))

    async def remove_file(self, id: str) -> None:
        """Remove a file that came with a message; no matter if there is none."""
        await self._gone(f"/v1/attachments/{quote(id, safe='')}", None)

    async def asks(self, path: str) -> Any:
        """What it says of itself.

        Raises:
            httpx.HTTPError: it does not answer, or not with what was asked for.
            ValueError: it is something else.
        """
        answer = await self._client.get(path)
        answer.raise_for_status()
        return answer.json()

    async def close(self) -> None:
        """Let connections go."""
        await self._client.aclose()

    async def _once(self, method: str, path: str, body: Any) -> httpx.Response | None:
        """A call that must not be done twice; ``None`` when nobody knows what became of it."""
        for pause in (*_pauses(), None):
            try:
                answer = await self._client.request(method, path, json=body)
            except _NOT_TAKEN:
                answer = None
            except httpx.HTTPError:
                return None
            if answer is not None and not _later(answer):
                if answer.is_error:  # her account is gone, she blocked us, the group is left …
                    _log.warning("refused")
                return answer
            if pause is not None:
                await self._sleep(pause)
        raise NotSent

    async def _gone(self, path: str, body: Any) -> bool:
        """A call that may be done twice, so every fault is met with another try."""

        async def ask() -> bool | None:
            try:
                answer = await self._client.request("DELETE", path, json=body)
            except httpx.HTTPError:
                return None
            return None if _later(answer) or answer.is_server_error else answer.is_success

        for pause in (*_pauses(), None):
            done = await ask()
            if done is not None:
                return done
            if pause is not None:
                await self._sleep(pause)
        return False


def _pauses() -> list[float]:
    return [_PAUSE * 2**n for n in range(_TRIES - 1)]


def _later(answer: httpx.Response) -> bool:
    if answer.status_code in _LATER:
        return True
    return answer.status_code == 400 and any(words in answer.text for words in _AWAY)


def _time(answer: httpx.Response | None) -> str | None:
    """The time of what was sent; it stands in an object, or in a list of one in later versions."""
    if answer is None or answer.is_error:
        return None
    try:
        found = answer.json()
        return str(int((found[0] if isinstance(found, list) else found)["timestamp"]))
    except (ValueError, KeyError, TypeError, IndexError):
        return None
