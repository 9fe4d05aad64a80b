"""Telling focal points that something waits for them, and nothing more than that."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from catalogue import Messages
from service.mail import Outcome, Server, deliver, message
from service.tellers import Teller
from vault.stores.addresses import AddressBook, Reach
from vault.stores.outbox import Notice, Outbox, State, Taken

_LOG = logging.getLogger("speaksafe.notices")

#: Seconds before the next try, by the tries before; then the last one for ever.
BACK_OFF = (30, 120, 600, 1800, 3600)

#: What becomes of a notice, by what became of its message.
_STATES: dict[Outcome, State] = {
    "sent": "sent",
    "refused": "refused",
    "doubt": "doubt",
    "later": "waiting",
    "unreachable": "waiting",
}


@dataclass
class Notifier:
    """Sends what waits in the outbox.

    Args:
        outbox: where notices wait.
        addresses: where they go.
        server: who takes them; ``None`` when none is configured, then they wait.
        messages: the words.
        link: the only address in a notice: the page to sign in.
        tellers: other ways than e-mail, by the names of their channels.
        clock: seconds that only go forward.
    """

    outbox: Outbox
    addresses: AddressBook
    server: Server | None
    messages: Messages
    link: str
    tellers: Mapping[str, Teller] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    _resting: dict[str, float] = field(default_factory=dict)
    _pause_until: float = 0.0
    _failures: int = 0

    def send_all(self, today: date) -> int:
        """Send everything that is due and may be tried now.

        Args:
            today: the day.

        Returns:
            how many were sent.

        Raises:
            StorageError: the database cannot be used.
        """
        sent = 0
        while (self.server or self.tellers) and self.clock() >= self._pause_until:
            outcome = self._send_one(today)
            if outcome is None:
                break
            sent += outcome == "sent"
        return sent

    def _send_one(self, today: date) -> Outcome | None:
        """Send what is due longest; ``None`` when there is nothing."""
        now = self.clock()
        self._resting = {name: until for name, until in self._resting.items() if until > now}
        with self.outbox.take(today, skip=tuple(self._resting)) as taken:
            if taken is None:
                return None
            reach = self.addresses.reach(taken.notice.account_id, self.tellers.keys())
            if reach is None:
                taken.settle("unaddressed")
                return "refused"
            outcome = self._handed_over(taken, reach)
            self._settle(taken, outcome)
        return outcome

    def _handed_over(self, taken: Taken, reach: Reach) -> Outcome:
        reminds = taken.notice.kind in ("reminder", "repeat")
        text = self.messages.text(
            reach.lang, f"notice.{'again' if reminds else 'new'}", link=self.link
        )
        if reach.channel != "email":
            # A carrier cannot be asked either whether it took what it did not answer.
            taken.mark()
            return self.tellers[reach.channel](reach.address, text, self.link)
        if self.server is None:
            return "later"
        subject = self.messages.text(reach.lang, "notice.subject")
        mail = message(self.server, taken.notice.notice_id, reach.address, subject, text)
        return deliver(self.server, mail, taken.mark)

    def _settle(self, taken: Taken, outcome: Outcome) -> None:
        if outcome == "doubt":
            # The mark stays: whoever takes it next finds it, and has it repeated tomorrow.
            _LOG.warning("a notice may or may not have been delivered")
            return
        taken.settle(_STATES[outcome], tried=outcome == "later")
        self._rest(taken.notice, outcome)

    def _rest(self, notice: Notice, outcome: Outcome) -> None:
        if outcome == "unreachable":
            self._pause_until = self.clock() + _seconds(self._failures)
            self._failures += 1
            _LOG.warning("the mail server cannot be used now; try %d", self._failures)
            return
        self._failures = 0
        if outcome == "later":
            self._resting[notice.notice_id] = self.clock() + _seconds(notice.tries)
        if outcome == "refused":
            _LOG.warning("a mail server refused a notice for good")


def _seconds(tries: int) -> float:
    return float(BACK_OFF[min(tries, len(BACK_OFF) - 1)])
