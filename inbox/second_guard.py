"""The second factor at the door: who needs one, whose code is right, and guesses that end.

A stranger can shut nobody out: wrong codes count only where the passphrase was right. Whoever has
the passphrase and guesses codes is stopped after a few, for half an hour, and the trail tells of
it. No answer says which part was wrong, or that there is a second factor at all.
"""

from __future__ import annotations

import asyncio

from inbox.ports import InboxDeps
from vault.stores.accounts import Account
from vault.stores.audit import Action

#: Wrong codes after which no code is right any more, and for how many seconds. Of a million codes
#: three are right: guessing for a year finds one with a chance of one in four.
MOST_WRONG = 5
LOCKED_SECONDS = 30 * 60


class SecondGuard:
    """Checks codes.

    Args:
        deps: second factors, tries, the trail and the time.
    """

    def __init__(self, deps: InboxDeps) -> None:
        self._deps = deps
        # One code at a time: else many tries at once would all count as the first.
        self._turn = asyncio.Lock()
        self._telling: set[asyncio.Task[None]] = set()

    async def lets_in(self, name: str, account: Account | None, code: str) -> bool:
        """Whether this code lets her in; it is spent by that. Always the same work.

        Args:
            name: what was typed, in its one form.
            account: whose passphrase was right; ``None`` when it was wrong or there is none.
            code: as it was typed; empty when none was.
        """
        async with self._turn:
            now = self._deps.clock()
            found = await self._deps.attempts.get(f"second/{name}")
            fresh = {"wrong": 0, "until": now.timestamp() + LOCKED_SECONDS}
            entry = found if found and found["until"] > now.timestamp() else fresh
            locked = entry["wrong"] >= MOST_WRONG
            account_id = account.account_id if account and not locked else None
            right = await asyncio.to_thread(self._deps.factors.check, account_id, code, now)
            if account_id is not None:
                entry = fresh if right else {**entry, "wrong": entry["wrong"] + 1}
            await self._deps.attempts.put(f"second/{name}", entry)
        if account and account_id and entry["wrong"] == MOST_WRONG:
            self._tell(account)
        return right

    def _tell(self, account: Account) -> None:
        """Write it down beside the answer, whose time must not tell what was right."""
        action: Action = "lock-second-factor"
        trace = (self._deps.clock().date(), account.name, action, account.offices, "")
        task = asyncio.create_task(asyncio.to_thread(self._deps.audit.add, *trace))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    def admits(self, account: Account) -> bool:
        """Whether she may go on: an office of hers may want a second factor. Asks the database."""
        wanted = self._deps.needs_second_factor(account.offices)
        return not wanted or self._deps.factors.of(account.account_id).on
