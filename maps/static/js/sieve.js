// Filters over all rows at once: for every row one bit for each filter that holds it back.
import { actorsOf } from "./rows.js";
import { say } from "./text.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./rows.js").Column} Column */

/** From the most to the least precise place. */
export const PRECISIONS = ["exact", "settlement", "vicinity", "district", "region", "country"];

/** What incidents can be picked by. */
export const FACETS = /** @type {const} */ (["type", "status", "source", "actor"]);

/** Columns of the facets. @type {Record<string, string>} */
export const COLUMN_OF = { type: "type", status: "status", source: "source", actor: "actors" };

/** Columns that a text is looked for in. */
const FIND_IN = ["type", "status", "place", "origin", "weapon", "source", "actors", "title", "description", "quote"];

/** A bit for each filter. @type {Record<string, number>} */
export const BIT = Object.fromEntries(
  ["family", "time", "find", "precision", "confidence", "killed", "wounded", ...FACETS].map((name, k) => [name, 1 << k]));

/** Values that stand in one field, as merging joins them. @param {string | null} field */
export function parts(field) {
  return (field ?? "").split(/\s*;\s+/).filter(Boolean);
}

/** What a value of a facet's column says; an empty text where nothing is stated. @param {string} facet @param {string | null} value @returns {string[]} */
export function valuesOf(facet, value) {
  if (facet === "type" || facet === "status") return [value ?? ""];
  const found = facet === "source" ? parts(value) : actorsOf(value);
  return found.length ? found : [""];
}

