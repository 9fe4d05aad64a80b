"""The auditor finds what can be worked out; each planted weak release is refused."""

from __future__ import annotations

import ast
import itertools
import random
from dataclasses import replace
from pathlib import Path

import pytest

from survey.audit import Audit, audit
from survey.facts import Column, Facts, FactsError, Figure, Shape

ROOT = Path(__file__).resolve().parents[2]


def column(
    item: str,
    answered: int | None,
    by: str = "",
    group: str = "",
    percents: dict[str, float] | None = None,
    **counts: int | None,
) -> Column:
    shares = percents or {}
    figures = tuple(Figure(code, count, shares.get(code)) for code, count in counts.items())
    return Column(item, by, group, answered, figures)


def release(
    *columns: Column,
    answers: int = 200,
    rounded_to: int = 1,
    least: int = 10,
    parts: tuple[str, ...] = ("r1",),
    kinds: dict[str, str] | None = None,
    alone: tuple[str, ...] = (),
    asked: dict[str, str] | None = None,
) -> Facts:
    codes: dict[str, dict[str, None]] = {}
    for found in columns:
        codes.setdefault(found.item, {}).update(dict.fromkeys(f.code for f in found.figures))
    shapes = tuple(
        Shape(
            item,
            (kinds or {}).get(item, "single"),
            tuple(named),
            alone,
            (asked or {}).get(item, ""),
        )
        for item, named in codes.items()
    )
    return Facts(
        parts[-1], parts, "test-1", "", answers, rounded_to, least, tuple(columns), shapes
    )  # fmt: skip


def pinned(found: Audit) -> dict[tuple[str, str, str], tuple[int, int | None]]:
    return {(b.item, b.group, b.code): (b.low, b.high) for b in found.objections}


