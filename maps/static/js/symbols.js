// Symbols: a shape and a colour for the family of types, an outline for the status.
import { svg } from "./dom.js";

/** Outlines in a box of 24 by 24. @type {Record<string, string>} */
const SHAPES = {
  triangle: "M12 3.2 21.4 20H2.6Z",
  star: "M12 2 14.9 8.9 22.3 9.5 16.7 14.4 18.4 21.7 12 17.8 5.6 21.7 7.3 14.4 1.7 9.5 9.1 8.9Z",
  diamond: "M12 2 22 12 12 22 2 12Z",
  square: "M4 4H20V20H4Z",
  circle: "M12 3A9 9 0 1 1 12 21 9 9 0 1 1 12 3Z",
  pentagon: "M12 2.4 21.8 9.5 18.1 21H5.9L2.2 9.5Z",
  hexagon: "M7 3.4H17L22 12 17 20.6H7L2 12Z",
};

/** Widths of the lines of a symbol, in its box; their colours are in map.css. @type {Record<string, number>} */
const WIDTHS = { halo: 5, edge: 1.7, "edge open": 5.4, hue: 3, "strike-halo": 6, strike: 2.4 };

/** The line that says that it is denied. */
const STRIKE = "M2 22 22 2";

/** A fill, or a line where its part has a width: `hue` is that of the family, else the part's own. @typedef {{part: string, d: string, hue?: string, half?: boolean, dash?: string, cap?: "round" | "butt"}} Piece */
/** What decides how a symbol looks. @typedef {{status?: string, inferred?: boolean}} Look */

/** What a symbol is made up of, from below. @param {{colour: string, shape: string}} family @param {Look} look @returns {Piece[]} */
function piecesOf({ colour: hue, shape }, { status = "reported", inferred = false }) {
  const d = SHAPES[shape] ?? SHAPES.hexagon;
  const open = inferred || status === "planned";
  const half = status === "contested" && !open;
  // The hollow outline is thicker, and so are its gaps.
  const broken = open ? "6.4 2" : "3.2 2.2";
  const dash = { claimed: broken, contested: broken, planned: "0.2 6.6" }[status];
  const line = { d, dash, cap: /** @type {"round" | "butt"} */ (status === "planned" ? "round" : "butt") };
  return [
    { part: "halo", d },
    ...(open || half ? [{ part: "paper", d }] : []),
    ...(open ? [] : [{ part: "full", d, hue, half }]),
    { part: open ? "edge open" : "edge", ...line },
    ...(open ? [{ part: "hue", hue, ...line }] : []),
    ...(status === "denied" ? [{ part: "strike-halo", d: STRIKE }, { part: "strike", d: STRIKE }] : []),
  ];
}

/**
 * Draw a symbol.
 * @param {{colour: string, shape: string}} family
 * @param {Look & {size?: number}} [look]
 */
export function symbol(family, { size = 24, ...look } = {}) {
  const parts = piecesOf(family, look).map(({ part, d, hue, half, dash, cap }) => {
    const width = WIDTHS[part];
    const path = svg("path", { d, class: part, [width ? "stroke" : "fill"]: hue, "stroke-width": width, "stroke-dasharray": dash, "stroke-linecap": cap });
    if (half) path.style.clipPath = "inset(0 50% 0 0)";
    return path;
  });
  return svg("svg", { class: "symbol", viewBox: "-1 -1 26 26", width: size, height: size, "aria-hidden": "true" }, ...parts);
}

/**
 * Paint a symbol, the same as `symbol` draws.
 * @param {CanvasRenderingContext2D} context @param {{colour: string, shape: string}} family @param {Look} look
 * @param {number} x @param {number} y its middle @param {number} size @param {{paper: string, ink: string}} colours of the style
 */
export function paintSymbol(context, family, look, x, y, size, { paper, ink }) {
  context.save();
  context.translate(x, y);
  context.scale(size / 26, size / 26);
  context.translate(-12, -12);
  context.lineJoin = "round";
  for (const { part, d, hue, half, dash = "", cap = "butt" } of piecesOf(family, look)) {
    const own = hue ?? (part === "edge" || part === "edge open" || part === "strike" ? ink : paper);
    const path = new Path2D(d);
    context.save();
    if (half) { context.beginPath(); context.rect(0, 0, 12, 24); context.clip(); }
    [context.fillStyle, context.strokeStyle, context.lineWidth, context.lineCap] = [own, own, WIDTHS[part] ?? 0, cap];
    context.setLineDash(dash.split(" ").filter(Boolean).map(Number));
    if (WIDTHS[part]) context.stroke(path);
    else context.fill(path);
    context.restore();
  }
  context.restore();
}

/** What the symbol of an incident is. @param {import("./store.js").Store} store @param {string} family @param {string} status @param {string | null} basis @returns {[{colour: string, shape: string}, Look]} */
export function lookedUp(store, family, status, basis) {
  return [store.families.get(family) ?? { colour: "#7a7a7a", shape: "hexagon" }, { status, inferred: basis === "inferred" }];
}

/**
 * The symbol of an incident.
 * @param {import("./store.js").Store} store
 * @param {import("./store.js").Incident} incident
 * @param {number} [size]
 */
export function symbolOf(store, incident, size = 24) {
  const [family, look] = lookedUp(store, incident.family, incident.status, incident.located_by);
  return symbol(family, { ...look, size });
}

/** @param {import("./store.js").Store} store @param {import("./store.js").Incident} incident */
export function colourOf(store, incident) {
  return store.families.get(incident.family)?.colour ?? "#7a7a7a";
}

/** Colour and dashes of a row. @param {import("./store.js").Store} store @param {number} n */
export function lookOf(store, n) {
  const [family, status, basis] = ["family", "status", "located_by"].map((name) => store.rows.value(name, n));
  return { colour: store.families.get(family)?.colour ?? "#7a7a7a", dash: dashOf({ status, located_by: basis }) };
}

/**
 * A straight line with an arrow head halfway, or an arc, from one point to another.
 * @param {number[]} a @param {number[]} b @param {boolean} arc
 * @returns {{d: string, head: string}} paths, the head's empty where there is none
 */
export function arcPath(a, b, arc) {
  const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const to = b.map((v) => v.toFixed(1)).join(" ");
  if (arc) return { d: `M${a.map((v) => v.toFixed(1)).join(" ")}Q${(middle[0] + (b[1] - a[1]) * BEND).toFixed(1)} ${(middle[1] - (b[0] - a[0]) * BEND).toFixed(1)} ${to}`, head: "" };
  const d = `M${a.map((v) => v.toFixed(1)).join(" ")}L${to}`;
  const [length, turn] = [Math.hypot(b[0] - a[0], b[1] - a[1]), Math.atan2(b[1] - a[1], b[0] - a[0])];
  if (length < 44) return { d, head: "" }; // too short to see which way it points
  const [sine, cosine] = [Math.sin(turn), Math.cos(turn)];
  const corners = [[8, 0], [-6, 6.5], [-2.5, 0], [-6, -6.5]].map(([x, y]) => `${(middle[0] + x * cosine - y * sine).toFixed(1)} ${(middle[1] + x * sine + y * cosine).toFixed(1)}`);
  return { d, head: `M${corners.join("L")}Z` };
}

/** How far an arc bends, for its length. */
export const BEND = 0.22;

/** How an incident's lines are dashed: as its outline is. @param {{status: string, located_by: string | null}} incident */
export function dashOf(incident) {
  if (incident.status === "planned") return "1 6";
  if (incident.status === "claimed" || incident.status === "contested") return "7 5";
  return incident.located_by === "inferred" ? "3 5" : undefined;
}
