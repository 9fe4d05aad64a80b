"""How she is told: only what is configured is offered, and no address passes the page."""

from __future__ import annotations

import pytest

from service.notice_links import LINE_SECONDS, NoticeLinks
from tests.inbox.world import FocalPoint, Page, World
from vault.state import MemoryShelf, StateStore
from vault.stores import Address

CHAT = "734001"


@pytest.fixture
def links(world: World) -> NoticeLinks:
    """Telegram is configured."""
    store = StateStore(MemoryShelf(), b"k" * 32, "notice link", LINE_SECONDS)
    found = NoticeLinks(store, world.addresses, ("telegram",))
    object.__setattr__(world.deps, "links", found)
    return found


async def test_where_nothing_is_configured_nothing_is_offered(amina_page: Page) -> None:
    state = await amina_page.post("/inbox/api/notices")
    assert state.json() == {"by": None, "choices": []}
    refused = await amina_page.post("/inbox/api/notices/link", channel="telegram", lang="en")
    assert refused.status_code == 404


async def test_a_line_links_her_phone_once_and_email_takes_it_back(
    world: World, links: NoticeLinks, amina: FocalPoint, amina_page: Page
) -> None:
    world.addresses.put(amina.name, Address("amina@example.org", "en"))
    state = (await amina_page.post("/inbox/api/notices")).json()
    assert state == {"by": "email", "choices": ["telegram"]}
    made = await amina_page.post("/inbox/api/notices/link", channel="telegram", lang="fr")
    word, _, code = made.json()["line"].partition(" ")
    signs = code.replace("-", "")
    assert word == "NOTICE" and len(signs) == 16
    assert await links.claim("whatsapp", signs, CHAT) is None
    assert await links.claim("telegram", "A" * 16, CHAT) is None
    assert await links.claim("telegram", signs, CHAT) == "fr"
    assert await links.claim("telegram", signs, "another") is None
    state = await amina_page.post("/inbox/api/notices")
    assert state.json() == {"by": "telegram", "choices": ["email"]}
    assert CHAT not in state.text and "example.org" not in state.text
    who = world.accounts.sign_in(amina.name, amina.secrets.sign_in)
    assert who is not None
    reach = world.addresses.reach(who.account_id, ["telegram"])
    assert reach is not None and (reach.channel, reach.address, reach.lang) == (
        "telegram",
        CHAT,
        "fr",
    )
    back = await amina_page.post("/inbox/api/notices/email")
    assert back.json() == {"by": "email", "choices": ["telegram"]}
    assert world.addresses.ways(who.account_id).channel is None
    assert [one.action for one in world.audit.entries()] == ["notices", "notices"]


async def test_a_channel_that_is_no_longer_configured_gives_way_to_email(
    world: World, links: NoticeLinks, amina: FocalPoint, amina_page: Page
) -> None:
    world.addresses.put(amina.name, Address("amina@example.org", "en"))
    who = world.accounts.sign_in(amina.name, amina.secrets.sign_in)
    assert who is not None and world.addresses.link(who.account_id, "telegram", CHAT, "en")
    reach = world.addresses.reach(who.account_id, [])
    assert reach is not None and reach.channel == "email"


async def test_the_chat_lies_sealed(
    world: World, links: NoticeLinks, amina: FocalPoint, amina_page: Page
) -> None:
    who = world.accounts.sign_in(amina.name, amina.secrets.sign_in)
    assert who is not None and world.addresses.link(who.account_id, "telegram", CHAT, "en")
    world.database.checkpoint("accounts")
    file = world.database.file
    assert file is not None and CHAT.encode() not in file.read_bytes()
    assert world.addresses.missing() == 0


async def test_nobody_gets_near_it_without_signing_in(page: Page) -> None:
    for path in ("", "/email"):
        assert (await page.post(f"/inbox/api/notices{path}")).status_code == 401
    link = await page.post("/inbox/api/notices/link", channel="telegram", lang="en")
    assert link.status_code == 401