class TestPlanted:
    """Releases that look protected and are not."""

    def test_one_hidden_figure_beside_its_total(self) -> None:
        found = audit(release(column("Q1", 100, a=60, b=33, c=None)))
        assert pinned(found) == {("Q1", "", "c"): (7, 7)}

    def test_two_hidden_figures_that_are_few_together(self) -> None:
        found = audit(release(column("Q1", 100, a=60, b=36, c=None, d=None)))
        assert set(pinned(found)) == {("Q1", "", "c"), ("Q1", "", "d")}
        assert all(b.problem == "pinned" for b in found.objections)

    def test_margins_only(self) -> None:
        """Only the small figures are hidden: the totals of rows and columns give all six back."""
        truth = {"x": (40, 3, 20), "y": (4, 30, 25), "z": (30, 16, 2)}
        columns = [
            column("Q1", sum(counts), "D1", group,
                   **{c: (n if n >= 10 else None) for c, n in zip("abc", counts, strict=True)})
            for group, counts in truth.items()
        ]  # fmt: skip
        totals = [sum(counts) for counts in zip(*truth.values(), strict=True)]
        found = audit(
            release(
                column("Q1", 170, **dict(zip("abc", totals, strict=True))),
                column("D1", 170, **{g: sum(c) for g, c in truth.items()}),
                *columns,
                answers=170,
            )
        )
        for (_, group, code), (low, high) in pinned(found).items():
            assert low == high == truth[group]["abc".index(code)]
        assert set(pinned(found)) == {("Q1", "x", "b"), ("Q1", "y", "a"), ("Q1", "z", "c")}

    def test_recomputed_totals(self) -> None:
        """A total made of what is shown, and the true one somewhere else."""
        found = audit(
            release(
                column("Q1", 100, a=50, b=None, c=None),
                column("Q1", 94, a=50, b=44, c=None),
            )
        )
        assert found.contradiction and not found.passed
        apart = audit(
            release(
                column("Q1", None, a=50, b=44, c=None),
                column("Q2", 100, a=50, b=50),
                asked={"Q2": "Q1 has a, b, c"},
                answers=100,
            )
        )
        assert pinned(apart) == {("Q1", "", "c"): (6, 6)}

    def test_overlapping_cuts(self) -> None:
        """Two groupings of the same people, one of them without the small group hidden."""
        found = audit(
            release(
                column("Q1", 100, a=55, b=45),
                column("D1", 100, w=60, m=40),
                column("D2", 100, s=93, n=None),
                column("Q1", 60, "D1", "w", a=30, b=30),
                column("Q1", 40, "D1", "m", a=25, b=15),
                column("Q1", 93, "D2", "s", a=52, b=41),
                column("Q1", None, "D2", "n", a=None, b=None),
                least=0,
            )
        )
        assert pinned(found)["Q1", "n", "a"] == (0, 3)
        assert pinned(found)["D2", "", "n"] == (7, 7)

    def test_a_condition_gives_away(self) -> None:
        """Those who were asked the second question are those who gave one answer to the first."""
        found = audit(
            release(
                column("Q1", 100, yes=50, no=None, pass_=None),
                column("Q2", 44, a=22, b=22),
                asked={"Q2": "Q1 has no"},
                answers=100,
            )
        )
        assert pinned(found)["Q1", "", "pass_"] == (0, 6)

    def test_percentages_of_exact_counts(self) -> None:
        rounded = column("Q1", 100, a=60, b=30, c=None, d=None)
        assert audit(release(rounded, rounded_to=5)).passed
        telling = column("Q1", 100, percents={"c": 3.92, "d": 7.84}, a=60, b=30, c=None, d=None)
        assert set(pinned(audit(release(telling, rounded_to=5)))) >= {("Q1", "", "c")}

    def test_percentages_of_the_rounded_counts_tell_nothing(self) -> None:
        shares = {"a": 60.0, "b": 30.0}
        same = column("Q1", 100, percents=shares, a=60, b=30, c=None, d=None)
        plain = column("Q1", 100, a=60, b=30, c=None, d=None)
        assert (
            audit(release(same, rounded_to=5)).bounds == audit(release(plain, rounded_to=5)).bounds
        )

    def test_rounding_alone_does_not_hide(self) -> None:
        """Rounded to 5, but the total is so near to what is shown that few can be left."""
        found = audit(
            release(column("Q1", 55, a=30, b=30, c=None, d=None), rounded_to=5, answers=60)
        )
        assert pinned(found)["Q1", "", "c"][1] == 1

    def test_of_several_answers_the_lonely_ones_leave_few(self) -> None:
        found = audit(
            release(
                column("Q1", 50, none=28, pass_=16, a=None, b=None),
                kinds={"Q1": "multi"},
                alone=("none", "pass_"),
            )
        )
        assert pinned(found) == {("Q1", "", "a"): (0, 6), ("Q1", "", "b"): (0, 6)}

    def test_it_is_said_to_be_few_though_not_none(self) -> None:
        found = audit(release(column("Q1", 100, a=60, b=33, c=None)))
        assert [b.problem for b in found.objections] == ["few"]


class TestReleasesTogether:
    def test_a_later_release_of_the_same_people_and_a_few_more(self) -> None:
        first = release(column("Q1", 100, a=60, b=40), answers=100, rounded_to=5)
        both = release(column("Q1", 105, a=60, b=45), answers=105, rounded_to=5, parts=("r1", "r2"))
        assert audit(first).passed and audit(both).passed
        together = audit(both, [first])
        assert {b.parts for b in together.objections} == {("r2",)}
        assert ("", "", "") in pinned(together)

    def test_the_other_way_round(self) -> None:
        first = release(column("Q1", 105, a=60, b=45), answers=105, parts=("r1", "r2"))
        assert not audit(release(column("Q1", 98, a=58, b=40), answers=98), [first]).passed

    def test_three_that_overlap(self) -> None:
        one = release(column("Q1", 100, a=60, b=40), answers=100, parts=("r1", "r2"))
        two = release(column("Q1", 100, a=50, b=50), answers=100, parts=("r2", "r3"))
        three = release(column("Q1", 195, a=108, b=87), answers=195, parts=("r1", "r2", "r3"))
        assert {b.parts for b in audit(three, [one, two]).objections} == {("r2",)}

    def test_large_groups_may_be_subtracted(self) -> None:
        first = release(column("Q1", 100, a=60, b=40), answers=100, rounded_to=5)
        both = release(
            column("Q1", 200, a=120, b=80), answers=200, rounded_to=5, parts=("r1", "r2")
        )
        assert audit(both, [first]).passed

    def test_a_table_added_later_to_the_same_people(self) -> None:
        first = release(column("Q1", 100, a=60, b=30, c=None, d=None), answers=100)
        second = release(column("Q1", 100, a=60, b=None, c=None, d=7), answers=100, least=0)
        assert audit(first).passed
        assert pinned(audit(second, [first]))["Q1", "", "c"] == (3, 3)

    def test_other_people_tell_nothing(self) -> None:
        mine = release(column("Q1", 100, a=60, b=30, c=None, d=None))
        theirs = release(column("Q1", 50, a=20, b=30, c=0, d=0), parts=("r7",), least=0)
        assert audit(mine, [theirs]).releases == 1
        assert audit(mine, [theirs]).bounds == audit(mine).bounds

    def test_releases_that_contradict_each_other(self) -> None:
        first = release(column("Q1", 100, a=60, b=40), answers=100)
        second = release(column("Q1", 100, a=50, b=50), answers=100)
        assert audit(second, [first]).contradiction


