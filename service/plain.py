"""The whole conversation in plain HTML forms, for browsers in which scripts are switched off.

Tor Browser's safest mode runs no script, and some offices forbid them. The same turns answer here
as at the widget. Each page shows the newest answer only, so that little stands on the screen; the
session travels in a hidden field of the form, never in an address or a cookie.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.conversations import Conversations
from bot.turn import BUSY, Turn
from catalogue import Choice, Message
from catalogue.messages import BASE, RIGHT_TO_LEFT, Messages
from service.assets import Asset
from service.chat import BURST, LARGEST_TEXT, PER_SECOND
from service.effort import Effort
from service.limits import Limit
from service.metrics import Metrics
from service.turns import CHANNEL, Turns
from web import pages

#: No script at all, and no form that sends anything elsewhere.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)

_HEADERS = pages.PAGE_HEADERS | {"Content-Security-Policy": POLICY, "Vary": "Accept-Language"}

#: A line that holds a receipt: it is shown large, to be copied by hand.
_RECEIPT = re.compile(r"(?:\d{4}[ \u00a0]?){6}")

#: Answers after which the words are still the person's to send.
_NOT_TAKEN = frozenset({BUSY, "too_long"})

#: Commands beside a question; they have no number, as at the widget.
_ASIDES = frozenset({"do:back", "do:skip", "do:why", "do:pause", "do:stop", "do:source"})

_EXIT = "gate:exit"

#: Seconds from which on a wait is told in minutes: nothing counts them down here.
_LONG_WAIT = 90
_FIELDS = frozenset({"session", "mark", "lang", "choice", "text"})


@dataclass(frozen=True, slots=True)
class Posted:
    """What the form sent.

    Args:
        session: the chat's token; empty to begin one.
        mark: the form's own mark, so that a reload does nothing twice.
        lang: the language of the page that it stood on.
        choice: the value of the button that was pressed; empty for "send".
        text: what was typed.
    """

    session: str = ""
    mark: str = ""
    lang: str = BASE
    choice: str = ""
    text: str = ""

    @classmethod
    def read(cls, body: bytes) -> Posted | None:
        """From the body of a form; ``None`` if no form of ours sent it."""
        try:
            pairs = parse_qsl(
                body.decode(), keep_blank_values=True, max_num_fields=len(_FIELDS), errors="strict"
            )
        except ValueError:
            return None
        given = dict(pairs)
        if len(given) != len(pairs) or not given.keys() <= _FIELDS:
            return None
        long = len(given.get("session", "")) > 200 or len(given.get("mark", "")) > 100
        return None if long or len(given.get("choice", "")) > 200 else cls(**given)

    @property
    def typed(self) -> str:
        """The words, with the line ends of everywhere else."""
        return self.text.replace("\r\n", "\n")


@dataclass(slots=True)
class Shown:
    """What a page shows.

    Args:
        lang: its language.
        session: the chat's token; empty when there is none (any more).
        messages: what is said.
        note: a line about this page itself: a fault, or that the chat has ended.
        waiting: nothing has begun: what helps in danger must not wait with her.
        seconds: how long to wait, if the note says so.
        late: the place that she had is over.
        place: her place in the line; it goes with the form.
        draft: what stays in the box, because it was not taken.
        status: of HTTP.
    """

    lang: str
    session: str = ""
    messages: tuple[Message, ...] = ()
    note: str | None = None
    waiting: bool = False
    seconds: int = 0
    late: bool = False
    place: str = ""
    draft: str = ""
    status: int = 200
    mark: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def minutes(self) -> int:
        """The same in whole minutes, never too few."""
        return -(-self.seconds // 60)

    @property
    def choices(self) -> list[tuple[int | None, Choice]]:
        """Those of the last message that offers any, with the numbers that can be typed."""
        offering = [message for message in self.messages if message.choices]
        if not offering:
            return []
        numbered = not offering[-1].free
        return [
            (place if numbered and choice.value not in _ASIDES else None, choice)
            for place, choice in enumerate(offering[-1].choices, 1)
        ]


class PlainPages:
    """Answers the forms.

    Args:
        turns: opens chats and takes their messages.
        conversations: for the pseudonyms.
        metrics: counts.
        messages: the catalogue.
        web: the folder with ``plain.html``.
        demo: say at the top that nothing reaches a real office.
        effort: in a flood, whoever begins has to wait.
    """

    def __init__(
        self,
        turns: Turns,
        conversations: Conversations,
        metrics: Metrics,
        messages: Messages,
        web: Path,
        demo: bool,
        effort: Effort,
    ) -> None:
        self._effort = effort
        self._turns = turns
        self._conversations = conversations
        self._metrics = metrics
        self._messages = messages
        self._demo = demo
        self._talking = Limit(burst=BURST, per_second=PER_SECOND)
        loader = Environment(
            loader=FileSystemLoader(web),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = loader.get_template("plain.html")
        self._gone = loader.get_template("plain-gone.html")

    def first(self, lang: str | None, accept_language: str) -> Response:
        """The page before a chat."""
        offered = self._messages.languages
        best = pages.preferred_language(accept_language, offered)
        return self._page(Shown(lang if lang in offered else best))

    async def answer(self, body: bytes) -> Response:
        """The page after a form was sent."""
        posted = Posted.read(body)
        if posted is None:
            return self._page(Shown(BASE, note="widget.fault.trouble", status=422))
        lang = posted.lang if posted.lang in self._messages.languages else BASE
        if len(posted.text) > LARGEST_TEXT:
            kept = posted.typed
            shown = Shown(lang, posted.session, note="widget.fault.long", draft=kept, status=413)
            return self._page(shown)
        if not posted.session:
            return await self._wait(posted, lang) or await self._begin(lang)
        return await self._go_on(posted, lang)

    async def _wait(self, posted: Posted, lang: str) -> Response | None:
        """In a flood: a place in the line, and how long it takes. ``None`` when it is her turn."""
        if not self._effort.comes():
            return None
        left = await self._effort.waits(posted.mark)
        if left == 0:
            return None
        # Who presses too early keeps her place; who comes too late is told why it is another one.
        place = (posted.mark, left) if left else self._effort.place()
        if place is None:
            return self._page(Shown(lang, note="plain.full", status=429, waiting=True))
        shown = Shown(lang, note="plain.wait", status=429, waiting=True)
        shown.place, shown.seconds = place
        if shown.seconds > _LONG_WAIT:
            shown.note = "plain.wait_long"
        shown.late = self._effort.is_past(posted.mark)
        return self._page(shown)

    async def _begin(self, lang: str) -> Response:
        session = self._conversations.new_session()
        id = self._conversations.pseudonym(CHANNEL, session)
        await self._turns.begin(id, lang)
        self._metrics.begun(CHANNEL)
        turn = await self._turns.take(id, choice="menu:start")
        return self._answered(turn, Shown(lang, session))

    async def _go_on(self, posted: Posted, lang: str) -> Response:
        id = self._conversations.pseudonym(CHANNEL, posted.session)
        kept = Shown(lang, posted.session, draft=posted.typed)
        if posted.choice != _EXIT and not self._talking.allows(id):
            kept.note, kept.status = "widget.fault.busy", 429
            return self._page(kept)
        text = "" if posted.choice else posted.typed
        turn = await self._turns.take(
            id, text=text, choice=posted.choice or None, key=posted.mark or None
        )
        # Words beside a pressed button were not sent: they stay in the box.
        kept.draft = posted.typed if posted.choice else ""
        if turn is None and posted.choice == _EXIT:
            return self._leave(lang)
        if turn is None or turn.intent in _NOT_TAKEN:
            kept.draft = posted.typed
        return self._answered(turn, kept)

    def _answered(self, turn: Turn | None, shown: Shown) -> Response:
        if turn is None:
            shown.session, shown.note = "", "widget.ended.expired"
            return self._page(shown)
        self._metrics.turn(CHANNEL, turn)
        if turn.gate == "exit":
            return self._leave(turn.lang)
        shown.lang, shown.messages = turn.lang, turn.messages
        if turn.intent == BUSY:
            shown.status = 503
        if turn.ended:
            shown.session, shown.note = "", "widget.ended.finished"
        return self._page(shown)

    def _page(self, shown: Shown) -> Response:
        lang, offered = shown.lang, self._messages.languages
        html = self._template.render(
            shown=shown,
            dir="rtl" if lang in RIGHT_TO_LEFT else "ltr",
            say=lambda key, **values: self._messages.text(lang, key, **values),
            languages=[(one, self._messages.text(one, "plain.language")) for one in offered],
            demo=self._demo,
            exit=_EXIT,
            receipt=_RECEIPT.fullmatch,
        )
        return HTMLResponse(html, shown.status, _HEADERS | {"Content-Language": lang})

    def _leave(self, lang: str) -> Response:
        """A blank page that opens another at once: going back finds nothing on it."""
        return HTMLResponse(self._gone.render(to=pages.EXIT_PAGE, lang=lang), 200, _HEADERS)


def routes(plain: PlainPages, web: Path) -> APIRouter:
    """The page and its form.

    Args:
        plain: answers.
        web: the folder with ``plain.css``.
    """
    router = APIRouter(include_in_schema=False)
    style = Asset((web / "plain.css").read_text(encoding="utf-8"), "text/css", pages.ASSET_HEADERS)

    @router.get("/plain")
    async def first(
        lang: str | None = None, accept_language: Annotated[str, Header(max_length=500)] = ""
    ) -> Response:
        return plain.first(lang, accept_language)

    @router.post("/plain")
    async def answer(request: Request, sec_fetch_site: Annotated[str, Header()] = "") -> Response:
        # Another site's form could only speak in a chat of its own; there is no cookie to abuse.
        # It is refused all the same: nobody is to be brought here in the middle of something.
        if sec_fetch_site in ("cross-site", "same-site"):
            return plain.first(None, request.headers.get("accept-language", "")[:500])
        return await plain.answer(await request.body())

    @router.get("/plain.css")
    async def css(request: Request) -> Response:
        return style.answer(request)

    return router
