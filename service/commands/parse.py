"""``speaksafe parse``: what the live system would decide for a file of sentences.

Each line is heard as the first message of a conversation of its own, by the very dialogue, engine
and actions that serve people; there is no second path that could decide otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.turn import Turn
from service.commands.output import CommandError
from service.local_engine import running
from service.parts import Parts
from service.settings import Settings

#: Sentences in flight at once.
_AT_ONCE = 8


def add(commands: Any) -> None:
    """Put the command into the parser."""
    parse = commands.add_parser("parse", help="show the live decision for JSON lines")
    parse.add_argument("file", metavar="FILE|-", help='lines like {"id": 1, "text": "…"}')
    parse.set_defaults(command=_parse)


def _parse(args: argparse.Namespace, settings: Settings) -> int:
    lines = list(_read(args.file))
    asyncio.run(_decide(lines, settings))
    return 0


def _read(name: str) -> Iterator[dict[str, Any]]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CommandError("the file cannot be read as UTF-8; check its name") from None
    # Only a line feed ends a line: JSON may hold other separators as they are.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            right = isinstance(entry, dict) and isinstance(entry.get("text"), str)
            json.dumps(entry, ensure_ascii=False).encode()
        except ValueError:
            right = False
        if not right or "id" not in entry:
            raise CommandError(f'line {number}: write {{"id": …, "text": "…"}}')
        if not isinstance(entry.get("lang"), str | None):
            raise CommandError(f"line {number}: lang must be a language code")
        yield entry


async def _decide(lines: list[dict[str, Any]], settings: Settings) -> None:
    async with running(settings) as parts:
        for start in range(0, len(lines), _AT_ONCE):
            batch = lines[start : start + _AT_ONCE]
            turns = await asyncio.gather(
                *(_hear(parts, start + i, entry) for i, entry in enumerate(batch))
            )
            for entry, turn in zip(batch, turns, strict=True):
                print(json.dumps(_shown(entry, turn), ensure_ascii=False), flush=True)


async def _hear(parts: Parts, number: int, entry: dict[str, Any]) -> Turn:
    id = parts.conversations.pseudonym("parse", str(number))
    await parts.dialogue.begin(id, "web", entry.get("lang"))
    turn = await parts.dialogue.hear(id, text=entry["text"])
    if turn is None:
        raise CommandError("a conversation was lost; try again")
    await parts.conversations.forget(id)
    return turn


def _shown(entry: dict[str, Any], turn: Turn) -> dict[str, Any]:
    return {
        "id": entry["id"],
        "lang": turn.lang,
        "intent": turn.intent,
        "confidence": round(turn.confidence, 4),
        "answer": turn.messages[0].text if turn.messages else None,
        "gate": turn.gate,
    }
