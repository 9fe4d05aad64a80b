"""Errors as ``application/problem+json`` (RFC 9457), for every route of this package.

The route does it itself rather than the application: the framework's own answer to a malformed
body repeats what was sent, and here that could be a sign-in secret or an envelope.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"


#: For the description at ``/openapi.json``: what every route of a room may answer besides.
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {
        "description": text,
        "content": {MEDIA_TYPE: {"schema": {"type": "object"}}},
    }
    for status, text in {
        401: "Not signed in, or the sign-in has ended",
        403: "Not for this account, or refused",
        404: "There is none, or not for this account",
        409: "Not as things stand now; load them again",
        413: "The body is too large",
        422: "The body is not as described",
        429: "Too many at once; try again a little later",
    }.items()
}


#: What a client that came too often, or at a bad time, should wait.
RETRY_SECONDS = 5


class Problem(Exception):
    """What the caller is told.

    Args:
        status: HTTP status.
        title: what kind of error; always the same words for the same kind.
        detail: what to do about it. Never a value that was sent.
        more: members of the document beside the usual ones.
    """

    def __init__(self, status: int, title: str, detail: str, **more: Any) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.more = more


def not_signed_in() -> Problem:
    """There is no sign-in, or it has ended."""
    return Problem(401, "Not signed in", "Sign in, and send the token as a bearer token.")


def no_such_case() -> Problem:
    """One answer for a case that does not exist and for a case of somebody else."""
    return Problem(404, "No such case", "Take a case from the list of your cases.")


class ProblemRoute(APIRoute):
    """A route whose errors are problem documents, and whose answers nobody keeps."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The usual handler, with errors and headers as this package has them."""
        usual = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                response = await usual(request)
            except Problem as problem:
                response = document(problem)
            except RequestValidationError:
                response = document(_not_as_described())
            except HTTPException as error:
                if error.status_code != 400:
                    raise
                response = document(_not_as_described())  # bytes that are no text at all
            response.headers["Cache-Control"] = "no-store"
            return response

        return handle


def _not_as_described() -> Problem:
    return Problem(422, "Not as described", "Send what /openapi.json describes.")


def document(problem: Problem) -> Response:
    """A problem as a response."""
    body = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.more,
    }
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    if problem.status in (429, 503):
        headers["Retry-After"] = str(RETRY_SECONDS)
    return JSONResponse(body, problem.status, headers, media_type=MEDIA_TYPE)
