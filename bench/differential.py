"""Do the stock and the tuned engine answer the same? Every event and message is compared.

    python -m bench.differential [--count 1000]

Both play the same conversations (``bench.recorded``) with the same actions; then each turn's
answer, the events of the conversation and what the action was told must be the same.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path

from bench.pages import keep
from bench.recorded import COUNT, ROOT
from bench.running import tell
from bench.training import our_model
from service.engine_process import ENGINE_PYTHON, environment


def play(
    model: Path, count: int, out: Path, *, plain: str, share: str = "1/1"
) -> tuple[str, float]:
    """Let one engine play.

    Args:
        model: the trained model.
        count: how many conversations.
        out: where it writes what happened, a line for each turn.
        plain: steps of ``bot.rasa.fast`` to leave out.
        share: ``2/3`` is the second of three parts of the conversations.

    Returns:
        The steps that it had, and the seconds that it took.

    Raises:
        CalledProcessError: it failed.
    """
    begun = time.monotonic()
    process = subprocess.Popen(
        [str(ENGINE_PYTHON), "-m", "tests.engine.play", str(model), str(count), str(out), share],
        cwd=ROOT,
        env=environment() | {"SPEAKSAFE_ENGINE_PLAIN": plain},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    name = f"stock {share}" if plain else "tuned"
    with process:
        assert process.stdout and process.stderr
        for line in process.stderr:
            if line.strip().isdecimal():  # all else is the engine's own talk
                seconds = time.monotonic() - begun
                tell(f"  {name}: {line.strip()} conversations, {seconds:.0f} s")
        steps = process.stdout.read().strip()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "tests.engine.play")
    return steps, time.monotonic() - begun


def play_both(model: Path, count: int, folder: Path) -> tuple[Path, Path, str, str]:
    """Both engines at the same time, the slow stock one in as many parts as there are cores.

    Returns:
        What the stock and the tuned engine did, and the steps that each had.
    """
    parts = max(1, len(os.sched_getaffinity(0)))
    stock, tuned = folder / "stock", folder / "tuned"
    with ThreadPoolExecutor() as pool:
        quick = pool.submit(play, model, count, tuned, plain="")
        slow = [
            pool.submit(
                play,
                model,
                count,
                folder / f"stock-{part}",
                plain="all",
                share=f"{part}/{parts}",
            )
            for part in range(1, parts + 1)
        ]
        steps, seconds = quick.result()
        tell(f"  tuned: done, {seconds:.0f} s")
        none = {one.result()[0] for one in slow}.pop()
    for path, sources in (
        (tuned, [tuned]),
        (stock, [folder / f"stock-{part}" for part in range(1, parts + 1)]),
    ):
        lines = [line for one in sources for line in one.read_text(encoding="utf-8").splitlines()]
        # By conversation; the turns of one stay in their order.
        lines.sort(key=lambda line: line.partition(" ")[0])
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return stock, tuned, none, steps


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
    model, begun = our_model(measure=False).model, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        stock, tuned, none, steps = play_both(model, args.count, Path(folder))
        turns, wrong = different(stock, tuned)
    said = [
        f"{args.count:,} conversations, {turns:,} turns, {len(wrong)} different "
        f"({time.monotonic() - begun:.0f} s; stock: {none}; tuned: {steps})"
    ]
    if wrong:
        said.append(f"the first: turns {wrong[:10]}")
    print("\n".join(said))
    if args.count >= COUNT:  # a few are for a test, not for the page
        keep("differential", "\n".join(said), {"turns": turns, "different": wrong[:100]})
    return 1 if wrong or not turns or none == steps else 0


if __name__ == "__main__":
    sys.exit(main())
