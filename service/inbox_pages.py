"""The focal points' and the Task Force's pages and what lies behind them, joined to our parts."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, Response

from inbox import api, owner, taskforce
from inbox.ports import InboxDeps
from inbox.second_guard import SecondGuard
from inbox.taskforce import TaskForceDeps
from service import pdf_view
from service.held import second_suite
from service.page_results import PageResults
from service.parts import Parts
from service.settings import ROOT
from vault.release_log import FILE_NAME, ReleaseLog
from vault.stores import CaseList
from vault.stores.owners import owned

_WEB = ROOT / "web"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".html": "text/html; charset=utf-8"}


def routes(parts: Parts, demo: bool = False) -> APIRouter:
    """Pages, their scripts, and the two programming interfaces.

    Args:
        demo: the pages say that nothing in them is real.
    """
    router = APIRouter()
    storage = parts.storage
    deps = InboxDeps(
        accounts=storage.accounts,
        addresses=storage.addresses,
        cases=storage.cases,
        listing=CaseList(storage.database),
        attachments=storage.attachments,
        keys=storage.keys,
        readers=storage.readers,
        keeping=parts.keeping,
        audit=storage.audit,
        factors=storage.factors,
        needs_second_factor=_needs_second_factor(parts),
        sign_ins=parts.sign_ins,
        attempts=parts.attempts,
        messages=parts.messages,
        clock=_now,
        client=_Clients(behind_proxy=parts.settings.public_url.startswith("https:")),
        demo=demo,
        links=parts.links,
        suite=parts.settings.suite,
        office_name=_office_name(parts),
    )
    router.include_router(api.router(deps))
    router.include_router(owner.router(deps))
    router.include_router(
        taskforce.router(
            TaskForceDeps(
                rounds=storage.rounds,
                bundle=storage.bundle,
                maker=PageResults(
                    storage,
                    parts.settings.content_dir,
                    parts.messages,
                    ReleaseLog(parts.settings.data_dir / FILE_NAME),
                ),
                sign_ins=parts.sign_ins,
                accounts=storage.accounts,
                audit=storage.audit,
                clock=_now,
                admits=SecondGuard(deps).admits,
            )
        )
    )
    router.include_router(second_suite(_WEB, "/shared/xwing.js"))
    for name in ("inbox", "taskforce", "owner"):
        _page(router, f"/{name}", _WEB / name / "index.html")
    router.include_router(pdf_view.routes(_WEB))
    for path, folder in (
        ("/inbox/static", "inbox"),
        ("/taskforce/static", "taskforce"),
        ("/owner/static", "owner"),
        ("/shared", "shared"),
    ):
        _files(router, path, _WEB / folder)
    return router


def _needs_second_factor(parts: Parts) -> Callable[[Sequence[str]], bool]:
    """Whether people of these offices need one: all do, or an owner wants it in routes.yml."""
    wanted = {office.id for office in parts.routes.offices if office.second_factor}
    # Who may see the trail of such an office is asked for no less than who sees its cases.
    return lambda offices: (
        parts.settings.second_factor or not wanted.isdisjoint([*offices, *owned(offices)])
    )


def _office_name(parts: Parts) -> Callable[[str, str], str]:
    """The names of the offices that the routes know."""

    def name(office_id: str, lang: str) -> str:
        office = parts.routes.office(office_id)
        return office.name(lang) if office else office_id

    return name


def _now() -> datetime:
    return datetime.now(UTC)


class _Clients:
    """Tells clients apart while they try to sign in, without keeping an address.

    The key is made anew at each start, so what is counted cannot be joined with anything else.
    Behind a proxy all clients look like one; there only names are counted, or a stranger's wrong
    tries would slow everybody.

    Args:
        behind_proxy: requests come from a proxy, which passes no address on.
    """

    def __init__(self, *, behind_proxy: bool) -> None:
        self._key = os.urandom(32)
        self._behind_proxy = behind_proxy

    def __call__(self, request: Request) -> str:
        if self._behind_proxy:
            return secrets.token_hex(16)
        address = request.client.host if request.client else ""
        return hmac.new(self._key, address.encode(), hashlib.sha256).hexdigest()


def _page(router: APIRouter, path: str, file: Path) -> None:
    headers = {"Content-Security-Policy": pdf_view.PAGE_CSP} if path == "/inbox" else {}

    async def page() -> Response:
        return FileResponse(file, headers=headers, media_type=_TYPES[".html"])

    router.get(path, include_in_schema=False)(page)


def _files(router: APIRouter, path: str, folder: Path) -> None:
    # Only names that were there when the service started can be asked for.
    known = {file.name: file for file in folder.iterdir() if file.suffix in (".js", ".css")}

    async def asset(name: str) -> Response:
        if name not in known:
            raise HTTPException(404)
        file = known[name]
        return FileResponse(file, media_type=_TYPES[file.suffix])

    router.get(path + "/{name}", include_in_schema=False)(asset)
