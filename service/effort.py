"""What a flood of new chats has to pay: a little work by the browser, or a little waiting.

At rest nobody notices any of this: no challenge is made, none is asked for, and nothing in the
conversation with the server is different. Only when far more chats are opened than people can open
does each new one cost a proof of work, the more the higher the flood. It is made by the browser
itself, with its own cryptography: no other company, no picture to look at, nothing to hear or to
type. Where no script runs, a place in a line is given instead.

Nothing about anybody is looked at or kept: one number says how many chats were opened in the last
minute, challenges are random, and of those that were solved the hash is kept until they expire, so
that each is good for one chat.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import math
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from altcha import v1 as altcha

from vault.state import StateStore

#: Seconds for which a challenge, or a place in the line, is good once it can be used.
GOOD_SECONDS = 180

#: Numbers that a browser has to try at most, just above the threshold; and however high the flood.
LEAST_WORK, MOST_WORK = 30_000, 600_000

#: Seconds that somebody without scripts waits at least; and beyond which she is told to come later.
LEAST_WAIT, MOST_WAIT = 15, 300

_MINUTE = 60.0
_FIELDS = {"algorithm": str, "challenge": str, "salt": str, "signature": str, "number": int}


@dataclass
class Effort:
    """Counts new chats, asks for work when there are too many, and checks it.

    Args:
        per_minute: new chats in a minute up to which nothing is asked.
        key: signs challenges; the same for all replicas.
        spent: what was solved already; shared by all replicas, kept for ``GOOD_SECONDS`` or longer.
        clock: seconds, for the rate.
        wall: seconds since 1970, for what is signed.
    """

    per_minute: int
    key: bytes = field(repr=False)
    spent: StateStore
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    _level: float = 0.0
    _then: float = 0.0
    _line: float = 0.0

    def comes(self) -> bool:
        """Count somebody who wants to open a chat; whether work is asked for now."""
        now = self.clock()
        # As if each had been forgotten little by little within a minute.
        self._level = self._level * math.exp((self._then - now) / _MINUTE) + 1
        self._then = now
        return self.flood > 1

    @property
    def flood(self) -> float:
        """How many times more than usual; up to 1 nothing is asked."""
        return self._level / self.per_minute

    def challenge(self) -> dict[str, Any]:
        """A new one, as hard as the flood is high."""
        made = altcha.create_challenge(
            algorithm="SHA-256",
            max_number=min(MOST_WORK, int(LEAST_WORK * max(1.0, self.flood))),
            salt_length=16,
            hmac_key=self.key,
            salt="",
            number=None,
            expires=datetime.fromtimestamp(self.wall(), UTC) + timedelta(seconds=GOOD_SECONDS),
            params=None,
        )
        return {
            "algorithm": made.algorithm,
            "challenge": made.challenge,
            "maxnumber": made.max_number,
            "salt": made.salt,
            "signature": made.signature,
        }

    async def is_solved(self, proof: str | None) -> bool:
        """Whether this is one of our challenges, solved in time, and for the first time.

        Args:
            proof: JSON in base64, as ALTCHA's own widget sends it.
        """
        given = _read(proof)
        if given is None or given["algorithm"] != "SHA-256":
            return False
        good, _ = altcha.verify_solution(given, self.key)
        return good and await self.spent.add(f"solved {given['challenge']}", {})

    def place(self) -> tuple[str, int] | None:
        """A place in the line for somebody without scripts, and the seconds until her turn.

        Turns come as often as chats may be opened at rest, however many stand in the line.
        ``None`` when it is too long.
        """
        now = self.wall()
        turn = max(now + LEAST_WAIT, self._line + _MINUTE / self.per_minute)
        if turn > now + MOST_WAIT:
            return None
        self._line = turn
        body = f"{math.ceil(turn)}.{secrets.token_hex(8)}"
        return f"{body}.{self._signed(body)}", math.ceil(turn - now)

    async def waits(self, place: str) -> int | None:
        """How many seconds are left until the turn of a place; 0 takes the turn, once.

        Returns:
            ``None`` when it is none of ours, too old, or was taken.
        """
        body, _, signature = place.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signed(body).encode()):
            return None
        left = int(body.partition(".")[0]) - self.wall()
        if left > 0:
            return math.ceil(left)
        if left < -GOOD_SECONDS or not await self.spent.add(f"place {body}", {}):
            return None
        return 0

    def is_past(self, place: str) -> bool:
        """Whether this was a place of ours, and its turn was let go by."""
        body, _, signature = place.rpartition(".")
        ours = hmac.compare_digest(signature.encode(), self._signed(body).encode())
        return ours and int(body.partition(".")[0]) + GOOD_SECONDS < self.wall()

    def _signed(self, body: str) -> str:
        return hmac.new(self.key, b"place " + body.encode(), hashlib.sha256).hexdigest()[:32]


def _read(proof: str | None) -> Any:
    """What was sent, if it has the form that the library expects; it checks little itself."""
    if not proof:
        return None
    try:
        given = json.loads(base64.b64decode(proof, validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(given, dict) or not given.keys() >= _FIELDS.keys():
        return None
    whole = all(type(given[name]) is kind for name, kind in _FIELDS.items())
    return {name: given[name] for name in _FIELDS} if whole else None
