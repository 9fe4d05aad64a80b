"""Who gets in: every route is asked by a stranger, by the wrong colleague, and from another site.

The routes are taken from the running application, so a new one is asked as well; a body it needs
that is not in ``FIELDS`` makes the test fail until somebody says what a valid one is.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from service import pdf_view
from tests.attack.house import House
from tests.attack.size import sized
from tests.inbox.conftest import database_url as database_url
from tests.inbox.conftest import page as page
from tests.inbox.conftest import world as world
from tests.inbox.world import SALT, Page, World
from vault.encoding import to_text
from vault.keys import PrivateKey
from vault.stores.cases import new_case_id

#: A valid value for each field that a route of the two rooms asks for.
FIELDS: dict[str, Any] = {
    "case_id": "x",
    "status": "opened",
    "envelope": "x",
    "to": "somebody",
    "sealed": [],
    "reason": None,
    "agree": True,
    "round_id": "r1",
    "name": "somebody",
    "salt": to_text(SALT),
    "sign_in": to_text(b"s" * 32),
    "public_key": PrivateKey.new().public().to_text(),
    "wrapped": '{"iv":"' + "A" * 16 + '","ct":"' + "A" * 86 + '"}',
    "setup_code": "AAAA",
    "file": "x" * 22,
    "signer": "x" * 43,
    "channel": "telegram",
    "lang": "en",
    "rounds": ["r1"],
    "office": "unv-office",
}

#: What anybody may ask before she has signed in.
OUTSIDE = {"/inbox/api/strings", "/inbox/api/begin", "/inbox/api/setup", "/inbox/api/sign-in"}
INSIDE = re.compile(r"^/(inbox|taskforce|owner)/api/")


def bodies(app: Any) -> dict[str, dict[str, Any]]:
    """A valid body for each POST behind the sign-in, by path."""
    described = app.openapi()
    schemas = described["components"]["schemas"]
    found = {}
    for path, methods in described["paths"].items():
        if not INSIDE.match(path) or path in OUTSIDE or "post" not in methods:
            continue
        content = methods["post"].get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        found[path] = _filled(path, schema, schemas)
    return found


def _filled(path: str, schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """What a schema needs, and no more."""
    schema = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    made = {}
    for field in schema.get("required", ()):
        one = schema["properties"][field]
        if field in FIELDS:
            made[field] = FIELDS[field]
        elif "$ref" in one:
            made[field] = _filled(path, one, schemas)
        else:
            simple = {"integer": 0, "array": [], "object": {}, "boolean": False}
            assert one.get("type") in simple, f"{path}: say in FIELDS what a valid {field} is"
            made[field] = one.get("minimum", simple[one["type"]])
    return made


async def test_without_a_sign_in_every_way_is_closed(world: World, page: Page) -> None:
    ways = bodies(world.app)
    assert len(ways) >= 15
    for path, body in ways.items():
        for header in ({}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic eA=="}):
            answer = await page.http.post(path, json=body, headers=header)
            if path.endswith("/sign-out") and answer.status_code == 204:
                continue  # it forgets a token, whether there is one or not, and tells neither
            assert answer.status_code == 401, path
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_token_in_the_address_or_a_cookie_is_none(world: World, page: Page) -> None:
    """What stands there gets into logs, and is sent by other sites' pages."""
    await page.sign_in(world.focal_point("Amina", "unv-office"))
    token, page.token = page.token, None
    for path, body in bodies(world.app).items():
        answer = await page.http.post(f"{path}?access_token={token}&token={token}", json=body)
        assert answer.status_code == 401, path
        cookie = {"Cookie": f"token={token}; Authorization=Bearer {token}"}
        answer = await page.http.post(path, json=body, headers=cookie)
        assert answer.status_code == 401, path


