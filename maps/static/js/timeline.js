// The timeline: how many incidents when, and a span of time that every view follows.
import { byId, el, still, svg } from "./dom.js";
import { BIT } from "./sieve.js";
import { dateText, dayText, number, shortDate, t } from "./text.js";

/** @typedef {import("./store.js").Store} Store */

const WIDTH = 1000;
const HEIGHT = 44;

/** Strips of intervals drawn above the bars at most, and the height of one. */
const LANES = 5;
const LANE = 4;

/** How fast it plays. */
const SPEEDS = [0.5, 1, 2, 4];

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

/** What dates may stand below the bars: every so many days or months, the finest first. @type {[number, "days" | "months"][]} */
const TICKS = [[1, "days"], [2, "days"], [7, "days"], [1, "months"], [3, "months"], [6, "months"], [12, "months"], [24, "months"], [60, "months"], [120, "months"], [240, "months"], [600, "months"], [1200, "months"]];

/** Pixels that a date below the bars needs. */
const TICK_ROOM = 92;

/**
 * Dates to write below the bars: the day, and what it is called.
 * @param {number} first @param {number} end day after the last @param {number} most so many at most
 * @returns {[number, string][]}
 */
function ticks(first, end, most) {
  for (const [every, unit] of TICKS) {
    if (unit === "days" && (end - first) / every > most) continue;
    if (unit === "months" && (end - first) / (every * 30.44) > most) continue;
    /** @type {[number, string][]} */
    const found = [];
    if (unit === "days") {
      for (let day = first; day < end; day += every) found.push([day, shortDate(day)]);
      return found;
    }
    const from = new Date(first * 86400000);
    for (let month = Math.ceil((from.getUTCFullYear() * 12 + from.getUTCMonth()) / every) * every; ; month += every) {
      const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / 86400000;
      if (day >= end) return found;
      if (day >= first) found.push([day, dateText(new Date(day * 86400000).toISOString().slice(0, every % 12 ? 7 : 4), "short")]);
    }
  }
  return [];
}

/** Intervals over the same bins, of one family. @typedef {{a: number, b: number, family: string, n: number}} Strip */

/** Strips drawn at most, those of most incidents. */
const STRIPS = 400;

/**
 * Intervals that reach over several bins, each in the first lane that is free.
 * @param {Strip[]} strips
 */
function laned(strips) {
  /** @type {number[]} */
  const ends = [];
  const most = [...strips].sort((p, q) => q.n - p.n).slice(0, STRIPS).sort((p, q) => p.a - q.a || p.b - q.b);
  const placed = most.map((strip) => {
    let lane = ends.findIndex((end) => end < strip.a);
    if (lane < 0) lane = ends.length;
    ends[lane] = strip.b;
    return { ...strip, lane: Math.min(lane, LANES - 1) };
  });
  return { placed, lanes: Math.min(ends.length, LANES) };
}

/**
 * Fill the timeline.
 * @param {HTMLElement} node
 * @param {Store} store
 * @param {AbortSignal} signal ends it
 */
