"""``speaksafe keys``: make a key, register the public half of one made elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from service.commands import shares
from service.commands.output import CommandError, note
from service.settings import Settings
from service.storage import Storage
from vault import keyfiles, paper
from vault.keys import PrivateKey
from vault.sealing import SUITE_NAMES
from vault.stores.keys import Role


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("keys", help="make and register keys").add_subparsers(required=True)
    new = group.add_parser("new", help="make a key; its private half lies in the file only")
    new.add_argument("--role", required=True, choices=keyfiles.ROLES)
    new.add_argument("--out", required=True, type=Path, metavar="FILE")
    new.add_argument(
        "--suite",
        choices=tuple(SUITE_NAMES),
        help="of which kind; x-wing also withstands quantum computers (default: SPEAKSAFE_SUITE)",
    )
    new.add_argument("--offline", action="store_true", help="do not register the public half here")
    shares.add_numbers(new, required=False)
    new.set_defaults(command=_new)
    register = group.add_parser("add", help="register the public half of a key made elsewhere")
    register.add_argument("file", type=Path, metavar="FILE.pub")
    register.set_defaults(command=_add)
    # A key's name may begin with a hyphen, and is then no option.
    retire = group.add_parser(
        "retire",
        help="seal nothing more to an older recovery key",
        prefix_chars="+",
        add_help=False,
    )
    retire.add_argument("name", metavar="NAME", help="the key's name, as in its file")
    retire.set_defaults(command=_retire)
    on_paper = group.add_parser("print", help="a key file as seven lines for paper")
    on_paper.add_argument("file", type=Path, metavar="FILE")
    on_paper.set_defaults(command=_print)
    shares.add(group)


def _new(args: argparse.Namespace, settings: Settings) -> int:
    args.suite = args.suite or settings.suite
    if args.holders is None and args.needed is None:
        made = keyfiles.new(args.out, args.role, args.suite)
        print(f"key       {made.public.key_id} ({args.role})")
        print(f"private   {args.out}  keep it offline; nobody can make it again")
    else:
        made = _new_parts(args)
    print(f"public    {keyfiles.public_path(args.out)}")
    if args.role == "focal-point":
        note("A focal point's account makes its own key in her browser; see `focal-points invite`.")
    elif not args.offline:
        _register(made, settings)
    return 0


def _new_parts(args: argparse.Namespace) -> keyfiles.KeyFile:
    """A key that never lies whole in a file: only its parts do, until they are printed."""
    if keyfiles.public_path(args.out).exists():
        raise CommandError(f"{keyfiles.public_path(args.out)} exists already; choose another name")
    private = PrivateKey.new(args.suite)
    shares.write_parts(private, args.role, args, args.out.with_name(args.out.name + ".parts"))
    keyfiles.write_public(args.out, args.role, private)
    print(f"key       {private.public().key_id} ({args.role})")
    return keyfiles.KeyFile(args.role, private.public())


def _add(args: argparse.Namespace, settings: Settings) -> int:
    _register(keyfiles.read(args.file), settings)
    return 0


def _retire(args: argparse.Namespace, settings: Settings) -> int:
    storage = Storage.open(settings)
    try:
        if not storage.keys.retire("recovery", args.name):
            raise CommandError("no such recovery key, or the only one: register another first")
    finally:
        storage.close()
    print(f"retired: nothing more is sealed to {args.name}")
    note("Keep it all the same: what was sealed to it until now, it alone opens for recovery.")
    return 0


def _print(args: argparse.Namespace, _: Settings) -> int:
    print(paper.written(keyfiles.read_private(args.file)), end="")
    note("Print it on a printer without memory or network, and keep it as you keep the file.")
    return 0


def _register(key: keyfiles.KeyFile, settings: Settings) -> None:
    if key.role != "task-force" and key.role != "recovery":
        raise CommandError("only keys of the roles task-force and recovery are registered")
    role: Role = "recovery" if key.role == "recovery" else "task-force"
    storage = Storage.open(settings)
    try:
        storage.keys.add(role, key.public)
    finally:
        storage.close()
    what = {
        "task-force": "answers of rounds opened from now on are sealed to it",
        "recovery": "every report from now on is sealed to it too",
    }
    print(f"registered: {what[role]}")
