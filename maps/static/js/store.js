// What the page knows and what the reader chose: rows, filters, selection. Views listen, none owns it.
import { inflate } from "./blocks.js";
import { WHOLE } from "./order.js";
import { arrived } from "./pace.js";
import { Rows } from "./rows.js";
import { FACETS, Sieve } from "./sieve.js";
import { learn } from "./text.js";
import { unpack, unpackMore } from "./unpack.js";

/** @typedef {import("./rows.js").Incident} Incident */
/** @typedef {{id: string, name: string, label: string, names: [string, string[]][], lat: number, lon: number,
 *   radius_km: number, feature: string, country: string, within: string[], note: string, source: string}} Place */
/** @typedef {{id: string, name: string, lat: number, lon: number, score?: number, why?: string}} Candidate */
/** @typedef {{text: string, use: string, confidence: number, why: string, document: number,
 *   place: string | null, candidates: Candidate[]}} Mention */
/** @typedef {{id: string, colour: string, shape: string, types: string[]}} Family */
/** @typedef {{kind: "incident", n: number} | {kind: "place", id: string} | {kind: "mention", n: number}
 *   | {kind: "crowd", rows: Uint32Array, at: any}} Selection */

export class Store {
  /** @param {any} records what the map is drawn from @param {(part: string) => string} read what else the page carries */
  constructor(records, read) {
    /** @type {any} */
    this.records = records;
    this.read = read;
    /** @type {Mention[]} */
    this.mentions = records.mentions;
    /** Places named in articles, and on small pages those of all incidents. @type {Record<string, Place>} */
    this.places = records.places;
    /** @type {Map<string, Family>} */
    this.families = new Map(records.families.map((/** @type {Family} */ f) => [f.id, f]));
    /** Kinds of layers that are on the map now. @type {Set<string>} */
    this.kinds = new Set();
    /** @type {Set<string>} */
    this.hiddenFamilies = new Set();
    /** First and last day shown; null for all. @type {[number, number] | null} */
    this.span = null;
    this.undated = true;
    this.query = "";
    /** Whether texts are being looked through. */
    this.searching = false;
    /** Values picked of each facet; none for all. @type {Record<string, Set<string>>} */
    this.picked = Object.fromEntries(FACETS.map((facet) => [facet, new Set()]));
    /** Thresholds; 0 for none. @type {Record<string, number>} */
    this.least = { confidence: 0, killed: 0, wounded: 0 };
    /** The least precise place that is shown. @type {string | null} */
    this.precision = null;
    /** The tab that is open in the panel. @type {string | null} */
    this.tab = null;
    /** The article that is open in the reader. */
    this.article = 0;
    /** Whether the filters are unfolded; null until the reader folds them. @type {boolean | null} */
    this.filtersOpen = null;
    /** Ends what was built with `rebuild`. @type {AbortController | null} */
    this.life = null;
    this.building = false;
    /** @type {Selection | null} */
    this.selected = null;
    /** Takes a card in place of the map's popup, where it says so. @type {((node: HTMLElement, at: any) => boolean) | null} */
    this.cardHost = null;
    /** Shows the sentence of an incident. @type {((incident: Incident) => void) | null} */
    this.showSentence = null;
    /** Whether the map is not to be drawn yet: a page draws it when its view is set. */
    this.held = Boolean(records.page);
    /** Fetches what goes onto paper. @type {(() => Promise<void>) | null} */
    this.toPaper = null;
    /** Prints the page. @type {(() => Promise<void>) | null} */
    this.print = null;
    /** Name of the online basemap that is on. @type {string | null} */
    this.tilesName = null;
    /** @type {Map<string, Set<(detail?: any) => void>>} */
    this.listeners = new Map();
    /** Whether the rows are packed, and drawn on one canvas. */
    this.packed = Boolean(records.incidents.segments);
    this.rows = this.packed ? Rows.plain(0, {}) : Rows.plain(records.incidents.count, records.incidents.columns);
    this.sieve = new Sieve(this);
    /** When the rows are there, with all that the map is drawn from. @type {Promise<void>} */
    this.ready = this.packed ? this.unpack() : Promise.resolve();
    this.ready.catch(() => undefined); // who waits for it says so
    /** @type {Promise<void> | null} */
    this.others = null;
    /** @type {Promise<void> | null} */
    this.whole = null;
  }

  async unpack() {
    const rows = await unpack(this.records.incidents, this.read("rows"));
    rows.finish = () => this.finish();
    this.rows = rows;
    this.sieve = new Sieve(this);
  }

  /** Read all other records. @returns {Promise<void>} */
  readOthers() {
    return (this.others ??= (async () => {
      await arrived();
      const text = this.read("later");
      if (text) Object.assign(this.records, JSON.parse(this.packed ? new TextDecoder().decode(await inflate(text)) : text));
      learn(this.records.strings);
    })());
  }

  /** Read all that the page carries. @returns {Promise<void>} */
  finish() {
    return (this.whole ??= (async () => {
      await this.ready;
      await this.readOthers();
      if (this.packed) await unpackMore(this.rows, this.records.incidents, this.read("more"), this.read("texts"));
      this.rows.finish = null;
    })());
  }

  /** Rows; a row may stand for several incidents. */
  get count() {
    return this.rows.count;
  }

  /** An incident; on packed pages its texts are there when they are loaded. @param {number} n */
  incident(n) {
    return this.rows.incident(n);
  }

  /** @param {string | null} id @returns {Place | undefined} */
  place(id) {
    if (!id) return undefined;
    return Object.hasOwn(this.places, id) ? this.places[id] : this.rows.place(id);
  }

