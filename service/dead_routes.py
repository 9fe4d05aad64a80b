"""Routes that nobody could read, at the start: named with their line, or a reason not to start.

An office that has not come in yet must not keep those waiting that have: its route is told to the
operator, and in a chat to the reporter, before a word is written. But a route that its organization
has confirmed is one that people rely on; without a reader it is broken, and so is an installation
in which no route at all has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.routes import RouteState
from service.settings import SettingsError

_CONTENT = "SPEAKSAFE_CONTENT_DIR"
_INVITE = "`speaksafe focal-points invite --name NAME --office OFFICE`"


def lines(states: Sequence[RouteState], path: Path | None) -> list[str]:
    """Each place in the file whose office nobody can read for.

    Args:
        states: of every route.
        path: where the routes stand.
    """
    many: dict[tuple[int, str], int] = {}
    for state in states:
        if state.dead:
            place = (state.route.line, state.route.office.id)
            many[place] = many.get(place, 0) + 1
    name = path.name if path else "routes.yml"
    return [
        f"{name}:{line}: {office} has no focal point with a key ({count} organizations)"
        for (line, office), count in sorted(many.items())
    ]


def admit(states: Sequence[RouteState], path: Path | None) -> list[str]:
    """Whether the service may start with these routes.

    Args:
        states: of every route, as things are today.
        path: where the routes stand.

    Returns:
        what the operator is to be told, a line each; empty when every route has a reader.

    Raises:
        SettingsError: a confirmed route is dead, or all are.
    """
    broken = [state for state in states if state.broken]
    if broken:
        where = "; ".join(lines(broken, path))
        problem = f"has confirmed routes that nobody could read: {where}"
        remedy = f"invite with {_INVITE}, or take verified_on and expires_on away"
        raise SettingsError(_CONTENT, problem, remedy)
    dead = lines(states, path)
    if dead and all(state.dead for state in states):
        problem = "has no route that anybody could read; see `speaksafe routes check`"
        remedy = f"invite with {_INVITE}, and start with `run --onboarding` until keys are made"
        raise SettingsError(_CONTENT, problem, remedy)
    if dead:
        count = sum(state.dead for state in states)
        head = f"{count} of {len(states)} routes are dead; nobody is led into them:"
        return [head, *(f"  {line}" for line in dead)]
    return []