async def test_another_offices_case_is_no_case_on_any_way(world: World, page: Page) -> None:
    """By whatever id, on whatever way: the same answer as for one that does not exist."""
    await page.sign_in(world.focal_point("Amina", "unv-office"))
    world.focal_point("Bilal", "who-office")
    foreign = world.case("who-office").case_id
    ways = {path: body for path, body in bodies(world.app).items() if "case_id" in body}
    assert len(ways) >= 10
    before = world.cases.get(foreign), world.cases.entries(foreign), world.keeping.of(foreign)
    for path, body in ways.items():
        said = set()
        for case_id in (foreign, new_case_id(), foreign.swapcase(), "-", "r1"):
            answer = await page.post(path, **body | {"case_id": case_id})
            assert answer.status_code == 404, (path, answer.text)
            said.add(answer.text)
        assert len(said) == 1, path
    after = world.cases.get(foreign), world.cases.entries(foreign), world.keeping.of(foreign)
    assert before == after
    assert world.audit.entries() == [], "nobody was there, so nobody is named"


async def test_every_way_that_names_a_case_says_so_in_its_body(world: World) -> None:
    """An id in an address gets into histories and logs."""
    for path in world.app.openapi()["paths"]:
        assert "{" not in path or path.endswith("/static/{name}"), path


async def test_a_sign_in_of_one_room_opens_no_other(world: World, page: Page) -> None:
    await page.sign_in(world.focal_point("Task Force", "task-force"))
    told = world.case("unv-office")
    assert (await page.post("/inbox/api/cases")).json()["cases"] == []
    assert (await page.post("/inbox/api/case", case_id=told.case_id)).status_code == 404
    await page.sign_in(world.focal_point("Amina", "unv-office"))
    for path in bodies(world.app):
        if path.startswith("/taskforce/"):
            body = bodies(world.app)[path]
            assert (await page.post(path, **body)).status_code == 403, path


@pytest.fixture
async def three(world: World, page: Page) -> AsyncIterator[tuple[World, Page, list[str]]]:
    """Somebody with a key, somebody invited, and nobody."""
    world.focal_point("amina", "unv-office")
    world.accounts.invite("bilal", ["unv-office"])
    yield world, page, ["amina", "bilal", "carol"]


async def test_signing_in_takes_the_same_work_for_everybody(
    three: tuple[World, Page, list[str]],
) -> None:
    """A quick answer for unknown names would tell who has an account."""
    world, page, names = three
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(sized(12, 60)):
        for name in names[number % 3 :] + names[: number % 3]:
            world.client_name = f"{name} {number}"
            began = time.perf_counter()
            wrong = to_text(bytes([200, number]) * 16)
            answer = await page.post("/inbox/api/sign-in", name=name, sign_in=wrong)
            times[name].append(time.perf_counter() - began)
            assert answer.status_code == 403
    middles = [statistics.median(found) for found in times.values()]
    assert max(middles) < 2 * min(middles), middles


def test_other_sites_pages_are_told_nothing(service: House) -> None:
    """No way but the chat's may be read by a page of another site; none takes a cookie."""
    evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for path in ("/inbox/api/strings", "/inbox", "/taskforce", "/owner", "/healthz", "/"):
        answer = service.http.get(path, headers=evil)
        assert "access-control-allow-origin" not in answer.headers, path
        assert answer.headers["cross-origin-resource-policy"] == "same-origin", path
    for path in (
        "/inbox/api/sign-in",
        "/inbox/api/cases",
        "/taskforce/api/rounds",
        "/owner/api/trail",
    ):
        asked = service.http.options(path, headers=evil | {"Access-Control-Request-Method": "POST"})
        assert "access-control-allow-origin" not in asked.headers, path
        assert not asked.is_success, path


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_of_another_site_does_nothing(service: House, kind: str) -> None:
    """What a page can send without asking first (a form, a plain text) is not taken for JSON."""
    headers = {"Content-Type": kind} if kind else {}
    for path in ("/inbox/api/begin", "/inbox/api/sign-in", "/chat/messages", "/chat/sessions"):
        body = b'{"name":"amina","lang":"fr"}'
        answer = service.http.post(path, content=body, headers=headers)
        assert answer.status_code in (401, 422), (path, answer.status_code)


