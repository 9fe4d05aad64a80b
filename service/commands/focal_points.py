"""``speaksafe focal-points``: invite a person; her key is made in her own browser."""

from __future__ import annotations

import argparse
from typing import Any

from catalogue.messages import BASE, LANGUAGES
from reports.entities import Entities
from reports.routes import Routes
from service.caretaker import today
from service.commands.output import CommandError, note, table
from service.settings import Settings
from service.storage import Storage
from vault.names import plain_name
from vault.stores.addresses import Address


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("focal-points", help="invite focal points").add_subparsers(
        required=True
    )
    invite = group.add_parser("invite", help="make an account; prints a set-up code, once")
    invite.add_argument("--name", required=True, help="what she signs in with")
    invite.add_argument(
        "--office",
        required=True,
        action="append",
        help="an office of routes.yml, or task-force; may be given several times",
    )
    _address_options(invite)
    invite.set_defaults(command=_invite)
    remove = group.add_parser("remove", help="take an account back")
    remove.add_argument("--name", required=True, help="what she signs in with")
    remove.set_defaults(command=_remove)
    listing = group.add_parser("list", help="everybody with an account")
    listing.set_defaults(command=_list)
    address = group.add_parser("address", help="where somebody gets notices")
    address.add_argument("--name", required=True, help="what she signs in with")
    _address_options(address)
    address.set_defaults(command=_address)

    second = group.add_parser("second-factor", help="codes of a phone at the sign-in")
    actions = second.add_subparsers(required=True)
    reset = actions.add_parser("reset", help="her phone is lost, and no recovery code is left")
    reset.add_argument("name", help="what she signs in with")
    reset.set_defaults(command=_reset_second_factor)


def _address_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--email", help="for notices that say only that something is new")
    parser.add_argument("--lang", choices=LANGUAGES, default=BASE, help="of the notices")


def _invite(args: argparse.Namespace, settings: Settings) -> int:
    entities = Entities.load(settings.content_dir)
    routes = Routes.load(settings.content_dir, entities, demo=settings.demo)
    for office in args.office:
        if office != "task-force" and routes.office(office) is None:
            raise CommandError("--office is not in routes.yml; see `speaksafe routes check`")
    storage = Storage.open(settings)
    try:
        code = storage.accounts.invite(args.name, args.office)
        storage.audit.add(today(), "operator", "invite", args.office, "")
        if args.email:
            _put_address(storage, args)
    finally:
        storage.close()
    print(f"sign-in      {settings.public_url}/inbox")
    print(f"name         {args.name}")
    print(f"set-up code  {code}   (works once; tell her in person, and her name another way)")
    return 0


def _address(args: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        _put_address(storage, args)
    finally:
        storage.close()
    print("notices go there from now on" if args.email else "no notices from now on")
    return 0


def _put_address(storage: Storage, args: argparse.Namespace) -> None:
    address = Address(args.email, args.lang) if args.email else None
    try:
        storage.addresses.put(args.name, address)
    except ValueError as error:
        raise CommandError(f"--email: {error}") from None


def _remove(args: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        offices = {one.name: one.offices for one in storage.accounts.people()}
        passed = storage.leaving.remove(args.name, today())
        theirs = offices.get(plain_name(args.name), ())
        storage.audit.add(today(), "operator", "remove-account", theirs, "")
    finally:
        storage.close()
    print("removed: signed out, and nothing here is sealed to this account any more")
    if passed["alternate"]:
        note(f"{passed['alternate']} cases had no other reader and went to the alternate office")
    if passed["recovery"]:
        note(f"{passed['recovery']} cases nobody can read: see `speaksafe recovery export`")
    return 0


def _reset_second_factor(args: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        was_on, name = storage.factors.reset(args.name)
        if was_on:
            person = next(one for one in storage.accounts.people() if one.name == name)
            storage.audit.add(today(), "operator", "second-factor-reset", person.offices, "")
    finally:
        storage.close()
    print("reset: passphrase alone signs in now" if was_on else "there was none: nothing changed")
    if was_on:
        note("make sure that it was she who asked; the owner of her office sees it in the trail")
    return 0


def _list(_: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        people = storage.accounts.people()
    finally:
        storage.close()
    rows = [
        (
            one.name,
            " ".join(one.offices),
            "yes" if one.key else "not yet",
            "yes" if one.told else "no",
        )
        for one in people
    ]
    table(("name", "offices", "key", "notices"), rows)
    return 0
