"""Numbers as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.numerals import as_number, ascii_digits


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2), (" 2. ", 2), ("(4)", 4), ("٢", 2), ("۲", 2), ("२", 2), ("２", 2), ("2️⃣", 2),
        ("②", 2), ("#3", 3), ("no 3", 3), ("№ 5", 5), ("n°3", 3), ("option 2", 2), ("numéro 4", 4),
        ("خيار ٢", 2), ("вариант 3", 3), ("opción 7", 7), ("第3", 3), ("选2", 2), ("2 please", 2),
        ("two", 2), ("deux", 2), ("dos", 2), ("два", 2), ("二", 2), ("两", 2), ("اثنان", 2),
        ("second", 2), ("la segunda", 2), ("второй", 2), ("第二", 2), ("الثاني", 2), ("2nd", 2),
        ("twelve", 12), ("douze", 12), ("doce", 12), ("двенадцать", 12), ("十二", 12),
        ("اثنا عشر", 12), ("إحدى عشرة", 11), ("一", 1), ("1er", 1), ("un", 1), ("une", 1),
        ("0", 0), ("1990", 1990),
    ],
)  # fmt: skip
def test_a_number_is_heard(text: str, number: int) -> None:
    assert as_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "", "no", "a", "i", "yes", "UN", "once", "1, 3 and 5", "1-3", "2.5", "12/11/2020", "10:30",
        "-3", "I want two things", "two or three times", "one of my colleagues", "2 3",
        "number", "1" * 41, "1234567890", "two two",
    ],
)  # fmt: skip
def test_anything_else_is_no_number(text: str) -> None:
    assert as_number(text) is None


def test_digits_of_every_script_become_ascii() -> None:
    assert ascii_digits("٠١٢ ۳۴ ५६ ７８ 9, abc é") == "012 34 56 78 9, abc é"


@given(st.text())
def test_only_digits_change(text: str) -> None:
    changed = ascii_digits(text)
    assert len(changed) == len(text)
    assert all(a == b or b in "0123456789" for a, b in zip(text, changed, strict=True))


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    number = as_number(text)
    assert number is None or number >= 0
