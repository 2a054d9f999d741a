// Pins: the symbols of incidents on the map, kept from hiding each other.
/* global L */
import { spokenName, titleOf } from "./card.js";
import { data, el, onPress, svg } from "./dom.js";
import { symbolOf } from "./symbols.js";
import { t } from "./text.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */
/** @typedef {{store: Store, incident: Incident, marker: any, leg: SVGElement, shift: [number, number], hidden: boolean}} Pin */
/** @typedef {{at: any, radius: number, pins: Pin[]}} Group */

const PIN = 28;

/** So many are fanned out; more are counted on a badge, which opens when it is pressed. */
const FAN = 7;

/** What is kept apart on a map. @typedef {{pins: Set<Pin>, badges: any, opened: string}} Crowd */
/** @type {WeakMap<object, Crowd>} */
const crowds = new WeakMap();

/** Pins of every layer on a map. @param {any} map @returns {Pin[]} */
export function pinsOf(map) {
  return [...(crowds.get(map)?.pins ?? [])];
}

/** @param {Store} store @param {Incident} incident */
export function isSelected(store, incident) {
  return store.selected?.kind === "incident" && store.selected.n === incident.n;
}

/** Make the pin of an incident. @param {Store} store @param {Incident} incident @returns {Pin} */
export function pin(store, incident) {
  const leg = svg("line", { x1: 0, y1: 0, x2: 0, y2: 0, class: "leg" });
  const foot = svg("svg", { class: "foot", width: 1, height: 1, "aria-hidden": "true" }, leg, svg("circle", { r: 2.5, class: "tip" }));
  const icon = L.divIcon({
    className: `dateline-pin ${incident.layer}`, iconSize: [PIN, PIN],
    html: el("span", {}, foot, symbolOf(store, incident, PIN)),
  });
  const choose = () => { marker.closeTooltip(); store.select({ kind: "incident", n: incident.n }, "map"); };
  const marker = L.marker([incident.lat, incident.lon], { icon, riseOnHover: true, keyboard: true });
  marker.incident = incident;
  marker.on("add", () => {
    const node = marker.getElement();
    node.setAttribute("aria-label", spokenName(incident));
    node.addEventListener("keydown", onPress(choose));
    node.classList.toggle("selected", isSelected(store, incident));
  });
  marker.bindTooltip(() => el("span", {}, data(titleOf(incident))), { direction: "top", offset: [0, -12], className: "dateline-tip" });
  marker.on("click", choose);
  return { store, incident, marker, leg, shift: [0, 0], hidden: false };
}

/** Count a pin among those of a map that keep out of each other's way. @param {any} map @param {Pin} p */
export function keepApart(map, p) {
  const crowd = crowds.get(map) ?? { pins: new Set(), badges: L.layerGroup().addTo(map), opened: "" };
  crowds.set(map, crowd);
  crowd.pins.add(p);
  p.marker.once("remove", () => crowd.pins.delete(p));
}

/** The icon of many incidents: how many, and in a ring around the number of what families. @param {Store} store @param {Incident[]} incidents */
export function badge(store, incidents) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const i of incidents) counts.set(i.family, (counts.get(i.family) ?? 0) + 1);
  let turned = 0;
  const slices = [...store.families.values()].filter((f) => counts.has(f.id)).map((f) => {
    const from = turned;
    turned += (counts.get(f.id) ?? 0) / incidents.length;
    return `${f.colour} ${from.toFixed(4)}turn ${turned.toFixed(4)}turn`;
  });
  const size = Math.round(32 + 6 * Math.log10(incidents.length));
  const node = el("span", { class: "ringed" }, el("b", {}, incidents.length));
  node.style.background = `conic-gradient(${slices.join(",")})`;
  return L.divIcon({ className: "dateline-cluster marker-cluster", iconSize: [size, size], html: node });
}

/** What a group is known by while the reader has it open. @param {Pin[]} pins */
function nameOf(pins) {
  return pins.map((p) => p.incident.n).sort((a, b) => a - b).join();
}

/**
 * Gather pins that would hide each other: those that overlap, and then groups whose fans would.
 * @param {any} map @param {Crowd} crowd
 * @returns {Group[]}
 */
