// The embedded basemap: land, water and borders drawn below everything else, and tiles by choice.
/* global L */

const BASE = "dateline-base";

/** The value of a colour of the style. @param {string} name */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Draw the embedded basemap.
 * @param {any} map
 * @param {any} basemap as `maps.basemap.clip` returns it
 * @param {import("./store.js").Store} store
 */
export function drawBasemap(map, basemap, store) {
  const pane = map.createPane(BASE);
  pane.style.zIndex = "150"; // below the tiles, so that it is seen wherever no tile comes
  pane.style.pointerEvents = "none";
  // Lines above the fill, each on a canvas of its own: borders are never hidden by a lake drawn later.
  const layers = [
    L.geoJSON(basemap.land, { style: fill("--land"), ...options(map) }),
    L.geoJSON(basemap.water, { style: fill("--sea"), ...options(map) }),
    L.geoJSON(basemap.lines, { style: stroke, ...options(map) }),
  ];
  for (const layer of layers) layer.addTo(map);
  store.on("theme", () => {
    layers[0].setStyle(fill("--land"));
    layers[1].setStyle(fill("--sea"));
    layers[2].setStyle(stroke);
  });
}

/** Draw no more than land, water and coast, as the locator needs it. @param {any} map @param {any} basemap @param {import("./store.js").Store} store */
export function drawLand(map, basemap, store) {
  const borders = (/** @type {any} */ feature) => ["coast", "country", "disputed"].includes(feature.properties.kind);
  const layers = [
    L.geoJSON(basemap.land, { style: fill("--land"), interactive: false, renderer: L.canvas() }),
    L.geoJSON(basemap.lines, { style: thin, filter: borders, interactive: false, renderer: L.canvas() }),
  ];
  for (const layer of layers) layer.addTo(map);
  store.on("theme", () => {
    layers[0].setStyle(fill("--land"));
    layers[1].setStyle(thin);
  });
}

/** @param {any} feature */
function thin(feature) {
  return { ...stroke(feature), weight: 0.5, dashArray: null };
}

/** @param {any} map */
function options(map) {
  return { pane: BASE, interactive: false, renderer: (map.datelineCanvas ??= L.canvas({ pane: BASE, padding: 0.3 })) };
}

/** @param {string} name */
function fill(name) {
  return () => ({ stroke: false, fillColor: colour(name), fillOpacity: 1 });
}

/** How a line of the basemap is drawn. @param {any} feature @returns {any} */
export function stroke(feature) {
  const look = {
    coast: { color: colour("--coast"), weight: 0.9 },
    country: { color: colour("--border"), weight: 1.4 },
    admin1: { color: colour("--division"), weight: 0.8, dashArray: "1 3" },
    river: { color: colour("--coast"), weight: 0.8, opacity: 0.7 },
    disputed: { color: colour("--border"), weight: 1.4, dashArray: "5 4" },
  }[/** @type {string} */ (feature.properties.kind)];
  return { fill: false, opacity: 1, ...look };
}

/**
 * Tiles of online basemaps, by name; none is on the map until it is asked for.
 * @param {any[]} online
 * @returns {Map<string, any>}
 */
export function onlineLayers(online) {
  return new Map(online.map((o) => [o.name, L.tileLayer(o.url, {
    attribution: o.attribution, maxNativeZoom: o.maxZoom, maxZoom: 19, subdomains: o.subdomains, className: "tiles",
  })]));
}
