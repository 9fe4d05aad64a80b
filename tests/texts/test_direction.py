"""Arabic is shown in the order in which it is read."""

from __future__ import annotations

import pytest

from tests.texts.direction import flips
from tests.texts.read import Text, of


def test_arabic_reads_right() -> None:
    assert [f"{text}: {flip}" for text in of("ar", names=True) for flip in flips(text)] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "ClearCheck قاعدة بيانات.",
        "الحقيبة (PEP)، HIV.",
        "المتصفح Firefox, Chrome.",
        "الرمز: {code}",
        "الرمز 123 456 789",
        "{somebody} قالت ذلك.",
        "للجميع (LGBTIQ+).",
        "قال \u202bذلك\u202c.",
    ],
)
def test_what_would_flip_is_seen(sentence: str) -> None:
    assert list(flips(Text("ar", "messages/talk.planted", sentence)))


@pytest.mark.parametrize(
    "sentence",
    [
        "هناك قاعدة بيانات اسمها ClearCheck، بدأت في 2018.",
        "المتصفح Firefox أو Chrome.",
        "الرمز: \u2066{code}\u2069",
        "للجميع (LGBTIQ+\u200e).",
        "السؤال {number} من نحو {total}",
        "Speaksafe",
    ],
)
def test_what_reads_right_is_left_alone(sentence: str) -> None:
    assert list(flips(Text("ar", "messages/talk.planted", sentence))) == []
