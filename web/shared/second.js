/** The second factor: codes of a phone beside the passphrase, and ten codes for its loss. */

import { Problem, post } from "./api.js";
import { el, show } from "./dom.js";
import { field, form, tick } from "./form.js";
import { attempt, go, notice } from "./shell.js";
import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
/** Light squares around the picture, without which phones do not find it. */
const MARGIN = 4;

/**
 * @param {string} [label] @param {string} [hint]
 * @returns the box for a code; it takes recovery codes, too, so it is not for digits only
 */
export function codeField(label = say("account.second.code"), hint = undefined) {
  return field({
    id: "factor",
    label,
    hint,
    autocomplete: "one-time-code",
    autocapitalize: "characters",
    spellcheck: "false",
    maxlength: "40",
    dir: "ltr",
  });
}

/** @param {string[]} rows of a QR code, 1 is dark */
function picture(rows) {
  const size = rows.length + 2 * MARGIN;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${size} ${size}`);
  svg.setAttribute("class", "qr");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say("account.second.picture"));
  const path = document.createElementNS(SVG, "path");
  const dark = (row, y) => [...row].map((square, x) => (square === "1" ? `M${x} ${y}h1v1h-1z` : ""));
  path.setAttribute("d", rows.flatMap(dark).join(""));
  svg.append(path);
  return svg;
}

/** Do something with the code that was typed; what the service refuses is said at its box. */
async function withCode(box, work) {
  const code = box.input.value.trim();
  if (!code) return box.complain(say("account.second.check"));
  return attempt(async (still) => {
    try {
      await work(code, still);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 403 || !still()) throw error;
      box.input.value = "";
      box.complain(say("account.second.wrong"));
    }
  });
}

function card(title, ...children) {
  show(el("section", { class: "card narrow" }, el("h1", {}, title), ...children));
}

/**
 * Switch it on with a phone, or over to another one.
 *
 * @param {{begun?: Object, codes?: string[]}} flow what came from the service so far; it must
 *   outlive a change of the language, because it comes only once
 * @param {{needed?: boolean, done: () => void}} way
 */
export async function switchOnView(flow, { needed = false, done }) {
  if (flow.codes) return codesView(flow, done);
  if (!flow.begun) {
    await attempt(async () => {
      flow.begun = await post("/inbox/api/second-factor/begin");
    });
  }
  if (!flow.begun) return undefined;
  const box = codeField(say("account.second.first"));
  const submit = () =>
    withCode(box, async (code, still) => {
      const answer = await post("/inbox/api/second-factor/confirm", { code });
      flow.codes = answer.recovery_codes;
      if (still()) await go(() => switchOnView(flow, { done }));
    });
  const key = flow.begun.secret.match(/.{1,4}/g).join(" ");
  return card(
    say("account.second.title"),
    needed && el("p", { class: "warning" }, say("account.second.needed")),
    el("p", {}, say("account.second.app")),
    picture(flow.begun.picture),
    el("p", {}, say("account.second.typed")),
    el("output", { dir: "ltr" }, key),
    form(say("account.second.confirm"), submit, box.row),
  );
}

function codesView({ codes }, done) {
  const kept = tick({ id: "kept", label: say("account.second.kept") });
  const submit = async () => {
    if (kept.input.checked) return done();
    kept.input.focus();
    return kept.complain(say("account.second.check_kept"));
  };
  card(
    say("account.second.codes_title"),
    el("p", {}, say("account.second.codes")),
    el("ul", { class: "codes", dir: "ltr" }, ...codes.map((code) => el("li", {}, code))),
    form(say("account.second.go_on"), submit, kept.row),
  );
}

/**
 * How it stands, and what can be changed.
 *
 * @param {{second_factor: string, recovery_left: number}} state
 * @param {() => void} again shows the account anew
 */
export function secondCard(state, again) {
  const begin = (flow) => go(() => switchOnView(flow, { done: switchedOn }));
  const switchedOn = async () => {
    await again();
    notice(say("account.second.switched_on"));
  };
  const frame = (...children) =>
    el(
      "section",
      { class: "card" },
      el("h2", {}, say("account.second.title")),
      el("p", {}, say("account.second.lead")),
      ...children,
    );
  if (state.second_factor !== "on") {
    const start = { click: () => begin({}) };
    return frame(
      el("p", { class: "facts" }, say("account.second.is_off")),
      el(
        "div",
        { class: "actions" },
        el("button", { type: "button", class: "main", on: start }, say("account.second.start")),
      ),
    );
  }
  const box = codeField(undefined, say("account.second.code_hint"));
  const renew = () =>
    withCode(box, async (code, still) => {
      const begun = await post("/inbox/api/second-factor/begin", { code });
      if (still()) await begin({ begun });
    });
  const stop = () =>
    withCode(box, async (code, still) => {
      await post("/inbox/api/second-factor/off", { code });
      if (!still()) return;
      await again();
      notice(say("account.second.switched_off"));
    });
  const off = el("button", { type: "button", on: { click: stop } }, say("account.second.stop"));
  return frame(
    el("p", { class: "facts" }, say("account.second.is_on", { count: state.recovery_left })),
    form(say("account.second.renew"), renew, box.row),
    !state.wanted && off,
  );
}
