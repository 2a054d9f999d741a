// Names on the map: countries, divisions, water and towns, the weightiest first, none over another.
/* global L */
import { data, el } from "./dom.js";
import { pinBoxes, pinsOf } from "./pins.js";
import { plans } from "./plan.js";
import { countryText, learnCountries, spoken } from "./text.js";

/** @typedef {{name: string, lat: number, lon: number, kind: string, weight: number, from: number}} Label */

const PANE = "dateline-labels";
const MOST = 90;

/**
 * Keep names on the map, laid out anew whenever it moves.
 * @param {any} map
 * @param {import("./store.js").Store} store
 */
export function drawLabels(map, store) {
  const pane = map.createPane(PANE);
  pane.style.zIndex = "450"; // over lines, under pins
  pane.style.pointerEvents = "none";
  pane.setAttribute("aria-hidden", "true");
  const group = L.layerGroup().addTo(map);
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  learnCountries(store.records.basemap?.labels ?? []);
  let labels = allLabels(store);
  let language = spoken();
  const layOut = () => {
    if (language !== spoken()) { language = spoken(); labels = allLabels(store); }
    group.clearLayers();
    if (store.tilesName && !/imag/i.test(store.tilesName)) return; // the tiles bring names of their own
    const named = namedLabels(store, map);
    const others = labels.filter((l) => l.kind === "country" || !named.some((n) => Math.abs(n.lat - l.lat) < 0.03 && Math.abs(n.lon - l.lon) < 0.03));
    for (const found of choose(map, [...named, ...others], obstacles(map, store), context, store.packed)) group.addLayer(marker(found));
  };
  // What is on the canvas decides where names go, and its counts come before them.
  let timer = 0;
  const soon = () => { clearTimeout(timer); timer = window.setTimeout(layOut, 80); };
  if (store.packed) store.on("drawn", soon);
  else {
    map.on("moveend zoomend resize", layOut);
    for (const event of /** @type {const} */ (["filter", "kinds"])) store.on(event, layOut);
  }
  store.on("tiles", layOut);
  document.getElementById("legend")?.addEventListener("toggle", layOut, true); // names make room for it
  layOut();
}

/** Everything that has a name, weightiest first. @param {import("./store.js").Store} store @returns {Label[]} */
function allLabels(store) {
  const { basemap, towns = [] } = store.records;
  /** @type {Label[]} */
  const labels = [];
  for (const l of basemap?.labels ?? []) {
    const name = l.names?.[spoken()] ?? (l.kind === "country" && spoken() !== "en" ? countryText(l.iso) : l.name);
    labels.push({ name, lat: l.lat, lon: l.lon, kind: l.kind, weight: l.size * (l.kind === "country" ? 1e6 : 100), from: l.size });
  }
  for (const [name, lat, lon, population, capital, names] of towns) {
    labels.push({ name: names?.[spoken()] ?? name, lat, lon, kind: capital ? "capital" : "town", weight: population + (capital ? 5e6 : 0), from: zoomOf(population, capital) });
  }
  return labels.sort((a, b) => b.weight - a.weight);
}

/** Places of the incidents that are shown, by the names their sources use. @param {import("./store.js").Store} store @param {any} map */
function namedLabels(store, map) {
  const counted = new Set(pinsOf(map).filter((p) => p.hidden).map((p) => p.incident.n)); // they are on a badge
  /** @type {Map<string, Label>} */
  const found = new Map();
  if (store.packed) return markedLabels(store, map);
  if (store.records.clustered) return []; // so many that the towns around tell more
  for (const n of store.shown()) {
    if (counted.has(n)) continue;
    const i = store.incident(n);
    for (const [name, lat, lon] of /** @type {[string | null, number, number][]} */ ([[i.place, i.lat, i.lon], [i.origin, i.origin_lat, i.origin_lon]])) {
      const key = `${lat},${lon}`;
      // A country is named by the basemap, where its name is wanted; not at a point in its middle.
      if (!name || lat === null || found.has(key) || i.precision === "country") continue;
      found.set(key, { name, lat, lon, kind: "named", weight: 1e12, from: 0 });
    }
  }
  return [...found.values()];
}

