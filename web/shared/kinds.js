/**
 * What a file is, by its first bytes and never by its name. What is not on this list is not taken:
 * nothing that a browser or an office program runs by itself (pages, drawings, programs, archives).
 * The same list as `service/kinds.py`.
 */

const ascii = (word) => [...word].map((letter) => letter.charCodeAt(0));

/** [media type, what she reads it is, ending, [where, bytes], …] */
const SIGNATURES = [
  ["image/jpeg", "picture", "jpg", [0, [0xff, 0xd8, 0xff]]],
  ["image/png", "picture", "png", [0, [0x89, ...ascii("PNG\r\n"), 0x1a, 0x0a]]],
  ["image/gif", "picture", "gif", [0, ascii("GIF8")]],
  ["image/webp", "picture", "webp", [0, ascii("RIFF")], [8, ascii("WEBP")]],
  ["image/heic", "picture", "heic", [4, ascii("ftyphei")]],
  ["image/heic", "picture", "heic", [4, ascii("ftypmif1")]],
  ["image/avif", "picture", "avif", [4, ascii("ftypavif")]],
  ["application/pdf", "document", "pdf", [0, ascii("%PDF-")]],
  ["application/msword", "document", "doc", [0, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]]],
  ["audio/mp4", "sound", "m4a", [4, ascii("ftypM4A")]],
  ["video/quicktime", "film", "mov", [4, ascii("ftypqt")]],
  ["video/3gpp", "film", "3gp", [4, ascii("ftyp3gp")]],
  ["video/mp4", "film", "mp4", [4, ascii("ftyp")]],
  ["video/webm", "film", "webm", [0, [0x1a, 0x45, 0xdf, 0xa3]]],
  ["audio/ogg", "sound", "ogg", [0, ascii("OggS")]],
  ["audio/mpeg", "sound", "mp3", [0, ascii("ID3")]],
  ["audio/mpeg", "sound", "mp3", [0, [0xff, 0xfb]]],
  ["audio/mpeg", "sound", "mp3", [0, [0xff, 0xf3]]],
  ["audio/aac", "sound", "aac", [0, [0xff, 0xf1]]],
  ["audio/wav", "sound", "wav", [0, ascii("RIFF")], [8, ascii("WAVE")]],
  ["audio/amr", "sound", "amr", [0, ascii("#!AMR")]],
  ["audio/flac", "sound", "flac", [0, ascii("fLaC")]],
];

/** Inside a ZIP file: the name of a first entry that only these programs write. */
const OFFICE = [
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "word/"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "xl/"],
  ["application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", "ppt/"],
];
const OPEN = "mimetypeapplication/vnd.oasis.opendocument.";
const OPEN_ENDINGS = { text: "odt", spreadsheet: "ods", presentation: "odp" };

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const MARKUP = /^\s*<|<(?:!doctype|html|script|svg|\?xml)/i;

const stands = (bytes, at, wanted) => wanted.every((byte, place) => bytes[at + place] === byte);

const latin = (bytes) => new TextDecoder("latin1").decode(bytes);

function office(bytes) {
  const open = latin(bytes.subarray(30, 110));
  const kind = open.startsWith(OPEN) && /^[a-z]+/.exec(open.slice(OPEN.length))?.[0];
  if (OPEN_ENDINGS[kind]) {
    const type = OPEN.slice("mimetype".length) + kind;
    return { type, kind: "document", ending: OPEN_ENDINGS[kind] };
  }
  const whole = latin(bytes);
  // Macros run by themselves; a document that brings some is not taken.
  if (!whole.includes("[Content_Types].xml") || whole.includes("vbaProject.bin")) return null;
  const found = OFFICE.find(([, , folder]) => whole.includes(folder));
  return found ? { type: found[0], kind: "document", ending: found[1] } : null;
}

function plain(bytes) {
  try {
    const words = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // eslint-disable-next-line no-control-regex
    if (!words || /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(words) || MARKUP.test(words)) return null;
    return { type: "text/plain", kind: "text", ending: "txt" };
  } catch {
    return null;
  }
}

/**
 * @param {Uint8Array} bytes of the whole file
 * @returns {{type: string, kind: string, ending: string}|null} null when it is not taken
 */
export function kindOf(bytes) {
  if (stands(bytes, 0, ZIP)) return office(bytes);
  const found = SIGNATURES.find((one) =>
    one.slice(3).every(([at, wanted]) => stands(bytes, at, wanted)),
  );
  return found ? { type: found[0], kind: found[1], ending: found[2] } : plain(bytes);
}
