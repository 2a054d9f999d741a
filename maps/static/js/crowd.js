// The list of incidents that stand on one mark of the map: none is hidden under another.
import { titleOf } from "./card.js";
import { data, el } from "./dom.js";
import { WHOLE, sorted, windowed } from "./order.js";
import { symbolOf } from "./symbols.js";
import { say, t, whenText } from "./text.js";

/** Height of an item in pixels, where they are many; as in map.css. */
const ITEM = 46;

/** @param {import("./store.js").Store} store @param {Uint32Array} rows */
export function crowdCard(store, rows) {
  const total = store.rows.weights ? rows.reduce((sum, n) => sum + /** @type {Uint32Array} */ (store.rows.weights)[n], 0) : rows.length;
  const wanted = new Set(rows);
  const order = sorted(store.rows, [["days", (days) => days?.[0] ?? Infinity]]).filter((n) => wanted.has(n));
  const list = el("ol", { class: "crowd-list", tabindex: rows.length > WHOLE ? 0 : null, "aria-label": t("table.incidents") });
  const view = windowed(list, () => list, {
    tag: "li", height: ITEM,
    load: (from, to) => store.rows.load(order.subarray(from, to)),
    item: (k) => {
      const i = store.incident(order[k]);
      const status = i.status === "reported" ? "" : ` · ${say("status", i.status)}`;
      return el("li", {}, el("button", { type: "button", class: "name", onclick: (/** @type {Event} */ e) => {
        e.stopPropagation(); // the button goes, and Leaflet would take the press for one beside the card
        store.select({ kind: "incident", n: i.n }, "map");
      } },
        symbolOf(store, i, 20), el("span", {}, el("span", { class: "kicker" }, say("type", i.type), status, " · ", whenText(i, "short")), data(titleOf(i)), i.weight !== null && ` × ${i.weight}`)));
    },
  });
  // A long list can be measured when it is on the page.
  list.classList.toggle("windowed", order.length > WHOLE);
  if (order.length > WHOLE) requestAnimationFrame(() => view.show(order.length));
  else view.show(order.length);
  return el("article", { class: "card crowd" },
    el("header", {}, el("div", {}, el("h2", {}, t("count.incident", { n: total })), el("p", { class: "soft" }, t("crowd.here")))), list);
}
