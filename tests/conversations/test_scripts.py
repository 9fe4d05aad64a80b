"""The scripted conversations, each against the real engine, gate, actions and store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.conversations.script import Script, messages, play, scripts
from tests.support.live import Live, start, stop

SCRIPTS = scripts()
#: So many conversations a language has at least.
LEAST = 15


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One running demo for all scripts."""
    running = start(tmp_path_factory.mktemp("scripts"))
    yield running
    assert stop(running) == 0


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: f"{s.lang}: {s.name}")
def test_conversation(script: Script, live: Live) -> None:
    play(script, live.talk(script.opens))


def test_every_language_has_its_conversations() -> None:
    counts = Counter(script.lang for script in SCRIPTS)
    assert {lang for lang in messages().languages if counts[lang] < LEAST} == set()
    names = [(script.lang, script.name) for script in SCRIPTS]
    assert len(set(names)) == len(names)
