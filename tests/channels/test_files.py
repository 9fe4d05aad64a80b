"""Photos and documents by Telegram and WhatsApp: taken where a report asks, sealed at once."""

from __future__ import annotations

import io
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image

from bot.channels.contract import Channel
from bot.channels.registry import CHANNELS
from bot.channels.signal import Signal
from bot.channels.sms import Sms
from bot.channels.telegram import Telegram as TelegramChannel
from bot.channels.twilio_media import Media
from bot.channels.whatsapp import WhatsApp
from reports.attaching import CARRIERS
from service.cleaning import Cleaner
from tests.channels.case import Case, Delivery
from tests.channels.cases.telegram import TelegramCase, message, update
from tests.channels.cases.twilio import WhatsAppCase, sid
from tests.channels.conftest import URL, House, Person, opened
from tests.channels.provider import Provider
from tests.channels.telling import previews_a_report, sends_a_report
from tests.channels.twilio.api import ACCOUNT, TOKEN
from tests.support.canary import find
from vault.files import LARGEST, FileKey, open_file
from vault.sealing import Context, open_envelope
from vault.stores.attachments import Part
from vault.wrapping import derive, unwrap

MAKER = "Kanarienkamera-Werke"
CAPTION = "von meiner Tür in Kleinwalsertal"
OFFER = "Add or remove files"


def photo() -> bytes:
    """A JPEG that tells what it was taken with."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = MAKER
    room = io.BytesIO()
    Image.effect_noise((320, 240), 80).convert("RGB").save(room, "JPEG", exif=exif)
    return room.getvalue()


class Files:
    """Lets a person send a file by one of the carriers."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.case: Case = house.case

    def sends(self, content: bytes, caption: str = "") -> Delivery:
        event = self.house.event()
        if isinstance(self.case, TelegramCase):
            self.case.provider.files[str(event)] = content
            file = {"file_id": str(event), "file_unique_id": "u", "file_name": "planted-name.pdf"}
            words = {"caption": caption} if caption else {}
            told = message(self.case.chat(1), event, document=file, **words)
            return update(event, message=told)
        assert isinstance(self.case, WhatsAppCase)
        id = f"ME{event:032x}"
        self.case.provider.media[id] = content
        self.case.provider.redirects = self.case.provider.url
        where = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid(event)}/Media/{id}"
        media = {
            "NumMedia": "1",
            "MediaContentType0": "application/pdf",
            "MediaUrl0": f"https://api.twilio.com{where}",
        }
        return self.case.signed(self.case.message(1, event, Body=caption, **media))

    def opened(self, number: int = 0) -> list[dict[str, Any]]:
        """The files of the report, or of what was added, opened with the office's key."""
        storage = self.house.parts.storage
        (case,) = storage.cases.for_offices(["demo-office"])
        told_in = storage.cases.entries(case.case_id)[number]
        told = json.loads((self.house.data_dir / "demo" / "sign-ins.json").read_text())
        with storage.database.read() as connection:
            query = "SELECT salt, wrapped_key FROM accounts WHERE name = 'demo-focal-point'"
            salt, wrapped = connection.exec_driver_sql(query).one()
        key = unwrap(wrapped, derive(told["demo-focal-point"], salt).wrap)
        context = Context(told_in.purpose, case.case_id)
        document = json.loads(open_envelope(told_in.envelope, key, context))
        entries: list[dict[str, Any]] = document.get("attachments", [])
        for one in [*entries, *(entry["copy"] for entry in entries if entry["copy"])]:
            parts: list[Part] = []
            while part := storage.attachments.part(case.case_id, one["id"], len(parts)):
                parts.append(part)
            sealed = [part.sealed for part in parts]
            one["content"] = open_file(sealed, FileKey(one["id"], one["key"]))
        return entries


