// The table of incidents: everything the map tells, for reading, sorting and finding; and what is not on it.
import { spokenName, titleOf } from "./card.js";
import { data, el, still } from "./dom.js";
import { downloads } from "./sharing.js";
import { symbolOf } from "./symbols.js";
import { plural, say, sureText, whenText } from "./text.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */

/** Rows built at once: a browser shows thousands, but not quickly. */
const PAGE = 300;

/** Columns: heading, what to sort by. @type {[string, (i: Incident) => string | number][]} */
const COLUMNS = [
  ["What", (i) => `${say("type", i.type)} ${titleOf(i)}`.toLocaleLowerCase()],
  ["When", (i) => (i.days ? i.days[0] * 1440 + minutes(i.time) : Infinity)],
  ["Where", (i) => (i.place ?? "\uffff").toLocaleLowerCase()],
  ["Sure", (i) => -(i.confidence ?? -1)],
];

/** @param {string | null} time */
function minutes(time) {
  const [h, m] = (time ?? "").split(":").map(Number);
  return (h || 0) * 60 + (m || 0);
}

/** Build the table. @param {Store} store */
export function table(store) {
  let sorted = 1;
  let direction = 1;
  let most = PAGE;
  const body = el("tbody");
  const widths = ["40%", "20%", "22%", "18%"].map((width) => { const col = el("col"); col.style.width = width; return col; });
  const heads = COLUMNS.map(([heading], k) => el("th", { scope: "col" }, el("button", { type: "button", onclick: () => sortBy(k) }, heading)));
  const search = /** @type {HTMLInputElement} */ (el("input", {
    type: "search", value: store.query, placeholder: "Find in incidents", "aria-label": "Find in incidents",
    oninput: () => { store.query = search.value.trim().toLocaleLowerCase(); store.emit("filter"); },
  }));
  const more = el("button", { type: "button", class: "more", onclick: () => { most = Infinity; draw(); } });
  const node = el("div", { class: "table" }, el("p", { class: "find" }, search),
    el("table", {}, el("caption", { class: "hidden" }, "Incidents"), el("colgroup", {}, ...widths), el("thead", {}, el("tr", {}, ...heads)), body),
    more, el("p", { class: "none soft" }, "No incident passes the filters."), downloads(store));

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
    more.textContent = `Show all ${plural(rows.length, "incident")}`;
    node.querySelector(".none")?.toggleAttribute("hidden", rows.length > 0);
    if (focused) /** @type {HTMLElement | null} */ (body.querySelector(`tr[data-n="${focused}"] button`))?.focus();
  }

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
  const off = !i.drawn ? "not on the map" : !store.kinds.has(i.layer) ? "layer off" : "";
  return el("tr", { "data-n": i.n, onclick: choose, class: off ? "off" : null },
    el("td", {}, el("button", { type: "button", class: "name", "aria-label": spokenName(i), onclick: (/** @type {Event} */ e) => { e.stopPropagation(); choose(); } },
      symbolOf(store, i, 20), el("span", {}, el("span", { class: "kicker" }, say("type", i.type)), data(titleOf(i)))),
    el("span", { class: "tags" }, i.status !== "reported" && el("span", { class: "tag" }, say("status", i.status)), off && el("span", { class: "tag" }, off)),
    el("span", { class: "on-paper" }, i.source && ["Source: ", data(i.source), ". "], i.quote && el("q", { dir: "auto" }, i.quote))),
    el("td", {}, whenText(i, "short")),
    el("td", {}, i.line && i.origin && [data(i.origin), " → "], data(i.place || "not stated")),
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
      data(r.file), `, row ${r.row}: `, data(r.messages.join(" ")),
      r.candidates.length > 0 && el("p", { class: "soft" }, "May be: ", r.candidates.map((/** @type {string} */ c, /** @type {number} */ k) => [k > 0 && "; ", data(c)]), ".")))));
  };
  return el("div", { class: "missing" },
    incidents.length > 0 && el("section", {}, el("h2", {}, "Incidents with no place to draw"),
      el("ul", {}, ...incidents.map((i) => el("li", {},
        el("button", { type: "button", class: "name", onclick: () => store.select({ kind: "incident", n: i.n }, "list") }, symbolOf(store, i, 20), el("span", {}, data(titleOf(i)))),
        el("p", { class: "soft" }, i.place ? ["Named: ", data(i.place), ". "] : "No place is named. ", i.why && data(i.why)))))),
    names.length > 0 && el("section", {}, el("h2", {}, "Names not resolved"),
      el("ul", {}, ...names.map(([text, ns]) => el("li", {},
        el("button", { type: "button", class: "name", onclick: () => store.select({ kind: "mention", n: ns[0] }, "list") }, data(text)),
        el("span", { class: "soft" }, ns.length > 1 ? ` ${ns.length} times. ` : " "),
        el("span", { class: "soft" }, store.mentions[ns[0]].candidates.length ? `${plural(store.mentions[ns[0]].candidates.length, "reading")} considered.` : "Not in the gazetteer."))))),
    rows("rejected", "Rows left out"),
    rows("warned", "Rows imported with a warning"));
}
