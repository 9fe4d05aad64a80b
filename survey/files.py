"""Writing a folder of files so that it is there whole, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from vault.writing import keep_entry, write_new


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder; a reader never sees a part of them.

    Args:
        folder: must not exist, or be empty.
        files: name to content.

    Raises:
        FileExistsError: the folder holds something already.
        OSError: it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError
    parent = folder.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=parent))
    try:
        for name, content in files.items():
            write_new(fresh / name, content, 0o644)
        fresh.chmod(0o755)
        fresh.replace(folder)
        keep_entry(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
