"""Messages that wait at the same moment: one question to the model, and to each its own answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

import numpy as np
import pytest

from bot.rasa.decision import Decider, Decision
from bot.rasa.fast import together
from bot.rasa.fast.together import MOST, Given, Together
from bot.rasa.kernel import nearness

TEXTS = ["hello", "Who reads this?", "I am afraid. What can I do?", "123", "Hello. Bye. Hello."]


class Model:
    """Chances that depend on a text alone, and a list of what was asked."""

    labels = ("danger/child", "faq/deadlines", "greet")

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.broken_for: str | None = None

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        self.asked.append(len(texts))
        if self.broken_for in texts:
            raise ValueError
        rows = np.array([[len(t) % 7 + 0.5, t.count("a") + 0.5, t.count("e") + 1.0] for t in texts])
        chances: np.ndarray = rows / rows.sum(axis=1, keepdims=True)
        return chances


def alone(text: str) -> Decision:
    return Decider(Model()).decide(text)


class Hall:
    """A decider whose questions are collected."""

    def __init__(self) -> None:
        self.model = Model()
        self.decider = Decider(self.model)
        self.together = Together(self.decider)

    async def decide(self, text: str) -> Decision:
        await self.together.prepare(text)
        return self.decider.decide(text)

    async def all(self, texts: Sequence[str]) -> list[Decision]:
        return await asyncio.gather(*map(self.decide, texts))


def test_all_that_wait_are_one_question_and_each_gets_its_own_answer() -> None:
    hall = Hall()
    found = asyncio.run(hall.all(TEXTS))
    assert found == [alone(text) for text in TEXTS]
    assert hall.model.asked == [sum(len(together.questions(text)) for text in TEXTS)]


def test_one_alone_waits_for_nobody() -> None:
    hall = Hall()
    for text in TEXTS:
        assert asyncio.run(hall.all([text])) == [alone(text)]
    assert hall.model.asked == [1, 1, 3, 4]  # a number is no question


def test_very_many_are_several_questions() -> None:
    hall = Hall()
    texts = [f"number {'e' * n}" for n in range(MOST + 5)]
    assert asyncio.run(hall.all(texts)) == [alone(text) for text in texts]
    assert hall.model.asked == [MOST, 5]


def test_the_same_words_of_two_people_are_worked_out_twice() -> None:
    hall = Hall()
    asyncio.run(hall.all(["hello", "hello"]))
    assert hall.model.asked == [2]


def test_who_leaves_disturbs_nobody() -> None:
    hall = Hall()

    async def some_leave() -> list[Decision]:
        leaving = asyncio.create_task(hall.decide("I leave"))
        staying = [asyncio.create_task(hall.decide(text)) for text in TEXTS]
        await asyncio.sleep(0)
        leaving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await leaving
        return await asyncio.gather(*staying)

    assert asyncio.run(some_leave()) == [alone(text) for text in TEXTS]


def test_a_message_that_cannot_be_understood_fails_alone() -> None:
    hall = Hall()
    hall.model.broken_for = "hello"

    async def each() -> list[Decision | BaseException]:
        return await asyncio.gather(*map(hall.decide, TEXTS), return_exceptions=True)

    first, *others = asyncio.run(each())
    assert isinstance(first, ValueError)
    assert others == [alone(text) for text in TEXTS[1:]]


def test_an_answer_is_only_for_the_question_it_was_given_to() -> None:
    given = Given(Model())
    given.give(["hello"], np.full((1, 3), 0.25))
    assert given.probabilities(["bye"])[0].sum() == pytest.approx(1)
    assert given.probabilities(["hello"])[0].sum() == pytest.approx(1)  # it is not kept either


def test_a_graph_without_our_classifier_is_left_alone() -> None:
    class Runner:
        def __init__(self) -> None:
            self._instantiated_nodes = {"other": object()}

    assert Together.of(Runner()) is None


def test_many_points_at_once_are_as_near_as_each_by_itself() -> None:
    dice = np.random.default_rng(1)
    ours, theirs = (dice.normal(size=(n, 384)).astype(np.float32) / 14 for n in (9, 700))
    votes = dice.normal(size=(700, 94)).astype(np.float32)
    at_once = nearness(ours, theirs) @ votes
    far = ((ours[:, None, :] - theirs) ** 2).sum(axis=2)
    assert np.abs(nearness(ours, theirs) - np.exp(far / -2)).max() < 1e-5
    single = np.concatenate([nearness(row[None, :], theirs) @ votes for row in ours])
    assert np.abs(at_once - single).max() < 1e-4 * np.abs(single).max()
