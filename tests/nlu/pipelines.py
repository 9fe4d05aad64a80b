"""Compare pipelines: what else could understand, and how well, by one and the same measure.

    .venv/engine/bin/python tests/nlu/pipelines.py              cross-validation, then the test sets
    ... --folds 0                                               the test sets only
    ... --only kernel                                           pipelines whose name has this word
    ... --taught en --tested en --diet 40                       one language; Rasa's DIET as well

Written as a table in Markdown, for docs/understanding.md. Shares are per cent, for each set: the
very topic is right / its family is / it is among the first three. Nothing here is used by the
assistant; it uses the last of the pipelines.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.nlu.candidates import PIPELINES, Pipeline
from tests.nlu.evaluate import LANGUAGES, ROOT, families, read, training

#: Sentences to measure the time of one with.
_TIMED = 60


@dataclass(frozen=True)
class Set:
    """Sentences and what each means.

    Args:
        texts: as typed.
        wanted: full intent names.
    """

    texts: list[str]
    wanted: np.ndarray


def measure(model: Any, tested: Set) -> tuple[float, float, float]:
    """The share of sentences whose very topic, family, or topic among the first three is right."""
    scores = model.scores(tested.texts)
    order = np.argsort(-scores, axis=1)[:, :3]
    first = model.labels[order]
    family = families()
    topic = float((first[:, 0] == tested.wanted).mean())
    pairs = zip(first[:, 0], tested.wanted, strict=True)
    same = float(np.mean([family[one] == family[other] for one, other in pairs]))
    return topic, same, float((first == tested.wanted[:, None]).any(axis=1).mean())


def _shown(found: tuple[float, ...]) -> str:
    return " / ".join(f"{100 * share:.1f}" for share in found)


def _timed(model: Any, texts: Sequence[str]) -> float:
    spent = []
    for text in texts[:_TIMED]:
        begun = time.perf_counter()
        model.scores([text])
        spent.append(1000 * (time.perf_counter() - begun))
    return float(np.median(spent))


def frozen(lang: str) -> Set:
    """The test sentences of a language."""
    pairs = read(ROOT / "tests" / "nlu" / f"test_{lang}.yml")
    return Set([t for t, _ in pairs], np.array([i for _, i in pairs]))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description="compare pipelines")
    options.add_argument("--folds", type=int, default=3)
    options.add_argument("--only", default="")
    options.add_argument("--taught", default=",".join(LANGUAGES))
    options.add_argument("--tested", default=",".join(LANGUAGES))
    options.add_argument("--diet", type=int, default=0, help="epochs; 0 leaves it out")
    chosen = options.parse_args()
    taught = [e for lang, es in training().items() if lang in chosen.taught for e in es]
    texts, labels = [t for t, _ in taught], np.array([i for _, i in taught])
    tested = {lang: frozen(lang) for lang in chosen.tested.split(",")}
    makers: dict[str, Callable[[], Any]] = {
        name: (lambda make=make: Pipeline(make()))
        for name, make in PIPELINES.items()
        if chosen.only in name
    }
    if chosen.diet:
        from tests.nlu.diet import Diet  # starts TensorFlow

        makers[f"DIET, {chosen.diet} epochs"] = partial(Diet, chosen.diet)
    fold = np.random.default_rng(1).permutation(len(texts)) % max(1, chosen.folds)
    print(f"{len(texts)} sentences taught; topic / family / among the first three, %\n")
    print("| pipeline | cross-validation |", *(f" {lang} |" for lang in tested), " ms | fit s |")
    print("|---|---|" + "---|" * len(tested) + "---:|---:|")
    for name, make in makers.items():
        try:
            print(_line(name, make, Set(texts, labels), fold, chosen.folds, tested), flush=True)
        except ImportError as missing:
            print(f"| {name} | {missing.name} is not installed |")


def _line(
    name: str,
    make: Callable[[], Any],
    taught: Set,
    fold: np.ndarray,
    folds: int,
    tested: dict[str, Set],
) -> str:
    found = []
    for number in range(folds):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        model = make()
        model.fit([taught.texts[i] for i in inside], taught.wanted[inside])
        found.append(measure(model, _part(taught, outside)))
    crossed = _shown(tuple(np.mean(found, axis=0))) if found else ""
    model = make()
    begun = time.perf_counter()
    model.fit(taught.texts, taught.wanted)
    spent = time.perf_counter() - begun
    cells = [_shown(measure(model, part)) for part in tested.values()]
    unseen = next(iter(tested.values())).texts
    cells += [f"{_timed(model, unseen):.1f}", f"{spent:.0f}"]
    return f"| {name} | {crossed} | {' | '.join(cells)} |"


def _part(whole: Set, rows: np.ndarray) -> Set:
    return Set([whole.texts[i] for i in rows], whole.wanted[rows])


if __name__ == "__main__":
    main()
