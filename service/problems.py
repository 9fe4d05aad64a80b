"""What is left when no route has answered: unknown pages, wrong methods, mistakes of ours."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from inbox.problems import Problem, document

_TITLES = {404: "No such page", 405: "Not this way", 413: "Too large"}


def install(app: FastAPI) -> None:
    """Make these errors of ``app`` problem documents too.

    Args:
        app: the application; its routes have the route class ``ProblemRoute``.
    """

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> Response:
        title = _TITLES.get(error.status_code, "Not possible")
        advice = "See /openapi.json for what there is."
        answer = document(Problem(error.status_code, title, advice))
        answer.headers.update(error.headers or {})  # a wrong method is told the right ones
        return answer

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> Response:
        return document(
            Problem(
                500, "Something went wrong", "What you were told is sent is kept. Please try again."
            )
        )