@pytest.fixture(params=[TelegramCase, WhatsAppCase], ids=["telegram", "whatsapp"])
async def house(
    request: pytest.FixtureRequest,
    providers: dict[str, Provider],
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    """The service with one of the carriers that bring files."""
    case = request.param(providers[request.param.name], URL)
    async with opened(case, data_dir, monkeypatch) as one:
        yield one


@pytest.fixture
def files(house: House) -> Files:
    return Files(house)


async def at_the_files(house: House) -> Person:
    person = house.person(1)
    await previews_a_report(person)
    await person.picks(OFFER)
    return person.hears("A file can show more than you mean it to")


def test_the_walk_and_the_channels_name_the_same_carriers() -> None:
    channels = [TelegramChannel, WhatsApp, Sms, Signal]
    assert len(channels) == len(CHANNELS)
    able = {channel.name for channel in channels if channel.fetch is not Channel.fetch}
    said = {channel.name for channel in channels if channel.capabilities.files}
    assert able == said == CARRIERS


async def test_a_photo_goes_sealed_into_the_report(house: House, files: Files) -> None:
    content = photo()
    person = await at_the_files(house)
    await person.gives(files.sends(content, CAPTION))
    person.hears("it is sealed", "1 of 5")
    await person.picks("Go on")
    person.hears("Files")
    assert find((MAKER, CAPTION, "planted-name"), [house.data_dir]) == []
    await person.picks("It is right")
    await person.picks("Yes, send it")
    (entry,) = files.opened()
    assert entry["content"] == content and entry["type"] == "image/jpeg"
    assert entry["note"] == CAPTION
    assert find((MAKER, CAPTION, "planted-name"), [house.data_dir]) == []
    if Cleaner().works:
        assert entry["copy"]["content"].startswith(b"\xff\xd8\xff")
        assert MAKER.encode() not in entry["copy"]["content"]
    if isinstance(house.case, WhatsAppCase):
        assert house.case.provider.media == {}, "Twilio's copy of the file is deleted"


async def test_with_her_receipt_she_adds_a_photo_later(house: House, files: Files) -> None:
    content, person = photo(), house.person(1)
    await sends_a_report(person)
    found = re.search(r"\b\d{4}(?: \d{4}){5}\b", person.text)
    assert found is not None
    await person.says(found[0][-4:])
    await person.picks("Back to the start")
    await person.picks("Continue a report I made")
    await person.says(found[0])
    await person.picks("Write to the focal point")
    await person.says("It happened again.")
    await person.picks(OFFER)
    await person.gives(files.sends(content, CAPTION))
    person.hears("it is sealed", "1 of 5")
    await person.gives(files.sends(b"<html><script>alert(1)</script>"))
    person.hears("can't take this kind of file", "1 of 5")
    await person.picks("Go on")
    await person.picks("Yes, send it")
    person.hears("It is sent")
    (entry,) = files.opened(1)
    assert entry["content"] == content and entry["note"] == CAPTION
    if Cleaner().works:
        assert MAKER.encode() not in entry["copy"]["content"]
    assert find((MAKER, CAPTION, "planted-name"), [house.data_dir]) == []


async def test_of_a_file_whose_copy_is_enough_nothing_else_is_stored(
    house: House, files: Files
) -> None:
    person = await at_the_files(house)
    await person.picks("Send only the cleaned copies")
    # What is stored and discarded again may lie in freed pages: each time is counted.
    with house.parts.storage.database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE ever_stored (id)")
        connection.exec_driver_sql(
            "CREATE TRIGGER counted AFTER INSERT ON attachments"
            " BEGIN INSERT INTO ever_stored VALUES (1); END"
        )
    await person.gives(files.sends(photo()))
    with house.parts.storage.database.read() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM ever_stored").scalar()
    if not Cleaner().works:
        person.hears("can't make a cleaned copy")
        assert count == 0
        return
    person.hears("1 of 5")
    assert count == 1
    await person.picks("Go on")
    await person.picks("It is right")
    await person.picks("Yes, send it")
    (entry,) = files.opened()
    assert entry["copy"] is None and MAKER.encode() not in entry["content"]
    assert entry["content"].startswith(b"\xff\xd8\xff")


async def test_a_file_is_not_taken_where_none_is_asked_for(house: House, files: Files) -> None:
    person = house.person(1)
    await person.says("hello")
    await person.gives(files.sends(photo()))
    person.hears("I keep nothing of it", "You can add files when you make a report")
    with house.parts.storage.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM attachments").scalar() == 0


async def test_what_is_no_good_is_said(house: House, files: Files) -> None:
    person = await at_the_files(house)
    await person.gives(files.sends(b"<html><script>alert(1)</script>"))
    person.hears("can't take this kind of file")
    await person.gives(files.sends(photo() + bytes(LARGEST)))
    person.hears("too large")
    await person.gives(files.sends(b""))
    person.hears("could not get this file")
    await person.picks("Go on")
    assert "Files\n" not in person.text


async def test_delivered_twice_it_is_taken_once(house: House, files: Files) -> None:
    person = await at_the_files(house)
    delivery = files.sends(photo())
    await person.gives(delivery)
    await person.gives(delivery)
    await person.gives(files.sends(b"plain words"))
    person.hears("2 of 5")
    await person.picks("Remove the last file")
    person.hears("1 of 5")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/secrets",
        f"/2010-04-01/Accounts/AC{'0' * 32}/Messages/{sid(1)}/Media/ME{'0' * 32}",
        "http://169.254.169.254/latest/meta-data",
        "",
    ],
)
async def test_nothing_is_fetched_from_elsewhere(address: str) -> None:
    assert await Media(ACCOUNT, TOKEN, "http://127.0.0.1:1").fetch(address, 10) is None


async def test_a_redirect_away_from_twilio_is_not_followed(providers: dict[str, Provider]) -> None:
    twilio: Any = providers["whatsapp"]
    id = f"ME{7:032x}"
    twilio.media[id] = b"x"
    twilio.redirects = "http://127.0.0.1:1"
    where = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid(1)}/Media/{id}"
    assert await Media(ACCOUNT, TOKEN, twilio.url).fetch(where, 10) is None
