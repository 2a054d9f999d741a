// Squares of the map as ranges of the curve that packed rows lie along: what is in view, counted by squares.
import { SIDE } from "./rows.js";

/** @typedef {import("./store.js").Store} Store */

/**
 * What lies in a square: rows from `lo` to `hi`, how many incidents are shown, of which families, where, and how
 * far off they may be at most, in kilometres.
 * @typedef {{lo: number, hi: number, n: number, rows: number, families: Float64Array, x: number, y: number,
 *   left: number, top: number, right: number, bottom: number, first: number, reach: number}} Square
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
  }

  /** Forget what was counted: other rows are shown now. */
  forget() {
    this.kept.clear();
  }

  /**
   * Count what is in view.
   * @param {[number, number, number, number]} view left, top, right, bottom; from 0 to SIDE
   * @param {number} level how often the map's side is halved
   * @returns {Square[]}
   */
  in(view, level) {
    if (level !== this.level) this.forget();
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

  /** A test of whether a row is shown at a point. @returns {(n: number) => boolean} */
  test() {
    const { rows, sieve } = this.store;
    const { codes: layers } = rows.column("layer");
    const { codes: drawn } = rows.column("drawn");
    const { codes: lines, values: lineNames } = rows.column("line");
    const { codes: types, values: typeNames } = rows.column("type");
    const [arc, visit] = [lineNames.indexOf("arc"), typeNames.indexOf("visit")];
    const on = this.store.layersOn();
    const { fails } = sieve;
    // Where an arc is drawn, nothing happened at a point; a visit took place somewhere.
    return (n) => fails[n] === 0 && drawn[n] === 1 && on[layers[n]] === 1 && (arc < 0 || lines[n] !== arc || types[n] === visit);
  }

  /** Count the rows of a range that are shown; finer than the curve is, by the squares themselves. @param {number} lo @param {number} hi @param {number} level @returns {Square[]} */
  count(lo, hi, level) {
    const { rows } = this.store;
    const { codes: families, values } = rows.column("family");
    const { codes: reaches, values: reach } = rows.column("radius_km");
    const shows = this.test();
    const shift = level > FINEST ? 32 - level : 32;
    /** @type {Map<number, Square>} */
    const squares = new Map();
    /** @type {Square | undefined} */
    let square;
    let last = -1;
    for (let n = lo; n < hi; n += 1) {
      if (!shows(n)) continue;
      const [x, y] = [rows.x[n], rows.y[n]];
      const key = shift === 32 ? 0 : (x >>> shift) * 65536 * 16 + (y >>> shift);
      if (!square || key !== last) {
        square = squares.get(key);
        last = key;
        if (!square) squares.set(key, (square = { lo: n, hi: n + 1, n: 0, rows: 0, families: new Float64Array(values.length), x: 0, y: 0, left: x, top: y, right: x, bottom: y, first: n, reach: 0 }));
      }
      const weight = rows.weights ? rows.weights[n] : 1;
      square.n += weight;
      square.rows += 1;
      square.hi = n + 1;
      square.families[families[n]] += weight;
      square.x += x * weight;
      square.y += y * weight;
      if (x < square.left) square.left = x;
      if (x > square.right) square.right = x;
      if (y < square.top) square.top = y;
      if (y > square.bottom) square.bottom = y;
      if (reaches[n] && reach[reaches[n]] > square.reach) square.reach = reach[reaches[n]];
    }
    for (const s of squares.values()) { s.x /= s.n; s.y /= s.n; }
    return [...squares.values()];
  }

  /** Rows of squares that are shown. @param {Square[]} squares */
  rowsOf(squares) {
    const { x, y } = this.store.rows;
    const shows = this.test();
    const found = [];
    for (const { lo, hi, left, top, right, bottom } of squares) {
      for (let n = lo; n < hi; n += 1) if (shows(n) && x[n] >= left && x[n] <= right && y[n] >= top && y[n] <= bottom) found.push(n);
    }
    return Uint32Array.from(found);
  }
}
