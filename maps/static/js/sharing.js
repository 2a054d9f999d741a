// What a reader takes away: an address that shows the same again, what is shown as a file, the map as a picture.
import { titleOf } from "./card.js";
import { el } from "./dom.js";
import { breathe } from "./pace.js";
import { asPng, asSvg, fit } from "./picture.js";
import { FACETS, PRECISIONS } from "./sieve.js";
import { say, spoken, t, whenText } from "./text.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */

/** How the address writes that nothing is stated. */
const NOTHING = "-";

/**
 * Set filters from the address, before the views are built.
 * @param {Store} store
 * @returns {URLSearchParams} what else the address says
 */
export function readAddress(store) {
  const said = new URLSearchParams(location.hash.slice(1));
  for (const id of (said.get("hide") ?? "").split(",")) if (store.families.has(id)) store.hiddenFamilies.add(id);
  const span = (said.get("days") ?? "").split("..").map(Number);
  if (span.length === 2 && span.every(Number.isInteger) && span[0] <= span[1]) store.span = [span[0], span[1]];
  store.undated = said.get("undated") !== "0";
  store.query = (said.get("find") ?? "").toLocaleLowerCase();
  for (const facet of FACETS) store.picked[facet] = new Set(said.getAll(facet).map((value) => (value === NOTHING ? "" : value)));
  for (const name of Object.keys(store.least)) store.least[name] = Math.max(0, Number(said.get(name)) || 0);
  const precision = said.get("precision") ?? "";
  store.precision = PRECISIONS.includes(precision) ? precision : null;
  store.tab = said.get("tab");
  store.article = Math.max(0, Number(said.get("article")) || 0);
  return said;
}

/**
 * Set layers and view as the address says. Names not known here are passed over.
 * @param {URLSearchParams} said
 * @param {Store} store @param {any} map @param {Record<string, any>} layers
 * @returns {boolean} whether it says a view
 */
export function followAddress(said, store, map, layers) {
  const on = said.get("layers")?.split(",");
  for (const [kind, layer] of Object.entries(layers)) {
    if (on && on.includes(kind) !== store.kinds.has(kind)) on.includes(kind) ? layer.addTo(map) : layer.remove();
  }
  const [lat, lon, zoom] = (said.get("map") ?? "").split("/").map(Number);
  const seen = [lat, lon, zoom].every(Number.isFinite) && Math.abs(lat) <= 90;
  if (seen) map.setView([lat, lon], zoom, { animate: false });
  return seen;
}

/** Choose what the address says is chosen. @param {URLSearchParams} said @param {Store} store */
export async function chooseAddress(said, store) {
  const id = said.get("incident");
  const n = id === null ? null : await store.find(id);
  const place = said.get("place");
  if (n !== null) await store.select({ kind: "incident", n }, said.has("map") ? "map" : "link");
  else if (said.has("name") && store.mentions[Number(said.get("name"))]) await store.select({ kind: "mention", n: Number(said.get("name")) }, said.has("map") ? "map" : "link");
  else if (place && Object.hasOwn(store.places, place)) await store.select({ kind: "place", id: place }, said.has("map") ? "map" : "link");
}

/**
 * Keep the address in step with what is shown.
 * @param {Store} store @param {any} map
 */
export function writeAddress(store, map) {
  let timer = 0;
  const write = () => {
    const said = new URLSearchParams();
    const { lat, lng } = map.getCenter();
    said.set("map", `${lat.toFixed(4)}/${lng.toFixed(4)}/${map.getZoom()}`);
    said.set("layers", [...store.kinds].join(","));
    if (store.hiddenFamilies.size) said.set("hide", [...store.hiddenFamilies].join(","));
    if (store.span) said.set("days", store.span.join(".."));
    if (!store.undated) said.set("undated", "0");
    if (store.query) said.set("find", store.query);
    for (const facet of FACETS) for (const value of store.picked[facet]) said.append(facet, value || NOTHING);
    for (const [name, value] of Object.entries(store.least)) if (value) said.set(name, String(value));
    if (store.precision) said.set("precision", store.precision);
    if (store.tab) said.set("tab", store.tab);
    if (store.article) said.set("article", String(store.article));
    if (spoken() !== store.records.language) said.set("lang", spoken());
    if (store.selected?.kind === "incident") said.set("incident", store.incident(store.selected.n).id);
    if (store.selected?.kind === "place") said.set("place", store.selected.id);
    if (store.selected?.kind === "mention") said.set("name", String(store.selected.n));
    try {
      history.replaceState(null, "", `#${said}`);
    } catch {
      // A page within a notebook has no address of its own.
    }
  };
  const soon = () => { clearTimeout(timer); timer = window.setTimeout(write, 150); };
  for (const event of /** @type {const} */ (["filter", "kinds", "select", "tab"])) store.on(event, soon);
  map.on("moveend", soon);
}

