"""What a deployment for a whole organization needs, from what was measured here.

    python -m bench.cost && python -m bench.sizing

Takes the processor time of a message from ``bench.cost`` (run it first, on a quiet machine), lets
people come in a simulation (``bench.queueing``), and tells how many machines hold them.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, replace
from typing import Any

from bench.pages import keep, known
from bench.queueing import Errand, Found, Simulation
from bench.running import tell

#: What is assumed; each number can be argued about, so all stand in one table.
PEOPLE = 120_000
SHARE_OF_DAY = 0.05
HOURS = 8
PEAK = 3.0
SECONDS, WARM_UP = 900.0, 900.0

#: An answer within so many seconds, for 99 of 100 messages.
GOOD = 1.0

#: A message costs this much more on a machine that is full than on one that is not.
FULLNESS = 1.3

#: Milliseconds of a core for deriving a receipt (Argon2id with 64 MiB).
RECEIPT_MS = 200.0

#: What the survey's answer costs besides in the service: sealing it and 64 envelopes.
ANSWER_MS = 15.0

#: How many bytes a report with its notices takes, and an answer, and a conversation in Redis.
REPORT_KB, ANSWER_KB, CHAT_KB = 12.0, 4.0, 8.0

#: If nothing was measured on this machine: as docs/performance.md has it, before the last steps.
USUAL = {
    "policy": {"engine": 12.1, "service": 7.7},
    "survey": {"engine": 2.9, "service": 5.5},
    "report": {"engine": 7.6, "service": 20.9},
}


@dataclass(frozen=True, slots=True)
class Day:
    """One kind of day.

    Args:
        name: what the table calls it.
        arrivals: people in the busiest hour.
        shares: of policy, survey and report among them.
    """

    name: str
    arrivals: float
    shares: tuple[float, float, float]


def days() -> list[Day]:
    """The days that are looked at."""
    campaign = PEOPLE * SHARE_OF_DAY / HOURS * PEAK
    return [
        Day("an ordinary day (1 in 1,000)", PEOPLE * 0.001 / HOURS * PEAK, (0.7, 0.1, 0.2)),
        Day("a campaign day (5 in 100)", campaign, (0.28, 0.7, 0.02)),
        Day("the link is in everybody's mail", campaign * 4, (0.28, 0.7, 0.02)),
    ]


def errands(day: Day, cost: dict[str, Any]) -> list[Errand]:
    """What people come for on a day, with what each message costs."""

    def ms(errand: str, part: str) -> float:
        return float(cost[errand][part]) * FULLNESS

    policy, survey, report = (
        Errand(name, share, messages, think, ms(name, "service"), ms(name, "engine"))
        for (name, messages, think), share in zip(
            (("policy", 6, 25.0), ("survey", 42, 8.0), ("report", 17, 40.0)),
            day.shares,
            strict=True,
        )
    )
    # What the receipt costs is in the measured mean of a report already: it is put where it falls.
    each = max(1.0, report.service_ms - RECEIPT_MS / report.messages)
    report = replace(report, service_ms=each, last_ms=RECEIPT_MS)
    return [policy, replace(survey, last_ms=ANSWER_MS), report]


def fewest(day: Day, cost: dict[str, Any]) -> tuple[int, int, Found]:
    """The fewest service and engine processes, a core each, that answer well."""
    services = engines = 1
    while True:
        work = errands(day, cost)
        found = Simulation(work, services, engines, day.arrivals).run(SECONDS, WARM_UP)
        if found.p99 <= GOOD and max(found.service_use, found.engine_use) < 0.7:
            return services, engines, found
        if found.service_use >= found.engine_use:
            services += 1
        else:
            engines += 1


def table(results: list[tuple[Day, int, int, Found]]) -> str:
    """What each day needs, as Markdown."""
    lines = [
        "| day | people in the busiest hour | messages/s | chats open at once | service | engines |"
        " p50 | p99 | busy: service, engines |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for day, services, engines, found in results:
        lines.append(
            f"| {day.name} | {day.arrivals:,.0f} | {found.messages / SECONDS:.1f} |"
            f" {found.open_at_once:,} | {services} | {engines} | {found.p50 * 1000:.0f} ms |"
            f" {found.p99 * 1000:.0f} ms | {found.service_use:.0%}, {found.engine_use:.0%} |"
        )
    return "\n".join(lines)


def assumptions(cost: dict[str, Any], measured: bool) -> str:
    """Everything that goes in, as Markdown."""
    where = "measured here" if measured else "docs/performance.md, rough"
    rows = [
        ("people", f"{PEOPLE:,}"),
        ("of them on a campaign day", f"{SHARE_OF_DAY:.0%}, in {HOURS} hours"),
        ("busiest hour against the mean", f"{PEAK:g} times"),
        ("campaign: survey, policy, report", "70 %, 28 %, 2 %"),
        ("messages: policy, survey, report", "6, 42, 17"),
        ("seconds until the next message", "25, 8, 40; by chance"),
        *(
            (f"{name}: engine, service, a message", f"{one['engine']} ms, {one['service']} ms")
            for name, one in cost.items()
        ),
        ("where these come from", where),
        ("dearer on a full machine", f"{FULLNESS:g} times"),
        ("a receipt", f"{RECEIPT_MS:.0f} ms of a core"),
        ("well answered", f"99 of 100 within {GOOD:g} s; no process busier than 70 %"),
        ("a report, an answer, an open chat", f"{REPORT_KB:g}, {ANSWER_KB:g}, {CHAT_KB:g} kB"),
    ]
    return "\n".join(["| assumed | |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])


def storage() -> str:
    """What lies on disk after a campaign, as one sentence."""
    takers = PEOPLE * SHARE_OF_DAY * 5 * 0.7
    reports = PEOPLE * SHARE_OF_DAY * 5 * 0.02
    megabytes = (takers * ANSWER_KB + reports * REPORT_KB) / 1000
    return (
        f"A campaign of five such days leaves {takers:,.0f} answers and {reports:,.0f} reports: "
        f"about {megabytes:,.0f} MB."
    )


def main() -> int:
    """Simulate, print, keep.

    Returns:
        The exit code.
    """
    found = known("cost")
    measured = all(name in found for name in USUAL)
    cost = {name: found[name] for name in USUAL} if measured else USUAL
    results = []
    for day in days():
        services, engines, met = fewest(day, cost)
        tell(f"{day.name}: {services} service, {engines} engines, p99 {met.p99 * 1000:.0f} ms")
        results.append((day, services, engines, met))
    text = "\n\n".join([assumptions(cost, measured), table(results), storage()])
    print(text)
    rows = [
        asdict(d) | {"service": s, "engines": e} | {"found": asdict(f)} for d, s, e, f in results
    ]
    keep("sizing", text, {"cost": cost, "days": rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())
