"""The command line ``speaksafe``: everything an operator or the Task Force does by hand."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from catalogue import ContentError
from service import cores, logs
from service.commands.output import CommandError
from service.engine_process import EngineError
from service.settings import Settings, SettingsError
from vault.errors import VaultError

Command = Callable[[argparse.Namespace, Settings], int]

#: Errors whose text is written for the person at the keyboard and holds no value.
_EXPECTED = (CommandError, ContentError, EngineError, SettingsError, VaultError)

#: What needs no module.
_BUILT_IN = {"run", "train"}

#: The other words after ``speaksafe`` and the module of ``service.commands`` that adds each. All of
#: them together take seconds to import, so only the module of the word that was typed is.
_MODULES = {
    "parse": "parse",
    "keys": "keys",
    "recovery": "recovery",
    "focal-points": "focal_points",
    "owners": "owners",
    "notices": "notices",
    "audit": "audit",
    "bundles": "bundles",
    "entities": "entities",
    "routes": "routes",
    "survey": "survey",
    "round": "rounds",
    "invitations": "invitations",
    "release": "release",
    "certificate": "release",
    "redact": "redact",
    "doctor": "doctor",
    "channels": "channels",
    "actions": "actions",
    "translations": "translations",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the words after ``speaksafe``; those of the process if not given.

    Returns:
        the exit code: 0 done, 1 not as it should be, 2 asked in a wrong way.
    """
    logs.configure()
    cores.forbid()
    words = sys.argv[1:] if argv is None else argv
    args = _parser(words[:1]).parse_args(words)
    try:
        settings = Settings.read(os.environ)
        command: Command = args.command
        return command(args, settings)
    except _EXPECTED as error:
        print(f"speaksafe: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    known = [_MODULES[word] for word in words if word in _MODULES]
    parser = argparse.ArgumentParser(prog="speaksafe", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    run = commands.add_parser("run", help="start everything")
    run.add_argument(
        "--onboarding",
        action="store_true",
        help="only the pages of focal points and Task Force, so that they can make their keys",
    )
    run.set_defaults(command=_run)
    train = commands.add_parser("train", help="train the assistant, unless it is trained already")
    train.set_defaults(command=_train)
    for module in dict.fromkeys(known or ([] if _BUILT_IN & {*words} else _MODULES.values())):
        import_module(f"service.commands.{module}").add(commands)
    return parser


def _run(args: argparse.Namespace, settings: Settings) -> int:
    import uvloop

    from service.supervisor import run

    uvloop.run(run(settings, onboarding=args.onboarding))
    return 0


def _train(_: argparse.Namespace, __: Settings) -> int:
    from service.engine_process import train
    from service.supervisor import tell

    model = asyncio.run(train(tell))
    tell(f"The assistant is trained: models/{model.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
