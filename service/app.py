"""The public door: pages, the web channel, the inbox, and what operators watch."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp

from service import attachments, chat, held, inbox_pages, plain, problems, webhooks
from service.assets import Asset
from service.headers import BodyLimit, Headers
from service.parts import Parts
from service.settings import ROOT
from web import pages

#: Bytes of the largest body that is read; a file comes in parts that fit.
LARGEST_BODY = 512 * 1024

_WEB = ROOT / "web"


def public_app(parts: Parts, demo: bool) -> ASGIApp:
    """The ASGI application of the public door.

    Args:
        parts: everything that runs.
        demo: the pages say at the top that nothing reaches a real office.
    """
    app = FastAPI(
        title="Speaksafe",
        version="1",
        description="The web channel and the inbox. Errors are problem documents (RFC 9457).",
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    app.include_router(chat.routes(parts.turns, parts.conversations, parts.metrics, parts.effort))
    app.include_router(attachments.routes(parts.conversations, parts.storage.attachments, _WEB))
    app.include_router(held.routes(_WEB, parts.settings.content_dir, parts.messages))
    app.include_router(webhooks.routes(parts.carriers))
    app.include_router(inbox_pages.routes(parts, demo))
    without_scripts = plain.PlainPages(
        parts.turns, parts.conversations, parts.metrics, parts.messages, _WEB, demo, parts.effort
    )
    app.include_router(plain.routes(without_scripts, _WEB))
    _pages(app, parts, demo)
    _watching(app, parts)
    return Headers(BodyLimit(app, LARGEST_BODY))


def onboarding_app(parts: Parts) -> ASGIApp:
    """Only the pages of focal points and Task Force; nobody can chat or report yet."""
    app = FastAPI(title="Speaksafe, onboarding", docs_url=None, redoc_url=None, openapi_url=None)
    problems.install(app)
    app.include_router(inbox_pages.routes(parts))
    app.get("/favicon.svg", include_in_schema=False)(_icon)
    app.get("/healthz")(_healthz)
    return Headers(BodyLimit(app, LARGEST_BODY))


def _pages(app: FastAPI, parts: Parts, demo: bool) -> None:
    strings = pages.widget_strings(parts.messages)
    html = {lang: pages.page(_WEB, strings, lang, demo) for lang in strings}
    script = pages.widget_script(_WEB, strings)

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def page(
        lang: str | None = None, accept_language: Annotated[str, Header(max_length=500)] = ""
    ) -> Response:
        best = pages.preferred_language(accept_language, parts.messages.languages)
        chosen = lang if lang in html else best
        return HTMLResponse(html[chosen], headers=pages.PAGE_HEADERS | {"Vary": "Accept-Language"})

    def serve(path: str, body: str, media_type: str) -> None:
        file = Asset(body, media_type, pages.ASSET_HEADERS)

        async def asset(request: Request) -> Response:
            return file.answer(request)

        app.get(path, include_in_schema=False)(asset)

    serve("/widget.js", script, "text/javascript")
    serve("/page.js", (_WEB / "page.js").read_text(encoding="utf-8"), "text/javascript")
    serve("/page.css", (_WEB / "page.css").read_text(encoding="utf-8"), "text/css")
    app.get("/favicon.svg", include_in_schema=False)(_icon)


async def _healthz() -> dict[str, str]:
    """The process is up."""
    return {"status": "up"}


async def _icon() -> Response:
    icon = _WEB / "favicon.svg"
    return FileResponse(icon, media_type="image/svg+xml", headers=pages.ASSET_HEADERS)


def _watching(app: FastAPI, parts: Parts) -> None:
    app.get("/healthz", tags=["operators"])(_healthz)

    @app.get("/readyz", tags=["operators"], responses={503: {"description": "Not ready"}})
    async def readyz() -> JSONResponse:
        """Engine, database and conversation store can be reached."""
        state: dict[str, Any] = {
            "engine": await parts.engine.ready(),
            "database": await _reachable(asyncio.to_thread(parts.storage.database.ping)),
            "conversations": await _reachable(parts.conversations.ping()),
        }
        ready = all(state.values())
        return JSONResponse({"ready": ready, **state}, 200 if ready else 503)

    @app.get("/metrics", tags=["operators"], response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Counts in the text format of Prometheus; nothing personal."""
        return Response(parts.metrics.text(), media_type="text/plain; version=0.0.4")


async def _reachable(check: Any) -> bool:
    try:
        await check
    except Exception:  # every store has an error tree of its own; unreachable is unreachable
        return False
    return True
