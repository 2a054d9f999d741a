// What of the map is in view: around the incidents at first, then where the reader goes.
/* global L */
import { middleOf } from "./layers.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */

/** What is in view with an incident: its point, its line, its circle. @param {Incident} i */
function extent(i) {
  const bounds = L.latLng(i.lat, i.lon).toBounds(Math.max(2 * (i.radius_km ?? 0), 2) * 1000);
  if (i.line) bounds.extend([i.origin_lat, i.origin_lon]);
  return bounds;
}

/** Move the map to an incident chosen elsewhere. @param {any} map @param {Store} store @param {any} choice */
export function follow(map, store, { selection, from }) {
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

/** Whether the legend opens unfolded. */
export function unfolded() {
  return !matchMedia("(max-width: 1100px)").matches;
}

/** Open the map around the incidents; without any, around the places named. @param {any} map @param {Store} store */
export function openAround(map, store) {
  const area = L.latLngBounds([]);
  const { rows } = store;
  const { around, kinds } = store.records;
  if (around && !store.filtered() && kinds.every((/** @type {[string, string, boolean]} */ [kind, , on]) => store.kinds.has(kind) === on)) {
    area.extend(around[0]).extend(around[1]); // reckoned beforehand
  } else if (store.packed) {
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
  const legendBox = unfolded() ? 280 : 20;
  if (area.isValid()) map.fitBounds(area, { maxZoom: 11, paddingTopLeft: [40, 40], paddingBottomRight: [Math.min(legendBox, map.getSize().x / 3), 40], animate: false });
  else map.setView([25, 20], 2, { animate: false });
}
