"""The production file is valid and keeps its walls."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.settings import NAMES

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def test_there_are_the_five_parts_and_one_that_is_asked_for(compose: dict[str, Any]) -> None:
    asked_for = {name for name, part in compose["services"].items() if part.get("profiles")}
    assert asked_for == {"onion"}
    always = compose["services"].keys() - asked_for
    assert always == {"proxy", "service", "engine", "database", "redis"}


def test_the_onion_service_reaches_the_proxy_and_nothing_behind_it(compose: dict[str, Any]) -> None:
    onion = compose["services"]["onion"]
    assert set(onion["networks"]) == {"front", "out"}
    assert "ports" not in onion and "env_file" not in onion and "secrets" not in onion
    torrc = (ROOT / "deploy" / "torrc").read_text()
    (port,) = re.findall(r"^HiddenServicePort 80 proxy:(\d+)$", torrc, re.MULTILINE)
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert f"\n:{port} {{" in caddy
    published = str(compose["services"]["proxy"]["ports"])
    assert port not in published, "without TLS it must not be reached from outside"
    for line in ("SocksPort 0", "SafeLogging 1"):
        assert line in torrc.splitlines()


def test_every_part_is_hardened(compose: dict[str, Any]) -> None:
    for name, part in compose["services"].items():
        assert part["read_only"] is True, name
        assert part["cap_drop"] == ["ALL"], name
        assert part["security_opt"] == ["no-new-privileges:true"], name
        assert not part["user"].startswith("0"), name
        assert "privileged" not in part, name


def test_only_the_proxy_has_a_door_to_the_world(compose: dict[str, Any]) -> None:
    assert [n for n, part in compose["services"].items() if "ports" in part] == ["proxy"]


def test_the_engine_has_no_way_out_and_no_way_to_the_data(compose: dict[str, Any]) -> None:
    networks = compose["services"]["engine"]["networks"]
    assert all(compose["networks"][name].get("internal") for name in networks)
    assert not set(networks) & set(compose["services"]["database"]["networks"])
    assert "secrets" not in compose["services"]["engine"]
    assert "volumes" not in compose["services"]["engine"]


def test_redis_persists_nothing(compose: dict[str, Any]) -> None:
    command = compose["services"]["redis"]["command"]
    assert command[command.index("--save") + 1] == ""
    assert command[command.index("--appendonly") + 1] == "no"
    assert compose["services"]["redis"]["tmpfs"] == ["/data"]


def test_the_database_keeps_no_statement_and_checks_its_pages(compose: dict[str, Any]) -> None:
    """What docs/operating.md says the composition sets."""
    database = compose["services"]["database"]
    said = database["command"][1:]
    assert set(said[::2]) == {"-c"}
    assert {
        "log_statement=none",
        "log_min_error_statement=panic",
        "log_parameter_max_length_on_error=0",
    } <= set(said[1::2])
    assert "--data-checksums" in database["environment"]["POSTGRES_INITDB_ARGS"]


def test_what_the_guide_tells_an_operator_to_type_is_in_the_file(compose: dict[str, Any]) -> None:
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for words in re.findall(r"^docker compose (.+)$", guide, re.MULTILINE):
        asked = re.sub(r"--profile onion ", "", words).split()
        known = set(compose["services"])
        last = [word for word in asked if word in known]
        starts_all = asked[:2] == ["up", "-d"] or asked[0] == "build"
        assert last or starts_all, words
    assert [str(port).split(":")[0] for port in compose["services"]["proxy"]["ports"]] == [
        "80",
        "443",
    ], "the guide names these two"


def test_the_proxy_keeps_a_message_to_try_it_again_and_hides_the_counts() -> None:
    caddy = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    for line in ("request_buffers 1MB", "respond /metrics 404", "admin off", "exclude http"):
        assert f"{line}\n" in caddy, line


def test_every_part_has_a_place_to_write_only_where_it_must(compose: dict[str, Any]) -> None:
    """With read-only files, what is not a volume is memory and gone with the part."""
    volumes = {
        name: [volume.split(":")[0] for volume in part.get("volumes", [])]
        for name, part in compose["services"].items()
    }
    assert volumes == {
        "proxy": ["./deploy/Caddyfile", "proxy-data"],
        "service": ["service-data"],
        "engine": [],
        "database": ["database"],
        "redis": [],
        "onion": ["onion"],
    }
    for name, part in compose["services"].items():
        assert part["ulimits"] == {"core": 0}, f"{name}: a crash would leave what people said"


def test_names_that_are_used_are_declared(compose: dict[str, Any]) -> None:
    for name, part in compose["services"].items():
        assert set(part["networks"]) <= set(compose["networks"]), name
        for volume in part.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (ROOT / source).exists(), volume
        for needed in part.get("depends_on", {}):
            assert needed in compose["services"]
        for secret in part.get("secrets", []):
            assert secret in compose["secrets"]
        if "build" in part:
            assert (ROOT / part["build"]["dockerfile"]).is_file()


def test_images_and_settings_are_ones_that_exist(compose: dict[str, Any]) -> None:
    for part in compose["services"].values():
        image = part.get("image")
        assert image is None or re.fullmatch(r"[a-z]+:\d+(\.\d+)*-alpine", image), image
    ours = compose["services"]["service"]["environment"]
    assert set(ours) <= set(NAMES)


def test_what_the_images_copy_is_there() -> None:
    for name in ("service", "engine"):
        text = (ROOT / "deploy" / f"{name}.Dockerfile").read_text()
        for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
            *sources, _ = line.split()
            for source in sources:
                assert (ROOT / source).exists(), source
        assert re.search(r"^USER 1000:1000$", text, re.MULTILINE) or name == "proxy"


def test_every_package_is_in_the_service_image() -> None:
    text = (ROOT / "deploy" / "service.Dockerfile").read_text()
    for package in ("actions", "bot", "catalogue", "inbox", "policy", "reports", "survey", "vault"):
        assert f"COPY {package} {package}" in text


def test_fresh_secrets_differ_and_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        subprocess.run(
            [str(ROOT / "deploy" / "new-secrets.sh"), str(tmp_path / name)],
            check=True,
            capture_output=True,
        )
        made.append((tmp_path / name / "pepper").read_text())
        for path in (tmp_path / name).iterdir():
            assert path.stat().st_mode & 0o077 == 0, path.name
    assert made[0] != made[1]
    assert all(re.fullmatch("[0-9a-f]{64}", pepper) for pepper in made)


def test_the_engine_gets_a_key_of_its_own_and_the_common_token(tmp_path: Path) -> None:
    subprocess.run(
        [str(ROOT / "deploy" / "new-secrets.sh"), str(tmp_path / "made")],
        check=True,
        capture_output=True,
    )

    def read(name: str) -> dict[str, str]:
        lines = (tmp_path / "made" / f"{name}.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    service, engine = read("service"), read("engine")
    assert service["SPEAKSAFE_ENGINE_TOKEN"] == engine["SPEAKSAFE_ENGINE_TOKEN"]
    assert service["SPEAKSAFE_STATE_KEY"] != engine["SPEAKSAFE_STATE_KEY"]
    assert set(engine) == {"SPEAKSAFE_ENGINE_TOKEN", "SPEAKSAFE_STATE_KEY"}
