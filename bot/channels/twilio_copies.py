"""The copies that Twilio keeps of what was said: they are deleted as soon as it allows that.

Twilio does not let a message be deleted before all its systems are done with it, which takes a
minute or more (error 20009, twilio.com/docs/api/errors/20009). So each message is tried at once,
and then at growing distances. Only Twilio's own ids are known here, no number and no word; they
are gone with the process, and what is left then goes with the retention that is set at Twilio
(docs/channels/twilio.md).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

_log = logging.getLogger("speaksafe.twilio")

#: Seconds before each further try: a minute, then up to a day in all.
PAUSES = (5, 60, 300, 1_800, 7_200, 21_600, 43_200)

#: Seconds that one call may take.
_PATIENCE = 15.0

#: Calls at a time; Twilio throttles accounts that make many more.
_AT_ONCE = 20

#: So many ids may wait; more do not come together before the first are gone.
_MOST = 50_000

#: Deleted already, or never there.
_GONE = 404


def silent() -> logging.Logger:
    """A logger that says nothing: Twilio's own would write addresses of calls."""
    logger = logging.getLogger("speaksafe.silent")
    logger.disabled = True
    return logger


class Copies:
    """Deletes messages at Twilio, beside everything else.

    Args:
        account: its id.
        token: its secret.
        base: where the API is; Twilio's own if not given.
        pauses: seconds before each further try.
        sleep: waits for so many seconds.
    """

    def __init__(
        self,
        account: str,
        token: str,
        base: str | None = None,
        pauses: Sequence[float] = PAUSES,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._account, self._token, self._base = account, token, base
        self._pauses = pauses
        self._sleep = sleep
        self._client: Client | None = None
        self._http: AsyncTwilioHttpClient | None = None
        self._doing: dict[str, asyncio.Task[None]] = {}
        self._gate = asyncio.Semaphore(_AT_ONCE)

    def forget(self, sid: str) -> None:
        """Begin to delete a message; returns at once.

        Args:
            sid: Twilio's id of it.
        """
        if sid in self._doing:
            return
        if len(self._doing) >= _MOST:
            _log.error("too many copies wait; is the API reachable?")
            return
        task = asyncio.create_task(self._until_gone(sid))
        self._doing[sid] = task
        task.add_done_callback(lambda _: self._doing.pop(sid, None))

    async def _until_gone(self, sid: str) -> None:
        for pause in (*self._pauses, None):
            if await self._gone(sid):
                return
            if pause is not None:
                await self._sleep(pause)
        _log.error("a copy could not be deleted")

    async def _gone(self, sid: str) -> bool:
        """Delete it now; if that is too early, at least take the words out."""
        message = self._twilio().messages(sid)
        async with self._gate:
            try:
                async with asyncio.timeout(_PATIENCE):
                    await message.delete_async()
                    return True
            except TwilioRestException as refused:
                if refused.status == _GONE:
                    return True
            except Exception as error:  # of its HTTP library, too: nothing may be left undone
                _log.warning("a copy is not deleted yet: %s", type(error).__name__)
                return False
            try:
                async with asyncio.timeout(_PATIENCE):
                    await message.update_async(body="")
            except (TwilioException, TimeoutError, OSError) as error:
                _log.info("a copy is not redacted yet: %s", type(error).__name__)
            return False

    def _twilio(self) -> Client:
        # Made late: the HTTP library wants the event loop that it will run in.
        if self._client is None:
            self._http = AsyncTwilioHttpClient(logger=silent())
            self._client = Client(self._account, self._token, http_client=self._http)
            if self._base:
                self._client.api.base_url = self._base
        return self._client

    async def settled(self) -> None:
        """Wait until everything that was begun is done."""
        while self._doing:
            await asyncio.gather(*self._doing.values(), return_exceptions=True)
            # Gathering what is done already gives way to nobody: what takes it off the list would
            # never run, and this would go round for ever.
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Leave off; what is not deleted goes with the retention that is set at Twilio."""
        for task in list(self._doing.values()):
            task.cancel()
        await self.settled()
        if self._http is not None:
            await self._http.close()
