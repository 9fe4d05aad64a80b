"""A draft of a questionnaire in the real widget, to try out: nothing is stored and nothing is sent.

There is no engine behind it: choices and typed answers are taken as the questionnaire takes them,
and a question about the policy gets no answer here. Everything lies in this process's memory.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header
from starlette.types import ASGIApp

from bot.choices import intent_of, named
from catalogue import Heard, Message, Messages
from inbox.problems import Problem, ProblemRoute
from service import problems, widget_pages
from service.chat import Answered, ChoiceOut, MessageOut, NewSession, Said, Session
from service.headers import BodyLimit, Headers
from survey.model import Instrument
from survey.ports import RoundInfo
from survey.survey_walk import SurveyWalk

_WEB = Path(__file__).resolve().parents[1] / "web"
_LARGEST_BODY = 200_000
#: Chats at a time; the oldest is forgotten.
_MOST = 50


class Nowhere:
    """A desk with an open round that throws every answer away."""

    def __init__(self, instrument: Instrument) -> None:
        self._round = RoundInfo("preview", instrument.ref, "open")

    async def current_round(self) -> RoundInfo | None:
        """Always the same round."""
        return self._round

    async def invitation_valid(self, token: str) -> bool:
        """Nobody is asked for one."""
        return False

    async def submit(
        self, round_id: str, answers: dict[str, Any], token: str | None, ticket: str
    ) -> None:
        """Keep nothing."""


@dataclass(slots=True)
class _Chat:
    lang: str
    state: dict[str, Any] | None = None
    said: tuple[Message, ...] = ()


def preview_app(instrument: Instrument, messages: Messages) -> ASGIApp:
    """The widget's page and the two endpoints it talks to.

    Args:
        instrument: the draft, without mistakes.
        messages: the catalogues.
    """
    app = FastAPI(title="Speaksafe, preview", docs_url=None, redoc_url=None, openapi_url=None)
    problems.install(app)
    walk = SurveyWalk(instrument, messages, Nowhere(instrument))
    chats: OrderedDict[str, _Chat] = OrderedDict()

    chat_routes = APIRouter(prefix="/chat", route_class=ProblemRoute)

    @chat_routes.post("/sessions", status_code=201)
    async def begin(new: NewSession | None = None) -> Session:
        session = secrets.token_urlsafe(24)
        wanted = new.lang if new else None
        chats[session] = _Chat(wanted if wanted in instrument.languages else "en")
        while len(chats) > _MOST:
            chats.popitem(last=False)
        return Session(session=session)

    @chat_routes.post("/messages", response_model_exclude_defaults=True)
    async def say(said: Said, authorization: Annotated[str, Header(max_length=200)]) -> Answered:
        session = authorization.partition(" ")[2].strip()
        chat = chats.get(session)
        if chat is None:
            raise Problem(401, "The chat has ended", "Begin a new session.")
        await _step(walk, chat, said)
        ended = chat.state is None
        if ended:
            chats.pop(session, None)
        return Answered(messages=[_out(message) for message in chat.said], ended=ended)

    app.include_router(chat_routes)
    app.include_router(widget_pages.routes(_WEB, messages, None, demo=True))
    return Headers(BodyLimit(app, _LARGEST_BODY))


async def _step(walk: SurveyWalk, chat: _Chat, said: Said) -> None:
    offered = [(c.label, c.value) for message in chat.said for c in message.choices]
    free = bool(chat.said and chat.said[-1].free)
    choice = said.choice or named(said.text or "", offered, free=free)
    if choice and choice.startswith("lang:"):
        chat.lang = choice.removeprefix("lang:")
    if chat.state is None:
        step = await walk.open(chat.lang)
    elif choice and choice.startswith("lang:"):
        step = await walk.again(chat.state, chat.lang)
    elif choice in ("gate:stop", "gate:exit", "menu:start") or (said.text or "").lower() == "stop":
        step = await walk.stop(chat.state, chat.lang)
    else:
        intent = intent_of(choice) if choice else "nlu_fallback"
        text = "" if choice else said.text or ""
        heard = Heard(text, choice, intent, 1.0 if choice else 0.0, chat.lang)
        step = await walk.step(chat.state, heard)
    chat.state, chat.said = step.state, step.messages


def _out(message: Message) -> MessageOut:
    choices = [ChoiceOut(label=c.label, value=c.value) for c in message.choices]
    return MessageOut(text=message.text, choices=choices)
