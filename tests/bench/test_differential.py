"""The tuned engine answers as the stock one does; ``bench.differential`` plays far more."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.differential import different, main
from bench.recorded import conversations
from service.engine_process import model_path


@pytest.mark.engine
def test_stock_and_tuned_engine_do_the_same() -> None:
    assert model_path().exists(), "train first: make train"
    assert main(["--count", "15"]) == 0


def test_a_difference_is_seen_and_so_is_a_missing_turn(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("a\nb\nc\n")
    other.write_text("a\nX\n")
    assert different(one, other) == (3, [1, 2])
    assert different(one, one) == (3, [])


def test_the_conversations_are_always_the_same_and_of_every_kind() -> None:
    first = conversations(200)
    assert first == conversations(200)
    turns = [turn for one in first for turn in one["turns"]]
    assert {one["lang"] for one in first} == {"ar", "en", "es", "fr", "ru", "zh"}
    assert any("choice" in turn for turn in turns)
    assert any(turn.get("text") == "" for turn in turns)
    assert not all(turn["told"] for turn in turns)
