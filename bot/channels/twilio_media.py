"""Files that Twilio holds for a message: fetched once, and then deleted there.

Source: twilio.com/docs/messaging/api/media-resource. Twilio answers with a redirect to where the
file lies. The address stands in a signed request, and is held to the account's own all the same:
this server must not be led to fetch from anywhere else.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import urljoin, urlsplit

import httpx

from bot.channels.contract import TooLarge

_log = logging.getLogger("speaksafe.twilio")

TWILIO = "https://api.twilio.com"

#: Where Twilio's redirects lead.
_HOMES = (".twilio.com", ".twiliocdn.com", ".amazonaws.com")

_PATH = "/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}"
_MEDIA = re.compile(
    r"/2010-04-01/Accounts/(?P<account>AC[0-9a-fA-F]{32})"
    r"/Messages/(?P<message>(?:SM|MM)[0-9a-fA-F]{32})/Media/(?P<media>ME[0-9a-fA-F]{32})"
)

#: Seconds for one step, and redirects that are followed.
_PATIENCE, _STEPS = 20.0, 3


class Media:
    """Fetches files.

    Args:
        account: its id.
        token: its secret.
        base: where the API is; Twilio's own if not given.
    """

    def __init__(self, account: str, token: str, base: str | None = None) -> None:
        self._account, self._token = account, token
        self._base = (base or TWILIO).rstrip("/")

    async def fetch(self, address: str, most: int) -> bytes | None:
        """A file; Twilio is asked to delete its copy.

        Args:
            address: as it stood in the delivery.
            most: bytes.

        Returns:
            ``None`` when it cannot be had.

        Raises:
            TooLarge: it has more bytes; they are not read.
        """
        found = _MEDIA.fullmatch(urlsplit(address).path)
        if found is None or found["account"] != self._account:
            return None
        here = self._base + _PATH.format(**found.groupdict())
        # A proxy of the environment must never see a file.
        async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as http:
            try:
                return await self._read(http, here, most)
            finally:
                await self._delete(http, here)

    async def _read(self, http: httpx.AsyncClient, address: str, most: int) -> bytes | None:
        auth: tuple[str, str] | None = (self._account, self._token)
        for _ in range(_STEPS):
            async with http.stream("GET", address, auth=auth) as answer:
                if answer.is_redirect:
                    address = urljoin(address, answer.headers.get("location", ""))
                    auth = None  # the secret is Twilio's API's, and nobody else's
                    if not self._known(address):
                        return None
                    continue
                if not answer.is_success:
                    return None
                content = bytearray()
                async for piece in answer.aiter_bytes():
                    content += piece
                    if len(content) > most:
                        raise TooLarge
                return bytes(content)
        return None

    def _known(self, address: str) -> bool:
        parts = urlsplit(address)
        if f"{parts.scheme}://{parts.netloc}" == self._base:
            return True
        return parts.scheme == "https" and f".{parts.hostname or ''}".endswith(_HOMES)

    async def _delete(self, http: httpx.AsyncClient, address: str) -> None:
        try:
            answer = await http.delete(address, auth=(self._account, self._token))
        except httpx.HTTPError as error:
            _log.warning("a file is not deleted at Twilio: %s", type(error).__name__)
            return
        if not answer.is_success and answer.status_code != httpx.codes.NOT_FOUND:
            _log.warning("a file is not deleted at Twilio")
