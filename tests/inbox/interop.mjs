/** Does in JavaScript what the Python tests ask for: one JSON task in, one JSON answer out. */

import { readFileSync } from "node:fs";

import { fromBase64url, text, toBase64url, utf8 } from "../../web/shared/bytes.js";
import { countBundle, linesOf } from "../../web/shared/counting.js";
import { context, keyFromRaw, keyIds, openEnvelope, seal } from "../../web/shared/sealing.js";
import { readKeyFile } from "../../web/shared/signing.js";
import { derive, newWrappedKey, unwrap } from "../../web/shared/wrapping.js";

const tasks = {
  async open({ envelope, key, purpose, binding }) {
    const pair = await keyFromRaw(fromBase64url(key));
    return text(await openEnvelope(envelope, pair, context(purpose, binding)));
  },
  async seal({ plaintext, recipients, purpose, binding }) {
    return seal(utf8(plaintext), recipients.map(fromBase64url), context(purpose, binding));
  },
  async keyIds({ envelope }) {
    return keyIds(envelope);
  },
  async derive({ passphrase, salt }) {
    return toBase64url((await derive(passphrase, fromBase64url(salt))).signIn);
  },
  async unwrap({ passphrase, salt, wrapped }) {
    const { wrapKey } = await derive(passphrase, fromBase64url(salt));
    return toBase64url((await unwrap(wrapped, wrapKey)).publicKey);
  },
  async newWrappedKey({ passphrase, salt }) {
    const { wrapKey } = await derive(passphrase, fromBase64url(salt));
    const { publicKey, wrapped } = await newWrappedKey(wrapKey);
    return { publicKey: toBase64url(publicKey), wrapped };
  },
  async count({ bundle, key, keyId, questions, released, chunk }) {
    const content = utf8(bundle);
    const chunks = async function* () {
      for (let at = 0; at < content.length; at += chunk) yield content.slice(at, at + chunk);
    };
    try {
      const opened = (await readKeyFile(key, keyId)).key;
      const told = [];
      const tell = (done, all) => told.push([done, all]);
      return { tally: await countBundle(linesOf(chunks()), opened, questions, released, tell), told };
    } catch (error) {
      return { error: error.constructor.name, reason: error.reason };
    }
  },
  async sign({ key, keyId, use, data, certificate }) {
    const { signing } = await readKeyFile(key, keyId);
    const signature = await signing.sign(use, utf8(data));
    return { who: signing.who, signature, certificate: await signing.signCertificate(certificate) };
  },
};

const { task, ...given } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await tasks[task](given)));
