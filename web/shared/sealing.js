/**
 * Envelopes: what is sealed to people and stored by a server that cannot open it.
 *
 * The same format as `vault/sealing.py`, byte for byte: a random content key encrypts the padded
 * text once (AES-256-GCM), and is itself sealed with HPKE to each recipient. What an envelope is
 * for and which case it belongs to go into both layers, so that one moved elsewhere does not open.
 */

import { concat, fromBase64url, random, text, toBase64url, utf8 } from "./bytes.js";
import { hpkeOpen, hpkeSeal } from "./hpke.js";

export const SUITE = "hpke-x25519-sha256-aes256gcm";

const VERSION = 1;
const KIB = 1024;
const LARGEST_BUCKET = 64 * KIB;
const LENGTH_BYTES = 4;
const IV_BYTES = 12;
const KEY_ID_LETTERS = 16;
const ENVELOPE_KEYS = "body,iv,suite,to,v";
const RECIPIENT_KEYS = "ct,enc,kid";
const EMPTY = new Uint8Array(0);

/** The wrong key, the wrong context, or changed bytes: one error, without the detail. */
export class SealingError extends Error {
  constructor() {
    super("this envelope cannot be opened");
    this.name = "SealingError";
  }
}

/**
 * What an envelope is bound to.
 *
 * @param {"report"|"addition"|"reply"} purpose
 * @param {string} binding the case id
 * @returns {Uint8Array}
 */
export const context = (purpose, binding) => utf8(`speaksafe/1/${purpose}/${binding}`);

/** @param {Uint8Array} publicKey @returns {Promise<string>} the name of a key in envelopes */
export async function keyId(publicKey) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", publicKey));
  return toBase64url(digest).slice(0, KEY_ID_LETTERS);
}

/** The size that hides the length: 1, 2, 4 … 64 KiB, then multiples of 64 KiB. */
function bucket(length) {
  if (length > LARGEST_BUCKET) return Math.ceil(length / LARGEST_BUCKET) * LARGEST_BUCKET;
  let size = KIB;
  while (size < length) size *= 2;
  return size;
}

function pad(plaintext) {
  const padded = new Uint8Array(bucket(LENGTH_BYTES + plaintext.length));
  new DataView(padded.buffer).setUint32(0, plaintext.length);
  padded.set(plaintext, LENGTH_BYTES);
  return padded;
}

function unpad(padded) {
  const end = LENGTH_BYTES + new DataView(padded.buffer).getUint32(0);
  if (padded.length !== bucket(end) || padded.subarray(end).some((byte) => byte !== 0)) {
    throw new SealingError();
  }
  return padded.slice(LENGTH_BYTES, end);
}

/** Fisher–Yates with the secure generator: the order must not tell who is who. */
function shuffle(list) {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const limit = 0x100000000 - (0x100000000 % (last + 1));
    let draw;
    do [draw] = crypto.getRandomValues(new Uint32Array(1));
    while (draw >= limit);
    const other = draw % (last + 1);
    [list[last], list[other]] = [list[other], list[last]];
  }
  return list;
}

async function aes(raw, usage) {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, [usage]);
}

/**
 * Seal to one or more public keys.
 *
 * @param {Uint8Array} plaintext
 * @param {Uint8Array[]} recipients public keys of 32 bytes; one named twice counts once
 * @param {Uint8Array} info from `context`
 * @returns {Promise<string>} the envelope
 */
export async function seal(plaintext, recipients, info) {
  if (!recipients.length) throw new RangeError("an envelope needs a recipient");
  const contentKey = random(32);
  const once = [...new Set(recipients.map(toBase64url))].map(fromBase64url);
  const to = await Promise.all(
    once.map(async (publicKey) => {
      const { enc, ct } = await hpkeSeal(publicKey, info, EMPTY, contentKey);
      return { kid: await keyId(publicKey), enc: toBase64url(enc), ct: toBase64url(ct) };
    }),
  );
  const iv = random(IV_BYTES);
  const algorithm = { name: "AES-GCM", iv, additionalData: info };
  const key = await aes(contentKey, "encrypt");
  const body = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, pad(plaintext)));
  return JSON.stringify({
    v: VERSION,
    suite: SUITE,
    to: shuffle(to),
    iv: toBase64url(iv),
    body: toBase64url(body),
  });
}

