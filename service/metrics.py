"""Counts for operators, and nothing personal: no language, no topic, no time of a person.

Numbers of reports and survey answers are not counted: while a round is open nobody may know how
many have answered, and a counter read twice would tell.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, generate_latest

from bot.turn import BUSY, Turn


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.sessions = Counter(
            "speaksafe_sessions", "Conversations begun", ["channel"], registry=self.registry
        )
        self.messages = Counter(
            "speaksafe_messages", "Messages answered", ["channel"], registry=self.registry
        )
        self.engine_down = Counter(
            "speaksafe_engine_unanswered",
            "Messages that the engine did not answer",
            registry=self.registry,
        )

    def begun(self, channel: str) -> None:
        """Count a conversation that has begun."""
        self.sessions.labels(channel).inc()

    def turn(self, channel: str, turn: Turn) -> None:
        """Count one answered message."""
        self.messages.labels(channel).inc()
        if turn.intent in (None, BUSY):
            self.engine_down.inc()

    def text(self) -> bytes:
        """In the text format of Prometheus."""
        return generate_latest(self.registry)
