// The address shows the same again: filters, view and choice are read from it, and kept in it.
import { FACETS, PRECISIONS } from "./sieve.js";
import { spoken } from "./text.js";

/** @typedef {import("./store.js").Store} Store */

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
