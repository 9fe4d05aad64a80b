"""Nothing that people read is missing or outdated in any language."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.messages import BASE, LANGUAGES, Messages
from catalogue.translations import accept, gaps, units

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
SPOKEN = Messages.load(CONTENT).languages


@pytest.mark.parametrize("lang", [lang for lang in SPOKEN if lang != BASE])
def test_nothing_is_missing_or_stale(lang: str) -> None:
    found = gaps(CONTENT, lang)
    assert found.missing == ()
    assert found.stale == (), "look at the translation, then: speaksafe translations accept"


def test_everything_that_people_read_is_looked_at() -> None:
    names = units(CONTENT)
    assert len(names) > 1000
    for start in ("messages/gate.", "policy/", "instruments/", "entities/", "routes/"):
        assert any(name.startswith(start) for name in names), start
    assert {lang for texts in names.values() for lang in texts} <= set(LANGUAGES)


def test_a_changed_english_text_makes_its_translation_stale(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    talk = content / "messages" / BASE / "talk.yml"
    before = talk.read_text(encoding="utf-8")
    assert before.count("Get support now") == 1
    talk.write_text(before.replace("Get support now", "Find support now"), encoding="utf-8")
    assert gaps(content, "fr").stale == ("messages/talk.choice.support",)
    assert accept(content, "fr", ["messages/talk.choice.support"]) == 1
    assert gaps(content, "fr").stale == ()


def test_a_text_without_a_translation_is_missing(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    answer = content / "policy" / "deadlines.yml"
    text = answer.read_text(encoding="utf-8")
    answer.write_text(text[: text.index("\nfr:")], encoding="utf-8")
    assert gaps(content, "fr").missing == ("policy/deadlines",)