/** Places of what is told apart on a crowded map, those of most incidents first. @param {import("./store.js").Store} store @param {any} map @returns {Label[]} */
function markedLabels(store, map) {
  /** @type {Map<string, Label>} */
  const found = new Map();
  for (const mark of map.getZoom() < NAMED_FROM ? [] : plans.get(map)?.marks ?? []) {
    const [name, precision] = ["place", "precision"].map((column) => store.rows.value(column, mark.row));
    // At an exact point the incident is, not the place it is named after.
    if (!mark.point || !name || precision === "exact" || precision === "country" || precision === "region" || found.has(name)) continue;
    found.set(name, { name, lat: store.rows.lat(mark.row), lon: store.rows.lon(mark.row), kind: "named", weight: 1e9 + mark.n, from: 0 });
  }
  return [...found.values()];
}

/** From which zoom on places are named on a crowded map. */
const NAMED_FROM = 8;

/** From which zoom on a town is named. @param {number} population @param {boolean} capital */
function zoomOf(population, capital) {
  if (capital) return 4;
  const steps = /** @type {[number, number][]} */ ([[2e6, 5], [5e5, 6], [1e5, 7], [3e4, 8], [5e3, 9], [500, 10]]);
  return steps.find(([least]) => population >= least)?.[1] ?? 11;
}

/** Small boxes along a line of fire, in pixels. @param {any} map @param {import("./store.js").Incident} i */
function alongLine(map, i) {
  const [a, b] = [map.latLngToContainerPoint([i.origin_lat, i.origin_lon]), map.latLngToContainerPoint([i.lat, i.lon])];
  const steps = Math.min(40, Math.ceil(a.distanceTo(b) / 8));
  return Array.from({ length: steps + 1 }, (_, k) => {
    const { x, y } = a.add(b.subtract(a).multiplyBy(k / Math.max(1, steps)));
    return [x - 4, y - 4, x + 4, y + 4];
  });
}

/** Boxes of what lies over the map: the legend, and Leaflet's controls. @param {any} map */
function overMap(map) {
  const frame = map.getContainer().getBoundingClientRect();
  return [...document.querySelectorAll("#legend, .leaflet-control")].map((node) => node.getBoundingClientRect()).filter((box) => box.width)
    .map((box) => [box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top]);
}

/** What names keep clear of: controls, pins, lines of fire, and rings of places mentioned. @param {any} map @param {import("./store.js").Store} store */
function obstacles(map, store) {
  const rings = store.kinds.has("mentions") ? [...store.mentioned().keys()].map((id) => store.places[id]) : [];
  const plan = plans.get(map);
  const marks = (plan?.marks ?? []).map(({ x, y, r }) => {
    const at = map.layerPointToContainerPoint([x, y]);
    return [at.x - r, at.y - r, at.x + r, at.y + r];
  });
  const lines = store.kinds.has("fire") && !store.packed ? Array.from(store.shown(), (n) => store.incident(n)).filter((i) => i.line === "fire") : [];
  return [...overMap(map), ...pinBoxes(map), ...marks, ...lines.flatMap((i) => alongLine(map, i)), ...rings.map((place) => {
    const { x, y } = map.latLngToContainerPoint([place.lat, place.lon]);
    return [x - 6, y - 6, x + 6, y + 6];
  })];
}

/**
 * Choose names that fit.
 * @param {any} map @param {Label[]} labels @param {number[][]} taken boxes in use, in pixels
 * @param {CanvasRenderingContext2D} context
 * @param {boolean} dense whether so much is on the map that a town's name may stand above or below it
 */
