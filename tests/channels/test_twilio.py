"""What is Twilio's own: its signatures, its copies, its account."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from twilio.request_validator import RequestValidator

from bot.channels.contract import Incoming, Reply, Request, Unreadable
from bot.channels.sms import Sms
from bot.channels.twilio_account import Account
from bot.channels.twilio_copies import Copies
from bot.channels.twilio_requests import Private, read, signed
from bot.channels.whatsapp import WhatsApp
from catalogue import Message
from tests.channels.cases.twilio import sid
from tests.channels.twilio.api import ACCOUNT, TOKEN, TwilioApi

#: Published by Twilio with its libraries (request validator tests) and in its documentation.
VECTOR_TOKEN = "12345"
VECTOR_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
VECTOR_BODY = (
    b"CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212"
    b"&Caller=%2B14158675309"
)
VECTOR_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def _request(url: str, body: bytes, signature: str) -> Request:
    kind = "application/x-www-form-urlencoded"
    return Request(url, {"x-twilio-signature": signature, "content-type": kind}, body)


@pytest.fixture
def twilio() -> Iterator[TwilioApi]:
    """A local Twilio."""
    with TwilioApi.running() as running:
        yield running
    assert running.problems() == []


def test_twilios_published_vector() -> None:
    validator = RequestValidator(VECTOR_TOKEN)
    assert signed(validator, _request(VECTOR_URL, VECTOR_BODY, VECTOR_SIGNATURE))
    port = VECTOR_URL.replace(".com/", ".com:1234/")
    assert not signed(validator, _request(VECTOR_URL + "x", VECTOR_BODY, VECTOR_SIGNATURE))
    assert not signed(validator, _request(VECTOR_URL, VECTOR_BODY + b"1", VECTOR_SIGNATURE))
    assert not signed(validator, _request(port + "x", VECTOR_BODY, VECTOR_SIGNATURE))
    with_port = VECTOR_URL.replace(".com/", ".com:443/")
    assert signed(validator, _request(with_port, VECTOR_BODY, VECTOR_SIGNATURE))


def test_order_and_empty_values_and_scripts_do_not_matter() -> None:
    url = "https://speaksafe.example/webhooks/sms"
    params = {"Body": "مرحبا 你好 é", "Empty": "", "From": "+1", "MessageSid": sid(1)}
    signature = RequestValidator(TOKEN).compute_signature(url, params)
    bodies = ["Body=%D9%85%D8%B1%D8%AD%D8%A8%D8%A7+%E4%BD%A0%E5%A5%BD+%C3%A9", "Empty=",
              "From=%2B1", f"MessageSid={sid(1)}"]  # fmt: skip
    for order in (bodies, bodies[::-1]):
        assert signed(RequestValidator(TOKEN), _request(url, "&".join(order).encode(), signature))


def test_another_carriers_event_is_refused() -> None:
    body = f"MessageSid={sid(1)}&From=whatsapp%3A%2B41&Body=x".encode()
    with pytest.raises(Unreadable):
        read(_request("https://x.example/", body, ""), "")


@pytest.mark.parametrize(
    ("word", "kind"), [("STOP", "gone"), ("HELP", "nothing"), ("START", "said")]
)
def test_what_twilio_answered_itself_is_not_answered_again(word: str, kind: str) -> None:
    body = f"MessageSid={sid(1)}&From=%2B41&Body={word}&OptOutType={word}".encode()
    assert read(_request("https://x.example/", body, ""), "").kind == kind


def test_the_answer_is_xml_whatever_is_in_it() -> None:
    channel = WhatsApp(ACCOUNT, TOKEN)
    reply = Reply((Message("a\x00b\x0b <&> \ud800"),), "en")
    incoming = Incoming("e", "whatsapp:+1", private=Private(sid(1), "https://x.example/cb"))
    answer = channel.acknowledge(channel.render(reply, incoming))
    assert "a\ufffdb\ufffd &lt;&amp;&gt;" in answer.body
    assert 'statusCallback="https://x.example/cb"' in answer.body


def test_long_answers_are_cut_at_sentences() -> None:
    text = "A sentence of some length that says a little. " * 90
    texts = WhatsApp(ACCOUNT, TOKEN).texts(Reply((Message(text),), "en"))
    assert all(len(part) <= 1600 and part.endswith(".") for part in texts)
    assert "".join("".join(texts).split()) == "".join(text.split())


async def test_a_copy_is_deleted_and_deleted_again_until_it_is_gone(twilio: TwilioApi) -> None:
    twilio.incomplete[sid(1)] = 2
    twilio.throttle(1)
    copies = Copies(ACCOUNT, TOKEN, twilio.url, pauses=(0, 0, 0, 0, 0))
    copies.forget(sid(1))
    copies.forget(sid(1))
    copies.forget(sid(2))
    await copies.settled()
    assert sorted(twilio.deleted) == sorted([sid(1), sid(2)])
    assert sid(1) in twilio.redacted, "the words are out before it can be deleted"
    await copies.close()


class _AtOnce(Copies):
    async def _gone(self, sid: str) -> bool:
        return True


def test_closing_just_when_a_copy_is_gone_ends() -> None:
    async def closes() -> None:
        copies = _AtOnce(ACCOUNT, TOKEN)
        copies.forget(sid(1))
        await asyncio.sleep(0)  # the deletion is done now, and still on the list
        await copies.close()

    # In a thread of its own: a loop that goes round for ever heeds no time limit.
    closing = threading.Thread(target=lambda: asyncio.run(closes()), daemon=True)
    closing.start()
    closing.join(5)
    assert not closing.is_alive()


async def test_a_failing_twilio_delays_nothing(twilio: TwilioApi) -> None:
    twilio.fail(10_000)
    copies = Copies(ACCOUNT, TOKEN, twilio.url, pauses=(30, 30))
    channel = Sms(ACCOUNT, TOKEN, twilio.url)
    channel.copies = copies
    incoming = Incoming("e", "+1", private=Private(sid(1)))
    async with asyncio.timeout(2):
        await channel.tidy(incoming)
        await channel.close()
    assert twilio.deleted == []


async def test_numbers_are_set_up_and_others_left_alone(twilio: TwilioApi) -> None:
    url = "https://speaksafe.example/webhooks/sms"
    account = Account(ACCOUNT, TOKEN, twilio.url)
    assert "no number" in (await account.numbers(url)).detail
    can = {"sms": True, "voice": True}
    twilio.numbers = [
        {"sid": "PN" + "1" * 32, "sms_url": "https://demo.twilio.com/welcome/sms/reply"},
        {"sid": "PN" + "2" * 32, "sms_url": "https://elsewhere.example/"},
    ]
    twilio.numbers = [number | {"capabilities": can} for number in twilio.numbers]
    assert (await account.numbers(url)).state == "warn"
    assert "1 left alone" in " ".join(await account.set_numbers(url))
    assert [number["sms_url"] for number in twilio.numbers] == [url, "https://elsewhere.example/"]
    assert (await account.numbers(url)).state == "ok"


async def test_senders_are_set_up(twilio: TwilioApi) -> None:
    url = "https://speaksafe.example/webhooks/whatsapp"
    twilio.senders = [{"sid": "XE" + "1" * 32, "status": "ONLINE", "webhook": {}}]
    account = Account(ACCOUNT, TOKEN, twilio.url)
    assert (await account.senders(url)).state == "warn"
    await account.set_senders(url)
    assert twilio.senders[0]["webhook"]["callback_url"] == url
    assert (await account.senders(url)).state == "ok"


async def test_a_refused_token_fails(twilio: TwilioApi) -> None:
    found = await Account(ACCOUNT, "another", twilio.url).numbers("https://x.example/")
    assert found.state == "fail" and "another" not in found.detail
    assert "refuses" in found.detail
    away = await Account(ACCOUNT, TOKEN, "http://127.0.0.1:9").numbers("https://x.example/")
    assert away.state == "fail" and "does not answer" in away.detail


async def test_how_twilio_is_to_connect_does_not_matter(twilio: TwilioApi) -> None:
    url = "https://speaksafe.example/webhooks/sms"
    number = {"sid": "PN" + "1" * 32, "sms_url": f"{url}#rc=2", "capabilities": {"sms": True}}
    twilio.numbers = [number]
    assert (await Account(ACCOUNT, TOKEN, twilio.url).numbers(url)).state == "ok"
