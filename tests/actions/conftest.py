"""What the actions work with, from the real content, with nobody in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from actions.desk import Desk
from bot.conversations import Conversations
from bot.words import Words
from catalogue import Messages
from policy.answers import Answers
from policy.menu import Menu
from reports.entities import Entities
from reports.known import Known
from reports.routes import Routes
from vault.state import MemoryShelf, StateStore

CONTENT = Path(__file__).resolve().parents[2] / "content"


@pytest.fixture(scope="module")
def desk() -> Desk:
    messages = Messages.load(CONTENT)
    answers = Answers.load(CONTENT, messages.languages)
    entities = Entities.load(CONTENT)
    key = os.urandom(32)
    return Desk(
        messages=messages,
        answers=answers,
        menu=Menu.load(CONTENT, answers.topics, messages.languages),
        conversations=Conversations(StateStore(MemoryShelf(), key, "conversation"), key),
        words=Words.load(CONTENT),
        known=Known.load(CONTENT, entities, Routes.load(CONTENT, entities), messages),
        walks={},
    )