function choose(map, labels, taken, context, dense = false) {
  const zoom = map.getZoom();
  const size = map.getSize();
  const kmPerPixel = (40075 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (256 * 2 ** zoom);
  const family = getComputedStyle(map.getContainer()).fontFamily;
  const bounds = map.getBounds();
  const chosen = [];
  const areas = new Set(); // a country has several places for its name, and needs it once
  for (const label of labels) {
    if (chosen.length >= MOST) break;
    if (!bounds.contains([label.lat, label.lon])) continue;
    const area = label.kind !== "town" && label.kind !== "capital" && label.kind !== "named";
    const once = `${label.kind} ${label.name}`;
    if (area && areas.has(once)) continue;
    if (!area && zoom < label.from) continue;
    const look = LOOKS[label.kind] ?? LOOKS.region;
    context.font = `${look.weight} ${look.size}px ${family}`;
    const width = context.measureText(label.name).width * look.stretch + 4;
    if (area && (label.from / kmPerPixel < width * (label.kind === "country" ? 0.6 : 0.8) || label.from / kmPerPixel > 5000)) continue;
    const p = map.latLngToContainerPoint([label.lat, label.lon]);
    const height = look.size + 5;
    // An area may be named anywhere near its middle, as far as it reaches; a point only beside it.
    const reach = label.from / kmPerPixel / 2;
    const places = area ? NEAR.filter(([dx, dy]) => Math.abs(dy) <= reach && (!dx || Math.abs(dx) + width / 2 <= reach * 1.4)).map(([dx, dy]) => ["middle", p.x - width / 2 + dx, p.y - height / 2 + dy])
      : label.kind === "named" ? NAMED.map(([across, down]) => ["beside", p.x + across * (width / 2 + 16) - width / 2, p.y + down - height / 2])
        : [["right", p.x + 6, p.y - height / 2], ["left", p.x - 6 - width, p.y - height / 2], ...(dense ? AROUND : []).map((down) => ["middle", p.x - width / 2, p.y + down - height / 2])];
    for (const [side, x, y] of /** @type {[string, number, number][]} */ (places)) {
      const box = [x - 2, y - 1, x + width + 2, y + height + 1];
      if (box[0] < 0 || box[1] < 0 || box[2] > size.x || box[3] > size.y) continue;
      if (taken.some((t) => t[0] < box[2] && t[2] > box[0] && t[1] < box[3] && t[3] > box[1])) continue;
      taken.push(box);
      if (!area) taken.push([p.x - 4, p.y - 4, p.x + 4, p.y + 4]);
      if (area) areas.add(once);
      chosen.push({ label, side, width, height, anchor: [p.x - x, p.y - y] });
      break;
    }
  }
  return chosen;
}

/** How far off its middle, across and down in pixels, an area may be named. */
const NEAR = [[0, 0], [0, -26], [0, 26], [0, -52], [0, 52], [45, 0], [-45, 0], [45, -26], [-45, -26], [45, 26], [-45, 26], [90, 0], [-90, 0], [90, 40], [-90, 40], [90, -40], [-90, -40]];

/** How far down, in pixels, where a count stands on a town. */
const AROUND = [28, -28, 40, -40];

/**
 * Where the name of an incident's place may go: across in half widths, down in pixels; farther off where
 * pins are fanned out around it.
 */
const NAMED = [[0, 24], [1, 0], [-1, 0], [0, -24], [0, 42], [0, -42], [0, 60], [0, -60]];

/** Font sizes, as in map.css; `stretch` allows for letter-spacing and capitals. @type {Record<string, {size: number, weight: number, stretch: number}>} */
const LOOKS = {
  named: { size: 13, weight: 700, stretch: 1.03 },
  country: { size: 13, weight: 600, stretch: 1.5 },
  capital: { size: 12, weight: 600, stretch: 1.03 },
  town: { size: 11, weight: 400, stretch: 1.03 },
  admin1: { size: 10.5, weight: 400, stretch: 1.35 },
  water: { size: 11, weight: 400, stretch: 1.12 },
  region: { size: 11, weight: 400, stretch: 1.2 },
};

/** @param {{label: Label, side: string, width: number, height: number, anchor: number[]}} found */
function marker({ label, side, width, height, anchor }) {
  const dot = label.kind === "town" || label.kind === "capital";
  return L.marker([label.lat, label.lon], {
    pane: PANE, interactive: false, keyboard: false,
    icon: L.divIcon({
      className: `dateline-label ${label.kind} ${side}`, iconSize: [width, height], iconAnchor: anchor,
      html: el("span", {}, dot && el("i", {}), data(label.name)),
    }),
  });
}
