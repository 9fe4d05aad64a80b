/** Answering the reporter, in her language, with sentences to begin from. */

import { Problem, post } from "/shared/api.js";
import { ask, el } from "/shared/dom.js";
import { form } from "/shared/form.js";
import { attempt, notice } from "/shared/shell.js";
import { languageName, say, wordsOf } from "/shared/words.js";
import { sealedOnce, stored } from "./sealed.js";

const LONGEST_REPLY = 10_000;

const TEMPLATES = [
  ["template.thanks.name", "template.thanks.text"],
  ["template.safe.name", "template.safe.text"],
  ["template.wish.name", "template.wish.text"],
  ["template.detail.name", "template.detail.text"],
  ["template.others.name", "template.others.text"],
  ["template.support.name", "template.support.text"],
  ["template.next.name", "template.next.text"],
  ["template.protection.name", "template.protection.text"],
];

/** The names in the reader's language, the sentences in the reporter's. */
function templates(box, lang) {
  const select = el(
    "select",
    { id: "template", "aria-describedby": "template-hint" },
    el("option", { value: "" }, say("template.choose")),
    ...TEMPLATES.map(([name, text]) => el("option", { value: text }, say(name))),
  );
  select.addEventListener("change", () =>
    attempt(async (still) => {
      const key = select.value;
      if (!key) return;
      const words = await wordsOf(lang);
      select.value = "";
      if (!still()) return;
      box.value = [box.value.trimEnd(), words[key]].filter(Boolean).join("\n\n");
      box.dispatchEvent(new Event("input"));
      box.focus();
    }),
  );
  return el(
    "div",
    { class: "field" },
    el("label", { for: "template" }, say("template.label")),
    select,
    el("p", { id: "template-hint", class: "hint" }, say("template.hint", { language: languageName(lang) })),
  );
}

function answerBox(desk, data) {
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
  return { box, error };
}

/** @param {import("./case.js").Desk} desk @param {Object} data @param {() => Promise} again */
export function reply(desk, data, again) {
  const language = languageName(data.lang);
  const { box, error } = answerBox(desk, data);
  const submit = async () => {
    const words = box.value.trim();
    if (!words) {
      error.textContent = say("check.reply");
      box.focus();
    } else if (await confirmReply(words)) await sendReply(desk, data, words, again);
  };
  return el(
    "section",
    { class: "card no-print" },
    el("h2", {}, say("reply.title")),
    el("p", { class: "in-language" }, say("reply.language", { language })),
    templates(box, data.lang),
    form(
      say("reply.send"),
      submit,
      el(
        "div",
        { class: "field" },
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

async function sendReply(desk, data, words, again) {
  notice(say("reply.sending"));
  await attempt(async (still) => {
    const { case_id: caseId, recipients } = data;
    const document = { v: 1, text: words };
    const envelope = await sealedOnce(desk.sealed, "reply", caseId, recipients, document);
    try {
      await post("/inbox/api/reply", { case_id: caseId, envelope });
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409 || !still()) throw error;
      await again();
      notice(say("reply.changed"), "wrong");
      return;
    }
    desk.drafts.delete(caseId);
    stored(desk.sealed, "reply", caseId);
    if (!still()) return;
    await again();
    notice(say("reply.sent"));
  });
}
