// What the page knows and what the reader chose: records, filters, selection. Views listen, none owns it.

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
/** @typedef {{id: string, label: string, colour: string, shape: string, types: string[]}} Family */
/** @typedef {{kind: "incident", n: number} | {kind: "place", id: string} | {kind: "mention", n: number}} Selection */

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
   * @param {"filter" | "kinds" | "seek" | "select" | "theme" | "tiles"} event
   * @param {(detail?: any) => void} listener
   */
  on(event, listener) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event)?.add(listener);
  }

  /** @param {string} event @param {any} [detail] */
  emit(event, detail) {
    for (const listener of this.listeners.get(event) ?? []) listener(detail);
  }

  /**
   * Whether an incident passes the filters.
   * @param {Incident} incident
   * @param {boolean} [anyTime] leaves the time filter out
   */
  passes(incident, anyTime = false) {
    if (this.hiddenFamilies.has(incident.family)) return false;
    if (this.query && !this.texts[incident.n].includes(this.query)) return false;
    if (anyTime) return true;
    if (!incident.days) return this.undated;
    return !this.span || (incident.days[0] <= this.span[1] && incident.days[1] >= this.span[0]);
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
  }
  return store;
}
