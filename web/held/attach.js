/**
 * Files that a person adds stay here, in the memory of her page, until she agrees to send; then they
 * are sealed here, too, each with a key that stands in the sealed report alone. Their names are never
 * sent. The widget loads this when files can be added.
 */

import { concat, fromBase64url } from "../shared/bytes.js";
import { newKey, sealFile } from "../shared/files.js";
import { kindOf } from "../shared/kinds.js";
import { redrawn } from "../shared/picture.js";

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** What stands before a part: the file's id, the part's number, and how many there are. */
function body(id, { number, of, sealed }) {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint16(0, number);
  new DataView(head.buffer).setUint16(2, of);
  return concat(fromBase64url(id), head, sealed);
}

/** Holds files, shows them, and seals them. */
export class Files {
  #put;
  #held = []; // every file ever added, by its number; she may go back to one
  #chosen = []; // the numbers of those that go along
  #open = false; // she has not gone on from what she sees
  #clean = false; // only copies without hidden details go along
  #agreed = false; // so it was when she last went on
  #keys = new Map();

  /** @param {(part: Uint8Array) => Promise<void>} put brings a part to the service */
  constructor(put) {
    this.#put = put;
  }

  /** @returns {string} the choice that names the files */
  get choice() {
    this.#open = false;
    this.#agreed = this.#clean;
    if (!this.#chosen.length) return this.#clean ? "files:clean" : "files:none";
    return `files:${this.#clean ? "clean." : ""}${this.#chosen.join(".")}`;
  }

  /** Nothing of them stays. */
  forget() {
    this.#held = [];
    this.#chosen = [];
    this.#open = false;
    this.#clean = false;
    this.#agreed = false;
    this.#keys.clear();
  }

  /**
   * Take a file.
   *
   * @param {Blob} file
   * @param {{most: number, largest: number}} limits
   * @returns {Promise<string|null>} why it was not taken: a name of words
   */
  async add(file, { most, largest }) {
    if (this.#chosen.length >= most) return "full";
    if (file.size > largest) return "large";
    // Read once, now: what is sealed later is what was looked at here.
    const bytes = await file.arrayBuffer().then((raw) => new Uint8Array(raw), () => null);
    if (!bytes?.length) return "unread";
    const kind = kindOf(bytes);
    if (!kind) return "kind";
    const copy = kind.kind === "picture" ? await redrawn(bytes, kind.type) : null;
    if (this.#chosen.length >= most) return "full";
    if (this.#clean && !copy) return "unclean";
    this.#chosen.push(this.#held.push({ bytes, ...kind, copy }) - 1);
    return null;
  }

  /**
   * What she sees: the files, and buttons to add and to remove.
   *
   * @param {{most: number, largest: number, chosen: number[], clean: boolean, words: Object}} attach
   * @param {string} lang
   * @returns {HTMLElement}
   */
  panel(attach, lang) {
    const { words } = attach;
    if (!this.#open) {
      this.#chosen = attach.chosen.filter((number) => this.#held[number]);
      // A service that does not know of it says nothing: then what she ticked stays.
      this.#clean = this.#agreed = attach.clean ?? this.#clean;
    }
    this.#open = true;
    const size = new Intl.NumberFormat(lang, {
      style: "unit", unit: "megabyte", maximumFractionDigits: 1, minimumFractionDigits: 1,
    });
    const list = make("ul");
    const said = make("p", { role: "status" });
    const pick = make("input", { type: "file", multiple: "", hidden: "" });
    const add = make("button", { type: "button", click: () => pick.click() }, words.add);
    const draw = () => {
      const row = (number) => {
        const { kind, bytes } = this.#held[number];
        const what = `${words[kind]}, ${size.format(Math.max(0.1, bytes.length / 1e6))}`;
        const remove = () => {
          this.#chosen = this.#chosen.filter((one) => one !== number);
          said.textContent = "";
          draw();
          add.focus();
        };
        const label = `${words.remove}: ${what}`;
        return make("li", {}, make("span", { dir: "auto" }, what),
          make("button", { type: "button", "aria-label": label, click: remove }, words.remove));
      };
      list.replaceChildren(...this.#chosen.map(row));
    };
    pick.addEventListener("change", async () => {
      const files = [...pick.files];
      pick.value = "";
      add.disabled = true;
      said.textContent = "";
      for (const file of files) {
        const why = await this.add(file, attach);
        if (why) said.textContent = words[why];
        draw();
      }
      add.disabled = false;
    });
    const only = make("input", { type: "checkbox", change: () => {
      this.#clean = only.checked;
      const kept = this.#chosen.filter((number) => !this.#clean || this.#held[number].copy);
      said.textContent = kept.length < this.#chosen.length ? words.unclean : "";
      this.#chosen = kept;
      draw();
    } });
    only.checked = this.#clean;
    draw();
    const clean = make("label", {}, only, ` ${words.clean}`);
    return make("div", { class: "choices files" }, list, add, clean, pick, said);
  }

  /** One key for one content: sealed again after a lost answer, it is the same, byte for byte. */
  #key(binding, number, part) {
    const place = `${binding} ${number} ${part}`;
    if (!this.#keys.has(place)) this.#keys.set(place, { ...newKey(), done: new Set() });
    return this.#keys.get(place);
  }

  /** Told anew what to seal, the service has let go of what waited there: then all comes again. */
  anew() {
    this.#keys.forEach((file) => file.done.clear());
  }

  async #send(content, file) {
    for await (const part of sealFile(content, file)) {
      if (!file.done.has(part.number)) {
        await this.#put(body(file.id, part));
        file.done.add(part.number);
      }
    }
  }

  /**
   * Seal files and bring them to the service.
   *
   * @param {number[]} numbers of those that go along
   * @param {string} binding the case's id
   * @param {(done: number, all: number) => void} progress
   * @param {boolean} clean only copies: the files themselves are neither sealed nor sent
   * @returns {Promise<Object[]>} what the report says of each: where it lies, and its key
   */
  async seal(numbers, binding, progress, clean = false) {
    // A service that is being replaced may not say it; what she ticked here holds all the same.
    clean = clean || this.#agreed;
    const entries = [];
    const used = [];
    for (const number of numbers) {
      progress(entries.length + 1, numbers.length);
      const { bytes, type, copy } = this.#held[number];
      if (clean && !copy) throw new Error("no copy of a file");
      const whole = copy ? { file: bytes, copy } : { file: bytes };
      const parts = clean ? { copy } : whole;
      const named = {};
      for (const [part, content] of Object.entries(parts)) {
        const file = this.#key(binding, number, part);
        await this.#send(content, file);
        used.push(file);
        named[part] = { id: file.id, key: file.key, size: content.length };
      }
      const shown = copy && { ...named.copy, type: "image/jpeg" };
      entries.push(clean ? { ...shown, copy: null } : { ...named.file, type, copy: shown });
    }
    // Asked to send once more, the service may have lost them: then all of them come again.
    used.forEach((file) => file.done.clear());
    return entries;
  }
}
