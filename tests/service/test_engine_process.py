"""A model that is broken is said in one line, not waited for."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest

from service import engine_process

WHOLE = gzip.compress(b"a model" * 1000)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "abc.tar.gz"
    monkeypatch.setattr(engine_process, "model_path", lambda: path)
    return path


@pytest.mark.parametrize("broken", [b"", b"nonsense", WHOLE[:-20], WHOLE[:10] + b"\xff" * 50])
def test_a_broken_model_is_named(model: Path, broken: bytes) -> None:
    model.write_bytes(broken)
    with pytest.raises(engine_process.EngineError, match="is broken; remove it"):
        asyncio.run(engine_process.train(lambda _: None))


def test_a_whole_model_is_taken(model: Path) -> None:
    model.write_bytes(WHOLE)
    assert asyncio.run(engine_process.train(lambda _: None)) == model


class FakeProcess(engine_process.EngineProcess):
    """A worker without a process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.starts = 0
        self.running = False

    def start(self) -> None:
        self.starts += 1
        self.running = True

    @property
    def alive(self) -> bool:
        return self.running

    async def stop(self) -> None:
        self.running = False


async def test_several_workers_are_one_engine() -> None:
    one, two = FakeProcess("http://one"), FakeProcess("http://two")
    both = engine_process.EngineProcesses([one, two])
    assert both.url == "http://one,http://two"
    both.start()
    assert both.alive
    one.running = False
    assert not both.alive
    both.start()
    assert (one.starts, two.starts) == (2, 1), "who runs is left alone"
    await both.stop()
    assert not (one.alive or two.alive)


def test_what_serves_a_model_has_no_part_in_making_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_process, "ROOT", tmp_path)
    for name in ("config.yml", "domain.yml", "requirements/engine.lock", "data/nlu.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    for name in ("classifier.py", "serve.py", "fast/graph.py"):
        (tmp_path / "bot/rasa" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bot/rasa" / name).write_text(name)
    before = engine_process.model_path()
    for name in ("serve.py", "fast/graph.py"):
        (tmp_path / "bot/rasa" / name).write_text("changed")
        assert engine_process.model_path() == before
    (tmp_path / "bot/rasa/classifier.py").write_text("changed")
    assert engine_process.model_path() != before
