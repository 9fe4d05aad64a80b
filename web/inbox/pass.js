/** Giving a case into a colleague's hands, and stepping aside from it. */

import { Problem, post } from "/shared/api.js";
import { fromBase64url } from "/shared/bytes.js";
import { ask, el } from "/shared/dom.js";
import { context, keyIds, keyId, share } from "/shared/sealing.js";
import { attempt, notice } from "/shared/shell.js";
import { say } from "/shared/words.js";

/** The colleague's entry for each envelope that is not sealed to her yet. */
async function entriesFor(desk, data, colleague) {
  const key = fromBase64url(colleague.key);
  const hers = await keyId(key);
  const locked = data.entries.filter(({ envelope }) => !keyIds(envelope).includes(hers));
  return Promise.all(
    locked.map(async ({ number, purpose, envelope }) => ({
      number,
      ...(await share(envelope, desk.key, context(purpose, data.case_id), key)),
    })),
  );
}

async function handOver(desk, data, colleague, again) {
  await attempt(async (still) => {
    try {
      const sealed = colleague.reads ? [] : await entriesFor(desk, data, colleague);
      await post("/inbox/api/hand-over", { case_id: data.case_id, to: colleague.name, sealed });
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409 || !still()) throw error;
      await again();
      notice(say("pass.changed"), "wrong");
      return;
    }
    if (!still()) return;
    await again();
    notice(say("pass.handed", { name: colleague.name }));
  });
}

async function stepAside(data, leave) {
  const sure = await ask({
    title: say("pass.confirm_title"),
    text: say("pass.confirm"),
    yes: say("pass.confirm_yes"),
    no: say("cancel"),
  });
  if (!sure) return;
  await attempt(async (still) => {
    const { passed_to: to } = await post("/inbox/api/recuse", { case_id: data.case_id });
    if (!still()) return;
    await leave();
    notice(say(`pass.${to}`), to === "recovery" ? "wrong" : "done");
  });
}

function chooser(desk, data, again) {
  if (!data.colleagues.length) return el("p", { class: "facts" }, say("pass.alone"));
  const select = el(
    "select",
    { id: "colleague" },
    el("option", { value: "" }, say("pass.choose")),
    ...data.colleagues.map(({ name }) => el("option", { value: name }, name)),
  );
  const press = () => {
    const chosen = data.colleagues.find(({ name }) => name === select.value);
    if (chosen) handOver(desk, data, chosen, again);
    else select.focus();
  };
  return el(
    "div",
    { class: "field" },
    el("label", { for: "colleague" }, say("pass.to")),
    select,
    el("button", { type: "button", on: { click: press } }, say("pass.hand_over")),
  );
}

/**
 * @param {import("./case.js").Desk} desk
 * @param {Object} data the case, with its colleagues
 * @param {() => Promise} again shows the case anew
 * @param {() => Promise} leave shows the list
 */
export function pass(desk, data, again, leave) {
  return el(
    "section",
    { class: "card no-print" },
    el("h2", {}, say("pass.title")),
    chooser(desk, data, again),
    el("h3", { class: "apart" }, say("pass.aside_title")),
    el("p", { class: "facts" }, say("pass.aside_hint")),
    el(
      "button",
      { type: "button", class: "grave", on: { click: () => stepAside(data, leave) } },
      say("pass.aside"),
    ),
  );
}
