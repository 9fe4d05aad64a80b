/** The way in: signing in, and the first time with a setup code. */

import { CodeNeeded, KeyProblem, setUp, signIn } from "./account.js";
import { Problem } from "./api.js";
import { announce, el, show } from "./dom.js";
import { field, form, tick } from "./form.js";
import { SHORTEST, strength, suggestion } from "./passphrase.js";
import { codeField } from "./second.js";
import { attempt, go, notice } from "./shell.js";
import { say } from "./words.js";

const NAME_LENGTH = 100;

function nameField() {
  return field({
    id: "name",
    label: say("signin.name"),
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: NAME_LENGTH,
    dir: "auto",
  });
}

function card(title, lead, ...children) {
  return el(
    "section",
    { class: "card narrow" },
    el("h1", {}, title),
    el("p", {}, lead),
    ...children,
  );
}

function link(words, target) {
  const press = { click: () => go(target) };
  return el("p", {}, el("button", { type: "button", class: "link", on: press }, words));
}

/** Sign in or set up, and say what the service's no means here. */
async function enter(work, refused, entered) {
  await attempt(async () => {
    try {
      entered(await work());
    } catch (error) {
      if (error instanceof CodeNeeded) {
        go(() => signInView(entered));
        notice(say("account.second.made"));
      } else if (error instanceof KeyProblem) notice(say("signin.unlocked_not"), "wrong");
      else if (error instanceof Problem && error.status === 403) notice(say(refused), "wrong");
      else throw error;
    }
  });
}

/** @param {(account: import("./account.js").Account) => void} entered what comes after */
export function signInView(entered) {
  const name = nameField();
  const passphrase = field({
    id: "passphrase",
    type: "password",
    label: say("signin.passphrase"),
    autocomplete: "current-password",
  });
  const code = codeField(undefined, say("account.second.signin_hint"));
  const submit = async () => {
    if (!name.input.value.trim()) return name.complain(say("check.name"));
    if (!passphrase.input.value) return passphrase.complain(say("check.passphrase"));
    notice(say("signin.checking"));
    const given = [name.input.value.trim(), passphrase.input.value, code.input.value.trim()];
    const work = () => signIn(...given);
    // A code is good once: what was refused need not stand there any more.
    code.input.value = "";
    return enter(work, "signin.wrong", entered);
  };
  show(
    card(
      say("signin.title"),
      say("signin.lead"),
      form(say("signin.button"), submit, name.row, passphrase.row, code.row),
      link(say("signin.first"), () => setUpView(entered)),
    ),
  );
}

function strengthMeter(input) {
  const value = el("span", { class: "strength" });
  input.addEventListener("input", () => {
    const found = input.value ? strength(input.value) : "";
    value.dataset.level = found;
    value.textContent = found && `${say("strength.label")} ${say(`strength.${found}`)}`;
  });
  return value;
}

function checkPassphrase(passphrase, again, understood) {
  const found = strength(passphrase.input.value);
  if (found === "short") return passphrase.complain(say("check.short", { count: SHORTEST }));
  if (found === "simple") return passphrase.complain(say("check.simple"));
  if (passphrase.input.value !== again.input.value) return again.complain(say("check.mismatch"));
  if (!understood.input.checked) {
    understood.input.focus();
    return understood.complain(say("check.understood"));
  }
  return true;
}

/** The box for a new passphrase, with its strength and, on request, a suggestion. */
function newPassphrase() {
  const hint = el("span", {}, say("setup.hint", { count: SHORTEST }));
  const box = field({
    id: "passphrase",
    type: "password",
    label: say("setup.passphrase"),
    hint,
    autocomplete: "new-password",
  });
  const suggested = el("output", { dir: "ltr" });
  box.row.append(suggested, strengthMeter(box.input));
  const suggest = () => {
    box.input.value = suggestion();
    suggested.textContent = box.input.value;
    box.input.dispatchEvent(new Event("input"));
    box.reveal(true);
    hint.textContent = say("setup.suggested");
    announce(say("setup.suggested"));
    box.input.focus();
  };
  const button = el("button", { type: "button", on: { click: suggest } }, say("setup.suggest"));
  return { ...box, button };
}

function setUpFields() {
  return {
    name: nameField(),
    code: field({
      id: "code",
      label: say("setup.code"),
      autocomplete: "one-time-code",
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: NAME_LENGTH,
      dir: "ltr",
    }),
    passphrase: newPassphrase(),
    again: field({
      id: "again",
      type: "password",
      label: say("setup.again"),
      autocomplete: "new-password",
    }),
    understood: tick({ id: "understood", label: say("setup.understood") }),
  };
}

const lossWarning = () =>
  el(
    "div",
    { class: "warning" },
    el("strong", {}, say("setup.loss_title")),
    el("p", {}, say("setup.loss")),
  );

/** @param {(account: import("./account.js").Account) => void} entered what comes after */
export function setUpView(entered) {
  const { name, code, passphrase, again, understood } = setUpFields();
  const submit = async () => {
    if (!name.input.value.trim()) return name.complain(say("check.name"));
    if (!code.input.value.trim()) return code.complain(say("check.code"));
    if (!checkPassphrase(passphrase, again, understood)) return false;
    notice(say("setup.making"));
    const given = [name.input.value.trim(), code.input.value.trim(), passphrase.input.value];
    return enter(() => setUp(...given), "setup.refused", entered);
  };
  const boxes = [name.row, code.row, passphrase.row, passphrase.button, again.row];
  show(
    card(
      say("setup.title"),
      say("setup.lead"),
      form(say("setup.button"), submit, ...boxes, lossWarning(), understood.row),
      link(say("setup.have_key"), () => signInView(entered)),
    ),
  );
}
