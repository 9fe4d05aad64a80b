"""A person at the web chat, for tests that read like conversations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Talk:
    """One person in one chat.

    ``says`` types, ``presses`` presses the choice with this label (or a part of it), ``hears``
    asserts that the last answer contains something, whatever the case of the letters.
    """

    http: httpx.Client
    lang: str | None = "en"
    session: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    ended: bool = False
    cleared: bool = False
    spoken: str = ""

    def begin(self) -> Talk:
        """Open the chat, without a word yet."""
        answer = self.http.post("/chat/sessions", json={"lang": self.lang} if self.lang else {})
        assert answer.status_code == 201, answer.text
        self.session = answer.json()["session"]
        return self

    def opens(self) -> Talk:
        """Open the chat and get the opening."""
        return self.begin().chooses("menu:start")

    def says(self, text: str) -> Talk:
        """Type something."""
        return self._send({"text": text})

    def chooses(self, value: str) -> Talk:
        """Send a choice by its value."""
        return self._send({"choice": value})

    def presses(self, label: str) -> Talk:
        """Press the one choice on offer whose label has this in it."""
        found = [c for c in self.choices if label.casefold() in c["label"].casefold()]
        exact = [c for c in found if c["label"].casefold() == label.casefold()] or found
        assert len(exact) == 1, f"{label!r} is not one of {self.labels}"
        return self.chooses(exact[0]["value"])

    def hears(self, *parts: str) -> Talk:
        """The answer has all of this in it."""
        for part in parts:
            assert part.casefold() in self.text.casefold(), f"{part!r} is not in:\n{self.text}"
        return self

    def does_not_hear(self, *parts: str) -> Talk:
        """The answer has none of this in it."""
        for part in parts:
            assert part.casefold() not in self.text.casefold(), f"{part!r} is in:\n{self.text}"
        return self

    def is_offered(self, *labels: str) -> Talk:
        """Each of these is a part of some choice."""
        for label in labels:
            assert any(label.casefold() in c.casefold() for c in self.labels), self.labels
        return self

    def shown(self, text: str) -> str:
        """A text of the catalogue as it is shown here."""
        return text

    @property
    def text(self) -> str:
        """The whole answer."""
        return "\n".join(message["text"] for message in self.messages)

    @property
    def choices(self) -> list[dict[str, str]]:
        """The choices on offer: those of the last message that has any."""
        offering = [message["choices"] for message in self.messages if message["choices"]]
        return offering[-1] if offering else []

    @property
    def labels(self) -> list[str]:
        """Their labels."""
        return [choice["label"] for choice in self.choices]

    def _send(self, body: dict[str, str]) -> Talk:
        answer = self.http.post(
            "/chat/messages", json=body, headers={"Authorization": f"Bearer {self.session}"}
        )
        assert answer.status_code == 200, answer.text
        found = answer.json()
        self.messages, self.ended = found["messages"], found["ended"]
        self.cleared = found.get("cleared", False)
        self.spoken = answer.headers["content-language"]
        assert self.messages, "an answer never is silence"
        return self
