/** One case: opened here with her key, answered here, and nowhere readable in between. */

import { post } from "/shared/api.js";
import { el, show } from "/shared/dom.js";
import { context, openDocument } from "/shared/sealing.js";
import { attempt, go, notice } from "/shared/shell.js";
import { say } from "/shared/words.js";
import { files } from "./files.js";
import { keep } from "./keep.js";
import { notes } from "./notes.js";
import { caseNumber } from "./number.js";
import { pass } from "./pass.js";
import { progress } from "./progress.js";
import { reply } from "./reply.js";
import { reportCard } from "./report.js";
import { remember } from "./search.js";
import { stay } from "./stay.js";
import { talk } from "./talk.js";

/**
 * @typedef {import("/shared/account.js").Account & {drafts: Map, sealed: Map, opened: Map}} Desk
 *   somebody who is signed in, with what she typed but did not send, what was sealed but perhaps
 *   not stored, and what she opened, to be searched
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

/** A case as it lies on the server, opened here; the server is not told that it was. */
export async function look(desk, caseId) {
  const data = await post("/inbox/api/case", { case_id: caseId });
  const entries = await openAll(data, desk.key);
  remember(desk, caseId, entries);
  return { ...data, entries };
}

async function load(desk, caseId) {
  const data = await look(desk, caseId);
  if (readLatest(data.entries)) {
    // Only this page can know that it was opened, and how far, so it says so.
    const seen = data.entries.at(-1).number;
    ({ status: data.status } = await post("/inbox/api/opened", { case_id: caseId, seen }));
  }
  const { colleagues } = await post("/inbox/api/colleagues", { case_id: caseId });
  const kept = await post("/inbox/api/kept", { case_id: caseId });
  return { ...data, colleagues, kept };
}

/** @param {Desk} desk @param {string} caseId @param {() => Promise} list shows the list */
export async function caseView(desk, caseId, list) {
  notice(say("case.opening"));
  await attempt(async (still) => {
    const data = await load(desk, caseId);
    if (!still()) return;
    notice("");
    const again = () => go(() => caseView(desk, caseId, list));
    const back = { click: () => history.back() };
    show(
      el(
        "article",
        { class: "one-case" },
        el("button", { type: "button", class: "link back no-print", on: back }, say("case.back")),
        heading(data),
        el(
          "div",
          { class: "columns" },
          el(
            "div",
            {},
            reportCard(data.entries[0], data),
            files(data.case_id, data.entries[0].document),
            talk(data.case_id, data.entries.slice(1)),
            reply(desk, data, again),
            notes(desk, data, again),
          ),
          el(
            "div",
            { class: "side" },
            progress(desk, data, again),
            stay(data, again, list),
            pass(desk, data, again, list),
            keep(data),
          ),
        ),
      ),
    );
  });
}

function heading(data) {
  return el(
    "div",
    { class: "heading" },
    el("h1", {}, say("list.case", { number: caseNumber(data.case_id) })),
    el("span", { class: `chip ${data.status}` }, say(`status.${data.status}`)),
    data.mine && el("span", { class: "chip mine" }, say("due.mine")),
  );
}
