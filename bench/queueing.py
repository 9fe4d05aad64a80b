"""A simulation of people who wait for a few servers: how many machines hold how many people.

Each station has so many servers and a line before it. People come by chance, say a message, think,
say the next one. A message passes the service and the engine one after the other; a receipt takes
a core for itself. Nothing here measures: the times come from ``bench.cost`` and ``bench.storage``.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.figures import percentile


@dataclass(frozen=True, slots=True)
class Errand:
    """What somebody comes for.

    Args:
        name: of the errand.
        share: of all who come, up to 1.
        messages: of one conversation.
        think: mean seconds between an answer and the next message.
        service_ms: processor time of the service for one message.
        engine_ms: processor time of the engine for one message.
        last_ms: processor time of the service for the last message besides (a receipt).
    """

    name: str
    share: float
    messages: int
    think: float
    service_ms: float
    engine_ms: float
    last_ms: float = 0.0


@dataclass(slots=True)
class Station:
    """So many servers that do one thing each, and the line before them."""

    servers: int
    busy: int = 0
    line: deque[tuple[float, Callable[[], None]]] = field(default_factory=deque)
    worked: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """What people met.

    Args:
        messages: how many were answered.
        p50, p95, p99: seconds from a message to its answer.
        service_use, engine_use: how busy the servers were, up to 1.
        open_at_once: conversations that were open at the same time, at most.
    """

    messages: int
    p50: float
    p95: float
    p99: float
    service_use: float
    engine_use: float
    open_at_once: int


class Simulation:
    """One run.

    Args:
        errands: what people come for.
        services: service processes, each with a core.
        engines: engine processes, each with a core.
        arrivals: people an hour.
        seed: the same seed gives the same run.
    """

    def __init__(
        self, errands: Sequence[Errand], services: int, engines: int, arrivals: float, seed: int = 1
    ) -> None:
        self._errands = errands
        self._service, self._engine = Station(services), Station(engines)
        self._arrivals = arrivals
        self._dice = random.Random(seed)
        self._clock = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._waits: list[float] = []
        self._open = self._most_open = 0

    def run(self, seconds: float, warm_up: float) -> Found:
        """Let people come for so long.

        Args:
            seconds: that are counted.
            warm_up: seconds before, until as many are there as ever will be.
        """
        self._later(0.0, self._somebody_comes)
        counted = False
        while self._events and self._clock < warm_up + seconds:
            self._clock, _, what = heapq.heappop(self._events)
            if not counted and self._clock >= warm_up:
                counted = True
                self._waits.clear()
                self._service.worked = self._engine.worked = 0.0
            what()
        return Found(
            messages=len(self._waits),
            p50=percentile(self._waits, 0.5) or 0.0,
            p95=percentile(self._waits, 0.95) or 0.0,
            p99=percentile(self._waits, 0.99) or 0.0,
            service_use=self._service.worked / (self._service.servers * seconds),
            engine_use=self._engine.worked / (self._engine.servers * seconds),
            open_at_once=self._most_open,
        )

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self._clock + seconds, next(self._count), what))

    def _somebody_comes(self) -> None:
        self._later(self._dice.expovariate(self._arrivals / 3600), self._somebody_comes)
        weights = [errand.share for errand in self._errands]
        (errand,) = self._dice.choices(self._errands, weights)
        self._open += 1
        self._most_open = max(self._most_open, self._open)
        self._says(errand, errand.messages)

    def _says(self, errand: Errand, left: int) -> None:
        began = self._clock
        last = errand.last_ms if left == 1 else 0.0

        def answered() -> None:
            self._waits.append(self._clock - began)
            if left == 1:
                self._open -= 1
            else:
                think = self._dice.expovariate(1 / errand.think)
                self._later(think, lambda: self._says(errand, left - 1))

        def at_engine() -> None:
            self._at(self._engine, errand.engine_ms, answered)

        self._at(self._service, errand.service_ms + last, at_engine)

    def _at(self, station: Station, ms: float, then: Callable[[], None]) -> None:
        # Some messages take longer than others: as long again as the mean, by chance.
        seconds = ms / 1000 * (0.5 + self._dice.expovariate(1.0) / 2)
        station.line.append((seconds, then))
        self._serve(station)

    def _serve(self, station: Station) -> None:
        if station.busy == station.servers or not station.line:
            return
        seconds, then = station.line.popleft()
        station.busy += 1
        station.worked += seconds

        def done() -> None:
            station.busy -= 1
            self._serve(station)
            then()

        self._later(seconds, done)
