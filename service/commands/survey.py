"""``speaksafe survey``: check a questionnaire, and exchange it with a spreadsheet."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from catalogue import Messages
from service.commands.output import CommandError, note
from service.settings import Settings
from survey.from_xlsform import from_xlsform
from survey.instrument import check, load
from survey.sheets import XlsFormError
from survey.xlsform import to_xlsform


def add(commands: Any) -> None:
    """Put the command into the parser."""
    group = commands.add_parser("survey", help="work on a questionnaire").add_subparsers(
        required=True
    )
    checking = group.add_parser("check", help="explain every mistake, with line and remedy")
    checking.add_argument("file", type=Path, metavar="FILE")
    checking.set_defaults(command=_check)
    reading = group.add_parser("from-xlsform", help="read an XLSForm workbook as a questionnaire")
    reading.add_argument("file", type=Path, metavar="FILE")
    reading.add_argument("--out", type=Path, metavar="FILE", help="FILE.yml if not given")
    reading.set_defaults(command=_from_xlsform)
    writing = group.add_parser("to-xlsform", help="write a questionnaire as an XLSForm workbook")
    writing.add_argument("file", type=Path, metavar="FILE")
    writing.add_argument("--out", type=Path, metavar="FILE", help="FILE.xlsx if not given")
    writing.set_defaults(command=_to_xlsform)
    showing = group.add_parser("preview", help="try a questionnaire in the widget; keeps nothing")
    showing.add_argument("file", type=Path, metavar="FILE")
    showing.set_defaults(command=_preview)


def _check(args: argparse.Namespace, _: Settings) -> int:
    problems = check(args.file)
    for found in problems:
        print(f"{args.file}:{found.line}: {found.problem}; {found.remedy}")
    if not problems:
        note("no problems")
    return 1 if problems else 0


def _preview(args: argparse.Namespace, settings: Settings) -> int:
    import uvicorn

    from service.preview import preview_app

    app = preview_app(load(args.file), Messages.load(settings.content_dir))
    print(f"http://{settings.host}:{settings.port}/", flush=True)
    note("nothing is stored or sent; Ctrl-C ends it, and shows changes when it is started again")
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False)
    return 0


def _from_xlsform(args: argparse.Namespace, _: Settings) -> int:
    out = _new_file(args.out or args.file.with_suffix(".yml"))
    try:
        text, losses = from_xlsform(args.file)
    except XlsFormError as error:
        raise CommandError(str(error)) from None
    out.write_text(text, encoding="utf-8")
    print(out)
    for line in losses:
        note(f"not taken over: {line}")
    problems = len(check(out))
    if problems:
        note(f"{problems} problems to mend; see `speaksafe survey check {out}`")
    return 0


def _to_xlsform(args: argparse.Namespace, _: Settings) -> int:
    out = _new_file(args.out or args.file.with_suffix(".xlsx"))
    losses = to_xlsform(args.file, out)
    print(out)
    for line in losses:
        note(f"other tools: {line}")
    return 0


def _new_file(path: Path) -> Path:
    if path.exists():
        raise CommandError(f"{path} exists already; name another with --out")
    return path
