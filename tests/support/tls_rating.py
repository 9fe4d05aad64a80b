"""What testssl found, rated as testssl's own newer versions rate it.

Source: ``run_rating`` and the calls of ``set_grade_cap`` and ``set_grade_warning`` in
github.com/testssl/testssl.sh (3.3), after the SSL Server Rating Guide 2009r of SSL Labs. The one
that Debian has finds the same and gives no grade. A newer one's own grade is taken beside ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

#: What only a certificate of a public authority, and the owner of a domain, can have.
OPERATORS = (
    "cert_revocation",  # an address for revocation, OCSP or CRL
    "DNS_CAArecord",
    "cert_expirationStatus",  # our own certificate lives for half a day
    "cert_notAfter",
    "intermediate_cert_expiration",
    "intermediate_cert_notAfter",
    "cert_chain_of_trust",  # judged with our own authority added
    "OCSP_stapling",
    "certificate_transparency",
)

#: Not to be offered at all, and the best grade if it is.
_OFFERED = {
    "SSLv2": "F", "SSLv3": "B", "TLS1": "B", "TLS1_1": "B", "cipherlist_NULL": "F",
    "cipherlist_aNULL": "F", "cipherlist_EXPORT": "F", "cipherlist_LOW": "F",
}  # fmt: skip
#: The best grade of somebody who is vulnerable.
_VULNERABLE = {
    "heartbleed": "F", "CCS": "F", "ticketbleed": "F", "ROBOT": "F", "DROWN": "F", "LOGJAM": "F",
    "FREAK": "F", "CRIME_TLS": "C", "POODLE_SSL": "C", "SWEET32": "C", "BEAST": "B", "RC4": "B",
}  # fmt: skip
_SAFE = re.compile(r"not vulnerable|not offered|not supported by local", re.I)
_STRONG = re.compile(r"\b(AESGCM|AES-GCM|CHACHA20|AESCCM)\b", re.I)
_CIPHER = re.compile(r"cipher[-_](tls1_\d_)?x")
_HALF_A_YEAR = 15_552_000


@dataclass(slots=True)
class Rated:
    """The grade and what it rests on.

    Args:
        grade: A+ to F; T or M if the certificate is not trusted or of another host.
        score: 0 to 100.
        caps: why it cannot be better, with the best grade that it then can have.
        warnings: why it is no A+.
    """

    grade: str
    score: int
    caps: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def rate(findings: Sequence[Mapping[str, str]]) -> Rated:
    """Rate the findings of one host.

    Args:
        findings: the entries of ``--jsonfile``.

    Raises:
        ValueError: something that the grade needs was not looked at.
    """
    said = {one["id"]: one["finding"] for one in findings}
    if missing := {*_OFFERED, "TLS1_2", "TLS1_3", "cert_trust", "heartbleed"} - said.keys():
        raise ValueError(f"not looked at: {', '.join(sorted(missing))}")
    caps = {name: best for name, best in _OFFERED.items() if not said[name].startswith("not off")}
    caps |= {n: best for n, best in _VULNERABLE.items() if n in said and not _SAFE.search(said[n])}
    if not said["TLS1_2"].startswith("offered"):
        caps["TLS1_2"] = "C"
    if not re.match(r"ok", said["cert_trust"], re.I):
        caps["cert_trust"] = "M"
    if not said.get("cert_chain_of_trust", "").startswith("passed"):
        caps["cert_chain_of_trust"] = "T"
    secrecy = said.get("FS") or said.get("PFS") or ""
    if not secrecy.startswith("offered"):
        caps["forward secrecy"] = "B"
    ciphers = {
        name: text for name, text in said.items() if re.match(r"cipher[-_](tls1_\d_)?x", name)
    }
    if not any(_STRONG.search(text) for text in ciphers.values()):
        caps["no AEAD"] = "B"
    warnings = []
    if not said["TLS1_3"].startswith("offered"):
        warnings.append("TLS1_3")
    if _seconds(said.get("HSTS_time", "")) < _HALF_A_YEAR:
        warnings.append("HSTS_time")
    score = _score(said, ciphers, caps)
    return Rated(_letter(score, caps, warnings), score, caps, warnings)


def _seconds(text: str) -> int:
    found = re.search(r"=(\d+) seconds", text)
    return int(found[1]) if found else 0


def _score(said: Mapping[str, str], ciphers: Mapping[str, str], caps: dict[str, str]) -> int:
    """30 % protocols, 30 % key exchange, 40 % ciphers."""
    worth = {"SSLv2": 0, "SSLv3": 80, "TLS1": 90, "TLS1_1": 95, "TLS1_2": 100, "TLS1_3": 100}
    offered = [w for n, w in worth.items() if said[n].startswith("offered")] or [0]
    protocols = (max(offered) + min(offered)) // 2
    exchange = _exchange(said.get("cert_keySize", ""))
    if exchange <= 80:
        caps["cert_keySize"] = "F" if exchange <= 40 else "B"
    bits = [int(n) for text in ciphers.values() for n in re.findall(r"\s(\d{2,3})\s+\w+$", text)]
    strengths = [100 if n >= 256 else 80 if n >= 128 else 20 for n in bits] or [0]
    strength = (max(strengths) + min(strengths)) // 2
    if not (protocols and exchange and strength):
        return 0
    return protocols * 30 // 100 + exchange * 30 // 100 + strength * 40 // 100


def _exchange(size: str) -> int:
    """The certificate's key, in bits of RSA or of an elliptic curve."""
    found = re.match(r"(EC|RSA) (\d+)", size)
    if found is None:
        return 0
    steps = [(256, 100), (224, 90), (160, 80), (112, 40)]
    if found[1] == "RSA":
        steps = [(4096, 100), (2048, 90), (1024, 80), (512, 40)]
    return next((points for bits, points in steps if int(found[2]) >= bits), 0)


def _letter(score: int, caps: Mapping[str, str], warnings: Sequence[str]) -> str:
    steps = [(80, "A"), (65, "B"), (50, "C"), (35, "D"), (20, "E")]
    letter = next((letter for least, letter in steps if score >= least), "F")
    if caps:
        return max([letter, *caps.values()])
    if letter == "A":
        return "A-" if warnings else "A+"
    return letter
