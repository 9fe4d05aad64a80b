"""Where the parts are joined, and nowhere else."""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from rasa_sdk.executor import ActionExecutor

from actions.desk import Desk
from actions.register import executor
from bot.conversations import Conversations
from bot.dialogue import Dialogue
from bot.engine import Engine
from bot.handover import CODE_SECONDS, Handover
from bot.words import Words
from catalogue import Messages, Walk
from policy.answers import Answers
from policy.menu import Menu
from reports.brief_walk import BriefReport, ReturnElsewhere
from reports.entities import Entities
from reports.known import Known
from reports.report_walk import ReportWalk
from reports.return_walk import ReturnWalk
from reports.routes import Routes
from service import dead_routes
from service.carried import Carried
from service.cleaning import Cleaner
from service.effort import GOOD_SECONDS, MOST_WAIT, Effort
from service.limits import Limit
from service.metrics import Metrics
from service.notice_links import LINE_SECONDS, NoticeLinks
from service.settings import Settings, SettingsError
from service.storage import Storage
from service.turns import HELD_SECONDS, MARK_SECONDS, Turns, TurnStores
from service.webhooks import Carriers, Shelves
from survey.brief import BriefSurvey
from survey.desk import VaultDesk
from survey.instrument import load as load_instrument
from survey.survey_walk import SurveyWalk
from vault.state import MemoryShelf, RedisShelf, Shelf, StateStore
from vault.stores.exclusions import Exclusions
from vault.stores.keeping import Keeping


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that runs."""

    settings: Settings
    storage: Storage
    messages: Messages
    routes: Routes
    keeping: Keeping
    conversations: Conversations
    sign_ins: StateStore
    attempts: StateStore
    engine: Engine
    dialogue: Dialogue
    turns: Turns
    effort: Effort
    executor: ActionExecutor
    metrics: Metrics
    carriers: Carriers
    links: NoticeLinks
    words: Words
    instrument_ref: str

    async def close(self) -> None:
        """Let connections go."""
        await self.engine.close()
        await self.carriers.close()

    def require_routes(self) -> list[str]:
        """Refuse to start on a broken route; say which others are dead.

        Raises:
            SettingsError: a confirmed route could be read by nobody, or none could.
        """
        return dead_routes.admit(self.storage.route_states(self.routes), self.routes.path)


def build(settings: Settings, storage: Storage, engine_url: str | None, token: str) -> Parts:
    """Join everything.

    Args:
        settings: what was configured.
        storage: opened already.
        engine_url: where the engine of this machine listens; else the configured one is used.
        token: the secret that service and engine share.

    Raises:
        ContentError: a content file must be mended; it names file and line.
        SettingsError: settings do not go together.
    """
    content = settings.content_dir
    messages = Messages.load(content)
    answers = Answers.load(content, messages.languages)
    menu = Menu.load(content, answers.topics, messages.languages)
    entities = Entities.load(content)
    routes = Routes.load(content, entities, demo=settings.demo)
    instrument = load_instrument(content / "instruments" / "victim-experience.yml")
    known = Known.load(content, entities, Routes.load(content, entities), messages)
    # An office that came in since then may be of a level that somebody shut out.
    Exclusions(storage.database).renew(routes.by_level(guessed=False))
    keeping = storage.keeping(routes, settings)
    cases = storage.cases_with(keeping)
    survey_desk = VaultDesk(storage.rounds, storage.drop_box, storage.invitations)
    walks: dict[str, Walk] = {
        "report": ReportWalk(messages, entities, routes, cases, attaches=True),
        "return": ReturnWalk(messages, cases, invite=_inviter(storage), attaches=True),
        "survey": SurveyWalk(instrument, messages, survey_desk),
    }
    by_text = messages.on("sms")
    short: dict[str, Walk] = {
        "survey": BriefSurvey(instrument, by_text, survey_desk),
        "report": BriefReport(by_text, entities, routes, cases),
        "return": ReturnElsewhere(by_text),
    }
    named = {walk.name: walk for walk in short.values()}
    new_shelf, key = _shelves(settings)
    shelf = new_shelf()
    conversations = Conversations(StateStore(shelf, key, "conversation"), key)
    engine = Engine(engine_url or settings.engine_url or "", token)
    words = Words.load(content)
    handover = Handover(
        StateStore(shelf, key, "handover", CODE_SECONDS),
        conversations,
        Limit(burst=5, per_second=1 / 60).allows,
        Limit(burst=50, per_second=1 / 5).allows,
        settings.page,
    )
    dialogue = Dialogue(messages, words, conversations, engine, {**walks, **named}, handover)
    desk = Desk(messages, answers, menu, conversations, words, known, walks)
    brief = replace(desk, messages=by_text, walks={**short, **named}, brief=True)
    metrics = Metrics()
    carriers = Carriers(
        settings,
        dialogue,
        messages,
        Shelves(keys=new_shelf(), events=new_shelf(), short=shelf),
        key,
        metrics,
        Carried(conversations, storage.attachments, Cleaner()),
    )
    return Parts(
        settings=settings,
        storage=storage,
        messages=messages,
        routes=routes,
        keeping=keeping,
        conversations=conversations,
        sign_ins=StateStore(shelf, key, "sign-in", idle_seconds=20 * 60),
        attempts=StateStore(shelf, key, "attempt"),
        engine=engine,
        dialogue=dialogue,
        turns=Turns(dialogue, conversations, _turn_stores(settings, new_shelf(), key)),
        effort=_effort(settings, new_shelf(), key),
        executor=executor(replace(desk, others={"sms": brief})),
        metrics=metrics,
        carriers=carriers,
        links=_links(carriers, storage, StateStore(shelf, key, "notice link", LINE_SECONDS)),
        words=words,
        instrument_ref=instrument.ref,
    )


def _links(carriers: Carriers, storage: Storage, store: StateStore) -> NoticeLinks:
    """Lets focal points link the channels that can bring notices."""
    links = NoticeLinks(store, storage.addresses, carriers.telling)
    carriers.link_with(links.claim)
    return links


def _effort(settings: Settings, shelf: Shelf, key: bytes) -> Effort:
    """What a flood of new chats has to pay; its signing key is one for all replicas."""
    spent = StateStore(shelf, key, "effort", GOOD_SECONDS + MOST_WAIT)
    return Effort(settings.flood, hmac.digest(key, b"speaksafe/1/effort", "sha256"), spent)


def _turn_stores(settings: Settings, shelf: Shelf, key: bytes) -> TurnStores:
    held = StateStore(shelf, key, "web held", HELD_SECONDS) if settings.redis_url else None
    return TurnStores(
        StateStore(shelf, key, "web begun", MARK_SECONDS),
        StateStore(shelf, key, "web parted", MARK_SECONDS),
        held,
    )


def _inviter(storage: Storage) -> Callable[[], Awaitable[str | None]]:
    """Draws an invitation when a closed case offers the survey and the round asks for one."""

    def draw() -> str | None:
        current = storage.rounds.current()
        if current is None or current.admission == "open":
            return None
        return storage.invitations.new(1)[0]

    async def invite() -> str | None:
        return await asyncio.to_thread(draw)

    return invite


def _shelves(settings: Settings) -> tuple[Callable[[], Shelf], bytes]:
    """Makes shelves, and their key: in this process under a key of its own, or shared in Redis.

    What lies long has a shelf apart: in memory, entries go in the order in which they were put.
    """
    if settings.redis_url is None:
        return MemoryShelf, os.urandom(32)
    if settings.state_key is None:
        raise SettingsError("SPEAKSAFE_STATE_KEY", "is not set", "Redis needs it: 64 hex digits")
    shared = RedisShelf(settings.redis_url)
    return lambda: shared, bytes.fromhex(settings.state_key)
