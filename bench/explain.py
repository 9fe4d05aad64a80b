"""What a database does to answer: the plan of every statement that a piece of work runs.

For the tests PostgreSQL's planner is forbidden what only pays for small tables (reading them from
end to end, hashing them, merging them), so that what is small now is planned as if it were large: a
scan that is left is one that no index can spare. SQLite plans by the indexes alone, whatever the
size.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

from vault.tables import metadata

#: Tables that hold a handful of rows for ever: reading all of them is the quickest way.
SMALL = frozenset({"rounds", "role_keys", "totals", "alembic_version"})

#: Indexes over the few rows that something is to be done about; reading all of one is meant.
PARTIAL = frozenset({"ix_cases_unread"})

_ONLY_SMALL = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
_EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass(frozen=True, slots=True)
class Plan:
    """How one statement is answered.

    Args:
        statement: as it was run, without its values.
        lines: the plan, as the database words it.
        scans: tables, or whole indexes, that are read from end to end.
        sorts: whether rows are sorted that an index could have had in order.
    """

    statement: str
    lines: tuple[str, ...]
    scans: tuple[str, ...]
    sorts: bool


@contextmanager
def recorded(*, as_if_large: bool = True) -> Iterator[list[Plan]]:
    """The plans of all statements that are run in the block, on any database, each once.

    Args:
        as_if_large: forbid what only pays for small tables; else as the planner likes best.
    """
    found: list[Plan] = []
    known: set[str] = set()

    def note(
        connection: Connection, _cursor: Any, statement: str, parameters: Any, _c: Any, many: bool
    ) -> None:
        plain = " ".join(statement.split())
        if plain in known or not plain.startswith(_EXPLAINED) or "pg_advisory" in plain:
            return
        known.add(plain)
        one = parameters[0] if many else parameters
        cursor = connection.connection.cursor()
        try:
            if connection.dialect.name == "sqlite":
                found.append(_sqlite(cursor, plain, statement, one))
            else:
                with _forbidden(cursor, _ONLY_SMALL if as_if_large else ()):
                    found.append(_postgres(cursor, plain, statement, one))
        finally:
            cursor.close()

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _sqlite(cursor: Any, plain: str, statement: str, parameters: Any) -> Plan:
    rows = cursor.execute("EXPLAIN QUERY PLAN " + statement, parameters).fetchall()
    lines = tuple(str(row[3]) for row in rows)
    sorts = any("ORDER BY" in line for line in lines)
    # The first of an order, read off the end of an index.
    first = " LIMIT " in plain and not sorts
    scans = []
    for line in lines:
        scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", line)
        if scan and not (scan[2] in PARTIAL or (scan[2] and first)) and _is_table(scan[1]):
            scans.append(line)
    return Plan(plain, lines, tuple(scans), sorts)


def _is_table(name: str) -> bool:
    return name in metadata.tables and name not in SMALL


@contextmanager
def _forbidden(cursor: Any, ways: Sequence[str]) -> Iterator[None]:
    for way in ways:
        cursor.execute(f"SET LOCAL {way} = off")
    try:
        yield
    finally:
        for way in ways:
            cursor.execute(f"SET LOCAL {way} = on")


def _postgres(cursor: Any, plain: str, statement: str, parameters: Any) -> Plan:
    cursor.execute("EXPLAIN (FORMAT JSON, COSTS OFF) " + statement, parameters)
    (answer,) = cursor.fetchone()
    top = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    nodes = list(_nodes(top, under_limit=False))
    lines = tuple(_line(node) for node, _ in nodes)
    scans = tuple(_line(node) for node, first in nodes if _scans(node, first))
    return Plan(plain, lines, scans, any(node["Node Type"] == "Sort" for node, _ in nodes))


def _nodes(node: dict[str, Any], *, under_limit: bool) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each step of a plan, and whether only its first rows are wanted."""
    yield node, under_limit
    kind = node["Node Type"]
    first = kind == "Limit" or (kind in ("LockRows", "Result") and under_limit)
    for child in node.get("Plans", ()):
        yield from _nodes(child, under_limit=first)


def _scans(node: dict[str, Any], first: bool) -> bool:
    kind, table = node["Node Type"], node.get("Relation Name")
    if kind == "Seq Scan":
        return table not in SMALL
    if kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan"):
        index = node["Index Name"]
        narrow = "Index Cond" in node or index in PARTIAL or first
        return not narrow and table not in SMALL
    return False


def _line(node: dict[str, Any]) -> str:
    words = [node["Node Type"]]
    if "Index Name" in node:
        words += ["using", node["Index Name"]]
    if "Relation Name" in node:
        words += ["on", node["Relation Name"]]
    for name in ("Index Cond", "Filter"):
        if name in node:
            words.append(f"({name}: {node[name]})")
    return " ".join(words)
