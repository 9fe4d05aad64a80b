"""What a channel supplies so that the shared suite can run over it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any

import httpx

from tests.channels.provider import Provider


@dataclass(frozen=True)
class Delivery:
    """One request of the carrier.

    Args:
        headers: with the signature or secret.
        body: as it goes over the wire.
        query: of the webhook's address, without the question mark.
    """

    headers: dict[str, str]
    body: bytes
    query: str = ""

    def with_header(self, name: str, value: str | None) -> Delivery:
        """The same with another value of a header, or without it."""
        kept = {n: v for n, v in self.headers.items() if n.lower() != name.lower()}
        return replace(self, headers=kept | ({name: value} if value is not None else {}))


@dataclass(frozen=True)
class Heard:
    """One message that reached a person.

    Args:
        text: the words.
        choices: label, and what pressing it gives or the number to type.
    """

    text: str
    choices: tuple[tuple[str, str], ...] = ()


class Case(ABC):
    """One channel's side of the suite. Senders are small numbers; the case makes addresses.

    ``stand_in``: the local server. ``ordered``: the carrier numbers what it delivers.
    ``redelivers``: it delivers again what was not taken. ``jobs``: what can be done on this
    channel as on the web; where it is done in another way, the channel's own tests hold it.
    """

    name: str
    stand_in: type[Provider]
    ordered: bool = False
    redelivers: bool = True
    jobs: frozenset[str] = frozenset({"policy", "survey", "report"})

    def __init__(self, provider: Provider, public_url: str) -> None:
        self.provider: Any = provider
        self.public_url = public_url

    @abstractmethod
    def settings(self) -> dict[str, str]:
        """The ``SPEAKSAFE_…`` settings that switch the channel on."""

    @abstractmethod
    def address(self, sender: int) -> str:
        """The address of a sender, as it must never be found anywhere."""

    @abstractmethod
    def text(self, sender: int, text: str, event: int) -> Delivery:
        """A typed message; the same event twice is a repeated delivery."""

    @abstractmethod
    def forged(self, delivery: Delivery) -> list[Delivery]:
        """The same with the signature missing, wrong, of something else, empty …"""

    @abstractmethod
    def unknown(self, event: int) -> list[Delivery]:
        """Verified events of kinds that nobody knows or that mean nothing to us."""

    @abstractmethod
    def wordless(self, sender: int, event: int) -> list[Delivery]:
        """Pictures, voice, contacts …: each its own event, counted up from ``event``."""

    @abstractmethod
    def heard(self, sender: int, answer: httpx.Response) -> list[Heard]:
        """What reached a sender since this was last asked.

        Args:
            answer: to the delivery; channels that answer in the request read it.
        """

    def press(self, sender: int, value: str, event: int) -> Delivery | None:
        """A pressed choice; ``None`` where choices are typed by their number."""
        return None

    def shown(self, text: str) -> str:
        """A text of the catalogue as this carrier shows it."""
        return text

    def secrets(self) -> list[str]:
        """Settings that must not be found anywhere."""
        return list(self.settings().values())
