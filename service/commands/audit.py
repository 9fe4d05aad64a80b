"""``speaksafe audit``: who read what, on which day, and whether the trail is whole."""

from __future__ import annotations

import argparse
from typing import Any

from service.commands.output import note, table
from service.settings import Settings
from service.storage import Storage


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("audit", help="who read which case, and when").add_subparsers(
        required=True
    )
    show = group.add_parser("show", help="the trail, for an office's owner")
    show.add_argument("--office", help="only cases of this office")
    show.set_defaults(command=_show)
    verify = group.add_parser("verify", help="exit 1 if anything was changed or dropped")
    verify.add_argument("--noted", metavar="LINK", help="a newest link that was noted earlier")
    verify.set_defaults(command=_verify)


def _show(args: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        entries = storage.audit.entries(args.office)
        deleted = storage.keeping_deleted()
    finally:
        storage.close()
    rows = [
        (one.on.isoformat(), one.who, one.action, one.case_id[:8] or "-", " ".join(one.offices))
        for one in entries
    ]
    table(("day", "who", "what", "case", "offices"), rows)
    note(f"cases deleted since the beginning, of all offices: {deleted}")
    return 0


def _verify(args: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        verdict = storage.audit.verify(args.noted)
    finally:
        storage.close()
    print(f"entries      {verdict.entries}")
    print(f"newest link  {verdict.newest}   (note it where the operators cannot change it)")
    if verdict.broken_at is not None:
        note(f"entry {verdict.broken_at} does not fit: something was changed, dropped or put in")
    if verdict.noted_found is False:
        note("the noted link is not in the trail: its end was cut off, or all was written anew")
    if verdict.whole:
        print("whole")
    return 0 if verdict.whole else 1
