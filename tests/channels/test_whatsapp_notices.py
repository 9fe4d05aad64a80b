"""Notices by WhatsApp: a focal point links her phone, and a template goes to it; the real library
against a local Twilio."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.contract import Told
from bot.channels.whatsapp import REGISTERED, WhatsApp
from bot.channels.whatsapp_notices import NOTICE, SENDER, Notices, Template, template
from service.caretaker import caretaker
from service.settings import ROOT, Settings, SettingsError
from service.tellers import tellers
from service.webhooks import build
from tests.channels.cases.twilio import WhatsAppCase, sid
from tests.channels.conftest import URL, House, opened
from tests.channels.provider import Provider
from tests.channels.twilio.api import ACCOUNT, TOKEN, TwilioApi
from tests.support.content import messages
from tests.vault.rows import new_case
from vault.tables import accounts

DAY = date(2026, 11, 20)
OURS, HERS, LINK = "+12015550100", "whatsapp:+41795550007", f"{URL}/inbox"
TEMPLATE = "HX" + "0123456789abcdef" * 2
BOTH = {SENDER: OURS, NOTICE: TEMPLATE}


class NoticesCase(WhatsAppCase):
    """WhatsApp with the settings for notices."""

    def settings(self) -> dict[str, str]:
        """With both of them."""
        return super().settings() | BOTH


@pytest.fixture
def twilio() -> Iterator[TwilioApi]:
    """A local Twilio."""
    with TwilioApi.running() as running:
        yield running
    assert running.problems() == []


@pytest.fixture
async def house(
    twilio: TwilioApi, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The service with WhatsApp, and no mail server."""
    async with opened(NoticesCase(twilio, URL), data_dir, monkeypatch) as one:
        yield one


def _settings(**more: str) -> Settings:
    account = {"SPEAKSAFE_TWILIO_ACCOUNT_SID": ACCOUNT, "SPEAKSAFE_TWILIO_AUTH_TOKEN": TOKEN}
    return Settings.read(account | {"SPEAKSAFE_PUBLIC_URL": URL} | more)


def _notices(base: str, patience: float = 5) -> Notices:
    found = template(BOTH | {"SPEAKSAFE_PUBLIC_URL": URL})
    assert found is not None
    return Notices(ACCOUNT, TOKEN, base, found, patience)


async def _linked(house: House) -> None:
    here = select(accounts.c.account_id).where(accounts.c.name == "demo-focal-point")
    with house.parts.storage.database.read() as connection:
        account = str(connection.execute(here).scalar_one())
    she = house.person(7)
    await she.says((await house.parts.links.issue(account, "whatsapp", "fr")).lower())
    assert [one.text for one in she.messages] == [house.parts.messages.text("fr", "notice.linked")]
    reach = house.parts.storage.addresses.reach(account, ["whatsapp"])
    assert reach is not None and reach.address == HERS


async def test_her_line_links_her_and_her_notice_comes_once(
    house: House, twilio: TwilioApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)  # the most that can be logged
    await _linked(house)
    storage, settings = house.parts.storage, house.parts.settings
    storage.cases.add(new_case(offices=("demo-office",), opened_on=DAY))
    worker = caretaker(settings, storage, house.parts.keeping, house.parts.messages)
    assert list(tellers(settings)) == ["whatsapp"]
    assert await asyncio.to_thread(worker.notifier.send_all, DAY) == 1
    assert await asyncio.to_thread(worker.notifier.send_all, DAY) == 0
    (sent,) = twilio.sent
    assert sent.pop("StatusCallback") == f"{URL}/webhooks/whatsapp"
    assert json.loads(sent.pop("ContentVariables")) == {"1": LINK}
    assert sent == {"To": HERS, "From": f"whatsapp:{OURS}", "ContentSid": TEMPLATE}
    assert not any(HERS.encode() in blob for blob in house.remembered())
    assert HERS[-11:] not in caplog.text and TEMPLATE not in caplog.text


