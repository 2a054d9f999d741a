// Packed bytes: base64, deflated. What is long is cut into blocks, each inflated when something of it is shown.
import { pauses } from "./pace.js";

/** Blocks that are kept at once. */
const KEPT = 96;

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) bytes[k] = text.charCodeAt(k);
  return bytes;
}

/** Characters of base64 that are read at once: a whole number of groups of four. */
const PIECE = 1 << 18;

/**
 * Inflate base64 of a deflated stream, piece by piece.
 * @param {string} base64
 * @param {number} size bytes when inflated; 0 where that is not known
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function inflate(base64, size = 0) {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  const feed = async () => {
    const pause = pauses();
    for (let at = 0; at < base64.length; at += PIECE) {
      await writer.write(bytesOf(base64.slice(at, at + PIECE)));
      await pause();
    }
    await writer.close();
  };
  const fed = feed();
  const reader = stream.readable.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const whole = new Uint8Array(size);
  let length = 0;
  for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
    const part = /** @type {Uint8Array<ArrayBuffer>} */ (value);
    if (size) whole.set(part, length);
    else parts.push(part);
    length += part.length;
  }
  await fed;
  if (size || parts.length === 1) return size ? whole : parts[0];
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) { joined.set(part, at); at += part.length; }
  return joined;
}

const decoder = new TextDecoder();

export class Blocks {
  /**
   * @param {number[]} sizes characters of base64 of each block
   * @param {string} base64 all of them, one after the other
   * @param {number} size items in a block
   * @param {number} count items in all
   * @param {(text: string) => any[]} [read] items of a block; texts of several columns follow each other, column after column
   */
  constructor(sizes, base64, size, count, read = (text) => text.split("\0")) {
    let at = 0;
    this.ranges = sizes.map((length) => [at, (at += length)]);
    this.base64 = base64;
    this.size = size;
    this.count = count;
    this.read = read;
    /** @type {Map<number, any[]>} */
    this.kept = new Map();
    /** @type {Map<number, Promise<void>>} */
    this.coming = new Map();
  }

  /** Items in a block. @param {number} block */
  sizeOf(block) {
    return Math.min(this.size, this.count - block * this.size);
  }

  /** An item, where its block is kept. @param {number} n @param {number} column */
  get(n, column) {
    const block = Math.floor(n / this.size);
    return this.kept.get(block)?.[column * this.sizeOf(block) + (n % this.size)];
  }

  /** Inflate a block. @param {number} block @returns {Promise<any[]>} */
  async open(block) {
    const [from, to] = this.ranges[block];
    return this.read(decoder.decode(await inflate(this.base64.slice(from, to))));
  }

  /** Keep the blocks of some items; null where all are kept already. @param {ArrayLike<number>} ns @returns {Promise<void> | null} */
  load(ns) {
    const wanted = new Set();
    for (let k = 0; k < ns.length; k += 1) wanted.add(Math.floor(ns[k] / this.size));
    const waits = [];
    for (const block of wanted) {
      const kept = this.kept.get(block);
      if (kept) { this.kept.delete(block); this.kept.set(block, kept); continue; } // used last
      if (!this.coming.has(block)) this.coming.set(block, this.open(block).then((items) => { this.kept.set(block, items); this.coming.delete(block); }));
      waits.push(/** @type {Promise<void>} */ (this.coming.get(block)));
    }
    if (!waits.length) return null;
    return Promise.all(waits).then(() => {
      for (const [block] of this.kept) {
        if (this.kept.size <= Math.max(KEPT, wanted.size)) break;
        if (!wanted.has(block)) this.kept.delete(block);
      }
    });
  }
}
