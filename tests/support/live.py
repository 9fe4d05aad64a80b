"""The whole system, started as a newcomer starts it, and its command line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support.talk import Talk

ROOT = Path(__file__).resolve().parents[2]
SERVICE = ROOT / ".venv" / "service" / "bin" / "python"


@dataclass
class Live:
    """A running system and its command line."""

    url: str
    data_dir: Path
    env: dict[str, str]
    process: subprocess.Popen[str]
    printed: list[str] = field(default_factory=list)

    def talk(self, lang: str | None = "en") -> Talk:
        """Somebody who has not said anything yet."""
        return Talk(httpx.Client(base_url=self.url, timeout=60, trust_env=False), lang)

    def speaksafe(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run the command line on the same data."""
        return subprocess.run(
            [str(SERVICE), "-m", "service.cli", *words],
            cwd=ROOT,
            env=self.env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=180,
        )

    @property
    def sign_ins(self) -> dict[str, str]:
        """Name and passphrase of the demo's accounts."""
        found: dict[str, str] = json.loads((self.data_dir / "demo" / "sign-ins.json").read_text())
        return found

    def engine_pids(self) -> list[int]:
        """The engine's processes, one a worker."""
        children = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", "bot.rasa.serve"],
            capture_output=True,
            text=True,
        )
        return [int(pid) for pid in children.stdout.split()]

    def ready(self) -> bool:
        """Whether it says that it is ready."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).is_success
        except httpx.HTTPError:
            return False


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data_dir: Path, **settings: str) -> Live:
    """Start the system and wait until it says that it is ready."""
    port = free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SPEAKSAFE_", "PYTEST_"))}
    env = kept | {"PORT": str(port), "SPEAKSAFE_DATA_DIR": str(data_dir)} | settings
    process = subprocess.Popen(
        [str(SERVICE), "-m", "service.cli", "run"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    live = Live(f"http://127.0.0.1:{port}", data_dir, env, process)
    ready = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            live.printed.append(line)
            if re.match("Speaksafe is ready", line):
                ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    ready.wait(timeout=240)
    assert process.poll() is None, "".join(live.printed)
    return live


def stop(live: Live, number: signal.Signals = signal.SIGTERM) -> int:
    """End it and return its exit code."""
    live.process.send_signal(number)
    return live.process.wait(timeout=40)
