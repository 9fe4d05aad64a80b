"""Files in the browser and here: sealed alike, and judged alike by their bytes."""

from __future__ import annotations

import base64
import io
import json
import struct
import subprocess
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from service.kinds import kind_of
from tests.inbox.javascript import NODE
from vault.encoding import from_text, to_text
from vault.files import PART, FileKey, open_file, seal_file

HERE = Path(__file__).parent


def ask(task: str, **given: object) -> Any:
    done = subprocess.run(
        [NODE, str(HERE / "files.mjs")],
        input=json.dumps({"task": task, **given}),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


def packed(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.mark.parametrize("size", [0, 1, 65_532, 65_533, 100_000, PART - 4, PART - 3, 700_001])
def test_both_seal_the_same_bytes(size: int) -> None:
    key = FileKey.new()
    content = bytes(range(256)) * (size // 256) + b"z" * (size % 256)
    here = list(seal_file(content, key))
    there = [from_text(part) for part in ask("seal", content=packed(content), key=asdict(key))]
    assert here == there
    parts = [to_text(part) for part in here]
    assert base64.b64decode(ask("open", parts=parts, key=asdict(key))) == content


def test_where_only_copies_go_nothing_else_leaves_the_browser() -> None:
    """Her tick goes along without files, and holds where the service does not repeat it."""
    found = ask("clean")
    assert found["whole"] == ["files:0", "sealed", 1]
    assert found["clean"] == ["files:clean", "no copy of a file", 1]
    assert found["boxes"] == [False, True]
    assert found["after"] == ["files:clean", "files:none"]


def test_what_the_service_let_go_of_is_brought_again() -> None:
    """A try that is merely repeated goes on where it was lost; one that is asked anew does not."""
    assert ask("anew") == [1, 1, 1, 2]


def test_the_browser_refuses_what_was_changed() -> None:
    key = FileKey(**ask("newKey"))
    parts = [to_text(part) for part in seal_file(b"x" * 3 * PART, key)]
    for wrong in (parts[::-1], parts[:-1], [*parts, parts[0]], []):
        assert ask("open", parts=wrong, key=asdict(key)) == "FileError"
    other = asdict(FileKey.new()) | {"id": key.id}
    assert ask("open", parts=parts, key=other) == "FileError"
    assert open_file([from_text(part) for part in parts], key) == b"x" * 3 * PART


def zipped(*names: str, first: tuple[str, bytes] | None = None) -> bytes:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_STORED) as archive:
        if first:
            archive.writestr(*first)
        for name in names:
            archive.writestr(name, b"<x/>")
    return room.getvalue()


TAKEN = {
    "jpg": b"\xff\xd8\xff\xe1 Exif",
    "png": b"\x89PNG\r\n\x1a\n rest",
    "gif": b"GIF89a rest",
    "webp": b"RIFF\x10\0\0\0WEBPVP8 ",
    "heic": b"\0\0\0\x18ftypheic\0\0",
    "avif": b"\0\0\0\x18ftypavif\0\0",
    "pdf": b"%PDF-1.7\n",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 rest",
    "docx": zipped("[Content_Types].xml", "word/document.xml"),
    "xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": zipped("[Content_Types].xml", "ppt/presentation.xml"),
    "odt": zipped("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.text")),
    "m4a": b"\0\0\0\x18ftypM4A \0\0",
    "mp4": b"\0\0\0\x18ftypisom\0\0",
    "mov": b"\0\0\0\x14ftypqt  \0\0",
    "3gp": b"\0\0\0\x14ftyp3gp4\0\0",
    "webm": b"\x1a\x45\xdf\xa3 rest",
    "ogg": b"OggS\0\x02 OpusHead",
    "mp3": b"ID3\x04 rest",
    "wav": b"RIFF\x10\0\0\0WAVEfmt ",
    "amr": b"#!AMR\n rest",
    "flac": b"fLaC\0\0",
    "txt": "12/04/26, 10:01 – Müller: komm vorbei\n他来了\n".encode(),
}
NOT_TAKEN = {
    "nothing": b"",
    "program": b"MZ\x90\0\x03\0\0\0\x04",
    "script": b"\x7fELF\x02\x01\x01\0",
    "page": b"<!doctype html><script>alert(1)</script>",
    "page after words": b"hello <script>alert(1)</script>",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "archive": zipped("holiday.exe"),
    "macros": zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "noise": bytes(range(128, 256)),
    "zeros": bytes(100),
}


def test_both_take_and_refuse_the_same() -> None:
    every = {**TAKEN, **NOT_TAKEN}
    there = ask("kinds", files=[packed(content) for content in every.values()])
    for (name, content), theirs in zip(every.items(), there, strict=True):
        found = kind_of(content)
        assert (asdict(found) if found else None) == theirs, name
        assert (found.ending if found else None) == (name if name in TAKEN else None)


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


def test_a_picture_is_weighed_before_it_is_unpacked() -> None:
    """Few bytes may claim to be a huge picture; what it claims is read from its head."""
    frame = b"\xff\xd8\xff\xe0\x00\x04zz\xff\xc2\x00\x11\x08" + struct.pack(">HH", 65_500, 65_000)
    vp8x = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\x0d\x03\x1f\x4e\0"
    given = [
        (png(60_000, 50_000), "image/png"),
        (frame + bytes(8), "image/jpeg"),
        (b"GIF89a" + struct.pack("<HH", 65_535, 2), "image/gif"),
        (vp8x, "image/webp"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"RIFF", "image/webp"),
    ]
    found = ask("claims", files=[(packed(content), type) for content, type in given])
    assert found == [[60_000, 50_000], [65_000, 65_500], [65_535, 2], [200_000, 20_000], None, None]
