"""People who report and answer while everything around them is killed, and what they were told.

Each message has a mark and is sent again with it until it is answered, as the widget does. Whoever
is asked something again answers again. Each person's words hold a word of her own, so that what
lies in the database can be told to be hers, and to be there once.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

#: Seconds until a message is sent again; until it is, where a fault was told; until somebody gives
#: up for good.
AGAIN, LATER, GIVE_UP = 0.1, 0.5, 300.0

_RECEIPT = re.compile(r"(?:\d{4}[ \u00a0]?){6}")
_FAULT = "a fault on our side"
_THANKS = re.compile(r"(answers are|answered is) sent")

#: What is pressed if it is on offer, the first of them; what is not, is typed.
_REPORT = (
    *("menu:report", "opt:self", "opt:unknown", "opt:clear", "do:done", "opt:anonymous"),
    *("opt:send", "do:yes", "do:no", "do:skip", "do:go_on"),
)
_SURVEY = (
    *("menu:survey", "do:start", "do:send", "do:again", "do:done", "do:go_on", "do:answer"),
    "do:keep_text",
)

Answer = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class Told:
    """What all of them together were told.

    Args:
        receipts: each with the word of whoever got it.
        tries: reports that were agreed to, by their words: those may be stored.
        thanked: words of those who were thanked for their answers.
        sent: words of those who agreed to send answers.
        turns: messages that were answered.
        chats: conversations.
        faults: answers that said that there is a fault on our side.
        refused: answers with a status of 500 and more, by status and what they said.
        odd: what nobody should ever be told.
    """

    receipts: dict[str, str] = field(default_factory=dict)
    tries: set[str] = field(default_factory=set)
    thanked: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    turns: int = 0
    chats: int = 0
    faults: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)


class Lost(Exception):
    """The chat is gone: who held it was killed, and she begins anew."""


class Person:
    """One person with one errand.

    Args:
        url: where she talks.
        told: what she is told is added to it.
        enough: says that she is to end.
    """

    def __init__(self, url: str, told: Told, enough: threading.Event) -> None:
        self._host = urlsplit(url).netloc
        self._told = told
        self._enough = enough
        self._session = ""
        self.word = f"word{random.getrandbits(48):012x}"

    def reports(self) -> None:
        """From the beginning to the receipt."""
        told_it, seen = False, self._begin()
        for _ in range(400):
            offered = _offered(seen)
            if "opt:send" in offered:
                self._told.tries.add(self.word)
            value = next((v for v in _REPORT if v in offered), None)
            if value == "do:done" and not told_it:
                value = None
            if value is None or (value == "do:skip" and not told_it):
                told_it, said = True, {"text": f"He did it again. {self.word}"}
            else:
                said = {"choice": value}
            seen = self._say(said)
            if receipt := _receipt(seen):
                self._told.receipts[receipt] = self.word
                return
        self._told.odd.append(f"a report does not end: {_offered(seen)}")

    def answers(self) -> None:
        """The survey, to the thanks."""
        seen = self._begin()
        for _ in range(400):
            offered = _offered(seen)
            options = [value for value in offered if value.startswith("opt:")]
            value = next((v for v in _SURVEY if v in offered), None) or next(iter(options), None)
            if value is None and "do:skip" in offered:
                said = {"text": f"My own words. {self.word}"}
            else:
                said = {"choice": value or "menu:survey"}
            if value == "do:send":
                self._told.sent.add(self.word)
            seen = self._say(said)
            if value in ("do:send", "do:again") and _THANKS.search(_text(seen)):
                self._told.thanked.add(self.word)
                return
        self._told.odd.append(f"the survey does not end: {_offered(seen)}")

    def _begin(self) -> dict[str, Any]:
        self._told.chats += 1
        self._session = str(self._until_answered("/chat/sessions", {"lang": "en"}, "")["session"])
        return self._say({"choice": "menu:start"})

    def _say(self, said: dict[str, str]) -> dict[str, Any]:
        """Say it; while it is answered that something is out of order, wait and say it again."""
        until = time.monotonic() + GIVE_UP
        while True:
            answer = self._until_answered("/chat/messages", said, f"{random.getrandbits(64):016x}")
            self._told.turns += 1
            if _FAULT not in _text(answer) or time.monotonic() > until:
                return answer
            self._told.faults += 1
            if _receipt(answer) or _THANKS.search(_text(answer)):
                self._told.odd.append("a fault, and sent all the same")
            time.sleep(LATER)

    def _until_answered(self, path: str, body: dict[str, str], mark: str) -> dict[str, Any]:
        began = time.monotonic()
        while time.monotonic() - began < GIVE_UP:
            status, answer = self._once(path, body, mark)
            if 200 <= status < 300:
                return answer
            if status == 401 or self._enough.is_set():
                raise Lost
            if status >= 500:
                said = f"{status} {answer.get('title')}: {answer.get('detail')}"
                self._told.refused[said] += 1
            elif status and status != 429:
                self._told.odd.append(f"{path}: {status}")
                raise Lost
            time.sleep(AGAIN)
        self._told.odd.append(f"{path}: no answer in {GIVE_UP:.0f} s")
        raise Lost

    def _once(self, path: str, body: dict[str, str], mark: str) -> Answer:
        headers = {"Content-Type": "application/json"}
        if mark:
            headers |= {"Authorization": f"Bearer {self._session}", "Idempotency-Key": mark}
        connection = http.client.HTTPConnection(self._host, timeout=20)
        try:
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            read = answer.read()
            return answer.status, json.loads(read)
        except ValueError:
            self._told.odd.append(f"{path}: {answer.status} is no JSON")
            return 0, {}
        except (OSError, http.client.HTTPException):
            return 0, {}
        finally:
            connection.close()


class Crowd:
    """People in threads, one errand after the other, until they are told to end.

    Args:
        url: where they talk.
        people: how many.
    """

    def __init__(self, url: str, people: int) -> None:
        self.told = Told()
        self._url = url
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._live, args=(n,)) for n in range(people)]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _live(self, number: int) -> None:
        for turn in range(number, 1_000_000):
            if self._enough.is_set():
                return
            person = Person(self._url, self.told, self._enough)
            try:
                (person.reports if turn % 2 else person.answers)()
            except Lost:
                continue


def _offered(seen: dict[str, Any]) -> list[str]:
    offering = [m["choices"] for m in seen["messages"] if m["choices"]]
    return [choice["value"] for choice in offering[-1]] if offering else []


def _text(seen: dict[str, Any]) -> str:
    return "\n".join(message["text"] for message in seen["messages"])


def _receipt(seen: dict[str, Any]) -> str:
    found = [m["text"] for m in seen["messages"] if _RECEIPT.fullmatch(m["text"].strip())]
    return re.sub(r"\D", "", found[0]) if found else ""
