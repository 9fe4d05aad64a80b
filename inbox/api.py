"""The focal points' endpoints, put together."""

from __future__ import annotations

from fastapi import APIRouter

from inbox.account_api import AccountApi
from inbox.case_api import CaseApi
from inbox.keep_api import KeepApi
from inbox.list_api import ListApi
from inbox.notice_api import NoticeApi
from inbox.ports import InboxDeps
from inbox.problems import DOCUMENTED, ProblemRoute
from inbox.reader_api import ReaderApi
from inbox.second_api import SecondApi
from inbox.second_guard import SecondGuard
from inbox.sign_ins import SignIns


def router(deps: InboxDeps) -> APIRouter:
    """Everything under ``/inbox/api``; include it without a further prefix.

    Raises:
        KeyError: a message of the pages has a placeholder that they do not fill.
    """
    api = APIRouter(
        prefix="/inbox/api", tags=["inbox"], route_class=ProblemRoute, responses=DOCUMENTED
    )
    guard = SecondGuard(deps)
    sign_ins = SignIns(deps.sign_ins, deps.accounts, deps.clock, guard.admits)
    AccountApi(deps, sign_ins, guard).add_to(api)
    SecondApi(deps, sign_ins, guard).add_to(api)
    ListApi(deps, sign_ins).add_to(api)
    CaseApi(deps, sign_ins).add_to(api)
    KeepApi(deps, sign_ins).add_to(api)
    NoticeApi(deps, sign_ins).add_to(api)
    ReaderApi(deps, sign_ins).add_to(api)
    return api
