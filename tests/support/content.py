"""The content as it is shipped, read once for all tests of a run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.words import Words
from catalogue import Messages
from policy.answers import Answers

CONTENT = Path(__file__).resolve().parents[2] / "content"


@cache
def messages() -> Messages:
    """What is said."""
    return Messages.load(CONTENT)


@cache
def words() -> Words:
    """The gate's words."""
    return Words.load(CONTENT)


@cache
def answers() -> Answers:
    """The policy's answers."""
    return Answers.load(CONTENT, messages().languages)
