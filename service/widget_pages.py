"""The chat's own page, the script for other pages, and what both fetch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import FileResponse, Response

from bot.opening import opening
from bot.words import Words
from catalogue import Message, Messages
from service.assets import Asset
from service.turns import CHANNEL
from web import pages

#: The first words of a chat, by language.
Openings = Mapping[str, Sequence[Message]]

_JS, _CSS, _JSON = "text/javascript", "text/css", "application/json"


def openings(messages: Messages, words: Words) -> Openings:
    """What the engine will say first, word for word, without asking it.

    Args:
        messages: the catalogue.
        words: the gate's, for the safe word.
    """
    return {lang: opening(messages, words, lang, CHANNEL) for lang in messages.languages}


def files(web: Path, messages: Messages, first: Openings | None) -> Iterator[tuple[str, str, str]]:
    """What the chat's page and the widget are made of: address, text and media type.

    Args:
        web: the folder with the widget.
        messages: the catalogue.
        first: the first words; none where a chat begins in another way.
    """
    strings = pages.widget_strings(messages)
    yield "/widget.js", pages.widget_script(web, pages.words_of(strings, "en", first)), _JS
    yield "/page.js", pages.page_script(web), _JS
    for name in ("page.css", "widget.css"):
        yield f"/{name}", (web / name).read_text(encoding="utf-8"), _CSS
    for lang in strings:
        words = pages.compact(pages.words_of(strings, lang, first))
        yield f"/chat/strings/{lang}.json", words, _JSON


def routes(web: Path, messages: Messages, first: Openings | None, demo: bool) -> APIRouter:
    """The page in every language, and its files.

    Args:
        web: the folder with the widget.
        messages: the catalogue.
        first: as `files` takes them.
        demo: the page says at the top that nothing reaches a real office.
    """
    router = APIRouter(include_in_schema=False)
    strings = pages.widget_strings(messages)
    headers = {**pages.PAGE_HEADERS, "Vary": "Accept-Language, Accept-Encoding"}
    made = {
        lang: Asset(pages.page(web, strings, lang, demo, first), "text/html", headers)
        for lang in strings
    }

    @router.get("/")
    async def page(
        request: Request,
        lang: str | None = None,
        accept_language: Annotated[str, Header(max_length=500)] = "",
    ) -> Response:
        best = pages.preferred_language(accept_language, messages.languages)
        return made[lang if lang in made else best].answer(request)

    for path, text, media_type in files(web, messages, first):
        _serve(router, path, Asset(text, media_type, pages.ASSET_HEADERS))
    router.include_router(icon(web))
    return router


def icon(web: Path) -> APIRouter:
    """The icon that all pages share."""
    router = APIRouter(include_in_schema=False)

    @router.get("/favicon.svg")
    async def favicon() -> Response:
        path = web / "favicon.svg"
        return FileResponse(path, media_type="image/svg+xml", headers=pages.ASSET_HEADERS)

    return router


def _serve(router: APIRouter, path: str, file: Asset) -> None:
    async def asset(request: Request) -> Response:
        return file.answer(request)

    router.get(path)(asset)
