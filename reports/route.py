"""One route of reports, and the offices it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from catalogue.messages import BASE

#: The code under which the route for an organization that is not known or not listed is kept.
UNKNOWN = ""

KINDS = ("investigation", "oversight", "ethics", "executive-head", "demo")
#: Where in an organization an office stands: ``headquarters`` works for the whole of one,
#: ``system`` for more than one. An office whose level is not known counts as one of every level
#: that a person shuts out: none is trusted with a case on a guess.
LEVELS = ("country", "regional", "headquarters", "system")
UNKNOWN_LEVEL = "unknown"
CONFIDENCES = ("seen", "seen-old", "well-known", "plausible", "unknown", "demo")


@dataclass(frozen=True, slots=True)
class Office:
    """Where focal points read reports.

    Args:
        id: how accounts, cases and routes name it.
        kind: one of ``KINDS``.
        names: by language.
        keep_days: from closing a case to its deletion; ``None`` for the installation's own.
        second_factor: its owner wants its people to sign in with a second factor.
        level: one of ``LEVELS``, or ``UNKNOWN_LEVEL``.
    """

    id: str
    kind: str
    names: Mapping[str, str]
    keep_days: int | None = None
    second_factor: bool = False
    level: str = UNKNOWN_LEVEL

    def name(self, lang: str) -> str:
        """Its name, in English where the language has none."""
        return self.names.get(lang, self.names[BASE])


@dataclass(frozen=True, slots=True)
class Route:
    """The way of a report about somebody of one organization.

    Args:
        code: the organization's code, or ``UNKNOWN``.
        office: who receives the report.
        alternate: who receives it instead when somebody in that office is involved.
        retaliation: who protects from retaliation, where that is known.
        because: the key of the sentence that explains the route.
        confidence: one of ``CONFIDENCES``.
        source: where the route was read.
        verified_on: the day on which the organization confirmed it.
        expires_on: the day by which it must confirm it again.
        asks_host: volunteers are asked for their host, whose route it then is.
        line: where its office stands in its file.
    """

    code: str
    office: Office
    alternate: Office | None
    retaliation: Office | None
    because: str
    confidence: str
    source: str | None
    verified_on: date | None
    expires_on: date | None
    asks_host: bool
    line: int = 0
