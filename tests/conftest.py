"""What all tests share: fresh databases on both engines."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support import postgres
from vault.database import Database

#: These run in the engine's own Python; tests/test_engine.py runs them there.
collect_ignore = ["engine"]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server; the URL of a database on it that tests do not write to."""
    programs = postgres.server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.server(programs) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated database that fresh ones are copied from."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_speaksafe")
    migrated = Database.open(_named(postgres_url, "template_speaksafe"))
    migrated.migrate()
    migrated.close()
    return "template_speaksafe"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that fresh ones are copied from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrated = Database.open(f"sqlite:///{path}")
    migrated.migrate()
    migrated.close()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a fresh, migrated SQLite file."""
    path = tmp_path / "speaksafe.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def fresh_postgres_url(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
        yield _named(postgres_url, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database; the test runs once on each engine."""
    fixture = {"sqlite": "sqlite_url", "postgres": "fresh_postgres_url"}[request.param]
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database; the test runs once on each engine."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


def _named(url: str, name: str) -> str:
    return url.rsplit("/", 1)[0] + "/" + name


@pytest.fixture(autouse=True, scope="session")
def commands_do_not_bind_the_tests() -> Iterator[None]:
    """A command that runs here, in the tests' own process, must not forbid cores to all of them.

    It is for good, and ``tests/service/test_cores.py`` could then not fail.
    """
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("service.cores.forbid", lambda: None)
        yield
