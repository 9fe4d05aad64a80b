"""Copies without hidden details: made apart, within limits, and never instead of the file."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from service import cleaning
from service.cleaning import Cleaner
from service.kinds import kind_of

MAKER = "Kanarienkamera-Werke"
HERE = Path("/dev/shm")

needs_mat2 = pytest.mark.skipif(not Cleaner().works, reason="mat2 is not installed")


def photo(kind: str) -> bytes:
    room = io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = MAKER
    told = {"JPEG": {"exif": exif}, "PDF": {"title": MAKER, "author": MAKER}}[kind]
    Image.effect_noise((200, 150), 80).convert("RGB").save(room, kind, **told)  # type: ignore[arg-type]
    return room.getvalue()


def rooms() -> set[str]:
    return {path.name for path in HERE.glob("speaksafe-*")}


def runs(pid: str) -> bool:
    """Not gone, and no mere entry that waits to be collected."""
    stat = Path("/proc") / pid / "stat"
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def program(tmp_path: Path, script: str) -> str:
    made = tmp_path / "mat2"
    made.write_text(f"#!/bin/sh\n{script}\n")
    made.chmod(0o755)
    return str(made)


@needs_mat2
@pytest.mark.parametrize("kind", ["JPEG", "PDF"])
async def test_a_copy_has_no_hidden_details(kind: str) -> None:
    content = photo(kind)
    before = rooms()
    found = kind_of(content)
    forms = (MAKER.encode(), MAKER.encode("utf-16-be"))
    assert found is not None and any(form in content for form in forms)
    copy = await Cleaner().copy(content, found)
    assert copy is not None and kind_of(copy) == found
    assert not any(form in copy for form in forms)
    assert rooms() == before


@needs_mat2
async def test_what_is_broken_has_no_copy() -> None:
    content = photo("JPEG")[:200]
    found = kind_of(content)
    assert found is not None
    assert await Cleaner().copy(content, found) is None


async def test_a_program_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "_PATIENCE", 0.5)
    left = tmp_path / "left"
    cleaner = Cleaner(program=program(tmp_path, f"sleep 77 & echo $! > {left}; wait"))
    found = kind_of(photo("JPEG"))
    assert found is not None
    begun = time.monotonic()
    assert await cleaner.copy(photo("JPEG"), found) is None
    assert time.monotonic() - begun < 10
    assert not left.exists() or not runs(left.read_text().strip())


async def test_the_program_gets_nothing_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEAKSAFE_PLANTED", "secret")
    seen = tmp_path / "seen"
    script = f'env > {seen}; ulimit -t >> {seen}; ulimit -v >> {seen}; cp "$2" file.cleaned.jpg'
    found = kind_of(photo("JPEG"))
    assert found is not None
    content = photo("JPEG")
    assert await Cleaner(program=program(tmp_path, script)).copy(content, found) == content
    assert "PLANTED" not in seen.read_text()
    # Seconds of work, and KiB of memory.
    assert seen.read_text().split()[-2:] == ["20", str(1024 * 1024)]


async def test_another_kind_or_a_huge_copy_is_not_taken(tmp_path: Path) -> None:
    found = kind_of(photo("JPEG"))
    assert found is not None
    huge = "truncate -s 30M file.cleaned.jpg"
    for script in ("echo '<script>' > file.cleaned.jpg", huge, "exit 1"):
        cleaner = Cleaner(program=program(tmp_path, script))
        assert await cleaner.copy(photo("JPEG"), found) is None


async def test_without_the_program_there_is_no_copy(tmp_path: Path) -> None:
    found = kind_of(photo("JPEG"))
    assert found is not None
    nowhere = Cleaner(program="mat2", room=tmp_path / "none")
    assert not nowhere.works and await nowhere.copy(b"x", found) is None
