/**
 * HPKE (RFC 9180), base mode, one message a key, in plain WebCrypto.
 *
 * One suite only: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. It is written out rather
 * than brought in, so that the page that reads reports is small enough to be read as a whole.
 */

import { concat, utf8 } from "./bytes.js";

const KEM_ID = 0x0020;
const KDF_ID = 0x0001;
const AEAD_ID = 0x0002;
const HASH_BYTES = 32;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const MODE_BASE = 0;

const VERSION = utf8("HPKE-v1");
const EMPTY = new Uint8Array(0);
const KEM_SUITE = concat(utf8("KEM"), two(KEM_ID));
const HPKE_SUITE = concat(utf8("HPKE"), two(KEM_ID), two(KDF_ID), two(AEAD_ID));

/** @typedef {{privateKey: CryptoKey, publicKey: Uint8Array}} KeyPair */

/** An integer as two bytes, the larger first (I2OSP of RFC 8017). */
function two(number) {
  return Uint8Array.of(number >> 8, number & 0xff);
}

async function hmac(key, data) {
  // WebCrypto refuses an empty HMAC key; as many zeros as the hash is long mean the same.
  const raw = key.length ? key : new Uint8Array(HASH_BYTES);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const usable = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", usable, data));
}

/** LabeledExtract of RFC 9180, section 4. */
function labeledExtract(suite, salt, label, material) {
  return hmac(salt, concat(VERSION, suite, utf8(label), material));
}

/** LabeledExpand of RFC 9180, section 4; one block of HMAC is as much as this suite ever needs. */
async function labeledExpand(suite, key, label, info, length) {
  const labeled = concat(two(length), VERSION, suite, utf8(label), info);
  return (await hmac(key, concat(labeled, Uint8Array.of(1)))).slice(0, length);
}

async function importPublic(raw) {
  return crypto.subtle.importKey("raw", raw, { name: "X25519" }, false, []);
}

/** The shared secret of the KEM; WebCrypto refuses the all-zero result of a bad public key. */
async function sharedSecret(privateKey, otherRaw, enc, recipientRaw) {
  const other = await importPublic(otherRaw);
  const bits = await crypto.subtle.deriveBits({ name: "X25519", public: other }, privateKey, 256);
  const prk = await labeledExtract(KEM_SUITE, EMPTY, "eae_prk", new Uint8Array(bits));
  return labeledExpand(KEM_SUITE, prk, "shared_secret", concat(enc, recipientRaw), HASH_BYTES);
}

/** KeySchedule of RFC 9180, section 5.1, for the first message of the base mode. */
async function schedule(secret, info, usage) {
  const pskHash = await labeledExtract(HPKE_SUITE, EMPTY, "psk_id_hash", EMPTY);
  const infoHash = await labeledExtract(HPKE_SUITE, EMPTY, "info_hash", info);
  const context = concat(Uint8Array.of(MODE_BASE), pskHash, infoHash);
  const prk = await labeledExtract(HPKE_SUITE, secret, "secret", EMPTY);
  const raw = await labeledExpand(HPKE_SUITE, prk, "key", context, KEY_BYTES);
  const iv = await labeledExpand(HPKE_SUITE, prk, "base_nonce", context, NONCE_BYTES);
  return { key: await crypto.subtle.importKey("raw", raw, "AES-GCM", false, [usage]), iv };
}

/** @returns {Promise<KeyPair>} a fresh X25519 key whose private part cannot be exported */
export async function ephemeralKey() {
  const pair = await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { privateKey: pair.privateKey, publicKey };
}

/**
 * Seal one message to one public key.
 *
 * @param {Uint8Array} publicKey the recipient's, 32 bytes
 * @param {Uint8Array} info what the message is bound to
 * @param {Uint8Array} aad what is authenticated with it, may be empty
 * @param {Uint8Array} plaintext
 * @param {KeyPair} [ephemeral] only for published vectors; must never be used twice
 * @returns {Promise<{enc: Uint8Array, ct: Uint8Array}>}
 */
export async function hpkeSeal(publicKey, info, aad, plaintext, ephemeral) {
  const own = ephemeral ?? (await ephemeralKey());
  const enc = own.publicKey;
  const secret = await sharedSecret(own.privateKey, publicKey, enc, publicKey);
  const { key, iv } = await schedule(secret, info, "encrypt");
  const algorithm = { name: "AES-GCM", iv, additionalData: aad };
  return { enc, ct: new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plaintext)) };
}

/**
 * Open one message with the recipient's key.
 *
 * @param {KeyPair} recipient
 * @param {Uint8Array} enc the sender's ephemeral public key, 32 bytes
 * @param {Uint8Array} info what the message was bound to
 * @param {Uint8Array} aad what was authenticated with it
 * @param {Uint8Array} ct
 * @returns {Promise<Uint8Array>}
 * @throws {DOMException} the key, the binding or the bytes are wrong
 */
export async function hpkeOpen(recipient, enc, info, aad, ct) {
  const secret = await sharedSecret(recipient.privateKey, enc, enc, recipient.publicKey);
  const { key, iv } = await schedule(secret, info, "decrypt");
  const algorithm = { name: "AES-GCM", iv, additionalData: aad };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, ct));
}
