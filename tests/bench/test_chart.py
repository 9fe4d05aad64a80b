"""The picture holds what was measured, and is a picture."""

from __future__ import annotations

from xml.etree import ElementTree

from bench.chart import BAR, svg
from bench.figures import Sample, Summary, by_turn
from bench.report import Figures, alone

NAME = "{http://www.w3.org/2000/svg}"


def _figures(per_second: float, by_turn: list[tuple[int, float]]) -> Figures:
    run = Summary(100, 0, 10, 0, per_second, 1.0, 2.0, 3.0)
    return Figures(1, None, 1, runs={"policy/16": run}, by_turn=by_turn)


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    both = _figures(200, [(10, 5), (20, 5)]), _figures(50, [(10, 20), (20, 80)])
    drawn = ElementTree.fromstring(svg(*both))  # noqa: S314 (our own)
    bars = [float(rect.attrib["width"]) for rect in drawn.iter(NAME + "rect")][1:]
    assert bars == [BAR, BAR / 4]
    texts = [text.text for text in drawn.iter(NAME + "text")]
    assert "200 ours" in texts
    assert "50 stock" in texts
    assert "80 ms" in texts
    assert len(list(drawn.iter(NAME + "polyline"))) == 2


def test_a_run_without_a_long_conversation_is_drawn_too() -> None:
    assert "polyline" not in svg(_figures(1, []), _figures(0, []))


def test_turns_are_taken_ten_by_ten() -> None:
    samples = [Sample(turn, float(turn), turn != 7) for turn in range(1, 25)]
    assert by_turn(samples) == [(10, 5.0), (20, 15.0), (30, 22.0)]


def test_what_was_refused_is_told() -> None:
    figures = _figures(1, [])
    figures.alone["a crowd"] = Summary(90, 0, 1, 0, 45, 5, 6, 7, refused=33)
    (line,) = alone(figures)
    assert "33 told to come again" in line
