"""From probabilities to one decision: which intent, how sure, or honestly unsure.

A message is heard whole and sentence by sentence. Who tells a story and asks at its end wants
the question answered; and one sentence of acute danger counts, however long and calm the rest.

The numbers were chosen on training sentences kept out by cross-validation, never on the frozen
sets; docs/understanding.md has the figures and the command that makes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Ranking = list[tuple[str, float]]

#: The gate found no danger in this message, but a figure of speech or other words that it knows to
#: sound like one. Set around one message by whoever asks, read when it is decided.
figure: ContextVar[bool] = ContextVar("figure", default=False)

FALLBACK = "nlu_fallback"
DANGER = "danger/"

DEFAULTS: dict[str, Any] = {
    # Least probability of danger, all its kinds together, in a message of one sentence …
    "danger": 0.6,
    # … and in one of several, or all of them together: each is one more chance to err.
    "danger_part": 0.7,
    # … and in one sentence with words that the gate knows to be a figure of speech: patterns err
    # as well, so that they only overrule an alarm that is not all but sure.
    "danger_figure": 0.9,
    # The same for what may be danger: the message is answered as it was understood, and one line
    # beside the answer says whom to call.
    "near": 0.1,
    "near_part": 0.4,
    # Least probability of an intent to be answered without asking back …
    "sure": 0.2,
    # … and its least distance from the second.
    "apart": 0.03,
    # Weight of the one sentence that is more than courtesy, beside the whole message …
    "alone": 0.6,
    # … of the last question …
    "question": 0.5,
    # … and of the last sentence where nothing is marked as a question.
    "last": 0.3,
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
_LETTER = re.compile(r"[^\W\d_]")
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
        ranking: all full names with their probability, the likeliest first; empty for a message
            without letters.
        danger: the probability of acute danger, the highest of all sentences.
        near: the kind of danger that it may be, though too unlikely to raise the alarm; its full
            name, or ``None``.
    """

    intent: str
    confidence: float
    ranking: Ranking
    danger: float
    near: str | None = None


def parts(text: str) -> list[str]:
    """The sentences of a message that have letters; long stretches come in windows."""
    opening = _OPENING.match(text)
    first = opening.end() if opening else 0
    found = _short(text[:first])
    found += [part for sentence in _END.split(text[first:]) for part in _short(sentence)]
    if len(found) > _MOST_PARTS:  # the point of a long account lies in its beginning and end
        found = found[: _MOST_PARTS // 2] + found[-_MOST_PARTS // 2 :]
    return found


def _short(sentence: str) -> list[str]:
    if len(_WORD.findall(sentence)) <= _LONG:
        return [sentence.strip()] if _LETTER.search(sentence) else []
    # A comma at its end cuts nothing off.
    pieces = [piece for piece in _PAUSE.split(sentence) if piece]
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
        if not sentences:
            # A receipt, a number, a picture: no words say what is meant, so nothing may be read
            # into it; digits that resemble an example must never raise an alarm.
            return Decision(FALLBACK, 1.0, [], 0.0)
        if len(sentences) < 2:
            whole = self._model.probabilities([text])[0]
            return self._decision(whole, whole, "")
        whole, *rows = self._model.probabilities([text, *sentences])
        alarming = max([whole, *rows], key=lambda row: float(row[self._dangers].sum()))
        mixed = self._mixed(whole, sentences, rows)
        return self._decision(mixed, alarming, "_part")

    def _mixed(
        self, whole: np.ndarray, sentences: list[str], rows: Sequence[np.ndarray]
    ) -> np.ndarray:
        """The whole message and what matters most in it, weighed together."""
        matter = [i for i, row in enumerate(rows) if not self._courtesy[int(np.argmax(row))]]
        asked = [i for i in matter if _QUESTION.search(sentences[i])]
        if not matter:
            return whole
        kind = "alone" if len(matter) == 1 else "question" if asked else "last"
        share = self._settings[kind]
        return (1 - share) * whole + share * rows[(asked or matter)[-1]]

    def _decision(self, chances: np.ndarray, alarming: np.ndarray, part: str) -> Decision:
        settings = self._settings
        order = np.argsort(-chances, kind="stable")
        ranking = [(str(self._labels[i]), float(chances[i])) for i in order]
        danger = float(alarming[self._dangers].sum())
        worst = str(self._labels[int(np.argmax(np.where(self._dangers, alarming, -1)))])
        # Of several sentences the figure may be in one and the danger in another.
        least = settings["danger_figure" if figure.get() and not part else f"danger{part}"]
        if danger >= least:
            return Decision(worst, danger, ranking, danger)
        near = worst if danger >= settings[f"near{part}"] else None
        return Decision(*self._calm(ranking), ranking, danger, near)

    def _calm(self, ranking: Ranking) -> tuple[str, float]:
        """What no alarm decides: the likeliest that is no danger, if it is likely enough."""
        calm = [entry for entry in ranking if not entry[0].startswith(DANGER)]
        (first, sure), second = calm[0], calm[1][1] if len(calm) > 1 else 0.0
        if sure < self._settings["sure"] or sure - second < self._settings["apart"]:
            return FALLBACK, 1 - sure
        return first, sure
