"""How a message becomes one decision. Runs in the engine's environment, as engine_classifier.py."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.rasa.decision import DEFAULTS, FALLBACK, Decider, figure, parts

LABELS = ["danger/child", "danger/self_harm", "disclosure", "faq/deadlines", "greet", "thanks"]
SURE, APART = DEFAULTS["sure"], DEFAULTS["apart"]


class Fixed:
    """Gives to each text the probabilities it was told; the rest goes to the last label."""

    labels = LABELS

    def __init__(self, **chances: dict[str, float]) -> None:
        self._chances = chances

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), len(LABELS)))
        for row, text in zip(rows, texts, strict=True):
            key = next((k for k in self._chances if text.startswith(k)), "")
            for name, chance in self._chances.get(key, {}).items():
                row[LABELS.index(name)] = chance
            row[-1] += 1 - row.sum()
        return rows


def test_the_likeliest_is_decided() -> None:
    found = Decider(Fixed(when={"faq/deadlines": 0.8})).decide("when")
    assert (found.intent, found.confidence) == ("faq/deadlines", 0.8)
    assert found.ranking[0] == ("faq/deadlines", 0.8)


@pytest.mark.parametrize(
    "chances",
    [
        {"faq/deadlines": SURE - 0.01, "disclosure": 0.15, "greet": 0.15, "danger/child": 0.36},
        {"faq/deadlines": 0.4, "disclosure": 0.4 - APART + 0.01},
    ],
)
def test_too_little_or_too_near_another_is_unsure(chances: dict[str, float]) -> None:
    found = Decider(Fixed(what=chances)).decide("what")
    assert found.intent == FALLBACK
    calm = next(chance for name, chance in found.ranking if not name.startswith("danger/"))
    assert found.confidence == pytest.approx(1 - calm)


def test_kinds_of_danger_add_up_and_the_likelier_is_named() -> None:
    half = DEFAULTS["danger"] / 2 + 0.01
    chances = {"danger/child": half, "danger/self_harm": half + 0.01, "disclosure": 0.6}
    found = Decider(Fixed(he=chances)).decide("he")
    assert found.intent == "danger/self_harm"
    assert found.danger == found.confidence == pytest.approx(2 * half + 0.01)


def test_what_may_be_danger_is_answered_as_understood_and_marked() -> None:
    least = {"danger": 0.5, "near": 0.2, "danger_part": 0.7, "near_part": 0.4}
    chances = {"danger/child": 0.3, "danger/self_harm": 0.05, "disclosure": 0.4}
    model = Fixed(he=chances, so={"greet": 0.9}, then={**chances, "danger/child": 0.45})
    found = Decider(model, **least).decide("he")
    assert (found.intent, found.near) == ("disclosure", "danger/child")
    assert Decider(model, **least).decide("so what").near is None
    assert Decider(model, **least | {"danger": 0.3}).decide("he").near is None
    assert Decider(model, **least).decide("so it is. he did").near is None
    assert Decider(model, **least).decide("so it is. then he did").near == "danger/child"


def test_a_figure_of_speech_is_answered_with_a_line_unless_it_is_all_but_sure() -> None:
    least = {"danger": 0.5, "danger_figure": 0.9, "danger_part": 0.5, "near": 0.2}
    told = {"dying": {"danger/self_harm": 0.55, "disclosure": 0.45}, "calm": {"disclosure": 0.9}}
    decider = Decider(Fixed(sure={"danger/child": 0.95}, **told), **least)
    assert decider.decide("dying of boredom").intent == "danger/self_harm"
    token = figure.set(True)
    try:
        found = decider.decide("dying of boredom")
        assert (found.intent, found.near) == ("disclosure", "danger/self_harm")
        assert decider.decide("sure it is").intent == "danger/child"
        # The figure may be in one sentence and the danger in the other.
        assert decider.decide("calm words. dying of it").intent == "danger/self_harm"
    finally:
        figure.reset(token)


def test_danger_below_the_alarm_is_never_decided() -> None:
    least = {"danger": 0.6, "near": 0.2}
    model = Fixed(he={"danger/child": 0.5, "disclosure": 0.4})
    assert Decider(model, **least).decide("he").intent == "disclosure"


def test_one_sentence_of_danger_counts_in_a_long_calm_text() -> None:
    model = Fixed(calm={"disclosure": 0.9}, then={"danger/child": 0.9})
    found = Decider(model).decide("calm words. then words. calm words.")
    assert found.intent == "danger/child"
    assert found.ranking[0][0] == "disclosure"


def test_the_question_at_the_end_is_answered() -> None:
    model = Fixed(story={"disclosure": 0.7, "faq/deadlines": 0.2}, when={"faq/deadlines": 0.9})
    assert Decider(model).decide("story and more. story again").intent == "disclosure"
    assert Decider(model).decide("story and more. when can i? thanks").intent == "faq/deadlines"


def test_a_greeting_before_the_matter_is_no_matter() -> None:
    model = Fixed(hello={"greet": 0.9}, when={"faq/deadlines": 0.9})
    assert Decider(model).decide("hello. when is it").intent == "faq/deadlines"
    assert Decider(model).decide("hello. hello").intent == "greet"


@pytest.mark.parametrize("text", ["1234-5678-9012", "886", "?", "\U0001f62d", "٣٤٥٦", "", "__ 1"])
def test_without_letters_nothing_is_read_into_a_message(text: str) -> None:
    alarming = Fixed(**{text: {"danger/child": 1.0}})
    found = Decider(alarming).decide(text)
    assert (found.intent, found.confidence, found.ranking) == (FALLBACK, 1.0, [])
    assert found.danger == 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("?!", 0),
        ("1234 5678", 0),
        ("so. 12. what", 2),
        ("one. two! three? four", 4),
        ("\u4ed6\u6765\u4e86\u3002\u6211\u6015\uff1f\u597d", 3),
        ("\u0647\u0644 \u0647\u0630\u0627\u061f \u0646\u0639\u0645", 2),
        ("first line\nsecond line", 2),
        ("e.g. this", 2),
        ("word " * 64, 7),
        ("\u6211" * 64, 7),
    ],
)
def test_texts_come_apart_in_every_script(text: str, count: int) -> None:
    assert len(parts(text)) == count


@pytest.mark.parametrize("comma", [",", "，", "، ", "、", ": "])
@pytest.mark.parametrize("after", [0, 3, 40])
def test_one_comma_after_a_long_stretch_cuts_it_once(comma: str, after: int) -> None:
    before = " ".join(f"w{number}" for number in range(40))
    rest = " ".join(f"r{number}" for number in range(after))
    found = re.findall(r"\w+", " ".join(parts(before + comma + rest)))
    assert set(found) == set(f"{before} {rest}".split())
    assert len(parts("我" * 60 + comma + "我不填了")) == len(parts("我" * 60)) + 1


def test_any_text_comes_apart() -> None:
    dice = random.Random(5)
    signs = "w我ك,，،、:.。?؟; \n7-"
    for _ in range(3000):
        likely = [dice.random() ** 4 for _ in signs]
        text = "".join(dice.choices(signs, likely, k=dice.randrange(300)))
        assert all(part.strip() for part in parts(text))


def test_nothing_of_a_long_stretch_is_lost_and_a_book_is_cut() -> None:
    words = [f"w{n}" for n in range(101)]
    assert set(" ".join(parts(" ".join(words))).split()) == set(words)
    assert len(parts("so it was. " * 5000)) == 40
