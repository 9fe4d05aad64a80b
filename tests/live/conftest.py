"""One running demo for all tests that only talk to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.live import Live, start, stop
from tests.support.talk import Talk


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One running demo for all tests that only talk to it."""
    running = start(tmp_path_factory.mktemp("live"))
    yield running
    assert stop(running) == 0


@pytest.fixture
def talk(live: Live) -> Talk:
    """Somebody who opens the chat in English."""
    return live.talk().opens()


@pytest.fixture
def parle(live: Live) -> Talk:
    """Somebody who opens the chat in French."""
    return live.talk("fr").opens()
