"""Opening, closing and listing rounds; while one is open, nobody learns how many have answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from survey.model import Instrument
from survey.ports import Admission
from survey.tables import LEAST
from vault.errors import RoundError
from vault.stores.keys import KeyStore
from vault.stores.rounds import Round, RoundStore

#: The columns of a list of rounds.
COLUMNS = ("round", "instrument", "admission", "state", "opened", "closed")


def open_round(
    rounds: RoundStore, keys: KeyStore, instrument: Instrument, admission: Admission
) -> Round:
    """Open a round, sealed to the newest key of the Task Force.

    Args:
        rounds: where rounds are kept.
        keys: where the Task Force's key is registered.
        instrument: the questionnaire of the round, in this version.
        admission: ``open`` to everybody, or to those with an invitation (``invited``).

    Raises:
        RoundError: a round is open already, or no key of the Task Force is registered.
    """
    key = keys.newest("task-force")
    if key is None:
        raise RoundError("no key of the Task Force is registered; make one with 'keys new'")
    return rounds.open(instrument.ref, admission, key)


def close_round(rounds: RoundStore, round_id: str) -> Round:
    """Close a round for good.

    Raises:
        NoSuchRound: there is none of that name.
        RoundError: it is closed, but its free pages are not cleared yet; the text says what to do.
    """
    return rounds.close(round_id)


def carried(
    round_: Round, rounds: Sequence[Round], few: Callable[[str], list[bytes] | None]
) -> list[tuple[Round, list[bytes]]]:
    """Closed rounds before this one that had too few answers, so that they are counted with it.

    Args:
        round_: a closed round.
        rounds: every round, the first one first.
        few: the answers of a closed round, or ``None`` when there are enough to be released alone.

    Returns:
        The rounds since the last one with enough, counted together with those before it, and
        their answers.
    """
    waiting: list[tuple[Round, list[bytes]]] = []
    for one in rounds:
        same = (one.instrument, one.task_force) == (round_.instrument, round_.task_force)
        if one.number >= round_.number or one.state == "open" or not same:
            continue
        answers = few(one.round_id)
        if answers is None or len(answers) + sum(len(a) for _, a in waiting) >= LEAST:
            waiting = []
        elif answers:
            waiting.append((one, answers))
    return waiting


def list_rounds(rounds: RoundStore) -> list[tuple[str, ...]]:
    """One row a round, the first one first, in the order of ``COLUMNS``. No counts."""
    return [
        (r.round_id, r.instrument, r.admission, r.state, r.opened, r.closed or "-")
        for r in rounds.list()
    ]
