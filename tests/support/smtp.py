"""A mail server on a free loopback port that counts what it took over, and can misbehave."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class Post:
    """What the server took over.

    Args:
        answers: what to answer to the next commands of a name, before the usual answers.
        slow: seconds before the answer that takes a message over.
    """

    port: int = 0
    mails: list[tuple[str, Message]] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    slow: float = 0.0
    hang_up_before_answer: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """As in the settings."""
        return f"smtp://127.0.0.1:{self.port}?from=notices@example.org"

    def ids(self) -> list[str]:
        """The ids of all messages, in the order of their arrival."""
        with self.lock:
            return [str(mail["Message-ID"]) for _, mail in self.mails]

    def to(self) -> list[str]:
        """Whom they went to."""
        with self.lock:
            return [mailbox for mailbox, _ in self.mails]


class _Session(socketserver.StreamRequestHandler):
    post: Post

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:
            return

    def _talk(self) -> None:
        self._say("220 here")
        mailbox = ""
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode()
            if word == "RCPT":
                mailbox = line.decode().partition("<")[2].partition(">")[0]
            planned = self.post.answers.get(word)
            if planned:
                self._say(planned.pop(0))
                continue
            usual = {"EHLO": "250 here", "DATA": "354 go on", "QUIT": "221 bye"}
            self._say(usual.get(word, "250 ok"))
            if word == "QUIT":
                return
            if word == "DATA" and not self._take_over(mailbox):
                return

    def _take_over(self, mailbox: str) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line.endswith(b"\r\n"):
                return False  # broken off before its end: nothing was taken over
            lines.append(line[1:] if line.startswith(b".") else line)
        planned = self.post.answers.get(".")
        if planned:
            self._say(planned.pop(0))
            return True
        with self.post.lock:
            self.post.mails.append((mailbox, message_from_bytes(b"".join(lines))))
        time.sleep(self.post.slow)
        if self.post.hang_up_before_answer:
            return False
        self._say("250 taken")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is nothing to speak of."""


@contextmanager
def mail_server() -> Iterator[Post]:
    """Run a server; yields what it takes over."""
    post = Post()
    session = type("Session", (_Session,), {"post": post})
    with _Server(("127.0.0.1", 0), session) as server:
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
