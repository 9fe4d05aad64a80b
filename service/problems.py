"""Errors that callers see, as ``application/problem+json`` (RFC 9457).

A problem names the field and the remedy. It never repeats a value: what a person wrote must not
come back in an error, nor lie in a log because of one.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An error to be shown to the caller.

    Args:
        status: HTTP status.
        title: what kind of error, always the same words for the same kind.
        detail: what to do about it.
    """

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail


def _answer(status: int, title: str, detail: str) -> JSONResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def _fields(errors: Sequence[object]) -> str:
    names = []
    for error in errors:
        location = error.get("loc", ()) if isinstance(error, dict) else ()
        # Only names that our own description has may be repeated, not keys that were sent.
        known = [str(part) for part in location if part in {"body", "header", "text", "choice"}]
        known += [part for part in location if part in {"lang", "authorization", "Authorization"}]
        names.append(".".join(known) or "body")
    return ", ".join(dict.fromkeys(names))


def install(app: FastAPI) -> None:
    """Make every error of ``app`` a problem document."""

    @app.exception_handler(Problem)
    async def problem(_: Request, error: Problem) -> JSONResponse:
        return _answer(error.status, error.title, error.detail)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        where = _fields(error.errors())
        return _answer(422, "Not as described", f"Send {where} as /openapi.json describes it.")

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        titles = {404: "No such page", 405: "Not this way", 413: "Too large"}
        title = titles.get(error.status_code, "Not possible")
        return _answer(error.status_code, title, "See /openapi.json for what there is.")

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        return _answer(500, "Something went wrong", "Nothing was lost. Please try again.")
