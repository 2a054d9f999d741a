// Squares of the map as ranges of the curve that packed rows lie along: what is in view, counted by squares.
import { SIDE } from "./rows.js";

/** @typedef {import("./store.js").Store} Store */

/**
 * What is shown in a square: rows from `lo`, the first of them, up to `hi`, how many incidents, of which families,
 * where, and how far off they may be at most, in kilometres.
 * @typedef {{lo: number, hi: number, n: number, rows: number, families: Float64Array, x: number, y: number,
 *   left: number, top: number, right: number, bottom: number, reach: number}} Square
 */

/** The curve has squares down to this level: the map's side halved so many times. */
const FINEST = 16;

/** First place in a sorted list, from `lo` to `hi`, that is not below a value. @param {Uint32Array} list @param {number} value @param {number} lo @param {number} hi */
function below(list, value, lo, hi) {
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (list[middle] < value) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

export class Squares {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    /** @type {Map<string, Square[]>} */
    this.kept = new Map();
    this.level = -1;
    /** For every row whether it is shown at a point. @type {Uint8Array | null} */
    this.marked = null;
  }

  /** Forget what was counted: other rows are shown now. */
  forget() {
    this.kept.clear();
    this.marked = null;
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
    const { curve } = this.store.rows;
    const [left, top, right, bottom] = view;
    /** @type {Square[]} */
    const found = [];
    const seek = (/** @type {number} */ deep, /** @type {number} */ code, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ lo, /** @type {number} */ hi) => {
      const side = SIDE / 2 ** deep;
      if (lo === hi || x * side > right || (x + 1) * side < left || y * side > bottom || (y + 1) * side < top) return;
      if (deep === Math.min(level, FINEST)) {
        const key = `${code}`;
        let squares = this.kept.get(key);
        if (!squares) this.kept.set(key, (squares = this.count(lo, hi, level)));
        found.push(...squares);
        return;
      }
      const width = SIDE / 4 ** (deep + 1); // of the next level, along the curve
      let from = lo;
      for (let k = 0; k < 4; k += 1) {
        const next = code * 4 + k;
        const to = k === 3 ? hi : below(curve, (next + 1) * width, from, hi);
        seek(deep + 1, next, x * 2 + (k & 1), y * 2 + (k >> 1), from, to);
        from = to;
      }
    };
    seek(0, 0, 0, 0, 0, curve.length);
    return found;
  }

  /** For every row 1 where it is shown at a point. */
  shown() {
    if (this.marked) return this.marked;
    const { rows, sieve: { fails } } = this.store;
    const { codes: layers } = rows.column("layer");
    const { codes: drawn } = rows.column("drawn");
    const { codes: lines, values: lineNames } = rows.column("line");
    const { codes: types, values: typeNames } = rows.column("type");
    const [arc, visit] = [lineNames.indexOf("arc"), typeNames.indexOf("visit")];
    const on = this.store.layersOn();
    const marked = (this.marked = new Uint8Array(rows.points.located));
    // Where an arc is drawn, nothing happened at a point; a visit took place somewhere.
    for (let n = 0; n < marked.length; n += 1) marked[n] = fails[n] === 0 && drawn[n] === 1 && on[layers[n]] === 1 && (arc < 0 || lines[n] !== arc || types[n] === visit) ? 1 : 0;
    return marked;
  }

  /** Count the rows of a range that are shown; finer than the curve is, by the squares themselves. @param {number} lo @param {number} hi @param {number} level @returns {Square[]} */
  count(lo, hi, level) {
    if (level <= FINEST) return this.sum(lo, hi);
    const { x, y } = this.store.rows;
    const shift = 32 - level;
    /** @type {Map<number, number[]>} */
    const found = new Map();
    for (let n = lo; n < hi; n += 1) {
      const key = (x[n] >>> shift) * 65536 * 16 + (y[n] >>> shift);
      const list = found.get(key);
      if (list) list.push(n);
      else found.set(key, [n]);
    }
    return [...found.values()].flatMap((list) => this.sum(0, list.length, list));
  }

  /** Add up the rows of a square that are shown: those of a range, or of a range of a list. @param {number} from @param {number} to @param {number[] | null} list @returns {Square[]} none or one */
  sum(from, to, list = null) {
    const { rows } = this.store;
    const { x: xs, y: ys, weights } = rows;
    const { codes: families, values } = rows.column("family");
    const { codes: reaches, values: reach } = rows.column("radius_km");
    const marked = this.shown();
    const counts = new Float64Array(values.length);
    let lo = -1, hi = 0, total = 0, count = 0, sumX = 0, sumY = 0, left = SIDE, top = SIDE, right = 0, bottom = 0, farthest = 0;
    for (let k = from; k < to; k += 1) {
      const n = list ? list[k] : k;
      if (marked[n] === 0) continue;
      const weight = weights ? weights[n] : 1;
      const x = xs[n];
      const y = ys[n];
      if (lo < 0) lo = n;
      hi = n + 1;
      count += 1;
      total += weight;
      counts[families[n]] += weight;
      sumX += x * weight;
      sumY += y * weight;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      if (reaches[n] && reach[reaches[n]] > farthest) farthest = reach[reaches[n]];
    }
    return count ? [{ lo, hi, n: total, rows: count, families: counts, x: sumX / total, y: sumY / total, left, top, right, bottom, reach: farthest }] : [];
  }

  /** Rows of squares that are shown. @param {Square[]} squares */
  rowsOf(squares) {
    const { x, y } = this.store.rows;
    const marked = this.shown();
    const found = [];
    for (const { lo, hi, left, top, right, bottom } of squares) {
      for (let n = lo; n < hi; n += 1) if (marked[n] && x[n] >= left && x[n] <= right && y[n] >= top && y[n] <= bottom) found.push(n);
    }
    return Uint32Array.from(found);
  }
}
