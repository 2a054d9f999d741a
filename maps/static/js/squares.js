// Squares of the map as ranges of the curve that packed rows lie along: what is in view, counted by squares.
import { SIDE, latOf, lonOf, xOf, yOf } from "./rows.js";

/** @typedef {import("./store.js").Store} Store */

/**
 * What is shown in a square: rows from `lo`, the first of them, up to `hi`, how many incidents, of which families,
 * where on the map, from 0 to SIDE, between what degrees, and how far off they may be at most, in kilometres.
 * @typedef {{lo: number, hi: number, n: number, rows: number, families: Float64Array, x: number, y: number,
 *   south: number, west: number, north: number, east: number, reach: number}} Square
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
    const { lat, lon, scale } = this.store.rows.points;
    const shift = 32 - level;
    /** @type {Map<number, number[]>} */
    const found = new Map();
    for (let n = lo; n < hi; n += 1) {
      const key = (xOf(lon[n] / scale) >>> shift) * 65536 * 16 + (yOf(lat[n] / scale) >>> shift);
      const list = found.get(key);
      if (list) list.push(n);
      else found.set(key, [n]);
    }
    return [...found.values()].flatMap((list) => this.sum(0, list.length, list));
  }

  /** Add up the rows of a square that are shown: those of a range, or of a range of a list. @param {number} from @param {number} to @param {number[] | null} list @returns {Square[]} none or one */
  sum(from, to, list = null) {
    const { rows } = this.store;
    const { weights, points: { lat: lats, lon: lons, scale } } = rows;
    const { codes: families, values } = rows.column("family");
    const { codes: reaches, values: reach } = rows.column("radius_km");
    const marked = this.shown();
    const counts = new Float64Array(values.length);
    let lo = -1, hi = 0, total = 0, count = 0, sumLat = 0, sumLon = 0, south = Infinity, west = Infinity, north = -Infinity, east = -Infinity, farthest = 0;
    for (let k = from; k < to; k += 1) {
      const n = list ? list[k] : k;
      if (marked[n] === 0) continue;
      const weight = weights ? weights[n] : 1;
      const lat = lats[n];
      const lon = lons[n];
      if (lo < 0) lo = n;
      hi = n + 1;
      count += 1;
      total += weight;
      counts[families[n]] += weight;
      sumLat += lat * weight;
      sumLon += lon * weight;
      if (lat < south) south = lat;
      if (lat > north) north = lat;
      if (lon < west) west = lon;
      if (lon > east) east = lon;
      if (reaches[n] && reach[reaches[n]] > farthest) farthest = reach[reaches[n]];
    }
    if (!count) return [];
    const [x, y] = [xOf(sumLon / total / scale), yOf(sumLat / total / scale)];
    return [{ lo, hi, n: total, rows: count, families: counts, x, y, south: south / scale, west: west / scale, north: north / scale, east: east / scale, reach: farthest }];
  }

  /** Rows of squares that are shown. @param {Square[]} squares */
  rowsOf(squares) {
    const { rows } = this.store;
    const marked = this.shown();
    const found = [];
    for (const { lo, hi, south, west, north, east } of squares) {
      for (let n = lo; n < hi; n += 1) if (marked[n] && rows.lat(n) >= south && rows.lat(n) <= north && rows.lon(n) >= west && rows.lon(n) <= east) found.push(n);
    }
    return Uint32Array.from(found);
  }
}
