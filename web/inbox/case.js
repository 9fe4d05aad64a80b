/** One case: opened here with her key, answered here, and nowhere readable in between. */

import { Problem, post } from "/shared/api.js";
import { fromBase64url } from "/shared/bytes.js";
import { ask, el, show } from "/shared/dom.js";
import { form } from "/shared/form.js";
import { context, openDocument, sealDocument } from "/shared/sealing.js";
import { attempt, go, notice } from "/shared/shell.js";
import { languageName, longDate, say } from "/shared/words.js";
import { caseNumber } from "./number.js";
import { reportCard } from "./report.js";

const LONGEST_REPLY = 10_000;

/** Where a status may go; the service has the last word. */
const NEXT = {
  received: [],
  opened: ["in_review", "closed"],
  in_review: ["opened", "closed"],
  closed: [],
};

/**
 * @typedef {import("/shared/account.js").Account & {drafts: Map, sealed: Map}} Desk somebody who
 *   is signed in, with what she typed but did not send, and what was sealed but perhaps not stored
 */

/** The documents of a case; null for an envelope that does not open. */
async function openAll(data, key) {
  return Promise.all(
    data.entries.map(async (entry) => {
      const info = context(entry.purpose, data.case_id);
      const document = await openDocument(entry.envelope, key, info).catch(() => null);
      return { ...entry, document };
    }),
  );
}

/** @returns {boolean} whether what the reporter wrote last could be read */
function readLatest(entries) {
  return entries.findLast((entry) => entry.author === "reporter")?.document !== null;
}

async function load(desk, caseId) {
  const data = await post("/inbox/api/case", { case_id: caseId });
  const entries = await openAll(data, desk.key);
  if (readLatest(entries)) {
    // Only this page can know that it was opened, so it says so.
    ({ status: data.status } = await post("/inbox/api/opened", { case_id: caseId }));
  }
  return { ...data, entries };
}

/** @param {Desk} desk @param {string} caseId */
export async function caseView(desk, caseId) {
  notice(say("case.opening"));
  await attempt(async (still) => {
    const data = await load(desk, caseId);
    if (!still()) return;
    notice("");
    const again = () => go(() => caseView(desk, caseId));
    const back = { click: () => history.back() };
    show(
      el(
        "article",
        { class: "one-case" },
        el("button", { type: "button", class: "link back", on: back }, say("case.back")),
        el(
          "div",
          { class: "heading" },
          el("h1", {}, say("list.case", { number: caseNumber(caseId) })),
          el("span", { class: `chip ${data.status}` }, say(`status.${data.status}`)),
        ),
        el(
          "div",
          { class: "columns" },
          el(
            "div",
            {},
            reportCard(data.entries[0], data),
            talk(data.entries.slice(1)),
            reply(desk, data, again),
          ),
          progress(data, again),
        ),
      ),
    );
  });
}

function talk(entries) {
  return el(
    "section",
    { class: "card" },
    el("h2", {}, say("talk.title")),
    entries.length
      ? el("ol", { class: "talk" }, ...entries.map(turn))
      : el("p", { class: "facts" }, say("talk.empty")),
  );
}

function turn({ author, on, document }) {
  const who = `${say(`talk.${author}`)} · ${longDate(on)}`;
  return el(
    "li",
    { class: author },
    el("p", { class: "facts" }, who),
    document
      ? el("p", { class: "said", dir: "auto" }, String(document.text ?? ""))
      : el("p", { class: "unopened" }, say("case.cannot_open")),
  );
}

function reply(desk, data, again) {
  const language = languageName(data.lang);
  const box = el("textarea", {
    id: "reply",
    rows: "6",
    maxlength: String(LONGEST_REPLY),
    dir: "auto",
    lang: data.lang,
    "aria-describedby": "reply-hint reply-error",
  });
  box.value = desk.drafts.get(data.case_id) ?? "";
  const error = el("p", { id: "reply-error", class: "error" });
  box.addEventListener("input", () => {
    desk.drafts.set(data.case_id, box.value);
    error.textContent = "";
  });
  const submit = async () => {
    const words = box.value.trim();
    if (!words) {
      error.textContent = say("check.reply");
      box.focus();
    } else if (await confirmReply(words)) await sendReply(desk, data, words, again);
  };
  return el(
    "section",
    { class: "card" },
    el("h2", {}, say("reply.title")),
    form(
      say("reply.send"),
      submit,
      el(
        "div",
        { class: "field" },
        el("p", { class: "in-language" }, say("reply.language", { language })),
        el("label", { for: "reply" }, say("reply.label")),
        box,
        el("p", { id: "reply-hint", class: "hint" }, say("reply.care")),
        error,
      ),
    ),
  );
}

const confirmReply = (words) =>
  ask({
    title: say("reply.confirm_title"),
    quote: words,
    text: say("reply.confirm"),
    yes: say("reply.confirm_yes"),
    no: say("cancel"),
  });

/** The same words sealed once: sending them again after a lost answer stores nothing twice. */
async function sealedOnce(desk, { case_id: caseId, recipients }, words) {
  const keys = recipients.join();
  const before = desk.sealed.get(caseId);
  if (before?.words === words && before.keys === keys) return before.envelope;
  const info = context("reply", caseId);
  const envelope = await sealDocument({ v: 1, text: words }, recipients.map(fromBase64url), info);
  desk.sealed.set(caseId, { words, keys, envelope });
  return envelope;
}

async function sendReply(desk, data, words, again) {
  notice(say("reply.sending"));
  await attempt(async (still) => {
    const envelope = await sealedOnce(desk, data, words);
    try {
      await post("/inbox/api/reply", { case_id: data.case_id, envelope });
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409 || !still()) throw error;
      await again();
      notice(say("reply.changed"), "wrong");
      return;
    }
    desk.drafts.delete(data.case_id);
    desk.sealed.delete(data.case_id);
    if (!still()) return;
    await again();
    notice(say("reply.sent"));
  });
}

function progress(data, again) {
  const change = (status) => async () => {
    if (status === "closed" && !(await confirmClose())) return;
    await attempt(async (still) => {
      await post("/inbox/api/status", { case_id: data.case_id, status });
      if (!still()) return;
      await again();
      notice(say("progress.done", { status: say(`status.${status}`) }));
    });
  };
  return el(
    "aside",
    { class: "card", "aria-labelledby": "progress" },
    el("h2", { id: "progress" }, say("progress.title")),
    el("p", { class: "facts" }, say("progress.sees")),
    el("blockquote", {}, say(`seen.${data.status}`)),
    ...NEXT[data.status].map((status) => step(status, change(status))),
  );
}

function step(status, press) {
  const id = `step-${status}`;
  return el(
    "div",
    { class: "step" },
    el(
      "button",
      { type: "button", "aria-describedby": id, on: { click: press } },
      say(`progress.${status}`),
    ),
    el("p", { id, class: "facts" }, `${say("progress.will_see")} ${say(`seen.${status}`)}`),
  );
}

const confirmClose = () =>
  ask({
    title: say("progress.close_title"),
    text: say("progress.close"),
    yes: say("progress.close_yes"),
    no: say("cancel"),
  });
