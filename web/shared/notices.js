/** How she is told that something is new: by e-mail, or where she links a chat of her own. */

import { post } from "./api.js";
import { el } from "./dom.js";
import { attempt, notice } from "./shell.js";
import { lang, say } from "./words.js";

/** Names that are the same in every language. */
const NAMES = { telegram: "Telegram", whatsapp: "WhatsApp" };

const nameOf = (way) => NAMES[way] ?? say("account.notices.email");

/**
 * @param {{by: string|null, choices: string[]}} state
 * @param {() => Promise} again shows the account anew
 */
export function noticesCard(state, again) {
  const place = el("div", {});
  const changed = async (way) => {
    await again();
    notice(say("account.notices.changed", { name: nameOf(way) }));
  };
  const email = () =>
    attempt(async (still) => {
      await post("/inbox/api/notices/email");
      if (still()) await changed("email");
    });
  const link = (channel) => () =>
    attempt(async (still) => {
      const { line } = await post("/inbox/api/notices/link", { channel, lang: lang() });
      if (still()) place.replaceChildren(...sending(channel, line, changed));
    });
  const button = (way) =>
    el(
      "button",
      { type: "button", on: { click: way === "email" ? email : link(way) } },
      say("account.notices.use", { name: nameOf(way) }),
    );
  return el(
    "section",
    { class: "card" },
    el("h2", {}, say("account.notices.title")),
    el("p", {}, say("account.notices.lead")),
    el(
      "p",
      { class: "facts" },
      state.by ? say("account.notices.by", { name: nameOf(state.by) }) : say("account.notices.none"),
    ),
    el("div", { class: "actions" }, ...state.choices.map(button)),
    place,
  );
}

/** The line, and a button for when it is sent; the page is told nothing by itself. */
function sending(channel, line, changed) {
  const check = () =>
    attempt(async (still) => {
      const { by } = await post("/inbox/api/notices");
      if (!still()) return;
      if (by === channel) await changed(channel);
      else notice(say("account.notices.waiting"), "wrong");
    });
  return [
    el("p", {}, say("account.notices.send", { name: nameOf(channel) })),
    el("output", { dir: "ltr" }, line),
    el("p", { class: "facts" }, say("account.notices.risk")),
    el(
      "div",
      { class: "actions" },
      el("button", { type: "button", class: "main", on: { click: check } }, say("account.notices.sent")),
    ),
  ];
}
