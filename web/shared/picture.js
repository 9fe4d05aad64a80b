/**
 * Pictures, drawn anew: what comes out has the pixels of the file and nothing else of it, no place,
 * no device, no thumbnail, and nothing that runs.
 */

/** Pixels of a picture that is drawn at all; a small file can claim to be a huge picture. */
const MOST_PIXELS = 50_000_000;
/** Pixels of the longer side of what is drawn. */
const SIDE = 1600;
const SECONDS = 20;

const u16 = (view, at) => view.getUint16(at);

/** Width and height as a JPEG's frame says them. */
function ofJpeg(view) {
  for (let at = 2; at + 9 < view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return [u16(view, at + 7), u16(view, at + 5)];
    } else at += 2 + u16(view, at + 2);
  }
  return null;
}

function ofWebp(view) {
  const form = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + 12, 4));
  const three = (at) => view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
  if (form === "VP8X") return [three(24) + 1, three(27) + 1];
  if (form === "VP8 ") return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  const bits = view.getUint32(21, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}

/** What a picture says of its size before anything of it is unpacked; null if it says nothing. */
export function claims(bytes, type) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (type === "image/jpeg") return ofJpeg(view);
    if (type === "image/png") return [view.getUint32(16), view.getUint32(20)];
    if (type === "image/gif") return [view.getUint16(6, true), view.getUint16(8, true)];
    if (type === "image/webp") return ofWebp(view);
  } catch {
    return null; // cut off
  }
  return null;
}

/** HEIC and AVIF say their size deep inside: they are shown where the file itself is small. */
const LARGEST_UNCLAIMED = 8 * 1024 * 1024;

function harmless(bytes, type) {
  const size = claims(bytes, type);
  if (size) return size[0] > 0 && size[1] > 0 && size[0] * size[1] <= MOST_PIXELS;
  return ["image/heic", "image/avif"].includes(type) && bytes.length <= LARGEST_UNCLAIMED;
}

const late = () =>
  new Promise((_, reject) => setTimeout(() => reject(new Error("too slow")), SECONDS * 1000));

/**
 * @param {Uint8Array} bytes of a picture
 * @param {string} type of it, from its first bytes
 * @returns {Promise<HTMLCanvasElement|null>} null when this browser cannot or should not draw it
 */
export async function drawn(bytes, type) {
  if (!type.startsWith("image/") || !harmless(bytes, type)) return null;
  try {
    const bitmap = await Promise.race([createImageBitmap(new Blob([bytes], { type })), late()]);
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // what is transparent would turn black in a JPEG
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas;
  } catch {
    return null;
  }
}

/**
 * Whether this browser gives back what was drawn. Some (Tor Browser) give noise, so that nobody can be
 * told by her screen; such a copy would be worth nothing.
 */
function honest() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 16, height: 16 });
  const pen = canvas.getContext("2d");
  for (let row = 0; row < 16; row += 1) {
    pen.fillStyle = `rgb(${row * 16}, ${255 - row * 16}, 77)`;
    pen.fillRect(0, row, 16, 1);
  }
  const { data } = pen.getImageData(0, 0, 16, 16);
  return data.every((value, at) => {
    const row = Math.floor(at / 64);
    return value === [row * 16, 255 - row * 16, 77, 255][at % 4];
  });
}

/**
 * @param {Uint8Array} bytes of a picture
 * @param {string} type of it
 * @returns {Promise<Uint8Array|null>} a JPEG of its pixels alone; null where none can be made
 */
export async function redrawn(bytes, type) {
  if (!honest()) return null;
  const canvas = await drawn(bytes, type);
  const blob = canvas && (await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85)));
  return blob && new Uint8Array(await blob.arrayBuffer());
}
