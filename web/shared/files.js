/**
 * Files beside a report, sealed in parts: the same as `vault/files.py`, byte for byte. A file's key
 * seals this file only and stands in the sealed report.
 */

import { concat, fromBase64url, random, toBase64url, utf8 } from "./bytes.js";

/** The wrong key, or changed, missing or misplaced parts: one error, without the detail. */
export class FileError extends Error {
  constructor() {
    super("this file cannot be opened");
    this.name = "FileError";
  }
}

export const LARGEST = 20 * 1024 * 1024;
const PART = 256 * 1024;
const LEAST = 64 * 1024;
const STEPS = 4;
const LENGTH_BYTES = 4;

/** @returns {{id: string, key: string}} for one file */
export const newKey = () => ({ id: toBase64url(random(16)), key: toBase64url(random(32)) });

/** The size that hides the length: four classes to each doubling. */
function padded(size) {
  if (size <= LEAST) return LEAST;
  const step = 2 ** Math.floor(Math.log2(size - 1)) / STEPS;
  return Math.ceil(size / step) * step;
}

function algorithm(id, number, of) {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setUint32(8, number);
  return { name: "AES-GCM", iv, additionalData: utf8(`speaksafe/1/file/${id}/${number}/${of}`) };
}

const imported = (key, usage) =>
  crypto.subtle.importKey("raw", fromBase64url(key), "AES-GCM", false, [usage]);

async function* sealed(content, { id, key }) {
  const framed = new Uint8Array(padded(LENGTH_BYTES + content.length));
  new DataView(framed.buffer).setUint32(0, content.length);
  framed.set(content, LENGTH_BYTES);
  const cipher = await imported(key, "encrypt");
  const of = Math.ceil(framed.length / PART);
  for (let number = 0; number < of; number += 1) {
    const part = framed.subarray(number * PART, (number + 1) * PART);
    const closed = await crypto.subtle.encrypt(algorithm(id, number, of), cipher, part);
    yield { number, of, sealed: new Uint8Array(closed) };
  }
}

/**
 * @param {Uint8Array} content
 * @param {{id: string, key: string}} file from `newKey`
 * @returns {AsyncGenerator<{number: number, of: number, sealed: Uint8Array}>} its parts
 */
export const sealFile = (content, file) => sealed(content, file);

/**
 * @param {Uint8Array[]} parts all of them, in their order
 * @param {{id: string, key: string}} file
 * @returns {Promise<Uint8Array>} what was sealed
 * @throws {FileError}
 */
export async function openFile(parts, { id, key }) {
  try {
    const cipher = await imported(key, "decrypt");
    const opened = await Promise.all(
      parts.map((part, number) =>
        crypto.subtle.decrypt(algorithm(id, number, parts.length), cipher, part),
      ),
    );
    const framed = concat(...opened.map((part) => new Uint8Array(part)));
    const end = LENGTH_BYTES + new DataView(framed.buffer).getUint32(0);
    if (framed.length !== padded(end) || framed.subarray(end).some((byte) => byte !== 0)) {
      throw new FileError();
    }
    return framed.slice(LENGTH_BYTES, end);
  } catch {
    throw new FileError();
  }
}
