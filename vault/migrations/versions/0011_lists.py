"""Where a case stands in the lists of its offices, so that a page of a list is looked up.

Triggers keep the places right, whoever writes: also a replica of the version before, which knows
nothing of them while the versions change.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COLUMNS = ("listed", "listed_new", "listed_closed")

#: See ``vault.stores.listing``: since when somebody waits, what is new, the newest day, the case.
_PLACE = """
CASE WHEN c.status <> 'closed' OR c.unread_by_focal_point THEN coalesce(
  (SELECT replace(CAST(min(e.entered_on) AS TEXT), '-', '') FROM case_entries AS e
   WHERE e.case_id = c.case_id AND e.author = 'reporter' AND e.number > coalesce(
     (SELECT max(r.number) FROM case_entries AS r
      WHERE r.case_id = c.case_id AND r.author = 'focal_point' AND r.purpose = 'reply'), -1)
  ), '99999999') ELSE '99999999' END
|| CASE WHEN c.unread_by_focal_point THEN '0' ELSE '1' END
|| CAST(99999999 - CAST(replace(CAST(c.opened_on AS TEXT), '-', '') AS INTEGER) AS TEXT)
|| c.case_id
"""

_SET = f"""
UPDATE case_offices SET listed = k.place,
  listed_new = CASE WHEN k.unread THEN k.place END,
  listed_closed = CASE WHEN k.status = 'closed' THEN k.place END
FROM (SELECT c.case_id AS case_id, c.status AS status, c.unread_by_focal_point AS unread,
      {_PLACE} AS place FROM cases AS c) AS k
WHERE k.case_id = case_offices.case_id
"""  # noqa: S608 (ours)

_OFTEN = (
    ("cases", "UPDATE OF status, unread_by_focal_point", "TRUE"),
    ("case_offices", "INSERT", "TRUE"),
    ("case_entries", "INSERT", "NEW.purpose <> 'note'"),
)


#: In whatever form this PostgreSQL writes its dates.
_DAYS = {
    f"CAST({day} AS TEXT)": f"to_char({day}, 'YYYY-MM-DD')"
    for day in ("min(e.entered_on)", "c.opened_on")
}


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    places = _SET
    if not sqlite:
        # Nobody may write between the filling and the triggers; in the order in which writers
        # take them, so that nobody waits in a circle.
        op.execute("LOCK TABLE cases, case_entries, case_offices IN SHARE ROW EXCLUSIVE MODE")
        for cast, written in _DAYS.items():
            places = places.replace(cast, written)
    kind = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    for name in _COLUMNS:
        op.add_column("case_offices", sa.Column(name, kind, nullable=True))
    op.execute(places)
    for name in _COLUMNS:
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_case_offices_{name}",
            "case_offices",
            ["office", name],
            sqlite_where=there,
            postgresql_where=there,
        )
    body = f"{places} AND case_offices.case_id = NEW.case_id AND k.case_id = NEW.case_id;"
    if sqlite:
        for table, event, when in _OFTEN:
            op.execute(
                f"CREATE TRIGGER place_{table} AFTER {event} ON {table}"
                f" FOR EACH ROW WHEN {when} BEGIN {body} END"
            )
        return
    op.execute(
        "CREATE FUNCTION place_in_lists() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {body} RETURN NULL; END $$"
    )
    for table, event, when in _OFTEN:
        op.execute(
            f"CREATE TRIGGER place_{table} AFTER {event} ON {table}"
            f" FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION place_in_lists()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, _event, _when in _OFTEN:
        op.execute(f"DROP TRIGGER place_{table}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        op.execute("DROP FUNCTION place_in_lists()")
    for name in reversed(_COLUMNS):
        op.drop_index(f"ix_case_offices_{name}", "case_offices")
        op.drop_column("case_offices", name)
