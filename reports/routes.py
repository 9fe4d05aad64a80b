"""Which office receives a report, read from ``content/routes.yml`` and checked when it is read.

A route is *dead* when its office has no focal point with a key: a report sent there could be
opened by nobody. It is found by :meth:`Routes.check` before a person meets it, and never walked
when she does. Dead because its office has not come in yet, it is named when the service starts;
dead although its organization has confirmed it, it is *broken*, and the service does not start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from reports.entities import Entities
from reports.route import CONFIDENCES, KINDS, LEVELS, UNKNOWN, UNKNOWN_LEVEL, Office, Route
from reports.routes_file import RoutesFile

__all__ = [
    "CONFIDENCES",
    "KINDS",
    "LEVELS",
    "UNKNOWN",
    "Office",
    "Route",
    "RouteState",
    "Routes",
    "describe",
]

#: Days before a route expires in which its organization is to be asked.
WARNING_DAYS = 30


@dataclass(frozen=True, slots=True)
class RouteState:
    """What an operator needs to know of one route.

    Args:
        route: the route.
        recipients: focal points of the office that can open a report.
        alternates: the same for the alternate office.
    """

    route: Route
    recipients: int
    alternates: int

    @property
    def dead(self) -> bool:
        """No report could be opened in the receiving office."""
        return self.recipients == 0

    @property
    def broken(self) -> bool:
        """It is dead although its organization has confirmed it: people rely on it."""
        return self.dead and self.route.verified_on is not None

    def expired(self, today: date) -> bool:
        """The organization was to confirm the route by a day that is over."""
        return self.route.expires_on is not None and self.route.expires_on < today

    def expires_soon(self, today: date) -> bool:
        """The organization is to confirm the route within ``WARNING_DAYS``."""
        day = self.route.expires_on
        return day is not None and today <= day <= today + timedelta(days=WARNING_DAYS)

    def word(self, today: date) -> str:
        """The state in one word."""
        if self.dead:
            return "DEAD"
        if self.expired(today):
            return "EXPIRED"
        return "expires soon" if self.expires_soon(today) else "alive"


class Routes:
    """All routes.

    Args:
        routes: one for each organization, and one for ``UNKNOWN``.
        path: where they were read; for whoever has to mend one.
    """

    def __init__(self, routes: Mapping[str, Route], path: Path | None = None) -> None:
        self._routes = dict(routes)
        self.path = path

    @classmethod
    def load(cls, content: Path, entities: Entities, *, demo: bool = False) -> Routes:
        """Read the routes.

        Args:
            content: the content folder.
            entities: the organizations, each of which must have one route.
            demo: read ``demo/routes.yml`` instead, where nobody real receives anything.

        Raises:
            ContentError: a field is missing, wrong or unknown, an organization has no route or
                two, or an office is named that is not listed.
        """
        path = content / "demo" / "routes.yml" if demo else content / "routes.yml"
        return cls(RoutesFile(path, entities).read(), path)

    @property
    def offices(self) -> tuple[Office, ...]:
        """Every office that receives reports, first or as an alternate."""
        found: dict[str, Office] = {}
        for route in self._routes.values():
            for office in (route.office, route.alternate):
                if office is not None:
                    found[office.id] = office
        return tuple(found.values())

    def route(self, code: str) -> Route:
        """The route for an organization.

        Args:
            code: its code, or ``UNKNOWN``.

        Raises:
            KeyError: there is no such organization.
        """
        return self._routes[code]

    def office(self, office_id: str) -> Office | None:
        """The office with this id."""
        return next((office for office in self.offices if office.id == office_id), None)

    def by_level(self, *, guessed: bool = True) -> dict[str, frozenset[str]]:
        """The ids of the offices of each level.

        Args:
            guessed: an office whose level is not known is in every one: for a report that is about
                to be sent. Never for what is written down for good.
        """
        levels = (UNKNOWN_LEVEL,) if guessed else ()
        offices = [
            office
            for route in self._routes.values()
            for office in (route.office, route.alternate, route.retaliation)
            if office is not None
        ]
        return {
            level: frozenset(o.id for o in offices if o.level in (level, *levels))
            for level in LEVELS
        }

    def way(self, code: str) -> tuple[Office, ...]:
        """The offices that could receive a report about somebody of an organization, in the order
        in which they are asked: the receiving one, the alternate, and the one for what belongs
        nowhere else."""
        route = self._routes[code]
        offices = (route.office, route.alternate, self._routes[UNKNOWN].office)
        return tuple({office.id: office for office in offices if office is not None}.values())

    def check(self, keys_by_office: Mapping[str, int]) -> list[RouteState]:
        """Whom each route reaches today.

        Args:
            keys_by_office: for each office id the number of focal points with a key.
        """
        return [
            RouteState(
                route,
                keys_by_office.get(route.office.id, 0),
                keys_by_office.get(route.alternate.id, 0) if route.alternate else 0,
            )
            for route in self._routes.values()
        ]


def describe(states: Sequence[RouteState], today: date) -> list[tuple[str, ...]]:
    """The rows of a table for an operator, the heading first.

    Args:
        states: from ``Routes.check``.
        today: the day that expiry is counted from.
    """
    rows: list[tuple[str, ...]] = [
        (
            "entity",
            "office",
            "recipients",
            "alternate",
            "recipients",
            "verified",
            "expires",
            "state",
        )
    ]
    for state in states:
        route = state.route
        rows.append(
            (
                route.code or "(unknown)",
                route.office.id,
                str(state.recipients),
                route.alternate.id if route.alternate else "none",
                str(state.alternates),
                route.verified_on.isoformat() if route.verified_on else "never",
                route.expires_on.isoformat() if route.expires_on else "-",
                state.word(today),
            )
        )
    return rows
