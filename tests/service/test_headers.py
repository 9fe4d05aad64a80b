"""Headers on every answer, and a limit on every body."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from service.headers import BodyLimit, Headers


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def _says_itself(_: Request) -> PlainTextResponse:
    return PlainTextResponse("x", headers={"Cross-Origin-Resource-Policy": "cross-origin"})


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    routes = [
        Route("/chat/messages", _echo, methods=["POST"]),
        Route("/inbox", _echo, methods=["GET", "POST"]),
        Route("/icon", _says_itself),
        Route("/chat/script", _says_itself),
    ]
    app = Headers(BodyLimit(Starlette(routes=routes), 1000))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.parametrize("path", ["/inbox", "/nowhere"])
async def test_every_answer_has_them_errors_too(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "set-cookie" not in headers
    assert "access-control-allow-origin" not in headers


async def test_other_sites_may_embed_the_chat_and_nothing_else(client: httpx.AsyncClient) -> None:
    preflight = await client.options("/chat/messages", headers={"Origin": "https://a.example"})
    assert preflight.status_code == 204
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    answer = await client.post("/chat/messages", content=b"x")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


async def test_who_may_load_a_file_is_said_once(client: httpx.AsyncClient) -> None:
    """Twice, and contradicting each other, browsers take them for none."""
    for path, policy in (("/icon", "same-origin"), ("/chat/script", "cross-origin")):
        given = (await client.get(path)).headers.get_list("cross-origin-resource-policy")
        assert given == [policy], path


async def test_a_large_body_is_refused_by_its_length(client: httpx.AsyncClient) -> None:
    answer = await client.post("/inbox", content=b"x" * 1001)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await client.post("/inbox", content=b"x" * 1000)).text == "1000"


async def test_a_large_body_without_a_length_is_refused_too(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100

    assert (await client.post("/inbox", content=chunks())).status_code == 413
