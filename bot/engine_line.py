"""The line to the engine: HTTP on connections that are kept, and no more machinery than needed.

aiohttp takes a seventh of the processor time that httpx takes for the same call
(docs/performance.md), and this call is made for every message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import aiohttp

#: Seconds that a connection may take to open; the engine is near.
CONNECT = 2.0

#: Seconds that an idle connection is kept: less than the engine keeps it, or a message could be
#: sent into one that is just being closed.
IDLE = 60.0


class NotReached(Exception):
    """Nobody took the message, so nothing was done."""


class NoAnswer(Exception):
    """The message may have been taken; no whole answer came."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Args:
        status: HTTP status.
        body: as it came.
    """

    status: int
    body: bytes

    @property
    def good(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300


class Line(Protocol):
    """Sends one request and waits for its answer."""

    async def send(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], seconds: float
    ) -> Reply:
        """One request.

        Args:
            method: HTTP method.
            url: whole.
            body: JSON, or nothing.
            headers: of this request.
            seconds: longest time until the whole answer is there.

        Raises:
            NotReached: it was not even taken.
            NoAnswer: no whole answer, or not in time.
        """
        ...

    async def close(self) -> None:
        """Let the connections go."""
        ...


class KeptLine:
    """Real HTTP."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], seconds: float
    ) -> Reply:
        """As in ``Line``."""
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT)
        try:
            async with self._opened().request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                return Reply(answer.status, await answer.read())
        # The cause could quote the message, so it is not chained.
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise NotReached from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise NoAnswer from None

    async def close(self) -> None:
        """As in ``Line``."""
        if self._session:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:  # it needs a running loop, so it is made at the first message
            self._session = aiohttp.ClientSession(
                # A proxy of the environment must never see a conversation: aiohttp asks for none.
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Accept-Encoding"),
            )
        return self._session
