/** What every room has around it: languages, notices, the way in, and the ways out. */

import { signOut } from "./account.js";
import { Problem } from "./api.js";
import { announce, byId, el } from "./dom.js";
import { signInView } from "./entry.js";
import { IDLE_MINUTES, watchIdle } from "./idle.js";
import { Unloaded } from "./hpke.js";
import { switchOnView } from "./second.js";
import { settingsView } from "./settings.js";
import { demo, lang, languages, ownName, say, speak } from "./words.js";

let view = () => {};
let shown = 0;
let home = () => {};
let idle = null;
let idleDialog = null;

/** Show a view, and show it again when the language changes. */
export function go(next) {
  notice("");
  view = next;
  shown += 1;
  return next();
}

/**
 * Tell something at the top of the page.
 *
 * @param {string} words empty to take it away
 * @param {"done"|"wrong"} [kind]
 */
export function notice(words, kind = "done") {
  const place = byId("notice");
  place.className = kind;
  place.hidden = !words;
  place.textContent = words;
  if (words) announce(words);
  if (words) place.scrollIntoView({ block: "nearest" });
}

/**
 * Run something that talks to the service, and say in words what goes wrong.
 *
 * @param {(still: () => boolean) => Promise<void>} work asks `still` whether the reader is where
 *   she was: an answer that comes after she signed out must not bring a case back on the screen
 */
export async function attempt(work) {
  const before = shown;
  const still = () => shown === before;
  try {
    return await work(still);
  } catch (error) {
    if (!still()) return undefined;
    if (!(error instanceof Problem || error instanceof Unloaded)) {
      notice(say("problem.trouble"), "wrong");
      throw error;
    }
    if (error.status === 401) return leave("problem.expired", "wrong");
    const known = { 0: "lost", 404: "not_found", 429: "busy" };
    return notice(say(`problem.${known[error.status] ?? "trouble"}`), "wrong");
  }
}

/** Forget everything and say why. */
async function leave(key, kind, values) {
  idle?.stop();
  idleDialog?.remove();
  document.querySelector("dialog")?.close();
  window.onpopstate = null;
  // What was opened leaves the screen at once, before the service has answered.
  go(enter);
  notice(say(key, values), kind);
  byId("sign-out").hidden = true;
  byId("account").hidden = true;
  await signOut();
}

function entered(account) {
  byId("sign-out").hidden = false;
  idle = watchIdle({
    warn: warnIdle,
    leave: () => leave("idle.out", "done", { count: IDLE_MINUTES }),
  });
  const inside = () => {
    byId("account").hidden = false;
    home(account);
  };
  if (account.secondFactor !== "needed") return inside();
  const flow = {};
  return go(() => switchOnView(flow, { needed: true, done: inside }));
}

function openSettings() {
  const before = view;
  // Pressed twice, it would lead back to itself.
  byId("account").hidden = true;
  const back = () => {
    byId("account").hidden = false;
    return go(before);
  };
  return go(() => settingsView(back));
}

const enter = () => signInView(entered);

function warnIdle() {
  const stay = () => {
    idle.stay();
    idleDialog.close();
  };
  idleDialog = el(
    "dialog",
    { role: "alertdialog", "aria-labelledby": "idle-title", "aria-describedby": "idle-text" },
    el("h2", { id: "idle-title" }, say("idle.title")),
    el("p", { id: "idle-text" }, say("idle.text")),
    el(
      "div",
      { class: "actions" },
      el("button", { type: "button", class: "main", on: { click: stay } }, say("idle.stay")),
    ),
  );
  idleDialog.addEventListener("close", () => {
    idleDialog.remove();
    // The Escape key is an answer, too.
    idle.stay();
  });
  document.body.append(idleDialog);
  idleDialog.showModal();
}

function dress() {
  for (const node of document.querySelectorAll("[data-say]")) {
    node.textContent = say(node.dataset.say);
  }
  byId("demo").hidden = !demo();
  document.title = `${say("app.name")} – ${byId("room").textContent}`;
}

function offerLanguages() {
  const select = byId("language");
  const options = languages().map((code) =>
    el("option", { value: code, lang: code, selected: code === lang() }, ownName(code)),
  );
  select.replaceChildren(...options);
  select.addEventListener("change", () =>
    attempt(async () => {
      await speak(select.value);
      dress();
      await go(view);
      select.focus();
    }),
  );
}

async function canSeal() {
  try {
    await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    return typeof HTMLDialogElement === "function";
  } catch {
    return false;
  }
}

/**
 * Begin.
 *
 * @param {(account: import("./account.js").Account) => void} show the first view after sign-in
 */
export async function start(show) {
  home = show;
  // A page that the browser kept and brings back would still hold an open key.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  await speak(navigator.language.split("-")[0]);
  dress();
  offerLanguages();
  byId("sign-out").addEventListener("click", () => leave("idle.signed_out", "done"));
  byId("account").addEventListener("click", openSettings);
  if (!(await canSeal())) return notice(say("problem.browser"), "wrong");
  return go(enter);
}
