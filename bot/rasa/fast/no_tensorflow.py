"""The engine without TensorFlow, which our model does not use, and without other such packages.

Rasa imports TensorFlow with its policies, which takes two seconds and 300 MB, and with its other
channels, tracker stores and commands what those need: 30 MB more. Here a stand-in takes their
place: what Rasa's modules do with it while they are imported (subclass, annotate, decorate) works,
and using it raises. A model with a component that might need the real one gets the real one.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

#: Packages that the stand-in stands in for: of models that ours is none of, …
OF_MODELS = ("tensorflow", "keras", "tensorflow_text", "tensorflow_hub")

#: … of channels and stores that no engine of ours has, and of commands that it does not run.
_OF_OTHERS = (
    *("aiogram", "fbmessenger", "mattermostwrapper", "rocketchat_API", "slack_sdk", "twilio"),
    *("webexteamssdk", "boto3", "botocore", "s3transfer", "pymongo"),
    *("matplotlib", "PIL", "prompt_toolkit", "questionary"),
)

#: All of them: what serving does without.
PACKAGES = (*OF_MODELS, *_OF_OTHERS)

#: Components that are known to run without.
_WITHOUT = (
    "bot.rasa.",
    "rasa.graph_components.",
    "rasa.core.policies.rule_policy.",
    "rasa.core.policies.ensemble.",
    "rasa.nlu.classifiers.regex_message_handler.",
)


class _Nothing(type):
    """A class that stands for anything of TensorFlow."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing(f"{cls.__name__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]  # as a decorator
        raise RuntimeError(f"{cls.__name__} is not loaded; see SPEAKSAFE_ENGINE_PLAIN")


def _nothing(name: str) -> Any:
    return _Nothing(name, (), {})


class _Stand(ModuleType):
    """A module of which everything can be imported."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing(f"{self.__name__}.{name}")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds packages, and every module in them, as stand-ins."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._packages = frozenset(packages)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in self._packages:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Stand(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


def needed(model: Path) -> bool:
    """Whether a model has components that might use TensorFlow.

    Args:
        model: the archive, or a folder of archives.

    Returns:
        True also when it cannot be read: then Rasa says what is wrong.
    """
    try:
        with tarfile.open(model) as packed:
            names = (name for name in packed.getnames() if name.endswith("metadata.json"))
            found = packed.extractfile(next(names))
            nodes = json.loads(found.read())["predict_schema"]["nodes"] if found else {}
    except (OSError, tarfile.TarError, StopIteration, ValueError, KeyError):
        return True
    return not all(node["uses"].startswith(_WITHOUT) for node in nodes.values())


def install(packages: Sequence[str] = OF_MODELS) -> None:
    """Put the stand-in in place, unless the real TensorFlow is imported already.

    Args:
        packages: what it stands in for.
    """
    if "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _Finder(packages))
