// The map as a picture: what is on the screen, with title, legend, scale and credits, as one SVG or PNG.
import { stroke } from "./basemap.js";
import { el, svg } from "./dom.js";
import { HALF, plans, shortly, slices } from "./plan.js";
import { colour } from "./sheet.js";
import { symbolOf } from "./symbols.js";
import { t } from "./text.js";

/** @typedef {import("./store.js").Store} Store */

/** What a shape keeps of the page's style. */
const LOOK = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "paint-order"];
/** What XML cannot hold. See https://www.w3.org/TR/xml/#charsets */
// eslint-disable-next-line no-control-regex
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text that XML can hold. @param {string | null | undefined} text */
export function fit(text) {
  return (text ?? "").replace(UNFIT, "");
}

/** A copy that needs no style sheet. @param {Element} node @param {SVGElement} defs */
function frozen(node, defs) {
  const copy = /** @type {SVGElement} */ (node.cloneNode(true));
  const [from, to] = [[node, ...node.querySelectorAll("*")], [copy, ...copy.querySelectorAll("*")]];
  from.forEach((each, k) => {
    const style = getComputedStyle(each);
    const shape = to[k];
    for (const name of ["class", "style", "tabindex", "role", "aria-label", "aria-hidden"]) shape.removeAttribute(name);
    for (const name of LOOK) shape.setAttribute(name, style.getPropertyValue(name));
    if (!style.clipPath.startsWith("inset")) return;
    // Half filled: other programs do not read this from a style.
    const id = `half-${defs.childElementCount}`;
    defs.append(svg("clipPath", { id }, svg("rect", { x: 0, y: 0, width: 12, height: 24 })));
    shape.setAttribute("clip-path", `url(#${id})`);
  });
  return copy;
}

/** The symbol of an incident as the style sheet makes it look, in need of none. @param {any} map @param {Store} store @param {import("./rows.js").Incident} incident @param {SVGElement} defs */
function pictured(map, store, incident, defs) {
  const node = symbolOf(store, incident, 2 * HALF);
  const held = el("div", { class: "hidden" }, node);
  map.getContainer().append(held);
  const copy = frozen(node, defs);
  held.remove();
  return copy;
}

/** What is painted on the canvas, drawn again. @param {any} map @param {Store} store @param {SVGElement} defs */
function planned(map, store, defs) {
  const plan = plans.get(map);
  if (!plan) return [];
  const shift = map.layerPointToContainerPoint([0, 0]);
  const [ink, paper] = [colour("--ink"), colour("--paper")];
  const ringed = (/** @type {import("./plan.js").Mark} */ mark) => {
    const width = 5.5;
    const radius = mark.r - width / 2;
    const round = 2 * Math.PI * radius;
    return [svg("circle", { cx: mark.x, cy: mark.y, r: mark.r + 1.5, fill: paper }),
      ...slices(store, mark).map(([hue, from, to]) => svg("circle", { cx: mark.x, cy: mark.y, r: radius, fill: "none", stroke: hue, "stroke-width": width, "stroke-dasharray": `${(to - from) * round} ${round}`, "stroke-dashoffset": -from * round, transform: `rotate(-90 ${mark.x} ${mark.y})` })),
      svg("text", { x: mark.x, y: mark.y + 4, "text-anchor": "middle", "font-size": mark.n > 9999 ? 10.5 : 12, "font-weight": 700, fill: ink }, shortly(mark.n))];
  };
  return [svg("g", { transform: `translate(${shift.x} ${shift.y})` },
    ...plan.squares.map(([x, y, side]) => svg("rect", { x, y, width: side, height: side, fill: "none", stroke: ink, opacity: 0.35 })),
    ...plan.circles.map(({ x, y, r, colour: hue, dash, fill }) => svg("circle", { cx: x, cy: y, r, stroke: hue, "stroke-width": 1.25, "stroke-dasharray": dash, fill: fill ? hue : "none", "fill-opacity": 0.08 })),
    ...plan.lines.flatMap(({ d, head, colour: hue, dash }) => [svg("path", { d, fill: "none", stroke: hue, "stroke-width": 2, "stroke-dasharray": dash }), head && svg("path", { d: head, fill: hue })]),
    ...[...plan.marks].reverse().flatMap((mark) => {
      if (!mark.single) return ringed(mark);
      const copy = pictured(map, store, store.incident(mark.row), defs);
      for (const [name, value] of Object.entries({ x: mark.x - HALF, y: mark.y - HALF, width: 2 * HALF, height: 2 * HALF, overflow: "visible" })) copy.setAttribute(name, String(value));
      return [copy];
    }))];
}

