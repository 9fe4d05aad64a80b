"""The carriers' entrance: ``POST /webhooks/<channel>`` for every channel that has its settings.

Only joins: what is done with a request is the door's (``bot.channels.door``).
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect

from bot.channels.answering import Files
from bot.channels.contract import Acknowledgement, Channel, Registered
from bot.channels.contract import Request as Delivered
from bot.channels.door import EVENT_SECONDS, HELD_SECONDS, Door, DoorStores
from bot.channels.linking import Claim
from bot.channels.registry import CHANNELS
from bot.dialogue import Dialogue
from bot.pseudonyms import KEY_SECONDS, Pseudonyms
from catalogue import Messages
from inbox.problems import ProblemRoute
from service.limits import Limit
from service.metrics import Metrics
from service.settings import Settings, SettingsError
from vault.state import IDLE_SECONDS, Shelf, StateStore


def given(settings: Settings) -> dict[str, str]:
    """The settings that channels may be given and that are set, by their names."""
    names = {name for entry in CHANNELS for name in (*entry.needs, *entry.takes)}
    values = {n: getattr(settings, n.removeprefix("SPEAKSAFE_").lower()) for n in names}
    return {name: str(value) for name, value in values.items() if value is not None}


def build(entry: Registered, settings: Settings) -> Channel | None:
    """The channel, or ``None`` when it is off.

    Raises:
        SettingsError: a setting of it cannot be used.
    """
    values = given(settings)
    if entry.missing(values):
        return None
    try:
        return entry.build(values)
    except ValueError as error:
        name, _, problem = str(error).partition(" ")
        what, _, remedy = problem.partition("; ")
        raise SettingsError(name, what, remedy) from None


def webhook_url(settings: Settings, channel: str) -> str:
    """The public address of a channel's webhook."""
    return f"{settings.public_url}/webhooks/{channel}"


@dataclass(frozen=True, slots=True)
class Shelves:
    """Where what channels remember lies.

    Args:
        keys: the pseudonyms' keys, for two days.
        events: what was delivered, for one day.
        short: everything that goes within half an hour.
    """

    keys: Shelf
    events: Shelf
    short: Shelf


class Carriers:
    """One door for each channel that is on.

    Args:
        settings: what was configured.
        dialogue: answers.
        messages: the doors' own words.
        shelves: shared by all replicas, or this process's own.
        key: seals what lies on them.
        metrics: counts.
        files: takes files where a report asks for them.

    Raises:
        SettingsError: a setting of a channel cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        dialogue: Dialogue,
        messages: Messages,
        shelves: Shelves,
        key: bytes,
        metrics: Metrics,
        files: Files | None = None,
    ) -> None:
        self._settings = settings
        built = [build(entry, settings) for entry in CHANNELS]
        self.channels = tuple(channel for channel in built if channel is not None)
        pseudonyms = Pseudonyms(StateStore(shelves.keys, key, "pseudonym key", KEY_SECONDS))
        stores = DoorStores(
            StateStore(shelves.events, key, "event", EVENT_SECONDS),
            StateStore(shelves.short, key, "trail", IDLE_SECONDS),
            StateStore(shelves.short, key, "held", HELD_SECONDS),
        )
        # More than a person types in a carrier's app, with pictures forwarded; less than a flood.
        talking = Limit(burst=40, per_second=1)
        telling = Limit(burst=1, per_second=1 / 60)
        self._doors = {
            channel.name: Door(
                channel,
                dialogue,
                pseudonyms,
                stores,
                messages,
                talking.allows,
                telling.allows,
                metrics,
                files,
            )
            for channel in self.channels
        }

    @property
    def telling(self) -> tuple[str, ...]:
        """The channels that can bring notices."""
        return tuple(channel.name for channel in self.channels if channel.tells)

    def link_with(self, claim: Claim) -> None:
        """Let focal points link these channels for their notices."""
        for name in self.telling:
            self._doors[name].claim = claim

    async def take(self, channel: str, request: Request) -> Acknowledgement:
        """One request to a webhook."""
        door = self._doors[channel]
        body = await _body(request, door.largest)
        if body is None:
            return Acknowledgement(413)
        query = f"?{request.url.query}" if request.url.query else ""
        url = webhook_url(self._settings, channel) + query
        headers = {name.lower(): value for name, value in request.headers.items()}
        return await door.take(Delivered(url, headers, body))

    async def close(self) -> None:
        """Let connections go."""
        for channel in self.channels:
            await channel.close()


def routes(carriers: Carriers) -> APIRouter:
    """The webhooks of all channels that are on."""
    router = APIRouter(prefix="/webhooks", tags=["channels"], route_class=ProblemRoute)
    for channel in carriers.channels:
        _route(router, carriers, channel.name)
    return router


def _route(router: APIRouter, carriers: Carriers, name: str) -> None:
    @router.post(
        f"/{name}",
        name=name,
        response_class=Response,
        responses={
            status: {"description": text}
            for status, text in {
                400: "Not as the carrier describes it",
                403: "Not signed by the carrier",
                413: "Too large",
                415: "Not the carrier's content type",
                503: "Deliver it again",
            }.items()
        },
    )
    async def take(request: Request) -> Response:
        """What the carrier delivers."""
        try:
            answer = await carriers.take(name, request)
        except ClientDisconnect:  # the carrier went away in the middle of the body
            return Response(status_code=400)
        return Response(
            answer.body,
            answer.status,
            media_type=answer.content_type if answer.body else None,
            background=BackgroundTask(answer.then) if answer.then else None,
        )


async def _body(request: Request, largest: int) -> bytes | None:
    """The body, or ``None`` if it is larger; then the rest is not read."""
    taken: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > largest:
            return None
        taken.append(chunk)
    return b"".join(taken)
