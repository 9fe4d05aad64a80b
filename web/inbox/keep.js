/** A copy of a case, made in this browser: on paper, or as a plain text that no program runs. */

import { ask, el } from "/shared/dom.js";
import { notice } from "/shared/shell.js";
import { longDate, say } from "/shared/words.js";
import { caseNumber } from "./number.js";
import { rows } from "./report.js";
import { writer } from "./talk.js";

const RULE = "-".repeat(60);

/** @returns {string} everything in the case that this page could open */
export function asText(data) {
  const [report, ...since] = data.entries;
  const answers = report.document ? rows(report.document, data.lang) : [];
  const head = [
    say("list.case", { number: caseNumber(data.case_id) }),
    say(`status.${data.status}`),
    say("case.report_on", { date: longDate(report.on) }),
  ];
  const told = report.document
    ? answers.map(([name, value]) => `${say(`field.${name}`)}\n${value ?? say("case.not_given")}`)
    : [say("case.cannot_open")];
  const talked = since.map((one) => {
    const text = one.document ? String(one.document.text ?? "") : say("case.cannot_open");
    return `${longDate(one.on)} · ${writer(one)}\n${text}`.trimEnd();
  });
  return [head.join("\n"), ...told, RULE, say("talk.title"), ...talked].join("\n\n") + "\n";
}

const confirmed = () =>
  ask({
    title: say("keep.title_confirm"),
    text: say("keep.confirm"),
    yes: say("keep.confirm_yes"),
    no: say("cancel"),
  });

async function save(data) {
  if (!(await confirmed())) return;
  // Windows' editors take a text for UTF-8 only with a mark at its beginning.
  const file = new Blob(["\ufeff", asText(data)], { type: "text/plain;charset=utf-8" });
  const address = URL.createObjectURL(file);
  el("a", { href: address, download: `case-${caseNumber(data.case_id)}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  notice(say("keep.saved"));
}

async function print() {
  if (await confirmed()) window.print();
}

/** @param {Object} data the case, opened */
export function keep(data) {
  const button = (words, press) =>
    el("button", { type: "button", on: { click: press } }, say(words));
  return el(
    "section",
    { class: "card no-print" },
    el("h2", {}, say("keep.title")),
    el("p", { class: "facts" }, say("keep.hint")),
    el("div", { class: "actions" }, button("keep.print", print), button("keep.save", () => save(data))),
  );
}
