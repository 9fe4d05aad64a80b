"""The trail: who did what with which case, on which day. Never what was in it.

Each entry carries the link of the one before it, and its own link is a keyed hash (HMAC-SHA-256)
over both. Whoever changes, drops or inserts an entry breaks the chain, unless she has the server's
secret as well. Who has database and secret could write the whole chain anew, and who has the
database could cut off its end: against both, the owner notes the newest link now and then, and
``verify`` is told it.

Beside an entry stands whose owners must not see it, since the case goes around their office: as
keyed hashes, because it stays when the case has gone, and would tell whom the report was about.
It is decided when the entry is written and never again, or what an owner has noted would change.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, Row, insert, select

from vault.database import Database, Lock
from vault.encoding import to_text
from vault.stores.exclusions import closed_to_offices
from vault.stores.owners import owner_of
from vault.tables import audit, case_exclusions

Action = Literal[
    "read",
    "reply",
    "note",
    "status",
    "hand-over",
    "step-aside",
    "escalate",
    "hold",
    "unhold",
    "delete",
    "refuse-deletion",
    "remove-account",
    "second-factor-on",
    "second-factor-off",
    "second-factor-reset",
    "lock-second-factor",
    "notices",
    "recover",
    "release",
    "invite",
    "trail",
]

#: What the first entry names as the one before it.
START = "begin"


@dataclass(frozen=True, slots=True)
class Trace:
    """One entry of the trail.

    Args:
        number: counted from 1.
        link: its hash, which the next entry carries.
        on: the day.
        who: the account's name; ``service`` or ``operator`` where no focal point did it.
        action: what was done.
        offices: whose case it was, the receiving office first.
        case_id: which case; the id is random and leads nowhere once the case is deleted.
    """

    number: int
    link: str
    on: date
    who: str
    action: str
    offices: tuple[str, ...]
    case_id: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the trail is whole.

    Args:
        entries: how many there are.
        broken_at: the number of the first entry that does not fit; ``None`` when all do.
        newest: the newest link; to be noted elsewhere.
        noted_found: whether the link that was noted earlier is in the chain; ``None`` if none
            was given.
    """

    entries: int
    broken_at: int | None
    newest: str
    noted_found: bool | None

    @property
    def whole(self) -> bool:
        """Nothing was changed, dropped or inserted, as far as this can be known."""
        return self.broken_at is None and self.noted_found is not False


class AuditTrail:
    """Where the trail is kept.

    Args:
        key: the server's secret for it (:attr:`vault.secrets.Secrets.audit`).
    """

    def __init__(self, db: Database, key: bytes) -> None:
        self._db = db
        self._key = key

    def add(self, on: date, who: str, action: Action, offices: Iterable[str], case_id: str) -> None:
        """Write an entry; that somebody reads a case, or the trail, is written once a day.

        Args:
            on: the day.
            who: the account's name.
            action: what was done.
            offices: whose case it is.
            case_id: which case; empty where it is about none.
        """
        with self._db.write(Lock.AUDIT) as connection:
            self.append(connection, on, who, action, offices, case_id)

    def append(
        self,
        connection: Connection,
        on: date,
        who: str,
        action: Action,
        offices: Iterable[str],
        case_id: str,
    ) -> None:
        """The same inside a transaction that holds ``Lock.AUDIT``."""
        if action in ("read", "trail") and _today(connection, on, who, action, case_id):
            return
        newest = select(audit.c.number, audit.c.link).order_by(audit.c.number.desc()).limit(1)
        last = connection.execute(newest).first()
        number, previous = (last.number + 1, last.link) if last else (1, START)
        trace = Trace(number, "", on, who, action, tuple(offices), case_id)
        row = {
            "link": self._link(previous, trace),
            "number": number,
            "previous": previous,
            "done_on": on,
            "who": who,
            "action": action,
            "offices": " ".join(trace.offices),
            "case_id": case_id,
            "closed": self._closed(connection, case_id),
        }
        connection.execute(insert(audit).values(row))

    def entries(self, office: str | None = None, for_owner_of: Iterable[str] = ()) -> list[Trace]:
        """The trail, the oldest first.

        Args:
            office: only what it and its owners did.
            for_owner_of: without the cases that one of these offices was shut out of when the
                entry was written. Whoever owns it is the same person when she looks at the trail
                of another one.
        """
        owned = tuple(for_owner_of)
        closed = closed_to_offices(owned)
        with self._db.read() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.number)).all()
            unseen = frozenset(connection.execute(closed).scalars())
        found = [
            Trace(
                row.number,
                row.link,
                row.done_on,
                row.who,
                row.action,
                tuple(row.offices.split()),
                row.case_id,
            )
            for row in rows
            # Nothing stands beside what was written before that was kept: the case says it there.
            if not (row.case_id in unseen if row.closed is None else self._hidden(row, owned))
        ]
        if office is None:
            return found
        return [one for one in found if not {office, owner_of(office)}.isdisjoint(one.offices)]

    def verify(self, noted: str | None = None) -> Verdict:
        """Check every link.

        Args:
            noted: a link that was the newest one at some time.
        """
        previous, broken = START, None
        found = self.entries()
        for at, trace in enumerate(found, 1):
            if trace.number != at or not hmac.compare_digest(
                trace.link, self._link(previous, trace)
            ):
                broken = at
                break
            previous = trace.link
        known = None if noted is None else noted in {trace.link for trace in found}
        return Verdict(len(found), broken, found[-1].link if found else START, known)

    def _closed(self, connection: Connection, case_id: str) -> str:
        """Whose owners are not shown an entry about a case; as before, if it has gone."""
        if not case_id:
            return ""
        named = case_exclusions.c.case_id == case_id, case_exclusions.c.kind == "office"
        offices = connection.execute(select(case_exclusions.c.name).where(*named)).scalars()
        query = select(audit.c.closed).where(audit.c.case_id == case_id)
        before = connection.execute(query.order_by(audit.c.number.desc()).limit(1)).scalar()
        tags = {self._tag(case_id, office) for office in offices} | set((before or "").split())
        return " ".join(sorted(tags))

    def _hidden(self, row: Row[tuple[object, ...]], owned: Iterable[str]) -> bool:
        tags = row.closed.split()
        return bool(tags) and any(self._tag(row.case_id, one) in tags for one in owned)

    def _tag(self, case_id: str, office: str) -> str:
        said = f"closed/{case_id}/{office}".encode()
        return to_text(hmac.digest(self._key, said, "sha256"))[:16]

    def _link(self, previous: str, trace: Trace) -> str:
        fields = (
            previous,
            str(trace.number),
            trace.on.isoformat(),
            trace.who,
            trace.action,
            " ".join(trace.offices),
            trace.case_id,
        )
        # Each with its length before it, so that no two entries read alike.
        said = "".join(f"{len(field)}:{field}" for field in fields)
        return to_text(hmac.digest(self._key, said.encode(), "sha256"))[:32]


def _today(connection: Connection, on: date, who: str, action: str, case_id: str) -> bool:
    same = select(audit.c.link).where(
        audit.c.done_on == on,
        audit.c.who == who,
        audit.c.action == action,
        audit.c.case_id == case_id,
    )
    return connection.execute(same).first() is not None
