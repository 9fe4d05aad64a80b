"""What the browser's side may not even contain, wherever it stands."""

from __future__ import annotations

import re
from pathlib import Path

from tests.attack.promises import ROOT

SCRIPTS = sorted((ROOT / "web").rglob("*.js"))
FORBIDDEN = (
    *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("),
    *("document.cookie", "indexedDB", "localStorage", "sessionStorage", "window.name"),
    *("sendBeacon", "console.", "setHTMLUnsafe", "srcdoc", "createContextualFragment"),
    *("DOMParser", "WebSocket", "EventSource", "postMessage"),
)


def _code(path: Path) -> str:
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_no_script_of_any_page_keeps_parses_or_calls_elsewhere() -> None:
    assert len(SCRIPTS) > 15
    for path in SCRIPTS:
        assert [word for word in FORBIDDEN if word in _code(path)] == [], path.name


def test_the_browsers_side_sends_no_cookie() -> None:
    """Each request says so itself: another site may have set a cookie for this host."""
    fetching = [path for path in SCRIPTS if re.search(r"\bfetch\(", _code(path))]
    assert {"widget.js", "api.js"} <= {path.name for path in fetching}
    for path in fetching:
        said = re.findall(r"\bcredentials: ['\"](\w+)['\"]", path.read_text(encoding="utf-8"))
        assert said and set(said) == {"omit"}, path.name
