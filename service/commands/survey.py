"""``speaksafe survey``: check a questionnaire, and exchange it with a spreadsheet."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from service.commands.output import note
from service.settings import Settings
from survey.instrument import check


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("survey", help="work on a questionnaire").add_subparsers(
        required=True
    )
    checking = group.add_parser("check", help="explain every mistake, with line and remedy")
    checking.add_argument("file", type=Path, metavar="FILE")
    checking.set_defaults(command=_check)


def _check(args: argparse.Namespace, _: Settings) -> int:
    problems = check(args.file)
    for found in problems:
        print(f"{args.file}:{found.line}: {found.problem}; {found.remedy}")
    if not problems:
        note("no problems")
    return 1 if problems else 0
