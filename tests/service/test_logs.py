"""The service's log holds names of events and nothing of a person."""

from __future__ import annotations

import logging
import sys

from service.logs import NamesOnly

PLANTED = "Planted Name +41791234567"


def _line(name: str, message: str, *args: object, error: Exception | None = None) -> str:
    info = None
    if error:
        try:
            raise error
        except Exception:
            info = sys.exc_info()
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, info, "handle")
    return NamesOnly().format(record)


def test_a_library_is_reduced_to_its_place() -> None:
    line = _line("uvicorn.error", f"GET /{PLANTED}", error=ValueError(PLANTED))
    assert "Planted" not in line
    assert "uvicorn.error" in line
    assert "ValueError" in line


def test_our_own_events_keep_their_words_and_names_of_our_own() -> None:
    assert "action failed: KeyError" in _line("speaksafe.actions", "action failed: %s", "KeyError")


def test_our_own_events_carry_no_values() -> None:
    assert "Planted" not in _line("speaksafe.actions", "action failed: %s", PLANTED)
