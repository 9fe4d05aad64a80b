"""``speaksafe keys split``, ``join`` and ``drill``: a key that no one person has."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from service.commands.output import CommandError, note
from vault import keyfiles, paper, shares
from vault.errors import KeyFileError
from vault.keys import PrivateKey

_PRINT = (
    "Print each on a printer without memory or network, give each to its holder, let them run "
    "`speaksafe keys drill` together, and then destroy these files"
)


def add(group: Any) -> None:
    """Put the commands into the parser of ``keys``."""
    splitting = group.add_parser("split", help="split a key among holders, as sheets to print")
    splitting.add_argument("file", type=Path, metavar="FILE")
    add_numbers(splitting, required=True)
    splitting.add_argument("--out", required=True, type=Path, metavar="DIR")
    splitting.set_defaults(command=_split)
    joining = group.add_parser("join", help="put a key together again, into a file")
    drill = group.add_parser("drill", help="do the holders' parts make up the key?")
    for parser in (joining, drill):
        add_share(parser, required=True)
    joining.add_argument("--out", required=True, type=Path, metavar="FILE")
    joining.set_defaults(command=_join)
    drill.add_argument("--pub", type=Path, metavar="FILE.pub", help="the key that is registered")
    drill.set_defaults(command=_drill)


def add_numbers(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """The words that say among how many a key is split."""
    parser.add_argument("--holders", type=int, metavar="N", required=required, help="how many")
    parser.add_argument(
        "--needed", type=int, metavar="K", required=required, help="how many open together"
    )


def add_share(parser: Any, *, required: bool) -> None:
    """The word that names a holder's part."""
    parser.add_argument(
        "--share",
        type=Path,
        action="append",
        metavar="FILE",
        required=required,
        help="a holder's part, as printed or typed again; once for each",
    )


def private_key(args: argparse.Namespace) -> PrivateKey:
    """The key that ``--key`` or some ``--share`` name.

    Raises:
        KeyFileError: it cannot be had.
    """
    if args.key is not None:
        return private_of(args.key)
    return shares.joined(_parts(args.share))


def private_of(path: Path) -> PrivateKey:
    """The private half of a key file, or of what was typed in from a printed key.

    Raises:
        KeyFileError: it is neither, or it is damaged.
    """
    try:
        return keyfiles.read_private(path)
    except KeyFileError:
        text = _text(path)
        if text.lstrip().startswith("{"):
            raise
    return paper.read(text)


def write_parts(private: PrivateKey, role: str, args: argparse.Namespace, folder: Path) -> None:
    """Split a key, and write a sheet for each holder into a folder.

    Raises:
        KeyFileError: the numbers are not possible, or a file is there already.
    """
    if args.holders is None or args.needed is None:
        raise CommandError("--holders and --needed belong together; give both")
    parts = shares.split(private, role, args.holders, args.needed)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CommandError(f"{folder} cannot be made ({error.strerror})") from None
    for part in parts:
        name = f"part-{part.number}-of-{args.holders}.txt"
        keyfiles.write_secret(folder / name, shares.written(part, args.holders))
        print(f"part      {folder / name}")
    note(f"{_PRINT}.")


def _split(args: argparse.Namespace, _: object) -> int:
    found = keyfiles.read(args.file)
    if found.private is None:
        raise KeyFileError(f"{args.file} holds the public half only; give the file without .pub")
    write_parts(found.private, found.role, args, args.out)
    note(f"After the drill, destroy {args.file} and its copies, too: it is the whole key.")
    return 0


def _join(args: argparse.Namespace, _: object) -> int:
    parts = _parts(args.share)
    private = shares.joined(parts)
    keyfiles.write(args.out, parts[0].role, private)
    print(f"key       {private.public().key_id} ({parts[0].role})")
    print(f"private   {args.out}  the whole key: destroy it when you are done")
    return 0


def _drill(args: argparse.Namespace, _: object) -> int:
    parts = _parts(args.share)
    key_id = shares.joined(parts).public().key_id
    if args.pub is not None and keyfiles.read(args.pub).public.key_id != key_id:
        raise CommandError(f"the parts make up another key than {args.pub}")
    who = ", ".join(str(part.number) for part in parts)
    print(f"key {key_id} ({parts[0].role}): parts {who} make it up; {parts[0].needed} are needed")
    return 0


def _parts(paths: list[Path]) -> list[shares.Part]:
    return [shares.read(_text(path), str(path)) for path in paths]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise KeyFileError(f"{path} can't be read ({error.strerror})") from None
    except ValueError:
        raise KeyFileError(f"{path} is no text; give a key file or a holder's part") from None
