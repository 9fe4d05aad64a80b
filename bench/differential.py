"""Do the stock and the tuned engine answer the same? Every event and message is compared.

    python -m bench.differential [--count 1000]

Both play the same conversations (``bench.recorded``) with the same actions; then each turn's
answer, the events of the conversation and what the action was told must be the same.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from itertools import zip_longest
from pathlib import Path

from bench.recorded import COUNT, ROOT
from bench.training import our_model
from service.engine_process import ENGINE_PYTHON, environment


def play(model: Path, count: int, out: Path, *, plain: str) -> tuple[str, float]:
    """Let one engine play.

    Args:
        model: the trained model.
        count: how many conversations.
        out: where it writes what happened, a line for each turn.
        plain: steps of ``bot.rasa.fast`` to leave out.

    Returns:
        The steps that it had, and the seconds that it took.

    Raises:
        CalledProcessError: it failed.
    """
    begun = time.monotonic()
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-m", "tests.engine.play", str(model), str(count), str(out)],
        cwd=ROOT,
        env=environment() | {"SPEAKSAFE_ENGINE_PLAIN": plain},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return done.stdout.strip(), time.monotonic() - begun


def different(one: Path, other: Path) -> tuple[int, list[int]]:
    """How many turns there are, and which of them differ, by their number."""
    with one.open(encoding="utf-8") as left, other.open(encoding="utf-8") as right:
        turns = [a == b for a, b in zip_longest(left, right)]
    return len(turns), [number for number, same in enumerate(turns) if not same]


def main(argv: list[str] | None = None) -> int:
    """Play, compare, tell.

    Returns:
        The exit code: 1 when anything differs.
    """
    parser = argparse.ArgumentParser(prog="bench.differential")
    parser.add_argument("--count", type=int, default=COUNT)
    args = parser.parse_args(argv)
    model = our_model(measure=False).model
    with tempfile.TemporaryDirectory() as folder:
        stock, tuned = Path(folder) / "stock", Path(folder) / "tuned"
        steps, quick = play(model, args.count, tuned, plain="")
        none, slow = play(model, args.count, stock, plain="all")
        turns, wrong = different(stock, tuned)
    print(f"stock: {none}, {slow:.0f} s; tuned: {steps}, {quick:.0f} s")
    print(f"{args.count} conversations, {turns} turns, {len(wrong)} different")
    if wrong:
        print(f"the first: turns {wrong[:10]}")
    return 1 if wrong or not turns or none == steps else 0


if __name__ == "__main__":
    sys.exit(main())
