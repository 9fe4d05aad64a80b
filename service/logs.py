"""Logs that hold names of events and nothing of a person.

What may be logged is listed here; whatever else a library or a mistake of ours wants to log is
reduced to where it came from. So no address, text, token or receipt can get into a log, not even
in the traceback of an exception.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

#: Our own events: written as they are, because their words are ours and take no values but these.
OWN = "speaksafe"

#: The only kinds of value that one of our events may carry.
_HARMLESS = (int, float)


class NamesOnly(logging.Formatter):
    """One line an event: no text of others, no values, of an exception its type and place."""

    def format(self, record: logging.LogRecord) -> str:
        """Our own events in words, those of libraries by their place."""
        if record.name.split(".")[0] == OWN:
            args = record.args if isinstance(record.args, tuple) else ()
            safe = all(isinstance(a, _HARMLESS) or _is_name(a) for a in args)
            what = record.getMessage() if safe else str(record.msg).split("%")[0]
        else:
            what = f"{record.funcName}:{record.lineno}"
        line = f"{record.levelname} {record.name} {what}"
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])
            last = frames[-1] if frames else None
            place = f" {Path(last.filename).name}:{last.lineno}" if last else ""
            line += f" {record.exc_info[0].__name__}{place}"
        return line


def _is_name(value: object) -> bool:
    """A name from our own code (an exception's type, a part), not something a person wrote."""
    return isinstance(value, str) and value.isidentifier() and len(value) <= 40


def configure(level: int = logging.WARNING) -> None:
    """Make this the only way to log, for every library too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(NamesOnly())
    logging.root.handlers = [handler]
    logging.root.setLevel(level)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
