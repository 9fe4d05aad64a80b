/**
 * The files of a report. A picture is drawn anew, pixel by pixel, and so are the pages of a PDF; nothing
 * is shown as it came, and everything else is only saved, after a warning. What a file is is read from its bytes: neither
 * its sender nor the server is believed.
 */

import { send } from "/shared/api.js";
import { ask, el } from "/shared/dom.js";
import { openFile } from "/shared/files.js";
import { kindOf } from "/shared/kinds.js";
import { drawn } from "/shared/picture.js";
import { say } from "/shared/words.js";

/** More files than a report can have, and more parts than a file, are not asked for. */
const MOST = 5;
const MOST_PARTS = 96;

const PDF = "application/pdf";

const text = (value) => typeof value === "string";
const named = (one) => one && text(one.id) && text(one.key);

async function fetched(caseId, { id, key }) {
  const parts = [];
  for (let number = 0, of = 1; number < Math.min(of, MOST_PARTS); number += 1) {
    const answer = await send("/inbox/api/file", { case_id: caseId, file: id, number });
    of = Number(answer.headers.get("Speaksafe-Parts"));
    parts.push(new Uint8Array(await answer.arrayBuffer()));
  }
  return openFile(parts, { id, key });
}

/** Save bytes under a name of ours; the browser is told nothing of what they are. */
function save(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = el("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

const agreed = (cleaned) =>
  ask({
    title: say("file.ask"),
    text: say(cleaned ? "file.warn_copy" : "file.warn"),
    yes: say("file.go"),
    no: say("file.stay"),
  });

/** One file: what it is, and what can be done with it. */
function row(caseId, entry, at) {
  const said = el("p", { class: "facts", role: "status" });
  const room = el("div", { class: "picture" });
  const buttons = el("div", { class: "actions no-print" });

  /** Does one thing at a time, and says when it cannot be done. */
  const doing = (act) => async () => {
    const all = [...buttons.querySelectorAll("button")];
    all.forEach((button) => {
      button.disabled = true;
    });
    said.textContent = say("file.loading");
    try {
      said.textContent = (await act()) ?? "";
    } catch {
      said.textContent = say("file.none");
    }
    all.forEach((button) => {
      button.disabled = false;
    });
  };

  const show = doing(async () => {
    const copy = named(entry.copy);
    const bytes = await fetched(caseId, copy ? entry.copy : entry);
    const canvas = await drawn(bytes, kindOf(bytes)?.type ?? "");
    if (!canvas) return say("file.no_view");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", say("file.number", { number: at + 1 }));
    room.replaceChildren(canvas);
    return say(copy ? "file.copy" : "file.drawn");
  });

  const leaf = doing(async () => {
    const copy = named(entry.copy);
    const bytes = await fetched(caseId, copy ? entry.copy : entry);
    if (kindOf(bytes)?.type !== PDF) return say("file.pdf_broken");
    // Large, and not needed where no such file is opened.
    const { PdfProblem, showPdf } = await import("./pdf.js");
    try {
      await showPdf(bytes, room);
    } catch (error) {
      return say(`file.pdf_${error instanceof PdfProblem ? error.kind : "broken"}`);
    }
    return say("file.pdf");
  });

  const saved = (what, cleaned) =>
    doing(async () => {
      if (!(await agreed(cleaned))) return "";
      const bytes = await fetched(caseId, what);
      save(bytes, `speaksafe-${at + 1}.${kindOf(bytes)?.ending ?? "bin"}`);
      return "";
    });

  const kind = KINDS[entry.type] ?? "document";
  const button = (words, click) => el("button", { type: "button", on: { click } }, say(words));
  if (kind === "picture") buttons.append(button("file.show", show));
  else if (entry.type === PDF) buttons.append(button("file.show_pdf", leaf));
  if (kind !== "picture" && named(entry.copy)) buttons.append(button("file.save_copy", saved(entry.copy, true)));
  buttons.append(button("file.save", saved(entry, false)));
  const note = text(entry.note) && entry.note.trim();
  return el(
    "li",
    {},
    el("p", {}, el("strong", {}, say("file.number", { number: at + 1 })), ` ${say(`file.${kind}`)}`),
    note && el("p", { class: "facts" }, say("file.note")),
    note && el("blockquote", { dir: "auto" }, entry.note),
    buttons,
    said,
    room,
  );
}

/** What her browser called it, only to choose the buttons; the bytes decide what is done. */
const KINDS = Object.fromEntries(
  [
    ["picture", ["image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/avif"]],
    ["sound", ["audio/mp4", "audio/ogg", "audio/mpeg", "audio/aac", "audio/wav", "audio/amr", "audio/flac"]],
    ["film", ["video/quicktime", "video/3gpp", "video/mp4", "video/webm"]],
    ["text", ["text/plain"]],
  ].flatMap(([kind, types]) => types.map((type) => [type, kind])),
);

/**
 * @param {string} caseId
 * @param {Object|null} document the report, or what was written since, opened
 * @param {string} heading a card of its own has a larger one than a part of what was written
 * @returns {HTMLElement|false} nothing where there are no files
 */
export function files(caseId, document, heading = "h2") {
  const found = Array.isArray(document?.attachments) ? document.attachments : [];
  const here = found.filter(named).slice(0, MOST);
  if (!here.length) return false;
  return el(
    "section",
    { class: heading === "h2" ? "card files" : "files" },
    el(heading, {}, say("file.title")),
    el("ul", {}, ...here.map((entry, at) => row(caseId, entry, at))),
  );
}
