/** How far a case has come, as the reporter sees it; and closing it, with a reason. */

import { Problem, post } from "/shared/api.js";
import { el } from "/shared/dom.js";
import { form } from "/shared/form.js";
import { attempt, notice } from "/shared/shell.js";
import { say } from "/shared/words.js";
import { keepNote } from "./notes.js";
import { REASONS } from "./talk.js";

/** Where a status may go; the service has the last word. */
const NEXT = {
  received: [],
  opened: ["in_review", "closed"],
  in_review: ["opened", "closed"],
  closed: [],
};

/** @param {import("./case.js").Desk} desk @param {Object} data @param {() => Promise} again */
export function progress(desk, data, again) {
  const change = (status) => async () => {
    const why = status === "closed" ? await askReason() : null;
    if (status === "closed" && !why) return;
    await attempt(async (still) => {
      try {
        // The note first: a case that is closed without a reason would stay so.
        if (why) await keepNote(desk, data, why);
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 409 || !still()) throw error;
        await again();
        notice(say("pass.changed"), "wrong");
        return;
      }
      await post("/inbox/api/status", { case_id: data.case_id, status });
      if (!still()) return;
      await again();
      notice(say("progress.done", { status: say(`status.${status}`) }));
    });
  };
  return el(
    "section",
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
    { class: "step no-print" },
    el(
      "button",
      { type: "button", "aria-describedby": id, on: { click: press } },
      say(`progress.${status}`),
    ),
    el("p", { id, class: "facts" }, `${say("progress.will_see")} ${say(`seen.${status}`)}`),
  );
}

/** @returns {Promise<{reason: string, text?: string}|null>} null when she goes back */
function askReason() {
  return new Promise((resolve) => {
    let given = null;
    const error = el("p", { id: "reason-error", class: "error" });
    const reason = el(
      "select",
      { id: "reason", "aria-describedby": "reason-error" },
      el("option", { value: "" }, say("closing.choose")),
      ...REASONS.map((one) => el("option", { value: one }, say(`closing.${one}`))),
    );
    reason.addEventListener("change", () => (error.textContent = ""));
    const words = el("textarea", { id: "words", rows: "3", maxlength: "4000", dir: "auto" });
    const submit = async () => {
      if (!reason.value) {
        error.textContent = say("closing.check");
        reason.focus();
        return;
      }
      const text = words.value.trim();
      given = text ? { reason: reason.value, text } : { reason: reason.value };
      dialog.close();
    };
    const dialog = el(
      "dialog",
      { "aria-labelledby": "close-title", "aria-describedby": "close-text" },
      el("h2", { id: "close-title" }, say("progress.close_title")),
      el("p", { id: "close-text" }, say("progress.close")),
      form(
        say("progress.close_yes"),
        submit,
        el("div", { class: "field" }, el("label", { for: "reason" }, say("closing.reason")), reason, error),
        el(
          "div",
          { class: "field" },
          el("label", { for: "words" }, say("closing.words")),
          words,
          el("p", { class: "hint" }, say("closing.hint")),
        ),
      ),
      el("button", { type: "button", class: "aside", on: { click: () => dialog.close() } }, say("cancel")),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(given);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
