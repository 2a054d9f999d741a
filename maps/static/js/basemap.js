// The embedded basemap: land, water and borders drawn below everything else, and tiles by choice.
/* global L */

const BASE = "dateline-base";

/** @param {string} name */
function colour(name) {
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

/** @param {any} map */
function options(map) {
  return { pane: BASE, interactive: false, renderer: (map.datelineCanvas ??= L.canvas({ pane: BASE, padding: 0.6 })) };
}

/** @param {string} name */
function fill(name) {
  return () => ({ stroke: false, fillColor: colour(name), fillOpacity: 1 });
}

/** @param {any} feature */
function stroke(feature) {
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
