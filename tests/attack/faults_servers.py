"""What is killed and comes back: services, engines, PostgreSQL as in production, Redis."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import psycopg
import redis

from tests.attack.promises import ROOT
from tests.support.live import free_port
from tests.support.postgres import _hand_over, server_programs


class Part(Protocol):
    """Something that runs, and can be killed."""

    name: str

    def start(self) -> None:
        """Start it; it may take a moment until it answers."""

    def kill(self) -> None:
        """``kill -9``, and it is gone."""

    def close(self) -> None:
        """For good."""


class Nursery:
    """Bears services and engines; see ``faults_parts``."""

    def __init__(self) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SPEAKSAFE_", "PYTEST_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.attack.faults_parts"],
            cwd=ROOT,
            env={**kept, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._ready = False

    def bear(self, name: str, env: Mapping[str, str]) -> int:
        """A new one; gives its id."""
        assert self._process.stdin and self._process.stdout
        if not self._ready:
            assert self._process.stdout.readline() == "ready\n", "the nursery has ended"
            self._ready = True
        self._process.stdin.write(json.dumps([name, dict(env)]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it, and all that it has born."""
        self._process.kill()
        self._process.communicate()


class Born:
    """A part that a nursery bears again and again.

    Args:
        nursery: of it.
        name: ``service`` or ``engine``.
        env: its environment.
    """

    def __init__(self, nursery: Nursery, name: str, env: Mapping[str, str]) -> None:
        self.name = name
        self.pid = 0
        self._nursery, self._env = nursery, env

    def start(self) -> None:
        """Bear one."""
        self.pid = self._nursery.bear(self.name, self._env)

    def lives(self) -> bool:
        """Whether it has not ended by itself."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """Kill it, wherever it is; it is gone when this returns."""
        if not self.pid:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
            while True:  # its nursery does not wait for it, so it vanishes by itself
                os.kill(self.pid, 0)
                time.sleep(0.002)
        self.pid = 0

    def close(self) -> None:
        """For good."""
        self.kill()


class Postgres:
    """A real server that keeps what it has acknowledged: nothing of its safety is switched off."""

    name = "database"

    def __init__(self) -> None:
        programs = server_programs()
        assert programs, "install postgresql; make test does it"
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="speaksafe-faults-"))
        self._as_user = _hand_over(self._folder)
        self._port = free_port()
        words = ["initdb", "-D", "data", "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-locale"]
        self._run(*words, "--data-checksums")
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://tests@127.0.0.1:{self._port}/postgres"
        self.data = self._folder / "data"

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [*self._as_user, str(self._programs / program), *words],
            cwd=self._folder,
            check=True,
            capture_output=True,
        )

    def start(self) -> None:
        """Start it; after a kill it may be refused until its last helpers have gone."""
        settings = {
            "port": str(self._port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "60",
            "max_wal_size": "128MB",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [*self._as_user, str(self._programs / "postgres"), "-D", "data", *options]
        for _ in range(200):
            self._process = subprocess.Popen(
                command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if self.answers(15.0):
                return
        raise AssertionError("PostgreSQL does not come back")

    def answers(self, patience: float) -> bool:
        """Whether it takes connections before it ends, or the time is over."""
        until = time.monotonic() + patience
        while time.monotonic() < until and self._process and self._process.poll() is None:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.Error:
                time.sleep(0.02)
            else:
                return True
        return False

    def kill(self) -> None:
        """The whole server, as if it had been pulled out."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def kill_one(self, dice: float) -> None:
        """One of those that serve a connection: the server then starts all of them anew.

        Args:
            dice: which of them, 0 to 1.
        """
        assert self._process
        listed = subprocess.run(
            ["pgrep", "-P", str(self._process.pid)], capture_output=True, text=True
        ).stdout.split()
        if listed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(listed[int(dice * len(listed))]), signal.SIGKILL)

    def stop(self) -> None:
        """Kindly, all written."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=30)

    def file_of(self, table: str) -> Path:
        """Where the rows of a table lie, all of them written."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            (row,) = connection.execute("SELECT pg_relation_filepath(%s)", (table,)).fetchall()
        return self.data / str(row[0])

    def dump(self, *words: str) -> bytes:
        """What ``pg_dump`` writes."""
        return self._tool("pg_dump", b"", *words)

    def restore(self, dump: bytes) -> None:
        """As in docs/operating.md."""
        self._tool("pg_restore", dump, "-d", "postgres", "--clean", "--if-exists")

    def _tool(self, program: str, given: bytes, *words: str) -> bytes:
        words = ("-h", "127.0.0.1", "-p", str(self._port), "-U", "tests", *words)
        command = [str(self._programs / program), *words]
        return subprocess.run(command, input=given, check=True, capture_output=True).stdout

    def close(self) -> None:
        """End it and remove its folder."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class Redis:
    """A real Redis that persists nothing; a kill takes every running chat with it."""

    name = "redis"

    def __init__(self) -> None:
        self._port = free_port()
        self._folder = tempfile.mkdtemp(prefix="speaksafe-faults-")
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        words = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir"]
        self._process = subprocess.Popen(
            ["redis-server", *words, self._folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        client = redis.Redis(port=self._port)
        for _ in range(500):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.01)
        client.close()

    def kill(self) -> None:
        """With all that it holds."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """End it and remove its folder."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextlib.contextmanager
def closing(*parts: Part) -> Iterator[None]:
    """End all of them, whatever happens."""
    try:
        yield
    finally:
        for part in parts:
            part.close()
