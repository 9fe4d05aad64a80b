"""The stock assistant's project: its fixed files, and what is taken from our content."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "bench" / "stock"

EXAMPLES = 15
QUESTIONS = 10

#: 15 topics and 10 other intents: 25, of the more than 80 that our own assistant tells apart.
TOPICS = (
    *("definition", "examples", "consent", "who_is_covered", "witness", "anonymous_report"),
    *("confidentiality", "how_to_report", "deadlines", "how_long", "evidence", "support"),
    *("retaliation", "false_reports", "police_law"),
)
OTHERS = (
    *("greet", "goodbye", "thanks", "affirm", "deny", "help", "stop"),
    *("menu_survey", "menu_report", "smalltalk"),
)


class ProjectError(Exception):
    """Our content lacks what the stock assistant needs; the text names it."""


def write(folder: Path) -> None:
    """Write the whole project: configuration, domain, NLU data, rules and stories.

    Args:
        folder: an empty folder.

    Raises:
        ProjectError: an intent has no examples in ``data/nlu/en``.
    """
    data = folder / "data"
    data.mkdir(parents=True)
    for name in ("config.yml", "credentials.yml", "actions.py"):
        shutil.copy(SOURCE / name, folder / name)
    shutil.copy(SOURCE / "rules.yml", data / "rules.yml")
    _dump(data / "nlu.yml", nlu())
    _dump(folder / "domain.yml", domain())


def nlu() -> dict[str, Any]:
    """A small set of examples, the first of each intent in our own data."""
    known = _examples()
    wanted = [f"faq/{topic}" for topic in TOPICS] + list(OTHERS)
    if missing := [intent for intent in wanted if not known.get(intent)]:
        raise ProjectError(f"data/nlu/en has no examples of {', '.join(missing)}")
    entries = [
        {"intent": intent, "examples": "".join(f"- {e}\n" for e in known[intent][:EXAMPLES])}
        for intent in wanted
    ]
    return {"version": "3.1", "nlu": entries}


def domain() -> dict[str, Any]:
    """The stock domain: responses from our policy answers, and one form of ten slots."""
    responses = {f"utter_faq/{topic}": [{"text": _answer(topic)}] for topic in TOPICS}
    responses |= {name: [{"text": text}] for name, text in _SAYINGS.items()}
    responses |= {f"utter_ask_q{n}": [_question(n)] for n in range(1, QUESTIONS + 1)}
    return {
        "version": "3.1",
        "intents": ["faq", *OTHERS, "choose"],
        "entities": ["option"],
        "slots": {f"q{n}": _slot(n) for n in range(1, QUESTIONS + 1)},
        "forms": {"questions_form": {"required_slots": [f"q{n}" for n in range(1, QUESTIONS + 1)]}},
        "responses": responses,
        "actions": ["validate_questions_form", "action_hand_in", "utter_faq"],
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


_SAYINGS = {
    "utter_greet": "Hello. What would you like to know?",
    "utter_goodbye": "Goodbye.",
    "utter_welcome": "You are welcome.",
    "utter_help": "Ask a question, take the survey, or make a report.",
    "utter_rephrase": "I did not understand. Could you say it in other words?",
    "utter_handed_in": "Thank you. That was the last question.",
}


def _question(number: int) -> dict[str, Any]:
    buttons = [
        {"title": f"Option {n}", "payload": f'/choose{{"option": "{n}"}}'} for n in range(1, 6)
    ]
    return {"text": f"Question {number} of {QUESTIONS}: how far do you agree?", "buttons": buttons}


def _slot(number: int) -> dict[str, Any]:
    here = [{"active_loop": "questions_form", "requested_slot": f"q{number}"}]
    mappings = [
        {"type": "from_entity", "entity": "option", "conditions": here},
        {"type": "from_text", "not_intent": ["choose", "stop"], "conditions": here},
    ]
    return {"type": "text", "influence_conversation": False, "mappings": mappings}


def _examples() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "nlu" / "en").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = str(entry.get("examples", "")).splitlines()
            if intent := entry.get("intent"):
                found.setdefault(intent, []).extend(line.removeprefix("- ") for line in lines)
    return found


def _answer(topic: str) -> str:
    path = ROOT / "content" / "policy" / f"{topic}.yml"
    messages: list[str] = yaml.safe_load(path.read_text(encoding="utf-8"))["en"]["messages"]
    return "\n\n".join(messages)


def _dump(path: Path, what: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(what, sort_keys=False, allow_unicode=True), encoding="utf-8")
