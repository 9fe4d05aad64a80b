/**
 * Signing in. The passphrase and the private key never leave this page: the service gets one of
 * the two secrets that the passphrase makes, and the private key only in wrapped form.
 */

import { Problem, post, setToken } from "./api.js";
import { fromBase64url, toBase64url } from "./bytes.js";
import { Unloaded } from "./hpke.js";
import { derive, newWrappedKey, unwrap } from "./wrapping.js";

/**
 * @typedef {{name: string, offices: string[], key: import("./hpke.js").KeyPair,
 *   secondFactor: "on"|"off"|"needed"}} Account
 */

/** The service let her in but her key does not open: the stored key was changed. */
export class KeyProblem extends Error {}

/** Her key is made, but her sign-in takes a code of her phone as well. */
export class CodeNeeded extends Error {}

/** The salt of her passphrase, and the suite that a new key is made of. */
const begin = (name) => post("/inbox/api/begin", { name });

async function enter(name, { signIn, wrapKey }, code) {
  const given = { name, sign_in: toBase64url(signIn), code };
  const answer = await post("/inbox/api/sign-in", given);
  let key;
  try {
    key = await unwrap(answer.wrapped, wrapKey);
  } catch (error) {
    if (error instanceof Unloaded) throw error;
    throw new KeyProblem("the key does not open");
  }
  setToken(answer.token);
  return { name, offices: answer.offices, key, secondFactor: answer.second_factor };
}

/**
 * @param {string} name
 * @param {string} passphrase
 * @param {string} code of her phone, or a recovery code; empty if she has none
 * @returns {Promise<Account>}
 * @throws {Problem|KeyProblem}
 */
export async function signIn(name, passphrase, code) {
  const { salt } = await begin(name);
  return enter(name, await derive(passphrase, fromBase64url(salt)), code);
}

/**
 * The first sign-in: makes the key here, wraps it here, and hands over the wrapped form.
 *
 * @param {string} name
 * @param {string} code the setup code, once usable
 * @param {string} passphrase
 * @returns {Promise<Account>}
 * @throws {Problem|KeyProblem|CodeNeeded}
 */
export async function setUp(name, code, passphrase) {
  const { salt, suite } = await begin(name);
  const derived = await derive(passphrase, fromBase64url(salt));
  const { publicKey, wrapped } = await newWrappedKey(derived.wrapKey, suite);
  await post("/inbox/api/setup", {
    name,
    setup_code: code,
    salt,
    sign_in: toBase64url(derived.signIn),
    public_key: toBase64url(publicKey),
    wrapped,
  });
  try {
    return await enter(name, derived, "");
  } catch (error) {
    // Her passphrase is right, it was set just now: so it is the code that is missing.
    if (error instanceof Problem && error.status === 403) throw new CodeNeeded();
    throw error;
  }
}

/** Sign out; the page forgets the token even when the service cannot be reached. */
export async function signOut() {
  const told = post("/inbox/api/sign-out");
  // The request above carries the token already; from here on nothing else can use it.
  setToken(null);
  await told.catch((error) => {
    if (!(error instanceof Problem)) throw error;
  });
}
