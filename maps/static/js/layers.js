// Layers: incidents, links, lines of fire, uncertainty circles, places mentioned. Each follows the store.
/* global L */
import { incidentCard, placeCard, scoreText, spokenName, titleOf, unresolvedCard } from "./card.js";
import { data, el, onPress, still, svg } from "./dom.js";
import { drawAnew } from "./canvas.js";
import { crowdCard } from "./crowd.js";
import { badge, fanOut, isSelected, keepApart, pin, pinsOf } from "./pins.js";
import { storeOf } from "./store.js";
import { BEND, colourOf, dashOf } from "./symbols.js";
import { t } from "./text.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */

/** Points of an arc between two places, bent to one side. @param {Incident} i */
function arcPoints(i) {
  const crs = L.CRS.EPSG3857;
  const a = crs.latLngToPoint(L.latLng(i.origin_lat, i.origin_lon), 8);
  const b = crs.latLngToPoint(L.latLng(i.lat, i.lon), 8);
  const bend = L.point((a.x + b.x) / 2 + (b.y - a.y) * BEND, (a.y + b.y) / 2 - (b.x - a.x) * BEND);
  return Array.from({ length: 33 }, (_, k) => {
    const t = k / 32;
    const point = a.multiplyBy((1 - t) ** 2).add(bend.multiplyBy(2 * t * (1 - t))).add(b.multiplyBy(t * t));
    return crs.pointToLatLng(point, 8);
  });
}

/** Where a line's card and its arrow head go. @param {Incident} i */
export function middleOf(i) {
  if (i.line === "arc") return arcPoints(i)[16];
  const crs = L.CRS.EPSG3857;
  const a = crs.latLngToPoint(L.latLng(i.origin_lat, i.origin_lon), 8);
  return crs.pointToLatLng(a.add(crs.latLngToPoint(L.latLng(i.lat, i.lon), 8)).divideBy(2), 8);
}

/**
 * A line with its halo, wide enough to hit and reachable by keyboard.
 * @param {Store} store @param {Incident} incident @param {any} group @param {any[]} points
 */
function line(store, incident, group, points) {
  const colour = colourOf(store, incident);
  group.addLayer(L.polyline(points, { className: "line-halo", weight: 6, interactive: false }));
  group.addLayer(L.polyline(points, { color: colour, weight: 2.5, dashArray: dashOf(incident), interactive: false, className: "family-line" }));
  const hit = L.polyline(points, { weight: 18, opacity: 0, className: "line-hit" });
  const choose = () => store.select({ kind: "incident", n: incident.n }, "map");
  hit.on("click", choose);
  hit.on("add", () => {
    const path = hit.getElement();
    if (!path) return;
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", spokenName(incident));
    path.addEventListener("keydown", onPress(choose));
  });
  hit.bindTooltip(() => el("span", {}, data(titleOf(incident))), { sticky: true, className: "dateline-tip" });
  group.addLayer(hit);
}

/** A small ring at the end of a line. @param {string} colour @param {[number, number]} at */
function ring(colour, at) {
  return L.circleMarker(at, { radius: 4, color: colour, weight: 2, className: "ring", fillOpacity: 1, interactive: false });
}

/** Arrow head halfway, pointing at the target; left out where the line is too short to see. @param {string} colour @param {Incident} i */
function arrow(colour, i) {
  const crs = L.CRS.EPSG3857;
  const a = crs.latLngToPoint(L.latLng(i.origin_lat, i.origin_lon), 8);
  const b = crs.latLngToPoint(L.latLng(i.lat, i.lon), 8);
  const degrees = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  const head = svg("svg", { viewBox: "-10 -10 20 20", width: 20, height: 20, "aria-hidden": "true" },
    svg("path", { d: "M8 0 -6 6.5 -2.5 0 -6 -6.5Z", class: "arrow", fill: colour, transform: `rotate(${degrees.toFixed(1)})` }));
  const marker = L.marker(middleOf(i), {
    interactive: false, keyboard: false, pane: "overlayPane",
    icon: L.divIcon({ className: "dateline-arrow", iconSize: [20, 20], html: head }),
  });
  marker.on("add", () => {
    const map = marker._map;
    const show = () => {
      const length = map.latLngToLayerPoint([i.lat, i.lon]).distanceTo(map.latLngToLayerPoint([i.origin_lat, i.origin_lon]));
      marker.getElement()?.classList.toggle("short", length < 44);
    };
    show();
    map.on("zoomend", show);
    marker.once("remove", () => map.off("zoomend", show));
  });
  return marker;
}

