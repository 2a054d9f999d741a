// Incidents as columns: of each its distinct values, and for every row the number of one. A row is put
// together where one is shown; views count, filter and sort by the numbers.
import { Blocks } from "./blocks.js";

/**
 * @typedef {object} Incident
 * @property {number} n @property {string} id @property {string} type @property {string} status
 * @property {string} family @property {string} layer @property {string | null} line @property {boolean} drawn
 * @property {[number, number] | null} days @property {string | null} title @property {string | null} description
 * @property {string | null} date @property {string | null} date_end
 * @property {string | null} time @property {string | null} time_end
 * @property {string | null} place @property {string | null} place_id
 * @property {number} lat @property {number} lon
 * @property {number | null} radius_km @property {string | null} precision @property {string | null} located_by
 * @property {number | null} confidence @property {string | null} origin @property {string | null} origin_id
 * @property {number} origin_lat @property {number} origin_lon @property {number | null} origin_radius
 * @property {string[]} actors
 * @property {string | null} weapon @property {number | null} killed @property {number | null} wounded
 * @property {[number, number] | null} killed_range @property {[number, number] | null} wounded_range
 * @property {string | null} source @property {string | null} url @property {string | null} document
 * @property {string | null} quote @property {string | null} why @property {number | null} article
 * @property {number | null} weight how many a count stands for
 */
/** @typedef {Uint8Array | Uint16Array | Uint32Array} Codes */

/** What a row has beside the columns that are there. */
const NOTHING = {
  title: null, description: null, date: null, date_end: null, time: null, time_end: null, place: null, place_id: null,
  lat: null, lon: null, radius_km: null, precision: null, located_by: null, confidence: null, origin: null, origin_id: null,
  origin_lat: null, origin_lon: null, origin_radius: null, actors: null, weapon: null, killed: null, wounded: null, killed_range: null,
  wounded_range: null, source: null, url: null, document: null, start: null, end: null, quote: null, why: null, article: null,
  days: null, line: null, weight: null,
};

/** Room for codes of so many values. @param {number} values @param {number} count @returns {Codes} */
export function codesFor(values, count) {
  return values <= 256 ? new Uint8Array(count) : values <= 65536 ? new Uint16Array(count) : new Uint32Array(count);
}

export class Column {
  /** @param {any[]} values the first is null: not known @param {Codes} codes */
  constructor(values, codes) {
    this.values = values;
    this.codes = codes;
  }

  /** @param {any[]} list a value for each row @returns {Column} */
  static of(list) {
    const met = new Map([["null", 0]]);
    const values = /** @type {any[]} */ ([null]);
    const codes = list.map((value) => {
      const key = JSON.stringify(value);
      if (!met.has(key)) met.set(key, values.push(value) - 1);
      return /** @type {number} */ (met.get(key));
    });
    const held = codesFor(values.length, list.length);
    held.set(codes);
    return new Column(values, held);
  }
}

/** Sides of the square of Web Mercator are so long; see https://epsg.io/3857. */
export const SIDE = 2 ** 32;

/** @param {number} lon @returns {number} from 0 to SIDE */
export function xOf(lon) {
  return (lon / 360 + 0.5) * SIDE;
}

/** @param {number} lat @returns {number} from 0, north, to SIDE */
export function yOf(lat) {
  const sine = Math.sin((Math.max(-85.0511287798066, Math.min(85.0511287798066, lat)) * Math.PI) / 180);
  return Math.min(SIDE - 1, Math.max(0, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * SIDE));
}

/** @param {number} x from 0 to SIDE */
export function lonOf(x) {
  return (x / SIDE - 0.5) * 360;
}

/** @param {number} y from 0, north, to SIDE */
export function latOf(y) {
  return (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / SIDE))) * 180) / Math.PI;
}

