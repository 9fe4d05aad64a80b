/** Does what `test_files.py` asks for: one JSON task in, one JSON answer out. */

import { readFileSync } from "node:fs";

import { Files } from "../../web/held/attach.js";
import { fromBase64url, toBase64url } from "../../web/shared/bytes.js";
import { newKey, openFile, sealFile } from "../../web/shared/files.js";
import { kindOf } from "../../web/shared/kinds.js";
import { claims } from "../../web/shared/picture.js";

const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64"));

/** The box that she ticks, in a page that has nothing but what a panel makes. */
function ticked(files, attach) {
  const made = [];
  globalThis.document = {
    createElement: () => {
      const heard = {};
      const node = {
        heard, append() {}, replaceChildren() {}, setAttribute() {},
        addEventListener: (name, hear) => { heard[name] = hear; },
      };
      made.push(node);
      return node;
    },
  };
  files.panel(attach, "en");
  const box = made.find((node) => typeof node.checked === "boolean");
  return { was: box.checked, tick: (on) => { box.checked = on; box.heard.change(); } };
}

const tasks = {
  /** A text has no copy: where only copies go, it is neither named nor sealed. */
  async clean() {
    const sent = [];
    const files = new Files(async (part) => { sent.push(part); });
    const attach = { most: 5, largest: 1000, chosen: [], clean: false, words: {} };
    const seal = () => files.seal([0], "case", () => {}, false).then(() => "sealed", (e) => e.message);
    const box = ticked(files, attach);
    await files.add(new Blob(["a text"]), attach);
    const whole = [files.choice, await seal(), sent.length];
    ticked(files, { ...attach, chosen: [0] }).tick(true);
    const clean = [files.choice, await seal(), sent.length];
    const { clean: _, ...old } = attach;
    return { whole, clean, boxes: [box, ticked(files, old)].map(({ was }) => was),
      after: [files.choice, (ticked(files, attach), files.choice)] };
  },
  /** The connection is lost after the first of two files; how many parts come at each later try. */
  async anew() {
    let sent = 0;
    let lost = true;
    const files = new Files(async () => {
      if (lost && sent) throw new Error("lost");
      sent += 1;
    });
    for (const text of ["one", "two"]) await files.add(new Blob([text]), { most: 5, largest: 99 });
    const tried = async () => {
      sent = 0;
      await files.seal([0, 1], "case", () => {}).catch(() => {});
      return sent;
    };
    const first = await tried();
    lost = false;
    const again = await tried();
    await tried().then(() => { lost = true; });
    const cut = await tried();
    lost = false;
    files.anew();
    return [first, again, cut, await tried()];
  },
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
