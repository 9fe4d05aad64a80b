"""A service on a small disk of its own that fills up, is freed, and is read-only at last.

    unshare --mount python -m tests.attack.faults_disk FOLDER
    unshare --mount python -m tests.attack.faults_disk FOLDER broken

Prints what happened as JSON. The disk is a piece of memory that nobody else sees. The broken one
is a file with a file system in it, which gives up while the service runs, as it does when a real
disk fails: it takes nothing more until somebody has repaired it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from service.commands import condition
from service.settings import Settings
from service.storage import Storage
from tests.attack.house import House, house
from tests.support.talk import Talk
from vault.errors import VaultError

_STEPS = ("menu:report", "opt:self", "opt:unknown", "opt:clear")


def _told(service: House) -> Talk:
    """Somebody whose report waits for her yes."""
    talk = service.talk().opens()
    for choice in _STEPS:
        talk.chooses(choice)
    talk.says("He did it again.").chooses("do:done")
    for _ in range(8):
        values = [choice["value"] for choice in talk.choices]
        if "opt:send" in values:
            talk.chooses("opt:send")
            break
        wanted = ("opt:anonymous", "do:skip", "do:no")
        talk.chooses(next(value for value in wanted if value in values))
    return talk


def _is_sent(talk: Talk) -> str:
    """The receipt, if there is one."""
    lines = [m["text"].replace(" ", "").replace("\u00a0", "") for m in talk.messages]
    return next((line for line in lines if line.isdigit() and len(line) == 24), "")


def _fill(folder: Path) -> Path:
    """Not a byte is left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return filler


def main(folder: Path) -> dict[str, Any]:
    """One day of a small disk."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", str(folder)], check=True)
    settings = Settings.read({"SPEAKSAFE_DATA_DIR": str(folder / "data")})
    seen: dict[str, Any] = {}
    with house(folder / "data") as service:
        first = _told(service).chooses("do:yes")
        seen["before"] = _is_sent(first)
        waiting = _told(service)
        filler = _fill(folder)
        seen["doctor full"] = condition.disk(settings)
        waiting.chooses("do:yes")
        seen["full"] = (_is_sent(waiting), waiting.text, waiting.labels)
        seen["ready"] = service.http.get("/readyz").status_code
        filler.unlink()
        values = [choice["value"] for choice in waiting.choices]
        if "do:yes" in values:
            waiting.chooses("do:yes")
        seen["freed"] = _is_sent(waiting)
        for name in ("before", "freed"):
            back = service.talk().opens().chooses("menu:return").says(seen[name])
            seen[f"found {name}"] = "found your report" in back.text
        seen["cases"] = len(service.parts.storage.cases.for_offices(["demo-office"]))
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    seen["doctor read-only"] = condition.disk(settings)
    try:
        Storage.open(settings).close()
        seen["read-only"] = "opened"
    except VaultError as error:
        seen["read-only"] = str(error)
    return seen


def broken(folder: Path) -> dict[str, Any]:
    """The disk fails under a running service, and is repaired.

    Raises:
        CalledProcessError: no such disk can be made here.
    """
    image, disk = folder / "image", folder / "disk"
    disk.mkdir()
    image.write_bytes(bytes(48 << 20))
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    device = _mounted(image, disk)
    settings = Settings.read({"SPEAKSAFE_DATA_DIR": str(disk / "data")})
    seen: dict[str, Any] = {}
    with house(disk / "data") as service:
        seen["before"] = _is_sent(_told(service).chooses("do:yes"))
        waiting = _told(service)
        Path(f"/sys/fs/ext4/{device.name}/trigger_fs_error").write_text("1")
        seen["doctor"] = condition.disk(settings)
        waiting.chooses("do:yes")
        seen["broken"] = (_is_sent(waiting), waiting.text, waiting.labels)
        asks = service.talk().opens().chooses("menu:policy")
        seen["answers on"] = bool(asks.text) and "again" not in asks.text.casefold()
        seen["ready"] = service.http.get("/readyz").status_code
    subprocess.run(["umount", str(disk)], check=True)
    # 1: there was something to repair, and it is repaired
    seen["repaired"] = subprocess.run(["e2fsck", "-fy", str(image)], capture_output=True).returncode
    _mounted(image, disk)
    with house(disk / "data") as service:
        back = service.talk().opens().chooses("menu:return").says(seen["before"])
        seen["found before"] = "found your report" in back.text
        seen["afterwards"] = _is_sent(_told(service).chooses("do:yes"))
        seen["cases"] = len(service.parts.storage.cases.for_offices(["demo-office"]))
    subprocess.run(["umount", str(disk)], check=True)
    return seen


def _mounted(image: Path, disk: Path) -> Path:
    subprocess.run(["mount", "-o", "loop,errors=remount-ro", str(image), str(disk)], check=True)
    found = ["findmnt", "--noheadings", "--output", "SOURCE", str(disk)]
    return Path(subprocess.run(found, check=True, capture_output=True, text=True).stdout.strip())


if __name__ == "__main__":
    print(json.dumps((broken if "broken" in sys.argv else main)(Path(sys.argv[1]))))
