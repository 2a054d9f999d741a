// What a map's own script calls: a layer of incidents, and the page that joins map, reader and table.
/* global L */
import { drawBasemap, onlineLayers } from "./basemap.js";
import { byId } from "./dom.js";
import { drawLabels } from "./labels.js";
import { layer } from "./layers.js";
import { actions, imprint, panel, summary } from "./layout.js";
import { legend } from "./legend.js";
import { locator } from "./locator.js";
import { breathe, painted } from "./pace.js";
import { onPaper } from "./paper.js";
import { chooseAddress, followAddress, readAddress, writeAddress } from "./sharing.js";
import { storeOf } from "./store.js";
import { speak, spoken, t } from "./text.js";
import { timeline } from "./timeline.js";
import { follow, openAround } from "./view.js";

/** @typedef {import("./store.js").Store} Store */

/** Milliseconds after which it is said that the page is still opening. */
const PATIENCE = 400;

/** Leaflet's own controls. @param {any} map */
function controls(map) {
  map.attributionControl.setPrefix("");
  map.attributionControl.addAttribution('<a href="https://www.geonames.org/" rel="noopener" target="_blank">GeoNames</a> CC BY 4.0 · <a href="https://www.naturalearthdata.com/" rel="noopener" target="_blank">Natural Earth</a>');
  map.options.minZoom = 2;
  map.setMaxBounds([[-86, -220], [86, 220]]);
  L.control.scale({ position: "bottomleft", maxWidth: 140, imperial: false }).addTo(map);
  return L.control.zoom({ position: "topleft" }).addTo(map);
}

/** What the frame is called in the language spoken. @param {Store} store @param {any} zoom Leaflet's control */
function names({ records }, zoom) {
  document.documentElement.lang = spoken();
  document.title = byId("title").textContent = records.title || t("page.title");
  for (const [id, key] of [["panel", "page.panel"], ["stage", "page.map"], ["legend", "legend.title"], ["timeline", "time.title"]]) byId(id).setAttribute("aria-label", t(key));
  for (const [button, key] of [[zoom._zoomInButton, "page.zoom_in"], [zoom._zoomOutButton, "page.zoom_out"]]) { button.title = t(key); button.setAttribute("aria-label", t(key)); }
}

/**
 * Join a map to the page around it: what happened where comes first, then the ground below it, then all else, piece by piece.
 * @param {string} name id of the element that holds the records
 * @param {any} map
 * @param {Record<string, any>} layers by kind
 */
async function start(name, map, layers) {
  const store = storeOf(name);
  const { records } = store;
  speak(records.language);
  const said = readAddress(store);
  byId("timeline").hidden = !records.dated; // a map that changes its size is drawn twice
  const patience = setTimeout(() => { byId("summary").textContent = t("page.opening", { n: records.counted?.total ?? records.incidents.count }); }, PATIENCE);
  const zoom = controls(map);
  names(store, zoom);
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
  try {
    await store.ready;
    if (!speak(said.get("lang"))) {
      await store.readOthers(); // the words of other languages among them
      speak(said.get("lang"));
      names(store, zoom);
    }
  } catch {
    clearTimeout(patience);
    byId("summary").textContent = t("page.old");
    map.setView([25, 20], 2, { animate: false });
    return;
  }
  if (store.filtered()) {
    await store.finish();
    if (store.query) await store.search(store.query);
    store.emit("filter");
  }
  map.invalidateSize({ animate: false });
  if (!followAddress(said, store, map, layers) && records.fitted) openAround(map, store);
  clearTimeout(patience);
  store.held = false;
  store.emit("kinds");
  await null; // the canvas is drawn when all layers are
  document.body.classList.add("usable");
  await painted();

  await store.readOthers();
  await drawBasemap(map, records.basemap, store);
  await painted();
  await store.finish();
  /** @type {number[]} */
  const told = [];
  if (records.articles.length) store.rows.column("article").codes.forEach((code, n) => { if (code) told.push(n); });
  await store.rows.load(told); // the reader names them
  const steps = [
    () => summary(store, map),
    () => names(store, zoom),
    () => legend(byId("legend"), map, store, layers, tiles),
    (/** @type {AbortSignal} */ signal) => { actions(store, signal, translate); },
    (/** @type {AbortSignal} */ signal) => panel(store, map, signal),
    (/** @type {AbortSignal} */ signal) => timeline(byId("timeline"), store, signal),
    () => imprint(),
  ];
  /** Say everything anew in another language, with all that is chosen as it was. @param {string} code */
  const translate = (code) => {
    speak(code);
    store.rebuild(steps);
    store.emit("kinds"); // names on the map are spoken too
    if (store.selected) store.select(store.selected, "list");
    byId("language").focus();
  };
  await store.rebuild(steps, breathe);
  drawLabels(map, store);
  await breathe();
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  const beside = new ResizeObserver(() => { map._controlCorners.topright.style.right = `${byId("legend").offsetWidth + 10}px`; });
  beside.observe(byId("legend")); // what users add with folium stands beside the legend
  onPaper(map, store);
  await chooseAddress(said, store);
  writeAddress(store, map);
  if (records.basemap?.land) locator(map, store);
  document.body.classList.add("ready");
}

/** @type {any} */ (window).dateline = { layer, start };
