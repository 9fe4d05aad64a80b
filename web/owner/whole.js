/**
 * Whether the trail is whole: what the service says of it, and what this browser can see for itself,
 * the comparison with a mark that she kept. Each says what it proves and what it does not.
 */

import { announce, el } from "/shared/dom.js";
import { field, form } from "/shared/form.js";
import { notice } from "/shared/shell.js";
import { longDate, say } from "/shared/words.js";
import { caseOf, deed, person } from "./lines.js";
import { markIn, markOf, stillThere } from "./mark.js";

/** More than any file that was saved here. */
const LARGEST = 20_000_000;

/** Everything as a text that no program runs; the mark stands in it, so that it can be compared. */
function asText(office, { lines }, mark, today) {
  const rows = lines.map((line, at) =>
    [at + 1, line.on, person(line.who), deed(line.action), caseOf(line) || "-", line.link].join(" · "),
  );
  const head = [say("owner.title"), office.name, longDate(today), `${say("owner.mark")}: ${mark}`];
  return `${head.join("\n")}\n\n${rows.join("\n")}\n`;
}

function save(office, trail, mark) {
  const today = new Date().toISOString().slice(0, 10);
  // Windows' editors take a text for UTF-8 only with a mark at its beginning.
  const file = new Blob(["\ufeff", asText(office, trail, mark, today)], { type: "text/plain" });
  const address = URL.createObjectURL(file);
  el("a", { href: address, download: `trail-${office.id}-${today}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  notice(say("owner.saved"));
}

function comparison(office, lines) {
  const result = el("p", { id: "compared", hidden: true });
  const tell = (same, values) => {
    result.hidden = false;
    result.className = same ? "same" : "danger";
    result.textContent = say(same ? "owner.same" : "owner.other", values);
    announce(result.textContent);
  };
  const box = field({
    id: "noted",
    label: say("owner.noted"),
    hint: say("owner.noted_hint"),
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    dir: "ltr",
  });
  const file = el("input", { id: "file", type: "file", accept: ".txt,text/plain" });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen || chosen.size > LARGEST) return;
    box.input.value = markIn(await chosen.text()) ?? "";
    file.value = "";
    if (box.input.value) box.input.focus();
    else box.complain(say("owner.check"));
  });
  const compare = async () => {
    const noted = markIn(box.input.value);
    result.hidden = true;
    if (!noted) return box.complain(say("owner.check"));
    return tell(await stillThere(office.id, lines, noted), { count: noted.split("-")[0] });
  };
  const chooser = el(
    "div",
    { class: "field" },
    el("label", { for: "file" }, say("owner.file")),
    file,
  );
  return el("div", { class: "no-print" }, form(say("owner.compare"), compare, box.row, chooser), result);
}

/**
 * @param {{id: string, name: string}} office
 * @param {{whole: boolean, lines: Object[]}} trail
 * @returns {Promise<HTMLElement>}
 */
export async function wholeCard(office, trail) {
  const mark = await markOf(office.id, trail.lines);
  const button = (words, click) => el("button", { type: "button", on: { click } }, say(words));
  return el(
    "section",
    { class: "card" },
    el("h2", {}, say("owner.whole_title")),
    trail.whole
      ? el("p", { id: "whole" }, say("owner.whole"))
      : el("p", { id: "whole", class: "danger" }, say("owner.broken")),
    el("p", { class: "facts" }, say("owner.proves")),
    el("h3", {}, say("owner.mark")),
    el("output", { id: "mark", dir: "ltr" }, mark),
    el("p", { class: "facts" }, say("owner.mark_hint")),
    el(
      "div",
      { class: "actions no-print" },
      button("owner.save", () => save(office, trail, mark)),
      button("owner.print", () => window.print()),
    ),
    comparison(office, trail.lines),
  );
}