export function timeline(node, store, signal) {
  node.replaceChildren();
  const column = store.rows.column("days");
  /** @type {[number, number][]} */
  const dated = column.values.slice(1);
  const undated = store.rows.tally(column)[0];
  if (!dated.length) return;
  const [first, last] = dated.reduce(([a, b], [from, to]) => [Math.min(a, from), Math.max(b, to)], [Infinity, -Infinity]);
  // Counts by month or year are not told apart more finely.
  const finest = STEPS.findIndex(([name]) => name === (store.records.counted?.step ?? "day"));
  const step = (STEPS.find(([, days], k) => k >= finest && (last - first + 1) / days <= 100) ?? STEPS[3])[0];
  /** First days of the bins, and the day after the last. @type {number[]} */
  const edges = [startOf(step, first)];
  while (edges[edges.length - 1] <= last) edges.push(next(step, edges[edges.length - 1]));
  const count = edges.length - 1;
  const width = WIDTH / count;
  const binOf = (/** @type {number} */ day) => edges.findLastIndex((edge) => edge <= day);
  /** First and last bin of each value of the days. */
  const binsOf = column.values.map((days) => (days ? [binOf(days[0]), binOf(days[1])] : [-1, -1]));
  node.hidden = false;

  const bars = svg("g");
  const shade = svg("g", { class: "shade" });
  const tips = svg("g");
  const chart = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true", class: "bars" }, bars, shade, tips);
  const axis = el("div", { class: "ticks", "aria-hidden": "true" });
  const range = (/** @type {string} */ label, /** @type {number} */ value) => /** @type {HTMLInputElement} */ (el("input", {
    type: "range", min: 0, max: count, step: 1, value, "aria-label": label, oninput: (/** @type {Event} */ e) => change(e.target === from),
  }));
  const [early, late] = store.span ?? [edges[0], edges[count]];
  const from = range(t("time.first"), Math.max(0, binOf(early)));
  const to = range(t("time.last"), Math.max(1, edges.findIndex((e, k) => k === count || e > late)));
  const said = el("output", { class: "said" });
  const play = el("button", { type: "button", class: "play", onclick: () => (timer ? stop() : start()) }, t("time.play"));
  const move = (/** @type {number} */ way, /** @type {string} */ key, /** @type {string} */ sign) =>
    el("button", { type: "button", "aria-label": t(key), onclick: () => { stop(); slide(way); } }, sign);
  const reset = el("button", { type: "button", onclick: () => { stop(); all(); change(); } }, t("time.all"));
  const speed = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": t("time.speed"), onchange: () => { if (timer) { stop(); start(); } } },
    ...SPEEDS.map((s) => el("option", { value: s, selected: s === 1 }, `×${s}`))));
  const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", checked: store.undated, onchange: () => { store.undated = box.checked; store.emit("filter"); } }));
  node.append(
    el("div", { class: "controls" }, count > 1 && [move(-1, "time.back", "‹"), play, move(1, "time.forward", "›"), speed, reset], said,
      undated > 0 && el("label", {}, box, ` ${t("count.undated", { n: undated })}`)),
    el("div", { class: "track" }, chart, count > 1 && el("div", { class: "handles" }, from, to), count > 1 && axis));

  /** Write dates below the bars, as many as fit. */
  function mark() {
    const room = axis.clientWidth;
    // A bin is as wide as any other, whatever its days: a date stands within its bin.
    const at = (/** @type {number} */ day) => { const k = binOf(day); return (k + (day - edges[k]) / (edges[k + 1] - edges[k])) / count; };
    axis.replaceChildren(...ticks(edges[0], edges[count], room / TICK_ROOM).map(([day, text]) => {
      const node = el("span", {}, text);
      node.style.left = `${(at(day) * 100).toFixed(2)}%`;
      return node;
    }).filter((node) => (1 - parseFloat(node.style.left) / 100) * room > TICK_ROOM * 0.7));
  }
  const follow = new ResizeObserver(mark);
  follow.observe(axis);
  signal.addEventListener("abort", () => follow.disconnect());

  /** @type {number | undefined} */
  let timer;

  function all() {
    from.value = "0";
    to.value = String(count);
  }

  /** The reader moved a handle. @param {boolean} [early] whether the first */
  function change(early = false) {
    settle(early);
    store.emit("filter");
  }

  /** The handles stand at the edges of the bins; at least one bin stays between them. @param {boolean} [early] whether the first was moved */
  function settle(early = false) {
    if (Number(from.value) >= Number(to.value)) {
      if (early) to.value = String(Math.min(count, Number(from.value) + 1));
      from.value = String(Math.max(0, Number(to.value) - 1));
    }
    if (to.value === "0") to.value = "1";
    const [a, b] = [edges[Number(from.value)], edges[Number(to.value)] - 1];
    store.span = Number(from.value) === 0 && Number(to.value) === count ? null : [a, b];
    from.setAttribute("aria-valuetext", dayText(a));
    to.setAttribute("aria-valuetext", dayText(b));
  }

  /** Move the window one bin; with everything in view, a window of one bin begins. @param {number} way */
  function slide(way) {
    const size = Number(to.value) - Number(from.value);
    if (size === count) {
      from.value = String(way > 0 ? 0 : count - 1);
      to.value = String(way > 0 ? 1 : count);
    } else {
      const start = Math.max(0, Math.min(count - size, Number(from.value) + way));
      from.value = String(start);
      to.value = String(start + size);
    }
    change();
  }

  function start() {
    play.textContent = t("time.stop");
    byId("summary").setAttribute("aria-live", "off"); // not read out at every step
    // With everything in view, playing grows the span from its start; else the window slides.
    const grow = Number(to.value) - Number(from.value) === count;
    if (grow) to.value = "1";
    change();
    const usual = still() ? 1500 : Math.max(180, Math.min(900, 12000 / count));
    timer = window.setInterval(() => {
      if (Number(to.value) >= count) { stop(); return; }
      to.value = String(Number(to.value) + 1);
      if (!grow) from.value = String(Number(from.value) + 1);
      change();
    }, usual / Number(speed.value));
  }

  function stop() {
    window.clearInterval(timer);
    timer = undefined;
    play.textContent = t("time.play");
    byId("summary").removeAttribute("aria-live");
  }

  // A span is also chosen by drawing over the bars.
  /** @type {number | null} */
  let anchor = null;
  const brush = (/** @type {PointerEvent} */ e) => {
    const { left, width: wide } = chart.getBoundingClientRect();
    const bin = Math.max(0, Math.min(count - 1, Math.floor(((e.clientX - left) / wide) * count)));
    if (e.type === "pointerdown") { stop(); anchor = bin; chart.setPointerCapture(e.pointerId); }
    if (anchor === null) return;
    from.value = String(Math.min(anchor, bin));
    to.value = String(Math.max(anchor, bin) + 1);
    change();
  };
  if (count > 1) {
    for (const event of /** @type {const} */ (["pointerdown", "pointermove"])) chart.addEventListener(event, brush);
    for (const event of ["pointerup", "pointercancel"]) chart.addEventListener(event, () => { anchor = null; });
  }

  function draw() {
    const families = [...store.families.values()];
    const family = store.rows.column("family");
    const shown = store.layersOn();
    shown[0] = 1; // what is not drawn happened too
    const counts = store.sieve.cross(column, family, BIT.time, shown);
    /** @type {Map<string, Strip>} */
    const strips = new Map();
    /** @type {Map<string, number>[]} */
    const bins = Array.from({ length: count }, () => new Map());
    binsOf.forEach(([a, b], code) => family.values.forEach((id, k) => {
      const n = counts[code * family.values.length + k];
      if (!n || a < 0) return;
      if (a === b) { bins[a].set(id, (bins[a].get(id) ?? 0) + n); return; }
      const key = `${a} ${b} ${id}`;
      strips.set(key, { a, b, family: id, n: n + (strips.get(key)?.n ?? 0) });
    }));
    const { placed, lanes } = laned([...strips.values()]);
    const most = Math.max(1, ...bins.map((bin) => [...bin.values()].reduce((a, b) => a + b, 0)));
    const room = HEIGHT - 4 - lanes * LANE;
    const drawn = placed.map(({ family: id, a, b, lane }) => svg("rect", {
      x: (a + 0.1) * width, y: 1 + lane * LANE, width: (b - a + 0.8) * width, height: LANE - 1, class: "strip",
      fill: store.families.get(id)?.colour,
    }));
    bars.replaceChildren(...drawn, ...bins.flatMap((bin, k) => {
      let top = HEIGHT;
      return families.filter((f) => bin.has(f.id)).map((f) => {
        const height = ((bin.get(f.id) ?? 0) / most) * room;
        top -= height;
        const bar = Math.min(width * 0.8, 60);
        return svg("rect", { x: (k + 0.5) * width - bar / 2, y: top, width: bar, height, fill: f.colour });
      });
    }));
    tips.replaceChildren(...bins.map((bin, k) => {
      const n = [...bin.values()].reduce((sum, m) => sum + m, 0);
      return svg("rect", { x: k * width, y: 0, width, height: HEIGHT, fill: "transparent" }, svg("title", {}, `${t("date.range", { from: dayText(edges[k]), to: dayText(edges[k + 1] - 1) })}: ${number(n)}`));
    }));
    const [a, b] = [Number(from.value) * width, Number(to.value) * width];
    shade.replaceChildren(svg("rect", { x: 0, y: 0, width: a, height: HEIGHT }), svg("rect", { x: b, y: 0, width: Math.max(0, WIDTH - b), height: HEIGHT }));
    const [low, high] = store.span ?? [first, last];
    const dates = low === high ? dayText(low) : t("date.range", { from: dayText(low), to: dayText(high) });
    said.textContent = count > 1 ? t(`time.by.${step}`, { dates }) : dates;
  }

  signal.addEventListener("abort", stop);
  store.on("reset", () => { stop(); all(); box.checked = true; });
  store.on("filter", draw);
  store.on("kinds", draw);
  const before = String(store.span);
  settle();
  if (String(store.span) === before) draw();
  else store.emit("filter");
}
