"""A leaner engine: the same Rasa, the same answers, less work for each message.

Each step replaces one part of Rasa by a subclass that does the same with less, and stands by
itself: :data:`STEPS` names them, ``SPEAKSAFE_ENGINE_PLAIN`` leaves some out (names with commas
between, or ``all``), docs/performance.md has what each gains. They fit one version of Rasa; with
any other, stock Rasa runs. Only the serving process installs them: Rasa's own tools stay as they
are. That the answers and events are the same is checked by playing the same conversations through
both (``python -m bench.differential``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

from bot.rasa.fast import no_tensorflow

#: The Rasa whose insides these steps know.
VERSION = "3.6.21"

#: Environment: steps to leave out.
SETTING = "SPEAKSAFE_ENGINE_PLAIN"


def _tensorflow(_model: Path) -> None:
    no_tensorflow.install(no_tensorflow.PACKAGES)


def _actions(_model: Path) -> None:
    from bot.rasa.fast import actions

    actions.install()


def _graph(_model: Path) -> None:
    from bot.rasa.fast import graph

    graph.install()


def _processor(_model: Path) -> None:
    from bot.rasa.fast import processor

    processor.install()


def _together(_model: Path) -> None:
    from bot.rasa.fast import together

    together.install()


def _sharing(model: Path) -> None:
    from bot.rasa.fast import sharing

    sharing.install(model)


#: In the order of installing; the first must come before Rasa is imported.
STEPS: dict[str, Callable[[Path], None]] = {
    "tensorflow": _tensorflow,
    "actions": _actions,
    "graph": _graph,
    "processor": _processor,
    "together": _together,
    "sharing": _sharing,
}


def wanted() -> list[str]:
    """The steps to install, by the environment.

    Raises:
        ValueError: the setting names a step that does not exist.
    """
    plain = {name.strip() for name in os.environ.get(SETTING, "").split(",") if name.strip()}
    if "all" in plain:
        return []
    if plain - set(STEPS):
        raise ValueError(f"{SETTING}: no such step; there are {', '.join(STEPS)}")
    return [name for name in STEPS if name not in plain]


def install(model: Path, names: Iterable[str] | None = None) -> list[str]:
    """Install steps into this process.

    Args:
        model: the archive that is served; one that might use TensorFlow gets it.
        names: which steps; as the environment says, if not given.

    Returns:
        The steps that are installed: none with another version of Rasa.
    """
    if version("rasa") != VERSION:
        return []
    chosen = list(wanted() if names is None else names)
    if "tensorflow" in chosen and no_tensorflow.needed(model):
        chosen.remove("tensorflow")
    for name in chosen:
        STEPS[name](model)
    return chosen
