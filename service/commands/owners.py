"""``speaksafe owners``: invite the owner of an office, who sees its trail and nothing of a case."""

from __future__ import annotations

import argparse
from typing import Any

from reports.entities import Entities
from reports.routes import Routes
from service.caretaker import today
from service.commands.output import CommandError
from service.settings import Settings
from service.storage import Storage
from vault.stores.owners import owner_of


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("owners", help="who may see an office's trail").add_subparsers(
        required=True
    )
    invite = group.add_parser("invite", help="make an account; prints a set-up code, once")
    invite.add_argument("--name", required=True, help="what she signs in with")
    invite.add_argument(
        "--office",
        required=True,
        action="append",
        help="an office of routes.yml; may be given several times",
    )
    invite.set_defaults(command=_invite)


def _invite(args: argparse.Namespace, settings: Settings) -> int:
    entities = Entities.load(settings.content_dir)
    routes = Routes.load(settings.content_dir, entities, demo=settings.demo)
    if any(routes.office(office) is None for office in args.office):
        raise CommandError("--office is not in routes.yml; see `speaksafe routes check`")
    storage = Storage.open(settings)
    try:
        owner(storage, settings, args.name, args.office)
    finally:
        storage.close()
    return 0


def owner(storage: Storage, settings: Settings, name: str, offices: list[str]) -> None:
    """Invite her, and say what she needs.

    Args:
        storage: where accounts are.
        settings: where the page is.
        name: what she will sign in with.
        offices: whose trail she is to see, in place of what was set before.

    Raises:
        MixedAccount: this name has cases to open.
    """
    owned = [owner_of(office) for office in offices]
    code = storage.accounts.invite(name, owned)
    # Whoever else owns the office sees that there is one more.
    storage.audit.add(today(), "operator", "invite", owned, "")
    print(f"sign-in      {settings.public_url}/owner")
    print(f"name         {name}")
    print(f"set-up code  {code}   (works once; tell her in person, and her name another way)")
