/** How hard a passphrase is to guess, roughly; and one that is hard, made on request. */

import { random } from "./bytes.js";

/** NIST SP 800-63B-4: at least 15 characters where a password is all there is. */
export const SHORTEST = 15;

const SYLLABLES = 12;
const CONSONANTS = "bcdfghjklmnprstv";
const VOWELS = "aeio";

/** Repetition and rows of neighbours add length, but nothing to guess. */
function surprises(passphrase) {
  const points = [...passphrase].map((letter) => letter.codePointAt(0));
  return points.filter((point, at) => at === 0 || Math.abs(point - points[at - 1]) > 1).length;
}

/**
 * @param {string} passphrase
 * @returns {"short"|"simple"|"fair"|"good"}
 */
export function strength(passphrase) {
  if ([...passphrase].length < SHORTEST) return "short";
  const different = new Set(passphrase.toLowerCase()).size;
  if (different < 6 || surprises(passphrase) < 10) return "simple";
  return different >= 10 && surprises(passphrase) >= 20 ? "good" : "fair";
}

/**
 * Twelve syllables in four words, 72 random bits; every byte draws one consonant (of 16) and one
 * vowel (of 4), so that no draw is more likely than another.
 */
export function suggestion() {
  const syllables = Array.from(
    random(SYLLABLES),
    (byte) => CONSONANTS[byte & 15] + VOWELS[(byte >> 4) & 3],
  );
  return [0, 3, 6, 9].map((at) => syllables.slice(at, at + 3).join("")).join(" ");
}
