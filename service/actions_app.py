"""The inner door: where the engine has its actions run. Never reachable from outside.

It speaks the Rasa SDK's own protocol and lets the SDK's executor do the work, so the same engine
would work with any other action server, and these actions with any other Rasa.
"""

from __future__ import annotations

import hmac
import logging

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

log = logging.getLogger("speaksafe.actions")


def actions_app(executor: ActionExecutor, token: str) -> Starlette:
    """The ASGI application of the inner door.

    Args:
        executor: with all actions registered.
        token: what the engine must show in its header.
    """

    async def webhook(request: Request) -> Response:
        given = request.headers.get("x-speaksafe-engine-token", "")
        if not hmac.compare_digest(given.encode(), token.encode()):
            return Response(status_code=404)
        call = await request.json()
        # The engine keeps its domain to itself; the executor wants to be told so.
        call.setdefault("domain", {})
        try:
            result = await executor.run(call)
        except (ActionExecutionRejection, ActionNotFoundException) as error:
            body = {"error": type(error).__name__, "action_name": error.action_name}
            return JSONResponse(body, status_code=400)
        except Exception as error:
            # The engine says "went wrong" in words; what was said is not in the log.
            log.error("action failed: %s", type(error).__name__)
            return JSONResponse({"error": "action failed"}, status_code=500)
        return JSONResponse(result.model_dump() if result else None)

    return Starlette(routes=[Route("/webhook", webhook, methods=["POST"])])
