"""What a browser loads when it is to hold and seal what a person tells: one module, one more if
somebody who is to read it has a key of the second suite, and the words of commands and danger that
it looks for itself, a file for each language."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.gate_export import browser_gate
from bot.gate_files import DANGERS
from catalogue import Messages
from service.assets import Asset
from web.bundle import bundle
from web.pages import ASSET_HEADERS

#: Commands of the walks that may be typed where her own words are asked for.
_COMMANDS = ("back", "skip", "pause", "resume", "why", "stop", "again", "done", "anonymous")


def words(content: Path, messages: Messages, lang: str) -> dict[str, Any]:
    """What is looked for in one language, and what is said to somebody in danger.

    Args:
        content: the folder with ``gate``.
        messages: the catalogue.
        lang: one of its languages.
    """
    said = {kind: list(messages.texts(lang, f"gate.crisis.{kind}")) for kind in DANGERS}
    return {
        "gate": browser_gate(content / "gate", lang),
        "words": [
            word for name in _COMMANDS for word in messages.texts(lang, f"report.words.{name}")
        ],
        "comfort": {
            "order": DANGERS,
            "texts": said,
            "again": messages.text(lang, "gate.crisis.again"),
        },
    }


def second_suite(web: Path, path: str) -> APIRouter:
    """X-Wing's module with its library in it, which is loaded only where such a key is met.

    Args:
        web: the folder with ``shared``.
        path: where it is served: beside the module that asks for it.
    """
    router = APIRouter(include_in_schema=False)
    module = Asset(bundle(web / "shared" / "xwing.js"), "text/javascript", ASSET_HEADERS)

    @router.get(path)
    async def x_wing(request: Request) -> Response:
        return module.answer(request)

    return router


def routes(web: Path, content: Path, messages: Messages) -> APIRouter:
    """The module and the words.

    Args:
        web: the folder with ``held``.
        content: the folder with ``gate``.
        messages: the catalogue.
    """
    router = APIRouter(include_in_schema=False)
    router.include_router(second_suite(web, "/chat/xwing.js"))
    module = Asset(bundle(web / "held" / "held.js"), "text/javascript", ASSET_HEADERS)

    # A third of a second of work each, so it is done when it is first asked for.
    @cache
    def file(lang: str) -> Asset:
        found = words(content, messages, lang)
        written = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        return Asset(written, "application/json", ASSET_HEADERS)

    @router.get("/chat/held.js")
    async def held(request: Request) -> Response:
        return module.answer(request)

    @router.get("/chat/words/{lang}.json")
    async def of_language(request: Request, lang: str) -> Response:
        if lang not in messages.languages:
            raise HTTPException(404)
        return (await asyncio.to_thread(file, lang)).answer(request)

    return router
