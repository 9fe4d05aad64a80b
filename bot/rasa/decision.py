"""From probabilities to one decision: which intent, how sure, or honestly unsure.

A message is heard whole and sentence by sentence. Who tells a story and asks at its end wants
the question answered; and one sentence of acute danger counts, however long and calm the rest.

The numbers were chosen on training sentences kept out by cross-validation, never on the frozen
sets; docs/understanding.md has the figures and the command that makes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Ranking = list[tuple[str, float]]

FALLBACK = "nlu_fallback"
DANGER = "danger/"

DEFAULTS: dict[str, Any] = {
    # Least probability of danger, all its kinds together, in a message of one sentence …
    "danger": 0.1,
    # … and in one of several, or all of them together: each is one more chance to err.
    "danger_part": 0.4,
    # Least probability of an intent to be answered without asking back …
    "sure": 0.3,
    # … and its least distance from the second.
    "apart": 0.05,
    # Weight of the last question beside the whole message …
    "question": 0.8,
    # … and of the last sentence where nothing is marked as a question.
    "last": 0.6,
}

#: Sentences that carry no matter of their own beside others.
_COURTESY = frozenset(
    ["greet", "goodbye", "thanks", "smalltalk", "affirm", "deny", "help", "nonsense", "stop"]
)
_END = re.compile(r"(?<=[!?…؟。！？；])[\s\"'»”)]*|(?<=[.;؛])[\"'»”)]*\s+|\n+")
_QUESTION = re.compile(r"[?？؟]")
# "hello, ..." and "hi there - ..." stand before the matter.
_OPENING = re.compile(r"\s*[^\W\d]+(?: [^\W\d]+){0,2} ?(?:[,，،:]|-\s)\s*(?=\w)")
_PAUSE = re.compile(r"(?<=[,，、،:：])\s*")
_WORD = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W\u3400-\u4dbf\u4e00-\u9fff]+")
# A longer stretch (words, or Han characters) is cut at its commas, and if that is not enough
# into windows, each overlapping the next by half.
_LONG = 30
_WINDOW = 16
_MOST_PARTS = 40


class Model(Protocol):
    """What is asked for probabilities."""

    labels: list[str]

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text, one column a label."""
        ...


@dataclass(frozen=True)
class Decision:
    """What a message was taken for.

    Args:
        intent: the full name, ``nlu_fallback`` when nothing is sure enough.
        confidence: of the decision, 0 to 1.
        ranking: all full names with their probability, the likeliest first.
        danger: the probability of acute danger, the highest of all sentences.
    """

    intent: str
    confidence: float
    ranking: Ranking
    danger: float


def parts(text: str) -> list[str]:
    """The sentences of a message; long stretches without marks come in windows."""
    opening = _OPENING.match(text)
    first = opening.end() if opening else 0
    found = [text[:first].strip()] if first else []
    found += [part for sentence in _END.split(text[first:]) for part in _short(sentence)]
    if len(found) > _MOST_PARTS:  # the point of a long account lies in its beginning and end
        found = found[: _MOST_PARTS // 2] + found[-_MOST_PARTS // 2 :]
    return found


def _short(sentence: str) -> list[str]:
    if len(_WORD.findall(sentence)) <= _LONG:
        return [sentence.strip()] if _WORD.search(sentence) else []
    pieces = _PAUSE.split(sentence)
    if len(pieces) > 1:
        half = len(pieces) // 2
        return [*_short("".join(pieces[:half])), *_short("".join(pieces[half:]))]
    spans = [match.span() for match in _WORD.finditer(sentence)]
    starts = range(0, len(spans) - _WINDOW // 2, _WINDOW // 2)
    ends = (min(start + _WINDOW, len(spans)) - 1 for start in starts)
    return [sentence[spans[i][0] : spans[j][1]] for i, j in zip(starts, ends, strict=True)]


class Decider:
    """Decides by a model.

    Args:
        model: gives the probabilities.
        config: see `DEFAULTS`.
    """

    def __init__(self, model: Model, **config: Any) -> None:
        self._model = model
        self._settings = {**DEFAULTS, **config}
        self._labels = np.array(model.labels)
        self._dangers = np.char.startswith(self._labels, DANGER)
        self._courtesy = np.isin(self._labels, list(_COURTESY))

    def decide(self, text: str) -> Decision:
        """What the message means.

        Args:
            text: as typed.
        """
        sentences = parts(text)
        if len(sentences) < 2:
            whole = self._model.probabilities([text])[0]
            return self._decision(whole, whole, self._settings["danger"])
        whole, *rows = self._model.probabilities([text, *sentences])
        alarming = max([whole, *rows], key=lambda row: float(row[self._dangers].sum()))
        mixed = self._mixed(whole, sentences, rows)
        return self._decision(mixed, alarming, self._settings["danger_part"])

    def _mixed(
        self, whole: np.ndarray, sentences: list[str], rows: Sequence[np.ndarray]
    ) -> np.ndarray:
        """The whole message and what matters most in it, weighed together."""
        matter = [i for i, row in enumerate(rows) if not self._courtesy[int(np.argmax(row))]]
        asked = [i for i in matter if _QUESTION.search(sentences[i])]
        if not matter:
            return whole
        share = self._settings["question" if asked or len(matter) == 1 else "last"]
        return (1 - share) * whole + share * rows[(asked or matter)[-1]]

    def _decision(self, chances: np.ndarray, alarming: np.ndarray, least: float) -> Decision:
        settings = self._settings
        order = np.argsort(-chances, kind="stable")
        ranking = [(str(self._labels[i]), float(chances[i])) for i in order]
        danger = float(alarming[self._dangers].sum())
        if danger >= least:
            kinds = np.where(self._dangers, alarming, -1)
            worst = str(self._labels[int(np.argmax(kinds))])
            return Decision(worst, danger, ranking, danger)
        (first, sure), second = ranking[0], ranking[1][1] if len(ranking) > 1 else 0.0
        if sure < settings["sure"] or sure - second < settings["apart"]:
            return Decision(FALLBACK, 1 - sure, ranking, danger)
        return Decision(first, sure, ranking, danger)
