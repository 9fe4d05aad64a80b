"""What ``/openapi.json`` says of errors is what is answered."""

from __future__ import annotations

import httpx

from tests.support.live import Live


def test_every_described_refusal_is_a_problem_document(live: Live) -> None:
    described = httpx.get(f"{live.url}/openapi.json", trust_env=False).json()
    seen = 0
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for status in {"401", "413", "422", "429"} & operation["responses"].keys():
                content = operation["responses"][status]["content"]
                assert list(content) == ["application/problem+json"], (path, method, status)
                seen += 1
    assert seen > 10


def test_a_malformed_body_is_refused_in_that_shape(live: Live) -> None:
    for path in ("/chat/messages", "/inbox/api/begin", "/taskforce/api/bundle"):
        answer = httpx.post(f"{live.url}{path}", json={"planted": "words"}, trust_env=False)
        assert answer.status_code in (401, 422)
        assert answer.headers["content-type"] == "application/problem+json"
        assert "planted" not in answer.text
        assert "words" not in answer.text
