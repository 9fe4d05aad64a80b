"""Whose answer is this? A round of the survey, and somebody who has everything but the keys.

People take the survey one after the other, on several channels and in several languages, with the
real walk and the real stores, on SQLite or on PostgreSQL. Then the attacker gets the database's
files, the settings with the server's secret, the log, and a list of who wrote when, where, in which
language and how much. She tries to tell whose answer lies where. Only the scoring knows what is
right. What only PostgreSQL's files have is in ``tests/attack/pages.py``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from survey.desk import VaultDesk
from survey.survey_walk import SurveyWalk
from tests.inbox.world import messages
from tests.survey.talk import Talk, instrument
from vault.database import Database
from vault.keys import PrivateKey
from vault.secrets import Secrets
from vault.stores import DropBox, InvitationStore, RoundStore
from vault.stores.drop_box import POOL

CHANNELS = ("web", "telegram", "whatsapp", "signal")
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
ROOT_SECRET = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody outside can know of a person who took the survey.

    Args:
        at: her place in the order of sending.
        lang: the language she wrote in.
        channel: the channel she wrote by.
        typed: letters that she typed.
    """

    at: int
    lang: str
    channel: str
    typed: int


@dataclass(frozen=True, slots=True)
class Stolen:
    """What the attacker has.

    Args:
        files: the database's files, by name.
        secrets: the server's.
        log: everything that was logged.
        people: who wrote when, where and how.
    """

    files: dict[str, bytes]
    secrets: Secrets
    log: str
    people: list[Seen]


@dataclass(slots=True)
class Row:
    """A row of the box as the attacker finds it, and what she can open with the server's secret."""

    wrapped: bytes
    features: dict[str, float]


#: Orders people; and orders rows. An attack is one of each: who is later in the one order is
#: believed to be later in the other.
PERSON: dict[str, Callable[[Seen], float]] = {
    "time": lambda one: one.at,
    "language": lambda one: LANGUAGES.index(one.lang),
    "channel": lambda one: CHANNELS.index(one.channel),
    "amount": lambda one: one.typed,
}


def round_of_people(
    files: Callable[[], dict[str, bytes]], url: str, people: int, chance: random.Random
) -> tuple[Stolen, list[bytes]]:
    """Let people take the survey.

    Args:
        files: reads the database's files afterwards, by name.
        url: of an empty database.
        people: how many.
        chance: decides who she is and what she answers; it is not the stores' own.

    Returns:
        what the attacker has; and what was sealed for each person, which she has not.
    """
    secrets = Secrets.from_root(ROOT_SECRET)
    database = Database.open(url)
    database.migrate()
    rounds, box = RoundStore(database), DropBox(database, secrets.box)
    invitations = InvitationStore(database, secrets.invitations)
    survey = instrument()
    rounds.open(survey.ref, "invited", PrivateKey.new().public())
    box.prepare("r1")
    walk = SurveyWalk(survey, messages(), VaultDesk(rounds, box, invitations))
    seen, sealed = [], []
    with _logged() as log, _noted(sealed):
        for at, token in enumerate(invitations.new(people)):
            lang, channel = chance.choice(LANGUAGES), chance.choice(CHANNELS)
            typed = _takes_it(Talk(walk, None, lang), channel, token, chance)  # type: ignore[arg-type]
            seen.append(Seen(at, lang, channel, typed))
    assert len(sealed) == people, "somebody did not get to the end"
    database.close()
    return Stolen(files(), secrets, "\n".join(log), seen), sealed


def _takes_it(talk: Talk, channel: str, token: str, chance: random.Random) -> int:
    """Take the survey to its end; how many letters were typed. One in four writes own words."""
    writes = chance.random() < 0.25
    typed = len(token)
    talk.open(channel=channel).press_value("do:start").type(token).press_value("opt:G1.1")
    for _ in range(200):
        values = [choice.value for choice in talk.choices]
        options = [value for value in values if value.startswith("opt:")]
        free = not options and "do:skip" in values
        if talk.over:
            return typed
        if "do:send" in values:
            talk.press_value("do:send")
        elif "do:keep_text" in values:
            talk.press_value("do:keep_text")
        elif "do:done" in values:
            talk.press_value("do:done")
        elif options:
            talk.press_value(chance.choice(options))
        elif free and writes and "do:answer" not in values and "do:go_on" not in values:
            words = "listen " * chance.randint(5, 60)
            typed += len(words)
            talk.type(words)
        else:
            onward = ("do:go_on", "do:answer", "do:cut", "do:resume", "do:skip")
            talk.press_value(next(value for value in onward if value in values))
    raise AssertionError(f"the survey does not end; the last words were:\n{talk.text}")


