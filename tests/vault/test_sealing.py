"""Envelopes: the published vectors, and everything that must not open."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given, settings
from hypothesis import strategies as st

from vault.encoding import to_text
from vault.padding import bucket, pad, unpad
from vault.sealing import (
    SUITE_NAME,
    Context,
    PrivateKey,
    PublicKey,
    SealingError,
    key_ids,
    open_envelope,
    seal,
)

REPORT = Context("report", "case-1")
VECTOR = json.loads((Path(__file__).parent / "vectors/rfc9180.json").read_bytes())["vector"]


def _hex(name: str) -> bytes:
    return bytes.fromhex(VECTOR[name])


# -- RFC 9180 --------------------------------------------------------------------------------


def test_the_library_opens_the_published_ciphertext() -> None:
    message = {name: bytes.fromhex(text) for name, text in VECTOR["encryptions"][0].items()}
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    private = X25519PrivateKey.from_private_bytes(_hex("skRm"))
    sealed = _hex("enc") + message["ct"]
    opened = openssl.hpke._decrypt_with_aad(
        suite, sealed, private, info=_hex("info"), aad=message["aad"]
    )
    assert opened == message["pt"]


class Published(Context):
    """A context whose bytes are the published ``info``."""

    def info(self) -> bytes:
        return _hex("info")


def test_an_envelope_made_from_the_published_key_schedule_opens() -> None:
    # The vectors authenticate "Count-0" beside each message and an envelope nothing, so the
    # content key is encrypted here by hand, under the key and the nonce that the RFC derives.
    content_key, iv, info = b"\x07" * 32, b"\x09" * 12, _hex("info")
    sealed_key = AESGCM(_hex("key")).encrypt(_hex("base_nonce"), content_key, b"")
    entry = {
        "kid": PublicKey(_hex("pkRm")).key_id,
        "enc": to_text(_hex("enc")),
        "ct": to_text(sealed_key),
    }
    body = AESGCM(content_key).encrypt(iv, pad("Émue, أنا".encode()), info)
    parts = {"v": 1, "suite": SUITE_NAME, "to": [entry], "iv": to_text(iv), "body": to_text(body)}
    opened = open_envelope(
        json.dumps(parts).encode(), PrivateKey(_hex("skRm")), Published("report", "x")
    )
    assert opened.decode() == "Émue, أنا"


def test_a_public_key_is_derived_as_published() -> None:
    assert PrivateKey(_hex("skRm")).public().raw == _hex("pkRm")


# -- sealing and opening ---------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=3000), st.text(max_size=20))
def test_what_was_sealed_is_opened(plaintext: bytes, binding: str) -> None:
    key = PrivateKey.new()
    context = Context("addition", binding)
    assert open_envelope(seal(plaintext, [key.public()], context), key, context) == plaintext


def test_every_recipient_opens_it_and_the_recovery_key_too() -> None:
    focal_points = [PrivateKey.new(), PrivateKey.new()]
    recovery = PrivateKey.new()
    everybody = [*focal_points, recovery]
    envelope = seal(b"words", [key.public() for key in everybody], REPORT)
    assert [open_envelope(envelope, key, REPORT) for key in everybody] == [b"words"] * 3
    assert sorted(key_ids(envelope)) == sorted(key.public().key_id for key in everybody)


def test_a_recipient_named_twice_counts_once() -> None:
    key = PrivateKey.new()
    envelope = seal(b"words", [key.public(), key.public()], REPORT)
    assert key_ids(envelope) == (key.public().key_id,)


def test_the_order_of_recipients_does_not_show() -> None:
    keys = [PrivateKey.new().public() for _ in range(3)]
    orders = {key_ids(seal(b"", keys, REPORT)) for _ in range(60)}
    assert len(orders) > 1


def test_two_envelopes_of_the_same_words_share_nothing() -> None:
    key = PrivateKey.new().public()
    first, second = (json.loads(seal(b"words", [key], REPORT)) for _ in range(2))
    assert first["iv"] != second["iv"]
    assert first["body"] != second["body"]
    assert first["to"][0]["enc"] != second["to"][0]["enc"]


def test_nobody_is_no_recipient() -> None:
    with pytest.raises(ValueError, match="at least one recipient"):
        seal(b"words", [], REPORT)


def test_the_envelope_has_the_agreed_form() -> None:
    envelope = seal(b"words", [PrivateKey.new().public()], REPORT)
    parts = json.loads(envelope)
    assert list(parts) == ["v", "suite", "to", "iv", "body"]
    assert (parts["v"], parts["suite"]) == (1, "hpke-x25519-sha256-aes256gcm")
    assert [list(entry) for entry in parts["to"]] == [["kid", "enc", "ct"]]
    assert b"=" not in envelope and b" " not in envelope and b"words" not in envelope


# -- what must not open ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def key() -> PrivateKey:
    return PrivateKey.new()


@pytest.fixture(scope="module")
def envelope(key: PrivateKey) -> bytes:
    return seal(b"a name and a place", [key.public()], REPORT)


def test_another_key_does_not_open(envelope: bytes) -> None:
    with pytest.raises(SealingError):
        open_envelope(envelope, PrivateKey.new(), REPORT)


def test_another_key_under_the_right_name_does_not_open(key: PrivateKey, envelope: bytes) -> None:
    other = PrivateKey.new()
    renamed = envelope.replace(key.public().key_id.encode(), other.public().key_id.encode())
    with pytest.raises(SealingError):
        open_envelope(renamed, other, REPORT)


@pytest.mark.parametrize(
    "context",
    [
        Context("reply", "case-1"),
        Context("report", "case-2"),
        Context("report", "case-1 "),
        Context("report", ""),
    ],
)
def test_another_context_does_not_open(key: PrivateKey, envelope: bytes, context: Context) -> None:
    with pytest.raises(SealingError):
        open_envelope(envelope, key, context)


def test_contexts_never_read_alike() -> None:
    assert Context("a", "b/c").info() == b"speaksafe/1/a/b/c"
    with pytest.raises(ValueError, match="slash"):
        Context("a/b", "c")


def test_a_body_bound_to_another_context_does_not_open(key: PrivateKey, envelope: bytes) -> None:
    """The two layers are bound each for itself: mixing two envelopes opens neither."""
    other = json.loads(seal(b"other words", [key.public()], Context("reply", "case-1")))
    mixed = json.loads(envelope) | {"body": other["body"], "iv": other["iv"]}
    with pytest.raises(SealingError):
        open_envelope(json.dumps(mixed).encode(), key, REPORT)


def test_a_cut_envelope_does_not_open(key: PrivateKey, envelope: bytes) -> None:
    for end in range(len(envelope)):
        with pytest.raises(SealingError):
            open_envelope(envelope[:end], key, REPORT)


@pytest.mark.parametrize("mask", [0x01, 0x02, 0x20, 0x80])
def test_an_envelope_with_one_changed_byte_does_not_open(
    key: PrivateKey, envelope: bytes, mask: int
) -> None:
    for at in range(len(envelope)):
        changed = bytearray(envelope)
        changed[at] ^= mask
        with pytest.raises(SealingError):
            open_envelope(bytes(changed), key, REPORT)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"v": 1.0},
        {"suite": "none"},
        {"to": {}},
        {"to": []},
        {"to": ["x"]},
        {"to": [{"kid": "x"}]},
        {"to": [{"kid": 1, "enc": "", "ct": ""}]},
        {"iv": None},
        {"iv": ""},
        {"body": ""},
        {"body": "é"},
        {"more": 1},
    ],
)
def test_other_forms_do_not_open(
    key: PrivateKey, envelope: bytes, change: dict[str, object]
) -> None:
    changed = json.loads(envelope) | change
    with pytest.raises(SealingError):
        open_envelope(json.dumps(changed).encode(), key, REPORT)


def test_a_recipient_listed_twice_does_not_open(key: PrivateKey, envelope: bytes) -> None:
    parts = json.loads(envelope)
    with pytest.raises(SealingError):
        open_envelope(json.dumps(parts | {"to": parts["to"] * 2}).encode(), key, REPORT)


@pytest.mark.parametrize("junk", [b"", b"null", b"[]", b"\xff", b"[" * 100_000, b'{"v":1}'])
def test_junk_is_no_envelope(key: PrivateKey, junk: bytes) -> None:
    with pytest.raises(SealingError):
        open_envelope(junk, key, REPORT)
    with pytest.raises(SealingError):
        key_ids(junk)


@pytest.mark.parametrize("name", ["enc", "body"])
def test_spare_bits_do_not_open(key: PrivateKey, envelope: bytes, name: str) -> None:
    """The last letter of 32 bytes has bits that most decoders overlook."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    parts = json.loads(envelope)
    place = parts if name == "body" else parts["to"][0]
    text = place[name]
    place[name] = text[:-1] + letters[letters.index(text[-1]) + 1]
    with pytest.raises(SealingError):
        open_envelope(json.dumps(parts).encode(), key, REPORT)


