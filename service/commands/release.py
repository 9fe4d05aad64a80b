"""``speaksafe release``: the anonymised results of a closed round.

It needs the Task Force's key, which the server does not have. So it is meant for the machine of
whoever holds the key, with a bundle; it works on the database as well.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from catalogue import Messages
from catalogue.messages import LANGUAGES
from service.commands.output import CommandError, note
from service.commands.progress import Bar
from service.commands.shares import add_share, private_key
from service.settings import Settings
from service.storage import Storage
from survey.bundle import BundleError, read_bundle
from survey.instrument import load_all
from survey.release import Desk, ReleaseError, Sealed, release
from survey.rounds import carried
from survey.tables import LEAST
from survey.verifying import problems
from vault.errors import NoSuchRound
from vault.release_log import FILE_NAME, ReleaseLog


def add(commands: Any) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("release", help="the anonymised results of a closed round")
    add_source(parser)
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    parser.add_argument("--lang", default="en", choices=LANGUAGES)
    parser.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help=f"what was released before; {FILE_NAME} in the data folder if not given",
    )
    parser.set_defaults(command=_release)
    checking = commands.add_parser("certificate", help="check a release again: files, audit, log")
    checking.add_argument("folder", type=Path, metavar="DIR")
    checking.add_argument("--log", type=Path, metavar="FILE", help="the log it should stand in")
    checking.set_defaults(command=_check)


def add_source(parser: argparse.ArgumentParser) -> None:
    """The words that say where sealed answers come from, and what opens them."""
    parser.add_argument("--round", metavar="ID", help="the round; not needed with --bundle")
    opening = parser.add_mutually_exclusive_group(required=True)
    opening.add_argument(
        "--key", type=Path, metavar="FILE", help="the Task Force's: its file, or typed from paper"
    )
    add_share(opening, required=False)
    parser.add_argument(
        "--bundle",
        type=Path,
        action="append",
        metavar="FILE",
        help="work offline on this file; again for bundles of earlier rounds with few answers",
    )


def _release(args: argparse.Namespace, settings: Settings) -> int:
    key = private_key(args)
    try:
        sealed, earlier = sealed_rounds(args, settings)
        instrument = load_all(settings.content_dir).get(sealed.round_.instrument)
        if instrument is None:
            raise CommandError(f"content has no {sealed.round_.instrument}; put its file back")
        messages = Messages.load(settings.content_dir)
        with Bar(len(sealed.answers), "answers opened") as bar:  # type: ignore[arg-type]
            desk = Desk(instrument, key, args.lang, messages, _log(args, settings), bar)
            done = release(sealed, desk, args.out, earlier)
    except (BundleError, ReleaseError) as error:
        raise CommandError(str(error)) from None
    print(done.folder)
    note(f"about {done.answers} answers; {done.shown} tables shown, {done.hidden} hidden")
    if len(done.rounds) > 1:
        note(f"counted together: {', '.join(done.rounds)}")
    if done.unreadable:
        note(f"{done.unreadable} answers could not be read; see audit.json")
    return 0


def _check(args: argparse.Namespace, _: Settings) -> int:
    found = problems(args.folder, ReleaseLog(args.log) if args.log else None)
    for problem in found:
        print(problem)
    if not found:
        note("whole, signed, and the audit finds the same again")
    return 1 if found else 0


def _log(args: argparse.Namespace, settings: Settings) -> ReleaseLog:
    if args.log is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ReleaseLog(args.log or settings.data_dir / FILE_NAME)


def sealed_rounds(args: argparse.Namespace, settings: Settings) -> tuple[Sealed, list[Sealed]]:
    """The closed round that is meant, and those that may have to be counted with it.

    Raises:
        BundleError, CommandError: it cannot be had.
    """
    if not args.bundle:
        return _stored(args, settings)
    read = [read_bundle(path) for path in args.bundle]
    found = {round_.round_id: Sealed(round_, answers) for one in read for round_, answers in one}
    newest = max((one[0][0] for one in read), key=lambda round_: round_.number)
    wanted = args.round or newest.round_id
    if wanted != newest.round_id:
        raise CommandError("--round is another round than the bundle's; leave it out")
    return found.pop(wanted), list(found.values())


def _stored(args: argparse.Namespace, settings: Settings) -> tuple[Sealed, list[Sealed]]:
    if not args.round:
        raise CommandError("--round or --bundle is needed; see `speaksafe round list`")
    storage = Storage.open(settings)
    try:
        round_ = storage.rounds.get(args.round)
        if round_.state == "open":
            raise CommandError("the round is open; close it with `speaksafe round close`")
        earlier = carried(
            round_, storage.rounds.list(), lambda one: storage.drop_box.few(one, LEAST)
        )
        mine = Sealed(round_, storage.drop_box.take_all(args.round))
        return mine, [Sealed(*one) for one in earlier]
    except NoSuchRound:
        raise CommandError("there is no such round; see `speaksafe round list`") from None
    finally:
        storage.close()
