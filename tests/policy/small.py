"""A small content folder that is right in every way, to break in one way at a time."""

import json
import shutil
from pathlib import Path
from typing import Any

from tests.policy.conftest import CONTENT, LANGUAGES

NEUTRAL = {
    "ar": {"title": "عنوان", "messages": ["هنا شيء واحد.", "وهنا شيء آخر."]},
    "zh": {"title": "标题", "messages": ["这里有一件事。", "这里还有一件。"]},
    "en": {"title": "A title", "messages": ["Here is one thing.", "Here is another."]},
    "fr": {"title": "Un titre", "messages": ["Voici une chose.", "En voici une autre."]},
    "ru": {"title": "Заголовок", "messages": ["Вот одно дело.", "А вот другое."]},
    "es": {"title": "Un título", "messages": ["Aquí hay una cosa.", "Aquí hay otra."]},
}
PAGE = {
    "ar": "صفحة",
    "zh": "网页",
    "en": "A page",
    "fr": "Une page",
    "ru": "Страница",
    "es": "Una página",
}
NO_FRENCH = {lang: name for lang, name in PAGE.items() if lang != "fr"}
USUAL = {"ar": "معتاد", "zh": "常识", "en": "Usual", "fr": "Usage", "ru": "Обычай", "es": "Uso"}
SOURCES = {
    "page": {"name": PAGE, "date": "2019-07", "where": "a place"},
    "practice": {"name": USUAL, "date": "2026", "where": "nowhere"},
}


def answer(topic: str, **changes: Any) -> dict[str, Any]:
    """An answer without a fault, with some of its keys changed (``None`` takes one away)."""
    others = [name for name in ("alpha", "beta", "gamma") if name != topic]
    whole: dict[str, Any] = {
        "topic": topic,
        "reviewed": "2026-11",
        "sources": [{"source": "page", "confidence": "found"}],
        "next": others[:2],
        **NEUTRAL,
        **changes,
    }
    return {key: value for key, value in whole.items() if value is not None}


def write(content: Path, *given: dict[str, Any], sources: Any = SOURCES) -> Path:
    """Write a content folder with three plain topics and the given ones; JSON is YAML too."""
    folder = content / "policy"
    folder.mkdir(parents=True)
    for lang in LANGUAGES:
        words = content / "messages" / lang
        words.mkdir(parents=True)
        shutil.copy(CONTENT / "messages" / lang / "policy.yml", words)
    topics = {name: answer(name) for name in ("alpha", "beta", "gamma")}
    topics |= {one.get("topic", "nameless"): one for one in given}
    for name, one in topics.items():
        put(folder / f"{name}.yml", one)
    put(folder / "sources.yml", sources)
    return content


def put(path: Path, value: Any) -> None:
    """Write one file, one key a line so that line numbers mean something."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")


def saying(topic: str, lang: str, *sentences: str) -> dict[str, Any]:
    """An answer whose last message, in one language, holds these sentences."""
    block = NEUTRAL[lang]
    messages = [block["messages"][0], " ".join(sentences)]
    return answer(topic, **{lang: {"title": block["title"], "messages": messages}})
