"""``speaksafe round``: open, close and list rounds of the survey, and pack up a closed one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from service.commands.output import CommandError, note, table
from service.settings import Settings
from service.storage import Storage
from survey import rounds
from survey.instrument import load_all
from survey.ports import Admission
from survey.tables import LEAST
from vault.writing import write_new


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("round", help="rounds of the survey").add_subparsers(required=True)
    opening = group.add_parser("open", help="open a round; at most one is open")
    opening.add_argument(
        "--instrument", metavar="ID", help="the questionnaire; the only one if not given"
    )
    opening.add_argument(
        "--invited", action="store_true", help="admit only those with an invitation"
    )
    opening.set_defaults(command=_open)
    closing = group.add_parser(
        "close", help="close a round for good; the open one if none is named"
    )
    closing.add_argument("round", nargs="?", metavar="ID")
    closing.add_argument("--round", dest="named", metavar="ID", help="the same")
    closing.set_defaults(command=_close)
    group.add_parser("list", help="every round; no counts").set_defaults(command=_list)
    packing = group.add_parser("bundle", help="write a closed round's sealed answers to a file")
    packing.add_argument("--round", required=True, metavar="ID")
    packing.add_argument("--out", required=True, type=Path, metavar="FILE")
    packing.set_defaults(command=_bundle)


def _open(args: argparse.Namespace, settings: Settings) -> int:
    instruments = load_all(settings.content_dir)
    wanted = args.instrument or (next(iter(instruments)) if len(instruments) == 1 else "")
    found = instruments.get(wanted)
    if found is None:
        raise CommandError(f"--instrument must be one of: {', '.join(sorted(instruments))}")
    storage = Storage.open(settings)
    try:
        admission: Admission = "invited" if args.invited else "open"
        opened = rounds.open_round(storage.rounds, storage.keys, found, admission)
        storage.drop_box.prepare(opened.round_id)
    finally:
        storage.close()
    print(opened.round_id)
    return 0


def _close(args: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        current = storage.rounds.current()
        wanted = args.round or args.named or (current.round_id if current else None)
        if wanted is None:
            raise CommandError("no round is open")
        print(rounds.close_round(storage.rounds, wanted).round_id)
        if storage.drop_box.few(wanted, LEAST) is not None:
            note(f"fewer than {LEAST} answered: they are counted with the next round")
    finally:
        storage.close()
    return 0


def _list(_: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        table(rounds.COLUMNS, rounds.list_rounds(storage.rounds))
    finally:
        storage.close()
    return 0


def _bundle(args: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        lines = storage.bundle_lines(args.round)
    finally:
        storage.close()
    try:
        write_new(args.out, lines)
    except OSError:
        raise CommandError(
            "--out cannot be written; name a new file in a folder of yours"
        ) from None
    print(args.out)
    return 0
