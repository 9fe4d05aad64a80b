/**
 * The gate's words, looked for here in a text that does not leave this page: commands that are the
 * whole message, and danger wherever it stands. The same as `bot/words.py`, for one language at a
 * time; what is looked for comes from `bot/gate_export.py`.
 */

const EDGE = ".";
const COMMA = ",";
const LONGEST = 60_000;
const LONGEST_COMMAND = 200;
const WINDOW = 400;
/** Several in one message: the one that protects most wins. */
const COMMANDS = ["erase", "exit", "safe_word", "stop", "move"];

const INVISIBLE = /[\u00ad\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]/gu;
const MARKS = /[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]/gu;
const LETTERS = new Map([..."ىةٱیکھہ"].map((letter, at) => [letter, "يهايكهه"[at]]));
const APOSTROPHES = /[\u2018\u2019\u201b\u02bc\u0060\u00b4\u02bb]/gu;
const ELISION = /(?<![\p{L}\p{N}_])(j|m|t|s|l|d|n|c|qu|jusqu|lorsqu|puisqu|quelqu)'/gu;
const STRETCHED = /(\p{L})\1{2,}/gu;
const TOKEN =
  /(?<han>[\u3400-\u4dbf\u4e00-\u9fff])|(?<word>(?:(?![\u3400-\u4dbf\u4e00-\u9fff])[\p{L}\p{N}])+(?:[*@](?:(?![\u3400-\u4dbf\u4e00-\u9fff])[\p{L}\p{N}])+)*)|(?<edge>(?<!\.)\.(?!\.)|[!?;\n。؟؛۔]+)|(?<comma>[,،、:])/gu;

/** @param {string} text @returns {string} one spelling for many ways of writing it */
export function fold(text) {
  const plain = text
    .normalize("NFKC")
    .slice(0, LONGEST)
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replace(INVISIBLE, "")
    .normalize("NFD")
    .replace(MARKS, "")
    .replace(/[ىةٱیکھہ]/gu, (letter) => LETTERS.get(letter))
    .replace(APOSTROPHES, "'");
  return plain.replace(ELISION, "$1 ").replaceAll("'", "").replace(STRETCHED, "$1");
}

/** @returns {string[]} the words of a text, with EDGE where a sentence ends */
export function tokens(text, commas = false) {
  const found = [];
  for (const { 0: match, groups } of fold(text).matchAll(TOKEN)) {
    if (groups.edge) found.push(EDGE);
    else if (groups.comma) commas && found.push(COMMA);
    else found.push(match);
  }
  return found;
}

const CLITICS = ["وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك"];
const FUTURE = /^[سهح][ايتن]../u;

/** Arabic writes "and", "so", "in", "for", "like", "the" and "will" onto the next word. */
function withoutClitics(word) {
  if (word[0] < "\u0621" || word[0] > "\u064a") return [];
  const found = [];
  for (const clitic of CLITICS) {
    if (!word.startsWith(clitic) || word.length <= clitic.length + 1) continue;
    const rest = word.slice(clitic.length);
    found.push(rest);
    if (FUTURE.test(rest)) found.push(rest.slice(1));
  }
  if (FUTURE.test(word)) found.push(word.slice(1));
  if (word.length > 3 && word.endsWith("\u0627")) found.push(word.slice(0, -1));
  return found;
}

/** One key for the many ways of writing a word of another script in Latin letters. */
function sound({ letters, rules }, word) {
  const latin = [...word].map((letter) => letters[letter] ?? letter).join("");
  // eslint-disable-next-line no-control-regex
  if (/[^\x00-\x7f]/.test(latin) || /^\d+$/.test(latin)) return latin;
  const said = rules.reduce((now, [written, heard]) => now.replaceAll(written, heard), latin);
  return said.replace(/([a-z])\1/g, "$1");
}

