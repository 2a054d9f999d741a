// Layers and legend in one: what is drawn, how to read it, what may be switched on or off.
import { data, el, svg } from "./dom.js";
import { symbol } from "./symbols.js";

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
  const used = [...store.families.values()].filter((f) => store.incidents.some((i) => i.family === f.id));
  const body = el("div", { class: "body" },
    used.length > 0 && el("fieldset", {}, el("legend", {}, "Incidents"), ...used.map((f) => familyBox(store, f))),
    el("fieldset", {}, el("legend", {}, "Layers"), ...kindBoxes(map, store, layers)),
    reading(store),
    tiles.size > 0 && el("fieldset", {}, el("legend", {}, "Background"), ...tileChoices(map, store, tiles),
      el("p", { class: "soft" }, "Online maps are fetched from their providers, who then see where you look. All else works with no network.")),
    el("p", { class: "soft" }, data(store.records.basemap?.disclaimer ?? "")));
  const details = /** @type {HTMLDetailsElement} */ (el("details", { open: !matchMedia("(max-width: 1100px)").matches }, el("summary", {}, "Layers and legend"), body));
  node.append(details);
}

/** @param {Store} store @param {import("./store.js").Family} family */
function familyBox(store, family) {
  const count = el("span", { class: "count" });
  const box = /** @type {HTMLInputElement} */ (el("input", {
    type: "checkbox", checked: !store.hiddenFamilies.has(family.id), onchange: () => {
      if (box.checked) store.hiddenFamilies.delete(family.id);
      else store.hiddenFamilies.add(family.id);
      store.emit("filter");
    },
  }));
  count.textContent = store.incidents.filter((i) => i.family === family.id).length.toLocaleString("en");
  return el("label", {}, box, symbol(family, { size: 20 }), el("span", {}, family.label), count);
}

/** @param {any} map @param {Store} store @param {Record<string, any>} layers */
function kindBoxes(map, store, layers) {
  /** How many things each layer holds. @type {Record<string, number>} */
  const counts = { mentions: store.mentioned().size, circles: 0, fire: 0 };
  for (const i of store.incidents) {
    if (!i.drawn) continue;
    counts[i.layer] = (counts[i.layer] ?? 0) + 1;
    if (i.line === "fire") counts.fire += 1;
    if (i.radius_km && i.line !== "arc" && i.layer === "incidents") counts.circles += 1;
  }
  const order = ["incidents", "links", "fire", "circles", "mentions", "planned", "denied"];
  return store.records.kinds
    .filter((/** @type {[string]} */ [kind]) => counts[kind])
    .sort((/** @type {[string]} */ [a], /** @type {[string]} */ [b]) => order.indexOf(a) - order.indexOf(b))
    .map((/** @type {[string, string]} */ [kind, name]) => {
      const box = /** @type {HTMLInputElement} */ (el("input", {
        type: "checkbox", "data-kind": kind, onchange: () => { if (box.checked) layers[kind].addTo(map); else layers[kind].remove(); },
      }));
      const tell = () => { box.checked = store.kinds.has(kind); };
      store.on("kinds", tell);
      tell();
      return el("label", {}, box, KEYS[kind]?.(), el("span", {}, name), el("span", { class: "count" }, counts[kind].toLocaleString("en")));
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
  planned: () => key(svg("circle", { cx: 12, cy: 12, r: 8, class: "key-line", "stroke-dasharray": "0.2 4", "stroke-linecap": "round" })),
  denied: () => key(svg("circle", { cx: 12, cy: 12, r: 8, class: "key-line" }), svg("path", { d: "M4 20 20 4", class: "key-line" })),
};

/** How to read the symbols: only what this map uses. @param {Store} store */
function reading(store) {
  const family = { colour: "#7a7a7a", shape: "circle" };
  const has = (/** @type {(i: import("./store.js").Incident) => boolean} */ test) => store.incidents.some(test);
  /** @type {[boolean, Node, string][]} */
  const rows = [
    [has((i) => i.status === "reported"), symbol(family, { size: 20 }), "Solid outline: reported"],
    [has((i) => i.status === "claimed"), symbol(family, { status: "claimed", size: 20 }), "Dashed: one party claims it"],
    [has((i) => i.status === "contested"), symbol(family, { status: "contested", size: 20 }), "Half filled: claimed and denied"],
    [has((i) => i.status === "planned"), symbol(family, { status: "planned", size: 20 }), "Dotted, hollow: planned"],
    [has((i) => i.status === "denied"), symbol(family, { status: "denied", size: 20 }), "Struck out: denied"],
    [has((i) => i.located_by === "inferred"), symbol(family, { inferred: true, size: 20 }), "Hollow: the place is inferred"],
    [has((i) => Boolean(i.radius_km)), KEYS.circles(), "Circle: it may have been anywhere within; as wide as the place reaches or the words allow"],
    [has((i) => i.line === "fire"), KEYS.fire(), "Arrow: from where it was fired, as the source says"],
    [has((i) => i.line === "arc"), KEYS.links(), "Arc: two places joined; nothing happened at a point"],
    [(store.records.basemap?.lines?.features ?? []).some((/** @type {any} */ f) => f.properties.kind === "disputed"), KEYS.disputed(), "Dashed border: disputed or not agreed"],
  ];
  const shown = rows.filter(([used]) => used);
  if (!shown.length) return null;
  return el("section", { class: "reading" }, el("h2", {}, "How to read it"), el("ul", {}, ...shown.map(([, picture, text]) => el("li", {}, picture, el("span", {}, text)))));
}

/** @param {any} map @param {Store} store @param {Map<string, any>} tiles */
function tileChoices(map, store, tiles) {
  const note = el("p", { class: "warning", role: "status", hidden: true }, "This online map does not answer; the built-in map is shown beneath.");
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
  return [radio(null, "Built-in, works with no network"), ...[...tiles.keys()].map((name) => radio(name, `${name} (online)`)), note];
}
