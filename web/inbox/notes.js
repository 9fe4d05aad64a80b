/** What focal points note for each other. It is sealed as a reply is, but never to the reporter. */

import { Problem, post } from "/shared/api.js";
import { el } from "/shared/dom.js";
import { form } from "/shared/form.js";
import { attempt, notice } from "/shared/shell.js";
import { say } from "/shared/words.js";
import { sealedOnce, stored } from "./sealed.js";

const LONGEST_NOTE = 10_000;

/** The keys that a note is sealed to: the reporter's stands first and is left out. */
const colleagues = ({ recipients }) => recipients.slice(1);

/**
 * Seal a note and store it.
 *
 * @param {import("./case.js").Desk} desk
 * @param {Object} data the case
 * @param {Object} words what is noted
 * @throws {Problem} 409 when the recipients have changed: load the case again
 */
export async function keepNote(desk, data, words) {
  const document = { v: 1, by: desk.name, ...words };
  const { case_id: caseId } = data;
  const envelope = await sealedOnce(desk.sealed, "note", caseId, colleagues(data), document);
  await post("/inbox/api/note", { case_id: caseId, envelope });
  stored(desk.sealed, "note", caseId);
}

/** @param {import("./case.js").Desk} desk @param {Object} data @param {() => Promise} again */
export function notes(desk, data, again) {
  const draft = `note ${data.case_id}`;
  const box = el("textarea", {
    id: "note",
    rows: "3",
    maxlength: String(LONGEST_NOTE),
    dir: "auto",
    "aria-describedby": "note-hint note-error",
  });
  box.value = desk.drafts.get(draft) ?? "";
  const error = el("p", { id: "note-error", class: "error" });
  box.addEventListener("input", () => {
    desk.drafts.set(draft, box.value);
    error.textContent = "";
  });
  const submit = async () => {
    const text = box.value.trim();
    if (text) await save(desk, data, text, again);
    else {
      error.textContent = say("note.empty");
      box.focus();
    }
  };
  return el(
    "section",
    { class: "card no-print" },
    el("h2", {}, say("note.title")),
    form(
      say("note.save"),
      submit,
      el(
        "div",
        { class: "field" },
        el("label", { for: "note" }, say("note.label")),
        box,
        el("p", { id: "note-hint", class: "hint" }, say("note.care")),
        error,
      ),
    ),
  );
}

async function save(desk, data, text, again) {
  await attempt(async (still) => {
    try {
      await keepNote(desk, data, { text });
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409 || !still()) throw error;
      await again();
      notice(say("pass.changed"), "wrong");
      return;
    }
    desk.drafts.delete(`note ${data.case_id}`);
    if (!still()) return;
    await again();
    notice(say("note.saved"));
  });
}