/** Whether a hurried hand wrote `typed` for `word`: two letters swapped, one missed, one doubled. */
function mistyped(word, typed) {
  const size = word.length;
  if (size < 4 || !/^\p{L}+$/u.test(word) || word[0] >= "\u3040") return false;
  if (typed.length === size) {
    const at = [...word].findIndex((letter, place) => letter !== typed[place]);
    const swapped = word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
    return at >= 0 && swapped === typed;
  }
  if (size === 4) return false;
  const [short, long] = typed.length < size ? [typed, word] : [word, typed];
  if (long.length - short.length !== 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (short.slice(at) !== long.slice(at + 1)) return false;
  if (typed.length > size) return at > 0 && long[at] === long[at - 1];
  return at > 0 && (at < size - 1 || word[size - 1] === word[size - 2]);
}

/** Where the words of a text stand, as the bits of one integer each. */
class Marks {
  constructor(variants, starts) {
    this.places = new Map();
    this.inner = 0n;
    this.end = 1n << BigInt(variants.length);
    variants.forEach((spellings, place) => {
      const bit = 1n << BigInt(place);
      for (const word of spellings) {
        this.#mark(word, bit);
        for (let size = 1; size <= word.length; size += 1) {
          if (starts.has(word.slice(0, size))) this.#mark(`${word.slice(0, size)}*`, bit);
        }
      }
      if (spellings[0] !== EDGE) this.inner |= bit;
    });
  }

  #mark(word, bit) {
    this.places.set(word, (this.places.get(word) ?? 0n) | bit);
  }

  of(word) {
    return this.places.get(word) ?? 0n;
  }

  /** The same text without the words at some places; gaps may still reach over them. */
  without(covered) {
    const left = Object.create(this);
    left.of = (word) => this.of(word) & ~covered;
    return left;
  }

  /** For commands, which may be mistyped. */
  forgiving() {
    const kind = Object.create(this);
    kind.of = (word) => {
      let found = this.of(word);
      if (!word.endsWith("*")) {
        for (const [typed, bits] of this.places) if (mistyped(word, typed)) found |= bits;
      }
      return found;
    };
    return kind;
  }
}

/** One way of hearing a text, with the phrases it knows. */
class Voice {
  #given;
  #starts = new Set();

  constructor(given) {
    this.#given = given;
    this.#collect([given.parts, given.crisis, given.not_crisis, given.commands, given.not_commands]);
  }

  #collect(node) {
    if (Array.isArray(node)) node.forEach((inner) => this.#collect(inner));
    else if (typeof node === "string" && node.endsWith("*")) this.#starts.add(node.slice(0, -1));
  }

  get span() {
    return this.#given.span;
  }

  variants(words) {
    const { sounds } = this.#given;
    if (!sounds) return words.map((word) => [word, ...withoutClitics(word)]);
    if (!words.some((word) => /^[a-z]/.test(word))) return [];
    return words.map((word) => [sound(sounds, word) || word]);
  }

