"""All actions, in one list; a test compares it with domain.yml."""

from __future__ import annotations

from rasa_sdk.executor import ActionExecutor

from actions.base import SpeaksafeAction
from actions.danger import Danger
from actions.desk import Desk
from actions.policy_actions import AnswerPolicy, More, PolicyMenu, Repeat, Source
from actions.talk import Acknowledge, Kindly, Language, Leaving, Open, OwnChoice, Support, Unsure
from actions.walk_actions import BeginReport, BeginReturn, BeginSurvey, WalkOn

ACTIONS: tuple[type[SpeaksafeAction], ...] = (
    Acknowledge,
    AnswerPolicy,
    BeginReport,
    BeginReturn,
    BeginSurvey,
    Danger,
    Kindly,
    Language,
    Leaving,
    More,
    Open,
    OwnChoice,
    PolicyMenu,
    Repeat,
    Source,
    Support,
    Unsure,
    WalkOn,
)


def executor(desk: Desk) -> ActionExecutor:
    """The Rasa SDK's executor with every action registered.

    Args:
        desk: what the actions speak through.
    """
    found = ActionExecutor()
    for action in ACTIONS:
        found.register_action(action(desk))
    return found