/** Exactly the fields of an envelope; a stranger's additions are refused, not overlooked. */
function parse(envelope) {
  const parsed = JSON.parse(envelope);
  const known = parsed.v === VERSION && parsed.suite === SUITE && Array.isArray(parsed.to);
  if (!known || sortedKeys(parsed) !== ENVELOPE_KEYS) throw new SealingError();
  if (!parsed.to.every((slot) => sortedKeys(slot) === RECIPIENT_KEYS)) throw new SealingError();
  return parsed;
}

const sortedKeys = (value) => Object.keys(value).sort().join();

/**
 * Open an envelope.
 *
 * @param {string} envelope
 * @param {import("./hpke.js").KeyPair} key
 * @param {Uint8Array} info from `context`
 * @returns {Promise<Uint8Array>} what was sealed
 * @throws {SealingError}
 */
export async function openEnvelope(envelope, key, info) {
  const { parsed, contentKey } = await unlock(envelope, key, info);
  try {
    const algorithm = { name: "AES-GCM", iv: fromBase64url(parsed.iv), additionalData: info };
    const body = fromBase64url(parsed.body);
    const unlocked = await aes(contentKey, "decrypt");
    return unpad(new Uint8Array(await crypto.subtle.decrypt(algorithm, unlocked, body)));
  } catch {
    throw new SealingError();
  }
}

/** The content key of an envelope, for somebody it is sealed to. */
async function unlock(envelope, key, info) {
  try {
    const parsed = parse(envelope);
    const own = await keyId(key.publicKey);
    const mine = parsed.to.filter((slot) => slot.kid === own);
    if (mine.length !== 1) throw new SealingError();
    const [slot] = mine;
    const ct = fromBase64url(slot.ct);
    const contentKey = await hpkeOpen(key, fromBase64url(slot.enc), info, EMPTY, ct);
    return { parsed, contentKey };
  } catch {
    throw new SealingError();
  }
}

/**
 * Let one more person open an envelope that somebody here can open: its content key, sealed to her.
 *
 * @param {string} envelope
 * @param {import("./hpke.js").KeyPair} key of somebody who can open it
 * @param {Uint8Array} info from `context`
 * @param {Uint8Array} publicKey hers
 * @returns {Promise<{kid: string, enc: string, ct: string}>} her entry
 * @throws {SealingError}
 */
export async function share(envelope, key, info, publicKey) {
  const { contentKey } = await unlock(envelope, key, info);
  const { enc, ct } = await hpkeSeal(publicKey, info, EMPTY, contentKey);
  return { kid: await keyId(publicKey), enc: toBase64url(enc), ct: toBase64url(ct) };
}

/** Seal a document (anything JSON can hold). See `seal`. */
export const sealDocument = (value, recipients, info) =>
  seal(utf8(JSON.stringify(value)), recipients, info);

/** Open a document. See `openEnvelope`. */
export async function openDocument(envelope, key, info) {
  const plaintext = await openEnvelope(envelope, key, info);
  try {
    return JSON.parse(text(plaintext));
  } catch {
    throw new SealingError();
  }
}

/** @param {string} envelope @returns {string[]} whom it is sealed to @throws {SealingError} */
export function keyIds(envelope) {
  try {
    return parse(envelope).to.map((slot) => slot.kid);
  } catch {
    throw new SealingError();
  }
}

// PKCS#8 of an X25519 key (RFC 8410) is this head and then the 32 bytes of the key.
const PKCS8_HEAD = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20,
]);

/**
 * A key pair from its private part; what comes back cannot be exported any more.
 *
 * @param {Uint8Array} raw 32 bytes
 * @returns {Promise<import("./hpke.js").KeyPair>}
 */
export const keyFromRaw = (raw) => keyFromPkcs8(concat(PKCS8_HEAD, raw));

/** As `keyFromRaw`, from the PKCS#8 form. @param {Uint8Array} der */
export async function keyFromPkcs8(der) {
  const algorithm = { name: "X25519" };
  // WebCrypto gives the public part only through an export, so the key is read twice.
  const open = await crypto.subtle.importKey("pkcs8", der, algorithm, true, ["deriveBits"]);
  const { x } = await crypto.subtle.exportKey("jwk", open);
  const privateKey = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["deriveBits"]);
  return { privateKey, publicKey: fromBase64url(x) };
}