/** @param {any} map @param {any} geometry */
function pathOf(map, geometry) {
  const size = map.getSize();
  const lines = /** @type {number[][][]} */ (geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates);
  return lines.map((line) => {
    const points = line.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]));
    const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)];
    if (Math.max(...xs) < 0 || Math.min(...xs) > size.x || Math.max(...ys) < 0 || Math.min(...ys) > size.y) return "";
    const kept = points.filter((p, k) => k === 0 || k === points.length - 1 || p.distanceTo(points[k - 1]) >= 0.5);
    return `M${kept.map((p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join("L")}${geometry.type.endsWith("Polygon") ? "Z" : ""}`;
  }).join("");
}

/** The built-in basemap: tiles of others are theirs, and are left out. @param {any} map @param {any} basemap */
function ground(map, basemap) {
  const { x: width, y: height } = map.getSize();
  const parts = [svg("rect", { width, height, fill: colour("--sea") })];
  const add = (/** @type {any} */ geometry, /** @type {Record<string, any>} */ look) => {
    const d = pathOf(map, geometry);
    if (d) parts.push(svg("path", { d, ...look }));
  };
  for (const f of basemap?.land?.features ?? []) add(f.geometry, { fill: colour("--land"), "fill-rule": "evenodd" });
  for (const f of basemap?.water?.features ?? []) add(f.geometry, { fill: colour("--sea"), "fill-rule": "evenodd" });
  for (const f of basemap?.lines?.features ?? []) {
    const { color, weight, dashArray, opacity } = stroke(f);
    add(f.geometry, { fill: "none", stroke: color, "stroke-width": weight, "stroke-dasharray": dashArray, opacity });
  }
  return parts;
}

/** @param {DOMRect} box @param {Element} node @param {string} halo */
function written(box, node, halo) {
  const range = document.createRange();
  range.selectNodeContents(node.querySelector("bdi, b") ?? node);
  const at = range.getBoundingClientRect();
  const style = getComputedStyle(node.querySelector("b") ?? node);
  const words = fit(range.toString());
  return svg("text", {
    x: at.left - box.left, y: at.top - box.top + at.height * 0.78, fill: style.color, opacity: style.opacity,
    "font-size": style.fontSize, "font-weight": style.fontWeight, "font-style": style.fontStyle,
    "letter-spacing": style.letterSpacing === "normal" ? null : style.letterSpacing,
    stroke: halo, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke",
  }, style.textTransform === "uppercase" ? words.toLocaleUpperCase() : words);
}

/** Everything that is drawn on the map. @param {any} map @param {SVGElement} defs */
function marks(map, defs) {
  const container = /** @type {HTMLElement} */ (map.getContainer());
  const box = container.getBoundingClientRect();
  const all = (/** @type {string} */ what) => [...container.querySelectorAll(what)].filter((node) => !node.closest(".locator") && node.getClientRects().length);
  const placed = (/** @type {Element} */ node) => {
    const at = node.getBoundingClientRect();
    const copy = frozen(node, defs);
    for (const [name, value] of Object.entries({ x: at.left - box.left, y: at.top - box.top, width: at.width, height: at.height, overflow: "visible" })) copy.setAttribute(name, String(value));
    return copy;
  };
  const lines = /** @type {SVGGraphicsElement[]} */ (all(".leaflet-overlay-pane > svg path:not(.line-hit, .mention-hit)")).map((path) => {
    const { a, b, c, d, e, f } = /** @type {DOMMatrix} */ (path.getScreenCTM());
    return svg("g", { transform: `matrix(${a} ${b} ${c} ${d} ${e - box.left} ${f - box.top})` }, frozen(path, defs));
  });
  const dots = all(".dateline-label i").map((dot) => {
    const at = dot.getBoundingClientRect();
    return svg("circle", { cx: at.left + at.width / 2 - box.left, cy: at.top + at.height / 2 - box.top, r: at.width / 2, fill: getComputedStyle(dot).backgroundColor });
  });
  const badges = all(".dateline-cluster").flatMap((node) => {
    const at = node.getBoundingClientRect();
    return [svg("circle", { cx: at.left + at.width / 2 - box.left, cy: at.top + at.height / 2 - box.top, r: at.width / 2 - 3, fill: colour("--paper"), stroke: colour("--ink"), "stroke-width": 5 }), written(box, node, "none")];
  });
  return [
    ...lines, ...all(".dateline-arrow svg").map(placed), ...dots, ...all(".dateline-label").map((l) => written(box, l, colour("--land"))),
    ...all(".dateline-pin svg").map(placed), ...badges,
  ];
}

