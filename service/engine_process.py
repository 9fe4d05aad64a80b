"""Training the engine and keeping it running, in its own runtime, with nothing it need not have."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import os
import signal
import socket
import subprocess
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from service.settings import ROOT

#: The engine's own Python (3.10), made by ``make`` from requirements/engine.lock.
ENGINE_PYTHON = ROOT / ".venv" / "engine" / "bin" / "python"

#: What the model is made of: a change in any of these files trains anew, nothing else does.
_INGREDIENTS = ("config.yml", "domain.yml", "data", "bot/rasa", "requirements/engine.lock")

#: What in bot/rasa only serves a model, and has no part in making it.
_SERVING = ("bot/rasa/serve.py", "bot/rasa/channel.py", "bot/rasa/tracker_store.py")
_SERVING_FOLDER = "bot/rasa/fast/"

#: Seconds after which an engine that does not answer is given up.
START_PATIENCE = 180.0

#: How many threads a matrix is worked on with.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")

#: More than this many engines need another machine before they need another core.
MOST_WORKERS = 4

Tell = Callable[[str], None]


class EngineError(Exception):
    """The engine cannot be trained or started; the text is one clear line for the operator."""


def model_path() -> Path:
    """Where the model of the present sources lies, or will lie: named by their content."""
    digest = hashlib.sha256()
    for ingredient in _INGREDIENTS:
        top = ROOT / ingredient
        files = [top] if top.is_file() else sorted(p for p in top.rglob("*") if p.is_file())
        for path in files:
            name = path.relative_to(ROOT).as_posix()
            serving = name in _SERVING or name.startswith(_SERVING_FOLDER)
            if path.suffix in {".yml", ".py", ".lock"} and not serving:
                digest.update(name.encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return ROOT / "models" / f"{digest.hexdigest()[:16]}.tar.gz"


def is_trained() -> bool:
    """Whether the present sources are trained, and the model is whole.

    Raises:
        EngineError: it is there and broken.
    """
    model = model_path()
    if model.exists():
        _require_whole(model)
    return model.exists()


async def train(tell: Tell) -> Path:
    """Train the model unless the present sources are trained already.

    Args:
        tell: shows progress to whoever waits.

    Raises:
        EngineError: the engine's runtime is missing, or training failed.
    """
    model = model_path()
    if is_trained():
        return model
    _require_runtime()
    tell("Training the assistant (once; about a minute and a half) …")
    process = await asyncio.create_subprocess_exec(
        *(str(ENGINE_PYTHON), "-m", "bot.rasa.train", "--out", "models"),
        *("--name", f"new-{model.name.removesuffix('.tar.gz')}"),
        cwd=ROOT,
        # Training solves one large system of equations, which gains from every core.
        env=environment() | dict.fromkeys(_THREADS, str(os.cpu_count() or 1)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    ticking = asyncio.create_task(_tick(tell))
    try:
        output, _ = await process.communicate()
    finally:
        ticking.cancel()
        if process.returncode is None:
            process.kill()
    made = model.with_name(f"new-{model.name}")
    if process.returncode or not made.exists():
        last = output.decode(errors="replace").strip().splitlines()[-1:]
        raise EngineError(f"training failed: {''.join(last) or 'no output'}; see `make train`")
    # Under its final name only when it is whole: a training that is cut off leaves no model.
    made.replace(model)
    return model


async def _tick(tell: Tell) -> None:
    for seconds in range(10, 3600, 10):
        await asyncio.sleep(10)
        tell(f"  … still training ({seconds} s)")


def environment() -> dict[str, str]:
    """The engine's environment: no setting, key or address of the service is in it."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "SPEAKSAFE_ENGINE_PLAIN")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    return env | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        # numpy and scikit-learn would start a thread a core for matrices of one row.
        **dict.fromkeys(_THREADS, "1"),
    }


def _require_whole(model: Path) -> None:
    """The engine would start on a broken model, and never answer."""
    try:
        with gzip.open(model) as packed:
            if not packed.read(1):
                raise EOFError
            while packed.read(1 << 20):
                pass
    except (OSError, EOFError, zlib.error):
        raise EngineError(f"models/{model.name} is broken; remove it and start again") from None


def _require_runtime() -> None:
    if not ENGINE_PYTHON.exists():
        raise EngineError("the engine's Python is missing; run `make setup`")


def free_port() -> int:
    """A port on this machine that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class EngineProcess:
    """One engine on this machine, reached over loopback.

    Args:
        model: the trained model.
        port: where it listens.
        actions_url: where it has its actions run.
        token: the secret that it shares with the service.
        state: environment for its tracker store (a common key and Redis), if there is one.
        log: a file for its log, which holds names of places in the code and nothing else.
    """

    def __init__(
        self,
        model: Path,
        port: int,
        actions_url: str,
        token: str,
        state: dict[str, str],
        log: Path,
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._command = [
            *(str(ENGINE_PYTHON), "-m", "bot.rasa.serve", "--tied"),
            *("--model", str(model), "--port", str(port), "--actions", actions_url),
        ]
        self._env = environment() | state | {"SPEAKSAFE_ENGINE_TOKEN": token}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it ends with this process, however this process ends."""
        _require_runtime()
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is ours to handle, in the right order
            )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    async def stop(self) -> None:
        """End it, kindly at first."""
        process = self._process
        if process is None:
            return
        self._signal(signal.SIGTERM)
        for _ in range(50):
            if process.poll() is not None:
                break
            await asyncio.sleep(0.1)
        self._signal(signal.SIGKILL)
        await asyncio.to_thread(process.wait)
        if process.stdin:
            with contextlib.suppress(OSError):
                process.stdin.close()
        self._process = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)


def usual_workers() -> int:
    """How many engines serve best here: one a core, up to four; each takes some 400 MB."""
    return max(1, min(len(os.sched_getaffinity(0)), MOST_WORKERS))


class EngineProcesses:
    """Several engines that do the same work, as one.

    Args:
        workers: each on a port of its own.
    """

    def __init__(self, workers: Sequence[EngineProcess]) -> None:
        self.workers = tuple(workers)
        self.url = ",".join(worker.url for worker in self.workers)

    def start(self) -> None:
        """Start those that do not run."""
        for worker in self.workers:
            if not worker.alive:
                worker.start()

    @property
    def alive(self) -> bool:
        """Whether all of them run."""
        return all(worker.alive for worker in self.workers)

    async def stop(self) -> None:
        """End them, kindly at first."""
        await asyncio.gather(*(worker.stop() for worker in self.workers))
