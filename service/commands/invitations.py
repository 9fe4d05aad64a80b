"""``speaksafe invitations``: tokens for the survey, printed once and kept by nobody."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from catalogue import Messages
from service.commands.output import CommandError, note
from service.settings import Settings
from service.storage import Storage
from vault.writing import write_open

#: More at once than any entity closes cases in a year.
MOST = 100_000


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("invitations", help="make invitations").add_subparsers(
        required=True
    )
    new = group.add_parser("new", help="print N new tokens, once; only a keyed hash is kept")
    new.add_argument("--count", required=True, type=int, metavar="N")
    new.add_argument(
        "--cards", type=Path, metavar="FILE.pdf", help="cards to print, not printed here"
    )
    new.add_argument("--sheet", type=Path, metavar="FILE.xlsx", help="a spreadsheet of the tokens")
    new.set_defaults(command=_new)


def _new(args: argparse.Namespace, settings: Settings) -> int:
    if not 1 <= args.count <= MOST:
        raise CommandError(f"--count must be from 1 to {MOST}")
    from service.cards import cards_pdf, sheet_xlsx  # fonts and shaping take time to load

    # The files are made first: once there are codes, nobody can get them again.
    cards, sheet = _new_file(args.cards), _new_file(args.sheet)
    storage = Storage.open(settings)
    try:
        tokens = storage.invitations.new(args.count)
    finally:
        storage.close()
    if cards is None and sheet is None:
        print("\n".join(tokens))
    if cards is not None:
        messages = Messages.load(settings.content_dir)
        _write(cards, args.cards, cards_pdf(tokens, settings.public_url, messages))
    if sheet is not None:
        _write(sheet, args.sheet, sheet_xlsx(tokens, settings.public_url))
    return 0


def _new_file(path: Path | None) -> int | None:
    """Make a file that only its owner can read: it is to hold codes."""
    if path is None:
        return None
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        raise CommandError(
            "name a new file in a folder of yours, for --cards and --sheet"
        ) from None


def _write(handle: int, path: Path, content: bytes) -> None:
    write_open(handle, content)
    print(path)
    note("delete it when the codes are handed out, and keep no list of who got which")
