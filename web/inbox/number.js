/** A short name of a case that can be said on the telephone. It is for people only, no key. */

import { fromBase64url } from "/shared/bytes.js";

/** Crockford's base 32: no letter that looks like a digit. */
const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** @param {string} caseId @returns {string} six signs, made of the first 30 bits: "7K3-Q9M" */
export function caseNumber(caseId) {
  const bits = new DataView(fromBase64url(caseId).buffer).getUint32(0) >>> 2;
  const signs = [25, 20, 15, 10, 5, 0].map((shift) => SIGNS[(bits >>> shift) & 31]).join("");
  return `${signs.slice(0, 3)}-${signs.slice(3)}`;
}
