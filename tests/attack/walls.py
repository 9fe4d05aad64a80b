"""The networks of docker-compose.yml, built of real network namespaces, and who reaches whom.

    unshare --net --mount python -m tests.attack.walls

Each part is a namespace; each network of the file is a bridge. Those that are not ``internal`` lead
to a host that stands for the internet. Prints for each part what it reaches, as JSON: in the usual
way (``reaches``), and when it may bend its own routes, which it may not in production (``bends``).
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]

PORT = 4000
INTERNET = "203.0.113.1"


def run(*words: str) -> None:
    """One command; it must work."""
    subprocess.run(words, check=True, capture_output=True)


@contextlib.contextmanager
def inside(part: str) -> Iterator[None]:
    """What is done here is done in the namespace of a part."""
    here, there = os.open("/proc/thread-self/ns/net", os.O_RDONLY), _opened(part)
    os.setns(there, os.CLONE_NEWNET)
    try:
        yield
    finally:
        os.setns(here, os.CLONE_NEWNET)
        os.close(here)
        os.close(there)


def _opened(part: str) -> int:
    return os.open(f"/run/netns/{part}", os.O_RDONLY)


def build(compose: dict[str, Any]) -> dict[str, list[str]]:
    """Everything as the file has it; the addresses of each part."""
    run("mount", "-t", "tmpfs", "none", "/run")  # its names are seen by nobody else
    addresses: dict[str, list[str]] = {name: [] for name in compose["services"]}
    for name in (*addresses, "internet"):
        run("ip", "netns", "add", name)
        run("ip", "-n", name, "link", "set", "lo", "up")
    run("ip", "-n", "internet", "address", "add", f"{INTERNET}/32", "dev", "lo")
    for number, (network, wish) in enumerate(compose["networks"].items()):
        bridge, prefix = f"b{number}", f"10.77.{number}"
        run("ip", "link", "add", bridge, "type", "bridge")
        run("ip", "link", "set", bridge, "up")
        parts = [n for n, part in compose["services"].items() if network in part["networks"]]
        for place, name in enumerate(parts, 10):
            _plug(bridge, f"v{number}x{place}", name, f"{prefix}.{place}")
            addresses[name].append(f"{prefix}.{place}")
        if not (wish or {}).get("internal"):
            _plug(bridge, f"v{number}x1", "internet", f"{prefix}.1")
            for name in parts:
                run("ip", "-n", name, "route", "replace", "default", "via", f"{prefix}.1")
    return addresses | {"internet": [INTERNET]}


def _plug(bridge: str, cable: str, name: str, address: str) -> None:
    run("ip", "link", "add", cable, "type", "veth", "peer", "name", f"{cable}p")
    run("ip", "link", "set", cable, "master", bridge, "up")
    run("ip", "link", "set", f"{cable}p", "netns", name)
    run("ip", "-n", name, "address", "add", f"{address}/24", "dev", f"{cable}p")
    run("ip", "-n", name, "link", "set", f"{cable}p", "up")


def reached(part: str, addresses: dict[str, list[str]]) -> list[str]:
    """The parts that take a connection from this one."""
    with inside(part):
        return sorted(
            other
            for other, theirs in addresses.items()
            if other != part and any(_answers(address) for address in theirs)
        )


def _answers(address: str) -> bool:
    try:
        socket.create_connection((address, PORT), timeout=0.4).close()
    except OSError:
        return False
    return True


def bent(part: str, addresses: dict[str, list[str]]) -> list[str]:
    """What it reaches when it sends everything through each neighbour in turn."""
    found: set[str] = set()
    for other, theirs in addresses.items():
        for address in theirs if other != part else ():
            words = ("ip", "-n", part, "route", "replace", "default", "via", address)
            if subprocess.run(words, capture_output=True).returncode == 0:
                found.update(reached(part, addresses))
    return sorted(found)


def main() -> dict[str, Any]:
    """Build it, and try every way."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    addresses = build(compose)
    doors = []
    for name in addresses:
        with inside(name):
            doors.append(socket.create_server(("0.0.0.0", PORT)))  # noqa: S104 (a namespace)
    usual = {name: reached(name, addresses) for name in compose["services"]}
    return {"reaches": usual, "bends": bent("engine", addresses)}


if __name__ == "__main__":
    print(json.dumps(main()))
