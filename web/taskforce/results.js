/**
 * Results, made here: the sealed answers are opened and counted in this browser; only numbers go
 * to the service, which hides, rounds and audits them, and gives back the files.
 */

import { post, send } from "/shared/api.js";
import { fromBase64url, text, utf8 } from "/shared/bytes.js";
import { BundleError, OtherKey, countBundle, linesOf } from "/shared/counting.js";
import { announce, el, show } from "/shared/dom.js";
import { form } from "/shared/form.js";
import { openEnvelope, context } from "/shared/sealing.js";
import { attempt, notice } from "/shared/shell.js";
import { KeyFileProblem, readKeyFile } from "/shared/signing.js";
import { lang, languages, ownName, say } from "/shared/words.js";

const TYPES = {
  html: "text/html",
  csv: "text/csv",
  json: "application/json",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** What is said first: what is seen where. */
const SEEN = ["results.seen_here", "results.seen_numbers", "results.seen_log", "results.seen_safest"];

/** Why a key file cannot be used. */
const KEY_WORDS = {
  no_key: "results.key_no_key",
  public_only: "results.key_public_only",
  other_kind: "results.key_other_kind",
  other_key: "results.key_other_key",
  cannot_sign: "results.key_cannot_sign",
};

/** Why there is no release. */
const REFUSED = {
  few: "results.no_few",
  unsafe: "results.no_unsafe",
  changed: "results.no_changed",
  log: "results.no_log",
  other: "results.no_other",
};

/** The release was refused; `reason` names the words for it. */
class Refused extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * @param {Object} round to make the results of
 * @param {{made?: Object}} kept what was made stays when the page is shown in another language
 * @param {() => void} back to the list
 */
export function resultsView(round, kept, back) {
  const file = keyField();
  const language = languageField();
  const progress = progressBar();
  const place = el("div", {}, kept.made && files(kept.made));
  const submit = async () => {
    const [chosen] = file.input.files;
    if (!chosen) return file.complain(say("results.choose"));
    kept.made = undefined;
    place.replaceChildren();
    return attempt(async (still) => {
      try {
        const made = await release(round, await chosen.text(), language.value, progress.tell);
        if (!still()) return;
        kept.made = made;
        place.replaceChildren(files(made));
        notice(say("results.done", { number: made.answers }));
      } catch (error) {
        if (!still()) return;
        tellWhy(error, file);
      } finally {
        progress.hide();
      }
    });
  };
  show(
    el(
      "div",
      { class: "rounds" },
      el("h1", {}, say("results.title", { number: round.number })),
      el(
        "section",
        { class: "card" },
        el("h2", {}, say("results.seen_title")),
        el(
          "ul",
          { class: "how" },
          ...SEEN.map((one) => el("li", {}, say(one))),
        ),
        form(say("results.start"), submit, file.row, languageRow(language), progress.node),
      ),
      place,
      el(
        "p",
        {},
        el("button", { type: "button", class: "link", on: { click: back } }, say("results.back")),
      ),
    ),
  );
}

/** Open, count, have it audited, show the key, and take the files. */
async function release(round, keyFile, wanted, tell) {
  const ask = { round_id: round.round_id };
  const known = await post("/taskforce/api/questions", ask);
  const { key, signing } = await readKeyFile(keyFile, known.key_id);
  const answer = await send("/taskforce/api/bundle", ask);
  const lines = linesOf(chunks(answer.body));
  const tally = await countBundle(lines, key, known.questions, known.released, tell);
  tell(null);
  const given = { ...ask, tally, lang: wanted, signer: signing.who };
  const first = await step(given);
  const made = first.sign ? await prove(given, first, key, signing) : first;
  const files = new Map(
    Object.entries(made.files).map(([name, content]) => [name, fromBase64url(content)]),
  );
  const certificate = await signing.signCertificate(text(files.get("audit.json")));
  files.set("audit.json", utf8(certificate));
  return { files, answers: first.answers };
}

/** The second step: what only whoever has the key can answer. */
async function prove(given, { sign, challenge }, key, signing) {
  const proof = text(await openEnvelope(challenge, key, context("proof", given.round_id)));
  const signature = await signing.sign("release-log", utf8(sign));
  return step({ ...given, proof, signature });
}

async function step(given) {
  const found = await post("/taskforce/api/release", given);
  if (found.refused) throw new Refused(found.refused);
  return found;
}

async function* chunks(stream) {
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

function tellWhy(error, file) {
  if (error instanceof KeyFileProblem) file.complain(say(KEY_WORDS[error.reason]));
  else if (error instanceof OtherKey) file.complain(say("results.key_other_key"));
  else if (error instanceof BundleError) notice(say("problem.lost"), "wrong");
  else if (error instanceof Refused) notice(say(REFUSED[error.reason]), "wrong");
  else throw error;
}

function keyField() {
  const input = el("input", {
    id: "key-file",
    type: "file",
    "aria-describedby": "key-file-hint key-file-error",
  });
  const error = el("p", { id: "key-file-error", class: "error" });
  const complain = (words) => {
    error.textContent = words;
    if (words) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (words) announce(words);
    return false;
  };
  input.addEventListener("change", () => complain(""));
  const row = el(
    "div",
    { class: "field" },
    el("label", { for: "key-file" }, say("results.key")),
    input,
    el("p", { id: "key-file-hint", class: "hint" }, say("results.key_hint")),
    error,
  );
  return { row, input, complain };
}

const languageField = () =>
  el(
    "select",
    { id: "results-language" },
    ...languages().map((code) =>
      el("option", { value: code, lang: code, selected: code === lang() }, ownName(code)),
    ),
  );

const languageRow = (select) =>
  el(
    "div",
    { class: "field" },
    el("label", { for: "results-language" }, say("results.language")),
    select,
  );

/** How far it is: a bar while answers are opened, words while the service works. */
function progressBar() {
  const bar = el("progress", { "aria-labelledby": "opened" });
  const words = el("p", { id: "opened" });
  const node = el("div", { class: "field", hidden: true }, words, bar);
  const tell = (done, all) => {
    node.hidden = false;
    if (done === null) {
      bar.removeAttribute("value");
      words.textContent = say("results.checking");
      announce(words.textContent);
      return;
    }
    bar.max = all;
    bar.value = done;
    words.textContent = say("results.opened", { number: done });
  };
  return { node, tell, hide: () => (node.hidden = true) };
}

/** The one to read first, then the others. */
const first = ([name]) => (name.endsWith(".html") ? 0 : 1);

function files({ files: made }) {
  const sorted = [...made].sort((one, other) => first(one) - first(other));
  return el(
    "section",
    { class: "card", "aria-labelledby": "files" },
    el("h2", { id: "files" }, say("results.files")),
    el("p", {}, say("results.together")),
    el("ul", { class: "plain" }, ...sorted.map(([name, content]) => saving(name, content))),
  );
}

function saving(name, content) {
  const save = () => {
    const type = TYPES[name.split(".").pop()];
    const address = URL.createObjectURL(new Blob([content], { type }));
    el("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };
  return el(
    "li",
    { class: "round" },
    el("button", { type: "button", on: { click: save } }, say("results.save", { name })),
  );
}
