/** The Task Force's room: the rounds, and the sealed answers of closed ones to take home. */

import { Problem, post, send } from "/shared/api.js";
import { el, show } from "/shared/dom.js";
import { attempt, go, notice, start } from "/shared/shell.js";
import { say } from "/shared/words.js";
import { resultsView } from "./results.js";

/** A round's file is made by the browser, so that no address names the round. */
async function download(round) {
  await attempt(async () => {
    const answer = await send("/taskforce/api/bundle", { round_id: round.round_id });
    const address = URL.createObjectURL(await answer.blob());
    el("a", { href: address, download: fileName(round) }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    notice(say("rounds.downloaded"));
  });
}

const fileName = (round) => `speaksafe-${round.round_id}.bundle`;

function roundLine(round) {
  const press = { click: () => download(round) };
  const kept = {};
  const make = { click: () => go(() => resultsView(round, kept, () => go(roundsView))) };
  const label = say("rounds.download", { number: round.number });
  return el(
    "li",
    { class: "card round" },
    el(
      "div",
      { class: "heading" },
      el("h3", {}, say("rounds.round", { number: round.number })),
      el("span", { class: `chip ${round.state}` }, say(`rounds.${round.state}`)),
    ),
    el(
      "p",
      { class: "facts" },
      say("rounds.instrument", { name: round.instrument }),
      ` · ${months(round)}`,
    ),
    round.state === "closed"
      ? el(
          "div",
          { class: "actions" },
          el("button", { type: "button", on: press }, label),
          el("button", { type: "button", on: make }, say("results.make", { number: round.number })),
        )
      : el("p", {}, say("rounds.wait")),
  );
}

const months = ({ opened, closed }) =>
  closed && closed !== opened ? `${opened} – ${closed}` : opened;

/** @param {string} id the round to make the results of */
function how(id) {
  const files = `--bundle speaksafe-${id}.bundle --key task-force.key --out results`;
  const command = `make speaksafe ARGS="release --round ${id} ${files}"`;
  return el(
    "section",
    { class: "card" },
    el("h2", {}, say("rounds.how_title")),
    el(
      "ol",
      { class: "how" },
      el("li", {}, say("rounds.how_one")),
      el("li", {}, say("rounds.how_two")),
      el("li", {}, say("rounds.how_three"), el("pre", { dir: "ltr", tabindex: "0" }, command)),
    ),
  );
}

function elsewhere() {
  show(
    el(
      "section",
      { class: "card narrow" },
      el("h1", {}, say("app.taskforce")),
      el("p", {}, say("rounds.not_yours")),
      el("p", {}, el("a", { href: "/inbox" }, say("rounds.to_inbox"))),
    ),
  );
}

async function roundsView() {
  await attempt(async (still) => {
    const answer = await post("/taskforce/api/rounds").catch((error) => {
      if (error instanceof Problem && error.status === 403) return null;
      throw error;
    });
    if (!still()) return undefined;
    if (answer === null) return elsewhere();
    const { rounds } = answer;
    return show(
      el(
        "div",
        { class: "rounds" },
        el("h1", {}, say("rounds.title")),
        el("p", {}, say("rounds.lead")),
        rounds.length
          ? el("ul", { class: "plain" }, ...rounds.map(roundLine))
          : el("p", { class: "empty" }, say("rounds.empty")),
        how(rounds.find((round) => round.state === "closed")?.round_id ?? "r1"),
      ),
    );
  });
}

start(() => go(roundsView));
