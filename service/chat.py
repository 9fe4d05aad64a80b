"""The web channel: sessions and messages.

A session is a random bearer token that only the browser's memory holds. There is no cookie, and
nothing about a person in a URL.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.conversations import Conversations
from bot.turn import BUSY, Turn
from catalogue import Message
from inbox.problems import Problem, ProblemRoute
from service.effort import Effort
from service.limits import Limit
from service.metrics import Metrics
from service.turns import CHANNEL, Turns

#: What is taken at all; what is merely too long for a message is answered in words.
LARGEST_TEXT = 100_000

#: Messages at once, and then in a second: far more than a person types, far less than a flood.
BURST, PER_SECOND = 300, 10

#: What a chat that opens is asked for.
OPENING = "menu:start"

#: Characters of an envelope: 180 kB of text, padded, in base64, for some hundred recipients.
LARGEST_ENVELOPE = 400_000


class NewSession(BaseModel):
    """What a chat begins with."""

    model_config = ConfigDict(extra="forbid")

    lang: str | None = Field(default=None, max_length=8, description="ar, zh, en, fr, ru or es")
    seals: bool = Field(
        default=False, description="this browser holds and seals what the person tells; see seal"
    )
    opening: bool = Field(
        default=False, description="answer with the opening too, as the choice menu:start would"
    )


class Said(BaseModel):
    """One message of the person: typed text, or the value of a choice."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(default=None, max_length=LARGEST_TEXT)
    choice: str | None = Field(
        default=None, max_length=200, description="held:3 says that the browser holds a third text"
    )
    envelope: str | None = Field(
        default=None,
        max_length=LARGEST_ENVELOPE,
        pattern=r"^[ -~]+$",
        description="what the last message's seal asked for, with the choice that agrees to it",
    )


class ChoiceOut(BaseModel):
    """Something to press, or to name by label or number."""

    label: str
    value: str


class SealOut(BaseModel):
    """What the browser is to seal (see vault/sealing.py), its marks filled in."""

    purpose: str
    binding: str = Field(description="the case's id")
    to: list[str] = Field(description="public keys")
    document: dict[str, Any] = Field(description="U+E000, a number, U+E001 stand for a held text")
    files: list[int] = Field(
        default=[], description="held files that go along; their parts are put here first"
    )
    clean: bool = Field(default=False, description="only cleaned copies of those files")


class AttachOut(BaseModel):
    """Files can be added: the browser holds them, and a choice names their numbers."""

    most: int = Field(description="files")
    largest: int = Field(description="bytes of a file")
    chosen: list[int] = Field(description="numbers of the files that go along so far")
    clean: bool = Field(description="only their cleaned copies go; a choice `files:clean.0.2`")
    words: dict[str, str]


class MessageOut(BaseModel):
    """One message to the person."""

    text: str
    choices: list[ChoiceOut]
    held: int = Field(
        default=0, description="letters; typed words stay in the browser, a choice tells of them"
    )
    free: bool = Field(default=False, description="a bare number is an answer, not a choice")
    seal: SealOut | None = Field(default=None, description="what to seal if the person agrees")
    attach: AttachOut | None = Field(default=None, description="files can be added here")


class Answered(BaseModel):
    """The answer to one message."""

    messages: list[MessageOut]
    ended: bool = Field(description="the chat is over and forgotten; begin a new session")
    cleared: bool = Field(
        default=False, description="take everything said before off the screen; else left out"
    )


class Session(BaseModel):
    """A chat that has begun."""

    session: str = Field(description="bearer token of this chat; keep it in memory only")
    opening: Answered | None = Field(
        default=None, description="the opening, if it was asked for and could be given at once"
    )


_PROBLEM: dict[int | str, dict[str, Any]] = {
    status: {
        "description": text,
        "content": {"application/problem+json": {"schema": {"type": "object"}}},
    }
    for status, text in {
        401: "The session is unknown, ended, or was idle too long",
        413: "The body is too large",
        422: "The body is not as described",
        429: "Too many messages at once",
        503: "Too many people at once: the message was not taken; send it again a little later",
    }.items()
}


