"""``speaksafe doctor``: what is set, what is missing, what does not answer."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.channels.registry import CHANNELS
from bot.engine import Engine
from catalogue import ContentError, Messages
from policy.answers import Answers
from reports.entities import Entities
from reports.routes import Routes
from service import dead_routes
from service.cleaning import Cleaner
from service.commands import condition
from service.commands.channels import standing
from service.commands.output import table
from service.engine_process import ENGINE_PYTHON, EngineError, is_trained
from service.settings import Settings, SettingsError
from service.storage import Storage
from service.tellers import tellers
from vault.errors import VaultError
from vault.state import RedisShelf
from vault.stores.owners import owned, owner_of

State = Literal["ok", "off", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        part: what it is.
        state: ``ok``; ``off`` (not configured, and that is allowed); ``warn``; ``fail``.
        detail: what was found and what to do; never a value of a setting.
    """

    part: str
    state: State
    detail: str


def add(commands: Any) -> None:
    """Put the command into the parser."""
    doctor = commands.add_parser("doctor", help="check configuration, keys, database, engine")
    doctor.add_argument("--json", action="store_true", help="for machines")
    doctor.set_defaults(command=_doctor)


def _doctor(args: argparse.Namespace, settings: Settings) -> int:
    findings = list(examine(settings))
    failed = any(finding.state == "fail" for finding in findings)
    if args.json:
        entries = [asdict(finding) for finding in findings]
        print(json.dumps({"healthy": not failed, "findings": entries}, indent=1))
    else:
        table(("part", "state", "detail"), [(f.part, f.state, f.detail) for f in findings])
    return 1 if failed else 0


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, the most basic first.

    Args:
        settings: as the service would have them.
    """
    demo = "demo: nothing reaches a real office" if settings.demo else "production"
    yield Finding("mode", "warn" if settings.demo else "ok", demo)
    yield from _content(settings)
    yield Finding(*condition.disk(settings))
    yield from _storage(settings)
    yield _engine(settings)
    yield _redis(settings)
    yield from _channels(settings)
    yield _cleaning()


def _content(settings: Settings) -> Iterator[Finding]:
    try:
        messages = Messages.load(settings.content_dir)
        Answers.load(settings.content_dir, messages.languages)
    except ContentError as error:
        yield Finding("content", "fail", str(error))
        return
    yield Finding("content", "ok", f"complete in {', '.join(messages.languages)}")


def _storage(settings: Settings) -> Iterator[Finding]:
    try:
        storage = Storage.open(settings)
    except VaultError as error:
        yield Finding("database", "fail", str(error))
        if told := condition.damaged(settings):
            yield Finding(*told)
        return
    try:
        kind = "SQLite" if storage.database.is_sqlite else "PostgreSQL"
        yield Finding("database", "ok", f"{kind}, up to date")
        yield from (Finding(*told) for told in condition.of_database(storage.database))
        yield from _keys(storage)
        yield _suite(settings, storage)
        yield _notices(settings, storage)
        yield _readers(storage)
        yield _routes(settings, storage)
    except VaultError as error:
        yield Finding("database", "fail", str(error))
    finally:
        storage.close()


def _keys(storage: Storage) -> Iterator[Finding]:
    for role, needed_for in (("task-force", "rounds of the survey"), ("recovery", "lost keys")):
        known = storage.keys.newest(role) is not None  # type: ignore[arg-type]
        remedy = f"run `speaksafe keys new --role {role} --out FILE` (for {needed_for})"
        yield Finding(f"{role} key", "ok" if known else "fail", "registered" if known else remedy)
    opened = storage.rounds.current()
    yield Finding("round", "ok" if opened else "off", "open" if opened else "none is open")


def _suite(settings: Settings, storage: Storage) -> Finding:
    """Whether keys that are sealed to now are of the kind that new ones get."""
    offices = {office for one in storage.accounts.people() for office in one.offices}
    # Nothing is ever sealed to an owner of an office: her key decides for nobody.
    offices -= {owner_of(office) for office in owned(offices)}
    keys = {*storage.accounts.public_keys(sorted(offices)), *storage.keys.all("recovery")}
    other = sum(key.kem != settings.suite for key in keys)
    if not other:
        return Finding("suite", "ok", f"new keys and all of {len(keys)} are {settings.suite}")
    # A stronger key than asked for harms nobody; a weaker one decides for all who read with it.
    state: State = "warn" if settings.suite == "x-wing" else "ok"
    return Finding(
        "suite",
        state,
        f"new keys are {settings.suite}, {other} of {len(keys)} are not; docs/operating.md says "
        "how an office changes",
    )


def _notices(settings: Settings, storage: Storage) -> Finding:
    if settings.smtp_url is None and not tellers(settings):
        return Finding(
            "notices", "off", "SPEAKSAFE_SMTP_URL is not set: nobody is told of a report"
        )
    refused = storage.outbox.counts()["refused"]
    missing = storage.addresses.missing()
    if refused or missing:
        return Finding(
            "notices",
            "warn",
            f"{missing} focal points have no address, {refused} notices were refused; "
            "see `speaksafe notices status`",
        )
    return Finding("notices", "ok", "every focal point has an address")


def _readers(storage: Storage) -> Finding:
    orphans = len(storage.leaving.orphans())
    if orphans:
        return Finding("readers", "fail", f"{orphans} cases nobody can read; see `recovery export`")
    return Finding("readers", "ok", "every case has somebody who can open it")


def _routes(settings: Settings, storage: Storage) -> Finding:
    try:
        entities = Entities.load(settings.content_dir)
        routes = Routes.load(settings.content_dir, entities, demo=settings.demo)
    except ContentError as error:
        return Finding("routes", "fail", str(error))
    states = storage.route_states(routes)
    try:
        dead_routes.admit(states, routes.path)
    except SettingsError as error:
        return Finding("routes", "fail", str(error))
    dead = sum(state.dead for state in states)
    if dead:
        detail = f"{dead} dead, none of them confirmed; see `speaksafe routes check`"
        return Finding("routes", "warn", detail)
    return Finding("routes", "ok", "every entity has a focal point with a key")


def _engine(settings: Settings) -> Finding:
    if settings.engine_url:
        ready = asyncio.run(_asks(settings.engine_url, settings.engine_token or ""))
        detail = "answers" if ready else "does not answer; check SPEAKSAFE_ENGINE_URL and its token"
        return Finding("engine", "ok" if ready else "fail", detail)
    if not ENGINE_PYTHON.exists():
        return Finding("engine", "fail", "its Python is missing; run `make setup`")
    try:
        trained = is_trained()
    except EngineError as error:
        return Finding("engine", "fail", str(error))
    return Finding(
        "engine", "ok" if trained else "warn", "trained" if trained else "trains at the next start"
    )


async def _asks(url: str, token: str) -> bool:
    engine = Engine(url, token)
    try:
        return await engine.ready()
    finally:
        await engine.close()


def _redis(settings: Settings) -> Finding:
    if settings.redis_url is None:
        return Finding("conversations", "ok", "in the memory of this process")
    if settings.state_key is None:
        return Finding("conversations", "fail", "Redis needs SPEAKSAFE_STATE_KEY; set one")
    try:
        asyncio.run(RedisShelf(settings.redis_url).ping())
    except Exception:  # whatever its client raises, it cannot be reached
        return Finding("conversations", "fail", "Redis does not answer; check SPEAKSAFE_REDIS_URL")
    return Finding("conversations", "ok", "in Redis, sealed")


def _cleaning() -> Finding:
    """Files that carriers bring get a copy without hidden details, if it can be made here."""
    if Cleaner().works:
        return Finding("mat2", "ok", "copies of files are cleaned")
    return Finding("mat2", "warn", "not here: files by carriers have no cleaned copy; install mat2")


def _channels(settings: Settings) -> Iterator[Finding]:
    yield Finding("web", "ok", "on")
    for entry in CHANNELS:
        state, detail = standing(entry, settings)
        yield Finding(entry.name, state, detail)
