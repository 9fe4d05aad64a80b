"""More than one machine: replicas that share PostgreSQL and Redis, behind a proxy.

    python -m bench.replicas [engines | replicas | kill | upgrade] [--light] [--seconds 15]

``engines``: how many turns one and two engines do, asked directly, with actions that cost nothing.
``replicas``: messages a second with 1, 2 and 4 replicas, each with an engine of its own.
``kill``: a replica is killed in the middle; nothing that was acknowledged may be lost.
``upgrade``: a newer version with a change of the tables takes over, replica by replica.
Without a name, all of them. Each exits with 1 when something was lost.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import engines, plan
from bench.cluster import Cluster, running
from bench.figures import summarise
from bench.losing import Crowd, Person, Told, stored
from bench.pages import keep, known
from bench.report import machine
from bench.running import load, tell
from bench.scripts import Say
from bench.systems import ROOT, BenchError

#: Open conversations whose last answer must still be known after a replica was killed.
OPEN = 40

PEOPLE = 6

_NEWER = '''"""Something new that the version before does not know, and need not know."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("newer", sa.Text(), nullable=True))
    op.create_index("ix_cases_newer", "cases", ["newer"])


def downgrade() -> None:
    op.drop_index("ix_cases_newer", "cases")
    op.drop_column("cases", "newer")
