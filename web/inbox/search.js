/** Searching in what was opened here. It lies in this page's memory and goes with the sign-in. */

import { el } from "/shared/dom.js";

/** Letters of what stands around a place that was found. */
const AROUND = 60;

/** One spelling for capitals and accents, letter for letter, so that places stay the same. */
function plain(text) {
  const letters = [...text.normalize("NFC")].map((letter) => {
    const bare = letter.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return [...bare].length === 1 ? bare : letter;
  });
  return letters;
}

function texts(node) {
  if (typeof node === "string") return [node];
  if (node === null || typeof node !== "object") return [];
  return Object.values(node).flatMap(texts);
}

/** Keep the words of a case for the search. */
export function remember(desk, caseId, entries) {
  const words = entries.flatMap(({ document }) => {
    const { v, lang, ...rest } = document && !Array.isArray(document) ? document : {};
    return texts(rest);
  });
  desk.opened.set(caseId, words.join(" … "));
}

/**
 * @param {string} text
 * @param {string} wanted
 * @returns {[string, string, string]|null} what stands before, what was found, what stands after
 */
export function find(text, wanted) {
  const letters = [...text.normalize("NFC")];
  const hay = plain(text);
  const needle = plain(wanted.trim());
  if (!needle.length) return null;
  const at = hay.findIndex((_, from) => needle.every((letter, n) => hay[from + n] === letter));
  if (at < 0) return null;
  const end = at + needle.length;
  const from = Math.max(0, at - AROUND);
  const before = (from ? "…" : "") + letters.slice(from, at).join("");
  const after = letters.slice(end, end + AROUND).join("");
  const more = end + AROUND < letters.length ? "…" : "";
  return [before, letters.slice(at, end).join(""), after + more];
}

/** A place that was found, in its words. */
export const snippet = ([before, found, after]) =>
  el("p", { class: "snippet", dir: "auto" }, before, el("mark", {}, found), after);
