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
        open: conversations that ours keeps open at the same time; 0 leaves this out.
        crowd: people who talk to ours at once, far more than it can serve; 0 leaves this out.
    """

    name: str
    people: tuple[int, ...]
    warm_up: float
    seconds: float
    long: int
    open: int = 0
    crowd: int = 0

    def runs(self, system: str, url: str) -> list[Run]:
        """The runs under load, in their order."""
        return [
            Run(system, url, errand, people, self.warm_up, self.seconds)
            for people in self.people
            for errand in ERRANDS
        ]

    def ours_alone(self, url: str) -> dict[str, Run]:
        """Runs that only ours makes, by their name."""
        found = {}
        if self.open:
            found[f"{self.open} people begin"] = Run("ours", url, "hello", 32, 0, 900, self.open)
            name = f"policy, 16 at once, {self.open} chats open"
            found[name] = Run("ours", url, "policy", 16, self.warm_up, self.seconds)
        if self.crowd:
            name = f"policy, {self.crowd} at once"
            found[name] = Run("ours", url, "policy", self.crowd, 5.0, self.seconds)
        return found

    def long_run(self, system: str, url: str) -> Run:
        """One person who goes on and on; every turn counts, the first too."""
        return Run(system, url, "long", 1, 0.0, 120.0, self.long)


DEFAULT = Plan("default", (1, 16), 2.0, 8.0, 2)
QUICK = Plan("quick", (16,), 1.0, 3.0, 1)
FULL = Plan("full", (1, 16, 64), 3.0, 20.0, 5, open=10_000, crowd=512)
