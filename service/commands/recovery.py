"""``speaksafe recovery``: what the recovery key is for, and whether it would work.

``export`` and ``import`` run where the database is. ``drill``, ``open`` and ``reseal`` need only
the key and the exported file, on a computer without a network.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from service.caretaker import today
from service.commands.output import CommandError, note
from service.commands.shares import private_of
from service.settings import Settings
from service.storage import Storage
from vault.recovery import (
    opened,
    pass_on,
    read_bundle,
    read_passing,
    write_bundle,
)
from vault.writing import write_new


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("recovery", help="open and pass on cases with the recovery key")
    actions = group.add_subparsers(required=True)
    export = actions.add_parser("export", help="write the sealed cases that nobody can read")
    export.add_argument("--to", required=True, metavar="OFFICE", help="who is to have them")
    export.add_argument("--out", required=True, type=Path, metavar="FILE")
    export.add_argument("--all", action="store_true", help="every case, for a drill")
    export.set_defaults(command=_export)
    drill = actions.add_parser("drill", help="offline: does the key open what it should?")
    reseal = actions.add_parser("reseal", help="offline: pass the cases on to the office")
    reseal.add_argument("--out", required=True, type=Path, metavar="FILE")
    reading = actions.add_parser("open", help="offline: show what is in the cases")
    for parser, command in ((drill, _drill), (reseal, _reseal), (reading, _open)):
        parser.add_argument("--key", required=True, type=Path, help="key file, or typed from paper")
        parser.add_argument("--bundle", required=True, type=Path, metavar="FILE")
        parser.set_defaults(command=command)
    putting = actions.add_parser("import", help="put in what reseal made")
    putting.add_argument("file", type=Path)
    putting.set_defaults(command=_import)


def _export(args: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        bundle = storage.leaving.bundle(args.to, every=args.all)
    finally:
        storage.close()
    _write(args.out, write_bundle(bundle))
    cases = len({one.case_id for one in bundle.envelopes})
    print(f"{cases} cases, {len(bundle.envelopes)} envelopes, all sealed, in {args.out}")
    return 0


def _drill(args: argparse.Namespace, _: Settings) -> int:
    bundle, key = read_bundle(_read(args.bundle)), private_of(args.key)
    found = [content is not None for _, content in opened(bundle, key)]
    print(f"key {key.public().key_id}: opens {sum(found)} of {len(found)} envelopes")
    if not all(found):
        note("What was sealed before the key was registered stays closed to it.")
    return 0 if found and all(found) else 1


def _reseal(args: argparse.Namespace, _: Settings) -> int:
    bundle = read_bundle(_read(args.bundle))
    passing, closed = pass_on(bundle, private_of(args.key), bundle.keys)
    _write(args.out, passing)
    print(f"{len(bundle.envelopes) - closed} envelopes for {bundle.office} in {args.out}")
    if closed:
        note(f"{closed} envelopes are not sealed to this key")
    return 1 if closed else 0


def _open(args: argparse.Namespace, _: Settings) -> int:
    closed = 0
    for one, content in opened(read_bundle(_read(args.bundle)), private_of(args.key)):
        print(f"--- case {one.case_id}, {one.purpose} {one.number}")
        if content is None:
            closed += 1
            print("(not sealed to this key)")
        else:
            print(json.dumps(json.loads(content), ensure_ascii=False, indent=1))
    return 1 if closed else 0


def _import(args: argparse.Namespace, settings: Settings) -> int:
    passing = read_passing(_read(args.file))
    storage = Storage.open(settings)
    try:
        done = storage.leaving.put_in(passing, today())
        # Not of those left out: its owner would see in the trail that there is such a case.
        for case_id in sorted(done):
            storage.audit.add(today(), "operator", "recover", [passing.office], case_id)
    finally:
        storage.close()
    print(f"{len(done)} cases can be read in {passing.office} now")
    if left := len({case_id for case_id, _ in passing.entries} - done):
        note(f"{left} cases are left out: nobody in {passing.office} may read them now")
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read ({error.strerror})") from None


def _write(path: Path, raw: bytes) -> None:
    try:
        write_new(path, raw)
    except OSError as error:
        raise CommandError(f"{path} cannot be written ({error.strerror})") from None
