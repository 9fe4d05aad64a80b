/**
 * A passphrase makes two secrets that say nothing about each other: one to sign in with, which
 * the server sees, and one that wraps the private key, which it never sees. The same as
 * `vault/wrapping.py`.
 */

import { concat, fromBase64url, random, toBase64url, utf8 } from "./bytes.js";
import { SUITE, X_WING, keyFromRaw } from "./sealing.js";

/** OWASP Password Storage Cheat Sheet (2023) for PBKDF2-HMAC-SHA-256. */
const ITERATIONS = 600_000;
const IV_BYTES = 12;
const KEY_BYTES = 32;

/**
 * PKCS#8 of a key is one of these heads and then its 32 bytes: of X25519 (RFC 8410), and of X-Wing's
 * seed (draft-connolly-cfrg-xwing-kem). So what is wrapped says of which kind it is, and nobody
 * without the passphrase can say otherwise.
 */
const HEADS = {
  [SUITE]: [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20,
  ],
  [X_WING]: [
    0x30, 0x34, 0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x0b, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xe6,
    0x2d, 0x81, 0xc8, 0x7a, 0x04, 0x20,
  ],
};

async function expand(root, label) {
  const key = await crypto.subtle.importKey("raw", root, "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(label) };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
}

/**
 * @param {string} passphrase as typed; brought to one Unicode form (NFKC), because keyboards differ
 * @param {Uint8Array} salt 16 bytes
 * @returns {Promise<{signIn: Uint8Array, wrapKey: CryptoKey}>}
 */
export async function derive(passphrase, salt) {
  const typed = utf8(passphrase.normalize("NFKC"));
  const key = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  const root = new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
  const signIn = await expand(root, "speaksafe/1/sign-in");
  const raw = await expand(root, "speaksafe/1/wrap");
  const uses = ["encrypt", "decrypt"];
  return { signIn, wrapKey: await crypto.subtle.importKey("raw", raw, "AES-GCM", false, uses) };
}

/**
 * Make a new key and wrap it at once; the unwrapped private key never leaves this function.
 *
 * @param {CryptoKey} wrapKey from `derive`
 * @param {string} [suite] of which kind
 * @returns {Promise<{publicKey: Uint8Array, wrapped: string}>}
 */
export async function newWrappedKey(wrapKey, suite = SUITE) {
  // Any 32 bytes are a private key of X25519 (RFC 7748, section 5), and a seed of X-Wing.
  const raw = random(KEY_BYTES);
  const { publicKey } = await keyFromRaw(raw, suite);
  const der = concat(Uint8Array.from(HEADS[suite]), raw);
  raw.fill(0);
  const iv = random(IV_BYTES);
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, wrapKey, der);
  der.fill(0);
  const wrapped = JSON.stringify({ iv: toBase64url(iv), ct: toBase64url(new Uint8Array(ct)) });
  return { publicKey, wrapped };
}

/**
 * @param {string} wrapped
 * @param {CryptoKey} wrapKey from `derive`
 * @returns {Promise<import("./hpke.js").KeyPair>}
 * @throws {DOMException|TypeError} the passphrase is another one, or the bytes were changed
 */
export async function unwrap(wrapped, wrapKey) {
  const { iv, ct } = JSON.parse(wrapped);
  const algorithm = { name: "AES-GCM", iv: fromBase64url(iv) };
  const der = new Uint8Array(await crypto.subtle.decrypt(algorithm, wrapKey, fromBase64url(ct)));
  const fits = ([, head]) =>
    der.length === head.length + KEY_BYTES && head.every((byte, at) => der[at] === byte);
  try {
    const [suite] = Object.entries(HEADS).find(fits) ?? [];
    if (!suite) throw new TypeError("this is no private key");
    return await keyFromRaw(der.subarray(-KEY_BYTES), suite);
  } finally {
    der.fill(0);
  }
}
