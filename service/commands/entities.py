"""``speaksafe entities``: bring an organization in, one command until all is done."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from catalogue.messages import BASE, LANGUAGES
from reports.entities import Entities
from reports.routes import Route, Routes
from service.caretaker import today
from service.commands.output import CommandError, note, table
from service.commands.owners import owner
from service.onboarding import Onboarder
from service.settings import Settings
from service.storage import Storage
from vault.names import plain_name
from vault.stores.addresses import Address
from vault.stores.owners import owned


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("entities", help="bring organizations in").add_subparsers(
        required=True
    )
    onboard = group.add_parser(
        "onboard", help="invite, keys, test report, live; repeat it until all is done"
    )
    onboard.add_argument("name", help="an organization's code or name, such as WFP")
    onboard.add_argument(
        "--focal-point",
        action="append",
        default=[],
        metavar="NAME[=EMAIL]",
        help="somebody to invite for its office; may be given several times",
    )
    onboard.add_argument("--owner", metavar="NAME", help="who is to see its office's trail")
    onboard.add_argument(
        "--lang", choices=LANGUAGES, default=BASE, help="of the notices to those invited"
    )
    onboard.set_defaults(command=_onboard)


def _onboard(args: argparse.Namespace, settings: Settings) -> int:
    entities = Entities.load(settings.content_dir)
    routes = Routes.load(settings.content_dir, entities, demo=settings.demo)
    entity = entities.get(args.name) or entities.find(args.name).exact
    if entity is None:
        raise CommandError("no organization has exactly this name; use a code of entities.yml")
    route = routes.route(entity.code)
    storage = Storage.open(settings)
    try:
        print(f"organization  {entity.full(BASE)}")
        print(f"office        {route.office.id}: {route.office.name(BASE)}")
        print(f"alternate     {route.alternate.id if route.alternate else 'none'}")
        for person in args.focal_point:
            _invite(storage, settings, route, person, args.lang)
        if args.owner:
            owner(storage, settings, args.owner, _owned(storage, args.owner, route.office.id))
        keeping = storage.keeping(routes, settings)
        cases = storage.cases_with(keeping)
        steps = asyncio.run(Onboarder(storage, cases, keeping, today).go_on(route))
    finally:
        storage.close()
    print()
    rows = [
        (one.name, "done" if one.done else "open", "" if one.done else one.next) for one in steps
    ]
    table(("step", "state", "next"), rows)
    left = sum(not one.done for one in steps)
    note(
        "all done: it is live" if not left else f"{left} steps are open; run this again after each"
    )
    return 1 if left else 0


def _owned(storage: Storage, name: str, office: str) -> list[str]:
    """One office more, besides what she owns: an invitation replaces what was set before."""
    plain = plain_name(name)
    earlier = [owned(one.offices) for one in storage.accounts.people() if one.name == plain]
    return list(dict.fromkeys([*sum(earlier, ()), office]))


def _invite(storage: Storage, settings: Settings, route: Route, person: str, lang: str) -> None:
    name, _, mailbox = person.partition("=")
    known = {one.name: one for one in storage.accounts.people()}
    earlier = known.get(plain_name(name))
    offices = list(dict.fromkeys([*(earlier.offices if earlier else ()), route.office.id]))
    code = storage.accounts.invite(name, offices)
    storage.audit.add(today(), "operator", "invite", [route.office.id], "")
    if mailbox:
        try:
            storage.addresses.put(name, Address(mailbox, lang))
        except ValueError as error:
            raise CommandError(f"--focal-point: {error}") from None
    if earlier:
        note(
            f"{earlier.name} had an account already, which reads for {' '.join(offices)} now;"
            " if this is somebody else, choose another name for her and give this one its"
            " offices back with `speaksafe focal-points invite`"
        )
    print(f"invited       {name}, set-up code {code} (works once), at {settings.public_url}/inbox")
