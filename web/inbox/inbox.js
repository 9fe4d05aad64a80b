/** The inbox: her cases, and one case at a time. */

import { go, start } from "/shared/shell.js";
import { listView } from "./list.js";

start((account) => {
  // What she types and what she opened live as long as her sign-in.
  const kept = { drafts: new Map(), sealed: new Map(), opened: new Map() };
  const desk = { ...account, ...kept, shown: "all", wanted: "", pages: 1 };
  window.onpopstate = () => go(() => listView(desk));
  return go(() => listView(desk));
});