  /** The row with an id. @param {string} id @returns {Promise<number | null>} */
  async find(id) {
    const { rows } = this;
    const column = rows.textNames.get("id");
    if (column === undefined) {
      const { values, codes } = rows.column("id");
      const code = values.indexOf(id, 1);
      return code < 0 ? null : codes.indexOf(code);
    }
    for (let block = 0; block < rows.texts.ranges.length; block += 1) {
      const size = rows.texts.sizeOf(block);
      const at = (await rows.texts.open(block)).indexOf(id, column * size) - column * size;
      if (at >= 0 && at < size) return block * rows.texts.size + at;
    }
    return null;
  }

  /**
   * @param {"filter" | "reset" | "kinds" | "seek" | "select" | "tab" | "ghosts" | "theme" | "tiles" | "search" | "drawn"} event
   * @param {(detail?: any) => void} listener
   */
  on(event, listener) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event)?.add(listener);
    if (this.building) this.life?.signal.addEventListener("abort", () => this.listeners.get(event)?.delete(listener));
  }

  /**
   * Build what may be built anew, in another language: its listeners go when it does.
   * @param {((signal: AbortSignal) => void)[]} steps
   * @param {() => Promise<void>} [pause] taken between two steps where they are long
   */
  async rebuild(steps, pause) {
    this.life?.abort();
    this.life = new AbortController();
    const { signal } = this.life;
    for (const step of steps) {
      this.build(() => step(signal));
      if (pause) await pause();
    }
  }

  /** Build something that goes with all else when that is built anew. @template T @param {() => T} make @returns {T} */
  build(make) {
    const before = this.building;
    this.building = true;
    try { return make(); } finally { this.building = before; }
  }

  /** @param {string} event @param {any} [detail] */
  emit(event, detail) {
    if (event === "filter") this.sieve.update();
    for (const listener of this.listeners.get(event) ?? []) listener(detail);
  }

  /** Look for a text. @param {string} query */
  async search(query) {
    this.query = query;
    this.searching = true;
    this.emit("search");
    await this.sieve.search(query, () => this.query === query);
    if (this.query !== query) return; // another is looked for by now
    this.searching = false;
    this.sieve.set.set("find", "?"); // the same words may have been looked for among fewer texts
    this.emit("search");
    this.emit("filter");
  }

  /** Whether any filter is set. */
  filtered() {
    return this.hiddenFamilies.size > 0 || Boolean(this.query) || Boolean(this.span) || !this.undated || Boolean(this.precision)
      || FACETS.some((facet) => this.picked[facet].size) || Object.values(this.least).some(Boolean);
  }

  /** Take every filter off. */
  reset() {
    this.hiddenFamilies.clear();
    for (const facet of FACETS) this.picked[facet].clear();
    for (const name of Object.keys(this.least)) this.least[name] = 0;
    [this.query, this.span, this.undated, this.precision, this.searching] = ["", null, true, null, false];
    this.emit("reset");
    this.emit("filter");
  }

  /** Rows that pass the filters, wherever they are drawn, in an order. @param {Uint32Array} [order] @param {number} [most] so many at most */
  passing(order, most = Infinity) {
    const { fails } = this.sieve;
    const all = this.sieve.passing();
    if (!order) return all.slice(0, most);
    const found = new Uint32Array(Math.min(most, all.length) + 1); // each row is written; the next takes its place where it does not pass
    let length = 0;
    for (let k = 0; k < order.length && length < found.length - 1; k += 1) {
      const n = order[k];
      found[length] = n;
      length += Number(fails[n] === 0);
    }
    return found.subarray(0, length);
  }

  /** For each code of the column `layer`, whether that layer is on; not for the first, which is none. */
  layersOn() {
    return Uint8Array.from(this.rows.column("layer").values, (layer) => Number(this.kinds.has(layer)));
  }

  /** Rows that are on the map at this moment. */
  shown() {
    const { codes: layers } = this.rows.layers;
    const on = this.layersOn();
    return this.sieve.passing().filter((n) => on[layers[n]]);
  }

  /**
   * Mentions of each place that is known, by the id of the place.
   * @returns {Map<string, Mention[]>}
   */
  mentioned() {
    const found = new Map();
    for (const mention of this.mentions) {
      if (!mention.place || !this.places[mention.place]) continue;
      if (!found.has(mention.place)) found.set(mention.place, []);
      found.get(mention.place).push(mention);
    }
    return found;
  }

  /**
   * Choose an incident, a place, a mention or a crowd, or nothing.
   * @param {Selection | null} selection
   * @param {"map" | "reader" | "table" | "list" | "link" | null} [from] the view in which it was chosen
   */
  async select(selection, from = null) {
    this.selected = selection;
    const wanted = selection?.kind === "incident" ? [selection.n] : selection?.kind === "crowd" ? selection.rows.subarray(0, WHOLE) : [];
    const coming = this.rows.load(wanted);
    if (coming) await coming;
    if (this.selected !== selection) return; // another was chosen meanwhile
    this.emit("seek", { selection, from }); // the map moves first, the card then opens where it came to
    this.emit("select", { selection, from });
  }
}

/** @type {Map<string, Store>} */
const stores = new Map();

/**
 * The store of the records held by an element.
 * @param {string} name id of the element
 */
export function storeOf(name) {
  let store = stores.get(name);
  if (!store) {
    const records = JSON.parse(document.getElementById(name)?.textContent ?? "");
    store = new Store(records, (part) => taken(`${name}-${part}`));
    stores.set(name, store);
    learn(records.strings);
  }
  return store;
}

/** The content of an element, which is emptied: packed rows take as much room as all else. @param {string} id */
function taken(id) {
  const node = document.getElementById(id);
  const text = node?.textContent ?? "";
  node?.replaceChildren();
  return text;
}
