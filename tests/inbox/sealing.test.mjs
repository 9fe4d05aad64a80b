/** The browser's sealing, run in Node: `node --test tests/inbox/sealing.test.mjs`. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { fromBase64url, random, toBase64url, utf8 } from "../../web/shared/bytes.js";
import { hpkeOpen, hpkeSeal } from "../../web/shared/hpke.js";
import {
  SealingError,
  context,
  keyFromRaw,
  keyId,
  keyIds,
  openDocument,
  openEnvelope,
  seal,
  sealDocument,
} from "../../web/shared/sealing.js";
import { derive, newWrappedKey, unwrap } from "../../web/shared/wrapping.js";

const vector = JSON.parse(readFileSync(new URL("./rfc9180.json", import.meta.url), "utf8"));
const hex = (value) => Uint8Array.from(Buffer.from(value, "hex"));
const INFO = context("report", "a-case");

const newKey = () => keyFromRaw(random(32));

/** Change one letter of one field of an envelope, to another letter of the same alphabet. */
function flip(value) {
  const middle = Math.floor(value.length / 2);
  const other = value[middle] === "A" ? "B" : "A";
  return value.slice(0, middle) + other + value.slice(middle + 1);
}

test("the published vector of RFC 9180 opens", async () => {
  const key = await keyFromRaw(hex(vector.skRm));
  assert.deepEqual(key.publicKey, hex(vector.pkRm));
  const opened = await hpkeOpen(
    key,
    hex(vector.enc),
    hex(vector.info),
    hex(vector.aad),
    hex(vector.ct),
  );
  assert.deepEqual(opened, hex(vector.pt));
});

test("sealing with the vector's ephemeral key gives the vector's bytes", async () => {
  const ephemeral = await keyFromRaw(hex(vector.skEm));
  const { enc, ct } = await hpkeSeal(
    hex(vector.pkRm),
    hex(vector.info),
    hex(vector.aad),
    hex(vector.pt),
    ephemeral,
  );
  assert.deepEqual(enc, hex(vector.enc));
  assert.deepEqual(ct, hex(vector.ct));
});

test("every recipient opens, nobody else does", async () => {
  const [first, second, stranger] = await Promise.all([newKey(), newKey(), newKey()]);
  const envelope = await seal(utf8("heard"), [first.publicKey, second.publicKey], INFO);
  for (const key of [first, second]) {
    assert.deepEqual(await openEnvelope(envelope, key, INFO), utf8("heard"));
  }
  await assert.rejects(openEnvelope(envelope, stranger, INFO), SealingError);
});

test("an envelope moved to another case or purpose does not open", async () => {
  const key = await newKey();
  const envelope = await seal(utf8("heard"), [key.publicKey], INFO);
  for (const elsewhere of [context("reply", "a-case"), context("report", "b-case")]) {
    await assert.rejects(openEnvelope(envelope, key, elsewhere), SealingError);
  }
});

test("any changed or cut part makes one and the same error", async () => {
  const key = await newKey();
  const envelope = await seal(utf8("heard"), [key.publicKey], INFO);
  const whole = JSON.parse(envelope);
  const [slot] = whole.to;
  const broken = [
    { ...whole, v: 2 },
    { ...whole, suite: "none" },
    { ...whole, iv: flip(whole.iv) },
    { ...whole, body: flip(whole.body) },
    { ...whole, body: whole.body.slice(0, 40) },
    { ...whole, extra: 1 },
    { ...whole, to: [slot, slot] },
    { ...whole, to: [{ ...slot, extra: 1 }] },
    { ...whole, to: [] },
    { ...whole, to: undefined },
    { ...whole, to: [{ ...slot, enc: flip(slot.enc) }] },
    { ...whole, to: [{ ...slot, enc: toBase64url(new Uint8Array(32)) }] },
    { ...whole, to: [{ ...slot, ct: flip(slot.ct) }] },
  ].map((value) => JSON.stringify(value));
  for (const bad of [...broken, "", "{}", "null", "[]", "not json"]) {
    await assert.rejects(openEnvelope(bad, key, INFO), new SealingError());
  }
});

test("bytes have one way to be written", () => {
  assert.deepEqual(fromBase64url("_-8"), Uint8Array.of(0xff, 0xef));
  for (const bad of ["_-9", "_-8=", "/+8", "_ -8", "A", 7, null]) {
    assert.throws(() => fromBase64url(bad), TypeError);
  }
});

