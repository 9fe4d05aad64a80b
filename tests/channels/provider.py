"""What every local server that stands for a carrier can do: it checks, throttles, fails, loses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Self

from starlette.applications import Starlette
from starlette.responses import Response

from tests.support.served import served


class Provider(ABC):
    """A local server that stands for the carrier's own interface, and checks what it is asked."""

    def __init__(self) -> None:
        self.url = ""
        self._problems: list[str] = []
        self._throttled = self._failing = self._losing = 0

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """Start one on a free port."""
        provider = cls()
        with served(provider.app()) as provider.url:
            yield provider

    @abstractmethod
    def app(self) -> Starlette:
        """The ASGI application."""

    def problems(self) -> list[str]:
        """Requests that do not fit the carrier's published description."""
        return list(self._problems)

    def throttle(self, times: int) -> None:
        """Answer the next requests with "too many", to be tried again at once."""
        self._throttled = times

    def fail(self, times: int) -> None:
        """Answer the next requests with a fault of the carrier's."""
        self._failing = times

    def lose(self, times: int) -> None:
        """Do what the next requests ask for, and break the connection instead of an answer."""
        self._losing = times

    @abstractmethod
    def throttled(self) -> Response:
        """The carrier's own answer to too many requests."""

    @abstractmethod
    def faulty(self) -> Response:
        """The carrier's own answer when it has a fault."""

    def note(self, problems: Iterable[str]) -> bool:
        """Keep what is wrong with a request.

        Returns:
            Whether anything is.
        """
        found = list(problems)
        self._problems += found
        return bool(found)

    def refusal(self) -> Response | None:
        """What the next request gets instead of being done, if the test wants that."""
        if self._throttled:
            self._throttled -= 1
            return self.throttled()
        if self._failing:
            self._failing -= 1
            return self.faulty()
        return None

    def unless_lost(self, answer: Response) -> Response:
        """The answer to what was done, or one that breaks off if the test wants that."""
        if self._losing:
            self._losing -= 1
            return Response(b"{", headers={"content-length": "1000"})
        return answer
