"""The measure itself: what counts as understood, as served, as an alarm; and its page."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import cast

import pytest

from tests.nlu.evaluate import UNSURE, Alarms, Heard, Safety, System, Topics, read, safety_of, table
from tests.nlu.page import page

LONG = ("faq/how_long", "faq/deadlines", "faq/evidence", "greet", "thanks")


def heard(intent: str, *ranking: str, gate: str | None = None, sure: float = 0.8) -> Heard:
    return Heard(gate, intent, sure, ranking or (intent,), 5.0)


#: Unsure, and it may be somebody who carries something.
BURDENED = Heard(None, UNSURE, 0.7, (*LONG, "distress"), 5.0, chances=(0.3, 0.1, 0.1, 0, 0, 0.2))


class Deaf:
    """Takes what it is told for danger, and all else for a greeting."""

    def __init__(self, engine: str, gate: str) -> None:
        self._engine, self._gate = engine, gate

    def hear(self, text: str, lang: str) -> Heard:
        kind = "crisis" if self._gate in text else None
        return heard("danger/child" if self._engine in text else "greet", gate=kind)


@pytest.mark.parametrize(
    ("wanted", "found", "kind", "share"),
    [
        ("faq/how_long", heard("faq/how_long", *LONG), "topic", 1),
        ("faq/deadlines", heard("faq/how_long", *LONG), "topic", 0),
        ("faq/outcomes", heard("faq/how_long", *LONG), "family", 1),
        ("faq/deadlines", heard("faq/how_long", *LONG), "family", 0),
        ("faq/evidence", heard("faq/how_long", *LONG), "top3", 1),
        ("greet", heard("faq/how_long", *LONG), "top3", 0),
        ("faq/evidence", heard(UNSURE, *LONG), "offered", 1),
        ("faq/outcomes", heard(UNSURE, *LONG), "offered", 0),
        ("faq/outcomes", heard(UNSURE, *LONG), "reached", 1),
        ("human", heard(UNSURE, *LONG), "offered", 1),
        ("menu_report", heard(UNSURE, *LONG), "offered", 0),
        ("menu_report", heard(UNSURE, *LONG), "reached", 1),
        ("disclosure", heard(UNSURE, *LONG), "reached", 0),
        ("disclosure", BURDENED, "offered", 1),
        ("menu_report", BURDENED, "offered", 1),
        ("faq/evidence", heard(UNSURE, *LONG), "served", 1),
        ("thanks", heard(UNSURE, *LONG), "served", 0),
        ("greet", heard("faq/how_long", *LONG), "served", 0),
        ("greet", Heard(None, UNSURE, 1.0, (), 5.0), "topic", 0),
    ],
)
def test_each_share_counts_what_it_says(wanted: str, found: Heard, kind: str, share: int) -> None:
    assert Topics("xx", [(wanted, found)]).share(kind) == share


def test_what_nobody_can_choose_is_left_out_of_what_is_offered() -> None:
    pairs = [("thanks", heard(UNSURE, *LONG)), ("faq/outcomes", heard(UNSURE, *LONG))]
    topics = Topics("xx", pairs)
    assert (topics.count("offered"), topics.count("unsure")) == (1, 2)


def test_who_is_always_half_sure_and_always_right_is_badly_calibrated() -> None:
    pairs = [("greet", heard("greet", sure=0.5))] * 3 + [("greet", heard("thanks", sure=0.5))]
    assert Topics("xx", pairs).calibration_error() == pytest.approx(0.25)


def test_an_alarm_of_either_counts_and_the_gate_is_told_apart() -> None:
    pairs = [("greet", heard("greet")), ("thanks", heard("danger/child"))]
    ordinary = [Topics("en test", pairs)]
    everything = safety_of(cast(System, Deaf("", "")), "en", ordinary)
    assert everything.recall == 1.0
    assert everything.calm.gate == everything.calm.both == everything.calm.count > 0
    assert everything.ordinary == (0, 1, 1, 2)
    nothing = safety_of(cast(System, Deaf("\0", "\0")), "en", [])
    assert (nothing.recall, nothing.false_alarms) == (0.0, 0.0)


def test_the_table_and_the_page_show_every_figure() -> None:
    pairs = [("faq/how_long", heard("faq/how_long", *LONG)), ("greet", heard("thanks", *LONG))]
    sets = [Topics("en test", pairs), Topics("fr test", pairs)]
    safety = {
        "en": Safety(
            {"unseen": Alarms(1, 3, 4, 4)}, Alarms(0, 1, 4, 50), Alarms(0, 0, 1, 50), (7, 7)
        )
    }
    printed = table(sets, safety)
    assert "recall 0.750" in printed
    assert "helped 1.000" in printed
    assert "false 0.010" in printed
    assert "needless help 0.050" in printed
    shown = page(sets, safety)
    HTMLParser().feed(shown)
    assert "<h2>Which families are taken for which</h2>" in shown
    assert 'title="process taken for process">2</td>' in shown
    assert '<td class="low">75.0</td>' in shown
    assert "<script" not in shown


def test_the_page_escapes_what_it_shows() -> None:
    assert "<b>" not in page([Topics("<b>", [("greet", heard("greet"))])], {})


def test_sentences_are_read_with_their_full_names() -> None:
    from tests.nlu.evaluate import ROOT

    examples = read(ROOT / "tests" / "nlu" / "test_en.yml")
    assert ("faq/definition" in {intent for _, intent in examples}) and len(examples) > 300
