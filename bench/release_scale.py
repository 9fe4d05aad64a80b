"""How long a release takes, and how much memory: ``python -m bench.release_scale 100000``.

Seals synthetic answers into a bundle, then runs ``speaksafe release`` on it as anybody would, in a
process of its own. Nothing of the time for making the bundle is counted.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from survey.desk import to_bytes
from survey.instrument import load_all
from tests.survey.people import synthetic
from vault import keyfiles
from vault.sealing import Context, seal

ROOT = Path(__file__).resolve().parents[1]
#: Different answers; beyond that they repeat, each sealed anew.
_DIFFERENT = 5_000


def main() -> None:
    """Measure one release of as many answers as the first word says."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = _bundle(folder, count)
        began = time.monotonic()
        command = [sys.executable, "-m", "service.cli", "release", "--bundle", str(bundle)]
        command += ["--key", str(folder / "tf.key"), "--out", str(folder / "out")]
        subprocess.run(
            command, cwd=ROOT, check=True, env=os.environ | {"SPEAKSAFE_DATA_DIR": str(folder)}
        )
        seconds = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {
        "answers": count,
        "seconds": round(seconds, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "memory_mb": round(used.ru_maxrss / 1024),
    }
    print(json.dumps(figures))


def _bundle(folder: Path, count: int) -> Path:
    instrument = next(iter(load_all(ROOT / "content").values()))
    key = keyfiles.new(folder / "tf.key", "task-force")
    documents = [to_bytes(d) for d in synthetic(instrument, min(count, _DIFFERENT))]
    chance, context = random.Random(1), Context("answer", "r1")
    path = folder / "r1.bundle"
    head = {
        "round_id": "r1", "number": 1, "instrument": instrument.ref, "admission": "open",
        "task_force": key.public.to_text(), "opened": "2026-01", "closed": "2026-02",
        "answers": count,
    }  # fmt: skip
    with path.open("wb") as file:
        file.write(b'{"speaksafe_bundle":2}\n' + json.dumps(head).encode() + b"\n")
        for _ in range(count):
            file.write(seal(chance.choice(documents), [key.public], context) + b"\n")
    return path


if __name__ == "__main__":
    main()
