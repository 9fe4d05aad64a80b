/** The lines of the trail, day by day, the newest first; narrowed by who did it and what it was. */

import { el } from "/shared/dom.js";
import { longDate, say } from "/shared/words.js";
import { caseNumber } from "/inbox/static/number.js";

/** Lines that are shown at once: years of them would make the page slow. */
const AT_ONCE = 200;

/** @param {string} who an account's name, or who did it where no account did @returns {string} */
export function person(who) {
  const others = { service: "owner.service", operator: "owner.operator" };
  return others[who] ? say(others[who]) : who;
}

/** @param {string} action as the service names it @returns {string} */
export const deed = (action) => say(`did.${action.replaceAll("-", "_")}`);

/** @param {Object} line @returns {string} empty where it is about no case */
export const caseOf = (line) => line.case && say("list.case", { number: caseNumber(line.case) });

function drawn(line) {
  return el(
    "li",
    {},
    el("bdi", { class: "who" }, person(line.who)),
    el("span", {}, deed(line.action)),
    line.case && el("span", { class: "facts" }, caseOf(line)),
  );
}

function day(on, lines) {
  return el(
    "section",
    { class: "day" },
    el("h3", {}, longDate(on)),
    el("ul", { class: "plain" }, ...lines.map(drawn)),
  );
}

function select(id, label, all, values, name) {
  const options = [...new Set(values)]
    .map((value) => [value, name(value)])
    .sort(([, one], [, other]) => one.localeCompare(other))
    .map(([value, text]) => el("option", { value }, text));
  const node = el("select", { id }, el("option", { value: "" }, say(all)), ...options);
  const row = el("div", { class: "field" }, el("label", { for: id }, say(label)), node);
  return { node, row };
}

/** @param {Object[]} lines the oldest first @returns {HTMLElement} */
export function linesCard(lines) {
  if (!lines.length) return el("p", { class: "empty" }, say("owner.empty"));
  const newest = [...lines].reverse();
  const who = select("who", "owner.person", "owner.everybody", lines.map((one) => one.who), person);
  const what = select("what", "owner.kind", "owner.everything", lines.map((one) => one.action), deed);
  const count = el("p", { class: "facts", role: "status" });
  const place = el("div", {});
  let most = AT_ONCE;
  const fits = (line) =>
    [line.who, ""].includes(who.node.value) && [line.action, ""].includes(what.node.value);
  const draw = () => {
    const found = newest.filter(fits);
    count.textContent = found.length ? say("owner.shown", { count: found.length }) : say("owner.none");
    const days = byDay(found.slice(0, most));
    const more = el("button", { type: "button", class: "no-print" }, say("owner.more"));
    more.addEventListener("click", () => {
      most += AT_ONCE;
      draw();
      place.querySelectorAll("li")[most - AT_ONCE]?.scrollIntoView({ block: "center" });
    });
    const sections = [...days].map(([on, ones]) => day(on, ones));
    place.replaceChildren(...sections, ...(found.length > most ? [more] : []));
  };
  const changed = () => {
    most = AT_ONCE;
    draw();
  };
  who.node.addEventListener("change", changed);
  what.node.addEventListener("change", changed);
  draw();
  return el(
    "section",
    { class: "card trail" },
    el("h2", {}, say("owner.room")),
    el("div", { class: "narrow-by no-print" }, who.row, what.row),
    count,
    place,
  );
}

function byDay(lines) {
  const days = new Map();
  for (const line of lines) {
    if (!days.has(line.on)) days.set(line.on, []);
    days.get(line.on).push(line);
  }
  return days;
}
