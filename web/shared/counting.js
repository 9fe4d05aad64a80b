/**
 * Counting a round in the browser: each sealed answer is opened, checked against the
 * questionnaire, counted into the declared tables, and forgotten.
 *
 * The same as `survey/opening.py` and `survey/tables.py`; a test holds both to the same numbers.
 */

import { concat, text } from "./bytes.js";
import { SealingError, context, openDocument } from "./sealing.js";

/** Envelopes that are opened side by side: the browser works on several at once. */
const AT_ONCE = 64;
/** A round with fewer readable answers is counted with a later one. */
const LEAST = 10;
const FORMAT = 2;

/** The file is no bundle, or was cut. */
export class BundleError extends Error {}

/** Every answer is sealed to another key. */
export class OtherKey extends Error {}

/**
 * The lines of a download, without ever holding all of it.
 *
 * @param {AsyncIterable<Uint8Array>} chunks
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* linesOf(chunks) {
  let rest = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield concat(...rest, chunk.subarray(start, end));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.slice(start));
  }
  if (rest.length) yield concat(...rest);
}

/**
 * @param {AsyncGenerator<Uint8Array>} lines of a bundle
 * @param {import("./hpke.js").KeyPair} key the Task Force's
 * @param {Object} questions as the service describes the questionnaire
 * @param {string[]} released rounds that another release has counted
 * @param {(done: number, all: number) => void} tell how far it is
 * @returns {Promise<Object>} numbers and nothing else, as `/taskforce/api/release` takes them
 * @throws {BundleError|OtherKey}
 */
export async function countBundle(lines, key, questions, released, tell) {
  const first = await parsed(lines);
  if (first?.speaksafe_bundle !== FORMAT) throw new BundleError();
  const tally = new Tally(questions);
  let last = null;
  const before = [];
  for (let head = await parsed(lines); head; head = await parsed(lines)) {
    const opened = new Round(head, key, tally.fits);
    if (last === null) {
      last = opened;
      await opened.open(lines, (answers) => tally.add(answers), tell);
    } else {
      const few = [];
      await opened.open(lines, (answers) => few.push(answers), () => {});
      before.push({ head, few });
    }
  }
  if (last === null) throw new BundleError();
  if (last.forOthers && !last.readable) throw new OtherKey();
  const rounds = [];
  for (const { head, few } of before.sort((one, other) => one.head.number - other.head.number)) {
    const same = head.instrument === last.head.instrument && head.number < last.head.number;
    if (!same || released.includes(head.round_id)) continue;
    if (few.length === 0 || few.length >= LEAST) continue;
    few.forEach((answers) => tally.add(answers));
    rounds.push(head.round_id);
  }
  return tally.numbers([...rounds, last.head.round_id], last.unreadable);
}

async function parsed(lines) {
  const { value, done } = await lines.next();
  if (done) return null;
  try {
    return JSON.parse(text(value));
  } catch {
    throw new BundleError();
  }
}

/** The envelopes of one round. */
class Round {
  constructor(head, key, fits) {
    if (!Number.isInteger(head?.answers) || head.answers < 0) throw new BundleError();
    this.head = head;
    this.key = key;
    this.fits = fits;
    this.info = context("answer", head.round_id);
    this.seen = new Set();
    this.readable = 0;
    this.unreadable = 0;
    this.forOthers = 0;
  }

  async open(lines, take, tell) {
    const all = this.head.answers;
    for (let done = 0; done < all; ) {
      const some = [];
      while (some.length < AT_ONCE && done + some.length < all) {
        const { value, done: over } = await lines.next();
        if (over) throw new BundleError();
        some.push(value);
      }
      for (const answers of await Promise.all(some.map((line) => this.answers(line)))) {
        if (answers === null) this.unreadable += 1;
        else if (answers !== undefined) {
          this.readable += 1;
          take(answers);
        }
      }
      done += some.length;
      tell(done, all);
    }
  }

  /** The answers in an envelope; null when there are none, undefined when it was here before. */
  async answers(line) {
    const name = String.fromCharCode(
      ...new Uint8Array(await crypto.subtle.digest("SHA-256", line)),
    );
    if (this.seen.has(name)) return undefined; // the same envelope twice is one person's answer
    this.seen.add(name);
    try {
      return this.fits(await openDocument(text(line), this.key, this.info));
    } catch (error) {
      if (!(error instanceof SealingError) && !(error instanceof TypeError)) throw error;
      this.forOthers += 1;
      return null;
    }
  }
}

/** What is counted, exactly. It never leaves the page but as these numbers. */
class Tally {
  constructor(questions) {
    this.questions = questions;
    this.items = new Map(questions.items.map((item) => [item.id, item]));
    this.people = 0;
    this.found = { answered: {}, chosen: {}, groups: {}, cells: {} };
    this.fits = (document) => this.fitting(document);
  }

  fitting(document) {
    const answers = document?.answers;
    if (!plain(document) || !plain(answers)) return null;
    const { id, version } = this.questions;
    if (document.instrument !== id || document.version !== version) return null;
    const given = Object.entries(answers);
    const good = given.length > 0 && given.every(([name, answer]) => this.good(name, answer));
    return good ? answers : null;
  }

  good(name, answer) {
    const item = this.items.get(name);
    if (!item) return false;
    if (item.kind === "text") return typeof answer === "string";
    if (item.kind !== "multi") return item.codes.includes(answer);
    return (
      Array.isArray(answer) &&
      answer.length > 0 &&
      new Set(answer).size === answer.length &&
      answer.every((code) => item.codes.includes(code))
    );
  }

  add(answers) {
    this.people += 1;
    const codes = new Map(
      Object.entries(answers).map(([name, answer]) => [name, [answer].flat()]),
    );
    const { answered, chosen, groups, cells } = this.found;
    for (const name of this.questions.tables) {
      if (!this.counts(this.items.get(name), codes)) {
        codes.delete(name);
        continue;
      }
      more(answered, [name]);
      for (const code of codes.get(name)) more(chosen, [name, code]);
    }
    for (const [name, by] of this.questions.breakdowns) {
      if (!codes.has(name) || !codes.has(by)) continue;
      const [group] = codes.get(by);
      more(groups, [name, by, group]);
      for (const code of codes.get(name)) more(cells, [name, by, group, code]);
    }
  }

  /** Whether an answer counts: it was asked, and no option stands beside one that stands alone. */
  counts(item, codes) {
    const given = item && codes.get(item.id);
    if (!given?.length || (item.ask_if && !holds(item.ask_if, codes))) return false;
    return given.length === 1 || !given.some((code) => item.alone.includes(code));
  }

  numbers(rounds, unreadable) {
    return { rounds, people: this.people, unreadable, ...this.found };
  }
}

const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function more(counts, [name, ...rest]) {
  if (!rest.length) counts[name] = (counts[name] ?? 0) + 1;
  else more((counts[name] ??= {}), rest);
}

/** Alternatives of clauses that all hold; see `survey/conditions.py`. */
const holds = (alternatives, codes) =>
  alternatives.some((clauses) =>
    clauses.every(([item, verb, named]) => {
      const given = codes.get(item);
      if (!given?.length) return false;
      if (verb === "has") return given.some((code) => named.includes(code));
      if (verb === "lacks") return !given.some((code) => named.includes(code));
      return given.some((code) => !named.includes(code));
    }),
  );
