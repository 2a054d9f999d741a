// What a map's own script calls: a layer of incidents, and the page that joins map, reader and table.
/* global L */
import { drawBasemap, onlineLayers } from "./basemap.js";
import { breathe } from "./blocks.js";
import { byId } from "./dom.js";
import { drawLabels } from "./labels.js";
import { layer, middleOf, soonAnew } from "./layers.js";
import { actions, imprint, panel, summary } from "./layout.js";
import { legend } from "./legend.js";
import { locator } from "./locator.js";
import { onPaper } from "./paper.js";
import { followAddress, readAddress, writeAddress } from "./sharing.js";
import { storeOf } from "./store.js";
import { speak, spoken, t } from "./text.js";
import { timeline } from "./timeline.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */

/** From so many rows on, the page is built with pauses. */
const LONG = 100_000;

/** What is in view with an incident: its point, its line, its circle. @param {Incident} i */
function extent(i) {
  const bounds = L.latLng(i.lat, i.lon).toBounds(Math.max(2 * (i.radius_km ?? 0), 2) * 1000);
  if (i.line) bounds.extend([i.origin_lat, i.origin_lon]);
  return bounds;
}

/** Move the map to an incident chosen elsewhere. @param {any} map @param {Store} store @param {any} choice */
function follow(map, store, { selection, from }) {
  if (!selection || from === "map" || selection.kind === "mention" || selection.kind === "crowd") return;
  if (selection.kind === "place") {
    const place = store.places[selection.id];
    if (!map.getBounds().pad(-0.1).contains([place.lat, place.lon])) map.panTo([place.lat, place.lon], { animate: false });
    return;
  }
  const i = store.incident(selection.n);
  if (!i.drawn) return;
  const area = extent(i);
  const small = map.latLngToLayerPoint(area.getNorthWest()).distanceTo(map.latLngToLayerPoint(area.getSouthEast())) < 60;
  if (small || !map.getBounds().pad(-0.05).contains(i.line === "arc" ? middleOf(i) : [i.lat, i.lon])) {
    map.fitBounds(area, { maxZoom: 10, padding: [60, 60], animate: false });
  }
}

/** Open the map around the incidents; without any, around the places named. @param {any} map @param {Store} store */
function openAround(map, store) {
  map.invalidateSize({ animate: false });
  const area = L.latLngBounds([]);
  const { rows } = store;
  if (store.packed) {
    let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
    const { lat, lon, scale } = rows.points;
    for (const n of store.shown()) {
      if (lat[n] < south) south = lat[n];
      if (lat[n] > north) north = lat[n];
      if (lon[n] < west) west = lon[n];
      if (lon[n] > east) east = lon[n];
    }
    if (south <= north) area.extend([south / scale, west / scale]).extend([north / scale, east / scale]);
  } else for (const n of store.shown()) area.extend(extent(store.incident(n)));
  if (!area.isValid()) for (const p of Object.values(store.places)) area.extend([p.lat, p.lon]);
  const legendBox = byId("legend").querySelector("details[open]") ? 280 : 20;
  if (area.isValid()) map.fitBounds(area, { maxZoom: 11, paddingTopLeft: [40, 40], paddingBottomRight: [Math.min(legendBox, map.getSize().x / 3), 40], animate: false });
  else map.setView([25, 20], 2, { animate: false });
}

/**
 * Join a map to the page around it.
 * @param {string} name id of the element that holds the records
 * @param {any} map
 * @param {Record<string, any>} layers by kind
 */
async function start(name, map, layers) {
  const store = storeOf(name);
  const { records } = store;
  speak(records.language);
  map.attributionControl.setPrefix("");
  map.attributionControl.addAttribution('<a href="https://www.geonames.org/" rel="noopener" target="_blank">GeoNames</a> CC BY 4.0 · <a href="https://www.naturalearthdata.com/" rel="noopener" target="_blank">Natural Earth</a>');
  map.options.minZoom = 2;
  map.setMaxBounds([[-86, -220], [86, 220]]);
  const zoom = L.control.zoom({ position: "topleft" }).addTo(map);
  L.control.scale({ position: "bottomleft", maxWidth: 140, imperial: false }).addTo(map);
  const tiles = onlineLayers(records.online);
  if (records.onlineFirst) {
    const [first] = tiles;
    store.tilesName = first[0];
    first[1].addTo(map);
  }
  store.on("seek", (choice) => {
    const chosen = choice.selection?.kind === "incident" ? store.rows.value("layer", choice.selection.n) : null;
    if (chosen && layers[chosen] && !store.kinds.has(chosen)) layers[chosen].addTo(map);
    follow(map, store, choice);
  });
  if (store.packed) {
    store.held = true;
    byId("summary").textContent = t("page.opening", { n: records.counted?.total ?? records.incidents.count });
    map.setView([25, 20], 2, { animate: false });
    try {
      await store.ready;
    } catch {
      byId("summary").textContent = t("page.old");
      return;
    }
  }
  const said = readAddress(store);
  if (store.query) await store.search(store.query);
  store.emit("filter");
  /** @type {number[]} */
  const told = [];
  if (records.articles.length) store.rows.column("article").codes.forEach((code, n) => { if (code) told.push(n); });
  await store.rows.load(told); // the reader names them
  const steps = [
    () => {
      document.documentElement.lang = spoken();
      document.title = byId("title").textContent = records.title || t("page.title");
      for (const [id, key] of [["panel", "page.panel"], ["stage", "page.map"], ["legend", "legend.title"], ["timeline", "time.title"]]) byId(id).setAttribute("aria-label", t(key));
      for (const [button, key] of [[zoom._zoomInButton, "page.zoom_in"], [zoom._zoomOutButton, "page.zoom_out"]]) { button.title = t(key); button.setAttribute("aria-label", t(key)); }
      imprint();
    },
    (/** @type {AbortSignal} */ signal) => { actions(store, signal, translate); },
    (/** @type {AbortSignal} */ signal) => panel(store, map, signal),
    () => legend(byId("legend"), map, store, layers, tiles),
    (/** @type {AbortSignal} */ signal) => timeline(byId("timeline"), store, signal),
    () => summary(store),
  ];
  // A pause costs a frame: fewer rows are quicker done without.
  const pause = store.count > LONG ? breathe : undefined;
  /** Say everything anew in another language, with all that is chosen as it was. @param {string} code */
  const translate = (code) => {
    speak(code);
    store.rebuild(steps);
    store.emit("kinds"); // names on the map are spoken too
    if (store.selected) store.select(store.selected, "list");
    byId("language").focus();
  };
  await store.rebuild(steps, pause);
  if (records.fitted) openAround(map, store);
  store.held = false;
  if (store.packed) soonAnew(map, store);
  await pause?.();
  drawBasemap(map, records.basemap, store);
  await pause?.();
  drawLabels(map, store);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  const beside = new ResizeObserver(() => { map._controlCorners.topright.style.right = `${byId("legend").offsetWidth + 10}px`; });
  beside.observe(byId("legend")); // what users add with folium stands beside the legend
  onPaper(map, store);
  await followAddress(said, store, map, layers);
  writeAddress(store, map);
  document.body.classList.add("ready");
  // What is a nicety comes when the page can be used.
  setTimeout(() => { if (records.basemap?.land) locator(map, store); }, 100);
}

/** @type {any} */ (window).dateline = { layer, start };
