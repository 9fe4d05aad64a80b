"""Files that are there, whole, once they were said to be written, whatever happens then.

What is written lies in memory at first. If the power goes or the disk fails within the next
seconds, the file is empty: and without the server's secret no reporter finds her report again. So
the bytes are forced to the disk, and after them the folder's entry (fsync(2)).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def write_new(path: Path, content: bytes | Iterable[bytes], mode: int = 0o600) -> None:
    """Write a new file; it stays only if all of it could be written.

    Args:
        path: of no file so far.
        content: its bytes, at once or in pieces.
        mode: who may read it.

    Raises:
        FileExistsError: it is never overwritten.
        OSError: it cannot be written.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        write_open(handle, content)
        keep_entry(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_again(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file, or put another in its place: the old one stays until the new one is whole.

    Raises:
        OSError: it cannot be written; what was there is there.
    """
    fresh = path.with_name(f".{path.name}.new")
    write_open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), content)
    fresh.replace(path)
    keep_entry(path)


def write_open(handle: int, content: bytes | Iterable[bytes]) -> None:
    """Write to an open file and close it.

    Raises:
        OSError: it cannot be written.
    """
    with os.fdopen(handle, "wb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(file.fileno())


def keep_entry(path: Path) -> None:
    """Force the name of a new file, or of a new folder, to the disk.

    Raises:
        OSError: it cannot be written.
    """
    folder = os.open(path.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