export class Sieve {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.rows = store.rows;
    /** Filters that hold a row back. */
    this.fails = new Uint16Array(this.rows.count);
    /** What each filter was set to when its bits were. @type {Map<string, string>} */
    this.set = new Map();
    /** Rows with the text that is looked for, among texts fetched by the block. @type {Uint8Array | null} */
    this.hits = null;
    /** Bits of the filters that are set. */
    this.active = 0;
    /** Rows that pass, and rows that one filter alone holds back, as they stand; null when filters have changed since. @type {[Uint32Array, Uint32Array] | null} */
    this.lists = null;
    /** Takes both lists. @type {Uint32Array[]} */
    this.room = [];
    this.update();
  }

  /** Set the bits of filters that have changed. @returns {boolean} whether any had */
  update() {
    const { store } = this;
    let changed = false;
    const turn = (/** @type {string} */ name, /** @type {any} */ setting, /** @type {() => void} */ apply) => {
      const said = JSON.stringify(setting);
      if ((this.set.get(name) ?? "null") === said) return;
      this.set.set(name, said);
      changed = true;
      this.active &= ~BIT[name];
      if (setting === null) { this.clear(BIT[name]); return; }
      this.active |= BIT[name];
      apply();
    };
    turn("family", list(store.hiddenFamilies), () => this.mark("family", "family", (f) => !store.hiddenFamilies.has(f)));
    turn("time", store.span || !store.undated ? [store.span, store.undated] : null, () => this.mark("time", "days", (days) =>
      (!days ? store.undated : !store.span || (days[0] <= store.span[1] && days[1] >= store.span[0]))));
    if (!store.searching) turn("find", store.query || null, () => this.find());
    const { precision } = store;
    turn("precision", precision, () => this.mark("precision", "precision", (p) => p !== null && PRECISIONS.includes(p) && PRECISIONS.indexOf(p) <= PRECISIONS.indexOf(/** @type {string} */ (precision))));
    for (const name of ["confidence", "killed", "wounded"]) {
      const least = store.least[name];
      turn(name, least || null, () => this.mark(name, name, (value) => (value ?? 0) >= least));
      // The highest that a source gives decides where it gives a range.
      const range = this.rows.columns.get(`${name}_range`);
      if (least && range) range.codes.forEach((code, n) => { if (code) this.fails[n] = range.values[code][1] >= least ? this.fails[n] & ~BIT[name] : this.fails[n] | BIT[name]; });
    }
    for (const facet of FACETS) {
      const picked = store.picked[facet];
      turn(facet, list(picked), () => this.mark(facet, COLUMN_OF[facet], (value) => valuesOf(facet, value).some((v) => picked.has(v))));
    }
    if (changed) this.lists = null;
    return changed;
  }

  /** @param {number} bit */
  clear(bit) {
    const { fails } = this;
    for (let n = 0; n < fails.length; n += 1) fails[n] &= ~bit;
  }

  /** Set the bit of a filter where the value of a column does not pass. @param {string} name @param {string} column @param {(value: any) => boolean} passes */
  mark(name, column, passes) {
    const { values, codes } = this.rows.column(column);
    const bit = BIT[name];
    const held = Uint16Array.from(values, (value) => (passes(value) ? 0 : bit));
    const { fails } = this;
    for (let n = 0; n < fails.length; n += 1) fails[n] = (fails[n] & ~bit) | held[codes[n]];
  }

  /** Hold back rows without the text that is looked for. */
  find() {
    const { fails, rows, hits } = this;
    const { query } = this.store;
    const found = hits ? hits.slice() : new Uint8Array(rows.count);
    for (const name of FIND_IN) {
      const { values, codes } = rows.column(name);
      const has = Uint8Array.from(values, (value) => Number(value !== null && (`${value}`.toLocaleLowerCase().includes(query) || say(name, value).toLocaleLowerCase().includes(query))));
      if (!has.includes(1)) continue;
      for (let n = 0; n < found.length; n += 1) found[n] |= has[codes[n]];
    }
    for (let n = 0; n < found.length; n += 1) fails[n] = found[n] ? fails[n] & ~BIT.find : fails[n] | BIT.find;
  }

  /**
   * Look for a text in the blocks; the bits are set when all are read.
   * @param {string} query
   * @param {() => boolean} wanted whether it is still looked for
   */
  async search(query, wanted) {
    const { texts, textNames, count } = this.rows;
    const columns = FIND_IN.flatMap((name) => textNames.get(name) ?? []);
    this.hits = null;
    if (!query || !columns.length) return;
    const hits = new Uint8Array(count);
    for (let block = 0; block < texts.ranges.length; block += 1) {
      const items = texts.kept.get(block) ?? await texts.open(block);
      if (!wanted()) return;
      const size = texts.sizeOf(block);
      for (const column of columns) {
        for (let k = 0; k < size; k += 1) if (items[column * size + k].toLocaleLowerCase().includes(query)) hits[block * texts.size + k] = 1;
      }
    }
    this.hits = hits;
  }

  /**
   * Sort rows out. Who counts then goes through those that count, and asks nothing of each: branches taken at
   * random cost more than all else.
   */
  sorted() {
    if (this.lists) return this.lists;
    const { fails } = this;
    if (!this.room.length) this.room = [0, 1].map(() => new Uint32Array(fails.length + 1));
    const [passing, single] = this.room;
    let [p, s] = [0, 0];
    if (!this.active) for (; p < fails.length; p += 1) passing[p] = p;
    else for (let n = 0; n < fails.length; n += 1) {
      const bits = fails[n];
      const passes = Number(bits === 0);
      passing[p] = n; // each row is written; the next takes its place where it does not belong
      p += passes;
      single[s] = n;
      s += Number((bits & (bits - 1)) === 0) - passes;
    }
    return (this.lists = [passing.subarray(0, p), single.subarray(0, s)]);
  }

  /** Rows that pass, as they stand; good until filters change. */
  passing() {
    return this.sorted()[0];
  }

  /** How many incidents pass, by the code of a column. @param {Column} column @param {number} [except] bit of a filter that is left out */
  count({ values, codes }, except = 0) {
    const { fails, rows: { weights } } = this;
    const [passing, single] = this.sorted();
    const counts = weights ? new Float64Array(values.length) : new Uint32Array(values.length);
    if (weights) for (let k = 0; k < passing.length; k += 1) counts[codes[passing[k]]] += weights[passing[k]];
    else for (let k = 0; k < passing.length; k += 1) counts[codes[passing[k]]] += 1;
    if (!(this.active & except)) return counts;
    for (let k = 0; k < single.length; k += 1) {
      const n = single[k];
      counts[codes[n]] += Number(fails[n] === except) * (weights ? weights[n] : 1);
    }
    return counts;
  }

  /** How many incidents pass all filters but the one on a number, and have at least so much of it. @param {string} name @param {number} least */
  atLeast(name, least) {
    const column = this.rows.column(name);
    const range = this.rows.columns.get(`${name}_range`);
    let sum = 0;
    if (!range) {
      const counts = this.count(column, BIT[name]);
      column.values.forEach((value, code) => { if ((value ?? 0) >= least) sum += counts[code]; });
      return sum;
    }
    const { fails, rows: { weights } } = this;
    for (const list of this.sorted()) for (const n of list) {
      if (fails[n] & ~BIT[name]) continue;
      const value = range.codes[n] ? range.values[range.codes[n]][1] : column.values[column.codes[n]] ?? 0;
      if (value >= least) sum += weights ? weights[n] : 1;
    }
    return sum;
  }

  /** How many incidents pass all filters but one, by the codes of two columns: the second's vary fastest. @param {Column} a @param {Column} b @param {number} except its bit @param {Uint8Array} shown rows are counted where this is set for the code of `Rows.layers` */
  cross(a, b, except, shown) {
    const { fails, rows: { weights, layers: { codes: layers } } } = this;
    const across = b.values.length;
    const counts = new Float64Array(a.values.length * across);
    for (const list of this.sorted()) {
      for (let k = 0; k < list.length; k += 1) {
        const n = list[k];
        if (shown[layers[n]] && !(fails[n] & ~except)) counts[a.codes[n] * across + b.codes[n]] += weights ? weights[n] : 1;
      }
    }
    return counts;
  }
}

/** @param {Set<string>} set */
function list(set) {
  return set.size ? [...set].sort() : null;
}
