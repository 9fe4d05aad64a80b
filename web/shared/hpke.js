/**
 * HPKE (RFC 9180), base mode, one message a key, with HKDF-SHA256 and AES-256-GCM.
 *
 * Two kinds of keys, told apart by their length: X25519, all in plain WebCrypto; and X-Wing, whose
 * module is fetched when the first such key is met. It is written out rather than brought in, so
 * that the page that reads reports is small enough to be read as a whole.
 */

import { concat, utf8 } from "./bytes.js";
import { agreed, ephemeralKey } from "./x25519.js";

const X25519_ID = 0x0020;
const KDF_ID = 0x0001;
const AEAD_ID = 0x0002;
const HASH_BYTES = 32;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const MODE_BASE = 0;

/** Bytes of a public key of X-Wing. */
export const X_WING_BYTES = 1216;

const VERSION = utf8("HPKE-v1");
const EMPTY = new Uint8Array(0);
const KEM_SUITE = concat(utf8("KEM"), two(X25519_ID));

/**
 * Of X-Wing the private part is `{lattice: Uint8Array, curve: CryptoKey}`.
 *
 * @typedef {{privateKey: CryptoKey|Object, publicKey: Uint8Array}} KeyPair
 */

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

/** DHKEM of RFC 9180, section 4.1: what both sides agree on, bound to both public keys. */
async function dhSecret(privateKey, otherRaw, enc, recipientRaw) {
  const shared = await agreed(privateKey, otherRaw);
  const prk = await labeledExtract(KEM_SUITE, EMPTY, "eae_prk", shared);
  return labeledExpand(KEM_SUITE, prk, "shared_secret", concat(enc, recipientRaw), HASH_BYTES);
}

const dhkem = {
  KEM_ID: X25519_ID,
  async encapsulate(publicKey, ephemeral) {
    const own = ephemeral ?? (await ephemeralKey());
    const enc = own.publicKey;
    return { enc, secret: await dhSecret(own.privateKey, publicKey, enc, publicKey) };
  },
  decapsulate: ({ privateKey, publicKey }, enc) => dhSecret(privateKey, enc, enc, publicKey),
};

/** A module did not come: the connection is to blame, not a key and not an envelope. */
export class Unloaded extends Error {
  status = 0; // as of a request that had no answer
  kind = "lost"; // the chat's word for it
}

/** How often it did not come. Some browsers remember that: then another address is asked. */
let missed = 0;

/** X-Wing's module, fetched once. @throws {Unloaded} */
export async function xWing() {
  try {
    return await import(missed ? `./xwing.js?${missed}` : "./xwing.js");
  } catch {
    missed += 1;
    throw new Unloaded("a part of this page did not load");
  }
}

/** What seals to a public key: of other lengths than X-Wing's, X25519, which refuses what is none. */
const kemOf = (publicKey) => (publicKey.length === X_WING_BYTES ? xWing() : dhkem);

/** KeySchedule of RFC 9180, section 5.1, for the first message of the base mode. */
async function schedule(kem, secret, info, usage) {
  const suite = concat(utf8("HPKE"), two(kem.KEM_ID), two(KDF_ID), two(AEAD_ID));
  const pskHash = await labeledExtract(suite, EMPTY, "psk_id_hash", EMPTY);
  const infoHash = await labeledExtract(suite, EMPTY, "info_hash", info);
  const context = concat(Uint8Array.of(MODE_BASE), pskHash, infoHash);
  const prk = await labeledExtract(suite, secret, "secret", EMPTY);
  const raw = await labeledExpand(suite, prk, "key", context, KEY_BYTES);
  const iv = await labeledExpand(suite, prk, "base_nonce", context, NONCE_BYTES);
  return { key: await crypto.subtle.importKey("raw", raw, "AES-GCM", false, [usage]), iv };
}

/**
 * Seal one message to one public key.
 *
 * @param {Uint8Array} publicKey the recipient's, of either kind
 * @param {Uint8Array} info what the message is bound to
 * @param {Uint8Array} aad what is authenticated with it, may be empty
 * @param {Uint8Array} plaintext
 * @param {KeyPair|Uint8Array} [chance] only for published vectors; must never be used twice
 * @returns {Promise<{enc: Uint8Array, ct: Uint8Array}>}
 */
export async function hpkeSeal(publicKey, info, aad, plaintext, chance) {
  const kem = await kemOf(publicKey);
  const { enc, secret } = await kem.encapsulate(publicKey, chance);
  const { key, iv } = await schedule(kem, secret, info, "encrypt");
  const algorithm = { name: "AES-GCM", iv, additionalData: aad };
  return { enc, ct: new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plaintext)) };
}

/**
 * Open one message with the recipient's key.
 *
 * @param {KeyPair} recipient
 * @param {Uint8Array} enc what the sender encapsulated
 * @param {Uint8Array} info what the message was bound to
 * @param {Uint8Array} aad what was authenticated with it
 * @param {Uint8Array} ct
 * @returns {Promise<Uint8Array>}
 * @throws {DOMException} the key, the binding or the bytes are wrong
 */
export async function hpkeOpen(recipient, enc, info, aad, ct) {
  const kem = await kemOf(recipient.publicKey);
  const secret = await kem.decapsulate(recipient, enc);
  const { key, iv } = await schedule(kem, secret, info, "decrypt");
  const algorithm = { name: "AES-GCM", iv, additionalData: aad };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, ct));
}
