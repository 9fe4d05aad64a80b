"""WhatsApp's and SMS's side of the shared suite: what Twilio delivers, signed by its library."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import Any, ClassVar
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
from twilio.request_validator import RequestValidator

from bot.channels.gsm import plain
from tests.channels.case import Case, Delivery, Heard
from tests.channels.twilio.api import ACCOUNT, TOKEN, TwilioApi
from tests.support.content import messages

_HEADER = "X-Twilio-Signature"
_OURS = "+12015550100"
_CHOICE = re.compile(r"^(\d{1,2})\.? (.+)$", re.MULTILINE)
_COUNTED = re.compile(r"^\d+/\d+ ")


def sid(event: object) -> str:
    """Twilio's id of a message."""
    return "SM" + hashlib.md5(str(event).encode(), usedforsecurity=False).hexdigest()


class TwilioCase(Case):
    """As Twilio shapes and signs what it delivers."""

    stand_in = TwilioApi
    provider: TwilioApi
    prefix: ClassVar[str] = ""

    def settings(self) -> dict[str, str]:
        """With the local Twilio as its base."""
        return {
            "SPEAKSAFE_TWILIO_ACCOUNT_SID": ACCOUNT,
            "SPEAKSAFE_TWILIO_AUTH_TOKEN": TOKEN,
            "SPEAKSAFE_TWILIO_API_BASE": self.provider.url,
        }

    def secrets(self) -> list[str]:
        """The token; the account's id stands in every call's address."""
        return [TOKEN]

    @property
    def url(self) -> str:
        """The webhook's public address."""
        return f"{self.public_url}/webhooks/{self.name}"

    def address(self, sender: int) -> str:
        """A telephone number."""
        return f"+4179555{sender:04}"

    def signed(self, params: dict[str, str], query: str = "") -> Delivery:
        """A delivery with these parameters."""
        url = self.url + (f"?{query}" if query else "")
        signature = RequestValidator(TOKEN).compute_signature(url, params)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            _HEADER: signature,
            "I-Twilio-Idempotency-Token": sid(params.get("MessageSid")),
        }
        return Delivery(headers, urlencode(params).encode(), query)

    def message(self, sender: int, event: int, **what: str) -> dict[str, str]:
        """The parameters of an inbound message."""
        return {
            "ToCountry": "US", "SmsMessageSid": sid(event), "NumMedia": "0", "FromCountry": "CH",
            "MessageSid": sid(event), "SmsSid": sid(event), "SmsStatus": "received", "Body": "",
            "To": self.prefix + _OURS, "From": self.prefix + self.address(sender),
            "FromCity": "", "NumSegments": "1", "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01",
            **what,
        }  # fmt: skip

    def text(self, sender: int, text: str, event: int) -> Delivery:
        """A message; a repeated event has the same id."""
        return self.signed(self.message(sender, event, Body=text))

    def forged(self, delivery: Delivery) -> list[Delivery]:
        """Every way in which the signature can be wrong."""
        genuine = delivery.headers[_HEADER]
        params = self.message(9, 999_999, Body="another")
        other_url = RequestValidator(TOKEN).compute_signature("https://evil.example/", params)
        other_token = RequestValidator("x" * 32).compute_signature(self.url, params)
        wrong = ["", "x", genuine[:-2] + "A=", genuine.swapcase(), genuine + "=", "é", TOKEN,
                 other_url, other_token]  # fmt: skip
        tampered = [
            Delivery(delivery.headers, delivery.body + b"&Body=more", delivery.query),
            Delivery(delivery.headers, delivery.body, "a=b"),
        ]
        return [delivery.with_header(_HEADER, value) for value in (None, *wrong)] + tampered

    def unknown(self, event: int) -> list[Delivery]:
        """Status callbacks, and kinds that nobody knows."""
        base = {"AccountSid": ACCOUNT, "ApiVersion": "2010-04-01"}
        states = ["queued", "sending", "sent", "delivered", "undelivered", "failed", "read", "new"]
        callbacks = [
            {**base, "MessageSid": sid(event + n), "SmsSid": sid(event + n), "SmsStatus": state,
             "MessageStatus": state, "To": self.prefix + self.address(1), "From": _OURS}
            for n, state in enumerate(states)
        ]  # fmt: skip
        strange = [{**base, "EventType": "HOLOGRAM"}, {"ErrorCode": "12300", **base}]
        return [self.signed(params) for params in callbacks + strange]

    def wordless(self, sender: int, event: int) -> list[Delivery]:
        """Pictures, voice, places …"""
        media = [
            "image/jpeg",
            "video/mp4",
            "audio/ogg",
            "application/pdf",
            "text/vcard",
            "image/webp",
        ]
        what: list[dict[str, str]] = [
            {"NumMedia": "1", "MediaContentType0": kind, "MediaUrl0": f"https://x.invalid/{n}"}
            for n, kind in enumerate(media)
        ]
        what += [{"Latitude": "46.5", "Longitude": "7.123", "Address": "planted street"}, {}]
        return [
            self.signed(self.message(sender, event + n, **fields)) for n, fields in enumerate(what)
        ]

    def press(self, sender: int, value: str, event: int) -> Delivery | None:
        """Nothing can be pressed: the label is typed."""
        labels = {known: label for label, known in _values().items()}
        return self.text(sender, labels.get(value, value.removeprefix("opt:")), event)

    def heard(self, sender: int, answer: httpx.Response) -> list[Heard]:
        """What stands in the TwiML."""
        if not answer.content:
            return []
        return [_heard(text) for text in bodies(answer)]


class WhatsAppCase(TwilioCase):
    """WhatsApp."""

    name = "whatsapp"
    prefix = "whatsapp:"

    def message(self, sender: int, event: int, **what: str) -> dict[str, str]:
        """With what WhatsApp adds."""
        more = {"ProfileName": "Wilhelmina", "WaId": self.address(sender)[1:]}
        return super().message(sender, event, **more, **what)


class SmsCase(TwilioCase):
    """SMS: what it says is its own, and so are its survey and its report."""

    name = "sms"
    jobs = frozenset()

    def shown(self, text: str) -> str:
        """With plain signs where that keeps the alphabet small."""
        return plain(text)


def bodies(answer: httpx.Response) -> list[str]:
    """The messages of an answer, as Twilio would send them."""
    assert answer.headers["content-type"].startswith("text/xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314 (our own)
    assert root.tag == "Response"
    assert {child.tag for child in root} <= {"Message"}
    return ["".join(child.itertext()) for child in root]


def _heard(text: str) -> Heard:
    """The choices by what they mean, as far as the labels tell; else ``opt:`` and the label."""
    text = _COUNTED.sub("", text)
    labels = [label for _, label in _CHOICE.findall(text)]
    return Heard(text, tuple((label, _values().get(label, f"opt:{label}")) for label in labels))


@cache
def _values() -> dict[str, str]:
    """What the labels of the survey mean in English."""
    found = {"It has ended": "opt:G1.1"}
    for part, kind in (("survey.choice.", "do"), ("survey.offer.", "menu")):
        for key in sorted(key for key in messages().keys() if key.startswith(part)):  # noqa: SIM118
            found[messages().text("en", key, most=1)] = f"{kind}:{key.removeprefix(part)}"
    return found


def params_of(delivery: Delivery) -> dict[str, Any]:
    """What a delivery says."""
    return dict(httpx.QueryParams(delivery.body.decode()))
