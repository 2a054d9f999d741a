// What a map's own script calls: a layer of incidents, and the page, which opens with what happened where.
/* global L */
import { followAddress, readAddress } from "./address.js";
import { byId, el } from "./dom.js";
import { layer } from "./layers.js";
import { arrived, breathe, painted } from "./pace.js";
import { storeOf } from "./store.js";
import { speak, spoken, t } from "./text.js";
import { follow, openAround } from "./view.js";

/** @typedef {import("./store.js").Store} Store */
/** What is on the page when it can be used: its map, layers by kind, tiles by name, what its address says, and what names the frame. @typedef {{map: any, store: Store, layers: Record<string, any>, tiles: Map<string, any>, said: URLSearchParams, names: () => void}} Opened */

/** Milliseconds after which it is said that the page is still opening. */
const PATIENCE = 400;

/**
 * Tiles of online basemaps, by name; none is on the map until it is asked for.
 * @param {any[]} online
 * @returns {Map<string, any>}
 */
function onlineLayers(online) {
  return new Map(online.map((o) => [o.name, L.tileLayer(o.url, {
    attribution: o.attribution, maxNativeZoom: o.maxZoom, maxZoom: 19, subdomains: o.subdomains, className: "tiles",
  })]));
}

/** What the frame is called in the language spoken. @param {Store} store @param {any} zoom Leaflet's control */
function nameFrame({ records }, zoom) {
  document.documentElement.lang = spoken();
  document.title = byId("title").textContent = records.title || t("page.title");
  for (const [id, key] of [["panel", "page.panel"], ["stage", "page.map"], ["legend", "legend.title"], ["timeline", "time.title"]]) byId(id).setAttribute("aria-label", t(key));
  for (const [button, key] of [[zoom._zoomInButton, "page.zoom_in"], [zoom._zoomOutButton, "page.zoom_out"]]) { button.title = t(key); button.setAttribute("aria-label", t(key)); }
}

/**
 * Join a map to the page around it: what happened where comes first, then all else, which stands later in the file.
 * @param {string} name id of the element that holds the records
 * @param {any} map
 * @param {Record<string, any>} layers by kind
 */
async function start(name, map, layers) {
  const store = storeOf(name);
  const { records } = store;
  speak(records.language);
  const said = readAddress(store);
  const patience = setTimeout(() => { byId("summary").textContent = t("page.opening", { n: records.counted?.total ?? records.incidents.count }); }, PATIENCE);
  map.attributionControl.setPrefix("");
  map.options.minZoom = 2;
  map.setMaxBounds([[-86, -220], [86, 220]]);
  const zoom = L.control.zoom({ position: "topleft" }).addTo(map);
  const names = () => nameFrame(store, zoom);
  names();
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
      names();
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
  if (!followAddress(said, store, map, layers) && records.fitted) openAround(map, store);
  clearTimeout(patience);
  store.held = false;
  store.emit("kinds");
  await null; // the canvas is drawn when all layers are
  document.body.classList.add("usable");
  await painted();
  await breathe(); // who was waiting for that frame comes first: the reader
  await arrived();
  // It stands in the file as text: run when it was read, it would have kept the reader waiting.
  document.head.append(el("script", {}, byId("dateline-page").textContent));
  await window.dateline.furnish({ map, store, layers, tiles, said, names });
}

/** @type {any} */ (window).dateline = { layer, start };
