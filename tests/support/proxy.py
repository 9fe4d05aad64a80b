"""The production proxy, started natively with its own file and a certificate of its own making.

Only what a machine without containers cannot have is changed in a copy of ``deploy/Caddyfile``:
the ports, and the service's address. For the host name ``localhost`` Caddy makes a certificate
with an authority of its own, whose root lies in the folder.
"""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.live import free_port

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "deploy" / "Caddyfile"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy.

    Args:
        https: its encrypted address.
        http: its open address, which leads to the other.
        onion: what Tor would reach.
        root: the certificate of its authority, a file.
    """

    https: str
    http: str
    onion: str
    root: Path

    def client(self, url: str = "") -> httpx.Client:
        """Asks it, and believes its authority alone."""
        trusted = ssl.create_default_context(cafile=str(self.root))
        return httpx.Client(base_url=url or self.https, verify=trusted, trust_env=False, timeout=30)


def native(text: str, ports: tuple[int, int, int], behind: str) -> str:
    """The production file for this machine.

    Args:
        text: of the file.
        ports: for http, https, and the onion service.
        behind: host and port of the service.

    Raises:
        ValueError: something that has to be changed is not in it.
    """
    http, https, onion = ports
    changes = {
        "http_port 8080": f"http_port {http}\n\tskip_install_trust",
        "https_port 8443": f"https_port {https}",
        "\n:8081 {": f"\n:{onion} {{",
        "reverse_proxy service:8000": f"reverse_proxy {behind}",
        # Debian's Caddy is older than the image's and does not know it.
        "request_buffers 1MB": "",
        # Who waits for a service that is away waits less here.
        "lb_try_duration 5s": "lb_try_duration 100ms",
    }
    for old, new in changes.items():
        if text.count(old) != 1:
            raise ValueError(f"deploy/Caddyfile must hold {old!r} once; mend this list")
        text = text.replace(old, new)
    return text


@contextmanager
def proxy(folder: Path, behind: str) -> Iterator[Proxy]:
    """Start it; it ends with the block.

    Args:
        folder: for its file and its authority.
        behind: host and port of the service.
    """
    assert shutil.which("caddy"), "install caddy; make test does it"
    ports = (free_port(), free_port(), free_port())
    text = native(FILE.read_text(encoding="utf-8"), ports, behind)
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    env = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "SPEAKSAFE_SITE": "localhost"}
    words = ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with (folder / "said").open("wb") as said:
        env |= {"PATH": os.environ["PATH"]}
        process = subprocess.Popen(words, env=env, stdout=said, stderr=said)
    try:
        root = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        _up(process, ports, root, folder / "said")
        http, https, onion = (f"localhost:{port}" for port in ports)
        yield Proxy(f"https://{https}", f"http://{http}", f"http://{onion}", root)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _up(process: subprocess.Popen[bytes], ports: tuple[int, ...], root: Path, said: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        if root.is_file() and all(_open(port) for port in ports) and _shakes(ports[1], root):
            return
        time.sleep(0.05)
    raise AssertionError(f"the proxy did not start: {said.read_text()[-1000:]}")


def _open(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _shakes(port: int, root: Path) -> bool:
    """Its certificate is there, a moment after its door is open."""
    trusted = ssl.create_default_context(cafile=str(root))
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
            trusted.wrap_socket(raw, server_hostname="localhost").close()
    except OSError:
        return False
    return True