/** @param {Store} store @param {Incident} i @param {any} group */
function drawLine(store, i, group) {
  const colour = colourOf(store, i);
  if (i.line === "arc") {
    line(store, i, group, arcPoints(i));
    group.addLayer(ring(colour, [i.origin_lat, i.origin_lon]));
    group.addLayer(ring(colour, [i.lat, i.lon]));
  } else {
    line(store, i, group, [[i.origin_lat, i.origin_lon], [i.lat, i.lon]]);
    group.addLayer(ring(colour, [i.origin_lat, i.origin_lon]));
    group.addLayer(arrow(colour, i));
  }
}

/** Circles of how far the truth may lie from the point. @param {Store} store @param {Incident} i @param {any} group */
function drawCircles(store, i, group) {
  if (i.line === "arc") return;
  const look = { color: colourOf(store, i), weight: 1.25, dashArray: dashOf(i) ?? undefined, fillOpacity: 0.08, interactive: false };
  // A circle as wide as a country is drawn as a line alone: a tint over the whole map would tell nothing.
  const wide = (i.radius_km ?? 0) > 60 && { fillOpacity: 0 };
  if (i.radius_km) group.addLayer(L.circle([i.lat, i.lon], { ...look, ...wide, radius: i.radius_km * 1000, className: "uncertainty" }));
  // Words that loosen one end ("in the direction of") loosen the other as much, if not told apart.
  const vague = Math.max(i.origin_radius || 0, i.precision === "vicinity" ? i.radius_km || 0 : 0);
  if (i.line === "fire" && vague) group.addLayer(L.circle([i.origin_lat, i.origin_lon], { ...look, radius: vague * 1000, className: "uncertainty" }));
}

/** @param {Store} store @param {any} group */
function drawMentions(store, group) {
  if (!store.mentions.length) return;
  const [lines, places] = [store.rows.column("line"), store.rows.column("place_id")];
  const arc = lines.values.indexOf("arc");
  const taken = new Set();
  for (const n of store.shown()) if (arc < 0 || lines.codes[n] !== arc) taken.add(places.values[places.codes[n]]);
  for (const [id, mentions] of store.mentioned()) {
    if (taken.has(id)) continue;
    const place = store.places[id];
    const dot = L.circleMarker([place.lat, place.lon], { radius: 5, weight: 2, className: "mention", fillOpacity: 1 });
    const choose = () => store.select({ kind: "place", id }, "map");
    dot.on("click", choose);
    dot.bindTooltip(() => el("span", {}, data(place.name)), { direction: "top", className: "dateline-tip" });
    dot.on("add", () => {
      const path = dot.getElement();
      if (!path) return;
      path.setAttribute("tabindex", "0");
      path.setAttribute("role", "button");
      path.setAttribute("aria-label", `${place.name}, ${t("count.mention", { n: mentions.length })}`);
      path.addEventListener("keydown", onPress(choose));
    });
    // Wide enough to be pressed by a finger.
    group.addLayer(L.circleMarker([place.lat, place.lon], { radius: 12, stroke: false, fillOpacity: 0, className: "mention-hit" }).on("click", choose));
    group.addLayer(dot);
  }
}

/**
 * Circles of a clustered map: those in view that are wide enough to see, for thousands would hide the rest.
 * @param {Store} store @param {Incident[]} incidents @param {any} map
 */
