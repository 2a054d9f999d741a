// What packed rows look like in a view: symbols, counts, circles and lines, as plain shapes. The canvas paints
// them, the picture that is saved draws them again.
/* global L */
import { SIDE, xOf, yOf } from "./rows.js";
import { Squares } from "./squares.js";
import { arcPath, lookOf } from "./symbols.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./squares.js").Square} Square */
/** One symbol, where it is `single`, or a count. @typedef {{x: number, y: number, r: number, n: number, rows: number, squares: Square[], families: number[], row: number, single: boolean, point: boolean}} Mark */
/** @typedef {{x: number, y: number, r: number, colour: string, dash: string | undefined, fill: boolean}} Circle */
/** @typedef {{d: string, head: string, colour: string, dash: string | undefined, row: number, n: number, ends: [number, number, number, number]}} Line */
/** In pixels of the layer: see https://leafletjs.com/reference.html#map-methods-for-getting-map-state. @typedef {{marks: Mark[], circles: Circle[], lines: Line[], squares: number[][], lost: number}} Plan */

/** What is drawn on each map now. @type {WeakMap<object, Plan>} */
export const plans = new WeakMap();

/** Halvings of the map's side beyond its zoom: counts are made by squares of 64 pixels. */
const FINER = 2;

/** Lines drawn at most; the page says so where there are more. */
export const LINES = 1500;

/** Half the width of a symbol. */
export const HALF = 14;

/** Circles smaller than this would be hidden by the symbol. */
const LEAST = 14;

