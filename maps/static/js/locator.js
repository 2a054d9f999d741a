// The locator: a small map of the wider surroundings, with a frame where the large one is.
/* global L */
import { drawLand } from "./basemap.js";
import { t } from "./text.js";

/** So many zoom levels farther out than the map; on a map that is itself as far out there is none. */
const OUT = 5;

/**
 * Put the locator on a map.
 * @param {any} map
 * @param {import("./store.js").Store} store
 */
export function locator(map, store) {
  if (map.getZoom() < OUT) { map.once("zoomend", () => locator(map, store)); return; }
  const Inset = L.Control.extend({
    onAdd() {
      const node = L.DomUtil.create("div", "locator");
      node.setAttribute("role", "img");
      L.DomEvent.disableClickPropagation(node);
      return node;
    },
  });
  const inset = new Inset({ position: "bottomleft" }).addTo(map);
  const small = L.map(inset.getContainer(), {
    attributionControl: false, zoomControl: false, dragging: false, keyboard: false, scrollWheelZoom: false,
    doubleClickZoom: false, boxZoom: false, touchZoom: false, zoomAnimation: false, fadeAnimation: false,
  }).setView(map.getCenter(), 1, { animate: false });
  inset.getContainer().removeAttribute("tabindex");
  drawLand(small, store.records.basemap, store);
  const frame = L.rectangle(map.getBounds(), { className: "locator-frame", weight: 2, fillOpacity: 0.15, interactive: false }).addTo(small);
  const follow = () => {
    inset.getContainer().hidden = map.getZoom() < OUT;
    small.invalidateSize({ animate: false });
    small.setView(map.getCenter(), Math.max(0, Math.min(4, map.getZoom() - OUT)), { animate: false });
    // Where the frame would be a speck, it is drawn large enough to be seen.
    const [a, b] = [small.latLngToContainerPoint(map.getBounds().getNorthWest()), small.latLngToContainerPoint(map.getBounds().getSouthEast())];
    const [dx, dy] = [Math.max(0, 8 - (b.x - a.x)) / 2, Math.max(0, 8 - (b.y - a.y)) / 2];
    frame.setBounds([small.containerPointToLatLng(a.subtract([dx, dy])), small.containerPointToLatLng(b.add([dx, dy]))]);
  };
  map.on("moveend resize", follow);
  follow();
  const name = () => inset.getContainer().setAttribute("aria-label", t("page.locator"));
  store.on("kinds", name); // in another language
  name();
}
