"""Opening, closing and listing rounds; while one is open, nobody learns how many have answered."""

from __future__ import annotations

from survey.model import Instrument
from survey.ports import Admission
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
    """
    return rounds.close(round_id)


def list_rounds(rounds: RoundStore) -> list[tuple[str, ...]]:
    """One row a round, the first one first, in the order of ``COLUMNS``. No counts."""
    return [
        (r.round_id, r.instrument, r.admission, r.state, r.opened, r.closed or "-")
        for r in rounds.list()
    ]
