"""A person who writes text messages, for scripts: signed as Twilio signs, read as a phone shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import smsutil  # type: ignore[import-untyped]

from bot.channels.gsm import plain
from tests.channels.cases.twilio import bodies
from tests.channels.neutral import TELLING
from tests.support.talk import Talk

_COUNTER = re.compile(r"^(\d+)/(\d+) ")
_CHOICE = re.compile(r"^(\d{1,2}) (.+)$", re.MULTILINE)
_numbers = count(1)


@dataclass
class Texting(Talk):
    """One person with a phone that can do nothing but texts. ``presses`` types the number.

    Every message she gets is looked at as her lock screen and her carrier would: short, counted
    in its order, and without a word that tells what this is about.
    """

    case: Any = None
    sender: int = field(default_factory=lambda: next(_numbers))

    def begin(self) -> Talk:
        """Nothing happens before she writes."""
        return self

    def shown(self, text: str) -> str:
        """With plain signs; lines may break anywhere."""
        return " ".join(plain(text).split())

    def chooses(self, value: str) -> Talk:
        """Nothing can be pressed here."""
        raise AssertionError(f"{value!r} cannot be sent by text; say a word or press a label")

    @property
    def text(self) -> str:
        """All that came, without its counters."""
        return "\n".join(message["text"] for message in self.messages)

    def presses(self, label: str) -> Talk:
        """Type the number of the one choice that has this in it."""
        found = [c for c in self.choices if label.casefold() in c["label"].casefold()]
        exact = [c for c in found if c["label"].casefold() == label.casefold()] or found
        assert len(exact) == 1, f"{label!r} is not one of {self.labels}"
        return self.says(exact[0]["value"])

    def _send(self, body: dict[str, str]) -> Talk:
        delivery = self.case.text(self.sender, body["text"], next(_numbers))
        answer = self.http.post(
            "/webhooks/sms",
            content=delivery.body,
            headers=delivery.headers,
        )
        assert answer.status_code == 200, answer.text
        sent = bodies(answer)
        assert sent, "an answer never is silence"
        for number, text in enumerate(sent, 1):
            assert len(smsutil.split(text).parts) <= 2, f"too long: {text}"
            counter = _COUNTER.match(text)
            assert (counter is not None) == (len(sent) > 1), f"no counter: {text}"
            assert counter is None or counter.groups() == (str(number), str(len(sent))), text
            for telling in TELLING.values():
                assert not telling.search(text), f"it tells what this is about: {text}"
        self.messages = [{"text": _COUNTER.sub("", text), "choices": []} for text in sent]
        found = _CHOICE.findall(self.text)
        self.messages[-1]["choices"] = [{"label": label, "value": n} for n, label in found]
        return self
