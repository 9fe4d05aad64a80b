"""Every page and file, by the HTTP Observatory's rules and with trusted types tried in Chromium.

Through the service alone, and through the production proxy with its own file; errors, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext

from service import pdf_view
from service.headers import _ALWAYS, CSP
from tests.attack.house import House, house
from tests.support.observatory import Asked, grade, policies
from tests.support.proxy import FILE, Proxy, proxy

#: What stands for a part of an address; a route with another one has to be added here.
NAMES = {
    "/inbox/static/{name}": ["inbox.js", "inbox.css"],
    "/taskforce/static/{name}": ["taskforce.js"],
    "/owner/static/{name}": ["owner.js", "owner.css"],
    "/shared/{name}": ["api.js", "room.css"],
    "/inbox/pdf/{name}": list(pdf_view.FILES),
    "/chat/words/{name}": ["en.json"],
}
PAGES = ["/", "/?lang=ar", "/plain", "/inbox", "/owner", "/taskforce"]
#: Not there, not allowed, not signed in, not readable.
ERRORS = ["/nowhere", "/inbox/static/nothing.js", "/chat/sessions", "/inbox/api/cases", "/%00"]
#: Made for other sites: they may load it, and the extra credit for keeping it here falls away.
EMBEDDED = ("/widget.js", "/chat/", "/page.", "/plain.css", "/favicon.svg")

#: Each way in which a page could take a text for markup or code; says what was refused.
SINKS = """() => {
  const evil = '<img src="/nowhere" onerror="window.hurt = 1">';
  const tries = {
    innerHTML: () => { document.body.innerHTML = evil },
    outerHTML: () => { document.createElement('main').appendChild(
      document.createElement('p')).outerHTML = evil },
    insertAdjacentHTML: () => document.body.insertAdjacentHTML('beforeend', evil),
    write: () => document.write(evil),
    parser: () => new DOMParser().parseFromString(evil, 'text/html'),
    fragment: () => document.createRange().createContextualFragment(evil),
    srcdoc: () => { document.createElement('iframe').srcdoc = evil },
    script: () => { document.createElement('script').text = 'window.hurt = 1' },
    source: () => { document.createElement('script').src = '/widget.js' },
    worker: () => new Worker('/widget.js'),
    timeout: () => setTimeout('window.hurt = 1'),
    policy: () => trustedTypes.createPolicy('mine', { createHTML: (text) => text }),
  };
  const went = [];
  for (const [name, attempt] of Object.entries(tries)) {
    try { attempt(); went.push(name) } catch (error) {
      if (!['TypeError', 'EvalError'].includes(error.name)) went.push(`${name}: ${error.name}`);
    }
  }
  return went;
}"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The service."""
    with house(tmp_path_factory.mktemp("locked") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def front(running: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """The proxy before it."""
    behind = running.http.base_url.netloc.decode()
    with proxy(tmp_path_factory.mktemp("proxy"), behind) as started:
        yield started


def _routes(router: Any) -> Iterator[str]:
    for route in router.routes:
        if inner := getattr(route, "original_router", None):
            yield from _routes(inner)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield route.path


def _addresses(running: House) -> list[str]:
    """Everything that can be asked for, and what cannot."""
    app: Any = running.app
    while not isinstance(app, FastAPI):
        app = app._app
    found = list(PAGES) + ERRORS
    for path in _routes(app):
        head, brace, rest = path.partition("{")
        named = brace and path not in NAMES
        assert not (named and head.endswith("static/")), f"add {path} to NAMES"
        names = NAMES.get(path, ["nothing"])
        tail = rest.partition("}")[2]
        found += [f"{head}{name}{tail}" for name in names] if brace else [path]
    return list(dict.fromkeys(found))


def _asked(client: httpx.Client, path: str, first: httpx.Response | None) -> Asked:
    other = {"Origin": "https://observatory.example", "Access-Control-Request-Method": "GET"}
    preflight = client.options(path, headers=other)
    return Asked(client.get(path), preflight, first, encrypted=client.base_url.scheme == "https")


def test_every_answer_of_the_service_has_the_top_grade(running: House) -> None:
    """Encryption is the proxy's; every other rule is met without it."""
    for path in _addresses(running):
        found = grade(_asked(running.http, path, None))
        assert found.grade == "A+", (path, found.why)
        lost = {name: said for name, said in found.why.items() if said[1] < 0}
        assert lost == {}, path
        least = 130 if path.startswith(EMBEDDED) else 140
        assert found.score >= least, (path, found.why)


def test_every_answer_through_the_proxy_has_the_top_grade(running: House, front: Proxy) -> None:
    with front.client() as client, front.client(front.http) as plainly:
        for path in _addresses(running):
            found = grade(_asked(client, path, plainly.get(path)))
            assert found.grade == "A+", (path, found.why)
            assert not [said for said in found.why.values() if said[1] < 0], (path, found.why)


def test_what_the_proxy_answers_by_itself_is_locked_too(front: Proxy, running: House) -> None:
    """Counts are not for everybody, a large body is refused, and the service may be away."""
    preflight = running.http.options("/")
    with front.client() as client, front.client(front.http) as plainly:
        large = client.post("/chat/sessions", content=b"x" * 1_200_000)
        assert large.status_code >= 400
        counts = client.get("/metrics")
        assert (counts.status_code, counts.text) == (404, ""), "how many write is for operators"
        assert client.get("/healthz").status_code == 200
        for answer in (counts, large):
            found = grade(Asked(answer, preflight, plainly.get("/")))
            assert found.grade == "A+", found.why
            assert "server" not in answer.headers and "alt-svc" not in answer.headers
    with front.client(front.onion) as client:
        assert "script-src" not in client.get("/metrics").headers["content-security-policy"]


def test_the_proxy_is_locked_while_the_service_is_away(
    running: House, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("alone")
    with proxy(folder, "127.0.0.1:9") as alone, alone.client() as client:
        answer = client.get("/")
        found = grade(Asked(answer, client.options("/"), None))
        assert (answer.status_code, found.grade) == (502, "A+"), found.why
        with alone.client(alone.onion) as onion:
            locked = dict(onion.get("/").headers)
        assert locked["x-content-type-options"] == "nosniff"
        assert "strict-transport-security" not in locked, "it is not for addresses without TLS"


def test_the_proxy_adds_what_the_service_says() -> None:
    """What both give is written in two places."""
    text = FILE.read_text(encoding="utf-8")
    for name in ("opener-policy", "embedder-policy"):
        value = _ALWAYS[f"cross-origin-{name}".encode()].decode()
        assert f"?Cross-Origin-{name.title()} {value}" in text
    for name in ("Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options", "Cache-Control"):
        assert f"?{name} {_ALWAYS[name.lower().encode()].decode()}" in text
    (line,) = [line for line in text.splitlines() if "?Content-Security-Policy" in line]
    (own,) = policies(httpx.Headers({"content-security-policy": line.split('"')[1]}))
    (served,) = policies(httpx.Headers({"content-security-policy": CSP}))
    assert own == {name: served[name] for name in own}
    assert "default-src" in own and "trusted-types" in own


@pytest.mark.parametrize(
    ("name", "value", "below"),
    [
        ("content-security-policy", "default-src 'self' 'unsafe-inline'", "A"),
        ("content-security-policy", "script-src *; default-src 'none'", "A"),
        ("content-security-policy", "default-src 'none'; default-src 'none'", "A"),
        ("content-security-policy", None, "A"),
        ("strict-transport-security", None, "A"),
        ("strict-transport-security", "max-age=300", "A+"),
        ("set-cookie", "session=1", "A"),
        ("x-content-type-options", None, "A+"),
        ("referrer-policy", "unsafe-url", "A+"),
        ("cross-origin-embedder-policy", "require", "A+"),
    ],
)
def test_the_rules_can_fail(name: str, value: str | None, below: str) -> None:
    """The points of each rule, as they were published."""
    full = {k.decode(): v.decode() for k, v in _ALWAYS.items()}
    full |= {"strict-transport-security": "max-age=63072000", "content-type": "text/html"}
    request = httpx.Request("GET", "https://speaksafe.example/", headers={"origin": "https://o.e"})
    nothing = httpx.Response(404, request=request)

    def judged(headers: dict[str, str]) -> Any:
        page = httpx.Response(200, headers=headers, text="<p>", request=request)
        return grade(Asked(page, nothing))

    assert judged(full).grade == "A+"
    changed = full | {name: value} if value else {k: v for k, v in full.items() if k != name}
    worse = judged(changed)
    assert worse.score < judged(full).score
    assert sum(points for _, points in worse.why.values() if points < 0) < 0
    if below == "A":
        assert worse.grade not in ("A+", "A"), worse.why


@pytest.fixture
def opened(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that takes the proxy's own certificate."""
    context = browser.new_context(ignore_https_errors=True)
    yield context
    context.close()


@pytest.mark.browser
def test_no_page_takes_a_text_for_markup_or_code(
    opened: BrowserContext, front: Proxy, running: House
) -> None:
    """Pages with scripts and without, files that are opened as pages, and errors."""
    page = opened.new_page()
    for path in [*PAGES, *ERRORS, "/widget.js", "/openapi.json"]:
        for way in (front.https, str(running.http.base_url)):
            page.goto(f"{way.rstrip('/')}{path}", wait_until="domcontentloaded")
            assert page.evaluate(SINKS) == [], (way, path)
            assert page.evaluate("window.hurt") is None, path


@pytest.mark.browser
def test_the_trial_of_trusted_types_can_fail(opened: BrowserContext) -> None:
    page = opened.new_page()
    html = "<!doctype html><title>Open</title><body></body>"
    page.route("**/open", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://localhost/open")
    went = page.evaluate(SINKS)
    assert {"innerHTML", "insertAdjacentHTML", "script", "timeout", "policy"} <= set(went)
