"""What the browser's side may not even contain, wherever it stands."""

from __future__ import annotations

import re
from pathlib import Path

from tests.attack.promises import ROOT

#: PDF.js runs in a thread without document and network; its policy forbids all of this.
SCRIPTS = sorted(one for one in (ROOT / "web").rglob("*.js") if "pdfjs-dist" not in one.parts)
#: The two ends of that thread talk to each other.
THREAD = {"pdf.js", "pdf_worker.js"}
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
        allowed = {"postMessage"} if path.name in THREAD else set()
        if path.name == "fft.js":
            allowed = {"eval("}  # a method of its polynomials
        assert {word for word in FORBIDDEN if word in _code(path)} <= allowed, path.name


def test_the_browsers_side_sends_no_cookie() -> None:
    """Each request says so itself: another site may have set a cookie for this host."""
    fetching = [path for path in SCRIPTS if re.search(r"\bfetch\(", _code(path))]
    assert {"widget.js", "api.js"} <= {path.name for path in fetching}
    for path in fetching:
        said = re.findall(r"\bcredentials: ['\"](\w+)['\"]", path.read_text(encoding="utf-8"))
        assert said and set(said) == {"omit"}, path.name
