"""Training both models, once for each content, and what it took."""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import stock_project
from bench.systems import ROOT, BenchError, stock_environment
from service.engine_process import ENGINE_PYTHON, environment, model_path, train

#: Beside the assistant's own models, so that Rasa never takes one of these for the newest.
FOLDER = ROOT / "models" / "bench"


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model.

    Args:
        model: the archive.
        seconds: what its training took, at the time; ``None`` if it was not measured.
        size: bytes of the archive.
    """

    model: Path
    seconds: float | None
    size: int


def our_model(*, measure: bool) -> Trained:
    """Our assistant's model, the one that ``make run`` uses.

    Args:
        measure: train once more, aside, if this content's training was never measured here.
    """
    model = model_path()
    if not model.exists():
        begun = time.monotonic()
        asyncio.run(train(_tell))
        return _note(f"ours-{model.name}", model, time.monotonic() - begun)
    if known := _noted(f"ours-{model.name}", model):
        return known
    if not measure:
        return Trained(model, None, model.stat().st_size)
    _tell("Training our assistant once more, to measure it (once for each content) …")
    with tempfile.TemporaryDirectory() as out:
        command = [str(ENGINE_PYTHON), "-m", "bot.rasa.train", "--out", out]
        seconds = _train(command, ROOT, environment())
    return _note(f"ours-{model.name}", model, seconds)


def stock_model() -> Trained:
    """The stock assistant's model, trained if this content is not trained yet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stock_project.write(folder)
        model = FOLDER / f"stock-{_digest(folder)}.tar.gz"
        if known := _noted(model.name, model):
            return known
        _tell("Training the stock assistant (once for each content; about two minutes) …")
        command = [str(ENGINE_PYTHON), "-m", "rasa", "train", "--out", ".", "--fixed-model-name"]
        seconds = _train([*command, "model"], folder, stock_environment())
        FOLDER.mkdir(parents=True, exist_ok=True)
        # Copied first and renamed then: a run that is cut off leaves no half of a model.
        part = model.with_suffix(".part")
        part.write_bytes((folder / "model.tar.gz").read_bytes())
        part.replace(model)
    return _note(model.name, model, seconds)


def _train(command: list[str], cwd: Path, env: dict[str, str]) -> float:
    begun = time.monotonic()
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False)
    if done.returncode:
        raise BenchError(f"training failed: {done.stderr[-2000:].decode(errors='replace')}")
    return time.monotonic() - begun


def _digest(folder: Path) -> str:
    digest = hashlib.sha256((ROOT / "requirements" / "engine.lock").read_bytes())
    for path in sorted(p for p in folder.rglob("*.yml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _note(name: str, model: Path, seconds: float) -> Trained:
    trained = Trained(model, seconds, model.stat().st_size)
    FOLDER.mkdir(parents=True, exist_ok=True)
    note = asdict(trained) | {"model": model.name}
    (FOLDER / f"{name}.json").write_text(json.dumps(note), encoding="utf-8")
    return trained


def _noted(name: str, model: Path) -> Trained | None:
    note = FOLDER / f"{name}.json"
    if not note.exists() or not model.exists():
        return None
    return Trained(model, json.loads(note.read_text())["seconds"], model.stat().st_size)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
