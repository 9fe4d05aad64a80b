from pathlib import Path

import pytest

from catalogue.messages import LANGUAGES
from policy import Answers, Menu

CONTENT = Path(__file__).parents[2] / "content"

__all__ = ["CONTENT", "LANGUAGES"]


@pytest.fixture(scope="session")
def answers() -> Answers:
    """The answers as they are shipped."""
    return Answers.load(CONTENT, LANGUAGES)


@pytest.fixture(scope="session")
def menu(answers: Answers) -> Menu:
    """The menu as it is shipped."""
    return Menu.load(CONTENT, answers.topics, LANGUAGES)
