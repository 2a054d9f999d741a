// Layers and legend in one: what is drawn, how to read it, what may be switched on or off.
import { data, el, svg } from "./dom.js";
import { BIT } from "./sieve.js";
import { symbol } from "./symbols.js";
import { number, say, t } from "./text.js";
import { unfolded } from "./view.js";

/** @typedef {import("./store.js").Store} Store */

/**
 * Fill the legend.
 * @param {HTMLElement} node
 * @param {any} map
 * @param {Store} store
 * @param {Record<string, any>} layers by kind
 * @param {Map<string, any>} tiles online basemaps by name
 */
export function legend(node, map, store, layers, tiles) {
  const used = [...store.families.values()].filter((f) => store.rows.column("family").values.includes(f.id));
  /** Counted once for all the boxes. @type {ArrayLike<number> | null} */
  let counted = null;
  store.on("filter", () => { counted = null; });
  const counts = () => (counted ??= store.sieve.count(store.rows.column("family"), BIT.family));
  const body = el("div", { class: "body" },
    used.length > 0 && el("fieldset", {}, el("legend", {}, t("table.incidents")), ...used.map((f) => familyBox(store, f, counts))),
    el("fieldset", {}, el("legend", {}, t("legend.layers")), ...kindBoxes(map, store, layers)),
    reading(store),
    tiles.size > 0 && el("fieldset", {}, el("legend", {}, t("legend.background")), ...tileChoices(map, store, tiles),
      el("p", { class: "soft" }, t("legend.online"))),
    el("p", { class: "soft" }, t("about.disclaimer")));
  const details = /** @type {HTMLDetailsElement} */ (el("details", { open: node.querySelector("details")?.open ?? unfolded() }, el("summary", {}, t("legend.title")), body));
  node.replaceChildren(details);
}

/** @param {Store} store @param {import("./store.js").Family} family @param {() => ArrayLike<number>} counts by code of the family */
function familyBox(store, family, counts) {
  const count = el("span", { class: "count" });
  const box = /** @type {HTMLInputElement} */ (el("input", {
    type: "checkbox", checked: !store.hiddenFamilies.has(family.id), onchange: () => {
      if (box.checked) store.hiddenFamilies.delete(family.id);
      else store.hiddenFamilies.add(family.id);
      store.emit("filter");
    },
  }));
  const tell = () => {
    box.checked = !store.hiddenFamilies.has(family.id);
    count.textContent = number(counts()[store.rows.column("family").values.indexOf(family.id)]);
  };
  store.on("filter", tell);
  tell();
  return el("label", {}, box, symbol(family, { size: 20 }), el("span", {}, say("family", family.id)), count);
}

/** @param {any} map @param {Store} store @param {Record<string, any>} layers */
function kindBoxes(map, store, layers) {
  /** How many things each layer holds. @type {Record<string, number>} */
  const counts = { mentions: store.mentioned().size, circles: 0, fire: 0 };
  const [layer, line, drawn, reach] = ["layer", "line", "drawn", "radius_km"].map((name) => store.rows.column(name));
  for (let n = 0; n < store.count; n += 1) {
    if (!drawn.codes[n]) continue;
    const weight = store.rows.weights?.[n] ?? 1;
    const [kind, joined] = [layer.values[layer.codes[n]], line.values[line.codes[n]]];
    counts[kind] = (counts[kind] ?? 0) + weight;
    if (joined === "fire") counts.fire += 1;
    if (reach.codes[n] && joined !== "arc" && kind === "incidents" && !store.records.counted) counts.circles += 1;
  }
  const order = ["incidents", "links", "fire", "circles", "mentions", "planned", "denied"];
  return store.records.kinds
    .filter((/** @type {[string]} */ [kind]) => counts[kind])
    .sort((/** @type {[string]} */ [a], /** @type {[string]} */ [b]) => order.indexOf(a) - order.indexOf(b))
    .map((/** @type {[string, string]} */ [kind]) => {
      const box = /** @type {HTMLInputElement} */ (el("input", {
        type: "checkbox", "data-kind": kind, onchange: () => { if (box.checked) layers[kind].addTo(map); else layers[kind].remove(); },
      }));
      const tell = () => { box.checked = store.kinds.has(kind); };
      store.on("kinds", tell);
      tell();
      return el("label", {}, box, KEYS[kind]?.(), el("span", {}, say("kind", kind)), el("span", { class: "count" }, number(counts[kind])));
    });
}

