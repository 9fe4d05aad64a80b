"""``speaksafe notices``: what waits for focal points to be told, and the worker that tells them."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from typing import Any

from catalogue import Messages
from reports.entities import Entities
from reports.routes import Routes
from service.caretaker import caretaker, today
from service.commands.output import note, table
from service.settings import Settings
from service.storage import Storage
from service.tellers import tellers

_MEANING = {
    "waiting": "still to be sent",
    "sent": "taken over by the mail server or the carrier",
    "doubt": "broken off in the last moment; repeated the next day if still unread",
    "refused": "refused for good; check the address, or let her link her chat again",
    "unaddressed": "its focal point has no address; see `speaksafe focal-points address`",
    "spared": "read before it was sent",
}


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("notices", help="notices to focal points").add_subparsers(
        required=True
    )
    status = group.add_parser("status", help="how many notices are in which state")
    status.set_defaults(command=_status)
    run = group.add_parser("run", help="send them; the running service does this by itself")
    run.add_argument("--once", action="store_true", help="what is due now, then end")
    run.set_defaults(command=_run)


def _status(_: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        counts, since = storage.outbox.counts(), storage.outbox.waiting_since()
        missing = storage.addresses.missing()
    finally:
        storage.close()
    rows = [(state, str(counts[state]), why) for state, why in _MEANING.items() if counts[state]]  # type: ignore[index]
    table(("state", "notices", "meaning"), rows)
    if since is not None:
        note(f"the oldest waits since {since.isoformat()}")
    channels = tellers(settings)
    if settings.smtp_url is None:
        ways = f"by {', '.join(channels)} only" if channels else "nothing is sent"
        note(f"SPEAKSAFE_SMTP_URL is not set: {ways}")
    if missing:
        note(f"{missing} focal points have no address: nobody tells them of a report")
    nothing = settings.smtp_url is None and not channels
    return 1 if nothing or missing else 0


def _run(args: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        routes = Routes.load(
            settings.content_dir, Entities.load(settings.content_dir), demo=settings.demo
        )
        keeping = storage.keeping(routes, settings)
        worker = caretaker(settings, storage, keeping, Messages.load(settings.content_dir))
        if args.once:
            print(f"sent {worker.work(today())}")
        else:
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(worker.keep_working())
    finally:
        storage.close()
    return 0
