"""A person in front of one walk, and the parts the walk talks to, for tests that read like
conversations."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from catalogue import Choice, Heard, Message, Messages, Step, Walk
from reports.attaching import NONE as NO_FILES
from reports.attaching import Waiting
from reports.cases import Access, CaseView, Reply, Ticket
from reports.destination import Destination
from reports.entities import Entities
from reports.errors import NoRecipient, NotStored, OtherRecipients, OutOfReach
from reports.report import Report
from reports.routes import Routes
from vault.errors import FilesMissing
from vault.keys import PublicKey
from vault.receipts import check_digit
from vault.sealing import key_ids

CONTENT = Path(__file__).resolve().parents[2] / "content"
MESSAGES = Messages.load(CONTENT)
ENTITIES = Entities.load(CONTENT)
ROUTES = Routes.load(CONTENT, ENTITIES)


@dataclass
class FakeCases:
    """Cases in memory: who can be reached is told to it, and what is sent can be looked at."""

    reached: Callable[[str], bool] = lambda office: True
    trouble: Exception | None = None
    sent: dict[str, tuple[Report, str, str]] = field(default_factory=dict)
    tickets: int = 0
    to: Destination | None = None
    keys: list[PublicKey] = field(default_factory=list)
    envelopes: list[bytes | None] = field(default_factory=list)
    arrived: int = 0
    files: Waiting = NO_FILES

    async def reachable(self, office: str, shut_out: Iterable[str] = ()) -> bool:
        if isinstance(self.trouble, OutOfReach):
            raise self.trouble
        return self.reached(office)

    def ticket(self) -> Ticket:
        self.tickets += 1
        digits = f"{self.tickets:023d}"
        return Ticket(f"case-{self.tickets}", digits + check_digit(digits))

    async def recipients(self, to: Destination) -> list[PublicKey]:
        if not self.reached(to.office):
            raise NoRecipient
        return self.keys

    async def send(
        self,
        report: Report,
        to: Destination,
        ticket: Ticket,
        envelope: bytes | None = None,
        files: Waiting = NO_FILES,
    ) -> str:
        self.to, office = to, to.office
        if files.uploaded > self.arrived:
            raise FilesMissing
        self.files = files
        await asyncio.sleep(0)  # lets a second press come in between
        if isinstance(self.trouble, NotStored):
            raise self.trouble
        if not self.reached(office):
            raise NoRecipient
        if envelope is not None and set(key_ids(envelope)) != {k.key_id for k in self.keys}:
            raise OtherRecipients
        self.envelopes.append(envelope)
        self.sent.setdefault(ticket.case_id, (report, office, ticket.receipt))
        return ticket.receipt

    @property
    def report(self) -> Report:
        """The only report that was sent."""
        ((report, _, _),) = self.sent.values()
        return report

    @property
    def standby(self) -> str | None:
        """Which office waits behind it."""
        return self.to.standby if self.to else None

    @property
    def office(self) -> str:
        """Where the only report went."""
        ((_, office, _),) = self.sent.values()
        return office


@dataclass
class FakeArchive:
    """One case, for the walk that comes back to it."""

    receipt: str
    status: str = "received"
    replies: tuple[Reply, ...] = ()
    unread: bool = False
    offer: bool = False
    quiet: bool = False
    deletion: Literal["none", "asked", "refused"] = "none"
    tried: list[str] = field(default_factory=list)
    added: list[tuple[str, str]] = field(default_factory=list)
    keys: list[PublicKey] = field(default_factory=list)
    envelopes: list[bytes | None] = field(default_factory=list)
    trouble: Exception | None = None
    arrived: int = 0
    cleared: list[str] = field(default_factory=list)
    files: Waiting = NO_FILES
    attachments: list[dict[str, Any]] = field(default_factory=list)
    tickets: list[str | None] = field(default_factory=list)

    async def find(self, receipt: str) -> CaseView | None:
        self.tried.append(receipt)
        self._trouble()
        return self._view() if receipt == self.receipt else None

    async def look(self, access: Access) -> CaseView | None:
        self._trouble()
        return self._view() if access.case_id == "case" else None

    async def mark_read(self, access: Access) -> None:
        self._trouble()
        self.unread = False

    async def clear_uploads(self, access: Access) -> None:
        self.cleared.append(access.case_id)

    async def recipients_of(self, access: Access) -> list[PublicKey]:
        return self.keys

    async def add(
        self,
        access: Access,
        document: bytes,
        envelope: bytes | None = None,
        files: Waiting = NO_FILES,
        ticket: str | None = None,
    ) -> None:
        if files.uploaded > self.arrived:
            raise FilesMissing
        self.files = files
        if isinstance(self.trouble, NotStored):
            raise self.trouble
        if envelope is not None and set(key_ids(envelope)) != {k.key_id for k in self.keys}:
            raise OtherRecipients
        self.envelopes.append(envelope)
        told = json.loads(document)
        self.tickets.append(ticket)
        self.added.append((told["text"], told["lang"]))
        self.attachments = told.get("attachments", [])

    async def end_follow_up(self, access: Access) -> None:
        self._trouble()
        self.quiet = True

    async def ask_deletion(self, access: Access) -> None:
        self._trouble()
        self.deletion = "asked"

    async def spend_offer(self, access: Access) -> bool:
        self._trouble()
        spent, self.offer = self.offer, False
        return spent

    def _trouble(self) -> None:
        if isinstance(self.trouble, OutOfReach):
            raise self.trouble

    def _view(self) -> CaseView:
        status: Any = self.status
        return CaseView(
            Access("case", "key"),
            status,
            self.unread,
            self.offer,
            self.replies,
            self.quiet,
            self.deletion,
        )


class Chat:
    """A person in one walk. It behaves as the service does: labels are turned into choices, and
    numbers too unless her own words are asked for."""

    def __init__(self, walk: Walk, lang: str = "en", **given: object) -> None:
        self.walk = walk
        self.lang = lang
        self.state: dict[str, Any] | None = None
        self.messages: tuple[Message, ...] = ()
        self.digressed = False
        self._take(asyncio.run(walk.open(lang, **given)))

    def says(self, text: str, intent: str = "nlu_fallback", sure: float = 0.0) -> Chat:
        """Type something; ``intent`` is what the engine would take it for."""
        for number, choice in enumerate(self.choices, 1):
            if text == choice.label or (text == str(number) and not self.free):
                return self.chooses(choice.value)
        return self._hear(Heard(text, None, intent, sure, self.lang))

    def presses(self, label: str) -> Chat:
        """Press the choice that is labelled so."""
        found = [choice for choice in self.choices if choice.label == label]
        assert found, f"{label!r} is none of {[choice.label for choice in self.choices]}"
        return self.chooses(found[0].value)

    def chooses(self, value: str) -> Chat:
        """Send a choice, also one that is not on offer."""
        return self._hear(Heard("", value, "choose", 1.0, self.lang))

    def goes_through(self, *turns: str) -> Chat:
        """Press what is a label, say what is none."""
        for turn in turns:
            self.says(turn)
        return self

    def stops(self) -> Chat:
        """The gate heard her say stop."""
        assert self.state is not None
        return self._take(asyncio.run(self.walk.stop(self.state, self.lang)))

    def switches_to(self, lang: str) -> Chat:
        """Another language, at the same place."""
        assert self.state is not None
        self.lang = lang
        return self._take(asyncio.run(self.walk.again(self.state, lang)))

    def hears(self, *parts: str) -> Chat:
        """What was just said has all of this in it."""
        for part in parts:
            assert part.casefold() in self.heard.casefold(), f"{part!r} is not in: {self.heard}"
        return self

    def hears_nothing_of(self, *parts: str) -> Chat:
        """What was just said has none of this in it."""
        for part in parts:
            assert part.casefold() not in self.heard.casefold(), f"{part!r} is in: {self.heard}"
        return self

    @property
    def heard(self) -> str:
        """Everything that was just said."""
        return "\n".join(message.text for message in self.messages)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be pressed now."""
        return self.messages[-1].choices if self.messages else ()

    @property
    def labels(self) -> list[str]:
        """What can be pressed now, as she reads it."""
        return [choice.label for choice in self.choices]

    @property
    def free(self) -> bool:
        """Her own words are asked for."""
        return any(message.free for message in self.messages)

    @property
    def at(self) -> str:
        """The step she is at."""
        assert self.state is not None
        return str(self.state["at"])

    @property
    def over(self) -> bool:
        """The walk has ended."""
        return self.state is None

    def _hear(self, heard: Heard) -> Chat:
        assert self.state is not None, "the walk is over"
        return self._take(asyncio.run(self.walk.step(self.state, heard)))

    def _take(self, step: Step) -> Chat:
        # As the state store does: through JSON.
        self.state = None if step.state is None else json.loads(json.dumps(step.state))
        self.messages, self.digressed = step.messages, step.digression
        return self
