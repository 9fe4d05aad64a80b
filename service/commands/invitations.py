"""``speaksafe invitations``: tokens for the survey, printed once and kept by nobody."""

from __future__ import annotations

import argparse
from typing import Any

from service.commands.output import CommandError
from service.settings import Settings
from service.storage import Storage

#: More at once than any entity closes cases in a year.
MOST = 100_000


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("invitations", help="make invitations").add_subparsers(
        required=True
    )
    new = group.add_parser("new", help="print N new tokens, once; only a keyed hash is kept")
    new.add_argument("--count", required=True, type=int, metavar="N")
    new.set_defaults(command=_new)


def _new(args: argparse.Namespace, settings: Settings) -> int:
    if not 1 <= args.count <= MOST:
        raise CommandError(f"--count must be from 1 to {MOST}")
    storage = Storage.open(settings)
    try:
        for token in storage.invitations.new(args.count):
            print(token)
    finally:
        storage.close()
    return 0
