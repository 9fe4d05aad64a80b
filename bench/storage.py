"""Does it cost the same with a thousand rows and with a million? Times, plans, sizes of indexes.

    python -m bench.storage [--rows 1000 1000000] [--runs 200] [--only sqlite] [--plans]

Of each size one database is filled on each engine. Then every piece of work is done in turn on the
smaller and the larger one, so that whatever else runs on the machine slows both alike; the medians
are compared. PostgreSQL runs here without syncing to disk, as the tests start it.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from bench.explain import recorded
from bench.filling import fill
from bench.hot import MEASURED, World
from bench.pages import keep
from bench.report import machine
from bench.running import tell
from tests.support import postgres

RUNS = 200
WARM_UP = 10

Times = dict[str, dict[int, float]]


@contextmanager
def addresses(engine: str, sizes: list[int]) -> Iterator[list[str]]:
    """An empty database for each size."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield [f"sqlite:///{Path(folder) / str(size)}.db" for size in sizes]
        return
    programs = postgres.server_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.server(programs) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            for size in sizes:
                connection.execute(f"CREATE DATABASE of_{size}".encode())
        yield [url.rsplit("/", 1)[0] + f"/of_{size}" for size in sizes]


def measure(worlds: dict[int, World], runs: int) -> Times:
    """The median milliseconds of each piece of work, by the size of the database."""
    found: Times = {}
    for name, work in MEASURED.items():
        times: dict[int, list[float]] = {size: [] for size in worlds}
        for run in range(WARM_UP + runs):
            for size, world in worlds.items():
                began = time.perf_counter()
                work(world)
                if run >= WARM_UP:
                    times[size].append((time.perf_counter() - began) * 1000)
        found[name] = {size: statistics.median(some) for size, some in times.items()}
        tell(f"  {name}: " + ", ".join(f"{ms:.2f} ms" for ms in found[name].values()))
    return found


def index_sizes(world: World) -> dict[str, float]:
    """Megabytes of each table and index."""
    if world.database.is_sqlite:
        query = "SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name"
    else:
        query = (
            "SELECT relname AS name, pg_relation_size(oid) AS bytes FROM pg_class"
            " WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"
        )
    try:
        with world.database.read() as connection:
            rows = connection.execute(text(query)).all()
    except Exception as error:  # SQLite can be built without dbstat
        tell(f"  sizes cannot be had: {type(error).__name__}")
        return {}
    sizes = {row.name: round(row.bytes / 2**20, 1) for row in rows}
    return {name: size for name, size in sorted(sizes.items(), key=lambda one: -one[1]) if size}


def plans(world: World) -> dict[str, list[dict[str, Any]]]:
    """How the largest database answers each piece of work, as it likes best."""
    found = {}
    for name, work in MEASURED.items():
        with recorded(as_if_large=False) as seen:
            work(world)
        found[name] = [{"statement": one.statement, "plan": list(one.lines)} for one in seen]
    return found


def table(engines: dict[str, Times], sizes: list[int]) -> str:
    """The comparison as a Markdown table."""
    few, many = min(sizes), max(sizes)
    head = "| |" + "".join(f" {e}: {few:,} | {many:,} | ratio |" for e in engines)
    lines = [head, "|---|" + "---:|" * 3 * len(engines)]
    for name in MEASURED:
        cells = []
        for times in engines.values():
            a, b = times[name][few], times[name][many]
            cells += [f"{a:.2f} ms", f"{b:.2f} ms", f"{b / a:.2f}"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def one_engine(engine: str, sizes: list[int], runs: int, *, show: bool) -> dict[str, Any]:
    """Fill, measure and look, on one engine."""
    with ExitStack() as ends:
        urls = ends.enter_context(addresses(engine, sizes))
        worlds = {}
        for size, url in zip(sizes, urls, strict=True):
            tell(f"Filling {engine} with {size:,} rows of each kind …")
            began = time.monotonic()
            worlds[size] = fill(url, size, lambda _line: None)
            ends.callback(worlds[size].database.close)
            tell(f"  {time.monotonic() - began:.0f} s")
        gc.collect()
        large = worlds[max(sizes)]
        found: dict[str, Any] = {"times": measure(worlds, runs), "megabytes": index_sizes(large)}
        found["plans"] = plans(large)
        if show:
            for name, some in found["plans"].items():
                tell(f"\n{engine}, {name}")
                for one in some:
                    tell(f"  {one['statement'][:150]}")
                    for line in one["plan"]:
                        tell(f"    {line}")
    return found


def main(argv: list[str] | None = None, out: Callable[[str], None] = print) -> int:
    """Measure, print, write.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(prog="bench.storage")
    parser.add_argument("--rows", type=int, nargs="+", default=[1000, 1_000_000])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--plans", action="store_true", help="print every plan")
    args = parser.parse_args(argv)
    about, began = machine(), time.monotonic()
    engines = [args.only] if args.only else ["sqlite", "postgres"]
    found = {e: one_engine(e, args.rows, args.runs, show=args.plans) for e in engines}
    said = [table({engine: one["times"] for engine, one in found.items()}, args.rows), ""]
    for engine, one in found.items():
        largest = ", ".join(f"{name} {size}" for name, size in list(one["megabytes"].items())[:12])
        said.append(f"- {engine}, megabytes: {largest}")
    said.append(f"- machine: {about}")
    out("\n".join(said))
    whole = {"machine": about, "rows": args.rows, "runs": args.runs, "engines": found}
    keep("storage", "\n".join(said), whole)
    tell(f"{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
