"""The account at Twilio as operators see it: which numbers and senders lead to our webhooks.

Only commands come here, never a conversation. Numbers are counted and not named.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from bot.channels.contract import Standing
from bot.channels.twilio_copies import silent

#: Where numbers lead that nobody has set up yet.
_FRESH = ("", "https://demo.twilio.com")

_REMEDY = "run `speaksafe channels register`"

_REFUSED = "Twilio refuses account SID or token; compare both with its console"

_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Line:
    """A number or sender of the account.

    Args:
        sid: Twilio's id of it.
        leads: the address of its webhook, as it is set.
        ours: nothing else takes its messages (an application, a messaging service).
    """

    sid: str
    leads: str
    ours: bool = True

    @property
    def fresh(self) -> bool:
        """Nobody has set it up."""
        return self.ours and (not self.leads or self.leads.startswith(_FRESH[1]))


class Account:
    """Asks Twilio.

    Args:
        account: its id.
        token: its secret.
        base: where the API is; Twilio's own if not given.
    """

    def __init__(self, account: str, token: str, base: str | None = None) -> None:
        self._account, self._token, self._base = account, token, base

    async def numbers(self, url: str) -> Standing:
        """How the telephone numbers stand.

        Args:
            url: the public address of the webhook.
        """
        return await self._standing(url, self._numbers, "number that takes texts")

    async def senders(self, url: str) -> Standing:
        """How the WhatsApp senders stand.

        Args:
            url: the public address of the webhook.
        """
        return await self._standing(url, self._senders, "WhatsApp sender")

    async def set_numbers(self, url: str) -> Sequence[str]:
        """Let fresh numbers lead to the webhook; those that lead elsewhere are left alone."""

        def lead(client: Client, line: Line) -> None:
            client.incoming_phone_numbers(line.sid).update(sms_url=url, sms_method="POST")

        return await asyncio.to_thread(self._lead, url, self._numbers, lead)

    async def set_senders(self, url: str) -> Sequence[str]:
        """Let fresh WhatsApp senders lead to the webhook."""

        def lead(client: Client, line: Line) -> None:
            # The library would send empty settings beside it, and so might reset them.
            webhook = {"callback_url": url, "callback_method": "POST"}
            answer = client.request(
                "POST",
                f"{client.messaging.base_url}/v2/Channels/Senders/{line.sid}",
                data={"webhook": webhook},
                headers={"Content-Type": "application/json"},
            )
            if not answer.ok:
                raise TwilioException("refused")

        return await asyncio.to_thread(self._lead, url, self._senders, lead)

    async def _standing(self, url: str, find: Any, what: str) -> Standing:
        try:
            lines = await asyncio.to_thread(lambda: list(find(self._client())))
        except TwilioException as refused:
            wrong = _status(refused) in (401, 403)
            return Standing("fail", _REFUSED if wrong else "Twilio has a fault; try again later")
        except Exception:  # whatever its libraries raise, Twilio did not say it
            return Standing("fail", "Twilio does not answer; is there a way out to the internet?")
        here = [line for line in lines if line.ours and line.leads == url]
        if not lines:
            steps = "the steps are in docs/channels/twilio.md"
            return Standing("warn", f"set, but the account has no {what}; {steps}")
        if not here:
            return Standing("warn", f"set, but no {what} leads to the webhook; {_REMEDY}")
        return Standing("ok", f"webhook registered ({len(here)} of {len(lines)})")

    def _lead(self, url: str, find: Any, lead: Any) -> list[str]:
        client = self._client()
        lines = list(find(client))
        done = [line for line in lines if line.leads == url and line.ours]
        fresh = [line for line in lines if line.fresh and line not in done]
        for line in fresh:
            lead(client, line)
        left = len(lines) - len(done) - len(fresh)
        said = [f"webhook set ({len(done) + len(fresh)} of {len(lines)})"]
        if left:
            said.append(f"{left} left alone, because it leads elsewhere; change it by hand")
        return said

    def _numbers(self, client: Client) -> Iterable[Line]:
        for number in client.incoming_phone_numbers.list():
            can: Any = number.capabilities or {}
            if can.get("sms"):
                ours = not number.sms_application_sid
                yield Line(str(number.sid), _address(number.sms_url), ours)

    def _senders(self, client: Client) -> Iterable[Line]:
        for sender in client.messaging.v2.channels_senders.list(channel="whatsapp"):
            webhook: Any = sender.webhook or {}
            yield Line(str(sender.sid), _address(webhook.get("callback_url")))

    def _client(self) -> Client:
        http = TwilioHttpClient(timeout=_SECONDS, logger=silent())
        if http.session is not None:
            http.session.trust_env = False
        client = Client(self._account, self._token, http_client=http)
        if self._base:
            client.api.base_url = client.messaging.base_url = self._base
        return client


def _status(refused: TwilioException) -> int | None:
    """The status of Twilio's answer; its library puts the answer to a list beside the words."""
    about = refused.args[-1] if refused.args else None
    found = getattr(refused, "status", None) or getattr(about, "status_code", None)
    return found if isinstance(found, int) else None


def _address(webhook: str | None) -> str:
    """Where a webhook leads; behind the ``#`` Twilio takes only how it is to connect."""
    return (webhook or "").partition("#")[0]
