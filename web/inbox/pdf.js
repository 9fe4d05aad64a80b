/**
 * The pages of a PDF as pictures. The file itself goes to a thread without document, network or key
 * (`pdf_worker.js`); what comes back is pixels. It is ended when it takes too long, when its pages are
 * no longer on the screen, and when it says anything odd.
 */

import { el } from "/shared/dom.js";
import { say } from "/shared/words.js";

const WORKER = "/inbox/pdf/worker.js";
const SECONDS = 20;
/** A small file can claim any number of pages. */
const MOST_PAGES = 100;
/** Pixels of the longer side: as `pdf_worker.js` draws. */
const SIDE = 1601;

/** Only this one address may become a thread: the page's policy allows no other way to make one. */
const policy = globalThis.trustedTypes?.createPolicy("speaksafe-pdf", {
  createScriptURL: (address) => {
    if (address !== WORKER) throw new TypeError("no such thread");
    return address;
  },
});

/** What is wrong, as the end of a key of words. */
export class PdfProblem extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

class Thread {
  #worker = new Worker(policy ? policy.createScriptURL(WORKER) : WORKER, { type: "module" });
  #waiting = null;
  #port;

  constructor(room) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }) => this.#waiting?.(data);
    this.#worker.onerror = () => this.#waiting?.({ broken: "broken" });
    this.first = port2;
    // Signing out, or leaving the case, takes the room off the screen.
    this.watch = setInterval(() => room.isConnected || this.end(), 1000);
  }

  /** @returns {Promise<Object>} its next answer @throws {PdfProblem} */
  async #answer() {
    let late;
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = resolve;
        late = setTimeout(() => reject(new PdfProblem("slow")), SECONDS * 1000);
      });
    } catch (error) {
      this.end();
      throw error;
    } finally {
      clearTimeout(late);
      this.#waiting = null;
    }
  }

  async open(bytes) {
    const opened = this.#answer();
    this.#worker.postMessage({ bytes }, [this.first, bytes.buffer]);
    const { pages, broken } = await opened;
    if (Number.isSafeInteger(pages) && pages > 0) return pages;
    this.end();
    throw new PdfProblem(broken === "locked" ? "locked" : "broken");
  }

  async draw(number) {
    const drawn = this.#answer();
    this.#port.postMessage({ page: number });
    const { bitmap } = await drawn;
    const fits = bitmap instanceof ImageBitmap && Math.max(bitmap.width, bitmap.height) <= SIDE;
    if (!fits) throw new PdfProblem("broken");
    return bitmap;
  }

  end() {
    clearInterval(this.watch);
    this.#worker.terminate();
  }
}

function canvasOf(bitmap, label) {
  const canvas = el("canvas", { role: "img", "aria-label": label });
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas;
}

/**
 * Show the first page, and the way to the others.
 *
 * @param {Uint8Array} bytes of a PDF; they are given away
 * @param {HTMLElement} room on the screen
 * @throws {PdfProblem}
 */
export async function showPdf(bytes, room) {
  const thread = new Thread(room);
  const count = await thread.open(bytes);
  const last = Math.min(count, MOST_PAGES);
  const place = el("div", {});
  const said = el("p", { class: "facts", role: "status" });
  const before = el("button", { type: "button" }, say("file.page_before"));
  const next = el("button", { type: "button" }, say("file.page_next"));
  let at = 0;
  const turn = async (number) => {
    before.disabled = next.disabled = true;
    try {
      const bitmap = await thread.draw(number);
      at = number;
      said.textContent = say("file.page", { number, count });
      place.replaceChildren(canvasOf(bitmap, said.textContent));
    } catch (error) {
      if (!at) throw error;
      said.textContent = say(`file.pdf_${error instanceof PdfProblem ? error.kind : "broken"}`);
    }
    before.disabled = at <= 1;
    next.disabled = at >= last;
  };
  before.addEventListener("click", () => turn(at - 1));
  next.addEventListener("click", () => turn(at + 1));
  await turn(1).catch((error) => {
    thread.end();
    throw error;
  });
  room.replaceChildren(
    place,
    said,
    ...(last > 1 ? [el("div", { class: "actions no-print" }, before, next)] : []),
    ...(last < count ? [el("p", { class: "facts" }, say("file.pdf_most", { count: last }))] : []),
  );
}