/** @param {...SVGElement} parts */
function key(...parts) {
  return svg("svg", { class: "key", viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true" }, ...parts);
}

/** Small pictures of what is drawn. @type {Record<string, () => SVGElement>} */
const KEYS = {
  incidents: () => key(svg("path", { d: "M12 4 20 19H4Z", class: "key-fill" })),
  links: () => key(svg("path", { d: "M3 19Q9 3 21 8", class: "key-line" })),
  fire: () => key(svg("path", { d: "M2 12H15", class: "key-line" }), svg("path", { d: "M22 12 12 7 14.5 12 12 17Z", class: "key-fill" })),
  circles: () => key(svg("circle", { cx: 12, cy: 12, r: 9, class: "key-line faint" })),
  disputed: () => key(svg("path", { d: "M1 12H23", class: "key-line border", "stroke-dasharray": "5 3.5" })),
  mentions: () => key(svg("circle", { cx: 12, cy: 12, r: 5, class: "key-line" })),
  count: () => key(svg("circle", { cx: 12, cy: 12, r: 9, class: "key-line" }), svg("text", { x: 12, y: 16, "text-anchor": "middle", "font-size": 11, class: "key-fill" }, "9")),
  square: () => key(svg("rect", { x: 3, y: 3, width: 18, height: 18, class: "key-line" }), svg("text", { x: 12, y: 16, "text-anchor": "middle", "font-size": 11, class: "key-fill" }, "9")),
  planned: () => key(svg("circle", { cx: 12, cy: 12, r: 8, class: "key-line", "stroke-dasharray": "0.2 4", "stroke-linecap": "round" })),
  denied: () => key(svg("circle", { cx: 12, cy: 12, r: 8, class: "key-line" }), svg("path", { d: "M4 20 20 4", class: "key-line" })),
};

/** How to read the symbols: only what this map uses. @param {Store} store */
function reading(store) {
  const family = { colour: "#7a7a7a", shape: "circle" };
  const has = (/** @type {string} */ name, /** @type {string} */ value) => store.rows.column(name).values.includes(value);
  /** @type {[boolean, Node, string][]} */
  const rows = [
    [has("status", "reported"), symbol(family, { size: 20 }), t("legend.reported")],
    [has("status", "claimed"), symbol(family, { status: "claimed", size: 20 }), t("legend.claimed")],
    [has("status", "contested"), symbol(family, { status: "contested", size: 20 }), t("legend.contested")],
    [has("status", "planned"), symbol(family, { status: "planned", size: 20 }), t("legend.planned")],
    [has("status", "denied"), symbol(family, { status: "denied", size: 20 }), t("legend.denied")],
    [has("located_by", "inferred"), symbol(family, { inferred: true, size: 20 }), t("legend.inferred")],
    [!store.records.counted && store.rows.column("radius_km").values.some(Boolean), KEYS.circles(), t("legend.circle")],
    [store.packed, KEYS.count(), t("legend.count")],
    [Boolean(store.records.counted), KEYS.square(), t("legend.square")],
    [has("line", "fire"), KEYS.fire(), t("legend.arrow")],
    [has("line", "arc"), KEYS.links(), t("legend.arc")],
    [(store.records.basemap?.lines?.features ?? []).some((/** @type {any} */ f) => f.properties.kind === "disputed"), KEYS.disputed(), t("legend.disputed")],
  ];
  const shown = rows.filter(([used]) => used);
  if (!shown.length) return null;
  return el("section", { class: "reading" }, el("h2", {}, t("legend.how")), el("ul", {}, ...shown.map(([, picture, text]) => el("li", {}, picture, el("span", {}, text)))));
}

/** @param {any} map @param {Store} store @param {Map<string, any>} tiles */
function tileChoices(map, store, tiles) {
  const note = el("p", { class: "warning", role: "status", hidden: true }, t("legend.silent"));
  const pick = (/** @type {string | null} */ name) => {
    for (const layer of tiles.values()) layer.remove();
    note.hidden = true;
    store.tilesName = name;
    if (name) tiles.get(name).addTo(map);
    store.emit("tiles");
  };
  for (const layer of tiles.values()) {
    let came = false;
    layer.on("tileload", () => { came = true; note.hidden = true; });
    layer.on("tileerror", () => { if (!came) note.hidden = false; });
  }
  const radio = (/** @type {string | null} */ name, /** @type {string} */ label) =>
    el("label", {}, el("input", { type: "radio", name: "background", checked: store.tilesName === name, onchange: () => pick(name) }), el("span", {}, label));
  return [radio(null, t("legend.builtin")), ...[...tiles.keys()].map((name) => radio(name, t("legend.provider", { name }))), note];
}
