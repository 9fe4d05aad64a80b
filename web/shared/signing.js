/**
 * The Task Force's key file, and the signature that a release carries.
 *
 * Neither kind of key can sign; an Ed25519 key is derived from it, as `vault/signing.py` does.
 */

import { concat, fromBase64url, toBase64url, utf8 } from "./bytes.js";
import { SUITE, X_WING, keyFromRaw, keyId } from "./sealing.js";

// PKCS#8 of an Ed25519 key (RFC 8410) is this head and then its 32 bytes.
const PKCS8_HEAD = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);

/** A key file cannot be used; `reason` names the words for it. */
export class KeyFileProblem extends Error {
  /** @param {"no_key"|"public_only"|"other_kind"|"other_key"|"cannot_sign"} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Read a key file. The private half stays in the keys that come back, and cannot be exported.
 *
 * @param {string} content of the file
 * @param {string} wanted the name of the key that the round is sealed to
 * @returns {Promise<{key: import("./hpke.js").KeyPair, signing: Signing}>}
 * @throws {KeyFileProblem}
 */
export async function readKeyFile(content, wanted) {
  const parts = parsed(content);
  if (parts?.speaksafe_key !== 1 || parts.role !== "task-force") throw new KeyFileProblem("no_key");
  if (!("private" in parts)) throw new KeyFileProblem("public_only");
  if (![SUITE, X_WING].includes(parts.suite)) throw new KeyFileProblem("other_kind");
  const raw = bytes(parts.private);
  if (raw?.length !== 32) throw new KeyFileProblem("no_key");
  const key = await keyFromRaw(raw, parts.suite);
  if ((await keyId(key.publicKey)) !== wanted) throw new KeyFileProblem("other_key");
  const signing = await Signing.from(raw);
  raw.fill(0);
  return { key, signing };
}

/** Signs for the Task Force. */
export class Signing {
  /** @param {CryptoKey} privateKey @param {string} who what verifies it, base64url */
  constructor(privateKey, who) {
    this.privateKey = privateKey;
    this.who = who;
  }

  /** @param {Uint8Array} raw the private half of the Task Force's key */
  static async from(raw) {
    const secret = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveBits"]);
    const info = utf8("speaksafe/1/signing");
    const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
    const seed = new Uint8Array(await crypto.subtle.deriveBits(algorithm, secret, 256));
    const der = concat(PKCS8_HEAD, seed);
    try {
      const open = await crypto.subtle.importKey("pkcs8", der, "Ed25519", true, ["sign"]);
      const { x } = await crypto.subtle.exportKey("jwk", open);
      const own = await crypto.subtle.importKey("pkcs8", der, "Ed25519", false, ["sign"]);
      return new Signing(own, x);
    } catch {
      throw new KeyFileProblem("cannot_sign"); // a browser that does not know Ed25519 yet
    }
  }

  /**
   * @param {string} use keeps signatures of different uses apart
   * @param {Uint8Array} data
   * @returns {Promise<string>} base64url
   */
  async sign(use, data) {
    const framed = concat(utf8(`speaksafe/1/${use}\n`), data);
    return toBase64url(new Uint8Array(await crypto.subtle.sign("Ed25519", this.privateKey, framed)));
  }

  /**
   * A certificate with its signature, as `survey/outputs.py` writes it.
   *
   * @param {string} certificate the unsigned one
   * @returns {Promise<string>}
   */
  async signCertificate(certificate) {
    const signed = { signer: this.who, signature: await this.sign("certificate", utf8(certificate)) };
    const inner = JSON.stringify({ signed }, null, 1).split("\n").slice(1, -1).join("\n");
    return `${certificate.slice(0, certificate.lastIndexOf("\n}"))},\n${inner}\n}\n`;
  }
}

function parsed(content) {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

function bytes(value) {
  try {
    return fromBase64url(value);
  } catch {
    return null;
  }
}
