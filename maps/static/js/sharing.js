// What a reader takes away: an address that shows the same again, and what is shown as CSV or GeoJSON.
import { el } from "./dom.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */

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
    if (store.selected?.kind === "incident") said.set("incident", store.incidents[store.selected.n].id);
    if (store.selected?.kind === "place") said.set("place", store.selected.id);
    try {
      history.replaceState(null, "", `#${said}`);
    } catch {
      // A page within a notebook has no address of its own.
    }
  };
  const soon = () => { clearTimeout(timer); timer = window.setTimeout(write, 150); };
  for (const event of /** @type {const} */ (["filter", "kinds", "select"])) store.on(event, soon);
  map.on("moveend", soon);
}

/** Buttons that save what passes the filters. @param {Store} store */
export function downloads(store) {
  const button = (/** @type {string} */ name, /** @type {string} */ kind, /** @type {(store: Store) => string} */ make) =>
    el("button", { type: "button", class: "more", onclick: () => save(`incidents.${name.toLowerCase()}`, kind, make(store)) }, `Save as ${name}`);
  return el("p", { class: "saves" }, button("CSV", "text/csv", csv), button("GeoJSON", "application/geo+json", geojson));
}

/** @param {string} name @param {string} kind @param {string} text */
function save(name, kind, text) {
  const address = URL.createObjectURL(new Blob([text], { type: `${kind};charset=utf-8` }));
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
    geometry: !i.drawn ? null : i.layer === "links" || i.type === "call"
      ? { type: "LineString", coordinates: [[i.origin_lon, i.origin_lat], [i.lon, i.lat]] }
      : { type: "Point", coordinates: [i.lon, i.lat] },
    properties: Object.fromEntries(columns.map((c) => [c, cell(i, c) === "" ? null : cell(i, c)])),
  }));
  return `${JSON.stringify({ type: "FeatureCollection", features }, null, 1)}\n`;
}
