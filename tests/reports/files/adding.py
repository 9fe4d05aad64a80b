"""Adding files to a report, or to what is written later."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from catalogue import Heard
from reports.report_walk import ReportWalk
from reports.return_walk import ReturnWalk
from tests.reports.chat import MESSAGES, Chat, FakeArchive
from vault.keys import PrivateKey
from vault.sealing import Context, seal

KEY = PrivateKey.new()
OFFER = "Add or remove files"
TOLD = ("To me", "World Food Programme", "Yes", "No, it can go there")


def entry(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "key": f"key of {name}", "type": "image/jpeg", "size": 3, **more}


def at_the_preview(walk: ReportWalk, **given: object) -> Chat:
    chat = Chat(walk, **given)  # type: ignore[arg-type]
    chat.goes_through(*TOLD)
    chat.chooses("held:0") if given.get("seals") else chat.says("It happened.")
    chat.presses("I have said it all")
    for _ in ("when and where", "who", "wish", "danger"):
        chat.presses("Skip")
    return chat.presses("Stay anonymous")


def by_browser(walk: ReportWalk) -> Chat:
    return at_the_preview(walk, channel="web", seals=True)


def by_carrier(walk: ReportWalk, channel: str = "telegram") -> Chat:
    return at_the_preview(walk, channel=channel)


def brings(chat: Chat, attached: dict[str, Any]) -> Chat:
    return chat._hear(Heard("", "files:sent", "choose", 1.0, chat.lang, attached=attached))


def agrees(chat: Chat) -> Chat:
    request = chat.messages[-1].seal
    assert request is not None
    context = Context(request["purpose"], request["binding"])
    envelope = seal(json.dumps(request["document"]).encode(), [KEY.public()], context).decode()
    return chat._hear(Heard("", "do:yes", "choose", 1.0, chat.lang, envelope))


def to_agree(archive: FakeArchive, *, seals: bool = True) -> Chat:
    walk = ReturnWalk(MESSAGES, archive, asyncio.sleep, attaches=True)  # type: ignore[arg-type]
    chat = Chat(walk, seals=seals)
    chat.says(archive.receipt).presses("Write to the focal point")
    return chat.chooses("held:0") if seals else chat.says("It happened again.")


def later_by_carrier(archive: FakeArchive, channel: str = "telegram") -> Chat:
    walk = ReturnWalk(MESSAGES, archive, asyncio.sleep, attaches=True)  # type: ignore[arg-type]
    chat = Chat(walk, channel=channel)
    return chat.says(archive.receipt).presses("Write to the focal point")
