"""Dead routes at the start: those that wait for their office are named, broken ones are refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from catalogue import ContentError
from reports.entities import Entities
from reports.routes import Routes, RouteState
from service import dead_routes
from service.parts import Parts
from service.settings import SettingsError

CONTENT = Path(__file__).resolve().parents[2] / "content"
ENTITIES = Entities.load(CONTENT)
ROUTES = Routes.load(CONTENT, ENTITIES)
READS = {"un-oios": 2, "un-ethics": 1}


def states(keys: dict[str, int], confirmed: tuple[str, ...] = ()) -> list[RouteState]:
    """Every route, of which some are confirmed."""
    day = date(2026, 1, 2)
    return [
        replace(state, route=replace(state.route, verified_on=day))
        if state.route.office.id in confirmed
        else state
        for state in ROUTES.check(keys)
    ]


def admitted(found: list[RouteState]) -> list[str]:
    """What is told when the service starts as the supervisor starts it."""
    storage = SimpleNamespace(route_states=lambda _: found)
    parts = SimpleNamespace(storage=storage, routes=ROUTES)
    return Parts.require_routes(parts)  # type: ignore[arg-type]


def test_a_pilot_starts_and_says_which_routes_are_dead_and_where_they_stand() -> None:
    found = states(READS, confirmed=("un-oios",))
    head, *told = admitted(found)
    dead = sum(state.dead for state in found)
    assert 0 < dead < len(found) and head.startswith(f"{dead} of {len(found)} routes are dead")
    file = (CONTENT / "routes.yml").read_text(encoding="utf-8").splitlines()
    for line in told:
        name, number, office = line.split(":")[:3]
        assert name.strip() == "routes.yml"
        assert file[int(number) - 1].strip() == f"office: {office.split()[0]}"
    assert any(" wfp-oig " in line for line in told)
    assert not any(" un-oios " in line for line in told)


def test_a_route_that_is_confirmed_and_dead_is_refused_with_its_line_and_remedy() -> None:
    found = states(READS, confirmed=("un-oios", "wfp-oig"))
    line = next(state.route.line for state in found if state.route.office.id == "wfp-oig")
    with pytest.raises(SettingsError) as caught:
        admitted(found)
    said = str(caught.value)
    assert f"routes.yml:{line}: wfp-oig" in said and "focal-points invite" in said
    assert "who-" not in said


def test_nobody_at_all_is_refused() -> None:
    with pytest.raises(SettingsError, match="no route that anybody could read"):
        admitted(states({}))


def test_when_all_are_alive_nothing_is_said() -> None:
    everybody = {office.id: 1 for office in ROUTES.offices}
    assert admitted(states(everybody, confirmed=tuple(everybody))) == []
    assert dead_routes.lines(states(everybody), ROUTES.path) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text.replace("office: wfp-oig", "office: wfp-oigg", 1), "is no office"),
        (lambda text: text.replace("alternate: wfp-head", "alternate: nobody", 1), "is no office"),
        (lambda text: text.replace("office: wfp-oig", "office: null", 1), "without an office"),
    ],
)
def test_a_route_to_a_recipient_that_does_not_exist_is_refused_when_it_is_read(
    tmp_path: Path, spoil: Callable[[str], str], said: str
) -> None:
    shutil.copy(CONTENT / "routes.yml", tmp_path)
    path = tmp_path / "routes.yml"
    before = path.read_text(encoding="utf-8")
    path.write_text(spoil(before), encoding="utf-8")
    assert spoil(before) != before
    with pytest.raises(ContentError, match=said) as caught:
        Routes.load(tmp_path, ENTITIES)
    assert caught.value.line > 0