/** Buttons that save what passes the filters, and the map as it is seen. @param {Store} store @param {any} map */
export function downloads(store, map) {
  const button = (/** @type {string} */ name, /** @type {() => Blob | Promise<Blob>} */ make) =>
    el("button", { type: "button", class: "save", "aria-label": t("save.as", { format: FORMATS[name] }), onclick: async (/** @type {Event} */ e) => {
      const node = /** @type {HTMLButtonElement} */ (e.currentTarget);
      node.disabled = true; // a million take some seconds
      try { save(name, await make()); } finally { node.disabled = false; }
    } }, FORMATS[name]);
  const table = (/** @type {string} */ kind, /** @type {(store: Store) => Format} */ make) => () => written(store, kind, make(store));
  return el("div", { class: "saves" },
    el("span", { class: "soft" }, t("save.incidents")),
    button("incidents.csv", table("text/csv", csv)), button("incidents.geojson", table("application/geo+json", geojson)),
    button("incidents.kml", table("application/vnd.google-earth.kml+xml", kml)),
    el("span", { class: "soft" }, t("save.picture")),
    button("map.png", () => asPng(map, store)), button("map.svg", () => new Blob([asSvg(map, store)], { type: "image/svg+xml;charset=utf-8" })));
}

/** How a file is written: what comes first, each incident, what stands between two, what comes last. @typedef {{head: string, row: (i: Incident) => string, between: string, tail: string}} Format */

/** Rows that are written before the browser is let in. */
const BATCH = 4096;

/** Write what passes the filters. @param {Store} store @param {string} kind @param {Format} format */
async function written(store, kind, { head, row, between, tail }) {
  const rows = store.passing();
  /** @type {BlobPart[]} */
  const out = [head];
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.subarray(from, from + BATCH);
    await store.rows.load(batch);
    // A blob of its own takes the text out of the way of the page.
    out.push(new Blob([from ? between : "", Array.from(batch, (n) => row(store.incident(n))).join(between)]));
    if (rows.length > BATCH) await breathe();
  }
  return new Blob([...out, tail], { type: `${kind};charset=utf-8` });
}

/** Names of formats by names of files. @type {Record<string, string>} */
const FORMATS = { "incidents.csv": "CSV", "incidents.geojson": "GeoJSON", "incidents.kml": "KML", "map.png": "PNG", "map.svg": "SVG" };

/** @param {string} name @param {Blob} blob */
function save(name, blob) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @param {Incident} incident @param {string} column */
function cell(incident, column) {
  const value = /** @type {any} */ (incident)[column];
  return column === "actors" ? value.join("; ") : value ?? "";
}

/** Columns that are written; where rows are counts, how many each stands for too. @param {Store} store @returns {string[]} */
function columnsOf(store) {
  const { counted, columns } = store.records;
  return counted ? ["weight", ...columns.filter((/** @type {string} */ c) => store.rows.columns.has(c) || c === "lat" || c === "lon")] : columns;
}

/** The columns that `dateline` reads back. @param {Store} store */
function csv(store) {
  /** @type {string[]} */
  const columns = columnsOf(store);
  const quote = (/** @type {string | number} */ value) => {
    // A spreadsheet would run text that starts like a formula.
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return { head: `\ufeff${columns.join(",")}\r\n`, row: (/** @type {Incident} */ i) => `${columns.map((c) => quote(cell(i, c))).join(",")}\r\n`, between: "", tail: "" };
}

/** See RFC 7946: longitude first. @param {Store} store */
function geojson(store) {
  const columns = columnsOf(store);
  const feature = (/** @type {Incident} */ i) => ({
    type: "Feature",
    geometry: !i.drawn ? null : joins(i)
      ? { type: "LineString", coordinates: [[i.origin_lon, i.origin_lat], [i.lon, i.lat]] }
      : { type: "Point", coordinates: [i.lon, i.lat] },
    properties: Object.fromEntries(columns.map((c) => [c, cell(i, c) === "" ? null : cell(i, c)])),
  });
  return { head: '{"type":"FeatureCollection","features":[\n', row: (/** @type {Incident} */ i) => JSON.stringify(feature(i)), between: ",\n", tail: "\n]}\n" };
}

/** Whether an incident joins two places and happened at neither. @param {Incident} i */
function joins(i) {
  return i.layer === "links" || i.type === "call";
}

/**
 * See OGC KML 2.3. Programs read a description as HTML: it is escaped once for that and once for XML.
 * @param {Store} store
 */
function kml(store) {
  const escape = (/** @type {unknown} */ text) => fit(String(text)).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const columns = columnsOf(store);
  const whole = (/** @type {string | null} */ date) => (/^\d{4}(-\d\d){0,2}$/.test(date ?? "") ? date : null);
  const row = (/** @type {Incident} */ i) => {
    const fields = columns.filter((c) => cell(i, c) !== "").map((c) => `<Data name="${escape(c)}"><value>${escape(cell(i, c))}</value></Data>`);
    const [begin, end] = [whole(i.date), whole(i.date_end)];
    const time = !begin ? "" : end ? `<TimeSpan><begin>${begin}</begin><end>${end}</end></TimeSpan>` : `<TimeStamp><when>${begin}</when></TimeStamp>`;
    const said = [say("type", i.type), say("status", i.status), whenText(i), i.place, i.source, i.quote].filter(Boolean).join("\n");
    const shape = !i.drawn ? "" : joins(i)
      ? `<LineString><tessellate>1</tessellate><coordinates>${i.origin_lon},${i.origin_lat} ${i.lon},${i.lat}</coordinates></LineString>`
      : `<Point><coordinates>${i.lon},${i.lat}</coordinates></Point>`;
    return `<Placemark><name>${escape(titleOf(i))}</name><description>${escape(escape(said))}</description>${time}<ExtendedData>${fields.join("")}</ExtendedData>${shape}</Placemark>`;
  };
  return { head: `<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>${escape(document.title)}</name>\n`, row, between: "\n", tail: "\n</Document></kml>\n" };
}
