"""Rounds as no real one would be: random sizes, random leanings, whole groups that answer alike."""

from __future__ import annotations

import random
from typing import Any

from survey.model import Instrument, Item


def wild(instrument: Instrument, seed: int) -> list[dict[str, Any]]:
    """The answers of a round, of 10 to some hundred people; the same for the same seed.

    Args:
        instrument: its conditions are kept, as the questionnaire itself keeps them.
        seed: of everything random.
    """
    chance = random.Random(seed)
    people = int(10 * 1.6 ** chance.uniform(0, 9))
    skipping = chance.choice((0.0, 0.02, 0.3))
    leaning = {
        item.id: [chance.choice((0, 0.01, 0.1, 0.3, 1, 3)) for _ in item.options]
        for item in instrument.items()
    }
    return [_person(instrument, leaning, skipping, chance) for _ in range(people)]


def _person(
    instrument: Instrument, leaning: dict[str, list[float]], skipping: float, chance: random.Random
) -> dict[str, Any]:
    codes: dict[str, list[str]] = {}
    for item in instrument.items():
        asked = item.ask_if is None or item.ask_if.holds(codes)
        if item.stored and item.options and asked and chance.random() >= skipping:
            codes[item.id] = _choose(item, leaning[item.id], chance)
    return {
        name: found if instrument.item(name).kind == "multi" else found[0]  # type: ignore[union-attr]
        for name, found in codes.items()
    }


def _choose(item: Item, weights: list[float], chance: random.Random) -> list[str]:
    if not any(weights):
        weights = [1.0] * len(weights)
    first = chance.choices(item.options, weights)[0]
    if item.kind != "multi" or first.alone:
        return [first.code]
    more = chance.choices(item.options, weights, k=chance.randint(0, 3))
    return sorted({first.code, *(o.code for o in more if not o.alone)})
