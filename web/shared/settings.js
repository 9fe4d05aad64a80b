/** What somebody sets for herself: her second factor, and how she is told. */

import { post } from "./api.js";
import { el, show } from "./dom.js";
import { noticesCard } from "./notices.js";
import { secondCard } from "./second.js";
import { attempt, go } from "./shell.js";
import { say } from "./words.js";

/** @param {() => void} back shows what she came from */
export async function settingsView(back) {
  await attempt(async (still) => {
    const second = await post("/inbox/api/second-factor");
    const notices = await post("/inbox/api/notices");
    if (!still()) return;
    const again = () => go(() => settingsView(back));
    show(
      el(
        "article",
        { class: "rounds" },
        el("button", { type: "button", class: "link", on: { click: back } }, say("account.back")),
        el("h1", {}, say("account.title")),
        noticesCard(notices, again),
        secondCard(second, again),
      ),
    );
  });
}
