"""A served inbox with somebody in it, for each test of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.inbox.reader import PASSPHRASE, Reader
from tests.browser.inbox_server import LiveWorld, running
from tests.inbox.world import FocalPoint, Told
from vault.database import Database


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite is enough here."""
    return sqlite_url


@pytest.fixture
def strict() -> tuple[str, ...]:
    """Offices that want a second factor; a test overrides it with ``parametrize``."""
    return ()


@pytest.fixture
def world(database: Database, strict: tuple[str, ...]) -> Iterator[LiveWorld]:
    with running(database, strict) as started:
        yield started


@pytest.fixture
def amina(world: LiveWorld) -> FocalPoint:
    return world.focal_point("amina", "unv-office", passphrase=PASSPHRASE)


@pytest.fixture
def reader(page: Page, world: LiveWorld) -> Reader:
    return Reader(page, world)


@pytest.fixture
def case(world: LiveWorld, amina: FocalPoint) -> Told:
    return world.case("unv-office", days_ago=3)
