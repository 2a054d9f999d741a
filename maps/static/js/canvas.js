// One canvas for all packed incidents of a map: painted from a plan, hit by the mouse, walked by the keyboard.
/* global L */
import { spokenName, titleOf } from "./card.js";
import { data, el } from "./dom.js";
import { HALF, Planner, boundsOf, plans, rowsOf, shortly, slices } from "./plan.js";
import { Sheet, colour } from "./sheet.js";
import { colourOf, dashOf, lookedUp, paintSymbol } from "./symbols.js";
import { t } from "./text.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./plan.js").Mark} Mark */
/** @typedef {import("./plan.js").Line} Line */
/** @typedef {import("./plan.js").Plan} Plan */

/** As close as a press on a count moves the map. */
const CLOSEST = 16;

/** Marks that the keyboard walks through at most. */
const WALKED = 200;

/** @type {WeakMap<object, any>} */
const canvases = new WeakMap();

/** Draw the rows that are shown now. @param {any} map @param {Store} store */
export function drawAnew(map, store) {
  const known = canvases.get(map);
  if (known) { known.anew(); return; }
  const pane = map.createPane("dateline-canvas");
  pane.style.zIndex = "460"; // over names, under cards
  pane.style.pointerEvents = "none";
  const canvas = new Canvas({ pane: "dateline-canvas", padding: 0.02 });
  canvas.store = store;
  canvas.planner = new Planner(store);
  canvases.set(map, canvas);
  canvas.addTo(map);
  canvas.options.padding = 0.3; // a margin to pan over; the first time it would only cost time
  for (const event of /** @type {const} */ (["theme", "select"])) store.on(event, () => canvas.repaint());
  pointed(map, canvas, store);
  walked(map, canvas, store);
}

const Canvas = Sheet.extend({
  /** Plan and paint. */
  draw() {
    this.plan = this.planner.plan(this._map, this._bounds);
    plans.set(this._map, this.plan);
    this.repaint();
    this.store.emit("drawn");
  },
  /** Other rows are shown. */
  anew() {
    this.planner.forget();
    if (this._bounds) this.draw();
  },
  repaint() {
    if (!this.plan || !this._map) return;
    const context = this.blank();
    paint(context, this.plan, this);
    const chosen = this.store.selected?.kind === "incident" ? this.store.incident(this.store.selected.n) : null;
    if (chosen?.drawn && !(chosen.line === "arc" && chosen.type !== "visit")) {
      const { x, y } = this._map.latLngToLayerPoint([chosen.lat, chosen.lon]);
      if (chosen.radius_km && this.store.kinds.has("circles")) {
        const r = x - this._map.latLngToLayerPoint([chosen.lat, chosen.lon - chosen.radius_km / 111.195 / Math.cos((chosen.lat * Math.PI) / 180)]).x;
        circled(context, { x, y, r, colour: colourOf(this.store, chosen), dash: dashOf(chosen), fill: chosen.radius_km <= 60 });
      }
      context.beginPath();
      context.arc(x, y, HALF + 4, 0, 2 * Math.PI);
      context.fillStyle = colour("--mark-strong");
      context.fill();
      if (chosen.weight === null) this.pin(context, chosen.n, x, y);
    }
  },
  /** Paint the symbol of a row. @param {CanvasRenderingContext2D} context @param {number} n @param {number} x @param {number} y @param {{paper: string, ink: string}} [colours] */
  pin(context, n, x, y, colours = coloursNow()) {
    const [family, status, basis] = ["family", "status", "located_by"].map((name) => this.store.rows.value(name, n));
    const [of, look] = lookedUp(this.store, family, status, basis);
    paintSymbol(context, of, look, x, y, 2 * HALF, colours);
  },
});

/** What symbols take from the style. */
function coloursNow() {
  return { paper: colour("--paper"), ink: colour("--ink") };
}