function worthCircles(store, incidents, map) {
  const kmPerPixel = (40075 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (256 * 2 ** map.getZoom());
  const view = map.getBounds();
  return incidents.filter((i) => (i.radius_km ?? 0) / kmPerPixel > 12 && view.contains([i.lat, i.lon])).slice(0, 300);
}

/** @param {Store} store @param {string} kind @param {any} group @param {any} map */
function draw(store, kind, group, map) {
  if (kind === "mentions") { drawMentions(store, group); return; }
  if (store.packed) return; // all else is on the canvas
  const shown = Array.from(store.shown(), (n) => store.incident(n));
  if (kind === "circles") for (const i of store.records.clustered ? worthCircles(store, shown, map) : shown) drawCircles(store, i, group);
  else if (kind === "fire") shown.filter((i) => i.line === "fire").forEach((i) => drawLine(store, i, group));
  else {
    const own = shown.filter((i) => i.layer === kind);
    const arcs = own.filter((i) => i.line === "arc");
    arcs.forEach((i) => drawLine(store, i, group));
    // A visit is both: it took place somewhere, and somebody came from elsewhere.
    const pins = own.filter((i) => i.line !== "arc" || i.type === "visit").map((i) => pin(store, i));
    if (store.records.clustered && L.markerClusterGroup) {
      const cluster = L.markerClusterGroup({
        maxClusterRadius: 44, showCoverageOnHover: false, animate: !still(),
        iconCreateFunction: (/** @type {any} */ c) => badge(store, c.getAllChildMarkers().map((/** @type {any} */ m) => m.incident)),
      });
      cluster.addLayers(pins.map((p) => p.marker));
      group.addLayer(cluster);
      return;
    }
    for (const p of pins) {
      keepApart(map, p);
      group.addLayer(p.marker);
    }
  }
}

/**
 * A Leaflet layer of some kinds of a set of records.
 * @param {string} name id of the element that holds the records
 * @param {string[]} kinds
 */
export function layer(name, kinds) {
  const store = storeOf(name);
  const group = L.layerGroup();
  /** @type {any} */
  let map = null;
  const redraw = () => {
    if (!map || store.held) return;
    group.clearLayers();
    for (const kind of kinds) draw(store, kind, group, map);
    if (store.packed) soonAnew(map, store);
    else fanOut(map);
  };
  group.on("add", () => {
    map = group._map;
    attachCards(map, store);
    if (store.records.clustered && kinds.includes("circles")) map.on("moveend", redraw);
    for (const kind of kinds) store.kinds.add(kind);
    store.emit("kinds");
  });
  group.on("remove", () => {
    group.clearLayers();
    for (const kind of kinds) store.kinds.delete(kind);
    map?.off("moveend", redraw);
    if (map && store.packed) soonAnew(map, store);
    map = null;
    store.emit("kinds");
  });
  store.on("filter", redraw);
  store.on("kinds", redraw);
  // A page draws its layers when its view is set, and reads on when they are painted.
  if (!store.records.page) store.ready.then(() => { redraw(); return store.finish(); }).catch(() => undefined);
  return group;
}

/** Maps whose canvas is about to be drawn: once for all the layers that changed. @type {WeakSet<object>} */
const due = new WeakSet();

/** Draw packed rows anew, unless the page is still being built. @param {any} map @param {Store} store */
export function soonAnew(map, store) {
  if (due.has(map) || store.held || !store.count) return;
  due.add(map);
  queueMicrotask(() => { due.delete(map); drawAnew(map, store); });
}

/** @type {WeakSet<object>} */
const attached = new WeakSet();

/** Open cards on a map as the selection changes. @param {any} map @param {Store} store */
function attachCards(map, store) {
  if (attached.has(map)) return;
  attached.add(map);
  const ghosts = L.layerGroup().addTo(map);
  const popup = L.popup({
    maxWidth: 350, minWidth: 280, className: "dateline-popup",
  });
  let changing = false;
  map.on("zoomend", () => fanOut(map));
  map.on("popupclose", (/** @type {any} */ e) => {
    if (e.popup === popup && store.selected && !changing) store.select(null, "map");
  });
  store.on("ghosts", (/** @type {import("./store.js").Candidate[]} */ candidates) => {
    ghosts.clearLayers();
    candidates.forEach((c, k) => ghosts.addLayer(ghost(c, k + 1)));
    // The card makes room for them: it goes beside the map.
    if (popup.isOpen() && store.cardHost?.(popup.getContent(), null)) { changing = true; map.closePopup(popup); changing = false; }
    map.fitBounds(L.latLngBounds(candidates.map((c) => [c.lat, c.lon])).pad(0.1), { maxZoom: 9, paddingTopLeft: [50, 50], paddingBottomRight: [legendRoom(map), 50], animate: false });
  });
  store.on("select", ({ selection }) => {
    ghosts.clearLayers();
    for (const p of pinsOf(map)) p.marker.getElement()?.classList.toggle("selected", isSelected(store, p.incident));
    const shown = selection && cardOf(store, selection);
    if (!shown) { map.closePopup(popup); return; }
    shown.candidates.forEach((/** @type {import("./store.js").Candidate} */ c, /** @type {number} */ k) => ghosts.addLayer(ghost(c, k + 1)));
    if (store.cardHost?.(shown.node, shown.at) || !shown.at) { map.closePopup(popup); return; }
    const pinned = selection.kind === "incident" && pinsOf(map).find((p) => isSelected(store, p.incident));
    popup.options.offset = pinned ? [pinned.shift[0], pinned.shift[1] - 8] : store.packed ? [0, -8] : [0, 0];
    keepClear(map, popup);
    changing = true;
    popup.setContent(shown.node).setLatLng(shown.at).openOn(map);
    changing = false;
  });
}

/** Pixels that the legend takes from the map on the right. @param {any} map */
function legendRoom(map) {
  const { offsetWidth: width = 0, offsetHeight: height = 0 } = document.getElementById("legend") ?? {};
  return height > 80 ? Math.min(width + 20, map.getSize().x / 3) : 50;
}

/** Open cards beside the legend where there is room, else below it. @param {any} map @param {any} popup */
function keepClear(map, popup) {
  const { offsetWidth: width = 0, offsetHeight: height = 0 } = document.getElementById("legend") ?? {};
  popup.options.maxHeight = Math.max(200, Math.round(map.getSize().y * 0.7));
  const beside = map.getSize().x > popup.options.maxWidth + width + 100;
  popup.options.autoPanPaddingTopLeft = [56, beside || height > 80 ? 20 : height + 24];
  popup.options.autoPanPaddingBottomRight = [beside ? width + 24 : 24, 24];
}

/** A reading of a name, with its number in the list and its score. @param {import("./store.js").Candidate} candidate @param {number} number */
function ghost(candidate, number) {
  return L.circleMarker([candidate.lat, candidate.lon], { radius: 7, weight: 2, dashArray: "2 3", className: "ghost", interactive: false })
    .bindTooltip(() => el("span", {}, el("b", {}, number), scoreText(candidate) && ` · ${scoreText(candidate)}`), { className: "dateline-tip", permanent: true, direction: number % 2 ? "right" : "left" });
}

/** @param {Store} store @param {import("./store.js").Selection} selection */
function cardOf(store, selection) {
  if (selection.kind === "crowd") return { node: crowdCard(store, selection.rows), at: selection.at, candidates: [] };
  if (selection.kind === "incident") {
    const i = store.incident(selection.n);
    const reader = i.article !== null && store.showSentence ? () => store.showSentence?.(i) : undefined;
    const at = !i.drawn ? null : i.line === "arc" && i.type !== "visit" ? middleOf(i) : L.latLng(i.lat, i.lon);
    return { node: incidentCard(store, i, { reader }), at, candidates: [] };
  }
  if (selection.kind === "place") {
    const place = store.places[selection.id];
    const mentions = store.mentioned().get(selection.id) ?? [];
    return { node: placeCard(store, place, mentions), at: L.latLng(place.lat, place.lon), candidates: [] };
  }
  const mention = store.mentions[selection.n];
  return { node: unresolvedCard(store, mention), at: null, candidates: mention.candidates };
}
