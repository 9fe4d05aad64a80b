"""Measure the topic classifier without starting Rasa.

    .venv/engine/bin/python tests/nlu/evaluate.py [--cross-validate] [--misses]

Trains on data/nlu, asks the frozen sentences of tests/nlu/test_<lang>.yml, and prints for each
language how often the intent, its family and the right choice among three are found, which pairs
are mixed up, how honest the confidence is, and what an answer costs. Numbers are shares of 1;
times are milliseconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml
from sklearn.model_selection import StratifiedKFold

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.rasa.topics import TopicModel  # noqa: E402

Examples = list[tuple[str, str]]


def read(path: Path) -> Examples:
    """Sentences of one Rasa NLU file with their full intent name."""
    found: Examples = []
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in block["examples"].splitlines():
            if line.startswith("- "):
                found.append((line[2:].strip(), block["intent"]))
    return found


def training() -> dict[str, Examples]:
    """Training sentences of each language."""
    languages = sorted(p.name for p in (ROOT / "data" / "nlu").iterdir() if p.is_dir())
    found = {
        lang: [e for p in sorted((ROOT / "data" / "nlu" / lang).glob("*.yml")) for e in read(p)]
        for lang in languages
    }
    return {lang: examples for lang, examples in found.items() if examples}


def frozen() -> dict[str, Examples]:
    """The sentences kept aside: `test_<lang>`, and `blind_<lang>`, whose misses nobody reads."""
    folder = ROOT / "tests" / "nlu"
    found = [*sorted(folder.glob("test_*.yml")), *sorted(folder.glob("blind_*.yml"))]
    return {path.stem: read(path) for path in found}


def families() -> dict[str, str]:
    """The family of each full intent name."""
    table = yaml.safe_load((ROOT / "tests" / "nlu" / "families.yml").read_text(encoding="utf-8"))
    return {intent: family for family, intents in table.items() for intent in intents}


class Score:
    """How a set of decisions compares with what was meant."""

    def __init__(self, labels: Sequence[str], chances: np.ndarray, wanted: Sequence[str]) -> None:
        order = np.argsort(-chances, axis=1, kind="stable")
        family = families()
        self.first = [labels[i] for i in order[:, 0]]
        self.confidence = chances.max(axis=1)
        self.right = np.array([a == b for a, b in zip(self.first, wanted, strict=True)])
        self.family = np.array(
            [family[a] == family[b] for a, b in zip(self.first, wanted, strict=True)]
        )
        self.top3 = np.array(
            [w in [labels[i] for i in o[:3]] for o, w in zip(order, wanted, strict=True)]
        )
        self.wanted = list(wanted)

    def line(self, name: str) -> str:
        """One row of the table."""
        return (
            f"{name:<12} n={len(self.wanted):<5} topic {self.right.mean():.3f}  "
            f"family {self.family.mean():.3f}  top-3 {self.top3.mean():.3f}  "
            f"calibration error {self.calibration_error():.3f}"
        )

    def calibration_error(self) -> float:
        """Mean distance of confidence from the share that is right, over ten bins."""
        bins = np.minimum((self.confidence * 10).astype(int), 9)
        error = 0.0
        for b in range(10):
            chosen = bins == b
            if chosen.any():
                gap = abs(self.confidence[chosen].mean() - self.right[chosen].mean())
                error += gap * chosen.mean()
        return float(error)

    def pairs(self, most: int = 15) -> list[str]:
        """The pairs of intents most often mixed up."""
        mixed = Counter(
            (w, f) for w, f, r in zip(self.wanted, self.first, self.right, strict=True) if not r
        )
        return [f"  {n:>3}  {w} taken for {f}" for (w, f), n in mixed.most_common(most)]


def _speed(model: TopicModel, texts: Sequence[str]) -> float:
    spent = []
    for text in texts[:300]:
        start = time.perf_counter()
        model.rank(text)
        spent.append(time.perf_counter() - start)
    return 1000 * float(np.median(spent))


def _split(examples: Examples) -> tuple[list[str], list[str]]:
    return [text for text, _ in examples], [intent for _, intent in examples]


def _cross_validate(examples: dict[str, Examples]) -> None:
    texts, intents = _split([e for lang in examples.values() for e in lang])
    language = np.array([lang for lang, found in examples.items() for _ in found])
    chances = np.zeros((len(texts), len(set(intents))))
    labels: list[str] = []
    for seen, unseen in StratifiedKFold(5, shuffle=True, random_state=7).split(texts, intents):
        model = TopicModel.fit([texts[i] for i in seen], [intents[i] for i in seen])
        chances[unseen] = model.probabilities([texts[i] for i in unseen])
        labels = model.labels
    print("cross-validation, 5 folds")
    for lang in examples:
        chosen = np.flatnonzero(language == lang)
        print(Score(labels, chances[chosen], [intents[i] for i in chosen]).line(lang))


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description="measure the topic classifier")
    options.add_argument("--cross-validate", action="store_true")
    options.add_argument("--misses", action="store_true", help="print each sentence gone wrong")
    chosen = options.parse_args()
    examples = training()
    start = time.perf_counter()
    model = TopicModel.fit(*_split([e for lang in examples.values() for e in lang]))
    print(f"training {time.perf_counter() - start:.1f} s, {len(model.labels)} intents")
    print("frozen sentences")
    for lang, found in frozen().items():
        texts, wanted = _split(found)
        score = Score(model.labels, model.probabilities(texts), wanted)
        print(score.line(lang), f" {_speed(model, texts):.2f} ms")
        if lang.startswith("blind"):
            continue
        print("\n".join(score.pairs()))
        if chosen.misses:
            for text, w, f, r in zip(texts, wanted, score.first, score.right, strict=True):
                if not r:
                    print(f"  [{w} -> {f}] {text}")
    if chosen.cross_validate:
        _cross_validate(examples)


if __name__ == "__main__":
    main()
