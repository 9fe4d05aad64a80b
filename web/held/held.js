/**
 * What a person tells stays here, in the memory of her page, until she agrees to send it; then it is
 * sealed here, too. The widget loads this when it is first asked to hold something.
 */

import { fromBase64url, utf8 } from "../shared/bytes.js";
import { context, sealDocument } from "../shared/sealing.js";
import { Gate, fold } from "./gate.js";

/** Bytes of all texts together: what fits into one envelope that the service takes. */
const MOST = 180_000;
/** Stand around the number of a text, as in `reports/sealed.py`. */
const MARK = /\ue000(\d+)\ue001/g;

const bare = (text) => fold(text).replace(/[^\p{L}\p{N}]/gu, "");

/** Holds texts, looks for commands and danger in them, and seals them. */
export class Holder {
  #load;
  #texts = [];
  #pending = false;
  #gates = new Map();
  #words = new Set();

  /** @param {(lang: string) => Promise<Object>} load gets the words of a language */
  constructor(load) {
    this.#load = load;
  }

  /**
   * Get ready to look for words in a language; the others follow, because people in distress fall
   * back into their own.
   *
   * @param {string} lang
   * @param {string[]} others
   * @param {() => void} ready called as soon as the first is known
   */
  async prepare(lang, others, ready) {
    await this.#learn(lang);
    ready();
    for (const other of others) {
      await this.#learn(other).catch(() => {}); // a lost connection: next time
    }
  }

  /** @param {string} lang @returns {boolean} whether its words are known */
  knows(lang) {
    return this.#gates.has(lang);
  }

  async #learn(lang) {
    if (this.#gates.has(lang)) return;
    const { gate, words, comfort } = await this.#load(lang);
    this.#gates.set(lang, { gate: new Gate(gate), comfort });
    words.forEach((word) => this.#words.add(bare(word)));
  }

  /** @param {string} text @returns {boolean} whether it is a command, and no part of what she tells */
  commands(text) {
    if (this.#words.has(bare(text))) return true;
    return [...this.#gates.values()].some(({ gate }) => gate.command(text));
  }

  /**
   * @param {string} text
   * @param {string} lang of the chat
   * @returns {{kind: string, texts: string[], again: string}|null} what to say at once to somebody
   *   in danger
   */
  comfort(text, lang) {
    const kinds = [...this.#gates.values()].map(({ gate }) => gate.danger(text)).filter(Boolean);
    const { order, texts, again } = this.#gates.get(lang).comfort;
    const kind = order.find((one) => kinds.includes(one));
    return kind ? { kind, texts: texts[kind], again } : null;
  }

  /**
   * Hold a text. Until `settle` is called the next text takes its place: it is the same, tried again.
   *
   * @returns {number|null} its number; null when all together would be too long
   */
  keep(text) {
    const others = this.#pending ? this.#texts.slice(0, -1) : this.#texts;
    if (utf8([...others, text].join("")).length > MOST) return null;
    this.#texts = [...others, text];
    this.#pending = true;
    return others.length;
  }

  /** The last text has arrived where it belongs. */
  settle() {
    this.#pending = false;
  }

  /** @returns {string} a text with its marks filled in */
  fill(text) {
    return text.replace(MARK, (_, number) => this.#texts[Number(number)] ?? "…");
  }

  #filled(node) {
    if (typeof node === "string") return this.fill(node);
    if (Array.isArray(node)) return node.map((inner) => this.#filled(inner));
    if (node === null || typeof node !== "object") return node;
    const entries = Object.entries(node).map(([name, inner]) => [name, this.#filled(inner)]);
    return Object.fromEntries(entries);
  }

  /**
   * @param {{purpose: string, binding: string, to: string[], document: Object}} request
   * @returns {Promise<string>} the envelope
   */
  seal({ purpose, binding, to, document }) {
    const info = context(purpose, binding);
    return sealDocument(this.#filled(document), to.map(fromBase64url), info);
  }

  /** Nothing of it stays. */
  forget() {
    this.#texts = [];
    this.#pending = false;
  }
}
