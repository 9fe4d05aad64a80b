/**
 * Envelopes: what is sealed to people and stored by a server that cannot open it.
 *
 * The same format as `vault/sealing.py`, byte for byte: a random content key encrypts the padded
 * text once (AES-256-GCM), and is itself sealed with HPKE to each recipient. What an envelope is
 * for and which case it belongs to go into both layers, so that one moved elsewhere does not open.
 *
 * The suite is named in every envelope. A recipient whose key is of another kind has it in her entry.
 */

import { fromBase64url, random, text, toBase64url, utf8 } from "./bytes.js";
import { Unloaded, X_WING_BYTES, hpkeOpen, hpkeSeal, xWing } from "./hpke.js";
import { curvePair } from "./x25519.js";

export const SUITE = "hpke-x25519-sha256-aes256gcm";
export const X_WING = "hpke-xwing-sha256-aes256gcm";

const VERSION = 1;
const KIB = 1024;
const LARGEST_BUCKET = 64 * KIB;
const LENGTH_BYTES = 4;
const IV_BYTES = 12;
const KEY_ID_LETTERS = 16;
const X25519_BYTES = 32;
const SUITES = [SUITE, X_WING];
const ENVELOPE_KEYS = "body,iv,suite,to,v";
const RECIPIENT_KEYS = "ct,enc,kid";
const OTHER_RECIPIENT_KEYS = "ct,enc,kid,suite";
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

/** @param {Uint8Array} publicKey @returns {string} the suite that seals to it @throws {RangeError} */
export function suiteOf(publicKey) {
  if (publicKey.length === X25519_BYTES) return SUITE;
  if (publicKey.length === X_WING_BYTES) return X_WING;
  throw new RangeError("a public key has 32 bytes, or 1216 for X-Wing");
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
 * @param {Uint8Array[]} recipients public keys of either kind; one named twice counts once
 * @param {Uint8Array} info from `context`
 * @returns {Promise<string>} the envelope
 */
export async function seal(plaintext, recipients, info) {
  if (!recipients.length) throw new RangeError("an envelope needs a recipient");
  const contentKey = random(32);
  const once = [...new Set(recipients.map(toBase64url))].map(fromBase64url);
  // Of mixed kinds the weaker one is named, so that nobody takes the envelope for more than it is.
  const suite = once.some((publicKey) => suiteOf(publicKey) === SUITE) ? SUITE : X_WING;
  const to = await Promise.all(
    once.map((publicKey) => entry(contentKey, publicKey, info, suite)),
  );
  const iv = random(IV_BYTES);
  const algorithm = { name: "AES-GCM", iv, additionalData: info };
  const key = await aes(contentKey, "encrypt");
  const body = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, pad(plaintext)));
  return JSON.stringify({
    v: VERSION,
    suite,
    to: shuffle(to),
    iv: toBase64url(iv),
    body: toBase64url(body),
  });
}

/** A recipient's entry: the content key sealed to her, and her suite where it is not the envelope's. */
async function entry(contentKey, publicKey, info, suite) {
  const { enc, ct } = await hpkeSeal(publicKey, info, EMPTY, contentKey);
  const own = suiteOf(publicKey);
  return {
    kid: await keyId(publicKey),
    enc: toBase64url(enc),
    ct: toBase64url(ct),
    ...(own !== suite && { suite: own }),
  };
}

/** Exactly the fields of an envelope; a stranger's additions are refused, not overlooked. */
function parse(envelope) {
  const parsed = JSON.parse(envelope);
  const named = SUITES.includes(parsed.suite);
  const known = parsed.v === VERSION && named && Array.isArray(parsed.to);
  if (!known || sortedKeys(parsed) !== ENVELOPE_KEYS) throw new SealingError();
  if (!parsed.to.every((slot) => isEntry(slot, parsed.suite))) throw new SealingError();
  return parsed;
}

/** One way to write it: what the envelope says of the suite is not said again. */
function isEntry(slot, suite) {
  if (sortedKeys(slot) === RECIPIENT_KEYS) return true;
  const other = SUITES.includes(slot.suite) && slot.suite !== suite;
  return other && sortedKeys(slot) === OTHER_RECIPIENT_KEYS;
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
    // A suite that was renamed, to a weaker one or at all, is refused before anything is tried.
    if ((slot.suite ?? parsed.suite) !== suiteOf(key.publicKey)) throw new SealingError();
    const ct = fromBase64url(slot.ct);
    const contentKey = await hpkeOpen(key, fromBase64url(slot.enc), info, EMPTY, ct);
    return { parsed, contentKey };
  } catch (error) {
    throw error instanceof Unloaded ? error : new SealingError();
  }
}

/**
 * Let one more person open an envelope that somebody here can open: its content key, sealed to her.
 *
 * @param {string} envelope
 * @param {import("./hpke.js").KeyPair} key of somebody who can open it
 * @param {Uint8Array} info from `context`
 * @param {Uint8Array} publicKey hers
 * @returns {Promise<{kid: string, enc: string, ct: string, suite?: string}>} her entry
 * @throws {SealingError}
 */
export async function share(envelope, key, info, publicKey) {
  const { parsed, contentKey } = await unlock(envelope, key, info);
  return entry(contentKey, publicKey, info, parsed.suite);
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

/**
 * A key pair from its private part; what of it is an X25519 key cannot be exported any more.
 *
 * @param {Uint8Array} raw 32 bytes
 * @param {string} [suite] of which kind it is
 * @returns {Promise<import("./hpke.js").KeyPair>}
 */
export async function keyFromRaw(raw, suite = SUITE) {
  return suite === X_WING ? (await xWing()).keyFromSeed(raw) : curvePair(raw);
}
