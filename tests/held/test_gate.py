"""The browser's gate and the service's gate know the same commands and the same dangers."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.gate_export import browser_gate
from catalogue.messages import LANGUAGES
from tests.inbox.javascript import NODE
from tests.words.test_cases import calm, cases, commands, crises, words

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


def in_the_browser(lang: str, texts: list[str]) -> list[dict[str, Any]]:
    given = {"gate": browser_gate(ROOT / "content" / "gate", lang), "texts": texts}
    done = subprocess.run(
        [NODE, str(HERE / "gate.mjs")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def in_the_service(text: str, lang: str) -> dict[str, Any]:
    sign = words().recognise(text, lang)
    kind = sign.kind if sign else None
    return {
        "command": kind if kind != "crisis" else None,
        "danger": sign.danger if sign and kind == "crisis" else None,
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_recognise_the_same(lang: str) -> None:
    texts = [text for _, text in (*crises(lang), *commands(lang))] + calm(lang)
    texts += [text for part in cases(lang) for text in part.get("not_commands", ())]
    found = in_the_browser(lang, texts)
    for text, here in zip(texts, found, strict=True):
        there = in_the_service(text, lang)
        if there["command"]:
            here = {**here, "danger": None}  # a command is acted upon, whatever else it says
        assert here == there, text
    assert sum(1 for here in found if here["danger"]) > 30
    assert sum(1 for here in found if here["command"]) > 30


@pytest.mark.parametrize("lang", LANGUAGES)
def test_danger_is_found_anywhere_in_a_long_text(lang: str) -> None:
    danger = next(text for kind, text in crises(lang) if kind == "violence_now")
    for before in (0, 60, 250):
        long = " . ".join([*calm(lang)[:1] * before, danger, *calm(lang)[:1] * 100])
        assert in_the_browser(lang, [long])[0]["danger"] == "violence_now"