/** @param {CanvasRenderingContext2D} context @param {Plan} plan @param {any} canvas */
function paint(context, plan, canvas) {
  const colours = coloursNow();
  const { paper, ink } = colours;
  const dashed = (/** @type {string | undefined} */ dash) => context.setLineDash(dash ? dash.split(/[ ,]+/).map(Number) : []);
  context.lineCap = "round";
  for (const [x, y, side] of plan.squares) {
    context.strokeStyle = ink;
    context.globalAlpha = 0.35;
    context.lineWidth = 1;
    dashed(undefined);
    context.strokeRect(x, y, side, side);
  }
  context.globalAlpha = 1;
  for (const circle of plan.circles) circled(context, circle);
  for (const { d, head, colour: hue, dash } of plan.lines) {
    const path = new Path2D(d);
    dashed(undefined);
    [context.strokeStyle, context.lineWidth, context.globalAlpha] = [paper, 5, 0.8];
    context.stroke(path);
    dashed(dash);
    [context.strokeStyle, context.lineWidth, context.globalAlpha] = [hue, 2, 1];
    context.stroke(path);
    context.fillStyle = hue;
    if (head) context.fill(new Path2D(head));
  }
  dashed(undefined);
  context.textAlign = "center";
  context.textBaseline = "middle";
  // The smallest last: a count never hides a symbol.
  for (let k = plan.marks.length - 1; k >= 0; k -= 1) {
    const mark = plan.marks[k];
    if (mark.single) { canvas.pin(context, mark.row, mark.x, mark.y, colours); continue; }
    badge(context, mark, slices(canvas.store, mark), paper, ink);
  }
}

/** How far off an incident may lie. @param {CanvasRenderingContext2D} context @param {import("./plan.js").Circle} circle */
function circled(context, { x, y, r, colour: hue, dash, fill }) {
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  [context.strokeStyle, context.fillStyle, context.lineWidth] = [hue, hue, 1.25];
  context.setLineDash(dash ? dash.split(/[ ,]+/).map(Number) : []);
  context.stroke();
  context.globalAlpha = 0.08;
  if (fill) context.fill();
  context.globalAlpha = 1;
  context.setLineDash([]);
}

/** A count in a ring of the families it is made up of. @param {CanvasRenderingContext2D} context @param {Mark} mark @param {[string, number, number][]} ring @param {string} paper @param {string} ink */
function badge(context, { x, y, r, n }, ring, paper, ink) {
  const disc = (/** @type {number} */ radius, /** @type {string} */ fill) => {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
  };
  disc(r + 1.5, paper);
  for (const [hue, from, to] of ring) {
    context.beginPath();
    context.moveTo(x, y);
    context.arc(x, y, r, (from - 0.25) * 2 * Math.PI, (to - 0.25) * 2 * Math.PI);
    context.fillStyle = hue;
    context.fill();
  }
  disc(r - 5.5, paper);
  context.fillStyle = ink;
  context.font = `700 ${n > 9999 ? 10.5 : 12}px system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif`;
  context.fillText(shortly(n), x, y + 0.5);
}

/** What lies at a point of the layer. @param {Plan | null} plan @param {any} at @returns {{mark?: Mark, line?: Line} | null} */
function hit(plan, at) {
  if (!plan) return null;
  // The smallest is on top.
  for (let k = plan.marks.length - 1; k >= 0; k -= 1) {
    const mark = plan.marks[k];
    if (Math.hypot(mark.x - at.x, mark.y - at.y) <= mark.r + 2) return { mark };
  }
  const near = plan.lines.find(({ ends: [ax, ay, bx, by] }) => L.LineUtil.pointToSegmentDistance(at, L.point(ax, ay), L.point(bx, by)) < 9);
  return near ? { line: near } : null;
}

/** What a mark or a line is called in short. @param {Store} store @param {{mark?: Mark, line?: Line}} found */
function nameOf(store, { mark, line }) {
  const { n, row } = /** @type {Mark | Line} */ (mark ?? line);
  return mark?.single || (line && n === 1) ? titleOf(store.incident(row)) : t("count.incident", { n });
}

/** Open what a mark or a line stands for. @param {any} map @param {any} canvas @param {Store} store @param {{mark?: Mark, line?: Line}} found */
function open(map, canvas, store, { mark, line }) {
  if (line) {
    const rows = canvas.planner.rowsOfLine(line);
    const middle = map.layerPointToLatLng([(line.ends[0] + line.ends[2]) / 2, (line.ends[1] + line.ends[3]) / 2]);
    store.select(rows.length > 1 ? { kind: "crowd", rows, at: middle } : { kind: "incident", n: line.row }, "map");
    return;
  }
  if (!mark) return;
  if (mark.rows === 1) { store.select({ kind: "incident", n: mark.row }, "map"); return; }
  const bounds = boundsOf(store, mark);
  const zoom = Math.min(map.getBoundsZoom(bounds, false, [80, 80]), CLOSEST);
  if (!mark.point && zoom > map.getZoom()) { map.setView(bounds.getCenter(), zoom, { animate: false }); return; }
  store.select({ kind: "crowd", rows: rowsOf(mark), at: map.layerPointToLatLng([mark.x, mark.y]) }, "map");
}

