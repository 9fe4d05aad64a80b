"""The rules of the HTTP Observatory, written anew, to grade any answer without asking anybody.

Source: github.com/mdn/mdn-http-observatory, algorithm 6, ``src/analyzer/tests`` and
``src/grader/charts.js``. Left out is what a fresh host has none of: the list of preloaded hosts,
policies in ``meta`` elements (refused here instead), ``strict-dynamic``, and cookies that are
allowed (any cookie counts as the worst). The Observatory itself refuses to grade errors; here they
are graded as everything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx

#: From this score without extra credit on, the extra credit counts.
_EXTRA_FROM = 90
_GRADES = {
    100: "A+", 95: "A", 90: "A", 85: "A-", 80: "B+", 75: "B", 70: "B", 65: "B-", 60: "C+",
    55: "C", 50: "C", 45: "C-", 40: "D+", 35: "D", 30: "D", 25: "D-",
}  # fmt: skip
_BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
_BROAD_OR_INLINE = _BROAD | {"'unsafe-inline'", "data:"}
_HALF_A_YEAR = 15_552_000

#: What becomes of each rule.
Judged = tuple[str, int]


@dataclass(slots=True)
class Grade:
    """What an answer is worth.

    Args:
        grade: A+ to F.
        score: may be above 100.
        why: what each rule said, with its points.
    """

    grade: str
    score: int
    why: dict[str, Judged] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One address and everything that the rules look at.

    Args:
        page: its answer.
        preflight: the answer to another site's question whether it may read it.
        open: what its address without encryption answers; ``None`` if nothing listens there.
        encrypted: whether the rules about encryption apply: a service without its proxy has none.
    """

    page: httpx.Response
    preflight: httpx.Response
    open: httpx.Response | None = None
    encrypted: bool = True


def grade(asked: Asked) -> Grade:
    """Judge one address by every rule."""
    headers = asked.page.headers
    why = {
        "content-security-policy": _csp(headers, asked.encrypted),
        "cookies": _cookies(headers),
        "cross-origin-embedder-policy": _one(headers, "cross-origin-embedder-policy", _COEP),
        "cross-origin-opener-policy": _one(headers, "cross-origin-opener-policy", _COOP),
        "cross-origin-resource-policy": _one(headers, "cross-origin-resource-policy", _CORP),
        "cross-origin-resource-sharing": _cors(asked.preflight),
        "referrer-policy": _referrer(headers),
        "subresource-integrity": _scripts(asked.page),
        "x-content-type-options": _sniffing(headers),
        "x-frame-options": _frames(headers),
    }
    if asked.encrypted:
        why["redirection"] = _redirection(asked)
        why["strict-transport-security"] = _hsts(headers)
    plain = 100 + sum(points for _, points in why.values() if points < 0)
    extra = plain + sum(points for _, points in why.values() if points > 0)
    score = max(extra if plain >= _EXTRA_FROM else plain, 0)
    return Grade(_GRADES.get(min(score - score % 5, 100), "F"), score, why)


def policies(headers: httpx.Headers) -> list[dict[str, list[str]]]:
    """Each content security policy of an answer: directive and sources.

    Raises:
        ValueError: a directive stands twice, or a policy is empty.
    """
    found = []
    for text in headers.get_list("content-security-policy", split_commas=True):
        policy: dict[str, list[str]] = {}
        for part in filter(None, (piece.split() for piece in text.split(";"))):
            name = part[0].lower()
            if name in policy:
                raise ValueError(f"{name} stands twice")
            none = ["'none'"] if name.endswith("-src") else []
            policy[name] = [source.lower() for source in part[1:]] or none
        if not policy:
            raise ValueError("an empty policy")
        found.append(policy)
    return found


def _merged(found: list[dict[str, list[str]]]) -> dict[str, set[str]]:
    """Several policies all hold: what counts is what every one of them that speaks of it allows."""
    merged: dict[str, set[str]] = {}
    for policy in found:
        for name, sources in policy.items():
            both = merged.get(name, set(sources)) & set(sources)
            merged[name] = both or {"'none'"} if sources else both
    return merged


