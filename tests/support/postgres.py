"""A throw-away PostgreSQL server for the tests, on a free port of the loopback interface."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # Nothing here has to survive a crash.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # The tests look at what the product's own statements leave behind.
    "autovacuum": "off",
    "max_connections": "60",
}


def server_programs() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``, or ``None`` when PostgreSQL is not installed."""
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return installed[-1].parent if installed else None


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Run a server; yields the URL of its empty database ``postgres``.

    PostgreSQL refuses to run as root, so it then runs as another user in a folder of that user.

    Raises:
        RuntimeError: it did not start; the message holds its log.
    """
    folder = Path(tempfile.mkdtemp(prefix="speaksafe-postgres-"))
    as_user = _hand_over(folder)
    data = folder / "data"
    port = _free_port()
    options = " ".join(f"-c {key}='{value}'" for key, value in _SETTINGS.items())
    control = [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-w", "-s"]
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "tests", "-A", "trust", "-E", "UTF8"]
    try:
        _run([*as_user, *initdb, "--no-locale", "--no-sync"], folder)
        _run([*control, "-l", str(folder / "log"), "-o", f"-p {port} {options}", "start"], folder)
        try:
            yield f"postgresql://tests@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hand_over(folder: Path) -> list[str]:
    """Give the folder to an ordinary user when we are root; how to become that user."""
    if os.geteuid() != 0:
        return []
    names = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}"]
    return ["setpriv", *ids, "--clear-groups", "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[str], folder: Path) -> None:
    # A file takes the output: a server that inherited a pipe would keep us waiting for its end.
    with (folder / "output").open("wb") as output:
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=60
        )
    if done.returncode != 0:
        log = folder / "log"
        said = (folder / "output").read_text() + (log.read_text() if log.exists() else "")
        raise RuntimeError(f"{command[-1]} of the PostgreSQL server failed:\n{said}")
