"""The public door: pages, the web channel, the inbox, and what operators watch."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp

from service import (
    attachments,
    chat,
    held,
    inbox_pages,
    plain,
    problems,
    webhooks,
    widget_pages,
)
from service.headers import BodyLimit, Headers
from service.parts import Parts
from service.settings import ROOT

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
    first = widget_pages.openings(parts.messages, parts.words)
    app.include_router(widget_pages.routes(_WEB, parts.messages, first, demo))
    _watching(app, parts)
    return Headers(BodyLimit(app, LARGEST_BODY))


def onboarding_app(parts: Parts) -> ASGIApp:
    """Only the pages of focal points and Task Force; nobody can chat or report yet."""
    app = FastAPI(title="Speaksafe, onboarding", docs_url=None, redoc_url=None, openapi_url=None)
    problems.install(app)
    app.include_router(inbox_pages.routes(parts))
    app.include_router(widget_pages.icon(_WEB))
    app.get("/healthz")(_healthz)
    return Headers(BodyLimit(app, LARGEST_BODY))


async def _healthz() -> dict[str, str]:
    """The process is up."""
    return {"status": "up"}


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