def _csp(headers: httpx.Headers, encrypted: bool) -> Judged:
    try:
        csp = _merged(policies(headers))
    except ValueError:
        return "invalid", -25
    if not csp:
        return "none", -25
    default = csp.get("default-src", {"*"})
    script, style = csp.get("script-src", default), csp.get("style-src", default)
    for sources in (script, style):
        if any(re.match(r"'(sha(256|384|512)|nonce)-", source) for source in sources):
            sources.discard("'unsafe-inline'")
    passive = csp.get("img-src", default) | csp.get("media-src", default)
    active = script.union(*(s for n, s in csp.items() if n not in ("img-src", "media-src")))
    if script & _BROAD_OR_INLINE or csp.get("object-src", default) & _BROAD:
        return "unsafe inline", -20
    if encrypted and any(s.startswith(("http:", "ftp:")) for s in active):
        return "insecure scheme", -20
    if "'unsafe-eval'" in script | style:
        return "unsafe eval", -10
    if encrypted and any(s.startswith(("http:", "ftp:")) for s in passive):
        return "insecure pictures", -10
    if style & _BROAD_OR_INLINE:
        return "unsafe style", 0
    return ("nothing by default", 10) if default == {"'none'"} else ("nothing unsafe", 5)


def _cookies(headers: httpx.Headers) -> Judged:
    return ("a cookie", -40) if "set-cookie" in headers else ("none", 0)


_COEP = {"require-corp": 10, "credentialless": 10, "unsafe-none": 0}
_COOP = dict.fromkeys(("same-origin", "same-origin-allow-popups", "noopener-allow-popups"), 10)
_COOP["unsafe-none"] = 0
_CORP = {"same-origin": 10, "same-site": 10, "cross-origin": 0}


def _one(headers: httpx.Headers, name: str, worth: Mapping[str, int]) -> Judged:
    """A header that has one of a few values; twice it is none."""
    value = ", ".join(headers.get_list(name)).strip()
    return (value, worth.get(value, -5)) if value else ("none", 0)


def _cors(preflight: httpx.Response) -> Judged:
    allowed = preflight.headers.get("access-control-allow-origin", "").strip()
    lets = preflight.headers.get("access-control-allow-credentials", "").strip().lower()
    if allowed and allowed == preflight.request.headers.get("origin") and lets == "true":
        return "anybody, with credentials", -50
    return allowed or "none", 0


def _referrer(headers: httpx.Headers) -> Judged:
    good = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    bad = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}
    if "referrer-policy" not in headers:
        return "none", 0
    known = [v.strip().lower() for v in headers["referrer-policy"].split(",")]
    last = [value for value in known if value in good | bad][-1:]
    return (last[0], 5) if last and last[0] in good else ("unsafe or unknown", -5)


class _Found(HTMLParser):
    """Scripts of a page, and the policies that it gives itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.equivalents: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        given = dict(attrs)
        if tag == "script":
            self.scripts.append(given)
        if tag == "meta" and (given.get("http-equiv") or "").lower() != "refresh":
            self.equivalents += [given["http-equiv"] or ""] if "http-equiv" in given else []


def _scripts(page: httpx.Response) -> Judged:
    if page.headers.get("content-type", "").split(";")[0] not in ("", "text/html"):
        return "no page", 0
    found = _Found(page.text)
    if found.equivalents:
        return "a page that sets its own headers: not judged by these rules", -20
    worst = ("from here", 0) if found.scripts else ("none", 0)
    for script in found.scripts:
        source = urlsplit(script.get("src") or "")
        if source.netloc and source.netloc != page.url.netloc.decode():
            safe, whole = source.scheme == "https", bool(script.get("integrity"))
            points = -50 if not safe and not whole else -20 if not safe else 0 if whole else -5
            worst = min(worst, ("from elsewhere", points), key=lambda judged: judged[1])
    return worst


def _sniffing(headers: httpx.Headers) -> Judged:
    value = headers.get("x-content-type-options", "").strip().lower()
    return (value, 0) if value == "nosniff" else (value or "none", -5)


def _frames(headers: httpx.Headers) -> Judged:
    try:
        if "frame-ancestors" in _merged(policies(headers)):
            return "by the policy", 5
    except ValueError:
        pass
    value = headers.get("x-frame-options", "").strip().lower()
    if value in ("deny", "sameorigin"):
        return value, 5
    return (value, 0) if value.startswith("allow-from") else (value or "none", -20)


def _redirection(asked: Asked) -> Judged:
    if asked.open is None:
        return "not needed", 0
    if not asked.open.is_redirect:
        return "missing", -20
    to = urlsplit(asked.open.headers["location"])
    if to.scheme != "https":
        return "not to https", -20
    elsewhere = to.hostname != asked.page.url.host
    return ("first to another host", -5) if elsewhere else ("to https", 0)


def _hsts(headers: httpx.Headers) -> Judged:
    given = headers.get_list("strict-transport-security")
    if not given:
        return "none", -20
    found = re.search(r"(?:^|;)\s*max-age=(\d+)\s*(?:;|$)", given[0].lower())
    if found is None or "," in given[0]:
        return "invalid", -20
    return ("half a year", 0) if int(found[1]) >= _HALF_A_YEAR else ("too short", -10)
