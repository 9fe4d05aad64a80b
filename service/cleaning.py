"""A copy of a file without its hidden details, made by mat2 in a process of its own.

What a carrier delivers comes from a stranger, and the libraries that read pictures and documents
have had holes. So the program runs apart: in a folder in memory that is gone afterwards, with
nothing of our environment, and with limits on time, memory, size and open files. Where it fails, or
is not installed, there is no copy; the sealed file is there all the same.

mat2 rewrites photos, office documents, sound and video without their metadata, and draws the pages
of a PDF anew as pictures, so that nothing in the copy runs. It does not change what is *seen*.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path

from service.kinds import Kind, kind_of
from vault.files import LARGEST

#: Seconds of the clock, and of the processor.
_PATIENCE, _WORK = 25.0, 20

#: Bytes of memory; a picture that claims to be larger than fits is given up.
_MEMORY = 1024 * 1024 * 1024

#: Bytes of all that it may have lying in its room at a time, and seconds between two looks. What
#: it unpacks lies there, in memory, and a small document may unpack to a thousand times its size.
_ROOMY, _LOOK = 5 * LARGEST, 0.1

#: Kinds that are worth it; text has no hidden details, others are not understood by the program.
_CLEANED = frozenset(
    {"jpg", "png", "gif", "webp", "heic", "pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp"}
    | {"mp3", "ogg", "flac", "wav", "mp4"}
)

#: In memory where there is such a place; else nothing is cleaned, so that nothing lies on a disk.
_ROOM = Path("/dev/shm")  # noqa: S108 (each copy has a folder of its own with a random name)


class Cleaner:
    """Cleans files, a few at a time.

    Args:
        at_once: how many run beside each other.
        program: of mat2; looked for if not given.
        room: a folder in memory.
    """

    def __init__(self, at_once: int = 2, program: str | None = None, room: Path = _ROOM) -> None:
        self._program = program or shutil.which("mat2")
        self._limits = shutil.which("prlimit")
        self._room = room
        self._gate = asyncio.Semaphore(at_once)

    @property
    def works(self) -> bool:
        """Whether copies can be made here."""
        return bool(self._program and self._limits and self._room.is_dir())

    async def copy(self, content: bytes, kind: Kind) -> bytes | None:
        """The file without its hidden details; ``None`` where none could be made.

        Args:
            content: of the file.
            kind: what it is.
        """
        if not self.works or kind.ending not in _CLEANED:
            return None
        async with self._gate:
            return await self._cleaned(content, kind)

    async def _cleaned(self, content: bytes, kind: Kind) -> bytes | None:
        with tempfile.TemporaryDirectory(prefix="speaksafe-", dir=self._room) as folder:
            before = Path(folder) / f"file.{kind.ending}"
            after = Path(folder) / f"file.cleaned.{kind.ending}"
            before.write_bytes(content)
            if not await self._ran(before) or not after.is_file():
                return None
            if after.stat().st_size > LARGEST:
                return None
            found = after.read_bytes()
        cleaned = kind_of(found)
        return found if cleaned is not None and cleaned.ending == kind.ending else None

    async def _ran(self, file: Path) -> bool:
        limits = (
            f"--cpu={_WORK}",
            f"--as={_MEMORY}",
            f"--fsize={2 * LARGEST}",
            "--nofile=256",
            "--core=0",
        )
        process = await asyncio.create_subprocess_exec(
            str(self._limits),
            *limits,
            str(self._program),
            # Its own sandbox wants rights that a container does not give; this is one already.
            "--no-sandbox",
            file.name,
            cwd=file.parent,
            env={"PATH": os.defpath, "HOME": str(file.parent), "TMPDIR": str(file.parent)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(_PATIENCE):
                return await _within(process, file.parent) and process.returncode == 0
        except TimeoutError:
            return False
        finally:
            # Also what it started, and also when the chat that waits for it is cancelled.
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()


async def _within(process: asyncio.subprocess.Process, room: Path) -> bool:
    """Wait until it ends; whether all that time it kept to the room that it was given."""
    ended = asyncio.ensure_future(process.wait())
    while not ended.done():
        await asyncio.wait({ended}, timeout=_LOOK)
        if await asyncio.to_thread(_taken, room) > _ROOMY:
            return False
    return True


def _taken(room: Path) -> int:
    """Bytes of memory that the files in a folder take, each at least a page."""
    found = 0
    for folder, _, names in os.walk(room):
        for name in names:
            with contextlib.suppress(OSError):  # gone meanwhile
                found += max(4096, (Path(folder) / name).lstat().st_size)
    return found
