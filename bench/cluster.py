"""Several replicas of the service on this machine, with PostgreSQL, Redis and a proxy before them.

A replica is started as ``make run`` starts it, with an engine of its own; or *light*, with fixed
words in place of machine learning, when only what stands around the engine is looked at. The proxy
is nginx: older versions of Caddy drop the body of a message when they try a second replica, and
newer ones do it right only with the setting that deploy/Caddyfile has.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.systems import ROOT, SERVICE_PYTHON, BenchError, answers
from service.engine_process import free_port
from tests.support import postgres
from tests.support import redis as real_redis

PATIENCE = 120.0

_NGINX = """
daemon off;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 2048; }
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    client_max_body_size 1m;
    client_body_buffer_size 1m;
    upstream replicas {
        %s
        keepalive 32;
    }
    server {
        listen 127.0.0.1:%s;
        location / {
            proxy_pass http://replicas;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_read_timeout 90s;
            proxy_next_upstream error timeout;
        }
    }
}
"""


@dataclass(slots=True)
class Replica:
    """One process of the service.

    Args:
        port: where it listens.
        process: the process, in a group of its own.
    """

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Where it answers, without the proxy."""
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        """Until it says that it is ready.

        Raises:
            BenchError: it ended, or takes too long.
        """
        until = time.monotonic() + PATIENCE
        while not answers(self.url + "/readyz"):
            if self.process.poll() is not None or time.monotonic() > until:
                raise BenchError(f"the replica on port {self.port} does not start")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as a power cut would; its engine ends with it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as an operator does: what is being answered is answered."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass(slots=True)
class Cluster:
    """Databases, and the replicas that share them.

    Args:
        folder: data folder of all.
        env: the settings of all.
        ports: of all replicas that there will ever be; the proxy knows them from the beginning.
        url: of the proxy.
        light: replicas are started without machine learning.
    """

    folder: Path
    env: dict[str, str]
    ports: list[int]
    url: str
    light: bool
    replicas: list[Replica] = field(default_factory=list)

    def start(self, root: Path = ROOT, **settings: str) -> Replica:
        """Start one more, without waiting for it.

        Args:
            root: the copy of the program that it runs.
            settings: its own, by their names in the environment.
        """
        port = self.ports[len(self.replicas)]
        env = (
            self.env
            | {"PORT": str(port), "SPEAKSAFE_PUBLIC_URL": self.url or f"http://127.0.0.1:{port}"}
            | settings
        )
        command = [str(SERVICE_PYTHON), "-m", "service.cli", "run"]
        if self.light:
            rules = "tests.browser.rules_service"
            command = [sys.executable, "-m", rules, str(self.folder), str(port)]
        log = (self.folder / f"replica-{port}.log").open("ab")
        process = subprocess.Popen(
            command,
            cwd=root,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.replicas.append(Replica(port, process))
        return self.replicas[-1]


@contextlib.contextmanager
def running(most: int, *, light: bool = False, proxy: bool = True) -> Iterator[Cluster]:
    """PostgreSQL, Redis and the proxy; no replica yet.

    Args:
        most: how many replicas there will be at most, the ended ones included.
        light: see ``Cluster``.
        proxy: put one before them; else there is no common address.

    Raises:
        BenchError: PostgreSQL or nginx is not installed.
    """
    programs, nginx = postgres.server_programs(), shutil.which("nginx")
    if programs is None or (proxy and nginx is None):
        raise BenchError(
            "several replicas need these: apt-get install postgresql redis nginx-light"
        )
    with contextlib.ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SPEAKSAFE_")}
        env = kept | {
            "SPEAKSAFE_DATABASE_URL": ends.enter_context(postgres.server(programs)),
            "SPEAKSAFE_REDIS_URL": ends.enter_context(real_redis.server()),
            "SPEAKSAFE_STATE_KEY": secrets.token_hex(32),
            "SPEAKSAFE_DATA_DIR": str(folder),
            "SPEAKSAFE_ENGINE_WORKERS": "1",
        }
        ports = [free_port() for _ in range(most)]
        url = ends.enter_context(_proxy(nginx, folder, ports)) if proxy and nginx else ""
        cluster = Cluster(folder, env, ports, url, light)
        ends.callback(_end_all, cluster)
        yield cluster


@contextlib.contextmanager
def _proxy(nginx: str, folder: Path, ports: list[int]) -> Iterator[str]:
    port = free_port()
    upstreams = " ".join(f"server 127.0.0.1:{one} max_fails=0;" for one in ports)
    (folder / "nginx.conf").write_text(_NGINX % (upstreams, port))
    with (folder / "nginx.log").open("wb") as log:
        process = subprocess.Popen(
            [nginx, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + PATIENCE
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise BenchError("the proxy does not start: " + (folder / "nginx.log").read_text())
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end_all(cluster: Cluster) -> None:
    for replica in cluster.replicas:
        if replica.process.poll() is None:
            replica.kill()