_MARK = Header(
    max_length=100,
    description="a fresh random mark for each message, the same when it is tried again",
)


_PROOF = Header(
    max_length=2000,
    description="only in a flood: the solved challenge of a refusal (ALTCHA), as JSON in base64",
)

_FLOOD: dict[str, Any] = {
    **_PROBLEM[429],
    "description": "Far too many new chats: solve the document's challenge and try again",
}


def routes(
    turns: Turns, conversations: Conversations, metrics: Metrics, effort: Effort
) -> APIRouter:
    """The two endpoints of the web channel."""
    router = APIRouter(prefix="/chat", tags=["chat"], route_class=ProblemRoute)
    talking = Limit(burst=BURST, per_second=PER_SECOND)

    @router.post(
        "/sessions",
        status_code=201,
        response_model_exclude_defaults=True,
        responses={413: _PROBLEM[413], 422: _PROBLEM[422], 429: _FLOOD},
    )
    async def begin(
        response: Response,
        new: NewSession | None = None,
        proof_of_work: Annotated[str | None, _PROOF] = None,
    ) -> Session:
        """Begin a chat."""
        if effort.comes() and not await effort.is_solved(proof_of_work):
            raise Problem(
                429,
                "Too many new chats",
                "Solve the challenge and send it as Proof-Of-Work, or come back a little later.",
                challenge=effort.challenge(),
            )
        session = conversations.new_session()
        id = conversations.pseudonym(CHANNEL, session)
        seals = bool(new and new.seals)
        await turns.begin(id, new.lang if new else None, seals=seals)
        metrics.begun(CHANNEL)
        turn = await turns.take(id, choice=OPENING) if new and new.opening else None
        if turn is None or turn.intent == BUSY:  # then it is asked for like any message
            return Session(session=session)
        metrics.turn(CHANNEL, turn)
        return Session(session=session, opening=_answered(turn, response))

    @router.post("/messages", responses=_PROBLEM, response_model_exclude_defaults=True)
    async def say(
        said: Said,
        response: Response,
        authorization: Annotated[str | None, Header(max_length=200)] = None,
        idempotency_key: Annotated[str | None, _MARK] = None,
    ) -> Answered:
        """Say one thing, and get the answer to it.

        A message with the mark of an earlier one is that message, tried again: it is done once,
        and its answer is given once more.
        """
        if (said.text is None) == (said.choice is None):
            raise Problem(422, "Not as described", "Send either text or choice.")
        scheme, _, session = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not session:
            raise Problem(401, "No session", "Send Authorization: Bearer with the session.")
        id = conversations.pseudonym(CHANNEL, session.strip())
        if not talking.allows(id):
            raise Problem(429, "Too many messages", "Wait a few seconds and send it again.")
        turn = await turns.take(
            id,
            text=said.text or "",
            choice=said.choice,
            key=idempotency_key,
            envelope=said.envelope,
        )
        if turn is None:
            raise Problem(401, "The chat has ended", "Begin a new session.")
        metrics.turn(CHANNEL, turn)
        if turn.intent == BUSY:
            raise Problem(503, "Too much to do", " ".join(m.text for m in turn.messages))
        return _answered(turn, response)

    return router


def _answered(turn: Turn, response: Response) -> Answered:
    response.headers["Content-Language"] = turn.lang
    messages = [_out(message) for message in turn.messages]
    return Answered(messages=messages, ended=turn.ended, cleared=turn.cleared)


def _out(message: Message) -> MessageOut:
    choices = [ChoiceOut(label=c.label, value=c.value) for c in message.choices]
    seal = SealOut(**message.seal) if message.seal else None
    free = message.free and bool(message.held)
    attach = AttachOut(**message.attach) if message.attach else None
    return MessageOut(
        text=message.text,
        choices=choices,
        held=message.held,
        free=free,
        seal=seal,
        attach=attach,
    )
