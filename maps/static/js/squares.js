// Squares of the map as ranges of the curve that packed rows lie along: what is in view, counted by squares.
import { SIDE, latOf, lonOf, xOf, yOf } from "./rows.js";

/** @typedef {import("./store.js").Store} Store */

/**
 * What is shown in a square: rows, those of a list between two of its places, how many incidents, by the code of
 * their family, where on the map, from 0 to SIDE, and whether all at one point.
 * @typedef {{list: Uint32Array, from: number, to: number, n: number, families: number[], x: number, y: number, point: boolean}} Square
 */

/** The curve has squares down to this level: the map's side halved so many times. */
const FINEST = 16;

/** First row from `lo` to `hi` whose value, times the sign, is not below an edge. @param {ArrayLike<number>} values @param {number} sign @param {number} edge @param {number} lo @param {number} hi */
function below(values, sign, edge, lo, hi) {
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (sign * values[middle] < edge) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

export class Squares {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    /** What was counted at the level that was asked for last, by square. @type {Map<number, Square[]>} */
    this.kept = new Map();
    this.level = -1;
    /** Where the second, third and fourth quarter of a square begin among the rows. @type {Map<number, number[]>} */
    this.cuts = new Map();
    /** Rows that are shown at a point. @type {Uint32Array | null} */
    this.listed = null;
  }

  /** Forget what was counted: other rows are shown now. */
  forget() {
    this.kept.clear();
    this.listed = null;
  }

  /**
   * Count what is in view.
   * @param {[number, number, number, number]} view left, top, right, bottom; from 0 to SIDE
   * @param {number} level how often the map's side is halved
   * @returns {Square[]}
   */
  in(view, level) {
    if (level !== this.level) this.kept.clear();
    this.level = level;
    const [left, top, right, bottom] = view;
    const { lat, lon, scale, located } = this.store.rows.points;
    /** @type {Square[]} */
    const found = [];
    // A square's code has a one before its bits on the curve, so that no two are alike.
    const seek = (/** @type {number} */ deep, /** @type {number} */ code, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ lo, /** @type {number} */ hi) => {
      const side = SIDE / 2 ** deep;
      if (lo === hi || x * side > right || (x + 1) * side < left || y * side > bottom || (y + 1) * side < top) return;
      if (deep === Math.min(level, FINEST)) {
        let squares = this.kept.get(code);
        if (!squares) this.kept.set(code, (squares = this.count(lo, hi, level)));
        found.push(...squares);
        return;
      }
      let cuts = this.cuts.get(code);
      if (!cuts) {
        // Along the curve the north comes first, in either half the west.
        const [south, east] = [scale * latOf((y + 0.5) * side), scale * lonOf((x + 0.5) * side)];
        const half = below(lat, -1, -south, lo, hi);
        this.cuts.set(code, (cuts = [below(lon, 1, east, lo, half), half, below(lon, 1, east, half, hi)]));
      }
      const [first, half, last] = cuts;
      seek(deep + 1, code * 4, x * 2, y * 2, lo, first);
      seek(deep + 1, code * 4 + 1, x * 2 + 1, y * 2, first, half);
      seek(deep + 1, code * 4 + 2, x * 2, y * 2 + 1, half, last);
      seek(deep + 1, code * 4 + 3, x * 2 + 1, y * 2 + 1, last, hi);
    };
    seek(0, 1, 0, 0, 0, located);
    return found;
  }

  /** Rows that are shown at a point. */
  shown() {
    if (this.listed) return this.listed;
    const { rows, sieve } = this.store;
    const { codes: layers } = rows.layers;
    const { codes: lines, values: lineNames } = rows.column("line");
    const { codes: types, values: typeNames } = rows.column("type");
    const [arc, visit] = [lineNames.indexOf("arc"), typeNames.indexOf("visit")];
    const on = this.store.layersOn();
    const passing = sieve.passing();
    const found = new Uint32Array(passing.length + 1); // each row is written; the next takes its place where it is not shown
    let length = 0;
    for (let k = 0; k < passing.length; k += 1) {
      const n = passing[k];
      found[length] = n;
      // Where an arc is drawn, nothing happened at a point; a visit took place somewhere.
      length += on[layers[n]] & Number(lines[n] !== arc || types[n] === visit);
    }
    return (this.listed = found.subarray(0, below(found, 1, rows.points.located, 0, length)));
  }

  /** Count the rows of a range that are shown; finer than the curve is, by the squares themselves. @param {number} lo @param {number} hi @param {number} level @returns {Square[]} */
  count(lo, hi, level) {
    const list = this.shown();
    const from = below(list, 1, lo, 0, list.length);
    const to = below(list, 1, hi, from, list.length);
    if (from === to) return [];
    if (level <= FINEST) return [this.sum(list, from, to)];
    const { lat, lon, scale } = this.store.rows.points;
    const shift = 32 - level;
    /** @type {Map<number, number[]>} */
    const found = new Map();
    for (const n of list.subarray(from, to)) {
      const key = (xOf(lon[n] / scale) >>> shift) * 65536 * 16 + (yOf(lat[n] / scale) >>> shift);
      const near = found.get(key);
      if (near) near.push(n);
      else found.set(key, [n]);
    }
    return [...found.values()].map((near) => this.sum(Uint32Array.from(near), 0, near.length));
  }

  /** Add up the rows of a square. @param {Uint32Array} list @param {number} from @param {number} to @returns {Square} */
  sum(list, from, to) {
    const { weights, points: { lat: lats, lon: lons, scale } } = this.store.rows;
    const { codes: families, values } = this.store.rows.column("family");
    const counts = values.map(() => 0); // there are many squares: an array of bytes for each would cost more
    const [firstLat, firstLon] = [lats[list[from]], lons[list[from]]];
    let total = 0, sumLat = 0, sumLon = 0, point = true;
    for (let k = from; k < to; k += 1) {
      const n = list[k];
      const weight = weights ? weights[n] : 1;
      const lat = lats[n];
      const lon = lons[n];
      total += weight;
      counts[families[n]] += weight;
      sumLat += lat * weight;
      sumLon += lon * weight;
      if (lat !== firstLat || lon !== firstLon) point = false;
    }
    return { list, from, to, n: total, families: counts, x: xOf(sumLon / total / scale), y: yOf(sumLat / total / scale), point };
  }
}