export class Planner {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.squares = new Squares(store);
    /** Rows with a line, and of what group of lines between the same two points each is. */
    this.lineRows = new Uint32Array(0);
    this.groupOf = new Uint32Array(0);
    /** @type {number[][]} left, top of both ends: of the origin, then of the place */
    this.groups = [];
    this.gatherLines();
    /** @type {{n: number, row: number}[]} */
    this.groupCounts = [];
    this.forget();
  }

  /** Other rows are shown now. */
  forget() {
    this.squares.forget();
    const { rows, sieve, kinds } = this.store;
    const on = this.store.layersOn();
    const { codes: layers } = rows.column("layer");
    const { codes: lines, values } = rows.column("line");
    const fire = values.indexOf("fire");
    this.groupCounts = this.groups.map(() => ({ n: 0, row: -1 }));
    this.lineRows.forEach((n, k) => {
      if (sieve.fails[n] || !on[layers[n]] || (lines[n] === fire && !kinds.has("fire"))) return;
      const group = this.groupCounts[this.groupOf[k]];
      group.n += 1;
      if (group.row < 0) group.row = n;
    });
  }

  /** Find rows with lines between the same two points; along the curve those with the same place follow each other. */
  gatherLines() {
    const { rows } = this.store;
    if (!rows.columns.has("line")) return;
    const { codes: lines } = rows.column("line");
    const [lats, lons] = [rows.column("origin_lat"), rows.column("origin_lon")];
    const found = [];
    const groupOf = [];
    /** @type {Map<number, number>} */
    let here = new Map();
    let [lat, lon] = [NaN, NaN];
    for (let n = 0; n < rows.points.located; n += 1) {
      if (!lines[n]) continue;
      if (rows.lat(n) !== lat || rows.lon(n) !== lon) { here = new Map(); [lat, lon] = [rows.lat(n), rows.lon(n)]; }
      const key = (lats.codes[n] * lons.values.length + lons.codes[n]) * 4 + lines[n];
      let group = here.get(key);
      if (group === undefined) {
        const origin = this.store.incident(n);
        group = this.groups.push([xOf(origin.origin_lon), yOf(origin.origin_lat), xOf(lon), yOf(lat)]) - 1;
        here.set(key, group);
      }
      found.push(n);
      groupOf.push(group);
    }
    this.lineRows = Uint32Array.from(found);
    this.groupOf = Uint32Array.from(groupOf);
  }

  /** Rows of a group of lines that are shown. @param {Line} line */
  rowsOfLine(line) {
    const { sieve } = this.store;
    const group = this.groupOf[this.lineRows.indexOf(line.row)];
    return this.lineRows.filter((n, k) => this.groupOf[k] === group && !sieve.fails[n]);
  }

  /** Plan a view. @param {any} map @param {any} bounds in pixels of the layer @returns {Plan} */
  plan(map, bounds) {
    const { store } = this;
    const scale = (256 * 2 ** map.getZoom()) / SIDE;
    const origin = map.getPixelOrigin();
    const [left, top, right, bottom] = [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y];
    const level = Math.round(map.getZoom()) + FINER;
    const at = (/** @type {number} */ x, /** @type {number} */ y) => [x * scale - origin.x, y * scale - origin.y];
    const world = /** @type {[number, number, number, number]} */ ([(left + origin.x) / scale, (top + origin.y) / scale, (right + origin.x) / scale, (bottom + origin.y) / scale]);
    const marks = merge(this.squares.in(world, level).map((s) => {
      const [x, y] = at(s.x, s.y);
      const rows = s.to - s.from;
      const single = rows === 1 && !store.rows.weights;
      return { x, y, r: single ? HALF : radius(s.n), n: s.n, rows, single, squares: [s], families: s.families, row: s.list[s.from], point: s.point };
    }));
    const metres = (/** @type {number} */ y) => (40075016.686 * Math.cos(Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + origin.y)) / (256 * 2 ** map.getZoom())))))) / (256 * 2 ** map.getZoom());
    // Circles belong to what is told apart: one incident, or several at one point.
    const circles = !store.kinds.has("circles") || store.records.counted ? [] : marks.filter((m) => m.point).flatMap((m) => {
      const reach = this.reach(m);
      const r = (reach * 1000) / metres(m.y);
      if (!(r > LEAST)) return [];
      const look = lookOf(store, m.row);
      return [{ x: m.x, y: m.y, r, colour: look.colour, dash: m.rows === 1 ? look.dash : undefined, fill: reach <= 60 }];
    });
    const found = this.lines(at, [left, top, right, bottom]);
    const lines = found.slice(0, LINES).map((line) => this.look(line));
    if (store.kinds.has("circles") && !store.records.counted) circles.push(...this.origins(lines, metres));
    return { marks, circles, lines, lost: found.length - lines.length, squares: this.outlines(marks, at, scale) };
  }

  /** How far off what is gathered in a mark may be at most, in kilometres. @param {Mark} mark */
  reach(mark) {
    const { codes, values } = this.store.rows.column("radius_km");
    let farthest = 0;
    for (const list of listsOf(mark)) for (const n of list) farthest = Math.max(farthest, values[codes[n]] ?? 0);
    return farthest;
  }

  /** Lines that meet the view, those that stand for most incidents first. @param {(x: number, y: number) => number[]} at @param {number[]} view */
  lines(at, [left, top, right, bottom]) {
    const found = [];
    for (const [k, { n, row }] of this.groupCounts.entries()) {
      if (!n) continue;
      const [x1, y1, x2, y2] = this.groups[k];
      const [a, b] = [at(x1, y1), at(x2, y2)];
      const reach = 0.3 * Math.hypot(a[0] - b[0], a[1] - b[1]); // an arc bends that far
      if (Math.max(a[0], b[0]) + reach < left || Math.min(a[0], b[0]) - reach > right || Math.max(a[1], b[1]) + reach < top || Math.min(a[1], b[1]) - reach > bottom) continue;
      found.push({ n, row, a, b });
    }
    found.sort((p, q) => q.n - p.n || p.row - q.row);
    return found;
  }

  /** @param {{n: number, row: number, a: number[], b: number[]}} line @returns {Line} */
  look({ n, row, a, b }) {
    const look = lookOf(this.store, row);
    const arc = this.store.rows.value("line", row) === "arc";
    return { ...arcPath(a, b, arc), colour: look.colour, dash: look.dash, row, n, ends: /** @type {[number, number, number, number]} */ ([...a, ...b]) };
  }

  /** How far off the origins of single lines of fire may lie. @param {Line[]} lines @param {(y: number) => number} metres of a pixel @returns {Circle[]} */
  origins(lines, metres) {
    const { rows } = this.store;
    const [radius, reach] = [rows.column("origin_radius"), rows.column("radius_km")];
    return lines.filter(({ n, row }) => n === 1 && rows.value("line", row) === "fire").flatMap(({ row, colour, dash, ends: [x, y] }) => {
      // Words that loosen one end loosen the other as much, as on small pages.
      const vague = Math.max(radius.values[radius.codes[row]] || 0, rows.value("precision", row) === "vicinity" ? reach.values[reach.codes[row]] || 0 : 0);
      const r = (vague * 1000) / metres(y);
      return r > LEAST ? [{ x, y, r, colour, dash, fill: vague <= 60 }] : [];
    });
  }

  /** Sides of the squares that counts stand for, where they are wider than their symbols. @param {Mark[]} marks @param {(x: number, y: number) => number[]} at @param {number} scale */
  outlines(marks, at, scale) {
    const { counted } = this.store.records;
    if (!counted) return [];
    const side = SIDE / 2 ** counted.level;
    if (side * scale < 30) return [];
    const seen = new Map();
    for (const { squares } of marks) for (const { x, y } of squares) {
      const [column, row] = [Math.floor(x / side), Math.floor(y / side)];
      seen.set(column * 2 ** 20 + row, [...at(column * side, row * side), side * scale]);
    }
    return [...seen.values()];
  }
}

