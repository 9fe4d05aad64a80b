"""How far an office has come in being onboarded: a test report sent, opened, live."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, insert, select, update

from vault.database import Database
from vault.tables import onboarding


class Onboarding:
    """Where the state of onboarding is kept."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin(self, office: str, case_id: str) -> None:
        """A test report was sent to an office; an earlier one is forgotten."""
        with self._db.write() as connection:
            connection.execute(delete(onboarding).where(onboarding.c.office == office))
            connection.execute(insert(onboarding).values(office=office, case_id=case_id))

    def test_report(self, office: str) -> str | None:
        """The case id of the office's test report."""
        with self._db.read() as connection:
            query = select(onboarding.c.case_id).where(onboarding.c.office == office)
            case_id: str | None = connection.execute(query).scalar_one_or_none()
            return case_id

    def go_live(self, office: str, on: date) -> None:
        """Its people have opened the test report, which goes."""
        change = update(onboarding).where(onboarding.c.office == office)
        with self._db.write() as connection:
            connection.execute(change.values(live_on=on, case_id=None))

    def live(self) -> dict[str, date]:
        """Since when offices are live."""
        query = select(onboarding).where(onboarding.c.live_on.is_not(None))
        with self._db.read() as connection:
            return {row.office: row.live_on for row in connection.execute(query)}
