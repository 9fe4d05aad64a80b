/** The inbox: her cases, and one case at a time. */

import { post } from "/shared/api.js";
import { el, show } from "/shared/dom.js";
import { attempt, go, notice, start } from "/shared/shell.js";
import { ago, languageName, say } from "/shared/words.js";
import { caseView, look } from "./case.js";
import { caseNumber } from "./number.js";
import { find, snippet } from "./search.js";

/** Days without an answer: the same as those of the notices that the service sends. */
const DUE = 3;
const LATE = 7;

const SHOWN = {
  all: () => true,
  new: ({ unread }) => unread,
  waiting: ({ waiting }) => waiting !== null,
  closed: ({ status }) => status === "closed",
};

/** What waits longest first; then what is new; then the newest. */
const byUrgency = (one, other) =>
  (other.waiting ?? -1) - (one.waiting ?? -1) || other.unread - one.unread || one.days - other.days;

function due({ waiting }) {
  if (waiting === null || waiting < DUE) return false;
  const late = waiting >= LATE;
  return el("span", { class: late ? "due late" : "due" }, say(late ? "due.late" : "due.soon"));
}

function line(desk, item, found) {
  const number = caseNumber(item.case_id);
  const facts = [
    say("list.received", { ago: ago(item.days) }),
    say("list.written_in", { language: languageName(item.lang) }),
    item.waiting !== null && say("due.waiting", { ago: ago(item.waiting) }),
  ];
  const open = {
    click: () => {
      // The way back leads to the list. The entry names no case.
      history.pushState(null, "");
      go(() => caseView(desk, item.case_id, () => go(() => listView(desk))));
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
        due(item),
        item.mine && el("span", { class: "chip mine" }, say("due.mine")),
      ),
      el("span", { class: `chip ${item.status}` }, say(`status.${item.status}`)),
      el("span", { class: "facts" }, facts.filter(Boolean).join(" · ")),
      found && snippet(found),
    ),
  );
}

/** The list, as narrow as she wants it; what she types is compared here and goes nowhere. */
function narrowed(desk, cases) {
  const place = el("div", {});
  const count = el("p", { class: "facts", role: "status" });
  const filter = el(
    "select",
    { id: "filter" },
    ...Object.keys(SHOWN).map((name) => el("option", { value: name }, say(`filter.${name}`))),
  );
  filter.value = desk.shown;
  const box = el("input", {
    id: "search",
    type: "search",
    autocomplete: "off",
    spellcheck: "false",
    dir: "auto",
    "aria-describedby": "search-hint",
  });
  box.value = desk.wanted;
  const draw = () => {
    desk.shown = filter.value;
    desk.wanted = box.value;
    const searching = Boolean(box.value.trim());
    const lines = cases
      .filter(SHOWN[filter.value])
      .map((item) => [item, searching && find(desk.opened.get(item.case_id) ?? "", box.value)])
      .filter(([, found]) => !searching || found);
    const none = searching ? "search.none" : "filter.none";
    count.textContent = searching ? say("search.found", { count: lines.length }) : "";
    place.replaceChildren(
      lines.length
        ? el("ul", { class: "cases" }, ...lines.map(([item, found]) => line(desk, item, found)))
        : el("p", { class: "empty" }, say(none)),
    );
  };
  filter.addEventListener("change", draw);
  box.addEventListener("input", draw);
  draw();
  const labelled = (label, node, ...rest) =>
    el("div", { class: "field" }, el("label", { for: node.id }, say(label)), node, ...rest);
  const hint = el("p", { id: "search-hint", class: "hint" }, say("search.hint"));
  const others = openOthers(desk, cases, draw);
  return el(
    "div",
    {},
    el(
      "div",
      { class: "narrow-by" },
      labelled("filter.label", filter),
      labelled("search.label", box, hint, others),
    ),
    count,
    place,
  );
}

/** Opening the rest for the search only: nothing is marked as read by it. */
function openOthers(desk, cases, draw) {
  const closed = () => cases.filter((item) => !desk.opened.has(item.case_id));
  if (!closed().length) return false;
  const button = el("button", { type: "button", class: "link" });
  const count = () => (button.textContent = say("search.more", { count: closed().length }));
  const press = () =>
    attempt(async (still) => {
      button.disabled = true;
      for (const item of closed()) {
        await look(desk, item.case_id);
        if (!still()) return;
        count();
      }
      button.remove();
      draw();
    }).finally(() => {
      button.disabled = false;
    });
  button.addEventListener("click", press);
  count();
  return button;
}

/** An owner never has a case; her page is another. */
function empty({ offices }) {
  if (!offices.every((office) => office.startsWith("owner:"))) {
    return el("p", { class: "empty" }, say("list.empty"));
  }
  return el("p", {}, el("a", { href: "/owner" }, say("owner.to_trail")));
}

async function listView(desk, refreshed = false) {
  await attempt(async (still) => {
    const { cases } = await post("/inbox/api/cases");
    if (!still()) return;
    const news = cases.filter((item) => item.unread).length;
    const refresh = { click: () => go(() => listView(desk, true)) };
    cases.sort(byUrgency);
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
        cases.length ? narrowed(desk, cases) : empty(desk),
      ),
    );
    if (refreshed) notice(say("list.refreshed"));
  });
}

start((account) => {
  // What she types and what she opened live as long as her sign-in.
  const kept = { drafts: new Map(), sealed: new Map(), opened: new Map() };
  const desk = { ...account, ...kept, shown: "all", wanted: "" };
  window.onpopstate = () => go(() => listView(desk));
  return go(() => listView(desk));
});
