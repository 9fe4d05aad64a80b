"""Which runs are made, and how long they take."""

from __future__ import annotations

from dataclasses import dataclass

ERRANDS = ("policy", "survey", "report")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the load generator.

    Args:
        system: ``ours`` or ``stock``.
        url: where it answers, without a path.
        script: an errand of ``scripts.SCRIPTS``.
        people: how many talk at the same time.
        warm_up: seconds that are not measured.
        seconds: longest time that is measured.
        conversations: stop after so many; 0 for no limit.
    """

    system: str
    url: str
    script: str
    people: int
    warm_up: float
    seconds: float
    conversations: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Args:
        name: what the results call it.
        people: how many talk at the same time, one run for each number and errand.
        warm_up: seconds before each run.
        seconds: of each run.
        long: how many long conversations, one after the other.
    """

    name: str
    people: tuple[int, ...]
    warm_up: float
    seconds: float
    long: int

    def runs(self, system: str, url: str) -> list[Run]:
        """The runs under load, in their order."""
        return [
            Run(system, url, errand, people, self.warm_up, self.seconds)
            for people in self.people
            for errand in ERRANDS
        ]

    def long_run(self, system: str, url: str) -> Run:
        """One person who goes on and on; every turn counts, the first too."""
        return Run(system, url, "long", 1, 0.0, 120.0, self.long)


DEFAULT = Plan("default", (1, 16), 2.0, 8.0, 2)
QUICK = Plan("quick", (16,), 1.0, 3.0, 1)
FULL = Plan("full", (1, 16, 64), 3.0, 20.0, 5)
