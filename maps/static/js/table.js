// The table of incidents: everything the map tells, for reading, sorting and finding; and what is not on it.
import { scoreText, showReadings, spokenName, titleOf } from "./card.js";
import { data, el, still } from "./dom.js";
import { filters } from "./filters.js";
import { WHOLE, sorted, windowed } from "./order.js";
import { downloads } from "./sharing.js";
import { symbolOf } from "./symbols.js";
import { number, phrase, say, sureText, t, whenText } from "./text.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */

/** Height of a row in pixels, where they are many; as in page.css. */
const ROW = 66;

const low = (/** @type {string | null} */ text) => (text ?? "\uffff").toLocaleLowerCase();

/** Columns: key of the heading, what of the rows to sort by. @type {[string, [string, (value: any) => string | number][]][]} */
const COLUMNS = [
  ["what", [["type", (type) => low(say("type", type))], ["title", low]]],
  ["when", [["days", (days) => days?.[0] ?? Infinity], ["time", minutes]]],
  ["where", [["place", low]]],
  ["sure", [["confidence", (sure) => -(sure ?? -1)]]],
];

/** @param {string | null} time */
function minutes(time) {
  const [h, m] = (time ?? "").split(":").map(Number);
  return (h || 0) * 60 + (m || 0);
}

/** Build the table. @param {Store} store @param {any} map */
export function table(store, map) {
  let by = 1;
  let direction = 1;
  /** Rows in the order of the table, and those of them that pass: of many the first, until others are asked for. */
  let order = new Uint32Array(0);
  let first = order;
  let length = 0;
  /** Those that pass, so many at least. @param {number} wanted */
  const rows = (wanted) => {
    if (Math.min(wanted, length) > first.length) first = store.passing(order);
    return first;
  };
  const body = el("tbody");
  const widths = ["38%", "19%", "23%", "20%"].map((width) => { const col = el("col"); col.style.width = width; return col; });
  const heads = COLUMNS.map(([heading], k) => el("th", { scope: "col" }, el("button", { type: "button", onclick: () => sortBy(k) }, t(`table.${heading}`))));
  const search = /** @type {HTMLInputElement} */ (el("input", {
    type: "search", value: store.query, placeholder: t("filter.find"), "aria-label": t("filter.find"),
    oninput: () => store.search(search.value.trim().toLocaleLowerCase()),
  }));
  const node = el("div", { class: "table" }, el("p", { class: "find" }, search), filters(store), downloads(store, map),
    el("table", { "aria-rowcount": -1 }, el("caption", { class: "hidden" }, t("table.incidents")), el("colgroup", {}, ...widths), el("thead", {}, el("tr", {}, ...heads)), body),
    el("p", { class: "none soft" }, t("table.none")));
  const view = windowed(body, () => node.closest(".pane"), {
    tag: "tr", height: ROW, item: (k) => line(store, store.incident(rows(k + 1)[k]), length > WHOLE),
    load: (from, to) => store.rows.load(rows(to).subarray(from, to)),
  });

  /** @param {number} k */
  function sortBy(k) {
    direction = k === by ? -direction : 1;
    by = k;
    sort();
    draw();
  }

  function sort() {
    order = sorted(store.rows, COLUMNS[by][1]);
    if (direction < 0) order.reverse();
  }

  function draw() {
    heads.forEach((h, k) => h.setAttribute("aria-sort", k !== by ? "none" : direction > 0 ? "ascending" : "descending"));
    length = store.sieve.passing().length;
    first = store.passing(order, WHOLE);
    node.querySelector("table")?.setAttribute("aria-rowcount", String(length + 1));
    node.querySelector("table")?.classList.toggle("many", length > WHOLE);
    node.querySelector(".none")?.toggleAttribute("hidden", length > 0);
    view.show(length);
  }

  /** Draw anew when the browser has drawn what else changed; at once where it costs nothing. */
  function soon() {
    if (!store.packed) { draw(); return; }
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  }
  let frame = 0;

  // Paper takes the first rows; a button that prints waits for their texts.
  const cut = el("p", { class: "on-paper" });
  node.append(cut);
  store.toPaper = async () => { await store.rows.load(first.subarray(0, WHOLE)); };
  const paper = (/** @type {Event} */ e) => {
    cut.textContent = length > WHOLE ? t("table.cut", { n: WHOLE, total: number(length) }) : "";
    if (e.type === "beforeprint") view.paper();
    else view.show(length);
  };
  for (const event of ["beforeprint", "afterprint"]) window.addEventListener(event, paper, { signal: store.life?.signal });

  store.on("reset", () => { search.value = ""; });
  store.on("filter", soon);
  store.on("kinds", soon);
  // What is many is built when it is seen.
  new ResizeObserver(() => view.seen()).observe(node);
  store.on("select", ({ selection, from }) => {
    const n = selection?.kind === "incident" ? selection.n : -1;
    if (n >= 0 && from !== "table" && length > WHOLE) view.reveal(rows(length).indexOf(n));
    for (const tr of body.querySelectorAll("tr")) {
      const chosen = tr.dataset.n === String(n);
      tr.classList.toggle("selected", chosen);
      if (chosen && from !== "table" && length <= WHOLE) tr.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
    }
  });
  sort();
  draw();
  return node;
}

