"""Results made at the Task Force's page: numbers come in, files go out, and the log is kept.

The page opens the sealed answers with the key that only it holds, and counts them. Here the
numbers are hidden, rounded, audited and checked against the log, in memory. Before the log takes
an entry, the page shows that it has the key: it opens a small envelope, and signs the entry.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from inbox.ports import Shelf
from inbox.problems import Problem
from inbox.sign_ins import SignedIn
from vault.encoding import to_text
from vault.errors import NoSuchRound, RoundStillOpen
from vault.keys import PublicKey
from vault.sealing import Context, seal
from vault.stores.audit import AuditTrail

#: Why there is no release; the page has words for each.
Refusal = Literal["few", "unsafe", "changed", "log", "other"]

_PROOF_BYTES = 32
Count = Annotated[int, Field(ge=0, le=100_000_000)]
Name = Annotated[str, Field(pattern=r"^\w{1,64}$")]
RoundId = Annotated[str, Field(pattern="^r[0-9]{1,6}$")]


class CannotRelease(Exception):
    """These numbers are not released.

    Args:
        reason: why.
    """

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


class TallyIn(BaseModel):
    """What the page counted: numbers only."""

    model_config = ConfigDict(extra="forbid")

    rounds: Annotated[list[RoundId], Field(min_length=1, max_length=100)]
    people: Count
    unreadable: Count
    answered: dict[Name, Count]
    chosen: dict[Name, dict[Name, Count]]
    groups: dict[Name, dict[Name, dict[Name, Count]]]
    cells: dict[Name, dict[Name, dict[Name, dict[Name, Count]]]]


class RoundIn(BaseModel):
    """Which round."""

    model_config = ConfigDict(extra="forbid")

    round_id: RoundId


class ReleaseIn(RoundIn):
    """What to release; in the second call with what shows that the page has the key."""

    tally: TallyIn
    lang: Annotated[str, Field(pattern="^[a-z]{2}$")]
    signer: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{43}$")]
    signature: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{86}$")] | None = None
    proof: Annotated[str, Field(max_length=200)] | None = None


class QuestionsOut(BaseModel):
    """What the page needs to open and count."""

    round_id: str
    key_id: str = Field(description="of the key that the answers are sealed to")
    questions: dict[str, Any]
    released: list[str] = Field(description="rounds that were released with another one before")


class ReleaseOut(BaseModel):
    """One step of a release: it is refused, wants to be signed, or is done."""

    refused: Refusal | None = None
    #: The hash of the log's entry, to be signed.
    sign: str | None = None
    #: An envelope whose content shows that the page has the key.
    challenge: str | None = None
    #: How many people answered, rounded.
    answers: int | None = None
    #: File name to content, in base64url.
    files: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Drafted:
    """A release that passed the audit.

    Args:
        key: the Task Force's public key of the round.
        answers: how many people answered, rounded.
        sign: the hash of the log's entry that is to be signed; ``None`` if the same release was
            made before.
    """

    key: PublicKey
    answers: int
    sign: str | None


class Maker(Protocol):
    """Makes results. Each call raises ``CannotRelease``, ``NoSuchRound`` or ``RoundStillOpen``."""

    def questions(self, round_id: str) -> dict[str, Any]:
        """The fields of :class:`QuestionsOut`."""

    def draft(self, round_id: str, tally: Mapping[str, Any], lang: str, signer: str) -> Drafted:
        """Hide, audit and check against the log; nothing is written."""

    def finish(
        self, round_id: str, tally: Mapping[str, Any], lang: str, signer: str, signature: str
    ) -> dict[str, bytes]:
        """Write the entry, if there is none yet, and make the files."""


class Releasing:
    """The endpoints of a release.

    Args:
        maker: makes the results.
        shelf: keeps what a page has to show, for a few minutes.
        audit: notes that a release was made.
        clock: the time now, in UTC.
        admit: who asks; raises ``Problem`` for whoever is not of the Task Force.
    """

    def __init__(
        self,
        maker: Maker,
        shelf: Shelf,
        audit: AuditTrail,
        clock: Callable[[], datetime],
        admit: Callable[[Request], Any],
    ) -> None:
        self._maker = maker
        self._shelf = shelf
        self._audit = audit
        self._clock = clock
        self._admit = admit
        self._one_at_a_time = asyncio.Lock()  # an audit takes a processor for some seconds

    async def questions(self, request: Request, body: RoundIn) -> QuestionsOut:
        """What the page needs to count a closed round."""
        await self._admit(request)
        found = await self._made(self._maker.questions, body.round_id)
        return QuestionsOut.model_validate(found)

    async def release(self, request: Request, body: ReleaseIn) -> ReleaseOut:
        """Make results: first without a signature, then again with what the first call asked for.

        Nothing of the numbers is kept between the two calls.
        """
        who: SignedIn = await self._admit(request)
        given = (body.round_id, body.tally.model_dump(), body.lang, body.signer)
        try:
            async with self._one_at_a_time:
                if body.signature is None or body.proof is None:
                    return await self._first(who, body.round_id, given)
                await self._check_proof(who, body.round_id, body.proof)
                files = await self._made(self._maker.finish, *given, body.signature)
        except CannotRelease as error:
            return ReleaseOut(refused=error.reason)
        today = self._clock().date()
        offices = list(who.offices)
        await asyncio.to_thread(self._audit.add, today, who.name, "release", offices, "")
        return ReleaseOut(files=_texts(files))

    async def _first(self, who: SignedIn, round_id: str, given: tuple[Any, ...]) -> ReleaseOut:
        drafted: Drafted = await self._made(self._maker.draft, *given)
        if drafted.sign is None:
            files = await self._made(self._maker.finish, *given, "")
            return ReleaseOut(answers=drafted.answers, files=_texts(files))
        proof = secrets.token_urlsafe(_PROOF_BYTES)
        await self._shelf.put(_shelf_name(who, round_id), {"proof": proof})
        envelope = seal(proof.encode(), [drafted.key], Context("proof", round_id))
        return ReleaseOut(answers=drafted.answers, sign=drafted.sign, challenge=envelope.decode())

    async def _check_proof(self, who: SignedIn, round_id: str, proof: str) -> None:
        name = _shelf_name(who, round_id)
        kept = await self._shelf.get(name)
        await self._shelf.delete(name)
        if kept is None or not hmac.compare_digest(kept["proof"].encode(), proof.encode()):
            raise Problem(409, "Begin again", "Ask for a release without a signature first.")

    async def _made(self, call: Callable[..., Any], *given: Any) -> Any:
        try:
            return await asyncio.to_thread(call, *given)
        except NoSuchRound:
            raise Problem(404, "No such round", "Take a round from the list.") from None
        except RoundStillOpen:
            raise Problem(409, "The round is open", "Close the round first.") from None


def _shelf_name(who: SignedIn, round_id: str) -> str:
    return f"release-{who.account_id}-{round_id}"


def _texts(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: to_text(content) for name, content in files.items()}