/** Symbols and what they mean, in columns. @param {number} width @param {SVGElement} defs */
function key(width, defs) {
  const rows = [...document.querySelectorAll("#legend label:has(.symbol), #legend .reading li")];
  const columns = Math.max(1, Math.floor(width / 430));
  const nodes = rows.flatMap((row, k) => {
    const [x, y] = [14 + (k % columns) * ((width - 20) / columns), Math.floor(k / columns) * 22];
    const picture = row.querySelector("svg");
    const copy = picture && frozen(picture, defs);
    for (const [name, value] of Object.entries({ x, y, width: 16, height: 16 })) copy?.setAttribute(name, String(value));
    const words = row.querySelector("span:not(.count)")?.textContent ?? "";
    const most = Math.floor((width / columns - 40) / 5.3);
    return [copy, svg("text", { x: x + 24, y: y + 12, "font-size": 11 }, words.length > most ? `${words.slice(0, most - 1)}…` : words)];
  });
  return { nodes, height: Math.ceil(rows.length / columns) * 22 };
}

/**
 * Draw what the map shows now.
 * @param {any} map @param {Store} store
 * @returns {SVGElement}
 */
export function picture(map, store) {
  const { x: width, y: height } = map.getSize();
  const defs = svg("defs", {}, svg("clipPath", { id: "frame" }, svg("rect", { width, height })));
  const legend = key(width, defs);
  const [ink, soft] = [colour("--ink"), colour("--soft")];
  const line = map.getContainer().querySelector(".leaflet-control-scale-line");
  const bar = line?.getBoundingClientRect().width ?? 0;
  const head = 50;
  const below = head + height + 14;
  const total = below + legend.height + 40;
  return svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height: total, viewBox: `0 0 ${width} ${total}`, fill: ink, "font-family": "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif" },
    defs, svg("rect", { width, height: total, fill: colour("--paper") }),
    svg("text", { x: 14, y: 23, "font-size": 17, "font-weight": 700 }, fit(document.title)),
    svg("text", { x: 14, y: 41, "font-size": 12, fill: soft }, fit(document.getElementById("summary")?.textContent)),
    svg("g", { transform: `translate(0 ${head})` },
      svg("g", { "clip-path": "url(#frame)" }, ...ground(map, store.records.basemap), ...marks(map, defs), ...planned(map, store, defs)),
      bar > 0 && [svg("path", { d: `M14 ${height - 18}v6h${bar}v-6`, fill: "none", stroke: ink, "stroke-width": 2 }), svg("text", { x: 18, y: height - 17, "font-size": 11 }, line?.textContent)]),
    svg("g", { transform: `translate(0 ${below})` }, ...legend.nodes),
    svg("text", { x: 14, y: total - 22, "font-size": 10, fill: soft }, t("about.credit")),
    svg("text", { x: 14, y: total - 8, "font-size": 10, fill: soft }, t("about.disclaimer")));
}

/** The picture as text. @param {any} map @param {Store} store */
export function asSvg(map, store) {
  return new XMLSerializer().serializeToString(picture(map, store));
}

/** The picture in pixels, two for each of the screen's. @param {any} map @param {Store} store @returns {Promise<Blob>} */
export async function asPng(map, store) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(asSvg(map, store))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"));
}
