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