def test_every_answer_forbids_frames_scripts_and_markup(service: House) -> None:
    ways = [
        "/",
        "/inbox",
        "/taskforce",
        "/owner",
        "/owner/static/owner.js",
        "/widget.js",
        "/page.js",
        "/widget.css",
        "/chat/strings/fr.json",
        "/chat/held.js",
        "/nowhere",
    ]
    ways += ["/inbox/static/inbox.js", "/shared/api.js", "/healthz", "/inbox/api/strings"]
    ways += [f"/inbox/pdf/{name}" for name in pdf_view.FILES]
    for path in ways:
        headers = service.http.get(path).headers
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == "'none'", path
        assert policy["frame-ancestors"] == "'none'", path
        assert policy["script-src"] == "'self'", path
        assert policy.get("style-src", "'self'") == "'self'", path
        assert ("connect-src" in policy) == (not path.startswith("/inbox/pdf/")), path
        assert policy["base-uri"] == policy["form-action"] == "'none'", path
        assert policy["require-trusted-types-for"] == "'script'", path
        # The inbox can make one thread, whose address its one policy compares.
        named = "speaksafe-pdf" if path == "/inbox" else "'none'"
        assert policy["trusted-types"] == named, path
        assert headers["x-frame-options"] == "DENY", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert "set-cookie" not in headers, path


def test_the_page_without_scripts_allows_none(service: House) -> None:
    for answer in (
        service.http.get("/plain"),
        service.http.post("/plain", data={"text": "<script>alert(1)</script>"}),
    ):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none';")
        assert "script-src" not in policy and "unsafe" not in policy
        assert "form-action 'self'" in policy and "frame-ancestors 'none'" in policy
        assert "<script" not in answer.text
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/inbox/static/..%2f..%2fvault%2fkeys.py",
        "/inbox/static/../../vault/keys.py",
        "/inbox/static/%2e%2e/%2e%2e/README.md",
        "/shared/..%5c..%5cREADME.md",
        "/shared/%00",
        "/shared/api.js%00.css",
        "/chat/words/..%2f..%2fmessages%2fen.json",
        "/chat/words/en%2f..%2ffr.json",
        "//etc/passwd",
        "/inbox/static//etc/passwd",
        "/inbox/static/index.html",
        "/var/pepper",
        "/pepper",
        "/.git/config",
    ],
)
def test_no_path_leads_out_of_the_pages(service: House, path: str) -> None:
    answer = service.http.get(path, follow_redirects=False)
    assert answer.status_code == 404, answer.status_code
    assert "root:" not in answer.text and "class " not in answer.text


@pytest.mark.parametrize(
    "path", ["//evil.example", "/%2f%2fevil.example", "/\\evil.example/..", "/inbox/"]
)
def test_nobody_is_sent_elsewhere(service: House, path: str) -> None:
    """No answer names another place to go, whatever the address or the headers say."""
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for more in ("", "?next=https://evil.example", "?lang=//evil.example"):
        answer = service.http.get(path + more, headers=headers, follow_redirects=False)
        where = urlsplit(answer.headers.get("location", ""))
        assert where.netloc in ("", service.http.base_url.netloc.decode())
        assert not where.path.startswith(("//", "/\\"))
        assert "evil.example" not in answer.text


def test_no_answer_says_back_what_was_sent(service: House) -> None:
    """A page that repeats what is in its address is how a foreign script gets in."""
    planted = "<script>alert(1)</script>"
    talk = service.talk().begin()
    head = {"Authorization": f"Bearer {talk.session}"}
    answers = [
        service.http.get("/", params={"lang": planted}, headers={"Accept-Language": planted}),
        service.http.get("/inbox/api/strings", params={"lang": planted}),
        service.http.get(f"/chat/words/{planted}.json"),
        service.http.get(f"/{planted}"),
        service.http.post("/chat/messages", json={planted: planted}, headers=head),
        service.http.post("/chat/messages", json={"choice": planted}, headers=head),
        service.http.post("/inbox/api/begin", json={"name": planted}),
        service.http.post("/inbox/api/sign-in", json={"name": planted, "sign_in": "x"}),
    ]
    for answer in answers:
        assert planted not in answer.text, answer.url
    # What she says is shown to her alone, as text: the answer is JSON and its kind is not guessed.
    said = service.http.post("/chat/messages", json={"text": planted}, headers=head)
    assert said.headers["content-type"] == "application/json"
    assert said.headers["x-content-type-options"] == "nosniff"
