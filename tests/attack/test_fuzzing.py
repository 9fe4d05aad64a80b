"""What reads foreign bytes refuses them with its own errors, whatever they are."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attack.fuzzing import SEEDS, TARGETS
from tests.attack.hostile import BODIES, STRINGS
from tests.attack.promises import ROOT
from tests.attack.size import FULL, sized

#: Seconds for each reader under the fuzzer that follows the lines.
SECONDS = 40

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def shapes(name: str) -> st.SearchStrategy[bytes]:
    """Bytes that look a little like what is expected, and some that do not."""
    found = st.binary(max_size=300) | st.text(max_size=300).map(
        lambda t: t.encode("utf-8", "replace")
    )
    found |= _JSON.map(lambda value: json.dumps(value).encode())
    for seed in SEEDS.get(name, ()):
        if seed.startswith(b"{"):
            parts = json.loads(seed)
            found |= st.fixed_dictionaries(
                {key: _JSON | st.just(value) for key, value in parts.items()}
            ).map(lambda value: json.dumps(value).encode())
            where = st.lists(st.integers(0, 40), max_size=8)
            found |= st.builds(_spoilt, st.just(seed), where, _JSON | st.text(max_size=20))
    return found


def _spoilt(seed: bytes, where: list[int], value: Any) -> bytes:
    """Something deep inside is another thing than it should be."""
    whole: Any = {"": json.loads(seed)}
    at: Any = whole
    key: Any = ""
    for number in where:
        if not isinstance(at[key], dict | list) or not at[key]:
            break
        at = at[key]
        names = list(at) if isinstance(at, dict) else range(len(at))
        key = names[number % len(names)]
    at[key] = value
    return json.dumps(whole[""]).encode()


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_reader_refuses_or_reads_and_does_nothing_else(name: str) -> None:
    target = TARGETS[name]
    for known in (*SEEDS.get(name, ()), *BODIES.values()):
        target(known)
    for text in STRINGS.values():
        target(text.encode("utf-8", "surrogatepass"))

    @settings(
        max_examples=sized(40, 3000),
        deadline=None,
        derandomize=not FULL,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(shapes(name))
    def reads(data: bytes) -> None:
        target(data)

    reads()


#: What may stand in the place of anything else.
_ODD: tuple[Any, ...] = (
    None,
    1,
    -1,
    True,
    "x",
    "",
    [],
    {},
    [[]],
    [{}],
    {"a": []},
    {"en": 1},
    1e999,
)


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in something that was read from JSON."""
    yield place
    if not isinstance(value, dict | list):
        return
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield from _places(value[key], (*place, key))


def _with(value: Any, place: tuple[Any, ...], odd: Any) -> Any:
    """The same with something odd in one place."""
    if not place:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = _with(copy[place[0]], place[1:], odd)
    return copy


def test_in_every_place_of_a_questionnaire_anything_may_stand() -> None:
    """In its file, and in the sheet of a workbook that brings along what XLSForm cannot say."""
    file, form = (json.loads(SEEDS[name][0]) for name in ("instruments", "sheets"))
    own = json.loads(form["speaksafe"][0]["json"])
    for number, (place, odd) in enumerate((p, o) for p in _places(file) for o in _ODD):
        if number % sized(41, 1) == 0:
            TARGETS["instruments"](json.dumps(_with(file, place, odd)).encode())
    for number, (place, odd) in enumerate((p, o) for p in _places(own) for o in _ODD):
        if number % sized(41, 1) == 0:
            said = [{"json": json.dumps(_with(own, place, odd))}]
            TARGETS["sheets"](json.dumps({**form, "speaksafe": said}).encode())


@pytest.mark.skipif(not FULL, reason="it takes minutes: make attack")
@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_fuzzer_that_follows_the_lines_finds_nothing(
    name: str, tmp_path: Path, record_property: Callable[[str, Any], None]
) -> None:
    words = ["-m", "tests.attack.fuzzing", name, "--seconds", str(SECONDS)]
    done = subprocess.run(
        [sys.executable, *words, "--folder", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS + 240,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    assert tried and int(tried[1]) > 100, done.stderr[-1000:]
    record_property("inputs", int(tried[1]))
