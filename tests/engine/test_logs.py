"""Whatever fails inside Rasa, no word of a conversation gets into its log."""

from __future__ import annotations

import logging
import warnings

import pytest
import structlog

from bot.rasa.serve import NamesOnly, quiet_logs

PLANTED = "Planted Name +41791234567"


@pytest.fixture(autouse=True)
def _restore_logging():  # type: ignore[no-untyped-def]
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers, logging.root.level = handlers, level
    structlog.reset_defaults()
    warnings.resetwarnings()


def test_a_record_is_reduced_to_its_place() -> None:
    try:
        raise ValueError(PLANTED)
    except ValueError:
        import sys

        record = logging.LogRecord(
            "rasa.x", logging.ERROR, __file__, 7, "said %s", (PLANTED,), sys.exc_info(), "handle"
        )
    line = NamesOnly().format(record)
    assert "Planted" not in line
    assert "rasa.x" in line
    assert "ValueError" in line


def test_every_way_of_logging_is_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    noisy = logging.getLogger("some.library")
    noisy.addHandler(logging.StreamHandler())
    quiet_logs()
    noisy.error("said %s", PLANTED)
    noisy.debug(PLANTED)
    structlog.get_logger().error("rest.message.received.failure", text=PLANTED)
    structlog.get_logger().debug("processor.message.parse", parse_data_text=PLANTED)
    structlog.get_logger().critical("rasa.core.failure", tracker=PLANTED)
    warnings.warn(PLANTED, stacklevel=1)
    shown = "".join(capfd.readouterr())
    assert "some.library" in shown, "that something failed is still seen"
    assert "Planted" not in shown
    assert "791234567" not in shown
