"""The two systems: started, trained, weighed, ended; in the same engine runtime."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

from bench import stock_project
from service.engine_process import ENGINE_PYTHON, free_port

ROOT = Path(__file__).resolve().parents[1]
SERVICE_PYTHON = ROOT / ".venv" / "service" / "bin" / "python"
PATIENCE = 240.0


class BenchError(Exception):
    """A system does not start; the text says which and shows the end of its log."""


@dataclass(frozen=True, slots=True)
class Started:
    """A system that answers.

    Args:
        url: where.
        seconds: from its start until it answered that it is ready.
        processes: what was started; their children belong to them.
    """

    url: str
    seconds: float
    processes: tuple[subprocess.Popen[bytes], ...]

    def memory(self) -> int:
        """Resident bytes of all processes together. What they share counts for each."""
        return sum(process.memory_info().rss for process in self._all())

    def fair_memory(self) -> int:
        """The same, what several share counted once: each has its part of it (PSS, Linux)."""
        return sum(process.memory_full_info().pss for process in self._all())

    def cpu_seconds(self) -> dict[str, float]:
        """Processor time of each process so far, by what it is."""
        used: dict[str, float] = {}
        for process in self._all():
            times = process.cpu_times()
            name = _what(process.cmdline())
            used[name] = used.get(name, 0.0) + times.user + times.system
        return used

    def _all(self) -> list[psutil.Process]:
        tops = [psutil.Process(process.pid) for process in self.processes]
        return [p for top in tops for p in (top, *top.children(recursive=True))]


def _what(command: list[str]) -> str:
    known = {"rasa": "engine", "bot.rasa.serve": "engine", "rasa_sdk": "actions"}
    return next((known[word] for word in command if word in known), "service")


@contextlib.contextmanager
def ours(**settings: str) -> Iterator[Started]:
    """Our system as ``make run`` starts it, on an empty store that goes away again.

    Args:
        settings: what is set besides, by its name in the environment.
    """
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SPEAKSAFE_")}
        env = kept | {"PORT": str(port), "SPEAKSAFE_DATA_DIR": folder} | settings
        command = [str(SERVICE_PYTHON), "-m", "service.cli", "run"]
        with _running([command], env, ROOT, f"http://127.0.0.1:{port}", "/readyz") as started:
            yield started


@contextlib.contextmanager
def stock(model: Path) -> Iterator[Started]:
    """Stock Rasa with its REST channel, SQLite tracker store and the SDK's action server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stock_project.write(folder)
        port, actions = free_port(), free_port()
        endpoints = {
            "action_endpoint": {"url": f"http://127.0.0.1:{actions}/webhook"},
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(folder / "t.db")},
        }
        (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
        python = str(ENGINE_PYTHON)
        commands = [
            [python, "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions)],
            [
                *(python, "-m", "rasa", "run", "--model", str(model)),
                *("--interface", "127.0.0.1", "--port", str(port)),
                *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
            ],
        ]
        url = f"http://127.0.0.1:{port}"
        with _running(commands, stock_environment(), folder, url, "/webhooks/rest/") as started:
            yield started


def stock_environment() -> dict[str, str]:
    """The engine's environment as a newcomer has it, with telemetry off."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


@contextlib.contextmanager
def _running(
    commands: list[list[str]], env: dict[str, str], cwd: Path, url: str, path: str
) -> Iterator[Started]:
    with tempfile.TemporaryFile() as log, contextlib.ExitStack() as ends:
        begun = time.monotonic()
        processes = []
        for command in commands:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            ends.callback(_end, process)
            processes.append(process)
        while not answers(url + path):
            if time.monotonic() - begun > PATIENCE or any(p.poll() is not None for p in processes):
                log.seek(0)
                raise BenchError(f"{commands[-1][2]}: {log.read()[-2000:].decode()}")
            time.sleep(0.1)
        yield Started(url, time.monotonic() - begun, tuple(processes))


def answers(url: str) -> bool:
    """Whether it answers with 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (our own loopback)
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