export class Rows {
  /**
   * @param {number} count
   * @param {Map<string, Column>} columns
   * @param {{lat: ArrayLike<number>, lon: ArrayLike<number>, located: number, scale: number}} points degrees times `scale`; rows from `located` on have none
   */
  constructor(count, columns, points) {
    this.count = count;
    this.columns = columns;
    this.points = points;
    this.none = new Column([null], new Uint8Array(count));
    /** Texts that are fetched by the block. @type {Blocks} */
    this.texts = new Blocks([], "", 1, 1);
    /** @type {Map<string, number>} */
    this.textNames = new Map();
    /** Places that are fetched by the block. @type {Blocks} */
    this.places = new Blocks([], "", 1, 1);
    /** Place of a place among those. @type {Map<string, number>} */
    this.placeAt = new Map();
    /** How many incidents each row stands for; null for one each. @type {Uint32Array | null} */
    this.weights = null;
    if (columns.has("weight")) {
      const { values, codes } = this.column("weight");
      this.weights = Uint32Array.from(codes, (code) => values[code]);
    }
    /** @type {Column | null} */
    this.onLayers = null;
    this.total = this.weights ? this.weights.reduce((a, b) => a + b, 0) : count;
    /** Fetches what is not read yet; null when all is there. @type {(() => Promise<void>) | null} */
    this.finish = null;
  }

  /** Rows as they stand in the records of a small page. @param {number} count @param {Record<string, any[]>} lists */
  static plain(count, lists) {
    const { lat = [], lon = [], ...rest } = lists;
    const columns = new Map(Object.entries(rest).map(([name, list]) => [name, Column.of(list)]));
    return new Rows(count, columns, { lat: lat.map((v) => v ?? NaN), lon: lon.map((v) => v ?? NaN), located: lat.length, scale: 1 });
  }

  /** @param {string} name @returns {Column} */
  column(name) {
    return this.columns.get(name) ?? this.none;
  }

  /** The layer that each row is drawn on; the first of its values, null, where it is not drawn. */
  get layers() {
    if (this.onLayers) return this.onLayers;
    const { codes: drawn } = this.column("drawn");
    const { values, codes } = this.column("layer");
    const held = codes.slice();
    for (let n = 0; n < held.length; n += 1) held[n] *= drawn[n];
    return (this.onLayers = new Column(values, held));
  }

  /** How many incidents there are, by the code of a column. @param {Column} column */
  tally({ values, codes }) {
    const { weights } = this;
    const counts = new Float64Array(values.length);
    for (let n = 0; n < codes.length; n += 1) counts[codes[n]] += weights ? weights[n] : 1;
    return counts;
  }

  /** @param {string} name @param {number} n */
  value(name, n) {
    const column = this.columns.get(name);
    return column ? column.values[column.codes[n]] : null;
  }

  /** @param {number} n */
  lat(n) {
    return n < this.points.located ? this.points.lat[n] / this.points.scale : NaN;
  }

  /** @param {number} n */
  lon(n) {
    return n < this.points.located ? this.points.lon[n] / this.points.scale : NaN;
  }

  /** Put a row together; texts that are not fetched yet are missing. @param {number} n @returns {Incident} */
  incident(n) {
    /** @type {any} */
    const row = { ...NOTHING, n };
    for (const [name, { values, codes }] of this.columns) row[name] = values[codes[n]];
    for (const [name, k] of this.textNames) row[name] = this.texts.get(n, k) || null;
    const lat = this.lat(n);
    if (lat === lat) [row.lat, row.lon] = [lat, this.lon(n)];
    row.drawn = Boolean(row.drawn);
    row.actors = actorsOf(row.actors);
    return row;
  }

  /** Fetch what cards and lists of some rows show; null where it is there already. @param {ArrayLike<number>} ns @returns {Promise<void> | null} */
  load(ns) {
    if (this.finish) return ns.length ? this.finish().then(() => this.load(ns) ?? undefined) : null;
    const places = [];
    for (const name of this.placeAt.size ? ["place_id", "origin_id"] : []) {
      for (let k = 0; k < ns.length; k += 1) {
        const at = this.placeAt.get(this.value(name, ns[k]));
        if (at !== undefined) places.push(at);
      }
    }
    const waits = [this.textNames.size ? this.texts.load(ns) : null, this.places.load(places)].filter(Boolean);
    return waits.length ? Promise.all(waits).then(() => undefined) : null;
  }

  /** A place by its id, where it is fetched. @param {string} id */
  place(id) {
    const at = this.placeAt.get(id);
    return at === undefined ? undefined : this.places.get(at, 0) || undefined;
  }
}

/** @param {string | null} joined */
export function actorsOf(joined) {
  return (joined ?? "").split(/\s*;\s*/).filter(Boolean);
}
