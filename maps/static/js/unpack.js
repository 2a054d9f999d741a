// Packed rows: read in slices, so that the page answers while it opens. `maps/packing.py` writes them.
import { Blocks, inflate } from "./blocks.js";
import { pauses } from "./pace.js";
import { Column, Rows, codesFor } from "./rows.js";

/** Rows that are worked through before it is asked whether the browser is to be let in; what is called often is soon compiled. */
const SLICE = 1 << 13;

/** Of each segment its name, and bytes when inflated. @typedef {[string, number][]} Segments */
/** @typedef {{count: number, segments: {rows: Segments, more: Segments}}} Contents */

/**
 * Read what the map is drawn from.
 * @param {Contents} contents @param {string} packed
 * @returns {Promise<Rows>}
 */
export async function unpack({ count, segments }, packed) {
  const { head, bytes } = await opened(segments.rows, packed);
  const columns = await columnsOf(bytes, head, count);
  const [lat, lon] = [await degrees(bytes("lat"), head.located), await degrees(bytes("lon"), head.located)];
  return new Rows(count, columns, { lat, lon, located: head.located, scale: 1e6 });
}

/**
 * Read all other columns, and where texts and places are found.
 * @param {Rows} rows @param {Contents} contents @param {string} packed @param {string} texts
 */
export async function unpackMore(rows, { count, segments }, packed, texts) {
  const { head, bytes } = await opened(segments.more, packed);
  const textBlocks = head.texts.length ? Math.ceil(count / head.rowsInBlock) : 0;
  const first = head.blocks.slice(0, textBlocks).reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
  rows.texts = new Blocks(head.blocks.slice(0, textBlocks), texts.slice(0, first), head.rowsInBlock, count);
  rows.textNames = new Map(head.texts.map((/** @type {string} */ name, /** @type {number} */ k) => [name, k]));
  rows.places = new Blocks(head.blocks.slice(textBlocks), texts.slice(first), head.placesInBlock, head.places.length, JSON.parse);
  rows.placeAt = new Map(head.places.map((/** @type {string} */ id, /** @type {number} */ k) => [id, k]));
  for (const [name, column] of await columnsOf(bytes, head, count)) rows.columns.set(name, column);
}

/** Inflate a part: what its head says, and the bytes of its segments. @param {Segments} segments @param {string} packed */
async function opened(segments, packed) {
  const whole = await inflate(packed, segments.reduce((sum, [, size]) => sum + size, 0));
  let at = 0;
  const parts = new Map(segments.map(([name, size]) => [name, whole.subarray(at, (at += size))]));
  const bytes = (/** @type {string} */ name) => /** @type {Uint8Array} */ (parts.get(name));
  return { head: JSON.parse(new TextDecoder().decode(bytes("head"))), bytes };
}

/** Read columns; one that another decides is told by a table. @param {(name: string) => Uint8Array} bytes @param {any} head @param {number} count @returns {Promise<Map<string, Column>>} */
async function columnsOf(bytes, head, count) {
  const pause = pauses();
  /** @type {Map<string, Column>} */
  const columns = new Map();
  const following = /** @type {[string, [string, number[]]][]} */ (Object.entries(head.following));
  const held = /** @type {[string, any[]][]} */ (Object.entries(head.columns)).filter(([name]) => !Object.hasOwn(head.following, name));
  for (const [name, values] of held) {
    const codes = codesFor(values.length, count);
    await planes(bytes(name), codes);
    columns.set(name, new Column(values, codes));
    await pause();
  }
  for (const [name, [of, table]] of following) {
    const values = head.columns[name];
    const codes = codesFor(values.length, count);
    const source = /** @type {Column} */ (columns.get(of)).codes;
    const small = Uint32Array.from(table);
    for (let n = 0; n < count; n += 1) codes[n] = small[source[n]];
    columns.set(name, new Column(values, codes));
    await pause();
  }
  return columns;
}

/** Work through rows in slices, letting the browser in between them. @param {number} count @param {(from: number, to: number) => void} work */
async function inSlices(count, work) {
  const pause = pauses();
  for (let from = 0; from < count; from += SLICE) {
    work(from, Math.min(count, from + SLICE));
    await pause();
  }
}

/** Put whole numbers together from planes of bytes, lowest first. @param {Uint8Array} bytes @param {import("./rows.js").Codes} out */
async function planes(bytes, out) {
  const count = out.length;
  const width = out.BYTES_PER_ELEMENT;
  if (width === 1) out.set(bytes);
  else if (width === 2) await inSlices(count, (from, to) => { for (let n = from; n < to; n += 1) out[n] = bytes[n] | (bytes[n + count] << 8); });
  else await inSlices(count, (from, to) => { for (let n = from; n < to; n += 1) out[n] = fourOf(bytes, n, count); });
}

/** A number of four planes. @param {Uint8Array} bytes @param {number} n @param {number} count */
function fourOf(bytes, n, count) {
  return bytes[n] | (bytes[n + count] << 8) | (bytes[n + 2 * count] << 16) | (bytes[n + 3 * count] << 24);
}

/** Sum up differences of degrees in millionths, signs last. @param {Uint8Array} bytes @param {number} count */
async function degrees(bytes, count) {
  const out = new Int32Array(count);
  let sum = 0;
  await inSlices(count, (from, to) => {
    for (let n = from; n < to; n += 1) {
      const step = fourOf(bytes, n, count);
      sum += (step >>> 1) ^ -(step & 1);
      out[n] = sum;
    }
  });
  return out;
}
