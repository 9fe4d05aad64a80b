"""``speaksafe release``: the anonymised results of a closed round.

It needs the Task Force's key, which the server does not have. So it is meant for the machine of
whoever holds the key, with a bundle; it works on the database as well.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from catalogue import Messages
from catalogue.messages import LANGUAGES
from service.commands.output import CommandError, note
from service.settings import Settings
from service.storage import Storage
from survey.bundle import BundleError, read_bundle
from survey.instrument import load_all
from survey.release import ReleaseError, release
from vault import keyfiles
from vault.errors import NoSuchRound
from vault.stores.rounds import Round


def add(commands: Any) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("release", help="the anonymised results of a closed round")
    parser.add_argument("--round", metavar="ID", help="the round; not needed with --bundle")
    parser.add_argument("--key", required=True, type=Path, metavar="FILE")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    parser.add_argument("--bundle", type=Path, metavar="FILE", help="work offline on this file")
    parser.add_argument("--lang", default="en", choices=LANGUAGES)
    parser.set_defaults(command=_release)


def _release(args: argparse.Namespace, settings: Settings) -> int:
    key = keyfiles.read_private(args.key)
    try:
        round_, envelopes = _sealed(args, settings)
        if args.round and round_.round_id != args.round:
            raise CommandError("--round is another round than the bundle's; leave it out")
        instrument = load_all(settings.content_dir).get(round_.instrument)
        if instrument is None:
            raise CommandError(f"content has no {round_.instrument}; put its file back")
        messages = Messages.load(settings.content_dir)
        done = release(envelopes, instrument, round_, key, args.out, args.lang, messages)
    except (BundleError, ReleaseError) as error:
        raise CommandError(str(error)) from None
    print(done.folder)
    note(f"about {done.answers} answers; {done.shown} tables shown, {done.hidden} hidden")
    if done.unreadable:
        note(f"{done.unreadable} answers could not be read; see audit.json")
    return 0


def _sealed(args: argparse.Namespace, settings: Settings) -> tuple[Round, Iterable[bytes]]:
    if args.bundle:
        return read_bundle(args.bundle)
    if not args.round:
        raise CommandError("--round or --bundle is needed; see `speaksafe round list`")
    storage = Storage.open(settings)
    try:
        round_ = storage.rounds.get(args.round)
        if round_.state == "open":
            raise CommandError("the round is open; close it with `speaksafe round close`")
        return round_, storage.drop_box.take_all(args.round)
    except NoSuchRound:
        raise CommandError("there is no such round; see `speaksafe round list`") from None
    finally:
        storage.close()
