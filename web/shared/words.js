/** The words of the page in the reader's language, and dates and names as it writes them. */

import { Problem } from "./api.js";

const RIGHT_TO_LEFT = new Set(["ar"]);

let language = "en";
let offered = ["en"];
let words = {};
let madeUp = false;

/** @returns {string} the language of the page (ISO 639-1) */
export const lang = () => language;

/** @returns {string[]} every language the page can be read in */
export const languages = () => offered;

/** @returns {boolean} nothing here is real */
export const demo = () => madeUp;

/**
 * Read the words of one language from the service and let the page be in it.
 *
 * @param {string} wanted the service answers in English when it does not have it
 */
export async function speak(wanted) {
  const answer = await ask(wanted);
  if (!answer.ok) throw new Error("the words of this page are missing");
  ({ lang: language, languages: offered, words, demo: madeUp } = await answer.json());
  document.documentElement.lang = language;
  document.documentElement.dir = RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}

/**
 * @param {string} lang
 * @returns {Promise<Object<string, string>>} the words of another language, for writing in it
 */
export async function wordsOf(lang) {
  const answer = await ask(lang).catch(() => null);
  if (!answer?.ok) throw new Problem(answer?.status ?? 0);
  return (await answer.json()).words;
}

function ask(lang) {
  return fetch(`/inbox/api/strings?lang=${encodeURIComponent(lang)}`, { credentials: "omit" });
}

/**
 * @param {string} key as in the message catalogue, without the part's name
 * @param {Object<string, string|number>} [values] what fills the placeholders
 * @returns {string}
 */
export function say(key, values = {}) {
  const written = words[key];
  if (written === undefined) throw new Error(`the words for ${key} are missing`);
  const template = typeof written === "string" ? written : form(written, values.count);
  return template.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** The plural form that a count takes; a form only great numbers have is written as "other". */
const form = (forms, count) =>
  forms[new Intl.PluralRules(language).select(Number(count))] ?? forms.other;

/** How dates are written; English as the United Nations writes them. */
const locale = () => (language === "en" ? "en-GB" : language);

/** @param {number} days @returns {string} "today", "yesterday", "3 days ago" */
export const ago = (days) =>
  new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-days, "day");

/** @param {string} day as in 2026-11-21 @returns {string} "21 November 2026" */
export const longDate = (day) =>
  new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));

/** @param {string} code ISO 639-1 @returns {string} the language's name in the reader's language */
export const languageName = (code) =>
  new Intl.DisplayNames(language, { type: "language" }).of(code);

/** @param {string} code ISO 639-1 @returns {string} the language's name in itself */
export const ownName = (code) => new Intl.DisplayNames(code, { type: "language" }).of(code);
