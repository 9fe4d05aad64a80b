/** How long a case stays: holding it, and what the office says to a wish for its deletion. */

import { Problem, post } from "/shared/api.js";
import { ask, el } from "/shared/dom.js";
import { form } from "/shared/form.js";
import { attempt, notice } from "/shared/shell.js";
import { longDate, say } from "/shared/words.js";

/** The service knows no others: words of one's own could tell what the case is about. */
const REASONS = {
  investigation: "kept.reason.investigation",
  court: "kept.reason.court",
  rule: "kept.reason.rule",
};

/** A reason, chosen, and a button; nothing happens without one. */
function withReason(id, button, work, ...children) {
  const error = el("p", { id: `${id}-error`, class: "error" });
  const reason = el(
    "select",
    { id, "aria-describedby": `${id}-error` },
    el("option", { value: "" }, say("kept.choose")),
    ...Object.entries(REASONS).map(([value, key]) => el("option", { value }, say(key))),
  );
  reason.addEventListener("change", () => (error.textContent = ""));
  const submit = async () => {
    if (reason.value) return work(reason.value);
    error.textContent = say("kept.check");
    return reason.focus();
  };
  const label = el("label", { for: id }, say("kept.why"));
  return form(button, submit, el("div", { class: "field" }, label, reason, error), ...children);
}

/** Change something, and show the case as it is then. */
async function change(path, body, again, words) {
  await attempt(async (still) => {
    try {
      await post(path, body);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409 || !still()) throw error;
      await again();
      notice(say("kept.blocked"), "wrong");
      return;
    }
    if (!still()) return;
    await again();
    notice(words);
  });
}

function hold(data, again) {
  const { case_id: caseId, kept } = data;
  const set = (reason, words) =>
    change("/inbox/api/hold", { case_id: caseId, reason }, again, say(words));
  if (kept.hold === null) {
    return withReason("hold", say("kept.put"), (reason) => set(reason, "kept.put_done"));
  }
  const lift = async () => {
    const sure = await ask({
      title: say("kept.lift_title"),
      text: say("kept.lift_text"),
      yes: say("kept.lift_yes"),
      no: say("cancel"),
    });
    if (sure) await set(null, "kept.lift_done");
  };
  const button = el("button", { type: "button", on: { click: lift } }, say("kept.lift"));
  return el("div", { class: "actions" }, button);
}

function wish(data, again, list) {
  const { case_id: caseId, kept } = data;
  const answer = (body, then, words) =>
    change("/inbox/api/deletion", { case_id: caseId, ...body }, then, say(words));
  const agree = async () => {
    const sure = await ask({
      title: say("kept.agree_title"),
      text: say("kept.agree_text"),
      yes: say("kept.agree_yes"),
      no: say("cancel"),
    });
    if (sure) await answer({ agree: true }, kept.hold === null ? list : again, "kept.agree_done");
  };
  const refuse = (reason) => answer({ agree: false, reason }, again, "kept.refuse_done");
  return el(
    "div",
    { class: "warning" },
    el("h3", {}, say("kept.asked_title")),
    el("p", {}, say("kept.asked")),
    el("button", { type: "button", class: "grave", on: { click: agree } }, say("kept.agree")),
    withReason(
      "refusal",
      say("kept.refuse"),
      refuse,
      el("p", { class: "facts" }, say("kept.refuse_hint")),
    ),
  );
}

function standing({ hold: held, delete_on: day }) {
  if (held !== null) return say("kept.hold", { reason: say(REASONS[held]) });
  return day === null ? say("kept.open") : say("kept.delete_on", { date: longDate(day) });
}

/**
 * @param {Object} data the case, with how it is kept
 * @param {() => Promise} again shows the case anew
 * @param {() => Promise} list shows the list
 */
export function stay(data, again, list) {
  const { kept } = data;
  return el(
    "section",
    { class: "card no-print" },
    el("h2", {}, say("kept.title")),
    kept.no_follow_up && el("p", { class: "warning" }, say("kept.quiet")),
    kept.deletion === "asked" && wish(data, again, list),
    kept.deletion === "refused" && el("p", {}, say("kept.refused")),
    el("p", {}, standing(kept)),
    // Who refuses a deletion holds the case by that: one question is enough.
    kept.deletion !== "asked" || kept.hold !== null ? hold(data, again) : "",
  );
}
