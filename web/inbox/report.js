/** The report itself, as it was sent: every question with its answer, also those left open. */

import { el } from "/shared/dom.js";
import { languageName, longDate, say } from "/shared/words.js";

const RELATIONS = new Set(["self", "witness", "other"]);

function truth(value) {
  if (value === true) return say("case.yes");
  if (value === false) return say("case.no");
  return words(value);
}

/** Her own words, or nothing. What is no text is not shown as if it were. */
const words = (value) => (typeof value === "string" && value.trim() ? value : null);

function relation(value) {
  return RELATIONS.has(value) ? say(`relation.${value}`) : words(value);
}

/** Whom the reporter shut out, if anybody: who reads it must not tell them. */
function shutOut(names) {
  const named = Array.isArray(names) ? names.map(words).filter(Boolean) : [];
  return named.length ? [["excluded", named.join("; ")]] : [];
}

/** The account first: it is what the focal point came to read. */
export function rows(report, lang) {
  return [
    ["account", words(report.account)],
    ["when_where", words(report.when_where)],
    ["who", words(report.who)],
    ["wish", words(report.wish)],
    ["danger_now", truth(report.danger_now)],
    ["relation", relation(report.relation)],
    ["entity", words(report.entity?.name)],
    ["conflict", truth(report.conflict)],
    ...shutOut(report.excluded),
    ["contact", words(report.contact) ?? say("field.contact_none")],
    ["lang", languageName(lang)],
  ];
}

function row([name, value]) {
  const text =
    value === null
      ? el("dd", { class: "none" }, say("case.not_given"))
      : el("dd", { dir: "auto" }, value);
  return el("div", { class: name }, el("dt", {}, say(`field.${name}`)), text);
}

function danger() {
  return el(
    "div",
    { class: "danger" },
    el("strong", {}, say("case.danger_title")),
    el("p", {}, say("case.danger")),
  );
}

/**
 * @param {{on: string, document: Object|null}} entry the report, opened; null if it does not open
 * @param {{lang: string}} data
 */
export function reportCard({ on, document: report }, { lang }) {
  return el(
    "section",
    { class: "card report" },
    el("h2", {}, say("case.report")),
    el("p", { class: "facts" }, say("case.report_on", { date: longDate(on) })),
    report?.danger_now === true && danger(),
    report
      ? el("dl", {}, ...rows(report, lang).map(row))
      : el("p", { class: "unopened" }, say("case.cannot_open")),
  );
}
