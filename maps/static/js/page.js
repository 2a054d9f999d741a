// All that comes when the page can be used: the ground below what happened, and what stands around the map, piece by piece.
/* global L */
import { chooseAddress, writeAddress } from "./address.js";
import { drawBasemap } from "./basemap.js";
import { byId } from "./dom.js";
import { drawLabels } from "./labels.js";
import { actions, imprint, panel, summary } from "./layout.js";
import { legend } from "./legend.js";
import { locator } from "./locator.js";
import { breathe, painted } from "./pace.js";
import { onPaper } from "./paper.js";
import { speak } from "./text.js";
import { timeline } from "./timeline.js";

/** What Leaflet tells at the edge of a map. @param {any} map */
function margins(map) {
  map.attributionControl.addAttribution('<a href="https://www.geonames.org/" rel="noopener" target="_blank">GeoNames</a> CC BY 4.0 · <a href="https://www.naturalearthdata.com/" rel="noopener" target="_blank">Natural Earth</a>');
  L.control.scale({ position: "bottomleft", maxWidth: 140, imperial: false }).addTo(map);
}

/** Furnish a page that can be used. @param {import("./main.js").Opened} opened */
async function furnish({ map, store, layers, tiles, said, names }) {
  const { records } = store;
  margins(map);
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
    names,
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

window.dateline.furnish = furnish;
