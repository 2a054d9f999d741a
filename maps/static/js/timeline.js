// The timeline: how many incidents when, and a span of time that every view follows.
import { el, still, svg } from "./dom.js";
import { dayText, plural } from "./text.js";

/** @typedef {import("./store.js").Store} Store */

const WIDTH = 1000;
const HEIGHT = 44;

/** Steps of the histogram: name, days in one at least, first day of the step a day lies in, next step. */
const STEPS = /** @type {const} */ ([
  ["day", 1], ["week", 7], ["month", 30], ["year", 365],
]);

/** First day of the step that a day lies in. @param {string} step @param {number} day */
function startOf(step, day) {
  if (step === "day") return day;
  if (step === "week") return day - ((((day + 3) % 7) + 7) % 7); // 1970-01-01 was a Thursday
  const date = new Date(day * 86400000);
  return Date.UTC(date.getUTCFullYear(), step === "month" ? date.getUTCMonth() : 0, 1) / 86400000;
}

/** @param {string} step @param {number} day */
function next(step, day) {
  if (step === "day") return day + 1;
  if (step === "week") return day + 7;
  const date = new Date(day * 86400000);
  return Date.UTC(date.getUTCFullYear() + (step === "year" ? 1 : 0), step === "month" ? date.getUTCMonth() + 1 : 0, 1) / 86400000;
}

/**
 * Fill the timeline.
 * @param {HTMLElement} node
 * @param {Store} store
 */
export function timeline(node, store) {
  const dated = store.incidents.filter((i) => i.days);
  const undated = store.incidents.length - dated.length;
  if (!dated.length) return;
  const first = Math.min(...dated.map((i) => /** @type {any} */ (i.days)[0]));
  const last = Math.max(...dated.map((i) => /** @type {any} */ (i.days)[1]));
  const step = (STEPS.find(([, days]) => (last - first + 1) / days <= 60) ?? STEPS[3])[0];
  /** First days of the bins, and the day after the last. @type {number[]} */
  const edges = [startOf(step, first)];
  while (edges[edges.length - 1] <= last) edges.push(next(step, edges[edges.length - 1]));
  const count = edges.length - 1;
  node.hidden = false;

  const bars = svg("g");
  const shade = svg("g", { class: "shade" });
  const chart = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true", class: "bars" }, bars, shade);
  const range = (/** @type {string} */ label, /** @type {number} */ value) => /** @type {HTMLInputElement} */ (el("input", { type: "range", min: 0, max: count, step: 1, value, "aria-label": label, oninput: () => change(label) }));
  const [early, late] = store.span ?? [edges[0], edges[count]];
  const from = range("First day shown", Math.max(0, edges.findLastIndex((e) => e <= early)));
  const to = range("Last day shown", Math.max(1, edges.findIndex((e, k) => k === count || e > late)));
  const said = el("output", { class: "said" });
  const play = el("button", { type: "button", class: "play", "aria-pressed": "false", onclick: () => (timer ? stop() : start()) }, "Play");
  const reset = el("button", { type: "button", onclick: () => { stop(); from.value = "0"; to.value = String(count); change(""); } }, "All");
  const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", checked: store.undated, onchange: () => { store.undated = box.checked; store.emit("filter"); } }));
  node.append(
    el("div", { class: "controls" }, count > 1 && play, count > 1 && reset, said, undated > 0 && el("label", {}, box, ` ${plural(undated, "undated incident")}`)),
    el("div", { class: "track" }, chart, count > 1 && el("div", { class: "handles" }, from, to)));

  /** @type {number | undefined} */
  let timer;

  /** @param {string} moved label of the handle that moved */
  function change(moved) {
    // The handles stand at the edges of the bins; at least one bin stays between them.
    if (Number(from.value) >= Number(to.value)) {
      if (moved.startsWith("First")) to.value = String(Math.min(count, Number(from.value) + 1));
      from.value = String(Math.max(0, Number(to.value) - 1));
    }
    if (to.value === "0") to.value = "1";
    const [a, b] = [edges[Number(from.value)], edges[Number(to.value)] - 1];
    store.span = Number(from.value) === 0 && Number(to.value) === count ? null : [a, b];
    from.setAttribute("aria-valuetext", dayText(a));
    to.setAttribute("aria-valuetext", dayText(b));
    store.emit("filter");
  }

  function start() {
    play.textContent = "Stop";
    play.setAttribute("aria-pressed", "true");
    const width = Number(to.value) - Number(from.value);
    // With everything in view, playing grows the span from its start; else the window slides.
    const grow = width === count;
    if (grow) to.value = "1";
    change("");
    timer = window.setInterval(() => {
      if (Number(to.value) >= count) { stop(); return; }
      to.value = String(Number(to.value) + 1);
      if (!grow) from.value = String(Number(from.value) + 1);
      change("");
    }, still() ? 1500 : Math.max(180, Math.min(900, 12000 / count)));
  }

  function stop() {
    window.clearInterval(timer);
    timer = undefined;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }

  function draw() {
    const width = WIDTH / count;
    const families = [...store.families.values()];
    /** @type {Map<string, number>[]} */
    const bins = Array.from({ length: count }, () => new Map());
    for (const i of dated) {
      if (!store.passes(i, true) || (!store.kinds.has(i.layer) && i.drawn)) continue;
      const [a, b] = /** @type {[number, number]} */ (i.days);
      bins.forEach((bin, k) => {
        if (a < edges[k + 1] && b >= edges[k]) bin.set(i.family, (bin.get(i.family) ?? 0) + 1);
      });
    }
    const most = Math.max(1, ...bins.map((bin) => [...bin.values()].reduce((a, b) => a + b, 0)));
    bars.replaceChildren(...bins.flatMap((bin, k) => {
      let top = HEIGHT;
      return families.filter((f) => bin.has(f.id)).map((f) => {
        const height = ((bin.get(f.id) ?? 0) / most) * (HEIGHT - 4);
        top -= height;
        const bar = Math.min(width * 0.8, 60);
        return svg("rect", { x: (k + 0.5) * width - bar / 2, y: top, width: bar, height, fill: f.colour });
      });
    }));
    const [a, b] = [Number(from.value) * width, Number(to.value) * width];
    shade.replaceChildren(svg("rect", { x: 0, y: 0, width: a, height: HEIGHT }), svg("rect", { x: b, y: 0, width: WIDTH - b, height: HEIGHT }));
    const [low, high] = store.span ?? [first, last];
    said.textContent = low === high ? dayText(low) : `${dayText(low)} to ${dayText(high)}`;
    if (count > 1) said.textContent += `, by ${step}`;
  }

  store.on("filter", draw);
  store.on("kinds", draw);
  change("");
}
