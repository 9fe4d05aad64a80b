/** What was written since the report, in its order: a day as a heading, then who wrote what. */

import { el } from "/shared/dom.js";
import { longDate, say } from "/shared/words.js";
import { files } from "./files.js";

/** The reasons that a case can be closed for. */
export const REASONS = ["referred", "settled", "withdrawn", "silent", "elsewhere", "other"];

/** @returns {string} who wrote an entry */
export function writer({ purpose, author, document }) {
  if (purpose !== "note") return say(author === "reporter" ? "talk.reporter" : "talk.focal_point");
  const name = String(document?.by ?? "");
  if (!REASONS.includes(document?.reason)) return say("note.entry", { name });
  return say("note.closing", { name, reason: say(`closing.${document.reason}`) });
}

function entry(caseId, one) {
  const { purpose, author, document } = one;
  const kind = purpose === "note" ? "note" : author;
  const text = String(document?.text ?? "");
  return el(
    "li",
    { class: kind },
    el("p", { class: "facts" }, writer(one)),
    document
      ? text && el("p", { class: "said", dir: "auto" }, text)
      : el("p", { class: "unopened" }, say("case.cannot_open")),
    author === "reporter" && files(caseId, document, "h4"),
  );
}

/**
 * @param {string} caseId
 * @param {Object[]} entries what came after the report, opened
 */
export function talk(caseId, entries) {
  const days = [...new Set(entries.map(({ on }) => on))];
  const day = (on) =>
    el(
      "section",
      { class: "day" },
      el("h3", {}, el("time", { datetime: on }, longDate(on))),
      el("ol", { class: "talk" }, ...entries.filter((one) => one.on === on).map((one) => entry(caseId, one))),
    );
  return el(
    "section",
    { class: "card" },
    el("h2", {}, say("talk.title")),
    ...(days.length ? days.map(day) : [el("p", { class: "facts" }, say("talk.empty"))]),
  );
}
