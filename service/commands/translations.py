"""``speaksafe translations``: what each language lacks, and what has grown stale."""

from __future__ import annotations

import argparse
from typing import Any

from catalogue.messages import BASE, LANGUAGES
from catalogue.translations import accept, gaps
from service.settings import Settings

_OTHERS = tuple(lang for lang in LANGUAGES if lang != BASE)


def add(commands: Any) -> None:
    """Put the command into the parser."""
    parser = commands.add_parser("translations", help="what a language lacks or has outdated")
    parser.add_argument("--lang", choices=_OTHERS, help="only this language")
    parser.set_defaults(command=_show)
    actions = parser.add_subparsers(metavar="ACTION")
    fits = actions.add_parser("accept", help="keep that translations fit the English of today")
    fits.add_argument("language", choices=_OTHERS)
    fits.add_argument("name", nargs="*", help="of the texts; all if none is named")
    fits.set_defaults(command=_accept)


def _show(args: argparse.Namespace, settings: Settings) -> int:
    open_ends = 0
    for lang in [args.lang] if args.lang else _OTHERS:
        found = gaps(settings.content_dir, lang)
        print(f"{lang}: {len(found.missing)} missing, {len(found.stale)} stale")
        for name in found.missing:
            print(f"  missing  {name}")
        for name in found.stale:
            print(f"  stale    {name}")
        open_ends += len(found.missing) + len(found.stale)
    return 1 if open_ends else 0


def _accept(args: argparse.Namespace, settings: Settings) -> int:
    done = accept(settings.content_dir, args.language, args.name or None)
    print(f"{args.language}: {done} texts accepted as they are")
    return 0