def test_a_point_of_low_order_does_not_open(key: PrivateKey, envelope: bytes) -> None:
    parts = json.loads(envelope)
    parts["to"][0]["enc"] = to_text(bytes(32))
    with pytest.raises(SealingError):
        open_envelope(json.dumps(parts).encode(), key, REPORT)


def test_the_error_tells_nothing(key: PrivateKey, envelope: bytes) -> None:
    said = set()
    for wrong in (envelope[:-9], b"{}", envelope.replace(b'"v":1', b'"v":3'), envelope):
        with pytest.raises(SealingError) as caught:
            open_envelope(wrong, key, Context("report", "other-case"))
        said.add(str(caught.value))
        assert "During handling" not in "".join(traceback.format_exception(caught.value))
    assert said == {"this envelope cannot be opened"}


# -- keys ------------------------------------------------------------------------------------


def test_a_private_key_never_shows() -> None:
    key = PrivateKey(b"\xa5" * 32)
    for shown in (repr(key), str(key), f"{key}", repr([key])):
        assert "a5" not in shown and "\\xa5" not in shown and shown.count("PrivateKey()") == 1


def test_a_public_key_survives_as_text() -> None:
    key = PrivateKey.new().public()
    assert PublicKey.from_text(key.to_text()) == key
    assert len(key.key_id) == 16