  #tree(part) {
    const named = typeof part === "string" && part[0] === "{";
    return named ? this.#given.parts[Number(part.slice(1))] : part;
  }

  /** Where a part may end when it begins at one of `at`. */
  #ahead(named, at, marks) {
    const part = this.#tree(named);
    if (typeof part === "string") return (at & marks.of(part)) << 1n;
    if (typeof part === "number") {
      let now = at;
      for (let step = 0; step < part; step += 1) now |= (now & marks.inner) << 1n;
      return now;
    }
    if (part[0] === "?") return at | this.#ahead(part[1], at, marks);
    if (part[0] === "|") {
      return part.slice(1).reduce((found, one) => found | this.#ahead(one, at, marks), 0n);
    }
    return part.reduce((now, one) => (now ? this.#ahead(one, now, marks) : now), at);
  }

  /** Where a part may have begun when it ends at one of `at`. */
  #back(named, at, marks) {
    const part = this.#tree(named);
    if (typeof part === "string") return (at >> 1n) & marks.of(part);
    if (typeof part === "number") {
      let now = at;
      for (let step = 0; step < part; step += 1) now |= (now >> 1n) & marks.inner;
      return now;
    }
    if (part[0] === "?") return at | this.#back(part[1], at, marks);
    if (part[0] === "|") {
      return part.slice(1).reduce((found, one) => found | this.#back(one, at, marks), 0n);
    }
    return part.reduceRight((now, one) => (now ? this.#back(one, now, marks) : now), at);
  }

  #is(part, marks) {
    return (this.#ahead(part, 1n, marks) & marks.end) !== 0n;
  }

  refuses(words) {
    const variants = words.length ? this.variants(words) : [];
    if (!variants.length) return false;
    const marks = new Marks(variants, this.#starts);
    return this.#given.not_commands.some((part) => this.#is(part, marks));
  }

  commands(words) {
    const variants = words.length ? this.variants(words) : [];
    if (!variants.length) return null;
    const exact = new Marks(variants, this.#starts);
    const marks = this.#given.sounds ? exact : exact.forgiving();
    return this.#given.commands.find(([, part]) => this.#is(part, marks))?.[0] ?? null;
  }

  /** The places that figures of speech cover. */
  #idioms(marks) {
    let found = 0n;
    for (const part of this.#given.not_crisis) {
      let ends = this.#ahead(part, marks.end - 1n, marks);
      while (ends) {
        const end = ends & -ends;
        ends ^= end;
        const starts = this.#back(part, end, marks);
        found |= end - (1n << BigInt(starts.toString(2).length - 1));
      }
    }
    return found;
  }

  /** @returns {number} the rank of the worst danger, or `worse` */
  danger(variants, worse) {
    const marks = new Marks(variants, this.#starts);
    const find = (where) =>
      this.#given.crisis.find(([, part]) => this.#ahead(part, marks.end - 1n, where))?.[0] ?? worse;
    if (find(marks) >= worse) return worse;
    const idioms = this.#idioms(marks);
    return Math.min(worse, idioms ? find(marks.without(idioms)) : find(marks));
  }
}

function split(words, at) {
  const parts = [[]];
  for (const word of words) at.has(word) ? parts.push([]) : parts.at(-1).push(word);
  return parts.filter((part) => part.length);
}

const unglued = (words) =>
  words.flatMap((word) => (/^و[\u0621-\u064a]{3}/u.test(word) ? [COMMA, word.slice(1)] : [word]));

/** The gate of one language. */
export class Gate {
  #given;
  #voices;
  #polite;
  #longest;
  #spellings;

  /** @param {Object} given from `bot/gate_export.py` */
  constructor(given) {
    this.#given = given;
    this.#voices = given.voices.map((voice) => new Voice(voice));
    this.#polite = new Set(given.polite);
    this.#longest = Math.max(0, ...given.polite.map((phrase) => phrase.split(" ").length));
    this.#spellings = new Map(Object.entries(given.spellings));
  }

  #spelt(words) {
    return words.flatMap((word) => this.#spellings.get(word) ?? [word]);
  }

  /** @param {string} text @returns {string|null} what the whole message commands */
  command(text) {
    if (text.length > LONGEST_COMMAND) return null;
    const words = this.#spelt(tokens(text, true));
    const kind = this.#whole(words.filter((word) => word !== EDGE && word !== COMMA));
    if (kind) return kind;
    const found = new Set();
    for (const sentence of split(words, new Set([EDGE]))) {
      const kinds = this.#kinds(sentence);
      if (!kinds) return null;
      kinds.forEach((one) => found.add(one));
    }
    return COMMANDS.find((one) => found.has(one)) ?? null;
  }

  /** What a sentence commands; null if it says anything else, or more. */
  #kinds(sentence) {
    const clause = sentence.filter((word) => word !== COMMA);
    const direct = this.#whole(clause);
    if (direct) return [direct];
    if (this.#refused(clause)) return null;
    const spoken = this.#plain(clause);
    if (!spoken.length) return [];
    const kind = this.#whole(spoken);
    if (kind) return [kind];
    const parts = split(unglued(sentence), new Set([COMMA, ...this.#given.joiners]));
    if (parts.length < 2) return null;
    const kinds = [];
    for (const part of parts.map((one) => this.#plain(one))) {
      const one = part.length ? this.#whole(part) : null;
      if (part.length && !one) return null;
      if (one) kinds.push(one);
    }
    return kinds.length ? kinds : null;
  }

  #refused(clause) {
    return this.#voices.some((voice) => voice.refuses(clause));
  }

  #whole(clause) {
    if (!clause.length || this.#refused(clause)) return null;
    for (const voice of this.#voices) {
      const kind = voice.commands(clause);
      if (kind) return kind;
    }
    return null;
  }

  /** Without "please", "now", "thank you". */
  #plain(clause) {
    let words = clause.filter((word, at) => at === 0 || word !== clause[at - 1]);
    for (let again = true; again; ) {
      again = false;
      for (let size = Math.min(this.#longest, words.length); size > 0 && !again; size -= 1) {
        const polite = (some) => this.#polite.has(some.join(" "));
        if (polite(words.slice(0, size))) [words, again] = [words.slice(size), true];
        else if (polite(words.slice(-size))) [words, again] = [words.slice(0, -size), true];
      }
    }
    return words;
  }

  /** @param {string} text @returns {string|null} the worst danger it speaks of */
  danger(text) {
    const words = [EDGE, ...this.#spelt(tokens(text)), EDGE];
    const { dangers } = this.#given;
    let found = dangers.length;
    for (const voice of this.#voices) {
      const variants = voice.variants(words);
      const step = WINDOW - voice.span;
      for (let from = 0; from < Math.max(1, variants.length - voice.span); from += step) {
        if (found) found = voice.danger(variants.slice(from, from + WINDOW), found);
      }
    }
    return dangers[found] ?? null;
  }
}
