// The table of incidents: everything the map tells, for reading, sorting and finding; and what is not on it.
import { spokenName, titleOf } from "./card.js";
import { data, el, still } from "./dom.js";
import { filters } from "./filters.js";
import { downloads } from "./sharing.js";
import { symbolOf } from "./symbols.js";
import { phrase, say, sureText, t, whenText } from "./text.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */

/** Rows built at once: a browser shows thousands, but not quickly. */
const PAGE = 300;

/** Columns: key of the heading, what to sort by. @type {[string, (i: Incident) => string | number][]} */
const COLUMNS = [
  ["what", (i) => `${say("type", i.type)} ${titleOf(i)}`.toLocaleLowerCase()],
  ["when", (i) => (i.days ? i.days[0] * 1440 + minutes(i.time) : Infinity)],
  ["where", (i) => (i.place ?? "\uffff").toLocaleLowerCase()],
  ["sure", (i) => -(i.confidence ?? -1)],
];

/** @param {string | null} time */
function minutes(time) {
  const [h, m] = (time ?? "").split(":").map(Number);
  return (h || 0) * 60 + (m || 0);
}

/** Build the table. @param {Store} store @param {any} map */
export function table(store, map) {
  let sorted = 1;
  let direction = 1;
  let most = PAGE;
  const body = el("tbody");
  const widths = ["40%", "20%", "22%", "18%"].map((width) => { const col = el("col"); col.style.width = width; return col; });
  const heads = COLUMNS.map(([heading], k) => el("th", { scope: "col" }, el("button", { type: "button", onclick: () => sortBy(k) }, t(`table.${heading}`))));
  const search = /** @type {HTMLInputElement} */ (el("input", {
    type: "search", value: store.query, placeholder: t("filter.find"), "aria-label": t("filter.find"),
    oninput: () => { store.query = search.value.trim().toLocaleLowerCase(); store.emit("filter"); },
  }));
  const more = el("button", { type: "button", class: "more", onclick: () => { most = Infinity; draw(); } });
  const node = el("div", { class: "table" }, el("p", { class: "find" }, search), filters(store),
    el("table", {}, el("caption", { class: "hidden" }, t("table.incidents")), el("colgroup", {}, ...widths), el("thead", {}, el("tr", {}, ...heads)), body),
    more, el("p", { class: "none soft" }, t("table.none")), downloads(store, map));

  /** @param {number} k */
  function sortBy(k) {
    direction = k === sorted ? -direction : 1;
    sorted = k;
    draw();
  }

  function draw() {
    heads.forEach((h, k) => h.setAttribute("aria-sort", k !== sorted ? "none" : direction > 0 ? "ascending" : "descending"));
    const key = COLUMNS[sorted][1];
    const rows = store.passing().sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      return (x < y ? -1 : x > y ? 1 : a.n - b.n) * direction;
    });
    const focused = document.activeElement?.closest("tr[data-n]")?.getAttribute("data-n");
    body.replaceChildren(...rows.slice(0, most).map((i) => line(store, i)));
    more.hidden = rows.length <= most;
    more.textContent = t("table.all", { n: rows.length });
    node.querySelector(".none")?.toggleAttribute("hidden", rows.length > 0);
    if (focused) /** @type {HTMLElement | null} */ (body.querySelector(`tr[data-n="${focused}"] button`))?.focus();
  }

  store.on("reset", () => { search.value = ""; });
  store.on("filter", draw);
  store.on("kinds", draw);
  store.on("select", ({ selection, from }) => {
    for (const tr of body.querySelectorAll("tr")) {
      const chosen = selection?.kind === "incident" && tr.dataset.n === String(selection.n);
      tr.classList.toggle("selected", chosen);
      if (chosen && from !== "table") tr.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
    }
  });
  draw();
  return node;
}

/** @param {Store} store @param {Incident} i */
function line(store, i) {
  const choose = () => store.select({ kind: "incident", n: i.n }, "table");
  const off = !i.drawn ? t("table.not_on_map") : !store.kinds.has(i.layer) ? t("table.layer_off") : "";
  return el("tr", { "data-n": i.n, onclick: choose, class: off ? "off" : null },
    el("td", {}, el("button", { type: "button", class: "name", "aria-label": spokenName(i), onclick: (/** @type {Event} */ e) => { e.stopPropagation(); choose(); } },
      symbolOf(store, i, 20), el("span", {}, el("span", { class: "kicker" }, say("type", i.type)), data(titleOf(i)))),
    el("span", { class: "tags" }, i.status !== "reported" && el("span", { class: "tag" }, say("status", i.status)), off && el("span", { class: "tag" }, off)),
    el("span", { class: "on-paper" }, i.source && [t("card.source"), " ", data(i.source), ". "], i.quote && el("q", { dir: "auto" }, i.quote))),
    el("td", {}, whenText(i, "short")),
    el("td", {}, i.line && i.origin && [data(i.origin), " → "], data(i.place || t("table.place_unstated"))),
    el("td", { class: "sure" }, sureText(i.confidence)));
}

/** Rows of tables with an outcome. @param {Store} store @param {"rejected" | "warned"} outcome @returns {any[]} */
function rowsOf(store, outcome) {
  return (store.records.left ?? []).filter((/** @type {any} */ r) => r.outcome === outcome);
}

/** How much there is that the map does not show. @param {Store} store */
export function missingCount(store) {
  return store.incidents.filter((i) => !i.drawn).length + unresolved(store).length + rowsOf(store, "rejected").length;
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
  const incidents = store.incidents.filter((i) => !i.drawn);
  const names = unresolved(store);
  const rows = (/** @type {"rejected" | "warned"} */ outcome, /** @type {string} */ heading) => {
    const found = rowsOf(store, outcome);
    return found.length > 0 && el("section", {}, el("h2", {}, heading), el("ul", {}, ...found.map((r) => el("li", {},
      data(r.file), ", ", t("missing.row", { n: r.row }), ": ", data(r.messages.join(" ")),
      r.candidates.length > 0 && el("p", { class: "soft" }, ...phrase("missing.may_be", { list: r.candidates.map((/** @type {string} */ c, /** @type {number} */ k) => [k > 0 && "; ", data(c)]) }))))));
  };
  return el("div", { class: "missing" },
    incidents.length > 0 && el("section", {}, el("h2", {}, t("missing.incidents")),
      el("ul", {}, ...incidents.map((i) => el("li", {},
        el("button", { type: "button", class: "name", onclick: () => store.select({ kind: "incident", n: i.n }, "list") }, symbolOf(store, i, 20), el("span", {}, data(titleOf(i)))),
        el("p", { class: "soft" }, i.place ? [...phrase("missing.named", { place: data(i.place) }), " "] : `${t("missing.no_place")} `, i.why && data(i.why)))))),
    names.length > 0 && el("section", {}, el("h2", {}, t("missing.names")),
      el("ul", {}, ...names.map(([text, ns]) => el("li", {},
        el("button", { type: "button", class: "name", onclick: () => store.select({ kind: "mention", n: ns[0] }, "list") }, data(text)),
        el("span", { class: "soft" }, ns.length > 1 ? ` ${t("missing.times", { n: ns.length })} ` : " "),
        el("span", { class: "soft" }, store.mentions[ns[0]].candidates.length ? `${t("count.reading", { n: store.mentions[ns[0]].candidates.length })}.` : t("missing.unknown")))))),
    rows("rejected", t("missing.rejected")),
    rows("warned", t("missing.warned")));
}