test("the length is hidden in buckets", async () => {
  const key = await newKey();
  const KIB = 1024;
  const sizes = [
    [0, KIB],
    [KIB - 4, KIB],
    [KIB - 3, 2 * KIB],
    [40 * KIB, 64 * KIB],
    [64 * KIB - 4, 64 * KIB],
    [64 * KIB - 3, 128 * KIB],
    [130 * KIB, 192 * KIB],
  ];
  for (const [length, padded] of sizes) {
    const plaintext = new Uint8Array(length).fill(7);
    const envelope = await seal(plaintext, [key.publicKey], INFO);
    assert.equal(fromBase64url(JSON.parse(envelope).body).length, padded + 16);
    assert.deepEqual(await openEnvelope(envelope, key, INFO), plaintext);
  }
});

/** An envelope whose padding was made by hand. */
async function padded(bytes, key) {
  const contentKey = random(32);
  const iv = random(12);
  const { enc, ct } = await hpkeSeal(key.publicKey, INFO, new Uint8Array(0), contentKey);
  const aes = await crypto.subtle.importKey("raw", contentKey, "AES-GCM", false, ["encrypt"]);
  const algorithm = { name: "AES-GCM", iv, additionalData: INFO };
  const body = new Uint8Array(await crypto.subtle.encrypt(algorithm, aes, bytes));
  const slot = { kid: await keyId(key.publicKey), enc: toBase64url(enc), ct: toBase64url(ct) };
  const suite = "hpke-x25519-sha256-aes256gcm";
  return JSON.stringify({ v: 1, suite, to: [slot], iv: toBase64url(iv), body: toBase64url(body) });
}

test("padding is what it has to be, or the envelope does not open", async () => {
  const key = await newKey();
  const right = new Uint8Array(1024);
  right.set([0, 0, 0, 1, 65]);
  assert.deepEqual(await openEnvelope(await padded(right, key), key, INFO), utf8("A"));
  const stray = right.slice();
  stray[1023] = 1;
  const beyond = right.slice();
  beyond.set([0, 0, 4, 0]);
  const wrong = [stray, beyond, right.slice(0, 1023), new Uint8Array(2048), new Uint8Array(3)];
  for (const bytes of wrong) {
    await assert.rejects(openEnvelope(await padded(bytes, key), key, INFO), SealingError);
  }
});

test("the order of the recipients is drawn by lot", async () => {
  const keys = await Promise.all([newKey(), newKey()]);
  const firstId = await keyId(keys[0].publicKey);
  const seen = new Set();
  // Both orders must show; that they do not within 64 draws has a chance of 1 in 2^63.
  for (let round = 0; round < 64 && seen.size < 2; round += 1) {
    const envelope = await seal(
      utf8("x"),
      keys.map((key) => key.publicKey),
      INFO,
    );
    seen.add(keyIds(envelope)[0] === firstId);
  }
  assert.equal(seen.size, 2);
});

test("a recipient named twice counts once", async () => {
  const key = await newKey();
  const envelope = await seal(utf8("x"), [key.publicKey, key.publicKey.slice()], INFO);
  assert.deepEqual(keyIds(envelope), [await keyId(key.publicKey)]);
});

test("nobody is no recipient", async () => {
  await assert.rejects(seal(utf8("x"), [], INFO), RangeError);
});

test("documents keep every script and emoji", async () => {
  const key = await newKey();
  const document = { v: 1, text: "Ça va ? 您好 — مرحبا 👋🏽" };
  const envelope = await sealDocument(document, [key.publicKey], INFO);
  assert.deepEqual(await openDocument(envelope, key, INFO), document);
});

test("what is sealed but is no document is an envelope that cannot be opened", async () => {
  const key = await newKey();
  const envelope = await seal(Uint8Array.of(0xff, 0xfe), [key.publicKey], INFO);
  await assert.rejects(openDocument(envelope, key, INFO), SealingError);
});

test("a key is wrapped with one passphrase and opens with that one only", async () => {
  const salt = random(16);
  const { wrapKey, signIn } = await derive("a long enough passphrase é", salt);
  const made = await newWrappedKey(wrapKey);
  // The same letters, composed the other way, as another keyboard would send them.
  const again = await derive("a long enough passphrase e\u0301", salt);
  assert.deepEqual(again.signIn, signIn);
  const key = await unwrap(made.wrapped, again.wrapKey);
  assert.deepEqual(key.publicKey, made.publicKey);
  assert.equal(key.privateKey.extractable, false);
  const other = await derive("a long enough passphrase e", salt);
  await assert.rejects(unwrap(made.wrapped, other.wrapKey));
  assert.notDeepEqual(other.signIn, signIn);
});
