"""What a message costs in processor time, process by process: a figure for busy machines.

    python -m bench.cost [--rounds 3] [--without actions,graph]

One person talks at a time, in a fixed order, so that the same work is done in each round; of
several rounds the cheapest counts. Unlike times and throughput it hardly depends on what else
runs on the machine.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bench.pages import keep
from bench.plan import ERRANDS
from bench.report import machine
from bench.scripts import SCRIPTS, Astray, Say
from bench.systems import Started, ours

#: Conversations of one round, by errand: some hundred messages each.
CONVERSATIONS = {"policy": 12, "survey": 4, "report": 8}


class Caller:
    """One kept connection to our web channel.

    Args:
        url: where the service answers, without a path.
    """

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._session = ""

    def begin(self) -> None:
        """A new conversation."""
        self._session = ""
        self._session = str(self._post("/chat/sessions", {"lang": "en"})["session"])

    def say(self, said: Say) -> list[str]:
        """One message; the values of the choices that are offered then."""
        body = {"choice": said.choice} if said.choice else {"text": said.text}
        answer = self._post("/chat/messages", body)
        return [c["value"] for message in answer["messages"] for c in message["choices"]]

    def _post(self, path: str, body: dict[str, str]) -> Any:
        headers = {"Content-Type": "application/json"}
        if self._session:
            headers["Authorization"] = f"Bearer {self._session}"
        self._connection.request("POST", path, json.dumps(body), headers)
        answer = self._connection.getresponse()
        read = answer.read()
        if answer.status >= 300:
            raise Astray(f"status {answer.status}")
        return json.loads(read)


def talk(caller: Caller, errand: str) -> int:
    """One round of conversations; returns the number of messages."""
    said = 0
    for number in range(CONVERSATIONS[errand]):
        caller.begin()
        script = SCRIPTS["ours"][errand](random.Random(number))
        say = next(script)
        while True:
            offered, said = caller.say(say), said + 1
            try:
                say = script.send(offered)
            except StopIteration:
                break
    return said


def rounds(started: Started, errand: str, count: int) -> Iterator[dict[str, float]]:
    """Milliseconds of processor time a message, by process, one round after the other."""
    caller = Caller(started.url)
    talk(caller, errand)  # caches fill, connections open
    for _ in range(count):
        before = started.cpu_seconds()
        messages = talk(caller, errand)
        after = started.cpu_seconds()
        yield {name: (after[name] - before[name]) * 1000 / messages for name in after}


def main() -> None:
    """Measure every errand and print the cheapest round of each."""
    parser = argparse.ArgumentParser(prog="bench.cost")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", default="", help="steps of the tuned engine to leave out")
    args = parser.parse_args()
    one = {"SPEAKSAFE_ENGINE_WORKERS": "1", "SPEAKSAFE_ENGINE_PLAIN": args.without}
    found: dict[str, dict[str, float]] = {}
    with ours(**one) as started:
        for errand in ERRANDS:
            cheapest = min(
                rounds(started, errand, args.rounds), key=lambda cost: sum(cost.values())
            )
            found[errand] = {name: round(ms, 2) for name, ms in cheapest.items()}
            print(f"{errand}: {found[errand]}", file=sys.stderr, flush=True)
        resident, shared = started.memory(), started.fair_memory()
        found["memory"] = {"MB": round(resident / 2**20), "shared": round(shared / 2**20)}
        found["start"] = {"s": round(started.seconds, 1)}
    print(json.dumps(found))
    if not args.without:
        keep("cost", _table(found), found)


def _table(found: dict[str, dict[str, float]]) -> str:
    """Milliseconds of processor time a message, by process."""
    lines = ["| | engine | service |", "|---|---:|---:|"]
    for errand in ERRANDS:
        cost = found[errand]
        lines.append(f"| {errand} | {cost['engine']:.1f} ms | {cost['service']:.1f} ms |")
    lines += ["", f"- machine: {machine()}"]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
