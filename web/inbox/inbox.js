/** The inbox: her cases, and one case at a time. */

import { post } from "/shared/api.js";
import { el, show } from "/shared/dom.js";
import { attempt, go, notice, start } from "/shared/shell.js";
import { ago, languageName, say } from "/shared/words.js";
import { caseView } from "./case.js";
import { caseNumber } from "./number.js";

function line(desk, item) {
  const number = caseNumber(item.case_id);
  const facts = [
    say("list.received", { ago: ago(item.days) }),
    say("list.written_in", { language: languageName(item.lang) }),
  ];
  const open = {
    click: () => {
      // The way back leads to the list. The entry names no case.
      history.pushState(null, "");
      go(() => caseView(desk, item.case_id));
    },
  };
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: item.unread ? "case unread" : "case", on: open },
      el(
        "span",
        { class: "title" },
        el("strong", {}, say("list.case", { number })),
        item.unread && el("span", { class: "badge" }, say("list.unread")),
      ),
      el("span", { class: `chip ${item.status}` }, say(`status.${item.status}`)),
      el("span", { class: "facts" }, facts.join(" · ")),
    ),
  );
}

async function listView(desk, refreshed = false) {
  await attempt(async (still) => {
    const { cases } = await post("/inbox/api/cases");
    if (!still()) return;
    const news = cases.filter((item) => item.unread).length;
    const refresh = { click: () => go(() => listView(desk, true)) };
    show(
      el(
        "section",
        {},
        el(
          "div",
          { class: "heading" },
          el("h1", {}, say("list.title")),
          el("button", { type: "button", on: { click: refresh.click } }, say("list.refresh")),
        ),
        news > 0 && el("p", { class: "facts" }, say("list.news", { count: news })),
        cases.length
          ? el("ul", { class: "cases" }, ...cases.map((item) => line(desk, item)))
          : el("p", { class: "empty" }, say("list.empty")),
      ),
    );
    if (refreshed) notice(say("list.refreshed"));
  });
}

start((account) => {
  // What she types lives as long as her sign-in.
  const desk = { ...account, drafts: new Map(), sealed: new Map() };
  window.onpopstate = () => go(() => listView(desk));
  return go(() => listView(desk));
});
