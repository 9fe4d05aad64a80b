"""What has to be done without anybody asking: notices, reminders, escalation, deletion."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from catalogue import Messages
from service.mail import Server
from service.notices import Notifier
from service.settings import Settings, SettingsError
from service.storage import Storage
from service.tellers import tellers
from vault.stores.audit import Action
from vault.stores.keeping import Keeping

_LOG = logging.getLogger("speaksafe.caretaker")

#: Seconds between two looks at the outbox.
PAUSE = 10.0


#: How far the clock may be moved before it is not believed any more.
LEAP = timedelta(hours=12)

_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def today() -> date:
    """The day, as it is written on cases."""
    return datetime.now(UTC).date()


class Calendar:
    """The day, by a clock that nobody can set while the service runs.

    What is done by the day cannot be taken back: cases are deleted, and passed on to an alternate.
    A clock that leaps by a year, because it is broken or somebody sets it, must not do all of that
    at once. So the day is counted from the start; which clock is right is for people to say, by
    setting it, or by starting the service anew.

    Args:
        clock: seconds since 1970, as the machine has them now.
        steady: seconds that pass, also while the machine sleeps.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = lambda: time.clock_gettime(_STEADY),
    ) -> None:
        self._clock, self._steady = clock, steady
        self._offset = clock() - steady()
        self._leapt = False

    def __call__(self) -> date:
        """Today."""
        counted = self._steady() + self._offset
        apart = abs(self._clock() - counted)
        leapt = apart > LEAP.total_seconds()
        if leapt and not self._leapt:
            _LOG.warning("the clock has leapt; set it right, or start the service anew if it is")
        if not leapt:
            # Small corrections are followed, so that they do not add up over the years.
            self._offset = self._clock() - self._steady()
            counted = self._clock()
        self._leapt = leapt
        return datetime.fromtimestamp(counted, UTC).date()


@dataclass
class Caretaker:
    """Does one round of work at a time; several may run, also on several machines.

    Args:
        settings: when to remind, and when to escalate.
        storage: what it looks after.
        keeping: how long cases stay.
        notifier: sends what waits.
    """

    settings: Settings
    storage: Storage
    keeping: Keeping
    notifier: Notifier

    def work(self, day: date) -> int:
        """One round.

        Args:
            day: today.

        Returns:
            how many notices were sent.

        Raises:
            StorageError: the database cannot be used; nothing is lost, try again.
        """
        remind, escalate = self.settings.remind_days, self.settings.escalate_days
        for case_id in self.storage.outbox.schedule(day, remind, escalate):
            if self.storage.readers.escalate(case_id, day):
                case = self.storage.cases.get(case_id)
                self._trace(day, "escalate", case.offices if case else (), case_id)
        for case_id, offices in self.keeping.work(day):
            self._trace(day, "delete", offices, case_id)
        self.storage.attachments.forget(day)
        return self.notifier.send_all(day)

    def _trace(self, day: date, action: Action, offices: tuple[str, ...], case_id: str) -> None:
        self.storage.audit.add(day, "service", action, offices, case_id)

    async def keep_working(
        self, day: Callable[[], date] | None = None, pause: float = PAUSE
    ) -> None:
        """Work until cancelled. What goes wrong is logged by its kind, and tried again."""
        day = day or Calendar()
        while True:
            try:
                await asyncio.to_thread(self.work, day())
            except Exception as error:
                _LOG.warning("a round of work failed: %s", type(error).__name__)
            await asyncio.sleep(pause)


def caretaker(
    settings: Settings, storage: Storage, keeping: Keeping, messages: Messages
) -> Caretaker:
    """Put it together.

    Raises:
        SettingsError: the address of the mail server cannot be read.
    """
    return Caretaker(
        settings,
        storage,
        keeping,
        Notifier(
            storage.outbox,
            storage.addresses,
            mail_server(settings),
            messages,
            f"{settings.public_url}/inbox",
            tellers(settings),
        ),
    )


def mail_server(settings: Settings) -> Server | None:
    """The configured mail server, if any.

    Raises:
        SettingsError: its address cannot be read.
    """
    if settings.smtp_url is None:
        return None
    host = urlsplit(settings.public_url).hostname or "localhost"
    try:
        return Server.parse(settings.smtp_url, host)
    except ValueError as error:
        raise SettingsError("SPEAKSAFE_SMTP_URL", "cannot be read", str(error)) from None
