/** Bytes and text, and nothing else. */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** @param {string} text @returns {Uint8Array} UTF-8 */
export const utf8 = (text) => encoder.encode(text);

/** @param {BufferSource} bytes UTF-8 @returns {string} @throws {TypeError} not UTF-8 */
export const text = (bytes) => decoder.decode(bytes);

/** @param {...Uint8Array} parts @returns {Uint8Array} one after the other */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Uint8Array} bytes @returns {string} base64url without "=" (RFC 4648, section 5) */
export function toBase64url(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} value base64url without "="
 * @returns {Uint8Array}
 * @throws {TypeError} it is not the one canonical way to write these bytes; spare bits and stray
 *   characters would let a changed envelope pass as unchanged
 */
export function fromBase64url(value) {
  const problem = new TypeError("this is not base64url");
  if (typeof value !== "string" || !/^[A-Za-z0-9_-]*$/.test(value) || value.length % 4 === 1) {
    throw problem;
  }
  const binary = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  if (toBase64url(bytes) !== value) throw problem;
  return bytes;
}

/** @param {number} length @returns {Uint8Array} from the browser's secure generator */
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));
