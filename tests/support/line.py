"""The line to the engine through a transport of httpx, as tests give one."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from bot.engine_line import NoAnswer, NotReached, Reply


@dataclass
class TransportLine:
    """Sends through a transport and no network."""

    transport: httpx.AsyncBaseTransport

    async def send(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], seconds: float
    ) -> Reply:
        """As in ``bot.engine_line.Line``."""
        async with httpx.AsyncClient(transport=self.transport, timeout=seconds) as client:
            try:
                answer = await client.request(method, url, content=body, headers=headers)
            except httpx.ConnectError:
                raise NotReached from None
            except httpx.HTTPError:
                raise NoAnswer from None
            return Reply(answer.status_code, answer.content)

    async def close(self) -> None:
        """Nothing stays open."""