class TestBounds:
    def test_against_trying_all_counts(self) -> None:
        """The bounds are those of every way in which the hidden counts could be filled."""
        chance = random.Random(11)
        for _ in range(40):
            truth = {code: chance.randint(0, 9) for code in "abcd"}
            shown = set(chance.sample("abcd", 2))
            total = sum(truth.values())
            facts = release(
                column("Q1", total, **{c: n if c in shown else None for c, n in truth.items()}),
                answers=total, least=0,
            )  # fmt: skip
            bounds = {b.code: (b.low, b.high) for b in audit(facts).bounds}
            hidden = [c for c in "abcd" if c not in shown]
            rest = total - sum(truth[c] for c in shown)
            ways = [w for w in itertools.product(range(rest + 1), repeat=2) if sum(w) == rest]
            for at, code in enumerate(hidden):
                assert bounds[code] == (min(w[at] for w in ways), max(w[at] for w in ways))

    def test_the_truth_always_lies_within(self) -> None:
        chance = random.Random(5)
        for _ in range(30):
            truth = {code: chance.randint(10, 60) for code in "abcde"}
            hidden = set(chance.sample("abcde", 2))
            total = sum(truth.values())
            facts = release(
                column("Q1", (total + 2) // 5 * 5,
                       **{c: None if c in hidden else (n + 2) // 5 * 5 for c, n in truth.items()}),
                answers=(total + 2) // 5 * 5, rounded_to=5,
            )  # fmt: skip
            for bound in audit(facts).bounds:
                assert bound.high is not None
                assert bound.low <= truth[bound.code] <= bound.high

    def test_a_safe_release_passes(self) -> None:
        found = audit(release(column("Q1", 100, a=60, b=25, c=None, d=None)))
        assert found.passed and found.narrowest == 15


class TestFacts:
    def test_there_and_back(self) -> None:
        facts = release(column("Q1", 100, a=60, b=None, c=None), asked={"Q1": "Q0 has a"})
        assert Facts.from_json(facts.to_json()) == facts

    @pytest.mark.parametrize("key", ["parts", "columns", "least", "answers"])
    def test_what_is_none(self, key: str) -> None:
        parts = release(column("Q1", 100, a=60)).to_json()
        with pytest.raises(FactsError):
            Facts.from_json({k: v for k, v in parts.items() if k != key})
        with pytest.raises(FactsError):
            Facts.from_json(parts | {key: None})

    def test_a_round_is_audited_alike_whatever_it_is_called(self) -> None:
        facts = release(column("Q1", 100, a=60, b=25, c=None, d=None))
        renamed = replace(facts, round_id="r9", parts=("r9",))
        found = [(b.low, b.high) for b in audit(renamed).bounds]
        assert found == [(b.low, b.high) for b in audit(facts).bounds]


def test_the_auditor_takes_nothing_from_what_it_audits() -> None:
    """A mistake in hiding must not be repeated by the auditor."""
    for path in (ROOT / "survey").glob("audit*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("survey"):
                allowed = ("survey.audit", "survey.facts", "survey.conditions", "survey")
                assert str(node.module).startswith(allowed[:3]) or node.module == "survey"
                assert not {"tables", "suppress"} & {alias.name for alias in node.names}
