"""``speaksafe actions``: the action server alone, for ``rasa shell`` and other tools of Rasa's.

It serves a store of its own that goes away again. It is for developers: it asks for no token.
"""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from service.commands.output import note
from service.local_engine import serving
from service.settings import Settings

#: Where endpoints.yml looks for it, as in every Rasa project.
PORT = 5055


def add(commands: Any) -> None:
    """Put the command into the parser."""
    actions = commands.add_parser("actions", help="the action server alone, for `rasa shell`")
    actions.add_argument("--port", type=int, default=PORT)
    actions.set_defaults(command=_actions)


def _actions(args: argparse.Namespace, settings: Settings) -> int:
    asyncio.run(_serve(args.port, settings))
    return 0


async def _serve(port: int, settings: Settings) -> None:
    async with serving(settings, port):
        note(f"The actions are served on port {port}. Ctrl-C ends it.")
        await asyncio.Event().wait()
