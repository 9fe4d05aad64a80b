/** Fields of a form that say in words, next to themselves, what is still missing. */

import { el } from "./dom.js";
import { say } from "./words.js";

/**
 * @param {{id: string, label: string, type?: string, hint?: Node|string} & Object} options further
 *   ones become attributes of the input
 * @returns {{row: HTMLElement, input: HTMLInputElement, complain: (words: string) => false}}
 */
export function field({ id, label, type = "text", hint, ...attributes }) {
  const secret = type === "password";
  const described = `${id}-hint ${id}-error`;
  const input = el("input", { id, type, "aria-describedby": described, ...attributes });
  const error = el("p", { id: `${id}-error`, class: "error" });
  const toggle = el("button", { type: "button", class: "quiet", "aria-controls": id }, say("show"));
  toggle.addEventListener("click", () => reveal(input.type === "password"));
  const reveal = (visible) => {
    input.type = visible ? "text" : "password";
    toggle.textContent = say(visible ? "hide" : "show");
  };
  input.addEventListener("input", () => complain(""));
  const complain = (words) => {
    error.textContent = words;
    input.toggleAttribute("aria-invalid", Boolean(words));
    if (words) input.setAttribute("aria-invalid", "true");
    return false;
  };
  const row = el(
    "div",
    { class: "field" },
    el("label", { for: id }, label),
    secret ? el("div", { class: "with-button" }, input, toggle) : input,
    el("div", { id: `${id}-hint`, class: "hint" }, hint),
    error,
  );
  return { row, input, complain, reveal };
}

/** A box to tick, with the same manners. */
export function tick({ id, label }) {
  const input = el("input", { id, type: "checkbox", "aria-describedby": `${id}-error` });
  const error = el("p", { id: `${id}-error`, class: "error" });
  const complain = (words) => {
    error.textContent = words;
    return false;
  };
  input.addEventListener("change", () => complain(""));
  const row = el(
    "div",
    { class: "field" },
    el("label", { class: "tick", for: id }, input, label),
    error,
  );
  return { row, input, complain };
}

/**
 * A form that is sent once at a time and never by the browser itself.
 *
 * @param {string} button what the button says
 * @param {() => Promise<void>} submit
 * @param {...Node} children
 */
export function form(button, submit, ...children) {
  const send = el("button", { type: "submit", class: "main" }, button);
  const node = el("form", { novalidate: true }, ...children, el("div", { class: "actions" }, send));
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    try {
      await submit();
    } finally {
      send.disabled = false;
    }
    node.querySelector('[aria-invalid="true"]')?.focus();
  });
  return node;
}
