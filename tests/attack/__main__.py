"""``make attack``: every proof, every attack in its full size, every safeguard taken out."""

from __future__ import annotations

import argparse
import queue
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.attack import promises, running, scratch
from tests.attack.mutations import Mend, Mutation, load
from tests.attack.promises import ROOT, node_ids
from tests.attack.results import Results, Tried
from tests.attack.running import Ran

OUT = ROOT / "models"


def main() -> int:
    """Attack; the exit code is 1 when something was found."""
    parser = argparse.ArgumentParser(prog="make attack", description=__doc__)
    parser.add_argument("--part", choices=["proofs", "mutations"], help="only this part")
    parser.add_argument(
        "--only",
        metavar="WORDS",
        help="only mutations with this in their name (a regular expression)",
    )
    parser.add_argument(
        "--green", action="store_true", help="the tests passed just now: begin with mutations"
    )
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the page (models)")
    given = parser.parse_args()
    results, began = Results(promises.read()), time.monotonic()
    if given.part != "mutations" and not given.only:
        prove(results)
    if given.part != "proofs":
        try:
            chosen = [m for m in load() if not given.only or re.search(given.only, m.name)]
        except Mend as error:
            sys.exit(str(error))
        mutate(results, chosen, green=given.green)
    results.seconds = time.monotonic() - began
    results.write(given.out)
    print(*results.findings, sep="\n")
    print(f"{results.summary()}: see {given.out.name}/attack.html")
    return 1 if results.findings else 0


def prove(results: Results) -> None:
    """Run every test that a promise names, and the further attacks."""
    named = dict.fromkeys(test for promise in results.promises for test in promise.tests)
    print(f"{len(named)} proofs and the further attacks …", flush=True)
    ids = [id for test in named for id in node_ids(test) if not test.startswith("tests/attack/")]
    # The attacks first: some take a quarter of an hour, and should not be left over at the end.
    for ran in running.run(["tests/attack", *ids], full=True, at_once=2):
        results.ran[ran.test] = ran if ran.outcome == "passed" else _alone(ran)
        print(".", end="", flush=True)
    print()


def _alone(ran: Ran) -> Ran:
    """A browser on a busy machine can miss a moment: what failed must pass alone."""
    if ran.outcome not in ("failed", "broken"):
        return ran
    (again, *_) = running.run(node_ids(ran.test), full=True, seconds=900)
    again.again = again.outcome == "passed"
    return again


def mutate(results: Results, mutations: list[Mutation], *, green: bool = False) -> None:
    """Take out every safeguard, one at a time, in copies of the tree.

    Args:
        results: what is found is added to it.
        mutations: the safeguards.
        green: the tests passed just now with all of them in place.
    """
    print(f"{len(mutations)} safeguards taken out …", flush=True)
    many = scratch.threads()
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        trees: queue.SimpleQueue[Path] = queue.SimpleQueue()
        copies = [scratch.copy(Path(folder) / str(number)) for number in range(many)]
        before = {} if green else _green(mutations, copies[0], results.ran)
        for tree in copies:
            trees.put(tree)
        with ThreadPoolExecutor(many) as pool:
            for one in pool.map(partial(_try, trees, before), mutations):
                results.tried.append(one)
                print(f"  {one.verdict:<9} {one.seconds:5.1f} s  {one.mutation.name}", flush=True)


def _green(mutations: list[Mutation], tree: Path, ran: dict[str, Ran]) -> dict[str, Ran]:
    """The tests as they are with every safeguard in place: red must come from the mutation.

    Args:
        mutations: whose tests.
        tree: where they run, unless they ran just now.
        ran: what ran just now, by name.
    """
    wanted = {mutation.test.partition("[")[0] for mutation in mutations}
    known = {name: one for name, one in ran.items() if name in wanted}
    ids = {id for mutation in mutations if mutation.test not in known for id in _ids(mutation)}
    return known | {one.test: one for one in running.run(sorted(ids), tree)}


def _ids(mutation: Mutation) -> list[str]:
    try:
        return node_ids(mutation.test)
    except (ValueError, OSError):
        return []  # said when it is tried


def _try(trees: queue.SimpleQueue[Path], green: dict[str, Ran], mutation: Mutation) -> Tried:
    before = green.get(mutation.test.partition("[")[0])
    if before is not None and before.outcome != "passed":
        return Tried(mutation, "error", f"red already without it: {before.message}", 0.0)
    tree = trees.get()
    try:
        return Tried(mutation, *scratch.try_one(mutation, tree))
    finally:
        trees.put(tree)


if __name__ == "__main__":
    sys.exit(main())
