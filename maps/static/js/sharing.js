// What a reader takes away: an address that shows the same again, what is shown as a file, the map as a picture.
import { titleOf } from "./card.js";
import { el } from "./dom.js";
import { asPng, asSvg, fit } from "./picture.js";
import { FACETS, PRECISIONS } from "./store.js";
import { say, speak, spoken, t, whenText } from "./text.js";

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
  speak(said.get("lang"));
  return said;
}

/**
 * Show what the rest of the address says: layers, view and selection. Names not known here are passed over.
 * @param {URLSearchParams} said
 * @param {Store} store @param {any} map @param {Record<string, any>} layers
 */
export function followAddress(said, store, map, layers) {
  const on = said.get("layers")?.split(",");
  for (const [kind, layer] of Object.entries(layers)) {
    if (on && on.includes(kind) !== store.kinds.has(kind)) on.includes(kind) ? layer.addTo(map) : layer.remove();
  }
  const [lat, lon, zoom] = (said.get("map") ?? "").split("/").map(Number);
  if ([lat, lon, zoom].every(Number.isFinite) && Math.abs(lat) <= 90) map.setView([lat, lon], zoom, { animate: false });
  const incident = store.incidents.find((i) => i.id === said.get("incident"));
  const place = said.get("place");
  if (incident) store.select({ kind: "incident", n: incident.n }, said.has("map") ? "map" : "link");
  else if (place && Object.hasOwn(store.places, place)) store.select({ kind: "place", id: place }, said.has("map") ? "map" : "link");
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
    if (spoken() !== store.records.language) said.set("lang", spoken());
    if (store.selected?.kind === "incident") said.set("incident", store.incidents[store.selected.n].id);
    if (store.selected?.kind === "place") said.set("place", store.selected.id);
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
    el("button", { type: "button", class: "more", onclick: async () => save(name, await make()) }, t("save.as", { format: FORMATS[name] }));
  const text = (/** @type {string} */ kind, /** @type {(store: Store) => string} */ make) => () => new Blob([make(store)], { type: `${kind};charset=utf-8` });
  return el("div", { class: "saves" },
    el("h2", {}, t("save.incidents")),
    button("incidents.csv", text("text/csv", csv)), button("incidents.geojson", text("application/geo+json", geojson)),
    button("incidents.kml", text("application/vnd.google-earth.kml+xml", kml)),
    el("h2", {}, t("save.picture")),
    button("map.png", () => asPng(map, store)), button("map.svg", text("image/svg+xml", () => asSvg(map, store))));
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

/** The columns that `dateline` reads back. @param {Store} store */
function csv(store) {
  /** @type {string[]} */
  const columns = store.records.columns;
  const quote = (/** @type {string | number} */ value) => {
    // A spreadsheet would run text that starts like a formula.
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = store.passing().map((i) => columns.map((c) => quote(cell(i, c))).join(","));
  return `\ufeff${[columns.join(","), ...rows].join("\r\n")}\r\n`;
}

/** See RFC 7946: longitude first. @param {Store} store */
function geojson(store) {
  /** @type {string[]} */
  const columns = store.records.columns;
  const features = store.passing().map((i) => ({
    type: "Feature",
    geometry: !i.drawn ? null : joins(i)
      ? { type: "LineString", coordinates: [[i.origin_lon, i.origin_lat], [i.lon, i.lat]] }
      : { type: "Point", coordinates: [i.lon, i.lat] },
    properties: Object.fromEntries(columns.map((c) => [c, cell(i, c) === "" ? null : cell(i, c)])),
  }));
  return `${JSON.stringify({ type: "FeatureCollection", features }, null, 1)}\n`;
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
  /** @type {string[]} */
  const columns = store.records.columns;
  const whole = (/** @type {string | null} */ date) => (/^\d{4}(-\d\d){0,2}$/.test(date ?? "") ? date : null);
  const marks = store.passing().map((i) => {
    const fields = columns.filter((c) => cell(i, c) !== "").map((c) => `<Data name="${escape(c)}"><value>${escape(cell(i, c))}</value></Data>`);
    const [begin, end] = [whole(i.date), whole(i.date_end)];
    const time = !begin ? "" : end ? `<TimeSpan><begin>${begin}</begin><end>${end}</end></TimeSpan>` : `<TimeStamp><when>${begin}</when></TimeStamp>`;
    const said = [say("type", i.type), say("status", i.status), whenText(i), i.place, i.source, i.quote].filter(Boolean).join("\n");
    const shape = !i.drawn ? "" : joins(i)
      ? `<LineString><tessellate>1</tessellate><coordinates>${i.origin_lon},${i.origin_lat} ${i.lon},${i.lat}</coordinates></LineString>`
      : `<Point><coordinates>${i.lon},${i.lat}</coordinates></Point>`;
    return `<Placemark><name>${escape(titleOf(i))}</name><description>${escape(escape(said))}</description>${time}<ExtendedData>${fields.join("")}</ExtendedData>${shape}</Placemark>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>${escape(document.title)}</name>\n${marks.join("\n")}\n</Document></kml>\n`;
}
