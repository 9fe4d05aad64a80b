"""Trains the assistant, in the engine's environment.

    python -m bot.rasa.train --out models --name model

``rasa train`` makes the same model, and works as well. It takes longer and more memory: it loads
TensorFlow, which our model does not use, reads all examples several times (`bot.rasa.reading`), and
keeps what it made in a cache of its own.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import yaml

from bot.rasa import fast, kernel
from bot.rasa.fast import no_tensorflow

#: Rasa's own components that are known to run without TensorFlow.
_WITHOUT = ("RulePolicy",)


def needs_tensorflow(config: Path) -> bool:
    """Whether a configuration has components that might use it.

    Args:
        config: a ``config.yml``.
    """
    told = yaml.safe_load(config.read_text(encoding="utf-8"))
    names = [part["name"] for kind in ("pipeline", "policies") for part in told.get(kind) or ()]
    return not all(name in _WITHOUT or name.startswith("bot.rasa.") for name in names)


def main(argv: list[str] | None = None) -> int:
    """Train from the sources in the working directory.

    Args:
        argv: ``--out`` (folder) and ``--name`` (of the model, without ``.tar.gz``).

    Returns:
        The exit code; 0 when the model is there.
    """
    parser = argparse.ArgumentParser(description="Train the assistant")
    parser.add_argument("--out", default="models")
    parser.add_argument("--name")
    args = parser.parse_args(argv)
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")
    Path(args.out).mkdir(parents=True, exist_ok=True)
    os.environ[kernel.SCRATCH] = args.out
    if fast.version("rasa") == fast.VERSION and not needs_tensorflow(Path("config.yml")):
        no_tensorflow.install()
    if fast.version("rasa") == fast.VERSION:
        # Not before: it imports Rasa.
        from bot.rasa import reading

        reading.install()

    from rasa.model_training import train

    # What was trained before is never looked for, so it is not asked whether anything changed.
    done = train(
        "domain.yml",
        "config.yml",
        ["data"],
        output=args.out,
        force_training=True,
        fixed_model_name=args.name,
    )
    return int(done.code)


if __name__ == "__main__":
    raise SystemExit(main())
