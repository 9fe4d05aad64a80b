"""How the production proxy encrypts: by hand, and by testssl with its rating.

What a certificate of our own cannot have (a public authority, revocation, CAA) is the operator's.
"""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.size import FULL
from tests.support.proxy import Proxy, proxy
from tests.support.tls_rating import OPERATORS, rate


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """The proxy; no service is needed to shake hands."""
    with proxy(tmp_path_factory.mktemp("proxy"), "127.0.0.1:9") as started:
        yield started


def _shake(front: Proxy, version: ssl.TLSVersion, ciphers: str = "") -> tuple[str, str, int]:
    """Version and cipher of a handshake that offers nothing else; the cipher's bits."""
    context = ssl.create_default_context(cafile=str(front.root))
    context.minimum_version = context.maximum_version = version
    if ciphers:
        context.set_ciphers(ciphers)
    port = int(front.https.rpartition(":")[2])
    with (
        socket.create_connection(("localhost", port), timeout=20) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as wrapped,
    ):
        name, said, bits = wrapped.cipher() or ("", "", 0)
        return wrapped.version() or said, name, bits


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_only_the_two_newest_versions_are_spoken(front: Proxy) -> None:
    assert _shake(front, ssl.TLSVersion.TLSv1_3)[0] == "TLSv1.3"
    assert _shake(front, ssl.TLSVersion.TLSv1_2)[0] == "TLSv1.2"
    for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises(ssl.SSLError):
            _shake(front, old, "ALL:@SECLEVEL=0")


def test_no_cipher_is_taken_that_is_not_sealed_or_not_forgotten(front: Proxy) -> None:
    """Without AEAD, or with one key for all times."""
    for weak in ("AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-SHA", "kRSA", "aNULL", "3DES"):
        try:
            taken = _shake(front, ssl.TLSVersion.TLSv1_2, f"{weak}:@SECLEVEL=0")
        except ssl.SSLError:
            continue
        raise AssertionError(f"{weak}: {taken}")
    assert _shake(front, ssl.TLSVersion.TLSv1_2, "ECDHE+CHACHA20")[1].startswith("ECDHE")


def _findings(front: Proxy, folder: Path) -> list[dict[str, str]]:
    """What testssl says of it."""
    name = next((n for n in ("testssl", "testssl.sh") if shutil.which(n)), None)
    assert name, "install testssl.sh; make attack does it"
    file = folder / "found.json"
    words = [name, "--add-ca", str(front.root), "--ip", "127.0.0.1", "--warnings", "off"]
    words += ["--color", "0", "--jsonfile", str(file), front.https.removeprefix("https://")]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=900)
    assert file.is_file(), done.stdout[-2000:]
    found: list[dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.skipif(not FULL, reason="takes minutes: make attack")
def test_testssl_gives_the_top_grade(front: Proxy, tmp_path: Path) -> None:
    """Asked for, not assumed: a mark below the best is named, unless it is the operator's."""
    findings = _findings(front, tmp_path)
    rated = rate(findings)
    assert (rated.grade, rated.caps, rated.warnings) == ("A+", {}, [])
    own = [one["finding"] for one in findings if one["id"] == "overall_grade"]
    assert own in ([], ["A+"]), own
    bad = [
        one
        for one in findings
        if one["severity"] in ("MEDIUM", "HIGH", "CRITICAL", "FATAL")
        and not one["id"].startswith(OPERATORS)
        # The extended master secret of TLS 1.2: Debian's Caddy was built with a Go before 1.21,
        # which lacks it; the image's has it.
        and one["id"] != "TLS_misses_extension_23"
    ]
    assert bad == []


_GOOD = {
    "SSLv2": "not offered", "SSLv3": "not offered", "TLS1": "not offered", "TLS1_1": "not offered",
    "TLS1_2": "offered", "TLS1_3": "offered with final", "cipherlist_NULL": "not offered",
    "cipherlist_aNULL": "not offered", "cipherlist_EXPORT": "not offered",
    "cipherlist_LOW": "not offered", "PFS": "offered", "cert_trust": "Ok via SAN",
    "cert_chain_of_trust": "passed.", "cert_keySize": "EC 256 bits",
    "heartbleed": "not vulnerable", "HSTS_time": "730 days (=63072000 seconds) > 15552000 seconds",
    "cipher_xc02b": "xc02b  ECDHE-ECDSA-AES128-GCM-SHA256  ECDH 253   AESGCM      128      TLS_X",
    "cipher_x1302": "x1302  TLS_AES_256_GCM_SHA384  ECDH 253   AESGCM      256      TLS_AES",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said", "grade"),
    [
        ("TLS1", "offered (deprecated)", "B"),
        ("SSLv2", "offered (NOT ok)", "F"),
        ("TLS1_2", "not offered", "C"),
        ("TLS1_3", "not offered", "A-"),
        ("HSTS_time", "1 day (=86400 seconds)", "A-"),
        ("heartbleed", "VULNERABLE", "F"),
        ("PFS", "not offered", "B"),
        ("cert_trust", "certificate does not match supplied URI", "M"),
        ("cert_chain_of_trust", "failed (self signed CA in chain).", "T"),
        ("cert_keySize", "RSA 1024 bits", "B"),
    ],
)
def test_the_rating_can_fail(changed: str, said: str, grade: str) -> None:
    def of(found: dict[str, str]) -> str:
        return rate([{"id": name, "finding": text} for name, text in found.items()]).grade

    assert of(_GOOD) == "A+"
    assert of(_GOOD | {changed: said}) == grade


def test_a_rating_without_looking_is_none() -> None:
    with pytest.raises(ValueError, match="TLS1_2"):
        rate([])
