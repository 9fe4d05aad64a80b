"""What no answer may say is not said in the chat, in the survey or on a page either."""

from __future__ import annotations

import pytest

from catalogue.messages import LANGUAGES
from tests.policy.traps import traps
from tests.texts.read import of

#: These are about answers: a chat asks questions, gives a fact as an organization's own, and may
#: say that nothing is kept of its own words without consent.
_ANSWERS_ONLY = {
    "no answer asks a question",
    "nobody is asked why",  # tests/texts/test_questions.py
    "no deadline is given, nor denied",
    "an investigation may go on without her",
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(set(traps()) - _ANSWERS_ONLY))
def test_no_message_falls_into_a_trap_for_answers(lang: str, name: str) -> None:
    trap = traps()[name]
    said = [text for text in of(lang) if not text.unit.startswith("policy/")]
    assert len(said) > 700
    assert [str(text) for text in said if trap.catches(lang, text.text)] == []
