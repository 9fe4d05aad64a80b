/** Does what `test_files.py` asks for: one JSON task in, one JSON answer out. */

import { readFileSync } from "node:fs";

import { fromBase64url, toBase64url } from "../../web/shared/bytes.js";
import { newKey, openFile, sealFile } from "../../web/shared/files.js";
import { kindOf } from "../../web/shared/kinds.js";
import { claims } from "../../web/shared/picture.js";

const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64"));

const tasks = {
  async seal({ content, key }) {
    const parts = [];
    for await (const part of sealFile(bytes(content), key)) parts.push(toBase64url(part.sealed));
    return parts;
  },
  async open({ parts, key }) {
    try {
      const opened = await openFile(parts.map(fromBase64url), key);
      return Buffer.from(opened).toString("base64");
    } catch (error) {
      return error.name;
    }
  },
  newKey: async () => newKey(),
  kinds: async ({ files }) => files.map((one) => kindOf(bytes(one))),
  claims: async ({ files }) => files.map(([content, type]) => claims(bytes(content), type)),
};

const { task, ...given } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await tasks[task](given)));
