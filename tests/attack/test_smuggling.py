"""No request can be hidden in another: what the proxy passes on is what our parser reads."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httptools
import pytest

from tests.attack.promises import ROOT
from tests.support.live import free_port

_HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
_CHUNKED = b"0\r\n\r\n" + _HIDDEN

#: Heads after the first line, and what follows them.
TRIES: dict[str, tuple[bytes, bytes]] = {
    "two lengths": (b"Content-Length: 0\r\nContent-Length: %d" % len(_HIDDEN), _HIDDEN),
    "two lengths in one": (b"Content-Length: 0, %d" % len(_HIDDEN), _HIDDEN),
    "a length with a sign": (b"Content-Length: +%d" % len(_HIDDEN), _HIDDEN),
    "a length and pieces": (
        b"Content-Length: %d\r\nTransfer-Encoding: chunked" % len(_CHUNKED),
        _CHUNKED,
    ),
    "pieces and a length": (b"Transfer-Encoding: chunked\r\nContent-Length: 4", _CHUNKED),
    "a space before the colon": (b"Transfer-Encoding : chunked", _CHUNKED),
    "a tab": (b"Transfer-Encoding:\tchunked\r\nContent-Length: 0", _CHUNKED),
    "twice encoded": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", _CHUNKED),
    "an unknown encoding": (b"Transfer-Encoding: xchunked\r\nContent-Length: 0", _CHUNKED),
    "a folded line": (b"Content-Length: 0\r\nX: y\r\n Transfer-Encoding: chunked", _CHUNKED),
    "a bare line feed": (b"Content-Length: 0\nTransfer-Encoding: chunked", _CHUNKED),
    "a bare return": (b"Content-Length: 0\r\nX: y\rTransfer-Encoding: chunked", _CHUNKED),
    "a zero byte": (b"Content-Length: 0\r\nX: \x00\r\nTransfer-Encoding: chunked", _CHUNKED),
    "a piece with a sign": (b"Transfer-Encoding: chunked", b"+0\r\n\r\n" + _HIDDEN),
    "a piece with an odd end": (b"Transfer-Encoding: chunked", b"0\n\r\n" + _HIDDEN),
    "a piece with a long name": (b"Transfer-Encoding: chunked", b"0;\nx\r\n\r\n" + _HIDDEN),
    "a trailer": (
        b"Transfer-Encoding: chunked",
        b"0\r\nContent-Length: %d\r\n\r\n" % len(_HIDDEN) + _HIDDEN,
    ),
}


class Urls:
    """What our own parser makes of bytes: addresses, and names of headers."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.headers: list[bytes] = []

    def on_url(self, url: bytes) -> None:
        """A request line."""
        self.seen.append(url)

    def on_header(self, name: bytes, _: bytes) -> None:
        """A header."""
        self.headers.append(name.lower())


class Behind:
    """Stands behind a proxy, answers each connection once, and keeps what came by each."""

    def __init__(self) -> None:
        self.came: list[bytearray] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                one, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(one,), daemon=True).start()

    def _answer(self, one: socket.socket) -> None:
        one.settimeout(0.7)
        mine = bytearray()
        self.came.append(mine)
        answered = False
        with closing(one):
            try:
                while piece := one.recv(65536):
                    mine += piece
                    if b"\r\n\r\n" in mine and not answered:
                        answered = True
                        time.sleep(0.05)  # the rest of the body, as a service would read it
                        one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            except OSError:
                return

    def urls(self) -> Urls:
        """What our parser finds in all of it."""
        found = Urls()
        for raw in self.came:
            try:
                httptools.HttpRequestParser(found).feed_data(bytes(raw))
            except httptools.HttpParserError:
                continue  # our service hangs up there
        return found

    def close(self) -> None:
        """No more connections."""
        self._door.close()


def _caddy(folder: Path, port: int, behind: int) -> list[str]:
    """The production file, without TLS and for one address of this machine."""
    text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    text = text.replace("{$SPEAKSAFE_SITE} {", f"http://127.0.0.1:{port} {{")
    text = text.replace("service:8000", f"127.0.0.1:{behind}").split("# For the onion")[0]
    text = text.replace("admin off", "admin off\n\tauto_https off")
    text = text.replace("tls {\n\t\tprotocols tls1.2 tls1.3\n\t}\n", "")
    # Debian's Caddy is older than the image's and does not know it; parsing is the same.
    text = text.replace("request_buffers 1MB", "")
    (folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def _nginx(folder: Path, port: int, behind: int) -> list[str]:
    """What somebody who has nginx already would put in front."""
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr crit; events {{}} http {{ access_log off;"
        f" {temporary} server {{ listen 127.0.0.1:{port}; location / {{"
        f" proxy_pass http://127.0.0.1:{behind}; proxy_http_version 1.1;"
        ' proxy_set_header X-Forwarded-For ""; proxy_set_header X-Real-IP "";'
        ' proxy_set_header Forwarded ""; } } }\n'
    )
    return ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]


PROXIES = {"caddy": _caddy, "nginx": _nginx}


@contextmanager
def _front(name: str, folder: Path) -> Iterator[tuple[int, Behind]]:
    behind, port = Behind(), free_port()
    env = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/bin"}
    process = subprocess.Popen(
        PROXIES[name](folder, port, behind.port),
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, f"{name} ended"
            time.sleep(0.1)
        yield port, behind
    finally:
        process.terminate()
        process.wait(timeout=20)
        behind.close()


def _send(port: int, raw: bytes) -> bytes:
    answer = b""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as one:
        one.settimeout(0.5)
        try:
            one.sendall(raw)
            while piece := one.recv(65536):
                answer += piece
        except OSError:
            pass
    return answer


@pytest.mark.parametrize("name", sorted(PROXIES))
def test_nothing_hidden_reaches_the_service(name: str, tmp_path: Path) -> None:
    """A request after one that is over is no secret: what counts is one inside another."""
    assert shutil.which(name), f"install {name}; make test does it"
    with _front(name, tmp_path) as (port, behind):
        plain = _send(port, b"GET /seen HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert b"200" in plain.split(b"\r\n")[0] and b"/seen" in behind.urls().seen
        for what, (head, body) in TRIES.items():
            behind.came.clear()
            answer = _send(
                port,
                b"POST /first HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                + head
                + b"\r\n\r\n"
                + body,
            )
            assert b"/hidden" not in behind.urls().seen, what
            assert answer.count(b"HTTP/1.1 ") <= 1, what
            # 501: an encoding that the proxy does not know; 502: two lengths that it gave up on.
            status = answer[9:12]
            assert not status.startswith(b"5") or status in (b"501", b"502"), (what, status)


@pytest.mark.parametrize("name", sorted(PROXIES))
def test_no_header_that_tells_who_asks_gets_through(name: str, tmp_path: Path) -> None:
    with _front(name, tmp_path) as (port, behind):
        _send(
            port,
            b"GET /seen HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            b"X-Forwarded-For: 192.0.2.7\r\nX-Real-IP: 192.0.2.7\r\n"
            b"Forwarded: for=192.0.2.7\r\n\r\n",
        )
        seen = behind.urls()
        assert seen.seen == [b"/seen"]
        assert not {b"x-forwarded-for", b"x-real-ip", b"forwarded"} & set(seen.headers)
        assert b"192.0.2.7" not in b"".join(behind.came)
