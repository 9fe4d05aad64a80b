"""A fresh inbox for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.inbox.world import FocalPoint, Page, World
from vault.database import Database


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite is enough here: the stores' own tests run on both engines."""
    return sqlite_url


@pytest.fixture
def world(database: Database) -> World:
    """An inbox without anybody in it."""
    return World(database)


@pytest.fixture
def postgres_world(fresh_postgres_url: str) -> Iterator[World]:
    """The same on PostgreSQL, for the one way through everything."""
    opened = Database.open(fresh_postgres_url)
    yield World(opened)
    opened.close()


@pytest.fixture
async def page(world: World) -> AsyncIterator[Page]:
    """A page on which nobody has signed in."""
    page = Page(world)
    yield page
    await page.http.aclose()


@pytest.fixture
def amina(world: World) -> FocalPoint:
    """A focal point of one office."""
    return world.focal_point("Amina", "unv-office")


@pytest.fixture
async def amina_page(page: Page, amina: FocalPoint) -> Page:
    """Amina's page, signed in."""
    await page.sign_in(amina)
    return page