'''


def throughput(seconds: float, counts: tuple[int, ...] = (1, 2, 4)) -> dict[str, Any]:
    """Messages a second through the proxy, by the number of replicas and by errand."""
    found: dict[str, Any] = {}
    with running(max(counts)) as cluster:
        for count in counts:
            while len(cluster.replicas) < count:
                cluster.start().wait()
            for errand in plan.ERRANDS:
                run = plan.Run("ours", cluster.url, errand, 16, 2.0, seconds)
                summary = summarise(load(run))
                found[f"{errand}/{count}"] = asdict(summary)
                tell(f"  {count} replicas, {errand}: {summary.per_second:.1f} messages/s")
    return found


def kill(seconds: float, *, light: bool) -> dict[str, Any]:
    """Kill one of two replicas while people talk; count what is left."""
    with running(2, light=light) as cluster:
        first, second = cluster.start(), None
        first.wait()
        second = cluster.start()
        second.wait()
        waiting = [_opened(cluster.url) for _ in range(OPEN)]
        with Crowd(cluster.url, PEOPLE, pause=0.02) as crowd:
            time.sleep(seconds / 2)
            first.kill()
            tell("  one of two replicas was killed")
            known = [person.still_knows() for person in waiting]
            time.sleep(seconds / 2)
        going_on = [bool(person.say(Say(choice="menu:survey"))) for person in waiting]
        found = _count(cluster, crowd.told)
    lost = known.count(False) + going_on.count(False)
    return found | {"open": OPEN, "open_lost": lost, "lost": found["lost"] + lost}


def upgrade(seconds: float, *, light: bool) -> dict[str, Any]:
    """Replace two replicas by newer ones, one after the other, while people talk."""
    with tempfile.TemporaryDirectory() as folder, running(4, light=light) as cluster:
        newer = _newer_version(Path(folder))
        old = []
        for _ in range(2):
            old.append(cluster.start())
            old[-1].wait()
        with Crowd(cluster.url, PEOPLE, pause=0.02) as crowd:
            time.sleep(seconds / 3)
            for replica in old:
                cluster.start(newer).wait()
                tell("  a newer replica is ready beside the old one")
                time.sleep(seconds / 3)
                replica.stop()
            time.sleep(seconds / 3)
        return _count(cluster, crowd.told)


def _opened(url: str) -> Person:
    person = Person(url, Told())
    person.begin()
    person.say(Say(choice="menu:start"))
    return person


def _newer_version(folder: Path) -> Path:
    """A copy of the program with one more migration, which the present version can live with."""
    root = folder / "newer"
    ignored = shutil.ignore_patterns("__pycache__")
    root.mkdir()
    for name in ("actions", "bot", "catalogue", "content", "data", "inbox", "policy", "reports",
                 "requirements", "service", "survey", "tests", "vault", "web"):  # fmt: skip
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in ("config.yml", "domain.yml", "credentials.yml", "endpoints.yml"):
        shutil.copy(ROOT / name, root / name)
    for name in (".venv", "models"):
        (root / name).symlink_to(ROOT / name)
    versions = root / "vault" / "migrations" / "versions"
    head = max(path.name[:4] for path in versions.glob("0*.py"))
    (versions / "9999_newer.py").write_text(_NEWER.format(head=head), encoding="utf-8")
    return root


def _count(cluster: Cluster, told: Told) -> dict[str, Any]:
    """Compare what people were told with what is there."""
    found = stored(cluster.env["SPEAKSAFE_DATABASE_URL"], cluster.folder, told.receipts)
    return {
        "acknowledged": told.acknowledged,
        "sent_again": told.tries,
        "slowest_s": round(told.slowest, 1),
        "reports": len(told.receipts),
        "reports_stored": found.reports,
        "answers": told.answers,
        "answers_stored": found.answers,
        "asked_again": told.asked_again,
        "astray": told.astray,
        "lost": found.lost + max(0, told.answers - found.answers) + len(told.astray),
        "twice": max(0, found.reports - len(told.receipts)) + max(0, found.answers - told.answers),
    }


def _lines(found: dict[str, Any]) -> list[str]:
    lines = []
    for name, one in found.items():
        if name == "engines":
            for errand, by_count in one.items():
                gain = by_count["2"]["per_second"] / by_count["1"]["per_second"]
                rates = ", ".join(f"{n}: {r['per_second']:.0f}/s" for n, r in by_count.items())
                lines.append(f"engines, {errand}: {rates}; two do {gain:.2f} times as many")
        elif name == "replicas":
            lines += [f"replicas, {k}: {v['per_second']:.1f} messages/s" for k, v in one.items()]
        else:
            lines.append(
                f"{name}: {one['acknowledged']} messages answered, {one['sent_again']} sent again, "
                f"slowest {one['slowest_s']} s; {one['reports']} reports and {one['answers']} "
                f"answers acknowledged, {one['reports_stored']} and {one['answers_stored']} stored;"
                f" lost: {one['lost']}, twice: {one['twice']}, asked again: {one['asked_again']}"
            )
            lines += [f"  astray: {what}" for what in one["astray"]]
    return lines


def main(argv: list[str] | None = None) -> int:
    """Measure, print, write.

    Returns:
        The exit code: 1 when something was lost or nothing could be measured.
    """
    parser = argparse.ArgumentParser(prog="bench.replicas")
    parser.add_argument("what", nargs="*", help="engines, replicas, kill, upgrade")
    parser.add_argument("--light", action="store_true", help="without machine learning")
    parser.add_argument("--seconds", type=float, default=15.0)
    args = parser.parse_args(argv)
    work: dict[str, Callable[[], dict[str, Any]]] = {
        "engines": lambda: engines.measure(args.seconds),
        "replicas": lambda: throughput(args.seconds),
        "kill": lambda: kill(args.seconds, light=args.light),
        "upgrade": lambda: upgrade(args.seconds, light=args.light),
    }
    if unknown := set(args.what) - work.keys():
        parser.error(f"{', '.join(unknown)}: use {', '.join(work)}")
    before = known("replicas")
    found: dict[str, Any] = {}
    try:
        for name in args.what or work:
            tell(f"{name} …")
            found[name] = work[name]()
    except BenchError as error:
        tell(f"bench.replicas: {error}")
        return 1
    print("\n".join(_lines(found)))
    both = before | found
    whole = {name: both[name] for name in work if name in both}
    lines = [f"- {line}" for line in [*_lines(whole), f"machine: {machine()}"]]
    keep("replicas", "\n".join(lines), whole)
    return 1 if any(one.get("lost") for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
