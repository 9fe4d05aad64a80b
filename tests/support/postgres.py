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


# Lives as long as the pipe to its input: when the tests end in whatever way, even by a signal
# that lets them clean up nothing, the server stops and its folder goes.
_KEEPER = """
    if "$1/initdb" -D data -U tests -A trust -E UTF8 --no-locale --no-sync >log 2>&1 &&
        "$1/pg_ctl" -D data -w -s -l log -o "$2" start >>log 2>&1
    then
        echo ready
        read -r _
        "$1/pg_ctl" -D data -w -s -m immediate stop >>log 2>&1
    else
        cat log
    fi
    rm -rf "$PWD"
"""


@contextmanager
def server(programs: Path, **settings: str) -> Iterator[str]:
    """Run a server; yields the URL of its empty database ``postgres``.

    Args:
        programs: the folder of ``initdb``.
        settings: of the server, in place of those that are quick.

    PostgreSQL refuses to run as root, so it then runs as another user in a folder of that user.

    Raises:
        RuntimeError: it did not start; the message holds its log.
    """
    folder = Path(tempfile.mkdtemp(prefix="speaksafe-postgres-"))
    as_user = _hand_over(folder)
    port = _free_port()
    options = " ".join(f"-c {key}='{value}'" for key, value in (_SETTINGS | settings).items())
    command = [*as_user, "sh", "-c", _KEEPER, "keeper", str(programs), f"-p {port} {options}"]
    keeper = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with keeper:
        said = keeper.stdout
        if said is None or (first := said.readline()) != b"ready\n":
            log = first + said.read() if said else b""
            raise RuntimeError("PostgreSQL did not start:\n" + log.decode(errors="replace"))
        yield f"postgresql://tests@127.0.0.1:{port}/postgres"


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
