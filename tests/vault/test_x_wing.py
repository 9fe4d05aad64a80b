"""The second suite: X-Wing, against the published vectors, by another implementation than ours.

The library seals with a suite of its own; here the same is done a second time from its parts
(ML-KEM-768, X25519, SHA3-256, HKDF), which the published vectors hold to account, and what one
seals the other opens. One sealing was made by the npm library that browsers can use.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.cli import main
from vault import keyfiles
from vault.encoding import from_text, to_text
from vault.keys import MLKEM_BYTES, Kem, PrivateKey, PublicKey, x_wing_halves
from vault.recipients import join, split
from vault.sealing import (
    SUITE_NAME,
    X_WING_NAME,
    Context,
    SealingError,
    open_envelope,
    seal,
    share,
)

VECTORS = json.loads((Path(__file__).parent / "vectors" / "xwing.json").read_text())
CONTEXT = Context("answer", "r1")
LABEL = b"\\.//^\\"
KEM_ID, KDF_ID = 0x647A, 1


def key_of(seed: str) -> PrivateKey:
    return PrivateKey(bytes.fromhex(seed), "x-wing")


def combined(lattice: bytes, curve: bytes, enc: bytes, public: PublicKey) -> bytes:
    """The combiner of the draft, section 5.3."""
    return hashlib.sha3_256(
        lattice + curve + enc[1088:] + public.raw[MLKEM_BYTES:] + LABEL
    ).digest()


def decapsulated(key: PrivateKey, enc: bytes) -> bytes:
    lattice, curve = x_wing_halves(key)
    point = X25519PublicKey.from_public_bytes(enc[1088:])
    return combined(lattice.decapsulate(enc[:1088]), curve.exchange(point), enc, key.public())


def encapsulated(public: PublicKey) -> tuple[bytes, bytes]:
    secret, ciphertext = MLKEM768PublicKey.from_public_bytes(public.raw[:1184]).encapsulate()
    mine = X25519PrivateKey.generate()
    curve = mine.exchange(X25519PublicKey.from_public_bytes(public.raw[1184:]))
    enc = ciphertext + mine.public_key().public_bytes_raw()
    return combined(secret, curve, enc, public), enc


def scheduled(shared: bytes, info: bytes, aead: int) -> tuple[bytes, bytes]:
    """Key and nonce of RFC 9180, section 5.1, in base mode."""
    suite = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (KEM_ID, KDF_ID, aead))

    def extract(salt: bytes, label: bytes, material: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")

    def expand(key: bytes, label: bytes, about: bytes, length: int) -> bytes:
        labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + about
        return hmac.digest(key, labeled + b"\x01", "sha256")[:length]

    about = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")
    return expand(secret, b"key", about, 32), expand(secret, b"base_nonce", about, 12)


@pytest.mark.parametrize("vector", VECTORS["kem"], ids=range(3))
def test_the_published_vectors_of_the_kem(vector: dict[str, str]) -> None:
    key = key_of(vector["sk"])
    assert key.public().raw.hex() == vector["pk"]
    assert decapsulated(key, bytes.fromhex(vector["ct"])).hex() == vector["ss"]


def test_the_published_vector_of_hpke() -> None:
    vector = VECTORS["hpke"]
    shared = decapsulated(key_of(vector["skRm"]), bytes.fromhex(vector["enc"]))
    assert shared.hex() == vector["shared_secret"]
    key, nonce = scheduled(shared, bytes.fromhex(vector["info"]), aead=3)
    assert (key.hex(), nonce.hex()) == (vector["key"], vector["base_nonce"])


def test_what_we_seal_is_opened_from_the_parts() -> None:
    key = PrivateKey.new("x-wing")
    envelope = json.loads(seal(b"an answer", [key.public()], CONTEXT))
    assert envelope["suite"] == X_WING_NAME
    (entry,) = envelope["to"]
    shared = decapsulated(key, from_text(entry["enc"]))
    opened, nonce = scheduled(shared, CONTEXT.info(), aead=2)
    content_key = AESGCM(opened).decrypt(nonce, from_text(entry["ct"]), b"")
    body = AESGCM(content_key).decrypt(
        from_text(envelope["iv"]), from_text(envelope["body"]), CONTEXT.info()
    )
    assert body[4:13] == b"an answer"


def test_what_is_sealed_from_the_parts_we_open() -> None:
    key = PrivateKey.new("x-wing")
    envelope = json.loads(seal(b"an answer", [PrivateKey.new("x-wing").public()], CONTEXT))
    shared, enc = encapsulated(key.public())
    content_key, iv = bytes(range(32)), bytes(12)
    hpke_key, nonce = scheduled(shared, CONTEXT.info(), aead=2)
    body = (9).to_bytes(4, "big") + b"an answer" + bytes(1024 - 13)
    envelope |= {
        "to": [
            {
                "kid": key.public().key_id,
                "enc": to_text(enc),
                "ct": to_text(AESGCM(hpke_key).encrypt(nonce, content_key, b"")),
            }
        ],
        "iv": to_text(iv),
        "body": to_text(AESGCM(content_key).encrypt(iv, body, CONTEXT.info())),
    }
    assert open_envelope(json.dumps(envelope).encode(), key, CONTEXT) == b"an answer"


def test_what_the_npm_library_sealed_we_open() -> None:
    vector = {name: bytes.fromhex(value) for name, value in VECTORS["npm"].items()}
    key = PrivateKey(vector["private"], "x-wing")
    assert key.public().raw == vector["public"] and vector["info"] == CONTEXT.info()
    opened, nonce = scheduled(decapsulated(key, vector["enc"]), vector["info"], aead=2)
    content_key = AESGCM(opened).decrypt(nonce, vector["ct"], b"")
    assert content_key == b"thirty-two bytes of content key!"
    iv = bytes(12)
    body = (2).to_bytes(4, "big") + b"ok" + bytes(1024 - 6)
    envelope = {
        "v": 1,
        "suite": X_WING_NAME,
        "to": [
            {
                "kid": key.public().key_id,
                "enc": to_text(vector["enc"]),
                "ct": to_text(vector["ct"]),
            }
        ],
        "iv": to_text(iv),
        "body": to_text(AESGCM(content_key).encrypt(iv, body, CONTEXT.info())),
    }
    assert open_envelope(json.dumps(envelope).encode(), key, CONTEXT) == b"ok"


def test_recipients_of_both_kinds_open_one_envelope() -> None:
    old, new = PrivateKey.new(), PrivateKey.new("x-wing")
    envelope = seal(b"x", [old.public(), new.public()], CONTEXT)
    parts = json.loads(envelope)
    named = {entry["kid"]: entry.get("suite") for entry in parts["to"]}
    assert parts["suite"] == SUITE_NAME
    assert named == {old.public().key_id: None, new.public().key_id: X_WING_NAME}
    for key in (old, new):
        assert open_envelope(envelope, key, CONTEXT) == b"x"


def test_a_suite_is_changed_by_nobody() -> None:
    old, new = PrivateKey.new(), PrivateKey.new("x-wing")
    envelope = seal(b"x", [new.public()], CONTEXT)
    renamed = envelope.replace(X_WING_NAME.encode(), SUITE_NAME.encode())
    for key in (new, PrivateKey(new.raw)):
        with pytest.raises(SealingError):
            open_envelope(renamed, key, CONTEXT)
    with pytest.raises(SealingError):
        open_envelope(envelope, PrivateKey(new.raw), CONTEXT)
    mixed = json.loads(seal(b"x", [old.public(), new.public()], CONTEXT))
    for suites in ({"suite": SUITE_NAME}, {"suite": "none"}, {"suite": 7}, {"other": X_WING_NAME}):
        to = [{"kid": e["kid"], "enc": e["enc"], "ct": e["ct"]} | suites for e in mixed["to"]]
        with pytest.raises(SealingError):
            open_envelope(json.dumps(mixed | {"to": to}).encode(), new, CONTEXT)
    bare = [{"kid": e["kid"], "enc": e["enc"], "ct": e["ct"]} for e in mixed["to"]]
    with pytest.raises(SealingError):
        open_envelope(json.dumps(mixed | {"to": bare}).encode(), new, CONTEXT)


def test_every_changed_byte_is_noticed() -> None:
    key = PrivateKey.new("x-wing")
    envelope = json.loads(seal(b"x", [key.public()], CONTEXT))
    (entry,) = envelope["to"]
    enc = from_text(entry["enc"])
    for at in (0, 500, 1087, 1088, 1119):
        changed = enc[:at] + bytes([enc[at] ^ 1]) + enc[at + 1 :]
        bad = envelope | {"to": [entry | {"enc": to_text(changed)}]}
        with pytest.raises(SealingError):
            open_envelope(json.dumps(bad).encode(), key, CONTEXT)
    cut = envelope | {"to": [entry | {"enc": to_text(enc[:32])}]}
    with pytest.raises(SealingError):
        open_envelope(json.dumps(cut).encode(), key, CONTEXT)


@pytest.mark.parametrize("kinds", [("x25519", "x-wing"), ("x-wing", "x25519")])
def test_an_office_changes_its_suite_by_sharing(kinds: tuple[Kem, Kem]) -> None:
    before, after = (PrivateKey.new(kind) for kind in kinds)
    envelope = seal(b"x", [before.public()], CONTEXT)
    entry = share(envelope, before, after.public(), CONTEXT)
    both = join(envelope, [entry])
    alone, taken = split(both, {before.public().key_id})
    assert open_envelope(both, before, CONTEXT) == open_envelope(alone, after, CONTEXT) == b"x"
    assert open_envelope(join(alone, taken), before, CONTEXT) == b"x"
    for wrong in ({**entry, "suite": json.loads(envelope)["suite"]}, {**entry, "enc": "AAAA"}):
        with pytest.raises(SealingError):
            join(envelope, [wrong])
    with pytest.raises(SealingError):
        join(envelope, [{name: entry[name] for name in ("kid", "enc", "ct")}])


def test_sharing_works_within_the_suite() -> None:
    one, two = PrivateKey.new("x-wing"), PrivateKey.new("x-wing")
    envelope = seal(b"x", [one.public()], CONTEXT)
    shared = join(envelope, [share(envelope, one, two.public(), CONTEXT)])
    assert open_envelope(shared, two, CONTEXT) == b"x"


def test_keys_travel_as_text_and_unsafe_ones_are_refused() -> None:
    public = PrivateKey.new("x-wing").public()
    assert PublicKey.from_text(public.to_text()) == public and public.kem == "x-wing"
    low = public.raw[:MLKEM_BYTES] + bytes(32)
    with pytest.raises(ValueError, match="safe"):
        PublicKey.from_text(to_text(low))
    with pytest.raises(ValueError, match="32 bytes"):
        PublicKey(public.raw[:-1])


def test_a_key_file_of_the_second_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPEAKSAFE_DATA_DIR", str(tmp_path))
    path = tmp_path / "task-force.key"
    command = ["keys", "new", "--suite", "x-wing", "--out", str(path), "--offline", "--role"]
    assert main([*command, "task-force"]) == 0
    private = keyfiles.read_private(path)
    assert private.kem == "x-wing"
    assert keyfiles.read(keyfiles.public_path(path)).public == private.public()
    envelope = seal(b"an answer", [private.public()], CONTEXT)
    assert open_envelope(envelope, private, CONTEXT) == b"an answer"
