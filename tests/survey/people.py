"""Synthetic answers, made by a seeded generator: no person stands behind any of them."""

from __future__ import annotations

import random
from typing import Any

from survey.model import Instrument, Item


def synthetic(instrument: Instrument, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Documents of answers that follow the questionnaire's own logic."""
    chance = random.Random(seed)
    return [_person(instrument, chance) for _ in range(count)]


def _person(instrument: Instrument, chance: random.Random) -> dict[str, Any]:
    mood = chance.gauss(0.45, 0.25)
    codes: dict[str, list[str]] = {}
    answers: dict[str, Any] = {}
    for item in instrument.items():
        if not item.stored or chance.random() < 0.06:
            continue
        if item.ask_if and not item.ask_if.holds(codes):
            continue
        if item.kind == "text":
            answers[item.id] = "a synthetic sentence that must stay sealed"
            continue
        codes[item.id] = _choose(item, chance, mood)
        answers[item.id] = codes[item.id] if item.kind == "multi" else codes[item.id][0]
    return {"instrument": instrument.id, "version": instrument.version, "answers": answers}


def _choose(item: Item, chance: random.Random, mood: float) -> list[str]:
    usual = [option for option in item.options if not option.apart and not option.alone]
    apart = [option for option in item.options if option not in usual]
    if apart and chance.random() < 0.12:
        return [chance.choice(apart).code]
    if item.kind == "multi":
        return sorted({chance.choice(usual).code for _ in range(chance.randint(1, 4))})
    if item.kind == "scale":
        lean = sum(map(ord, item.id)) % 9 / 20 - 0.2  # items differ, each in its own way
        place = min(max(mood + lean + chance.gauss(0, 0.18), 0.0), 0.999)
        return [usual[int((1 - place) * len(usual)) if place else -1].code]
    weights = [len(usual) + 1 - number for number in range(len(usual))]
    return [chance.choices(usual, weights)[0].code]
