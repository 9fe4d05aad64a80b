/**
 * Draws the pages of a PDF, in a thread of its own that has no document, no network and no key.
 *
 * Its own policy (service/pdf_view.py) lets it load the modules beside it and nothing else. What it
 * gives back are pixels. Scripts, launch actions, forms and links of a file have nothing here that
 * could run or follow them: the part of PDF.js that would (its sandbox and its viewer) is not shipped.
 */

import { getDocument } from "/inbox/pdf/pdf.min.mjs";
import "/inbox/pdf/pdf.worker.min.mjs";

/** Pixels of one picture inside a page, and of a page's longer side. */
const MOST_PIXELS = 25_000_000;
const SIDE = 1600;
/** As PDF.js numbers it: what annotations look like is drawn, nothing of them can be pressed. */
const DRAWN_ANNOTATIONS = 1;

/** What PDF.js asks of a page's document. Letters are drawn as shapes, so no font is installed. */
const noDocument = {
  fonts: null,
  createElement: () => new OffscreenCanvas(1, 1),
};

class Canvases {
  create(width, height) {
    const canvas = new OffscreenCanvas(width, height);
    return { canvas, context: canvas.getContext("2d") };
  }

  getNoAlphaContext(canvas) {
    return canvas.getContext("2d", { alpha: false });
  }

  reset(made, width, height) {
    made.canvas.width = width;
    made.canvas.height = height;
  }

  destroy(made) {
    made.canvas.width = 0;
    made.canvas.height = 0;
  }
}

/** Filters need a document. Without them a few soft masks look harder than they are. */
class NoFilters {
  addFilter() {
    return "none";
  }

  addHCMFilter() {
    return "none";
  }

  addAlphaFilter() {
    return "none";
  }

  addLuminosityFilter() {
    return "none";
  }

  addKnockoutFilter() {
    return "none";
  }

  addHighlightHCMFilter() {
    return "none";
  }

  destroy() {}
}

const opened = (data) =>
  getDocument({
    data,
    isEvalSupported: false,
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWasm: false,
    useWorkerFetch: false,
    wasmUrl: "/inbox/pdf/",
    disableAutoFetch: true,
    disableRange: true,
    disableStream: true,
    isImageDecoderSupported: false,
    enableHWA: false,
    stopAtErrors: false,
    maxImageSize: MOST_PIXELS,
    canvasMaxAreaInBytes: MOST_PIXELS * 4,
    ownerDocument: noDocument,
    CanvasFactory: Canvases,
    FilterFactory: NoFilters,
    verbosity: 0,
  }).promise;

async function drawn(file, number) {
  const page = await file.getPage(number);
  const plain = page.getViewport({ scale: 1 });
  const longer = Math.max(plain.width, plain.height);
  if (!(longer > 0 && Number.isFinite(longer))) throw new Error("no size");
  const viewport = page.getViewport({ scale: Math.min(2, SIDE / longer) });
  const width = Math.max(1, Math.floor(viewport.width));
  const height = Math.max(1, Math.floor(viewport.height));
  const canvas = new OffscreenCanvas(width, height);
  const canvasContext = canvas.getContext("2d", { alpha: false });
  canvasContext.fillStyle = "#fff";
  canvasContext.fillRect(0, 0, width, height);
  const annotationMode = DRAWN_ANNOTATIONS;
  await page.render({ canvas, canvasContext, viewport, annotationMode }).promise;
  page.cleanup();
  return canvas.transferToImageBitmap();
}

addEventListener("message", ({ data, ports: [port] }) => {
  if (!port) return;
  const file = opened(data.bytes);
  file.then(
    ({ numPages }) => port.postMessage({ pages: numPages }),
    (error) => port.postMessage({ broken: error?.name === "PasswordException" ? "locked" : "broken" }),
  );
  port.onmessage = async (asked) => {
    try {
      const bitmap = await drawn(await file, asked.data.page);
      port.postMessage({ page: asked.data.page, bitmap }, [bitmap]);
    } catch {
      port.postMessage({ page: asked.data.page, bitmap: null });
    }
  };
});