@contextmanager
def _noted(sealed: list[bytes]) -> Iterator[None]:
    """Note what is put into the box, in order: for the scoring only."""
    put = DropBox.put

    def noting(self: DropBox, round_id: str, envelope: bytes, ticket: str | None = None) -> None:
        put(self, round_id, envelope, ticket)
        sealed.append(envelope)

    DropBox.put = noting  # type: ignore[method-assign]
    try:
        yield
    finally:
        DropBox.put = put  # type: ignore[method-assign]


@contextmanager
def _logged() -> Iterator[list[str]]:
    lines: list[str] = []

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name.partition(".")[0] != "asyncio":
                lines.append(record.getMessage())

    handler, level = Keeps(), logging.root.level
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        logging.root.removeHandler(handler)
        logging.root.setLevel(level)


def rows(stolen: Stolen, folder: Path) -> list[Row]:
    """The rows of the box, with everything about them that could tell an order.

    Args:
        stolen: what the attacker has.
        folder: an empty one to work in.
    """
    for name, content in stolen.files.items():
        (folder / name).write_bytes(content)
    whole = b"".join(stolen.files.values())
    with sqlite3.connect(folder / "speaksafe.db") as base:
        found = base.execute("SELECT row_key, wrapped FROM box").fetchall()
    base.close()
    return [
        row_of(wrapped, {"row": at, "key": number(key), "place in the file": place}, stolen)
        for at, (key, wrapped) in enumerate(found)
        for place in [whole.find(wrapped[:24])]
    ]


def opened(wrapped: bytes, secrets: Secrets) -> bytes:
    """What the server's secret shows of a row: a mark, and a sealed envelope behind it.

    Raises:
        InvalidTag: this is no row.
    """
    return AESGCM(secrets.box).decrypt(wrapped[:12], wrapped[12:], b"r1")


def row_of(wrapped: bytes, places: dict[str, float], stolen: Stolen) -> Row:
    """A row, with what stands in itself beside where it lies.

    Args:
        wrapped: as it is stored.
        places: where, by the names of these features.
        stolen: with the server's secret.
    """
    held = opened(wrapped, stolen.secrets)
    features = {**places, "number drawn for it": number(wrapped[:12]), "size": len(wrapped)}
    if held[:1] == b"\3":
        envelope = json.loads(held[17:])
        features |= {
            "number drawn in the envelope": number(envelope["iv"].encode()),
            "key sealed to": number(envelope["to"][0]["enc"].encode()),
            "kind of key": number(envelope["to"][0]["kid"].encode()),
            "mark of the ticket": number(held[1:17]),
            "letters of the envelope": len(held),
        }
    return Row(wrapped, features)


def number(drawn: bytes) -> int:
    """Bytes as something that has an order."""
    return int.from_bytes(drawn[:16], "big")


@dataclass(frozen=True, slots=True)
class Score:
    """How well an attack did.

    Args:
        right: pairs of people told apart rightly.
        of: pairs.
    """

    right: int
    of: int

    @property
    def probability(self) -> float:
        """Of doing as well, or as badly, by tossing coins (exact, both sides of the binomial)."""
        far = max(self.right, self.of - self.right)
        tail = sum(math.comb(self.of, k) for k in range(far, self.of + 1))
        return min(1.0, 2 * tail / 2**self.of)

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.of + other.of)


def score(
    stolen: Stolen, sealed: Sequence[bytes], found: Sequence[Row], who: str, what: str
) -> Score:
    """Tell the answers of pairs of people apart.

    The pairs have nobody in common, so that each is a toss of its own where nothing is told.

    Args:
        stolen: what the attacker has.
        sealed: what is right.
        found: the rows.
        who: orders people.
        what: orders rows.
    """
    held = {opened(row.wrapped, stolen.secrets)[17:]: row for row in found}
    total = Score(0, 0)
    for first in range(0, len(stolen.people), POOL):  # which pool it was, everybody can see
        mine = {one.at: held[sealed[one.at]] for one in stolen.people[first : first + POOL]}
        people = [one for one in stolen.people if one.at in mine]
        order = sorted(people, key=lambda one: (PERSON[who](one), _coin(one.at)))
        total += _pairs(order, mine, PERSON[who], what)
    return total


def _pairs(
    order: list[Seen], mine: dict[int, Row], known: Callable[[Seen], float], what: str
) -> Score:
    half = len(order) // 2
    right = of = 0
    for lower, higher in zip(order[:half], order[-half:] if half else [], strict=True):
        if known(lower) == known(higher):
            continue
        one, other = mine[lower.at].features, mine[higher.at].features
        of += 1
        tie = one.get(what) == other.get(what)
        right += _coin(lower.at, higher.at) < 0.5 if tie else one[what] < other[what]
    return Score(right, of)


def _coin(*numbers: Any) -> float:
    digest = hashlib.sha256(repr(numbers).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32
