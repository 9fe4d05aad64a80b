"""What was said to be written is on the disk, whole, and in the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from vault import keyfiles
from vault.secrets import Secrets
from vault.writing import write_again, write_new


class Disk:
    """Notes what is forced to it: the inode, and how many bytes it had then."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.forced: dict[int, int] = {}
        really = os.fsync

        def fsync(handle: int) -> None:
            really(handle)
            about = os.fstat(handle)
            self.forced[about.st_ino] = about.st_size

        monkeypatch.setattr(os, "fsync", fsync)

    def has(self, path: Path) -> bool:
        """All of a file, and its name in the folder."""
        about = path.stat()
        whole = self.forced.get(about.st_ino) == about.st_size
        return whole and path.parent.stat().st_ino in self.forced


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_a_file_is_on_the_disk_once_it_is_written(disk: Disk, tmp_path: Path) -> None:
    write_new(tmp_path / "new", b"all of it")
    assert disk.has(tmp_path / "new")
    write_again(tmp_path / "new", b"and something else")
    assert disk.has(tmp_path / "new")
    assert (tmp_path / "new").read_bytes() == b"and something else"
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_secrets_and_keys_are_on_the_disk_before_anybody_relies_on_them(
    disk: Disk, tmp_path: Path
) -> None:
    Secrets.create(tmp_path / "pepper")
    keyfiles.new(tmp_path / "recovery.key", "recovery")
    keyfiles.write_secret(tmp_path / "share", "words")
    for path in tmp_path.iterdir():
        assert disk.has(path), path.name


def test_what_could_not_be_written_whole_is_not_there(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"the first half"
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        write_new(tmp_path / "new", pieces())
    assert not any(tmp_path.iterdir())
    write_new(tmp_path / "new", b"kept")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "new", b"another")
    with pytest.raises(OSError, match="directory"):
        write_again(tmp_path, b"a folder")
    assert (tmp_path / "new").read_bytes() == b"kept"
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600
