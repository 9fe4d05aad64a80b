/**
 * A passphrase makes two secrets that say nothing about each other: one to sign in with, which
 * the server sees, and one that wraps the private key, which it never sees. The same as
 * `vault/wrapping.py`.
 */

import { fromBase64url, random, toBase64url, utf8 } from "./bytes.js";
import { keyFromPkcs8 } from "./sealing.js";

/** OWASP Password Storage Cheat Sheet (2023) for PBKDF2-HMAC-SHA-256. */
const ITERATIONS = 600_000;
const IV_BYTES = 12;

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
 * @returns {Promise<{publicKey: Uint8Array, wrapped: string}>}
 */
export async function newWrappedKey(wrapKey) {
  const pair = await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const der = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
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
  try {
    return await keyFromPkcs8(der);
  } finally {
    der.fill(0);
  }
}
