/** The list of her cases, as far as it is loaded: the service hands it out a page at a time. */

import { post } from "/shared/api.js";
import { announce, el, show } from "/shared/dom.js";
import { attempt, go, notice } from "/shared/shell.js";
import { ago, languageName, say } from "/shared/words.js";
import { caseView, look } from "./case.js";
import { caseNumber } from "./number.js";
import { find, snippet } from "./search.js";

/** Days without an answer: the same as those of the notices that the service sends. */
const DUE = 3;
const LATE = 7;

/** Which cases can be shown; the service chooses them. */
const CHOICES = ["all", "new", "waiting", "closed"];

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

/** The first pages of a list; as many as she had, so that the way back leads to where she was. */
async function load(desk) {
  const list = { shown: desk.shown, lines: new Map(), older: undefined };
  let pages = 0;
  do {
    await longer(list);
    pages += 1;
  } while (list.older && pages < desk.pages);
  return list;
}

/** The next page. A case that changed its place in between is in the list once. */
async function longer(list) {
  const asked = list.older ? { show: list.shown, after: list.older } : { show: list.shown };
  const { cases, older, unread, due: late } = await post("/inbox/api/cases", asked);
  const added = cases.filter(({ case_id: id }) => !list.lines.has(id));
  for (const item of added) list.lines.set(item.case_id, item);
  Object.assign(list, { older, unread, late });
  return added;
}

/** What is chosen, and what of it matches; what she types is compared here and goes nowhere. */
function matching(desk, list) {
  const searching = Boolean(desk.wanted.trim());
  return [...list.lines.values()]
    .map((item) => [item, searching && find(desk.opened.get(item.case_id) ?? "", desk.wanted)])
    .filter(([, found]) => !searching || found);
}

const labelled = (label, node, ...rest) =>
  el("div", { class: "field" }, el("label", { for: node.id }, say(label)), node, ...rest);

function searchBox(desk) {
  const box = el("input", {
    id: "search",
    type: "search",
    autocomplete: "off",
    spellcheck: "false",
    dir: "auto",
    "aria-describedby": "search-hint search-reach",
  });
  box.value = desk.wanted;
  return box;
}

function choice(desk) {
  const options = CHOICES.map((name) => el("option", { value: name }, say(`filter.${name}`)));
  const filter = el("select", { id: "filter" }, ...options);
  filter.value = desk.shown;
  return filter;
}

/** The list, as narrow as she wants it. */
function narrowed(desk, first) {
  let list = first;
  const counts = el("p", { class: "facts" });
  const count = el("p", { class: "facts", role: "status" });
  const place = el("div", {});
  const filter = choice(desk);
  const box = searchBox(desk);
  const reach = el("p", { id: "search-reach", class: "hint" });
  const more = el("button", { type: "button", class: "more" }, say("list.more"));
  const others = openOthers(desk, () => list, draw);

  function draw() {
    const searching = Boolean(desk.wanted.trim());
    const lines = matching(desk, list);
    const none = searching ? "search.none" : "filter.none";
    const facts = [
      list.unread > 0 && say("list.news", { count: list.unread }),
      list.late > 0 && say("list.due", { count: list.late }),
    ];
    counts.textContent = facts.filter(Boolean).join(" · ");
    count.textContent = searching ? say("search.found", { count: lines.length }) : "";
    place.replaceChildren(
      lines.length
        ? el("ul", { class: "cases" }, ...lines.map(([item, found]) => line(desk, item, found)))
        : el("p", { class: "empty" }, say(none)),
    );
    more.hidden = reach.hidden = !list.older;
    // Emptied, too: what describes a field is read out even where it is hidden.
    reach.textContent = list.older ? say("search.reach") : "";
    others.count();
  }

  const choose = async () => {
    const wanted = filter.value;
    Object.assign(desk, { shown: wanted, pages: 1 });
    await attempt(async (still) => {
      const chosen = await load(desk);
      // Chosen again meanwhile, another answer is on its way.
      if (!still() || desk.shown !== wanted) return;
      list = chosen;
      draw();
    });
    // What was chosen could not be had: the box says what stands below it.
    if (desk.shown === wanted && list.shown !== wanted) {
      desk.shown = filter.value = list.shown;
    }
  };

  let busy = false;
  const grow = async () => {
    // Not by `disabled`, which would take the keyboard's place away.
    if (busy) return;
    busy = true;
    const long = list;
    await attempt(async (still) => {
      const added = await longer(long);
      if (!still() || long !== list) return;
      desk.pages += 1;
      draw();
      announce(say("list.added", { count: added.length }));
      const at = matching(desk, list).findIndex(([item]) => added.includes(item));
      if (at >= 0) place.querySelectorAll(".case")[at].focus();
      else if (more.hidden) box.focus();
    });
    busy = false;
  };

  filter.addEventListener("change", choose);
  more.addEventListener("click", grow);
  box.addEventListener("input", () => {
    desk.wanted = box.value;
    draw();
  });
  draw();
  const hint = el("p", { id: "search-hint", class: "hint" }, say("search.hint"));
  return el(
    "div",
    {},
    counts,
    el(
      "div",
      { class: "narrow-by" },
      labelled("filter.label", filter),
      labelled("search.label", box, hint, reach, others.button),
    ),
    count,
    place,
    more,
  );
}

/** Opening the rest for the search only: nothing is marked as read by it. */
function openOthers(desk, list, draw) {
  const button = el("button", { type: "button", class: "link" });
  const closed = () => [...list().lines.values()].filter(({ case_id: id }) => !desk.opened.has(id));
  const count = () => {
    button.hidden = !closed().length;
    button.textContent = say("search.more", { count: closed().length });
  };
  const press = () =>
    attempt(async (still) => {
      button.disabled = true;
      for (const item of closed()) {
        await look(desk, item.case_id);
        if (!still()) return;
        count();
      }
      draw();
    }).finally(() => {
      button.disabled = false;
    });
  button.addEventListener("click", press);
  return { button, count };
}

/** An owner never has a case; her page is another. */
function empty({ offices }) {
  if (!offices.every((office) => office.startsWith("owner:"))) {
    return el("p", { class: "empty" }, say("list.empty"));
  }
  return el("p", {}, el("a", { href: "/owner" }, say("owner.to_trail")));
}

/**
 * Show the list.
 *
 * @param {object} desk what she chose, typed and opened since she signed in
 * @param {boolean} [refreshed] she asked for it: say that it is done, and begin at its top
 */
export async function listView(desk, refreshed = false) {
  if (refreshed) desk.pages = 1;
  await attempt(async (still) => {
    const list = await load(desk);
    if (!still()) return;
    const refresh = { click: () => go(() => listView(desk, true)) };
    const nothing = !list.lines.size && desk.shown === "all";
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
        nothing ? empty(desk) : narrowed(desk, list),
      ),
    );
    if (refreshed) notice(say("list.refreshed"));
  });
}
