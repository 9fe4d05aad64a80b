"""The load generator: people in a closed loop, each saying the next thing when she is answered.

Locust (MIT, kept since 2011) with its geventhttpclient user: at the rates measured here it takes a
small part of one core, where a client on httpx would take as much as the server it measures. It
patches Python's networking, so it runs as a process of its own:

    python -m bench.people '{"system": "ours", "url": "…", "script": "policy", …}'

and writes one JSON document, a ``figures.Load``, to standard output.
"""

from __future__ import annotations

import json
import random
import sys
import time
from dataclasses import asdict
from typing import Any

from locust import constant
from locust.contrib.fasthttp import FastHttpUser
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import LocalRunner

from bench.figures import Load, Sample
from bench.plan import Run
from bench.scripts import SCRIPTS, Astray, Say

#: Seconds until somebody who was refused tries again: less than she is asked to wait, so that the
#: pressure lasts.
WAIT = 1.0


class Notes:
    """What was measured so far."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.measuring = False
        self.finished = 0
        self.astray = 0
        self.begun = 0
        self.refused = 0


class Person(FastHttpUser):
    """Somebody who has one conversation after the other, without a pause."""

    abstract = True
    wait_time = constant(0)
    run_: Run
    notes: Notes

    def one_conversation(self) -> None:
        """Go through the script once, in a conversation of its own."""
        if self.run_.conversations and self.notes.begun >= self.run_.conversations:
            raise StopUser
        self.notes.begun += 1
        dice = random.Random(self.notes.begun)
        script = SCRIPTS[self.run_.system][self.run_.script](dice)
        sender = self._begin()
        said, turn = next(script), 1
        try:
            while True:
                said, turn = script.send(self._say(sender, said, turn)), turn + 1
        except StopIteration:
            self.notes.finished += self.notes.measuring
        except Astray as error:
            self.notes.astray += self.notes.measuring
            print(f"{self.run_.system} {self.run_.script}: {error}", file=sys.stderr)

    tasks = [one_conversation]  # noqa: RUF012 (Locust's own way)

    def _begin(self) -> str:
        if self.run_.system == "stock":
            return f"{random.getrandbits(64):016x}"
        # A new session is not a turn: it costs throughput, but is not among the times.
        answer = self.client.post("/chat/sessions", json={"lang": "en"})
        if answer.status_code != 201:
            raise Astray(f"no session: {answer.status_code}")
        return str(answer.json()["session"])

    def _say(self, sender: str, said: Say, turn: int) -> list[str]:
        mark = f"{random.getrandbits(64):016x}"
        while True:
            begun = time.perf_counter()
            answer = self._send(sender, said, mark)
            ms = (time.perf_counter() - begun) * 1000
            if answer.status_code != 503:
                break
            self.notes.refused += self.notes.measuring
            time.sleep(WAIT)
        messages = self._messages(answer) if answer.status_code == 200 else []
        # Whatever is answered in the measured time counts, whenever it was said: else slow answers
        # would be left out at both ends, and the slower system would look faster and busier.
        if self.notes.measuring:
            self.notes.samples.append(Sample(turn, ms, bool(messages)))
        if not messages:
            raise Astray(f"no answer at turn {turn}: status {answer.status_code}")
        return [str(choice) for message in messages for choice in _values(message)]

    def _send(self, sender: str, said: Say, mark: str) -> Any:
        if self.run_.system == "stock":
            body = {"sender": sender, "message": said.choice or said.text}
            return self.client.post("/webhooks/rest/webhook", json=body)
        return self.client.post(
            "/chat/messages",
            json={"choice": said.choice} if said.choice else {"text": said.text},
            headers={"Authorization": f"Bearer {sender}", "Idempotency-Key": mark},
        )

    def _messages(self, answer: Any) -> list[dict[str, Any]]:
        found = answer.json()
        return list(found if self.run_.system == "stock" else found["messages"])


def _values(message: dict[str, Any]) -> list[str]:
    choices = message.get("choices") or []
    return [c["value"] for c in choices] + [b["payload"] for b in message.get("buttons") or []]


def measure(run: Run) -> Load:
    """Let people talk as ``run`` says and note what they find."""
    notes = Notes()
    kind = type("OnePerson", (Person,), {"host": run.url, "run_": run, "notes": notes})
    runner: LocalRunner = Environment(user_classes=[kind]).create_local_runner()
    # One by one, so that they are not all at the same step at the same moment.
    runner.start(run.people, spawn_rate=run.people / max(run.warm_up, 0.1))
    # Locust has patched this sleep: the people go on meanwhile.
    time.sleep(run.warm_up)
    notes.measuring, begun = True, time.perf_counter()
    while time.perf_counter() - begun < run.seconds and runner.user_count:
        time.sleep(0.02)
    seconds = time.perf_counter() - begun
    # Only what was answered in the measured time counts towards it.
    load = Load(tuple(notes.samples), seconds, notes.finished, notes.astray, notes.refused)
    runner.quit()
    return load


if __name__ == "__main__":
    print(json.dumps(asdict(measure(Run(**json.loads(sys.argv[1]))))))
