"""Starts the engine for production: Rasa's own server, our channel, and logs without words.

    python -m bot.rasa.serve --model models --endpoints endpoints.yml --port 5005

``rasa run``, ``rasa shell`` and ``rasa test`` work as well; what this adds is that no log line
can carry what a person wrote, whatever fails.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
import traceback
import warnings
from pathlib import Path
from typing import Any

import structlog

from bot.rasa import fast


class NamesOnly(logging.Formatter):
    """Where and what kind, never what: no message, no arguments, no values of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """One line: level, logger, function; for an exception its type and place."""
        line = f"{record.levelname} {record.name} {record.funcName}:{record.lineno}"
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])
            last = frames[-1] if frames else None
            place = f"{Path(last.filename).name}:{last.lineno}" if last else ""
            line += f" {record.exc_info[0].__name__} {place}"
        return line


def quiet_logs() -> None:
    """Replace every handler by one that writes names only, from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(NamesOnly())
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
    # Rasa's structured log carries texts, slots and whole trackers as values: none of it is kept.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        processors=[_drop],
        cache_logger_on_first_use=False,
    )
    # Rasa's warnings quote what they warn of (an unknown intent, a slot's value).
    warnings.simplefilter("ignore")


def _drop(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    raise structlog.DropEvent


def main(argv: list[str] | None = None) -> None:
    """Serve a trained model.

    Args:
        argv: ``--model`` (file or folder), ``--endpoints``, ``--credentials``, ``--host``
            (default: this machine only), ``--port``.
    """
    parser = argparse.ArgumentParser(description="The dialogue engine")
    parser.add_argument("--model", default="models")
    parser.add_argument("--endpoints", default="endpoints.yml")
    parser.add_argument("--credentials", default="credentials.yml")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--actions", help="where the service runs the actions")
    parser.add_argument(
        "--tied", action="store_true", help="end when standard input does, with the parent"
    )
    args = parser.parse_args(argv)
    if args.tied:
        threading.Thread(target=_end_with_parent, daemon=True).start()

    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    quiet_logs()
    steps = fast.install(Path(args.model))

    import rasa.core.run
    import rasa.utils.common
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig

    from bot.rasa.channel import TOKEN_HEADER, TOKEN_SETTING
    from bot.rasa.fast.actions import KeptEndpoint

    rasa.utils.common.configure_logging_and_warnings = lambda *a, **k: None
    rasa.utils.common.update_sanic_log_level = lambda *a, **k: None
    quiet_logs()
    endpoints = AvailableEndpoints.read_endpoints(args.endpoints)
    if args.actions:
        kind = KeptEndpoint if "actions" in steps else EndpointConfig
        endpoints.action = kind(
            args.actions,
            headers={TOKEN_HEADER: os.environ.get(TOKEN_SETTING, "")},
            enable_selective_domain=True,
        )
    rasa.core.run.serve_application(
        model_path=args.model,
        credentials=args.credentials,
        endpoints=endpoints,
        interface=args.host,
        port=args.port,
        enable_api=False,
    )


def _end_with_parent() -> None:
    """However the parent ends, its end of the pipe closes, and no engine is left behind."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
