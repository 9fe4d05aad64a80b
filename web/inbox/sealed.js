/** What is sealed in this page is sealed once: sent again after a lost answer, it is the same. */

import { fromBase64url } from "/shared/bytes.js";
import { context, sealDocument } from "/shared/sealing.js";

/**
 * @param {Map} kept what was sealed and perhaps not stored; lives as long as the sign-in
 * @param {"reply"|"note"} purpose
 * @param {string} caseId
 * @param {string[]} recipients public keys
 * @param {Object} document
 * @returns {Promise<string>} the envelope
 */
export async function sealedOnce(kept, purpose, caseId, recipients, document) {
  const place = `${purpose} ${caseId}`;
  const what = JSON.stringify([recipients, document]);
  const before = kept.get(place);
  if (before?.what === what) return before.envelope;
  const info = context(purpose, caseId);
  const envelope = await sealDocument(document, recipients.map(fromBase64url), info);
  kept.set(place, { what, envelope });
  return envelope;
}

/** It is stored now. */
export const stored = (kept, purpose, caseId) => kept.delete(`${purpose} ${caseId}`);
