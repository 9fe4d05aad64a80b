"""``speaksafe routes``: every entity, who receives its reports, and whether anybody can."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from reports.entities import Entities
from reports.routes import WARNING_DAYS, Routes, describe
from service import dead_routes
from service.commands.output import note, table
from service.settings import Settings
from service.storage import Storage


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("routes", help="check the routes of reports").add_subparsers(
        required=True
    )
    check = group.add_parser("check", help="list every route; exit 1 if any is dead")
    check.set_defaults(command=_check)


def _check(_: argparse.Namespace, settings: Settings) -> int:
    entities = Entities.load(settings.content_dir)
    routes = Routes.load(settings.content_dir, entities, demo=settings.demo)
    storage = Storage.open(settings)
    try:
        states = storage.route_states(routes)
    finally:
        storage.close()
    today = datetime.now(UTC).date()
    head, *rows = describe(states, today)
    table(head, rows)
    dead = sum(state.dead for state in states)
    if dead:
        note(f"{dead} of {len(states)} routes are dead: their office has no focal point with a key")
        for line in dead_routes.lines(states, routes.path):
            note(f"  {line}")
        note("invite one with `speaksafe focal-points invite --name NAME --office OFFICE`")
    expired = sum(state.expired(today) for state in states)
    if expired:
        note(f"{expired} routes have expired: ask the organizations to confirm them")
    soon = sum(state.expires_soon(today) for state in states)
    if soon:
        note(f"{soon} routes expire within {WARNING_DAYS} days: ask the organizations now")
    alone = sum(state.alternates == 0 for state in states)
    if alone:
        note(f"{alone} routes have no alternate that could read: nobody can go around their office")
    return 1 if dead else 0
