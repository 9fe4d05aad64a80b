"""The intent classifier that runs inside Rasa.

One model decides topic and intent together (`faq/definition` beside `greet`), so the confidence
of the intent is the probability of the full name and one threshold means the same everywhere.
The decision (`bot.rasa.decision`) is taken from full names, too: Rasa's FallbackClassifier sees
only the parents, to whom all questions about the policy are one. The result has the shape of
Rasa's own IntentClassifier, ResponseSelector and FallbackClassifier, so that policies, `rasa test
nlu` and `rasa shell nlu` need no special case.

In config.yml::

    pipeline:
      - name: bot.rasa.classifier.TopicClassifier
"""

from __future__ import annotations

from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa import decision, topics
from bot.rasa.decision import FALLBACK, Decider, Decision, Ranking
from bot.rasa.topics import TopicModel

FULL_RANKING = "full_intent_ranking"
NEAR = "near_danger"
_SHOWN = 10
# Enough for what is asked back: some of the likeliest are nothing that can be chosen.
_OFFERED = 12


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `response_selector`, their rankings, and `near_danger`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings of the model and of the decision; see `DEFAULTS` there."""
        return {**topics.DEFAULTS, **decision.DEFAULTS}

    @staticmethod
    def required_packages() -> list[str]:
        """What Rasa checks before training."""
        return ["sklearn", "joblib"]

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: TopicModel | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._decider = Decider(model, **self._of(decision.DEFAULTS)) if model else None

    def _of(self, names: dict[str, Any]) -> dict[str, Any]:
        return {name: self._config[name] for name in names if name in self._config}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """A component that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """The component as it was trained.

        Raises:
            ValueError: the model file lacks this component. Going on without it would answer
                every person with the fallback, so the engine must not start.
        """
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(folder / "topics.joblib"))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that has an intent, and store the model.

        Raises:
            ValueError: fewer than two intents to tell apart.
        """
        examples = [m for m in training_data.intent_examples if m.get("text")]
        labels = [m.get_full_intent() for m in examples]
        if len(set(labels)) < 2:
            raise ValueError("data/nlu holds fewer than two intents; add examples")
        model = TopicModel.fit(
            [m.get("text") for m in examples], labels, **self._of(topics.DEFAULTS)
        )
        self._decider = Decider(model, **self._of(decision.DEFAULTS))
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(model, folder / "topics.joblib", compress=3)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in the pipeline reads what this component finds."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the decision to each message that has text."""
        if self._decider is None:
            raise RuntimeError("TopicClassifier must be trained or loaded before it is asked")
        for message in messages:
            text = message.get("text")
            for name, value in properties(self._decider.decide(text) if text else None).items():
                message.set(name, value, add_to_output=True)
        return messages


def properties(decided: Decision | None) -> dict[str, Any]:
    """A decision in the shape of Rasa's own components.

    Args:
        decided: what the message was taken for; ``None`` for no text.
    """
    ranking = _in_order(decided) if decided else []
    intents: dict[str, float] = {}
    answers: dict[str, Ranking] = {}
    for name, confidence in ranking:
        parent, slash, _ = name.partition("/")
        intents.setdefault(parent, confidence)
        if slash:
            answers.setdefault(parent, []).append((name, confidence))
    shown = [{"name": n, "confidence": c} for n, c in intents.items()][:_SHOWN]
    selector: dict[str, Any] = {"all_retrieval_intents": sorted(answers)}
    for parent, names in answers.items():
        selector[parent] = _selected(parent, names)
    likeliest = [entry for entry in ranking if entry[0] != FALLBACK][:_OFFERED]
    return {
        "intent": shown[0] if shown else {"name": None, "confidence": 0.0},
        "intent_ranking": shown,
        "response_selector": selector,
        FULL_RANKING: [{"name": n, "confidence": c} for n, c in likeliest],
        NEAR: decided.near if decided else None,
    }


def _in_order(decided: Decision) -> Ranking:
    """What was decided comes first, also where it is not the likeliest of the whole text."""
    others = [entry for entry in decided.ranking if entry[0] != decided.intent]
    return [(decided.intent, decided.confidence), *others]


def _selected(parent: str, names: Ranking) -> dict[str, Any]:
    name, confidence = names[0]
    return {
        "response": {
            # Policy answers are content of the service; Rasa is not asked for words.
            "responses": None,
            "confidence": confidence,
            "intent_response_key": name,
            "utter_action": f"utter_{name}",
        },
        "ranking": [{"confidence": c, "intent_response_key": n} for n, c in names[:_SHOWN]],
    }
