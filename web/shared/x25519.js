/** X25519 (RFC 7748) as the browser has it built in. Private keys cannot be taken out again. */

import { concat, fromBase64url } from "./bytes.js";

const ALGORITHM = { name: "X25519" };
// PKCS#8 of an X25519 key (RFC 8410) is this head and then the 32 bytes of the key.
const PKCS8_HEAD = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20,
]);

/** @typedef {{privateKey: CryptoKey, publicKey: Uint8Array}} CurvePair */

/** @returns {Promise<CurvePair>} a fresh pair */
export async function ephemeralKey() {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["deriveBits"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { privateKey: pair.privateKey, publicKey };
}

/** @param {Uint8Array} raw 32 bytes @returns {Promise<CurvePair>} the pair of a private key */
export async function curvePair(raw) {
  const der = concat(PKCS8_HEAD, raw);
  try {
    // WebCrypto gives the public part only through an export, so the key is read twice.
    const open = await crypto.subtle.importKey("pkcs8", der, ALGORITHM, true, ["deriveBits"]);
    const { x } = await crypto.subtle.exportKey("jwk", open);
    const privateKey = await crypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["deriveBits"]);
    return { privateKey, publicKey: fromBase64url(x) };
  } finally {
    der.fill(0);
  }
}

/**
 * What two keys have in common.
 *
 * @param {CryptoKey} privateKey one's own
 * @param {Uint8Array} publicKey the other's, 32 bytes
 * @returns {Promise<Uint8Array>}
 * @throws {DOMException} the other's is one of the few bad ones, for which the result is zero
 */
export async function agreed(privateKey, publicKey) {
  const other = await crypto.subtle.importKey("raw", publicKey, ALGORITHM, false, []);
  const algorithm = { ...ALGORITHM, public: other };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, privateKey, 256));
}
