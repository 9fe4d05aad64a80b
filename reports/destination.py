"""Where a report goes, and who must never see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Destination:
    """What the reporter was told and agreed to.

    Args:
        office: the id of the only office that is to receive it.
        standby: the office that gets the case if that one cannot read it, if she agreed.
        shut_out: the ids of the offices that must not see it, those of her levels included.
        levels: the levels whose offices must not, also those that come in later.
    """

    office: str
    standby: str | None = None
    shut_out: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
