"""The real service with the real actions in a process of its own, the machine learning left out.

Started by `running`; its memory can be searched, because nothing of the test lies in it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.live import free_port

ROOT = Path(__file__).resolve().parents[2]
CONTROL = "SPEAKSAFE_TEST_CONTROL"

#: What several of them have in common, if they are to be replicas.
_SHARED = {
    "SPEAKSAFE_DATABASE_URL",
    "SPEAKSAFE_REDIS_URL",
    "SPEAKSAFE_STATE_KEY",
    "SPEAKSAFE_SUITE",
}


@dataclass
class RulesService:
    """A running service."""

    origin: str
    data_dir: Path
    process: subprocess.Popen[str]

    @property
    def sign_ins(self) -> dict[str, str]:
        """Name and passphrase of the demo's accounts."""
        found: dict[str, str] = json.loads((self.data_dir / "demo" / "sign-ins.json").read_text())
        return found

    def memory(self) -> Iterator[bytes]:
        """What lies in the memory of the process, a region at a time."""
        proc = Path("/proc") / str(self.process.pid)
        with (proc / "mem").open("rb", buffering=0) as memory:
            for line in (proc / "maps").read_text().splitlines():
                span, rights, *_ = line.split()
                if not rights.startswith("rw"):
                    continue
                start, end = (int(edge, 16) for edge in span.split("-"))
                with suppress(OSError, ValueError):
                    memory.seek(start)
                    yield memory.read(end - start)

    def remembers(self, *words: str) -> set[str]:
        """Which of these words lie in its memory, in any form that a text has in there."""
        forms = {
            word: {word.encode(code) for code in ("utf-8", "utf-16-le", "utf-32-le")}
            | {json.dumps(word)[1:-1].encode()}
            for word in words
        }
        found = set()
        for region in self.memory():
            found |= {word for word, each in forms.items() if any(one in region for one in each)}
        return found


@contextmanager
def running(data_dir: Path, control: str = "") -> Iterator[RulesService]:
    """Start it, and stop it afterwards.

    Args:
        data_dir: where its data lies.
        control: a word that lies in its memory for certain.
    """
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.rules_service", str(data_dir), str(port)],
        cwd=ROOT,
        env={**os.environ, CONTROL: control},
        text=True,
    )
    origin = f"http://127.0.0.1:{port}"
    try:
        _wait(origin, process)
        yield RulesService(origin, data_dir, process)
    finally:
        process.terminate()
        process.wait(20)


def _wait(origin: str, process: subprocess.Popen[str]) -> None:
    transport = httpx.HTTPTransport(retries=0)
    with httpx.Client(transport=transport, trust_env=False) as http:
        while process.poll() is None:
            with suppress(httpx.HTTPError):
                if http.get(f"{origin}/healthz").is_success:
                    return
    raise AssertionError("the service did not start")


def _serve(data_dir: Path, port: int) -> None:
    import uvicorn

    import service.parts
    from bot.engine import Engine
    from service.app import public_app
    from service.demo import prepare
    from service.settings import Settings
    from service.storage import Storage
    from tests.support.line import TransportLine
    from tests.support.rules_engine import RulesEngine

    engine = RulesEngine()
    line = TransportLine(engine)
    setattr(service.parts, "Engine", lambda url, token: Engine(url, token, line))  # noqa: B010
    url = f"http://127.0.0.1:{port}"
    own = {"SPEAKSAFE_DATA_DIR": str(data_dir), "SPEAKSAFE_PUBLIC_URL": url}
    settings = Settings.read(own | {name: os.environ[name] for name in _SHARED & os.environ.keys()})
    storage = Storage.open(settings)
    parts = service.parts.build(settings, storage, "http://engine", "token")
    engine.executor = parts.executor
    prepare(storage, data_dir, parts.instrument_ref)
    app = public_app(parts, demo=True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
