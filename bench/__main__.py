"""``make bench``: both systems, one after the other, on this machine.

python -m bench [--quick | --full]
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import AbstractContextManager
from dataclasses import asdict

from bench import chart, plan, report
from bench.figures import EARLY, LATE, at_turns, by_turn, summarise
from bench.pages import keep
from bench.report import Figures
from bench.running import load, tell
from bench.systems import ROOT, BenchError, Started, ours, stock
from bench.training import Trained, our_model, stock_model

RESULT = ROOT / "bench" / "results" / "latest.json"
CHART = RESULT.with_suffix(".svg")


def measure(
    name: str, system: AbstractContextManager[Started], trained: Trained, wanted: plan.Plan
) -> Figures:
    """Start one system, measure it, and end it."""
    tell(f"Starting {name} …")
    with system as started:
        figures = Figures(started.seconds, trained.seconds, trained.size)
        figures.idle_bytes = started.memory()
        before = started.cpu_seconds()
        for run in wanted.runs(name, started.url):
            summary = summarise(load(run))
            figures.runs[f"{run.script}/{run.people}"] = summary
            tell(f"  {run.script}, {run.people} at once: {summary.per_second:.0f} messages/s")
        long = load(wanted.long_run(name, started.url))
        if name == "ours":
            for title, run in wanted.ours_alone(started.url).items():
                tell(f"  {title} …")
                figures.alone[title] = summarise(load(run))
        figures.by_turn = by_turn(long.samples)
        figures.early_ms = at_turns(long.samples, EARLY)
        figures.late_ms = at_turns(long.samples, LATE)
        figures.loaded_bytes = started.memory()
        figures.shared_bytes = started.fair_memory()
        used = {k: v - before.get(k, 0.0) for k, v in started.cpu_seconds().items()}
        figures.cpu_share = {k: v / (sum(used.values()) or 1.0) for k, v in used.items()}
    return figures


def _as_list(said: list[str]) -> list[str]:
    """A page shows the table, and after the empty line each line as an item."""
    at = said.index("")
    return [*said[: at + 1], *(f"- {line}" for line in said[at + 1 :])]


def main(argv: list[str] | None = None) -> int:
    """Measure, print, write.

    Returns:
        The exit code: 1 when a system could not be measured.
    """
    parser = argparse.ArgumentParser(prog="bench", description="Our system against stock Rasa")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="a rough look, 16 at once only")
    length.add_argument("--full", action="store_true", help="longer runs, 64 at once too")
    args = parser.parse_args(argv)
    wanted = plan.QUICK if args.quick else plan.FULL if args.full else plan.DEFAULT
    about = {"plan": asdict(wanted), "machine": report.machine()}
    begun = time.monotonic()
    try:
        mine, theirs = our_model(measure=not args.quick), stock_model()
        figures = {
            "ours": measure("ours", ours(), mine, wanted),
            "stock": measure("stock", stock(theirs.model), theirs, wanted),
        }
    except BenchError as error:
        tell(f"bench: {error}")
        return 1
    report.write(RESULT, figures, about)
    CHART.write_text(chart.svg(figures["ours"], figures["stock"]), encoding="utf-8")
    said = [report.table(figures["ours"], figures["stock"]), ""]
    said += [*report.alone(figures["ours"]), *report.trouble(figures)]
    for name, measured in figures.items():
        shares = ", ".join(f"{part} {share:.0%}" for part, share in measured.cpu_share.items())
        said.append(f"processor time, {name}: {shares}")
    said.append(f"machine: {about['machine']}")
    said.append("stock Rasa is trained with 40 and 20 epochs instead of 100, for time")
    print("\n".join(said))
    keep("stock", "\n".join(_as_list(said)), about)
    print(f"{time.monotonic() - begun:.0f} s; written to {RESULT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
