"""Notices to focal points by WhatsApp: a template that lies approved at Twilio, sent by a call.

WhatsApp lets nobody be written to of whom nothing came for a day, but with a template that it has
approved (twilio.com/docs/api/errors/63016). So the words are not ours to give: only the address of
the sign-in page is, as the template's one variable. The call: messages.create,
twilio.com/docs/messaging/api/message-resource.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import ClientConnectorError
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from bot.channels.contract import Told
from bot.channels.twilio_copies import silent

_log = logging.getLogger("speaksafe.twilio")

SENDER, NOTICE = "SPEAKSAFE_WHATSAPP_SENDER", "SPEAKSAFE_WHATSAPP_NOTICE"
PUBLIC_URL = "SPEAKSAFE_PUBLIC_URL"

#: What addresses of this carrier begin with.
_PREFIX = "whatsapp:"

_NUMBER = re.compile(rf"(?:{_PREFIX})?(\+[1-9][0-9]{{6,14}})")
_TEMPLATE = re.compile("HX[0-9a-fA-F]{32}")

#: Seconds that the call may take.
_PATIENCE = 15.0

#: It has no time now.
_BUSY = frozenset({408, 429})

#: Answers to what a setting or the account is to blame for, and no address: it is tried again, so
#: that nobody is left untold when it is mended. Token, right, account;
_STATUSES = frozenset({401, 403, 404})

#: and by Twilio's codes: sender, callback, template, its variables
#: (twilio.com/docs/api/errors).
_OURS = frozenset({21212, 21603, 21606, 21609, 21655, 21656, 63007})


@dataclass(frozen=True, slots=True)
class Template:
    """What notices are sent with.

    Args:
        sender: our number, as Twilio writes addresses of WhatsApp.
        sid: Twilio's id of the approved template.
        callback: where Twilio tells that it is delivered, so that its copy is deleted; empty
            where Twilio cannot reach us.
    """

    sender: str = field(repr=False)
    sid: str = field(repr=False)
    callback: str = field(default="", repr=False)


def template(given: Mapping[str, str]) -> Template | None:
    """The settings of notices, or ``None`` when neither is set.

    Args:
        given: settings that are set, by their names.

    Raises:
        ValueError: one is missing or malformed; names it and the remedy, never the value.
    """
    sender, sid = given.get(SENDER), given.get(NOTICE)
    if not sender and not sid:
        return None
    if not sender or not sid:
        missing, other = (NOTICE, SENDER) if sender else (SENDER, NOTICE)
        raise ValueError(f"{missing} is not set; set it, or unset {other}")
    number = _NUMBER.fullmatch(sender)
    if number is None:
        raise ValueError(
            f"{SENDER} is no number of WhatsApp; write + and digits alone, the country's first"
        )
    if not _TEMPLATE.fullmatch(sid):
        raise ValueError(
            f"{NOTICE} is no template's SID; copy the one that begins with HX and has 34 signs"
        )
    url = given.get(PUBLIC_URL, "")
    # Twilio refuses the whole message for a callback that it cannot use.
    callback = f"{url}/webhooks/whatsapp" if url.startswith("https://") else ""
    return Template(_PREFIX + number[1], sid, callback)


class Notices:
    """Sends them; a connection for each, because they are few.

    Args:
        account: its id.
        token: its secret.
        base: where the API is; Twilio's own if not given.
        template: what is sent.
        patience: seconds that the call may take.
    """

    def __init__(
        self,
        account: str,
        token: str,
        base: str | None,
        template: Template,
        patience: float = _PATIENCE,
    ) -> None:
        self._account, self._token, self._base = account, token, base
        self._template = template
        self._patience = patience

    async def tell(self, address: str, link: str) -> Told:
        """Send one, once; whoever calls tries again.

        Args:
            address: as it was in her message.
            link: the page to sign in.
        """
        # aiohttp asks the environment for no proxy: none must see an address.
        http = AsyncTwilioHttpClient(logger=silent())
        try:
            async with asyncio.timeout(self._patience):
                await self._send(http, address, link)
        except TwilioRestException as refused:
            return _told(refused)
        except ClientConnectorError:
            return "later"
        except Exception as error:  # of its HTTP library, too: the answer was lost
            _log.warning("no answer to a notice: %s", type(error).__name__)
            return "doubt"
        finally:
            await http.close()
        return "sent"

    async def _send(self, http: AsyncTwilioHttpClient, address: str, link: str) -> None:
        client = Client(self._account, self._token, http_client=http)
        if self._base:
            client.api.base_url = self._base
        more = {"status_callback": self._template.callback} if self._template.callback else {}
        await client.messages.create_async(
            to=address,
            from_=self._template.sender,
            content_sid=self._template.sid,
            content_variables=json.dumps({"1": link}),
            **more,
        )


def _told(refused: TwilioRestException) -> Told:
    """What an answer means. Its words can have the address in them, so only numbers are logged."""
    status, code = int(refused.status), int(refused.code or 0)
    if status >= 500 or status in _BUSY:
        return "later"
    if status in _STATUSES or code in _OURS:
        _log.error("Twilio takes no notices (error %d); see docs/channels/twilio.md", code)
        return "later"
    _log.warning("Twilio refuses a notice (error %d)", code)
    return "refused"
