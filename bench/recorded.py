"""Conversations for the comparison of the two engines: always the same, from the test sets.

What people typed comes from the frozen sets in six languages, what they pressed from the choices
that our walks and menus offer. The actions' answers are made up by the player
(``tests/engine/play.py``), also such as a failing or foreign action server would give.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]

#: How many conversations there are.
COUNT = 1000

#: What a pressed choice may mean.
PRESSED = (
    *("menu_survey", "menu_report", "menu_return", "menu_support", "menu_policy", "greet"),
    *("choose", "choose", "choose", "choose", "source", "repeat", "nlu_fallback"),
    *("faq/deadlines", "faq/definition", "faq/anonymous_report"),
)

#: Texts that no test set has, and that an engine must bear.
ODD = (
    "",
    "/greet",
    "/restart",
    "a" * 3000,
    "\u200f\n\t",
    "{}",
    '/choose{"option": "1"}',
    "🙂",
    "…",
)


def conversations(count: int = COUNT) -> list[dict[str, Any]]:
    """The first conversations of the list.

    Args:
        count: how many.

    Returns:
        Each with ``sender``, ``lang`` and ``turns``; a turn has ``text``, or ``intent`` and
        ``choice``, and says whether the caller tells the slots (``told``) and whether the gate
        has spoken already (``calmed``).
    """
    sentences = _sentences()
    return [_one(number, sentences) for number in range(count)]


def _one(number: int, sentences: dict[str, list[str]]) -> dict[str, Any]:
    dice = random.Random(number)
    lang = dice.choice(sorted(sentences))
    turns = [_turn(dice, sentences[lang]) for _ in range(dice.randint(3, 9))]
    return {"sender": f"{number:064x}", "lang": lang, "turns": turns}


def _turn(dice: random.Random, sentences: list[str]) -> dict[str, Any]:
    turn: dict[str, Any] = {"told": dice.random() < 0.95, "calmed": dice.random() < 0.05}
    kind = dice.random()
    if kind < 0.5:
        return turn | {"intent": dice.choice(PRESSED), "choice": f"do:{dice.randint(1, 9)}"}
    if kind < 0.55:
        return turn | {"text": dice.choice(ODD)}
    return turn | {"text": " ".join(dice.sample(sentences, 1 if kind < 0.9 else 3))}


def _sentences() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests" / "nlu").glob("test_??.yml")):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        lines = [line for entry in entries for line in entry["examples"].splitlines()]
        found[path.stem.removeprefix("test_")] = [line.removeprefix("- ") for line in lines]
    return found
