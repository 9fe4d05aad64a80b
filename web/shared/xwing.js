/**
 * X-Wing (draft-connolly-cfrg-xwing-kem): ML-KEM-768 (FIPS 203) and X25519 in one. Both would have to
 * be broken. Loaded only where such a key is met: see `hpke.js`.
 *
 * ML-KEM and SHA-3 are of noble's libraries; X25519 is the browser's. The private part of ML-KEM lies
 * in the memory of the page, since browsers have no place of their own for it yet.
 */

/*! ML-KEM and SHA-3: noble-post-quantum, noble-hashes, noble-curves, (c) Paul Miller, MIT licence */

import { sha3_256, shake256 } from "../vendor/node_modules/@noble/hashes/sha3.js";
import { ml_kem768 } from "../vendor/node_modules/@noble/post-quantum/ml-kem.js";
import { concat, utf8 } from "./bytes.js";
import { agreed, curvePair, ephemeralKey } from "./x25519.js";

/** Its number in HPKE (draft-ietf-hpke-pq). */
export const KEM_ID = 0x647a;

const LATTICE_BYTES = 1184;
const CIPHERTEXT_BYTES = 1088;
const ENC_BYTES = 1120;
const PUBLIC_BYTES = 1216;
const SEED_BYTES = 32;
const LABEL = utf8("\\.//^\\");

/** The draft's combiner, section 5.3. */
function combined(lattice, curve, curveEnc, curvePublic) {
  return sha3_256(concat(lattice, curve, curveEnc, curvePublic, LABEL));
}

/**
 * @param {Uint8Array} seed 32 bytes; this is the private key
 * @returns {Promise<import("./hpke.js").KeyPair>}
 */
export async function keyFromSeed(seed) {
  if (seed.length !== SEED_BYTES) throw new RangeError("a seed has 32 bytes");
  const expanded = shake256(seed, { dkLen: 96 });
  const lattice = ml_kem768.keygen(expanded.subarray(0, 64));
  const curve = await curvePair(expanded.subarray(64));
  expanded.fill(0);
  return {
    privateKey: { lattice: lattice.secretKey, curve: curve.privateKey },
    publicKey: concat(lattice.publicKey, curve.publicKey),
  };
}

/**
 * A fresh secret, and what lets the holder of the private key find it.
 *
 * @param {Uint8Array} publicKey 1216 bytes
 * @param {Uint8Array} [chance] 64 bytes, only for published vectors; must never be used twice
 * @returns {Promise<{enc: Uint8Array, secret: Uint8Array}>}
 */
export async function encapsulate(publicKey, chance) {
  if (publicKey.length !== PUBLIC_BYTES) throw new RangeError("a public key has 1216 bytes");
  const curvePublic = publicKey.subarray(LATTICE_BYTES);
  const found = ml_kem768.encapsulate(publicKey.subarray(0, LATTICE_BYTES), chance?.subarray(0, 32));
  const own = chance ? await curvePair(chance.subarray(32)) : await ephemeralKey();
  const curve = await agreed(own.privateKey, curvePublic);
  return {
    enc: concat(found.cipherText, own.publicKey),
    secret: combined(found.sharedSecret, curve, own.publicKey, curvePublic),
  };
}

/**
 * @param {import("./hpke.js").KeyPair} key
 * @param {Uint8Array} enc from `encapsulate`
 * @returns {Promise<Uint8Array>} the secret; of bytes that were changed another one, not an error
 */
export async function decapsulate(key, enc) {
  if (enc.length !== ENC_BYTES) throw new RangeError("what is encapsulated has 1120 bytes");
  const curveEnc = enc.subarray(CIPHERTEXT_BYTES);
  const lattice = ml_kem768.decapsulate(enc.subarray(0, CIPHERTEXT_BYTES), key.privateKey.lattice);
  const curve = await agreed(key.privateKey.curve, curveEnc);
  return combined(lattice, curve, curveEnc, key.publicKey.subarray(LATTICE_BYTES));
}
