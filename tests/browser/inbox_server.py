"""The real inbox and its real pages on a free loopback port, with the service's own headers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse

from service import inbox_pages
from service.headers import Headers
from service.notice_links import LINE_SECONDS, NoticeLinks
from survey.bundle import bundle_bytes
from tests.inbox.world import ROOT, World
from vault.database import Database
from vault.keys import Kem
from vault.state import MemoryShelf, StateStore


class LiveWorld(World):
    """A world behind a port; its days are counted from the real one."""

    def __init__(self, database: Database, suite: Kem = "x25519") -> None:
        super().__init__(database, suite)
        self.today = datetime.now(UTC).date()
        self.origin = ""
        store = StateStore(MemoryShelf(), b"k" * 32, "notice link", LINE_SECONDS)
        self.links = NoticeLinks(store, self.addresses, ("telegram",))

    def real_now(self) -> datetime:
        """The time that the served pages have."""
        return datetime.now(UTC)

    def bundle(self, round_id: str) -> bytes:
        """The sealed answers, as the service hands them out."""
        return bundle_bytes(self.rounds.get(round_id), self.drop_box.take_all(round_id))

    def serve(self) -> uvicorn.Server:
        """The application as the service joins it."""
        parts = SimpleNamespace(
            storage=self,
            links=self.links,
            sign_ins=self.deps.sign_ins,
            attempts=self.deps.attempts,
            keeping=self.deps.keeping,
            messages=self.deps.messages,
            routes=SimpleNamespace(
                offices=[SimpleNamespace(id=one, second_factor=True) for one in self.strict],
                office=lambda one: SimpleNamespace(name=lambda lang: f"Office {one}"),
            ),
            settings=SimpleNamespace(
                second_factor=False,
                suite=self.deps.suite,
                public_url="http://127.0.0.1",
                content_dir=ROOT / "content",
                data_dir=Path(self.folder.name),
            ),
        )
        app = FastAPI()
        app.include_router(inbox_pages.routes(parts, demo=True))

        @app.get("/favicon.svg")
        async def icon() -> FileResponse:
            return FileResponse(ROOT / "web" / "favicon.svg")

        return uvicorn.Server(uvicorn.Config(Headers(app), log_level="critical"))


@contextmanager
def running(
    database: Database, strict: Sequence[str] = (), suite: Kem = "x25519"
) -> Iterator[LiveWorld]:
    """Start it, and stop it afterwards; some offices may want a second factor."""
    world = LiveWorld(database, suite)
    world.strict.update(strict)
    server = world.serve()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        world.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield world
        finally:
            server.should_exit = True
            thread.join(10)
