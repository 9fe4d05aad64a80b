"""Every operation of the description, with input that fits it and input that does not.

What is answered must be what the description says, and never an error of ours.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.attack.house import House
from tests.attack.size import FULL, sized
from vault.encoding import from_text, to_text
from vault.wrapping import derive

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]

#: What refuses a body that is not as described.
REFUSED = {"expected-statuses": [401, 403, 404, 409, 413, 415, 422, 429]}
CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": REFUSED}})

#: What these answer is not JSON, or is about the whole machine and not about what was sent.
LEFT_ASIDE = {"/metrics", "/readyz"}

EFFORT = settings(
    max_examples=sized(3, 150),
    deadline=None,
    derandomize=not FULL,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def description(service: House) -> dict[str, Any]:
    found: dict[str, Any] = service.http.get("/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def tokens(service: House) -> dict[str, str]:
    """A token for each part of the service, by the beginning of its paths."""
    signed = {}
    people = {"/inbox": "focal-point", "/taskforce": "task-force", "/owner": "owner"}
    for room, name in ((room, f"demo-{who}") for room, who in people.items()):
        salt = service.http.post("/inbox/api/begin", json={"name": name}).json()["salt"]
        secret = derive(service.demo.sign_ins[name], from_text(salt)).sign_in
        answer = service.http.post(
            "/inbox/api/sign-in", json={"name": name, "sign_in": to_text(secret)}
        )
        signed[room] = answer.json()["token"]
    return signed


def test_every_operation_says_what_it_is_and_what_may_go_wrong(
    description: dict[str, Any],
) -> None:
    assert len(description["paths"]) > 20
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description") or operation.get("summary"), (path, method)
            if path.startswith(("/chat/", "/inbox/api/", "/taskforce/api/", "/owner/api/")):
                assert "422" in operation["responses"], (path, method)


def test_it_answers_as_described(
    service: House, description: dict[str, Any], tokens: dict[str, str]
) -> None:
    schema = schemathesis.openapi.from_dict(description, config=CONFIG)
    operations = [found.ok() for found in schema.get_all_operations()]
    tried = 0
    for operation in operations:
        if operation.path in LEFT_ASIDE or operation.path.endswith("/sign-out"):
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried += _try(service, operation, mode, tokens)
    assert tried > 40


def _try(service: House, operation: Any, mode: GenerationMode, tokens: dict[str, str]) -> int:
    """Send what was made for one operation; 0 where nothing can be made of this kind."""
    base, path = str(service.http.base_url), operation.path
    token = next((t for start, t in tokens.items() if path.startswith(start)), None)

    @EFFORT
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        session = service.talk().begin().session if path == "/chat/messages" else None
        # Where the session itself is what does not fit, it is not to be put right.
        own = any(name.casefold() == "authorization" for name in case.headers or {})
        allowed = (token or session) and not (own and mode is GenerationMode.NEGATIVE)
        headers = {"Authorization": f"Bearer {token or session}"} if allowed else {}
        case.call_and_validate(base_url=base, headers=headers, checks=CHECKS, timeout=20)

    try:
        send()
    except Unsatisfiable:  # without a body, nothing can be sent wrongly
        if mode is GenerationMode.POSITIVE:
            raise
        return 0
    return 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_a_method_that_is_not_described_is_refused(
    service: House, description: dict[str, Any], method: str
) -> None:
    for path in description["paths"]:
        answer = service.http.request(method, path)
        assert answer.status_code == 405, (path, answer.status_code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert "GET" in answer.headers["allow"] or "POST" in answer.headers["allow"]


def test_it_is_still_well_afterwards(service: House) -> None:
    assert service.http.get("/healthz").json() == {"status": "up"}
    service.talk().opens().hears("What would you like to do")
    assert httpx.codes.is_success(service.http.get("/openapi.json").status_code)
