"""Reading ``content/routes.yml``; what is wrong in it is told with its line and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NoReturn

from catalogue import ContentError, Located, load_yaml
from catalogue.messages import BASE
from reports.entities import Entities
from reports.route import CONFIDENCES, KINDS, LEVELS, UNKNOWN, UNKNOWN_LEVEL, Office, Route

_OFFICE_FIELDS = {"id", "kind", "level", "name", "keep_days", "second_factor"}
_REQUIRED = (
    *("because", "office", "alternate", "retaliation"),
    *("confidence", "source", "verified_on", "expires_on"),
)
_ROUTE_FIELDS = {*_REQUIRED, "entities", "unknown", "asks_host"}


class RoutesFile:
    """Turns the content file into routes, or says what to mend in it.

    Args:
        path: the file.
        entities: the organizations, each of which must have one route.
    """

    def __init__(self, path: Path, entities: Entities) -> None:
        self.path = path
        self.entities = entities
        self.offices: dict[str, Office] = {}
        self.routes: dict[str, Route] = {}

    def read(self) -> dict[str, Route]:
        """The routes by the code of their organization.

        Raises:
            ContentError: a field is missing, wrong or unknown, an organization has no route or
                two, or an office is named that is not listed.
        """
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
        return self.routes

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
        second = row.get("second_factor", "optional")
        if second not in ("optional", "required"):
            problem = "'second_factor' is neither of the two"
            self._refuse(row, "second_factor", problem, "use optional or required")
        level = row.get("level", UNKNOWN_LEVEL)
        if level not in (*LEVELS, UNKNOWN_LEVEL):
            remedy = f"use one of {', '.join(LEVELS)}, or {UNKNOWN_LEVEL}"
            self._refuse(row, "level", "'level' is none", remedy)
        self.offices[office_id] = Office(
            office_id, row["kind"], dict(names), keep, second == "required", level
        )

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
                line=row.line_of("office"),
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
