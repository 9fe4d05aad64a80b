"""The policy that hands every message of a running walk to the walk.

A walk (survey, report, return) is logic in the service; here it is one slot and one action. So a
questionnaire changes without training, and the cost of a turn does not depend on its length.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

WALK_SLOT = "walk"
WALK_ACTION = "action_walk"
LISTEN = "action_listen"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class WalkPolicy(Policy):
    """While a walk runs, what was said goes to it; its rank is above the rules'."""

    @staticmethod
    def supported_data() -> SupportedData:
        """It learns nothing from either, and may see both."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above RulePolicy (6), so that a running walk decides."""
        return {"priority": 7}

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Nothing to learn."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WalkPolicy:
        """Nothing to load."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The walk's action after a message, then listen; no opinion outside a walk."""
        latest = tracker.latest_action_name
        if latest == WALK_ACTION:
            return self._sure(LISTEN, domain)
        if latest == LISTEN and tracker.get_slot(WALK_SLOT):
            return self._sure(WALK_ACTION, domain)
        return self._prediction(self._default_predictions(domain))

    def _sure(self, action: str, domain: Domain) -> PolicyPrediction:
        result = [0.0] * domain.num_actions
        result[domain.index_for_action(action)] = 1.0
        return self._prediction(result)