/** Half the width of the count of so many. @param {number} n */
function radius(n) {
  return (32 + 6 * Math.log10(n)) / 2;
}

/** Gather marks that would hide each other, the greater taking in the smaller. @param {Mark[]} marks */
function merge(marks) {
  marks.sort((a, b) => b.n - a.n || a.row - b.row);
  /** @type {Mark[]} */
  const kept = [];
  for (const mark of marks) {
    const near = kept.find((k) => Math.abs(k.x - mark.x) < k.r + mark.r && Math.abs(k.y - mark.y) < k.r + mark.r && Math.hypot(k.x - mark.x, k.y - mark.y) < k.r + mark.r - 2);
    if (!near) { kept.push(mark); continue; }
    near.point = near.point && mark.point && Math.hypot(near.x - mark.x, near.y - mark.y) < 0.01;
    near.squares.push(...mark.squares);
    near.n += mark.n;
    near.rows += mark.rows;
    near.families = near.families.map((n, k) => n + mark.families[k]);
    near.single = false;
    near.r = radius(near.n);
  }
  return kept;
}

/** Rows that are gathered in a mark, those of each of its squares. @param {Mark} mark */
function listsOf({ squares }) {
  return squares.map(({ list, from, to }) => list.subarray(from, to));
}

/** Rows that are gathered in a mark. @param {Mark} mark */
export function rowsOf(mark) {
  return Uint32Array.from(listsOf(mark).flatMap((list) => [...list]));
}

/** Box around what is gathered in a mark. @param {Store} store @param {Mark} mark */
export function boundsOf({ rows }, mark) {
  let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
  const { lat, lon, scale } = rows.points;
  for (const list of listsOf(mark)) for (const n of list) {
    if (lat[n] < south) south = lat[n];
    if (lat[n] > north) north = lat[n];
    if (lon[n] < west) west = lon[n];
    if (lon[n] > east) east = lon[n];
  }
  return L.latLngBounds([south / scale, west / scale], [north / scale, east / scale]);
}

/** A count in few digits. @param {number} n */
export function shortly(n) {
  return n < 10000 ? String(n) : n < 1e6 ? `${Math.round(n / 1000)}k` : `${(n / 1e6).toFixed(1)}M`;
}

/** The ring of a count: of each family its colour, and from where to where it goes, in turns. @param {Store} store @param {Mark} mark @returns {[string, number, number][]} */
export function slices(store, { families, n }) {
  const { values } = store.rows.column("family");
  let turned = 0;
  return [...families].flatMap((count, k) => {
    if (!count) return [];
    const from = turned;
    turned += count / n;
    return [/** @type {[string, number, number]} */ ([store.families.get(values[k])?.colour ?? "#7a7a7a", from, turned])];
  });
}