/** Follow the mouse. @param {any} map @param {any} canvas @param {Store} store */
function pointed(map, canvas, store) {
  const tip = L.tooltip({ direction: "top", offset: [0, -14], className: "dateline-tip" });
  /** @type {Mark | Line | null} */
  let over = null;
  map.on("click", (/** @type {any} */ e) => {
    const found = hit(canvas.plan, e.layerPoint);
    if (found) { tip.remove(); L.DomEvent.stop(e); open(map, canvas, store, found); }
  });
  map.on("mousemove", (/** @type {any} */ e) => {
    const found = hit(canvas.plan, e.layerPoint);
    const next = found?.mark ?? found?.line ?? null;
    map.getContainer().style.cursor = next ? "pointer" : "";
    if (next === over) return;
    over = next;
    tip.remove();
    if (!found || !next) return;
    const show = () => {
      if (over !== next) return;
      const at = found.mark ? map.layerPointToLatLng([found.mark.x, found.mark.y]) : e.latlng;
      tip.setContent(el("span", {}, data(nameOf(store, found)))).setLatLng(at).addTo(map);
    };
    const wait = next.n === 1 ? store.rows.load([next.row]) : null;
    if (wait) wait.then(show);
    else show();
  });
  map.on("mouseout movestart", () => { over = null; tip.remove(); });
  map.on("move", () => {
    // Beyond what is painted, it is painted anew while it is still being moved.
    const corner = map.containerPointToLayerPoint([0, 0]);
    if (!canvas._bounds.contains(L.bounds(corner, corner.add(map.getSize())))) canvas._update();
  });
}

/** Let the keyboard walk through what is in view, one button for each mark. @param {any} map @param {any} canvas @param {Store} store */
function walked(map, canvas, store) {
  const walk = el("div", { role: "group", class: "walk" });
  const entry = el("button", { type: "button", class: "walk-entry" });
  const inView = () => {
    const size = map.getSize();
    return /** @type {Mark[]} */ (canvas.plan?.marks ?? []).map((mark) => ({ mark, at: map.layerPointToContainerPoint([mark.x, mark.y]) }))
      .filter(({ at }) => at.x >= 0 && at.y >= 0 && at.x <= size.x && at.y <= size.y);
  };
  const fill = async () => {
    const found = inView().slice(0, WALKED).sort((a, b) => a.at.y - b.at.y || a.at.x - b.at.x);
    await store.rows.load(found.filter(({ mark }) => mark.single).map(({ mark }) => mark.row));
    walk.setAttribute("aria-label", t("table.incidents"));
    walk.replaceChildren(entry, ...found.map(({ mark, at }) => {
      const node = el("button", {
        type: "button", "aria-label": mark.single ? spokenName(store.incident(mark.row)) : t("pin.crowd", { n: mark.n }),
        onclick: () => open(map, canvas, store, { mark }),
      });
      Object.assign(node.style, { left: `${at.x - mark.r}px`, top: `${at.y - mark.r}px`, width: `${2 * mark.r}px`, height: `${2 * mark.r}px` });
      return node;
    }));
  };
  const leave = () => { walk.replaceChildren(entry); };
  entry.addEventListener("click", async () => { await fill(); /** @type {HTMLElement | undefined} */ (walk.children[1])?.focus(); });
  walk.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && e.target !== entry) { e.stopPropagation(); leave(); entry.focus(); }
    if (e.key.startsWith("Arrow")) e.stopPropagation();
  });
  const tell = () => { entry.textContent = t("canvas.walk", { n: inView().length }); };
  store.on("drawn", async () => {
    tell();
    if (walk.children.length < 2) return;
    const inside = walk.contains(document.activeElement) && document.activeElement !== entry;
    await fill();
    if (inside) /** @type {HTMLElement | undefined} */ (walk.children[1] ?? entry)?.focus();
  });
  map.on("movestart", () => { if (!walk.contains(document.activeElement)) leave(); });
  L.DomEvent.disableClickPropagation(walk);
  tell();
  walk.append(entry);
  map.getContainer().append(walk);
}
