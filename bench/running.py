"""Running the load generator, and telling how far it is."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict

from bench import plan
from bench.figures import Load, Sample
from bench.systems import ROOT


def tell(line: str) -> None:
    """Show progress, apart from the results."""
    print(line, file=sys.stderr, flush=True)


def load(run: plan.Run) -> Load:
    """One run of the load generator, in its own process."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.people", json.dumps(asdict(run))],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(done.stdout)
    samples = tuple(Sample(**sample) for sample in found.pop("samples"))
    return Load(samples=samples, **found)
