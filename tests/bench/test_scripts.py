"""What people do in the load test leads somewhere."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml

from bench import stock_project
from bench.plan import ERRANDS
from bench.scripts import QUESTIONS, SCRIPTS, SHORT, Astray, Say

ROOT = Path(__file__).resolve().parents[2]


def test_both_systems_have_every_errand() -> None:
    for system in ("ours", "stock"):
        assert {*ERRANDS, "long"} <= SCRIPTS[system].keys()


def test_both_are_asked_the_same_questions() -> None:
    ours, stock = (list(SCRIPTS[s]["policy"](random.Random(7))) for s in ("ours", "stock"))
    assert ours == stock
    assert len(ours) == SHORT


def test_no_question_is_in_the_training_data() -> None:
    examples = "\n".join(p.read_text() for p in (ROOT / "data" / "nlu" / "en").glob("*.yml"))
    known = {line.strip(" -\n").casefold() for line in examples.splitlines()}
    assert not {question.casefold() for question in QUESTIONS} & known


def test_who_finds_no_way_on_has_gone_astray() -> None:
    script = SCRIPTS["ours"]["survey"](random.Random(7))
    assert next(script) == Say(choice="menu:start")
    with pytest.raises(Astray, match="menu:survey"):
        script.send(["menu:policy"])


def test_the_form_is_filled_by_buttons_in_one_errand_and_by_typing_in_the_other() -> None:
    buttons = ["/choose{}"]
    for errand, pressed in (("survey", True), ("report", False)):
        script = SCRIPTS["stock"][errand](random.Random(7))
        next(script)
        said = [script.send(buttons) for _ in range(stock_project.QUESTIONS)]
        assert all((say.choice is not None) is pressed for say in said)
        with pytest.raises(StopIteration):
            script.send([])


def test_the_stock_project_is_whole(tmp_path: Path) -> None:
    stock_project.write(tmp_path / "project")
    domain = yaml.safe_load((tmp_path / "project" / "domain.yml").read_text())
    nlu = yaml.safe_load((tmp_path / "project" / "data" / "nlu.yml").read_text())["nlu"]
    assert len(nlu) == 25
    assert all(len(entry["examples"].splitlines()) == stock_project.EXAMPLES for entry in nlu)
    for topic in stock_project.TOPICS:
        assert domain["responses"][f"utter_faq/{topic}"][0]["text"]
    slots = domain["forms"]["questions_form"]["required_slots"]
    assert len(slots) == stock_project.QUESTIONS
    assert all(f"utter_ask_{slot}" in domain["responses"] for slot in slots)