@pytest.mark.parametrize(
    "text", ["", "AAAA", "!" * 43, to_text(bytes(32)), to_text(b"\1" + bytes(31)), "A" * 42 + "B"]
)
def test_an_unsafe_public_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"32 bytes|not safe|base64url"):
        PublicKey.from_text(text)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_keys_have_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        PublicKey(bytes(length))
    with pytest.raises(ValueError, match="32 bytes"):
        PrivateKey(bytes(length))


# -- padding ---------------------------------------------------------------------------------

KIB = 1024


@pytest.mark.parametrize(
    ("length", "padded"),
    [
        (0, KIB),
        (KIB - 4, KIB),
        (KIB - 3, 2 * KIB),
        (2 * KIB - 4, 2 * KIB),
        (5 * KIB, 8 * KIB),
        (64 * KIB - 4, 64 * KIB),
        (64 * KIB - 3, 128 * KIB),
        (128 * KIB - 4, 128 * KIB),
        (128 * KIB - 3, 192 * KIB),
    ],
)
def test_padding_reaches_the_bucket(length: int, padded: int) -> None:
    assert len(pad(b"x" * length)) == padded
    assert unpad(pad(b"x" * length)) == b"x" * length


def test_envelopes_of_one_bucket_have_one_length() -> None:
    key = PrivateKey.new().public()
    lengths = {len(seal(b"x" * size, [key], REPORT)) for size in (0, 1, 500, KIB - 4)}
    assert len(lengths) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\0\0\0",
        b"\0\0\0\0",
        b"\xff" * KIB,
        bytes(KIB - 1) + b"\1",
        bytes(2 * KIB),
        (KIB - 3).to_bytes(4, "big") + bytes(KIB - 4),
    ],
)
def test_what_is_not_padded_is_refused(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="not padded"):
        unpad(wrong)


def test_buckets_are_few() -> None:
    assert {bucket(size) for size in range(1, 64 * KIB + 1, 97)} == {KIB << n for n in range(7)}