function gather(map, crowd) {
  const ring = (/** @type {number} */ n) => Math.max(PIN * 0.72, (n * PIN * 1.12) / (2 * Math.PI));
  const radiusOf = (/** @type {Pin[]} */ pins) => (pins.length === 1 ? 0 : pins.length <= FAN || nameOf(pins) === crowd.opened ? ring(pins.length) : 6);
  const sorted = [...crowd.pins].sort((a, b) => a.incident.n - b.incident.n);
  /** @type {Group[]} */
  let groups = sorted.map((p) => ({ at: map.latLngToLayerPoint(p.marker.getLatLng()), radius: 0, pins: [p] }));
  for (let merged = true; merged;) {
    merged = false;
    /** @type {Group[]} */
    const kept = [];
    for (const group of groups) {
      const near = kept.find((g) => g.at.distanceTo(group.at) < g.radius + group.radius + PIN);
      if (!near) { kept.push(group); continue; }
      const n = near.pins.length + group.pins.length;
      near.at = near.at.multiplyBy(near.pins.length / n).add(group.at.multiplyBy(group.pins.length / n));
      near.pins.push(...group.pins);
      near.radius = radiusOf(near.pins);
      merged = true;
    }
    groups = kept;
  }
  return groups;
}

/**
 * Lay out the pins of a map at this zoom: alone, fanned out around where they belong with a leg to the true
 * point of each, or counted on a badge.
 * @param {any} map
 */
export function fanOut(map) {
  const crowd = crowds.get(map);
  if (!crowd) return;
  crowd.badges.clearLayers();
  for (const group of gather(map, crowd)) {
    const counted = group.pins.length > FAN && nameOf(group.pins) !== crowd.opened;
    if (counted) crowd.badges.addLayer(badgeMarker(map, crowd, group));
    spread(map, group, counted);
  }
}

/** @param {any} map @param {Group} group @param {boolean} hidden */
function spread(map, { at, radius, pins }, hidden) {
  // Each takes the place on the ring that lies nearest its own direction, so that legs seldom cross.
  const offset = (/** @type {Pin} */ p) => map.latLngToLayerPoint(p.marker.getLatLng()).subtract(at);
  const angle = (/** @type {Pin} */ p) => Math.atan2(offset(p).y, offset(p).x);
  const fan = pins.length > 1 && !hidden;
  if (fan) pins.sort((a, b) => angle(a) - angle(b) || a.incident.n - b.incident.n);
  const turn = fan ? angle(pins[0]) : 0;
  pins.forEach((p, k) => {
    const direction = turn + (2 * Math.PI * k) / pins.length;
    const own = offset(p);
    const [dx, dy] = fan ? [radius * Math.cos(direction) - own.x, radius * Math.sin(direction) - own.y] : [0, 0];
    p.shift = [dx, dy];
    p.hidden = hidden;
    const node = p.marker.getElement();
    if (!node) return;
    node.style.display = hidden ? "none" : "";
    node.style.marginLeft = `${dx - PIN / 2}px`;
    node.style.marginTop = `${dy - PIN / 2}px`;
    p.leg.setAttribute("x2", String(-dx));
    p.leg.setAttribute("y2", String(-dy));
    p.leg.nextElementSibling?.setAttribute("transform", `translate(${-dx} ${-dy})`);
  });
}

/** @param {any} map @param {Crowd} crowd @param {Group} group */
function badgeMarker(map, crowd, { at, pins }) {
  const marker = L.marker(map.layerPointToLatLng(at), { icon: badge(pins[0].store, pins.map((p) => p.incident)), keyboard: true });
  const open = () => {
    const bounds = L.latLngBounds(pins.map((p) => p.marker.getLatLng()));
    const zoom = Math.min(map.getBoundsZoom(bounds, false, [80, 80]), 14);
    // Where moving closer would not part them, they are fanned out where they are.
    if (zoom > map.getZoom() && !bounds.getSouthWest().equals(bounds.getNorthEast())) { map.setView(bounds.getCenter(), zoom, { animate: false }); return; }
    crowd.opened = nameOf(pins);
    fanOut(map);
  };
  marker.on("click", open);
  marker.on("add", () => {
    marker.getElement().setAttribute("aria-label", t("pin.crowd", { n: pins.length }));
    marker.getElement().addEventListener("keydown", onPress(open));
  });
  return marker;
}

/** Boxes that pins and badges of a map take up now, in pixels. @param {any} map @returns {number[][]} */
export function pinBoxes(map) {
  return pinsOf(map).map((p) => {
    const at = map.latLngToContainerPoint(p.marker.getLatLng()).add(p.shift);
    return [at.x - PIN / 2, at.y - PIN / 2, at.x + PIN / 2, at.y + PIN / 2];
  });
}
