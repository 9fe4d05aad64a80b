"""What a browser is given, by its address: scripts, styles and words, byte for byte.

The same sources and content give the same bytes, so anybody who has them can tell whether a service
serves these and nothing else (``speaksafe bundles --against``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.words import Words
from catalogue import Messages
from service import pdf_view, widget_pages
from service.held import words
from web.bundle import bundle

#: Folders whose scripts and styles are served as they are, by the beginning of their addresses.
FOLDERS = {
    "/inbox/static": "inbox",
    "/taskforce/static": "taskforce",
    "/owner/static": "owner",
    "/shared": "shared",
}

#: Files beside them, and pages.
_ALONE = ("plain.css", "favicon.svg")
_PAGES = {name: f"{name[1:]}/index.html" for name in ("/inbox", "/taskforce", "/owner")}


def served(web: Path, content: Path, messages: Messages) -> Iterator[tuple[str, bytes]]:
    """Everything that runs in a browser, and the pages that load it.

    Args:
        web: the folder with the browser's side.
        content: the folder with ``gate``.
        messages: the catalogue.

    Returns:
        address and bytes. The chat's own page is not among them: it holds words only, and loads
        ``/page.js`` and two style sheets.
    """
    first = widget_pages.openings(messages, Words.load(content))
    for path, text, _ in widget_pages.files(web, messages, first):
        yield path, text.encode()
    yield "/chat/held.js", bundle(web / "held" / "held.js").encode()
    x_wing = bundle(web / "shared" / "xwing.js").encode()
    yield "/chat/xwing.js", x_wing
    yield "/shared/xwing.js", x_wing
    for name in _ALONE:
        if (web / name).is_file():
            yield f"/{name}", (web / name).read_bytes()
    for name, inner in pdf_view.FILES.items():
        yield f"/inbox/pdf/{name}", (web / inner).read_bytes()
    for path, page in _PAGES.items():
        yield path, (web / page).read_bytes()
    for path, folder in FOLDERS.items():
        for file in sorted((web / folder).iterdir()):
            if file.suffix in (".js", ".css") and file.name != "xwing.js":
                yield f"{path}/{file.name}", file.read_bytes()
    for lang in messages.languages:
        found = words(content, messages, lang)
        written = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        yield f"/chat/words/{lang}.json", written.encode()


def hashes(web: Path, content: Path, messages: Messages) -> Mapping[str, str]:
    """The same as SHA-256, by address."""
    return {path: sha256(body) for path, body in served(web, content, messages)}


def sha256(body: bytes) -> str:
    """In hexadecimal, as ``sha256sum`` writes it."""
    return hashlib.sha256(body).hexdigest()
