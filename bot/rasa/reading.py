"""How training reads the examples: each file once, each example looked at once.

Stock Rasa reads every file twice (once for the domain), checks each by a schema, which reads it a
third and a fourth time, and copies and hashes every example at each of eight joinings. The same
examples in the same order come out of this; that they are well formed is for the tests to say.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import rasa.shared.importers.rasa as importing
import rasa.shared.nlu.training_data.formats.rasa_yaml as format_
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import INTENT, RESPONSE
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


def _copied(self: Message, memo: dict[int, Any]) -> Message:
    """A message with its own properties; their values, texts and names, are nobody's to change."""
    found = copy.copy(self)
    for name, value in vars(self).items():
        if isinstance(value, (dict, list, set)):
            setattr(found, name, copy.copy(value))
    return found


def _sanitized(examples: list[Message]) -> list[Message]:
    """As Rasa's; but what needs no change is not set anew, which would forget its hash."""
    for example in examples:
        for name in (INTENT, RESPONSE):
            value = example.get(name)
            if value and value != value.strip():
                example.set(name, value.strip())
    return list(dict.fromkeys(examples))


class _Once:
    """Reads files once; joining copies what was read, so that it stays as it was."""

    def __init__(self) -> None:
        self._read: dict[tuple[tuple[str, ...], str], TrainingData] = {}

    def __call__(self, paths: Iterable[str], language: str) -> TrainingData:
        key = (tuple(paths), language)
        if key not in self._read:
            self._read[key] = training_data_from_paths(*key)
        return self._read[key]


def install() -> None:
    """Let this process read so."""
    Message.__deepcopy__ = _copied
    TrainingData.sanitize_examples = staticmethod(_sanitized)
    importing.utils.training_data_from_paths = _Once()
    format_.RasaYAMLReader.validate = lambda self, string: None
