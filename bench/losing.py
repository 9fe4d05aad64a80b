"""People who go on talking while replicas come and go, and what is left of what they were told.

Each message carries a mark. One that is not answered is sent again with the same mark, as the
widget does, until it is. What was answered must then be there: the answer itself when the mark is
shown once more, the report under its receipt, the survey's answers in the box.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.scripts import SCRIPTS, Astray, Say
from vault.database import Database
from vault.receipts import Receipts
from vault.secrets import Secrets
from vault.stores import CaseStore, DropBox, RoundStore

#: Seconds until a message is sent again, and until somebody gives up for good.
AGAIN, GIVE_UP = 0.3, 150.0


@dataclass(slots=True)
class Told:
    """What all people together were told.

    Args:
        acknowledged: messages that were answered.
        tries: times that a message had to be sent again.
        slowest: seconds from the first sending to the answer, the worst of all.
        receipts: reports that were acknowledged with a receipt.
        answers: surveys whose end was acknowledged.
        asked_again: conversations whose message a dying replica had in its hands: it is not done
            again, and she is asked once more, which her script does not expect.
        astray: others that did not go on as their script says, by what was wrong.
    """

    acknowledged: int = 0
    tries: int = 0
    slowest: float = 0.0
    receipts: list[str] = field(default_factory=list)
    answers: int = 0
    asked_again: int = 0
    astray: list[str] = field(default_factory=list)


class Person:
    """One person at one proxy."""

    def __init__(self, url: str, told: Told) -> None:
        self._host = urlsplit(url).netloc
        self._told = told
        self._session = ""
        self.last: tuple[dict[str, str], str, Any] | None = None
        self.again = False

    def begin(self) -> None:
        """A new conversation."""
        self._session = ""
        self._session = str(self._until_answered("/chat/sessions", {"lang": "en"}, "")["session"])

    def say(self, said: Say) -> list[dict[str, Any]]:
        """One message, until it is answered."""
        body = {"choice": said.choice} if said.choice else {"text": said.text}
        mark = f"{random.getrandbits(64):016x}"
        answer = self._until_answered("/chat/messages", body, mark)
        self.last = (body, mark, answer["messages"])
        self._told.acknowledged += 1
        return list(answer["messages"])

    def moves_to(self, url: str) -> None:
        """From now on she talks to another address."""
        self._host = urlsplit(url).netloc

    def still_knows(self) -> bool:
        """Whether the last message, shown with its mark once more, has the answer that it had."""
        assert self.last is not None
        body, mark, answer = self.last
        return bool(self._until_answered("/chat/messages", body, mark)["messages"] == answer)

    def _until_answered(self, path: str, body: dict[str, str], mark: str) -> Any:
        began, self.again = time.monotonic(), False
        while time.monotonic() - began < GIVE_UP:
            answer = self._once(path, body, mark)
            if answer is not None:
                self._told.slowest = max(self._told.slowest, time.monotonic() - began)
                return answer
            self._told.tries += 1
            self.again = True
            time.sleep(AGAIN)
        raise Astray(f"{path}: no answer in {GIVE_UP:.0f} s")

    def _once(self, path: str, body: dict[str, str], mark: str) -> Any | None:
        headers = {"Content-Type": "application/json"}
        if mark:
            headers |= {"Authorization": f"Bearer {self._session}", "Idempotency-Key": mark}
        connection = http.client.HTTPConnection(self._host, timeout=90)
        try:
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            read = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer.status in (502, 503, 504, 429):
            return None
        if answer.status >= 300:
            raise Astray(f"{path}: status {answer.status}")
        return json.loads(read)


class Crowd:
    """People in threads, until they are told to end; each ends the conversation she is in.

    Args:
        url: where they talk.
        people: how many.
        pause: seconds between two messages of one person.
    """

    def __init__(self, url: str, people: int, pause: float = 0.0) -> None:
        self.told = Told()
        self._url, self._pause = url, pause
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._talk, args=(n,)) for n in range(people)]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _talk(self, number: int) -> None:
        errands = ("report", "survey")
        for turn in range(number, 1_000_000):
            if self._enough.is_set():
                return
            person = Person(self._url, self.told)
            try:
                self._one(person, errands[turn % 2], turn)
            except Astray as error:
                if person.again:
                    self.told.asked_again += 1
                else:
                    self.told.astray.append(f"{errands[turn % 2]}: {error}")

    def _one(self, person: Person, errand: str, seed: int) -> None:
        person.begin()
        script = SCRIPTS["ours"][errand](random.Random(seed))
        said = next(script)
        while True:
            messages = person.say(said)
            self.told.receipts += [m["text"] for m in messages if _is_receipt(m["text"])]
            # Only words say so: sent again to another replica, it may be the question once more.
            sent = any("answers are sent" in m["text"] for m in messages)
            self.told.answers += said.choice == "do:send" and sent
            offered = [c["value"] for m in messages for c in m["choices"]]
            time.sleep(self._pause)
            try:
                said = script.send(offered)
            except StopIteration:
                return


def _is_receipt(text: str) -> bool:
    digits = text.replace(" ", "")
    return len(digits) == 24 and digits.isdigit()


@dataclass(frozen=True, slots=True)
class Stored:
    """What lies in the database.

    Args:
        reports: how many.
        answers: of surveys, how many.
        lost: receipts that lead to no report.
    """

    reports: int
    answers: int
    lost: int


def stored(database_url: str, folder: Path, receipts: list[str]) -> Stored:
    """Count what lies there, and look for each receipt's report; closes the round for it."""
    database = Database.open(database_url)
    secrets = Secrets.load(folder / "pepper")
    try:
        rounds, cases = RoundStore(database), CaseStore(database)
        for one in rounds.list():
            rounds.close(one.round_id)
        box = DropBox(database, secrets.box)
        answers = sum(len(box.take_all(one.round_id)) for one in rounds.list())
        lost = asyncio.run(_lost(cases, Receipts(secrets.receipts), receipts))
        reports = len(cases.for_offices(["demo-office", "demo-alternate"]))
        return Stored(reports, answers, lost)
    finally:
        database.close()


async def _lost(cases: CaseStore, ways: Receipts, receipts: list[str]) -> int:
    try:
        found = [await ways.derive(receipt.replace(" ", "")) for receipt in receipts]
        return sum(cases.by_locator(one.locator) is None for one in found)
    finally:
        ways.close()
