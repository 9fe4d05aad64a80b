"""Rasa's own classifier, for comparison. Runs in the engine's environment."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasa.core.agent
import rasa.model_training
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import write_yaml


class Diet:
    """Rasa's DIET on its usual features (words and pieces of words), the way Rasa trains it.

    Args:
        epochs: how often it sees each example; Rasa's default is 300.
    """

    def __init__(self, epochs: int) -> None:
        self._epochs = epochs

    def fit(self, texts: Sequence[str], labels: np.ndarray) -> None:
        self.labels = np.unique(labels)
        pairs = zip(texts, labels, strict=True)
        data = [Message.build(text=t, intent=str(i).replace("/", "__")) for t, i in pairs]
        self._folder = Path(tempfile.mkdtemp())
        (self._folder / "nlu.yml").write_text(TrainingData(data).nlu_as_yaml(), encoding="utf-8")
        pieces = {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1}
        config = {
            "recipe": "default.v1",
            "language": "en",
            "pipeline": [
                {"name": "WhitespaceTokenizer"},
                {"name": "LexicalSyntacticFeaturizer"},
                {"name": "CountVectorsFeaturizer"},
                {**pieces, "max_ngram": 4},
                {"name": "DIETClassifier", "epochs": self._epochs, "entity_recognition": False},
            ],
        }
        write_yaml(config, self._folder / "config.yml")
        model = rasa.model_training.train_nlu(
            str(self._folder / "config.yml"), str(self._folder / "nlu.yml"), str(self._folder)
        )
        self._loop = asyncio.new_event_loop()
        self._agent = rasa.core.agent.load_agent(model_path=model)
        self._agent = self._loop.run_until_complete(self._agent)

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), len(self.labels)), dtype=np.float32)
        column = {str(name).replace("/", "__"): i for i, name in enumerate(self.labels)}
        for row, text in zip(rows, texts, strict=True):
            found = self._loop.run_until_complete(self._agent.parse_message(text))
            for entry in found["intent_ranking"]:
                if entry["name"] in column:
                    row[column[entry["name"]]] = entry["confidence"]
        return rows
