"""A receipt is shown in the order in which it is noted, on screens read from the right, too."""

from __future__ import annotations

from bot.channels.texts import in_order
from catalogue import Message
from vault.receipts import grouped, read_digits

RECEIPT = "482913705112233445566778"


def test_a_receipt_is_ordered_from_the_left_where_words_are_read_from_the_right() -> None:
    words, receipt = in_order((Message("إيصالك:"), Message(grouped(RECEIPT), secret=True)), "ar")
    assert words.text == "إيصالك:"
    assert receipt.text == f"\u200e{grouped(RECEIPT)}" and receipt.secret


def test_copied_with_its_mark_it_is_the_same_receipt() -> None:
    (shown,) = in_order((Message(grouped(RECEIPT), secret=True),), "ar")
    assert read_digits(shown.text) == RECEIPT


def test_elsewhere_nothing_is_put_before_it() -> None:
    for lang in ("en", "zh"):
        (shown,) = in_order((Message(grouped(RECEIPT), secret=True),), lang)
        assert shown.text == grouped(RECEIPT)
