"""What a file is, by its first bytes and never by its name.

What is not on this list is not taken: nothing that a browser or an office program runs by itself
(pages, drawings, programs, archives). The same list as ``web/shared/kinds.js``; a test holds the
two together, so that a carrier's file is judged as a browser judges it. That is why it is written
out here: a library would know hundreds of kinds, and other ones than the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Args:
        type: the media type.
        kind: what a person calls it: ``picture``, ``document``, ``sound``, ``film``, ``text``.
        ending: of a name that we give it.
    """

    type: str
    kind: str
    ending: str


_Marks = tuple[tuple[int, bytes], ...]

_SIGNATURES: tuple[tuple[str, str, str, _Marks], ...] = (
    ("image/jpeg", "picture", "jpg", ((0, b"\xff\xd8\xff"),)),
    ("image/png", "picture", "png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    ("image/gif", "picture", "gif", ((0, b"GIF8"),)),
    ("image/webp", "picture", "webp", ((0, b"RIFF"), (8, b"WEBP"))),
    ("image/heic", "picture", "heic", ((4, b"ftyphei"),)),
    ("image/heic", "picture", "heic", ((4, b"ftypmif1"),)),
    ("image/avif", "picture", "avif", ((4, b"ftypavif"),)),
    ("application/pdf", "document", "pdf", ((0, b"%PDF-"),)),
    ("application/msword", "document", "doc", ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),)),
    ("audio/mp4", "sound", "m4a", ((4, b"ftypM4A"),)),
    ("video/quicktime", "film", "mov", ((4, b"ftypqt"),)),
    ("video/3gpp", "film", "3gp", ((4, b"ftyp3gp"),)),
    ("video/mp4", "film", "mp4", ((4, b"ftyp"),)),
    ("video/webm", "film", "webm", ((0, b"\x1a\x45\xdf\xa3"),)),
    ("audio/ogg", "sound", "ogg", ((0, b"OggS"),)),
    ("audio/mpeg", "sound", "mp3", ((0, b"ID3"),)),
    ("audio/mpeg", "sound", "mp3", ((0, b"\xff\xfb"),)),
    ("audio/mpeg", "sound", "mp3", ((0, b"\xff\xf3"),)),
    ("audio/aac", "sound", "aac", ((0, b"\xff\xf1"),)),
    ("audio/wav", "sound", "wav", ((0, b"RIFF"), (8, b"WAVE"))),
    ("audio/amr", "sound", "amr", ((0, b"#!AMR"),)),
    ("audio/flac", "sound", "flac", ((0, b"fLaC"),)),
)

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
#: Inside a ZIP file: a folder that only these programs write.
_OFFICE = ((_WORD, "docx", b"word/"), (_SHEET, "xlsx", b"xl/"), (_SLIDES, "pptx", b"ppt/"))

_OPEN = b"mimetypeapplication/vnd.oasis.opendocument."
_OPEN_ENDINGS = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}

_MARKUP = re.compile(r"^\s*<|<(?:!doctype|html|script|svg|\?xml)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(content: bytes) -> Kind | None:
    """The kind of a whole file; ``None`` when it is not taken."""
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    for type, kind, ending, marks in _SIGNATURES:
        if all(content[at : at + len(mark)] == mark for at, mark in marks):
            return Kind(type, kind, ending)
    return _plain(content)


def _office(content: bytes) -> Kind | None:
    head = content[30:110]
    if head.startswith(_OPEN):
        found = re.match(rb"[a-z]+", head[len(_OPEN) :])
        name = found[0].decode() if found else ""
        if name in _OPEN_ENDINGS:
            type = f"application/vnd.oasis.opendocument.{name}"
            return Kind(type, "document", _OPEN_ENDINGS[name])
    # Macros run by themselves; a document that brings some is not taken.
    if b"[Content_Types].xml" not in content or b"vbaProject.bin" in content:
        return None
    for type, ending, folder in _OFFICE:
        if folder in content:
            return Kind(type, "document", ending)
    return None


def _plain(content: bytes) -> Kind | None:
    try:
        words = content.decode("utf-8")
    except ValueError:
        return None
    words = words.removeprefix("\ufeff")
    if not words or _CONTROL.search(words) or _MARKUP.search(words):
        return None
    return Kind("text/plain", "text", "txt")
