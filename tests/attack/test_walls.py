"""The walls between the parts, tried with real networks; and what their containers may do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from tests.attack.promises import ROOT


@pytest.fixture(scope="module")
def tried() -> dict[str, Any]:
    """Who reaches whom in the networks of the production file."""
    apart = ["unshare", "--net", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    done = subprocess.run(
        [*apart, sys.executable, "-m", "tests.attack.walls"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_engine_reaches_the_service_and_redis_and_nobody_else(tried: dict[str, Any]) -> None:
    assert tried["reaches"]["engine"] == ["redis", "service"]


def test_the_engine_gets_no_further_through_its_neighbours(tried: dict[str, Any]) -> None:
    assert tried["bends"] == ["redis", "service"]


def test_the_database_and_redis_have_no_way_out(tried: dict[str, Any]) -> None:
    assert tried["reaches"]["database"] == ["service"]
    assert tried["reaches"]["redis"] == ["engine", "service"]


def test_only_the_service_reaches_the_database(tried: dict[str, Any]) -> None:
    assert [n for n, seen in tried["reaches"].items() if "database" in seen] == ["service"]


def test_the_trial_can_fail(tried: dict[str, Any]) -> None:
    """Those that must reach the internet do: carriers are called, certificates fetched."""
    out = [name for name, seen in tried["reaches"].items() if "internet" in seen]
    assert sorted(out) == ["onion", "proxy", "service"]


def test_no_container_may_more_than_it_needs() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    for name, part in compose["services"].items():
        more = {"cap_add", "privileged", "pid", "ipc", "network_mode", "devices", "userns_mode"}
        assert more & part.keys() == set(), name
        assert "docker.sock" not in str(part), name
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", part["user"]), name
        writable = [v for v in part.get("volumes", []) if not v.endswith(":ro")]
        assert all(v.split(":")[0] in compose["volumes"] for v in writable), f"{name} writes here"
        assert part["logging"]["options"]["max-size"], f"{name}: its log fills the disk"


@pytest.mark.parametrize("name", ["service", "engine", "proxy", "onion"])
def test_an_image_is_made_for_a_user_who_is_not_root(name: str) -> None:
    text = (ROOT / "deploy" / f"{name}.Dockerfile").read_text(encoding="utf-8")
    users = re.findall(r"^USER (\S+)$", text, re.MULTILINE)
    assert not users or users[-1].split(":")[0] not in ("root", "0"), users
    assert not re.search(r"curl[^\n]*\|\s*(ba)?sh|chmod -?R? ?777|--no-verify", text)
    assert "ADD http" not in text


def test_what_is_installed_in_an_image_is_checked_by_its_hash() -> None:
    for name in ("service", "engine"):
        text = (ROOT / "deploy" / f"{name}.Dockerfile").read_text(encoding="utf-8")
        installs = re.findall(r"^RUN .*pip install.*$|.*uv pip.*", text, re.MULTILINE)
        assert installs, name
        for line in installs:
            assert "--require-hashes" in line or ".lock" in line or "tools" in line, line