async def test_its_copy_is_deleted_when_twilio_tells_that_it_is_delivered(
    house: House, twilio: TwilioApi
) -> None:
    told = {"MessageSid": sid(1), "SmsSid": sid(1), "SmsStatus": "delivered",
            "MessageStatus": "delivered", "To": HERS, "From": f"whatsapp:{OURS}",
            "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01"}  # fmt: skip
    assert isinstance(house.case, NoticesCase)
    assert (await house.deliver(house.case.signed(told))).status_code == 200
    (channel,) = [one for one in house.parts.carriers.channels if isinstance(one, WhatsApp)]
    await channel.copies.settled()
    assert twilio.deleted == [sid(1)]


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (400, 21211, "refused"),  # no such number
        (400, 21610, "refused"),  # she sent STOP
        (400, 63016, "refused"),  # WhatsApp takes no such message outside its window
        (400, 63007, "later"),  # no such sender: a setting is to be mended
        (400, 21655, "later"),  # no such template
        (401, 20003, "later"),
        (429, 20429, "later"),
        (500, 20500, "later"),
    ],
)
async def test_what_twilio_answers_and_no_log_has_her_number(
    twilio: TwilioApi, caplog: pytest.LogCaptureFixture, status: int, code: int, told: Told
) -> None:
    caplog.set_level(logging.DEBUG)
    twilio.refuses = (status, code)
    assert await _notices(twilio.url).tell(HERS, LINK) == told
    assert twilio.sent == []
    assert HERS[-11:] not in caplog.text and LINK not in caplog.text
    twilio.refuses = None
    assert await _notices(twilio.url).tell(HERS, LINK) == "sent"
    assert len(twilio.sent) == 1


async def test_a_lost_answer_is_a_doubt_and_an_absent_twilio_is_none(
    twilio: TwilioApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    twilio.lose(1)
    assert await _notices(twilio.url).tell(HERS, LINK) == "doubt"
    assert len(twilio.sent) == 1
    assert await _notices("http://127.0.0.1:9").tell(HERS, LINK) == "later"
    assert HERS[-11:] not in caplog.text and LINK not in caplog.text


async def test_who_takes_it_and_never_answers_leaves_a_doubt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        here = f"http://127.0.0.1:{mute.getsockname()[1]}"
        async with asyncio.timeout(5):
            assert await _notices(here, patience=0.2).tell(HERS, LINK) == "doubt"


def test_without_the_settings_it_is_not_offered() -> None:
    channel = build(REGISTERED, _settings())
    assert isinstance(channel, WhatsApp) and not channel.tells
    assert tellers(_settings()) == {}
    assert list(tellers(_settings(**BOTH))) == ["whatsapp"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({SENDER: OURS}, NOTICE),
        ({NOTICE: TEMPLATE}, SENDER),
        (BOTH | {SENDER: "planted"}, SENDER),
        (BOTH | {SENDER: "whatsapp:2015550100"}, SENDER),
        (BOTH | {NOTICE: "planted"}, NOTICE),
        (BOTH | {NOTICE: f"{TEMPLATE}0"}, NOTICE),
    ],
)
def test_one_alone_or_malformed_is_refused_by_name(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError) as caught:
        build(REGISTERED, _settings(**given))
    assert caught.value.name == named
    assert not [value for value in given.values() if value in str(caught.value)]


def test_the_sender_may_be_written_either_way() -> None:
    either = [template(BOTH | {SENDER: number}) for number in (OURS, f"whatsapp:{OURS}")]
    assert either == [Template(f"whatsapp:{OURS}", TEMPLATE)] * 2
    assert OURS not in repr(either) and TEMPLATE not in repr(either)


@pytest.mark.parametrize("lang", messages().languages)
def test_the_words_proposed_for_the_template_are_those_of_other_notices(lang: str) -> None:
    proposed = (ROOT / "docs/channels/twilio.md").read_text(encoding="utf-8")
    words = messages().text(lang, "notice.new", link="{{1}}").split()
    assert f"| {' '.join(words)} |" in " ".join(proposed.split())


def test_an_address_that_twilio_cannot_reach_is_no_callback() -> None:
    found = template(BOTH | {"SPEAKSAFE_PUBLIC_URL": "http://127.0.0.1:8000"})
    assert found is not None and found.callback == ""


async def test_her_line_is_no_line_where_notices_are_off(
    providers: dict[str, Provider], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(WhatsAppCase(providers["whatsapp"], URL), data_dir, monkeypatch) as house:
        assert house.parts.carriers.telling == ()
        await house.person(8).says("NOTICE ABCD-EFGH-JKLM-NPQR")
        assert len(house.engine.asked) == 1
