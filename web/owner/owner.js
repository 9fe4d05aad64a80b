/** The room of an office's owner: the trail of what was done, and the mark to compare it by. */

import { post } from "/shared/api.js";
import { el, show } from "/shared/dom.js";
import { attempt, go, start } from "/shared/shell.js";
import { lang, say } from "/shared/words.js";
import { linesCard } from "./lines.js";
import { wholeCard } from "./whole.js";

function elsewhere() {
  show(
    el(
      "section",
      { class: "card narrow" },
      el("h1", {}, say("owner.room")),
      el("p", {}, say("owner.not_yours")),
      el("p", {}, el("a", { href: "/inbox" }, say("owner.to_inbox"))),
    ),
  );
}

/** @param {{id: string, name: string}[]} offices @param {Object} kept what she chose */
function choice(offices, kept) {
  if (offices.length === 1) return el("p", { class: "office" }, offices[0].name);
  const options = offices.map(({ id, name }) => el("option", { value: id }, name));
  const select = el("select", { id: "office" }, ...options);
  select.value = kept.office;
  select.addEventListener("change", () => {
    kept.office = select.value;
    go(() => trailView(kept));
  });
  return el("div", { class: "field" }, el("label", { for: "office" }, say("owner.office")), select);
}

/** @param {{office?: string}} kept outlives a change of the language */
async function trailView(kept) {
  await attempt(async (still) => {
    const { offices } = await post("/owner/api/offices", { lang: lang() });
    if (!still()) return undefined;
    if (!offices.length) return elsewhere();
    kept.office ??= offices[0].id;
    const trail = await post("/owner/api/trail", { office: kept.office });
    const office = offices.find(({ id }) => id === kept.office);
    const whole = await wholeCard(office, trail);
    if (!still()) return undefined;
    return show(
      el(
        "div",
        { class: "rounds" },
        el("h1", {}, say("owner.title")),
        choice(offices, kept),
        el("p", {}, say("owner.lead")),
        whole,
        linesCard(trail.lines),
      ),
    );
  });
}

start(() => {
  const kept = {};
  return go(() => trailView(kept));
});
