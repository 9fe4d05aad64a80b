/**
 * Talking to the service. The token lives in this module's memory only: no cookie, no storage, so
 * closing or reloading the page signs out.
 */

let token = null;

/** The service said no, or could not be reached. */
export class Problem extends Error {
  /** @param {number} status of HTTP; 0 when the service could not be reached */
  constructor(status) {
    super(`the service answered ${status}`);
    this.name = "Problem";
    this.status = status;
  }
}

/** @param {string|null} value what a sign-in gave; null forgets it */
export function setToken(value) {
  token = value;
}

/** POST JSON and hand back the response. Ids travel in the body, never in an address. */
export async function send(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  if (token !== null) headers.Authorization = `Bearer ${token}`;
  const options = { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" };
  const answer = await fetch(path, { ...options, cache: "no-store" }).catch(() => {
    throw new Problem(0);
  });
  if (!answer.ok) throw new Problem(answer.status);
  return answer;
}

/** As `send`, with the JSON of the answer. */
export async function post(path, body) {
  const answer = await send(path, body);
  return answer.status === 204 ? null : answer.json();
}
