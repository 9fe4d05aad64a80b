"""Bringing an organization's office in: invited, keys made, test report opened, live."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from reports.cases import Cases
from reports.destination import Destination
from reports.report import Report
from reports.routes import Office, Route
from service.storage import Storage
from vault.stores.keeping import Keeping
from vault.stores.owners import owner_of

#: What the test report says. It goes the way of a real one, and is deleted when it was opened.
TEST = (
    "This is a test of the way that reports take. Nothing has happened to anybody. "
    "Open it, write an answer, and tell whoever invited you that you could."
)


@dataclass(frozen=True, slots=True)
class StepState:
    """How far one step is.

    Args:
        name: the step.
        done: whether it is done.
        next: what somebody has to do now; empty when it is done.
    """

    name: str
    done: bool
    next: str = ""


@dataclass(frozen=True, slots=True)
class Onboarder:
    """Looks how far an office is, and does the next step that needs nobody.

    Args:
        storage: where everything is.
        cases: sends the test report.
        keeping: deletes it.
        today: the day.
    """

    storage: Storage
    cases: Cases
    keeping: Keeping
    today: Callable[[], date]

    async def go_on(self, route: Route) -> list[StepState]:
        """Do what can be done now.

        Args:
            route: of the organization.

        Returns:
            every step with its state.
        """
        office = route.office
        people = [one for one in self.storage.accounts.people() if office.id in one.offices]
        keys = sum(one.key for one in people)
        recovery = self.storage.keys.newest("recovery") is not None
        told = bool(people) and all(one.told for one in people)
        steps = [
            StepState("invited", len(people) >= 2, "invite two or more with --focal-point"),
            StepState("keys made", keys >= 1, "each signs in with her set-up code"),
            StepState("told by e-mail", told, "see `speaksafe focal-points address --help`"),
            StepState("recovery key", recovery, "see `speaksafe keys new --help`"),
            self._alternate(route.alternate),
        ]
        test = StepState("test report opened", False, "first make the keys and the recovery key")
        if keys and recovery:
            test = await self._test(office)
        verified = route.verified_on is not None
        return [
            *steps,
            test,
            self._owner(office),
            StepState("route confirmed", verified, "write verified_on and expires_on, routes.yml"),
        ]

    def _owner(self, office: Office) -> StepState:
        people = self.storage.accounts.people()
        reads = any(one.key and owner_of(office.id) in one.offices for one in people)
        return StepState("owner reads the trail", reads, "invite her with --owner NAME")

    def _alternate(self, alternate: Office | None) -> StepState:
        reads = alternate is not None and bool(self.storage.accounts.public_keys([alternate.id]))
        name = alternate.id if alternate else "an alternate"
        return StepState("alternate can read", reads, f"invite a focal point for {name}")

    async def _test(self, office: Office) -> StepState:
        name = "test report opened"
        if office.id in self.storage.onboarding.live():
            return StepState(name, True)
        case_id = self.storage.onboarding.test_report(office.id)
        case = self.storage.cases.get(case_id) if case_id else None
        if case is not None and case.status != "received":
            self.keeping.delete(case.case_id)
            self.storage.onboarding.go_live(office.id, self.today())
            return StepState(name, True)
        if case is None:
            ticket = self.cases.ticket()
            await self.cases.send(_test_report(), Destination(office.id), ticket)
            self.storage.onboarding.begin(office.id, ticket.case_id)
        return StepState(name, False, "one of them opens the test report in the inbox")


def _test_report() -> Report:
    return Report(
        relation="other",
        entity_code=None,
        entity_name="Speaksafe, test",
        conflict=False,
        account=TEST,
        when_where=None,
        who=None,
        wish=None,
        danger_now=False,
        contact=None,
        lang="en",
    )
