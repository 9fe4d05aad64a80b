"""Headers that every answer carries, written once.

A pure ASGI layer, because it must also cover errors and static files.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: No inline script or style, nothing from elsewhere, no frame but our own, no HTML from strings.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

_ALWAYS = {
    b"content-security-policy": CSP.encode(),
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    # Nothing from elsewhere in a page of ours, and its memory is shared with no other site's.
    b"cross-origin-embedder-policy": b"require-corp",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), browsing-topics=()",
    b"cache-control": b"no-store",
    b"x-dns-prefetch-control": b"off",
}

_CORP = b"cross-origin-resource-policy"

#: The widget is embedded by other sites; everything else stays on ours.
_EMBEDDED = ("/widget.js", "/chat/")


class Headers:
    """Adds the headers; lets only the widget's own paths be used from other origins."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with its headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        if head:  # the same as GET, without the body (RFC 9110, 9.3.2)
            scope = {**scope, "method": "GET"}
        path = scope["path"]
        embedded = path.startswith(_EMBEDDED)

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] += [(n, v) for n, v in _ALWAYS.items() if n not in own]
                policy = b"cross-origin" if embedded else b"same-origin"
                # Given twice, browsers take it for none: what a file said of itself goes.
                message["headers"] = [
                    *((n, v) for n, v in message["headers"] if n != _CORP),
                    (_CORP, policy),
                ]
                if embedded:
                    message["headers"] += [
                        (b"access-control-allow-origin", b"*"),
                        (b"access-control-expose-headers", b"content-language"),
                    ]
            elif head:
                message = {**message, "body": b""}
            await send(message)

        if embedded and scope["method"] == "OPTIONS":
            await add(
                {
                    "type": "http.response.start",
                    "status": 204,
                    "headers": [
                        (b"access-control-allow-methods", b"POST, GET"),
                        (
                            b"access-control-allow-headers",
                            b"authorization, content-type, idempotency-key, proof-of-work",
                        ),
                        (b"access-control-max-age", b"86400"),
                    ],
                }
            )
            await send({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, add)


class BodyLimit:
    """Refuses a body over a size before it is read into memory.

    Args:
        app: what comes after.
        largest: bytes.
    """

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what arrives; stop at the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        taken = 0
        refused = False

        async def counted() -> Message:
            nonlocal taken, refused
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._largest:
                refused = True
                return {"type": "http.disconnect"}
            return message

        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._largest:
            await _too_large(send)
            return

        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            if refused and not started:
                return
            started = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except Exception:
            if not refused:
                raise
        if refused and not started:
            await _too_large(send)


async def _too_large(send: Send) -> None:
    body = (
        b'{"type":"about:blank","title":"Too large","status":413,"detail":"Send a smaller body."}'
    )
    await send(
        {
            "type": "http.response.start",
            "status": 413,
            "headers": [
                (b"content-type", b"application/problem+json"),
                (b"content-length", str(len(body)).encode()),
                (b"connection", b"close"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