/** @param {Store} store @param {Incident} i @param {boolean} short whether it has one height whatever it says */
function line(store, i, short) {
  const choose = () => store.select({ kind: "incident", n: i.n }, "table");
  const off = !i.drawn ? t("table.not_on_map") : !store.kinds.has(i.layer) ? t("table.layer_off") : "";
  const chosen = store.selected?.kind === "incident" && store.selected.n === i.n;
  const tags = [i.status !== "reported" && say("status", i.status), off].filter(Boolean);
  return el("tr", { "data-n": i.n, onclick: choose, class: [off && "off", chosen && "selected"].filter(Boolean).join(" ") || null },
    el("td", {}, el("button", { type: "button", class: "name", "aria-label": spokenName(i), onclick: (/** @type {Event} */ e) => { e.stopPropagation(); choose(); } },
      symbolOf(store, i, 20), el("span", { class: "clip" }, el("span", { class: "kicker" }, [say("type", i.type), ...(short ? tags : [])].join(" · ")), data(titleOf(i)), i.weight !== null && ` × ${number(i.weight)}`)),
    !short && el("span", { class: "tags" }, ...tags.map((tag) => el("span", { class: "tag" }, tag))),
    el("span", { class: "on-paper" }, i.source && [t("card.source"), " ", data(i.source), ". "], i.quote && el("q", { dir: "auto" }, i.quote))),
    ...[[whenText(i, "short")], i.weight !== null ? [i.drawn ? `${i.lat.toFixed(2)}, ${i.lon.toFixed(2)}` : t("table.not_on_map")] : [i.line && i.origin && [data(i.origin), " → "], data(i.place || t("table.place_unstated"))], [i.weight === null && sureText(i.confidence)]]
      .map((said, k) => el("td", { class: k === 2 ? "sure" : null }, el("span", { class: "clip" }, said))));
}

/** Rows of tables with an outcome. @param {Store} store @param {"rejected" | "warned"} outcome @returns {any[]} */
function rowsOf(store, outcome) {
  return (store.records.left ?? []).filter((/** @type {any} */ r) => r.outcome === outcome);
}

/** How much there is that the map does not show. @param {Store} store */
export function missingCount(store) {
  return undrawn(store) + unresolved(store).length + rowsOf(store, "rejected").length;
}

/** How many incidents have no place to draw. @param {Store} store */
function undrawn(store) {
  return store.rows.tally(store.rows.column("drawn"))[0];
}

/** Names that were not resolved, each once. @param {Store} store @returns {[string, number[]][]} */
function unresolved(store) {
  /** @type {Map<string, number[]>} */
  const found = new Map();
  store.mentions.forEach((m, n) => {
    if (m.place === null || !store.places[m.place]) found.set(m.text, [...(found.get(m.text) ?? []), n]);
  });
  return [...found];
}

/** List what is not on the map, and why. @param {Store} store */
export function missing(store) {
  const { codes } = store.rows.column("drawn");
  /** @type {number[]} */
  const incidents = [];
  for (let n = store.count - 1; n >= 0 && incidents.length < WHOLE; n -= 1) if (!codes[n]) incidents.unshift(n);
  const rest = undrawn(store) - incidents.length;
  const names = unresolved(store);
  const rows = (/** @type {"rejected" | "warned"} */ outcome, /** @type {string} */ heading) => {
    const found = rowsOf(store, outcome);
    const listed = found.slice(0, WHOLE);
    return found.length > 0 && el("section", {}, el("h2", {}, heading), el("ul", {}, ...listed.map((r) => el("li", {},
      data(r.file), ", ", t("missing.row", { n: r.row }), ": ", data(r.messages.join(" ")),
      r.candidates.length > 0 && el("div", {}, el("p", { class: "soft" }, t("missing.may_be")),
        el("ol", { class: "candidates" }, ...r.candidates.map((/** @type {import("./store.js").Candidate} */ c) => el("li", {}, data(c.name), ` ${scoreText(c)}`))), showReadings(store, r.candidates)))),
      found.length > listed.length && el("li", {}, t("missing.more_rows", { n: found.length - listed.length }))));
  };
  const list = el("ul");
  const fill = () => list.replaceChildren(...incidents.map((n) => store.incident(n)).map((i) => el("li", {},
    el("button", { type: "button", class: "name", onclick: () => store.select({ kind: "incident", n: i.n }, "list") }, symbolOf(store, i, 20), el("span", {}, data(titleOf(i)), i.weight !== null && ` × ${number(i.weight)}`)),
    el("p", { class: "soft" }, i.place ? [...phrase("missing.named", { place: data(i.place) }), " "] : `${t("missing.no_place")} `, i.why && data(i.why)))));
  fill();
  store.rows.load(incidents)?.then(fill);
  return el("div", { class: "missing" },
    incidents.length > 0 && el("section", {}, el("h2", {}, t("missing.incidents")),
      list, !store.rows.weights && rest > 0 && el("p", { class: "soft" }, t("missing.more", { n: rest }))),
    names.length > 0 && el("section", {}, el("h2", {}, t("missing.names")),
      el("ul", {}, ...names.map(([text, ns]) => el("li", {},
        el("button", { type: "button", class: "name", onclick: () => store.select({ kind: "mention", n: ns[0] }, "list") }, data(text)),
        el("span", { class: "soft" }, ns.length > 1 ? ` ${t("missing.times", { n: ns.length })} ` : " "),
        el("span", { class: "soft" }, store.mentions[ns[0]].candidates.length ? `${t("count.reading", { n: store.mentions[ns[0]].candidates.length })}.` : t("missing.unknown")))))),
    rows("rejected", t("missing.rejected")),
    rows("warned", t("missing.warned")));
}
