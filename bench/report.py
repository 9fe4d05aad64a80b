"""The results as a table to read and as JSON to compare."""

from __future__ import annotations

import argparse
import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.figures import Summary, ratio
from bench.pages import put_into


@dataclass(slots=True)
class Figures:
    """Everything that was measured of one system.

    Args:
        start_seconds: until it was ready.
        train_seconds: of its model; ``None`` if it was not measured.
        model_bytes: of the trained archive.
        idle_bytes: resident memory of all its processes, ready and unused.
        loaded_bytes: the same after all runs.
        shared_bytes: memory after all runs, what several processes share counted once.
        early_ms: median time around turn 10 of one conversation.
        late_ms: median time around turn 150.
        runs: by errand and number of people, e.g. ``policy/16``.
        alone: runs that the other system did not make, by name.
        by_turn: median time of each ten turns of a long conversation, with the last turn.
        cpu_share: processor time of its parts during the runs, as shares of the whole.
    """

    start_seconds: float
    train_seconds: float | None
    model_bytes: int
    idle_bytes: int = 0
    loaded_bytes: int = 0
    shared_bytes: int = 0
    early_ms: float | None = None
    late_ms: float | None = None
    runs: dict[str, Summary] = field(default_factory=dict)
    alone: dict[str, Summary] = field(default_factory=dict)
    by_turn: list[tuple[int, float]] = field(default_factory=list)
    cpu_share: dict[str, float] = field(default_factory=dict)


Row = tuple[str, float | None, float | None]


def rows(ours: Figures, stock: Figures) -> list[Row]:
    """What is compared: its name and unit, ours, stock."""
    found: list[Row] = []
    for name in [name for name in ours.runs if name in stock.runs]:
        errand, people = name.split("/")
        a, b = ours.runs[name], stock.runs[name]
        label = f"{errand}, {people} at once"
        found.append((f"{label}: messages/s", a.per_second, b.per_second))
        found += [(f"{label}: {p} ms", getattr(a, p), getattr(b, p)) for p in ("p50", "p95", "p99")]
    mega = 1024 * 1024
    found += [
        ("turn 10 of one conversation: ms", ours.early_ms, stock.early_ms),
        ("turn 150 of one conversation: ms", ours.late_ms, stock.late_ms),
        (
            "turn 150 / turn 10",
            ratio(ours.late_ms, ours.early_ms),
            ratio(stock.late_ms, stock.early_ms),
        ),
        ("memory when ready: MB", ours.idle_bytes / mega, stock.idle_bytes / mega),
        ("memory after the load: MB", ours.loaded_bytes / mega, stock.loaded_bytes / mega),
        (
            "memory after the load, what is shared counted once: MB",
            ours.shared_bytes / mega,
            stock.shared_bytes / mega,
        ),
        ("start: s", ours.start_seconds, stock.start_seconds),
        ("training: s", ours.train_seconds, stock.train_seconds),
        ("model: MB", ours.model_bytes / mega, stock.model_bytes / mega),
    ]
    return found


def table(ours: Figures, stock: Figures) -> str:
    """The comparison as a Markdown table."""
    lines = [
        "| | ours | stock Rasa | ours / stock |",
        "|---|---:|---:|---:|",
        *(
            f"| {name} | {_n(a)} | {_n(b)} | {_n(ratio(a, b), 2)} |"
            for name, a, b in rows(ours, stock)
        ),
    ]
    return "\n".join(lines)


def alone(figures: Figures) -> list[str]:
    """One line for each run that has nothing to be compared with."""
    return [
        f"{name}: {run.per_second:.0f} messages/s, p50 {_n(run.p50)} ms, p99 {_n(run.p99)} ms, "
        f"{run.messages} answered, {run.refused} told to come again, {run.failed} failed"
        for name, run in figures.alone.items()
    ]


def trouble(figures: dict[str, Figures]) -> list[str]:
    """One line for each run in which something failed or went astray."""
    return [
        f"{system}, {name}: {run.failed} messages failed, {run.astray} conversations went astray"
        for system, measured in figures.items()
        for name, run in (measured.runs | measured.alone).items()
        if run.failed or run.astray
    ]


def machine() -> dict[str, Any]:
    """What it was measured on, and how busy that was before."""
    return {
        "processors": os.cpu_count(),
        "kind": platform.machine(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def write(path: Path, figures: dict[str, Figures], about: dict[str, Any]) -> None:
    """Write everything as JSON.

    Args:
        path: its folder is made.
        figures: by system, ``ours`` and ``stock``.
        about: the plan and the machine.
    """
    ratios = {name: ratio(a, b) for name, a, b in rows(figures["ours"], figures["stock"])}
    whole = about | {"systems": {k: asdict(v) for k, v in figures.items()}, "ratios": ratios}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def _n(value: float | None, digits: int | None = None) -> str:
    if value is None:
        return "–"
    if digits is None:
        digits = 1 if abs(value) < 100 else 0
    return f"{value:,.{digits}f}"


def main(argv: list[str] | None = None) -> None:
    """Put what was measured here into a page: ``python -m bench.report --into PAGE``."""
    parser = argparse.ArgumentParser(prog="bench.report")
    parser.add_argument("--into", type=Path, required=True, help="a page with marked places")
    args = parser.parse_args(argv)
    print("written: " + (", ".join(put_into(args.into)) or "nothing; run the benchmarks first"))


if __name__ == "__main__":
    main()
