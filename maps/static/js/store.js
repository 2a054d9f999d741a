// What the page knows and what the reader chose: records, filters, selection. Views listen, none owns it.
import { learn } from "./text.js";

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
 * @property {number} origin_lat @property {number} origin_lon @property {string[]} actors
 * @property {string | null} weapon @property {number | null} killed @property {number | null} wounded
 * @property {Record<string, [number, number]> | null} ranges
 * @property {string | null} source @property {string | null} url @property {string | null} document
 * @property {string | null} quote @property {string | null} why @property {number} [article]
 */
/** @typedef {{id: string, name: string, label: string, names: [string, string[]][], lat: number, lon: number,
 *   radius_km: number, feature: string, country: string, within: string[], note: string, source: string}} Place */
/** @typedef {{id: string, name: string, lat: number, lon: number, score: number, why: string}} Candidate */
/** @typedef {{text: string, use: string, confidence: number, why: string, document: number,
 *   place: string | null, candidates: Candidate[]}} Mention */
/** @typedef {{id: string, colour: string, shape: string, types: string[]}} Family */
/** @typedef {{kind: "incident", n: number} | {kind: "place", id: string} | {kind: "mention", n: number}} Selection */

/** What incidents can be picked by. */
export const FACETS = /** @type {const} */ (["type", "status", "source", "actor"]);

/** From the most to the least precise place. */
export const PRECISIONS = ["exact", "settlement", "vicinity", "district", "region", "country"];

/** Values that stand in one field, as merging joins them. @param {string | null} field */
export function parts(field) {
  return (field ?? "").split(/\s*;\s+/).filter(Boolean);
}

/** What an incident has of a facet; an empty text where nothing is stated. @param {Incident} i @param {string} facet @returns {string[]} */
export function valuesOf(i, facet) {
  if (facet === "type" || facet === "status") return [i[facet]];
  const found = facet === "source" ? parts(i.source) : i.actors;
  return found.length ? found : [""];
}

export class Store {
  /** @param {any} records */
  constructor(records) {
    /** @type {any} */
    this.records = records;
    /** @type {Incident[]} */
    this.incidents = records.incidents;
    /** @type {Mention[]} */
    this.mentions = records.mentions;
    /** @type {Record<string, Place>} */
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
    /** Values picked of each facet; none for all. @type {Record<string, Set<string>>} */
    this.picked = Object.fromEntries(FACETS.map((facet) => [facet, new Set()]));
    /** Thresholds; 0 for none. @type {Record<string, number>} */
    this.least = { confidence: 0, killed: 0, wounded: 0 };
    /** The least precise place that is shown. @type {string | null} */
    this.precision = null;
    /** The tab that is open in the panel. @type {string | null} */
    this.tab = null;
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
    /** Name of the online basemap that is on. @type {string | null} */
    this.tilesName = null;
    /** @type {Map<string, Set<(detail?: any) => void>>} */
    this.listeners = new Map();
    this.texts = this.incidents.map((i) =>
      [i.title, i.type, i.status, i.place, i.origin, i.description, i.source, i.quote, i.weapon, ...i.actors]
        .join(" ").toLocaleLowerCase());
  }

  /**
   * @param {"filter" | "reset" | "kinds" | "seek" | "select" | "tab" | "theme" | "tiles"} event
   * @param {(detail?: any) => void} listener
   */
  on(event, listener) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event)?.add(listener);
    if (this.building) this.life?.signal.addEventListener("abort", () => this.listeners.get(event)?.delete(listener));
  }

  /** Build what may be built anew, in another language: its listeners go when it does. @param {(signal: AbortSignal) => void} build */
  rebuild(build) {
    this.life?.abort();
    this.life = new AbortController();
    this.building = true;
    build(this.life.signal);
    this.building = false;
  }

  /** @param {string} event @param {any} [detail] */
  emit(event, detail) {
    for (const listener of this.listeners.get(event) ?? []) listener(detail);
  }

  /**
   * Whether an incident passes the filters.
   * @param {Incident} incident
   * @param {string} [except] the filter that is left out: "time", "family" or a facet
   */
  passes(incident, except = "") {
    if (except !== "family" && this.hiddenFamilies.has(incident.family)) return false;
    if (this.query && !this.texts[incident.n].includes(this.query)) return false;
    for (const facet of FACETS) {
      const picked = this.picked[facet];
      if (picked.size && facet !== except && !valuesOf(incident, facet).some((value) => picked.has(value))) return false;
    }
    if (this.least.confidence && (incident.confidence ?? 0) < this.least.confidence) return false;
    for (const toll of /** @type {const} */ (["killed", "wounded"])) {
      if (this.least[toll] && (incident.ranges?.[toll]?.[1] ?? incident[toll] ?? 0) < this.least[toll]) return false;
    }
    if (this.precision && !(PRECISIONS.indexOf(incident.precision ?? "") <= PRECISIONS.indexOf(this.precision) && incident.precision)) return false;
    if (except === "time") return true;
    if (!incident.days) return this.undated;
    return !this.span || (incident.days[0] <= this.span[1] && incident.days[1] >= this.span[0]);
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
    [this.query, this.span, this.undated, this.precision] = ["", null, true, null];
    this.emit("reset");
    this.emit("filter");
  }

  /** Incidents that pass the filters, wherever they are drawn. */
  passing() {
    return this.incidents.filter((i) => this.passes(i));
  }

  /** Whether an incident is on the map at this moment. @param {Incident} incident */
  shows(incident) {
    return incident.drawn && this.kinds.has(incident.layer) && this.passes(incident);
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
   * Choose an incident, a place or a mention, or nothing.
   * @param {Selection | null} selection
   * @param {"map" | "reader" | "table" | "list" | "link" | null} [from] the view in which it was chosen
   */
  select(selection, from = null) {
    this.selected = selection;
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
    store = new Store(JSON.parse(document.getElementById(name)?.textContent ?? "null"));
    stores.set(name, store);
    learn(store.records.strings);
  }
  return store;
}
