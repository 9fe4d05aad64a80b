/**
 * One mark for all that an owner was shown: she notes it, and compares it another day. It is made and
 * compared here, so that the service need not be believed about what has been noted.
 *
 * `speaksafe/1/trail`, the office and the entries, each field with its length in bytes before it;
 * SHA-256, of which 160 bits are written in Crockford's base 32.
 */

import { utf8 } from "/shared/bytes.js";

const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BYTES = 20;
const WRITTEN = /(\d{1,7})[-\s]+((?:[0-9a-z]{4}[-\s]*){7}[0-9a-z]{4})(?![0-9a-z])/i;

const framed = (fields) =>
  fields.flatMap((field) => {
    const bytes = utf8(field);
    return [`${bytes.length}:`, bytes];
  });

function base32(bytes) {
  let text = "";
  for (let bit = 0; bit < bytes.length * 8; bit += 5) {
    const pair = (bytes[bit >> 3] << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += SIGNS[(pair >> (11 - (bit & 7))) & 31];
  }
  return text;
}

/**
 * @param {string} office
 * @param {{on: string, who: string, action: string, case: string, link: string}[]} lines the oldest
 *   first
 * @returns {Promise<string>} how many there are, and what they are: "12-7K3Q-…"
 */
export async function markOf(office, lines) {
  const entries = lines.flatMap((one) => [one.on, one.who, one.action, one.case, one.link]);
  const whole = new Blob(framed(["speaksafe/1/trail", office, ...entries]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await whole.arrayBuffer()));
  const signs = base32(digest.slice(0, BYTES));
  return `${lines.length}-${signs.match(/.{4}/g).join("-")}`;
}

/**
 * @param {string} text what she typed, or a file that she saved
 * @returns {string|null} the first mark in it, as it is written here
 */
export function markIn(text) {
  const found = WRITTEN.exec(text);
  if (!found) return null;
  const plain = found[2].toUpperCase().replace(/[-\s]/g, "");
  // As Crockford reads them: what looks like a digit is one.
  const signs = plain.replace(/O/g, "0").replace(/[IL]/g, "1");
  return `${Number(found[1])}-${signs.match(/.{4}/g).join("-")}`;
}

/**
 * @param {string} office
 * @param {Object[]} lines as they are today
 * @param {string} noted from `markIn`
 * @returns {Promise<boolean>} what was shown when it was noted still stands there, unchanged
 */
export async function stillThere(office, lines, noted) {
  const count = Number(noted.split("-")[0]);
  return count <= lines.length && (await markOf(office, lines.slice(0, count))) === noted;
}
