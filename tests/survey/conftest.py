"""The real questionnaire and the real words, loaded once."""

from __future__ import annotations

import pytest

from catalogue import Messages
from survey.instrument import Instrument
from tests.survey.talk import CONTENT, Talk, instrument


@pytest.fixture(scope="session")
def questionnaire() -> Instrument:
    return instrument()


@pytest.fixture(scope="session")
def catalogue() -> Messages:
    return Messages.load(CONTENT)


@pytest.fixture
def talk(questionnaire: Instrument, catalogue: Messages) -> Talk:
    return Talk.new(questionnaire, catalogue)


@pytest.fixture
def parler(questionnaire: Instrument, catalogue: Messages) -> Talk:
    return Talk.new(questionnaire, catalogue, "fr")
