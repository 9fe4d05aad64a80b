/**
 * Building the page. Text goes in as text nodes only: there is no way here to write HTML, so that
 * nothing a reporter writes can become part of the page.
 */

/**
 * @param {string} tag
 * @param {Object<string, unknown>} [set] attributes; `on` maps events to listeners; `true` writes
 *   an empty attribute, `false` and `undefined` none
 * @param {...(Node|string|false|undefined)} children
 * @returns {HTMLElement}
 */
export function el(tag, set = {}, ...children) {
  const { on = {}, ...attributes } = set;
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      node.setAttribute(name, value === true ? "" : value);
  }
  for (const [event, listener] of Object.entries(on)) node.addEventListener(event, listener);
  node.append(...children.filter((child) => child !== undefined && child !== false));
  return node;
}

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => document.getElementById(id);

/** Say something to people who listen to the page; the same words twice are said twice. */
export function announce(words) {
  const region = byId("announcer");
  region.textContent = "";
  setTimeout(() => {
    region.textContent = words;
  }, 50);
}

/** Show a view and bring the keyboard and the screen reader to its heading. */
export function show(...nodes) {
  const main = byId("main");
  main.replaceChildren(...nodes);
  const heading = main.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/**
 * Ask before something that cannot be taken back.
 *
 * @param {{title: string, text: string, yes: string, no: string, quote?: string}} words
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, yes, no, quote }) {
  return new Promise((resolve) => {
    const close = (answer) => () => dialog.close(answer);
    const dialog = el(
      "dialog",
      { "aria-labelledby": "ask-title", "aria-describedby": "ask-text" },
      el("h2", { id: "ask-title" }, title),
      quote !== undefined && el("blockquote", { dir: "auto" }, quote),
      el("p", { id: "ask-text" }, text),
      el(
        "div",
        { class: "actions" },
        el("button", { type: "button", class: "main", on: { click: close("yes") } }, yes),
        el("button", { type: "button", on: { click: close("") } }, no),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
