"""Where the parts are joined, and nowhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from rasa_sdk.executor import ActionExecutor

from actions.desk import Desk
from actions.register import executor
from bot.conversations import Conversations
from bot.dialogue import Dialogue
from bot.engine import Engine
from bot.words import Words
from catalogue import Messages, Walk
from policy.answers import Answers
from policy.menu import Menu
from service.metrics import Metrics
from service.settings import Settings, SettingsError
from service.storage import Storage
from vault.state import MemoryShelf, RedisShelf, StateStore


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that runs."""

    settings: Settings
    storage: Storage
    messages: Messages
    conversations: Conversations
    sign_ins: StateStore
    engine: Engine
    dialogue: Dialogue
    executor: ActionExecutor
    metrics: Metrics
    instrument_ref: str

    async def close(self) -> None:
        """Let connections go."""
        await self.engine.close()
