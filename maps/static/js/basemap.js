// The embedded basemap: land, water and borders painted below everything else.
/* global L */
import { pauses } from "./pace.js";
import { SIDE, xOf, yOf } from "./rows.js";
import { Sheet, colour } from "./sheet.js";

/** A path: points, x before y, from 0 to SIDE, and the box around them. @typedef {{xy: Float64Array, box: [number, number, number, number]}} Path */
/** What is painted at once: land, water, or lines of a kind. @typedef {{kind: string, paths: Path[]}} Shape */

const BASE = "dateline-base";

/** How lines of the basemap are drawn. @type {Record<string, {hue: string, weight: number, dash?: string, opacity?: number}>} */
const LINES = {
  coast: { hue: "--coast", weight: 0.9 },
  country: { hue: "--border", weight: 1.4 },
  admin1: { hue: "--division", weight: 0.8, dash: "1 3" },
  river: { hue: "--coast", weight: 0.8, opacity: 0.7 },
  disputed: { hue: "--border", weight: 1.4, dash: "5 4" },
};

/** The locator has no room for more. */
const FEW = ["land", "coast", "country", "disputed"];

/** How a line of the basemap is drawn. @param {any} feature */
export function stroke(feature) {
  const { hue, weight, dash, opacity = 1 } = LINES[feature.properties.kind];
  return { color: colour(hue), weight, dashArray: dash, opacity };
}

const Ground = Sheet.extend({
  draw() {
    const context = this.blank();
    const scale = (256 * 2 ** this._map.getZoom()) / SIDE;
    const origin = this._map.getPixelOrigin();
    const { min, max } = this._bounds;
    const view = { scale, origin, left: min.x - 9, top: min.y - 9, right: max.x + 9, bottom: max.y + 9 };
    context.fillStyle = colour("--sea"); // on paper a page has no background
    context.fillRect(min.x, min.y, max.x - min.x, max.y - min.y);
    context.lineJoin = "round";
    for (const { kind, paths } of this.options.shapes) {
      const line = LINES[kind];
      context.beginPath();
      for (const path of paths) trace(context, path, view, !line);
      if (!line) {
        context.fillStyle = colour(kind === "land" ? "--land" : "--sea");
        context.fill("evenodd");
        continue;
      }
      context.strokeStyle = colour(line.hue);
      context.globalAlpha = line.opacity ?? 1;
      context.lineWidth = this.options.few ? 0.5 : line.weight;
      context.setLineDash(line.dash && !this.options.few ? line.dash.split(" ").map(Number) : []);
      context.stroke();
      context.globalAlpha = 1;
    }
  },
});

/**
 * Add a path to what is painted. Points closer than a pixel to the last are left out, and all but the ends of
 * a run that lies to one side of the view: what is seen is the same.
 * @param {CanvasRenderingContext2D} context @param {Path} path @param {any} view @param {boolean} closed
 */
function trace(context, { xy, box }, { scale, origin, left, top, right, bottom }, closed) {
  if (box[0] * scale - origin.x > right || box[2] * scale - origin.x < left || box[1] * scale - origin.y > bottom || box[3] * scale - origin.y < top) return;
  const length = xy.length;
  let [x, y] = [xy[0] * scale - origin.x, xy[1] * scale - origin.y];
  const sides = (/** @type {number} */ px, /** @type {number} */ py) => (px < left ? 1 : px > right ? 2 : 0) | (py < top ? 4 : py > bottom ? 8 : 0);
  context.moveTo(x, y);
  let [lastX, lastY] = [x, y];
  let run = sides(x, y);
  for (let k = 2; k < length; k += 2) {
    [x, y] = [xy[k] * scale - origin.x, xy[k + 1] * scale - origin.y];
    if (k + 2 < length) {
      if (Math.abs(x - lastX) + Math.abs(y - lastY) < 1) continue;
      const shared = run & sides(x, y);
      if (shared && shared & sides(xy[k + 2] * scale - origin.x, xy[k + 3] * scale - origin.y)) { run = shared; continue; }
    }
    context.lineTo(x, y);
    [lastX, lastY] = [x, y];
    run = sides(x, y);
  }
  if (closed) context.closePath();
}

/** @type {WeakMap<object, Promise<Shape[]>>} */
const known = new WeakMap();

/** Shapes of a basemap, as `maps.basemap.clip` gives it. @param {any} basemap @returns {Promise<Shape[]>} */
function shapesOf(basemap) {
  if (!known.has(basemap)) known.set(basemap, projected(basemap));
  return /** @type {Promise<Shape[]>} */ (known.get(basemap));
}

/** @param {any} basemap @returns {Promise<Shape[]>} */
async function projected({ land, water, lines }) {
  const pause = pauses();
  const shapes = [];
  const of = (/** @type {any} */ collection, /** @type {string} */ kind) => collection.features.map((/** @type {any} */ f) => [kind || f.properties.kind, f.geometry.coordinates]);
  for (const [kind, coordinates] of [...of(land, "land"), ...of(water, "water"), ...of(lines, "")]) {
    const paths = LINES[kind] ? coordinates : coordinates.flat();
    shapes.push({ kind, paths: paths.map(pathOf) });
    await pause();
  }
  return shapes;
}

/** @param {[number, number][]} points longitude before latitude @returns {Path} */
function pathOf(points) {
  const xy = new Float64Array(2 * points.length);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  points.forEach(([lon, lat], k) => {
    const [x, y] = [xOf(lon), yOf(lat)];
    xy[2 * k] = x;
    xy[2 * k + 1] = y;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  });
  return { xy, box: [left, top, right, bottom] };
}

/** Draw the embedded basemap. @param {any} map @param {any} basemap @param {import("./store.js").Store} store */
export async function drawBasemap(map, basemap, store) {
  const pane = map.createPane(BASE);
  pane.style.zIndex = "150"; // below the tiles, so that it is seen wherever no tile comes
  pane.style.pointerEvents = "none";
  const ground = new Ground({ pane: BASE, padding: 0.3, shapes: await shapesOf(basemap) }).addTo(map);
  store.on("theme", () => ground.draw());
}

/** Draw no more than land, coast and borders, as the locator needs it. @param {any} map @param {any} basemap @param {import("./store.js").Store} store */
export async function drawLand(map, basemap, store) {
  const shapes = (await shapesOf(basemap)).filter(({ kind }) => FEW.includes(kind));
  const ground = new Ground({ shapes, few: true }).addTo(map);
  store.on("theme", () => ground.draw());
}
