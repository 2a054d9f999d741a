// Rows in an order, and lists of any length of which only what is seen is built.
import { el } from "./dom.js";

/** @typedef {import("./rows.js").Rows} Rows */

/**
 * Sort rows by columns, the first deciding most; alike rows stay as they stood. Counting sort over the distinct
 * values: see Knuth, The Art of Computer Programming 3, 5.2.
 * @param {Rows} rows
 * @param {[string, (value: any) => string | number][]} keys names of columns, and what to sort their values by
 */
export function sorted(rows, keys) {
  let order = Uint32Array.from({ length: 0 });
  for (const [name, key] of [...keys].reverse()) {
    const { values, codes } = rows.column(name);
    const found = values.map(key);
    const by = found.map((_, k) => k).sort((a, b) => (found[a] < found[b] ? -1 : found[a] > found[b] ? 1 : 0));
    // Values that sort alike get one rank.
    const ranks = new Uint32Array(values.length);
    by.forEach((code, k) => { ranks[code] = k && found[code] === found[by[k - 1]] ? ranks[by[k - 1]] : k; });
    const starts = new Uint32Array(values.length + 1);
    for (let n = 0; n < rows.count; n += 1) starts[ranks[codes[n]] + 1] += 1;
    for (let k = 0; k < values.length; k += 1) starts[k + 1] += starts[k];
    const next = new Uint32Array(rows.count);
    for (let k = 0; k < rows.count; k += 1) {
      const n = order.length ? order[k] : k;
      next[starts[ranks[codes[n]]]++] = n;
    }
    order = next;
  }
  return order;
}

/** Browsers draw nothing taller, in pixels. */
const TALLEST = 12e6;

/** No window is taller, in pixels. */
const TALLEST_VIEW = 4000;

/** Lists up to this length are built whole. */
export const WHOLE = 300;

/** Items built beyond the edge of what is seen. */
const MORE = 6;

/**
 * A list of which only what is seen is built, the rest standing for itself by its height.
 * @param {HTMLElement} host takes the items
 * @param {() => HTMLElement | null} scroller what scrolls it
 * @param {{tag: string, height: number, item: (k: number) => HTMLElement, load: (from: number, to: number) => Promise<void> | null}} how
 *   `item` builds one; `load` fetches what some need, and gives null where it is there already
 */
export function windowed(host, scroller, { tag, height, item, load }) {
  const [above, below] = [el(tag, { "aria-hidden": "true", class: "spacer" }), el(tag, { "aria-hidden": "true", class: "spacer" })];
  let length = 0;
  let drawn = [-1, -1, -1];
  let version = 0;
  let printing = false;

  /** How much taller the list is than what stands for it. */
  const scale = (/** @type {number} */ seen) => Math.max(1, (length * height - seen) / Math.max(1, Math.min(length * height, TALLEST) - seen));

  const draw = (anew = false) => {
    const view = scroller();
    if (anew) drawn = [-1, -1, -1];
    const seen = Math.min(view?.clientHeight ?? 0, TALLEST_VIEW); // on paper nothing is cut off
    if (!view || printing || length <= WHOLE || !seen || !host.isConnected) return; // it is drawn when it comes into sight
    const tall = Math.min(length * height, TALLEST);
    const gone = Math.max(0, Math.min(tall - 1, view.getBoundingClientRect().top - (above.isConnected ? above : host).getBoundingClientRect().top));
    const first = (gone * scale(seen)) / height;
    const from = Math.max(0, Math.floor(first) - MORE);
    const to = Math.min(length, Math.ceil(first + seen / height) + MORE);
    if (from === drawn[0] && to === drawn[1] && first === drawn[2]) return;
    const fresh = drawn[0] < 0;
    drawn = [from, to, first];
    const top = Math.max(0, gone - (first - from) * height);
    above.style.height = `${top}px`;
    below.style.height = `${Math.max(0, tall - top - (to - from) * height)}px`;
    const build = () => {
      const focused = host.contains(document.activeElement) ? document.activeElement?.closest("[data-k]")?.getAttribute("data-k") : null;
      host.replaceChildren(above, ...Array.from({ length: to - from }, (_, k) => numbered(from + k)), below);
      if (focused) focus(Number(focused));
    };
    const now = ++version;
    const wait = load(from, to);
    // While it is scrolled, what is there is shown at once; the rest comes when it is fetched.
    if (!wait || !fresh) build();
    wait?.then(() => { if (now === version) build(); });
  };

  /** @param {number} k */
  const numbered = (k) => {
    const node = item(k);
    node.dataset.k = String(k);
    if (tag === "tr") node.setAttribute("aria-rowindex", String(k + 2));
    return node;
  };

  /** @param {number} k */
  const focus = (k) => /** @type {HTMLElement | null} */ (host.querySelector(`[data-k="${k}"] button`))?.focus({ preventScroll: true });

  /** Bring an item into view. @param {number} k */
  const reveal = (k) => {
    const view = scroller();
    if (!view) return;
    if (length <= WHOLE) { host.querySelector(`[data-k="${k}"]`)?.scrollIntoView({ block: "nearest" }); return; }
    const start = view.scrollTop + (above.isConnected ? above : host).getBoundingClientRect().top - view.getBoundingClientRect().top;
    const at = start + (k * height) / scale(view.clientHeight);
    if (at < view.scrollTop + height || at > view.scrollTop + view.clientHeight - 2 * height) view.scrollTop = at - view.clientHeight / 2;
    draw();
  };

  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  };
  host.addEventListener("keydown", (e) => {
    const at = Number(/** @type {HTMLElement} */ (e.target).closest("[data-k]")?.getAttribute("data-k") ?? NaN);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: length - 1 }[e.key];
    if (to === undefined || at !== at) return;
    e.preventDefault();
    const k = Math.max(0, Math.min(length - 1, to));
    reveal(k);
    focus(k);
  });
  /** @type {HTMLElement | null} */
  let followed = null;
  const follow = () => {
    const view = scroller();
    if (!view || view === followed) return;
    view.addEventListener("scroll", soon, { passive: true });
    followed = view;
  };
  return {
    reveal,
    /** For paper: the first, and nothing that stands for the rest. */
    paper() {
      if (length <= WHOLE) return;
      printing = true;
      host.replaceChildren(...Array.from({ length: WHOLE }, (_, k) => numbered(k)));
    },
    /** It came into sight, or its height changed. */
    seen() {
      follow();
      draw();
    },
    /** Show a list anew. @param {number} count */
    show(count) {
      length = count;
      printing = false;
      host.classList.toggle("windowed", length > WHOLE);
      if (length <= WHOLE) {
        const build = () => host.replaceChildren(...Array.from({ length }, (_, k) => numbered(k)));
        const focused = host.contains(document.activeElement) ? document.activeElement?.closest("[data-n]")?.getAttribute("data-n") : null;
        build();
        const again = () => focused && /** @type {HTMLElement | null} */ (host.querySelector(`[data-n="${focused}"] button`))?.focus();
        again();
        const now = ++version;
        load(0, length)?.then(() => { if (now === version) { build(); again(); } });
        return;
      }
      follow();
      draw(true);
    },
  };
}
