"""Which office receives a report, read from ``content/routes.yml`` and checked when it is read.

A route is *dead* when its office has no focal point with a key: a report sent there could be
opened by nobody. A dead route is an error of the installation, found by :meth:`Routes.check`
before a person meets it, and never walked when she does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn

from catalogue import ContentError, Located, load_yaml
from catalogue.messages import BASE
from reports.entities import Entities

#: The code under which the route for an organization that is not known or not listed is kept.
UNKNOWN = ""

KINDS = ("investigation", "oversight", "ethics", "executive-head", "demo")
CONFIDENCES = ("seen", "seen-old", "well-known", "plausible", "unknown", "demo")

#: Days before a route expires in which its organization is to be asked.
WARNING_DAYS = 30

_OFFICE_FIELDS = {"id", "kind", "name", "keep_days"}
_REQUIRED = (
    *("because", "office", "alternate", "retaliation"),
    *("confidence", "source", "verified_on", "expires_on"),
)
_ROUTE_FIELDS = {*_REQUIRED, "entities", "unknown", "asks_host"}


@dataclass(frozen=True, slots=True)
class Office:
    """Where focal points read reports.

    Args:
        id: how accounts, cases and routes name it.
        kind: one of ``KINDS``.
        names: by language.
        keep_days: from closing a case to its deletion; ``None`` for the installation's own.
    """

    id: str
    kind: str
    names: Mapping[str, str]
    keep_days: int | None = None

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

    def goes_to(self, *, exclude_receiving: bool) -> Office | None:
        """The office that gets the report; ``None`` when it is excluded without an alternate."""
        return self.alternate if exclude_receiving else self.office


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
    """

    def __init__(self, routes: Mapping[str, Route]) -> None:
        self._routes = dict(routes)

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
        return _Reader(path, entities).read()

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


class _Reader:
    """Turns the content file into routes, or says what to mend in it."""

    def __init__(self, path: Path, entities: Entities) -> None:
        self.path = path
        self.entities = entities
        self.offices: dict[str, Office] = {}
        self.routes: dict[str, Route] = {}

    def read(self) -> Routes:
        document = load_yaml(self.path)
        for part, add in (("offices", self._office), ("routes", self._route)):
            rows = document.get(part) if isinstance(document, Located) else None
            if not isinstance(rows, list) or not all(isinstance(row, Located) for row in rows):
                raise ContentError(self.path, 0, f"'{part}' is missing", "list them under it")
            for row in rows:
                add(row)
        for code in (UNKNOWN, *(entity.code for entity in self.entities)):
            if code not in self.routes:
                name = f"'{code}'" if code else "the unknown organization"
                raise ContentError(self.path, 0, f"{name} has no route", "add one")
        return Routes(self.routes)

    def _office(self, row: Located) -> None:
        self._only(row, _OFFICE_FIELDS)
        office_id, names = row.get("id"), row.get("name")
        if not isinstance(office_id, str) or not office_id:
            self._refuse(row, "id", "'id' is missing", "write a short name such as 'wfp-oig'")
        if office_id in self.offices:
            self._refuse(row, "id", f"'{office_id}' stands twice", "keep one of the two")
        if row.get("kind") not in KINDS:
            self._refuse(row, "kind", "'kind' is unknown", f"use one of {', '.join(KINDS)}")
        if not isinstance(names, Located) or not (names.get(BASE) and names.get("fr")):
            self._refuse(row, "name", "'name' is missing", "give it in English and French")
        keep = row.get("keep_days")
        if keep is not None and (type(keep) is not int or keep < 1):
            self._refuse(
                row, "keep_days", "'keep_days' is no number of days", "write one from 1 on"
            )
        self.offices[office_id] = Office(office_id, row["kind"], dict(names), keep)

    def _route(self, row: Located) -> None:
        self._only(row, _ROUTE_FIELDS)
        for field in _REQUIRED:
            if field not in row:
                self._refuse(row, field, f"'{field}' is missing", "add it, or write null")
        if row["confidence"] not in CONFIDENCES:
            remedy = f"use one of {', '.join(CONFIDENCES)}"
            self._refuse(row, "confidence", "'confidence' is unknown", remedy)
        if not isinstance(row["because"], str):
            self._refuse(row, "because", "'because' is no name", "name a sentence")
        self._dates(row)
        office = self._named(row, "office")
        if office is None:
            self._refuse(row, "office", "a route without an office", "name the receiving office")
        alternate = self._named(row, "alternate")
        if alternate == office:
            self._refuse(row, "alternate", "the alternate is the office", "name another office")
        for code in self._covered(row):
            if code in self.routes:
                self._refuse(row, "entities", f"'{code}' has two routes", "keep one of the two")
            self.routes[code] = Route(
                code=code,
                office=office,
                alternate=alternate,
                retaliation=self._named(row, "retaliation"),
                because=f"offices.because.{row['because']}",
                confidence=row["confidence"],
                source=row["source"],
                verified_on=row["verified_on"],
                expires_on=row["expires_on"],
                asks_host=row.get("asks_host") is True,
            )

    def _covered(self, row: Located) -> list[str]:
        """The codes of the organizations whose route this is."""
        codes = row.get("entities", [])
        if codes == "all":
            codes = [entity.code for entity in self.entities]
        for code in codes:
            if self.entities.get(code) is None:
                self._refuse(row, "entities", f"'{code}' is no entity", "use a code that exists")
        return ([UNKNOWN] if row.get("unknown") is True else []) + list(codes)

    def _dates(self, row: Located) -> None:
        verified, expires = row["verified_on"], row["expires_on"]
        for field in ("verified_on", "expires_on"):
            if row[field] is not None and type(row[field]) is not date:
                self._refuse(row, field, f"'{field}' is no date", "write it as 2026-11-30")
        if (verified is None) != (expires is None):
            problem = "'verified_on' and 'expires_on' belong together"
            self._refuse(row, "expires_on", problem, "give both, or null for both")
        if verified is not None and expires <= verified:
            remedy = "give a day after 'verified_on'"
            self._refuse(row, "expires_on", "it expires before it is verified", remedy)

    def _named(self, row: Located, field: str) -> Office | None:
        if row[field] is None:
            return None
        if row[field] not in self.offices:
            self._refuse(row, field, f"'{row[field]}' is no office", "list it under 'offices'")
        return self.offices[row[field]]

    def _only(self, row: Located, fields: set[str]) -> None:
        for field in sorted(row.keys() - fields):
            self._refuse(row, field, f"'{field}' is unknown", "remove it")

    def _refuse(self, row: Located, field: str, problem: str, remedy: str) -> NoReturn:
        raise ContentError(self.path, row.line_of(field), problem, remedy)
