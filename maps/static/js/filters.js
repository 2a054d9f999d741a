// Filters: what is picked by type, status, source and actor, and how sure, precise or deadly at least.
import { el } from "./dom.js";
import { BIT, COLUMN_OF, FACETS, PRECISIONS, valuesOf } from "./sieve.js";
import { dayText, number, say, t } from "./text.js";

/** @typedef {import("./store.js").Store} Store */

/** What a value of a facet is called. @param {string} facet @param {string} value */
function nameOf(facet, value) {
  return value ? say(facet, value) : t("filter.unstated");
}

/** Say in words what is filtered. @param {Store} store @returns {string[]} */
function described(store) {
  return [
    store.hiddenFamilies.size > 0 && t("filter.families", { n: store.hiddenFamilies.size }),
    ...FACETS.map((facet) => store.picked[facet].size > 0 && `${t(`filter.${facet}`)}: ${[...store.picked[facet]].map((v) => nameOf(facet, v)).join(", ")}`),
    store.least.confidence > 0 && `${t("filter.confidence")} ${Math.round(store.least.confidence * 100)}%`,
    store.precision && `${t("filter.precision")} ${say("precisionShort", store.precision)}`,
    ...["killed", "wounded"].map((toll) => store.least[toll] > 0 && `${t(`filter.${toll}`)} ${number(store.least[toll])}`),
    store.query && t("filter.text", { text: store.query }),
    store.span && t("filter.days", { from: dayText(store.span[0]), to: dayText(store.span[1]) }),
    !store.undated && t("filter.no_undated"),
  ].filter((part) => typeof part === "string" && part !== "").map(String);
}

/** Values of a facet that are listed at most, the most frequent; others are found by their text. */
const LISTED = 200;

/** How many incidents pass. @param {Store} store */
function passingCount(store) {
  const { rows, sieve } = store;
  return rows.weights ? sieve.count(rows.none)[0] : sieve.passing().length;
}

/** The block of filters above the table. @param {Store} store */
export function filters(store) {
  const said = el("p", { class: "said soft", role: "status" });
  const reset = el("button", { type: "button", class: "reset", onclick: () => store.reset() }, t("filter.reset"));
  const details = el("details", { class: "filters" });
  if (store.filtersOpen ?? store.filtered()) details.setAttribute("open", "");
  details.append(el("summary", {}, t("filter.title")));
  const fill = () => details.append(
    el("div", { class: "facets" }, ...FACETS.map((facet) => facetBox(store, facet, details))),
    el("div", { class: "thresholds" },
      threshold(store, details, "confidence", 0.05, [0, 1]), precisionChoice(store, details), ...["killed", "wounded"].map((toll) => threshold(store, details, toll, 1, [0]))));
  if (details.hasAttribute("open")) fill();
  const tell = () => {
    const how = described(store);
    const total = t("count.incident", { n: store.rows.total });
    said.textContent = store.searching ? t("filter.searching") : t("filter.shown", { n: passingCount(store), total, how: how.length ? t("filter.by", { list: how.join("; ") }) : t("filter.all") });
    reset.hidden = !store.filtered();
  };
  details.addEventListener("toggle", () => {
    store.filtersOpen = details.hasAttribute("open");
    if (store.filtersOpen && details.children.length < 2) store.build(fill);
  });
  store.on("filter", tell);
  store.on("search", tell);
  tell();
  return el("section", { class: "filtering", "aria-label": t("filter.title") }, details, el("div", { class: "told" }, said, reset));
}

/** Values of a facet to pick from, the most frequent first. @param {Store} store @param {typeof FACETS[number]} facet @param {HTMLElement} details is counted in when it is unfolded */
function facetBox(store, facet, details) {
  const column = store.rows.column(COLUMN_OF[facet]);
  const said = column.values.map((value) => valuesOf(facet, value));
  /** How many incidents have each value. @param {ArrayLike<number>} counts by code @returns {Map<string, number>} */
  const perValue = (counts) => {
    const found = new Map();
    said.forEach((values, code) => { if (counts[code]) for (const value of values) found.set(value, (found.get(value) ?? 0) + counts[code]); });
    return found;
  };
  const totals = perValue(store.rows.tally(column));
  if (totals.size < 2) return null;
  const picked = store.picked[facet];
  const sorted = [...totals].sort((a, b) => b[1] - a[1] || nameOf(facet, a[0]).localeCompare(nameOf(facet, b[0])));
  const listed = sorted.filter(([value], k) => k < LISTED || picked.has(value));
  const rows = listed.map(([value]) => {
    const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", onchange: () => {
      if (box.checked) picked.add(value);
      else picked.delete(value);
      store.emit("filter");
    } }));
    const count = el("span", { class: "count" });
    const node = el("label", {}, box, el("span", { dir: "auto" }, nameOf(facet, value)), count);
    return { value, box, count, node };
  });
  const tell = () => {
    if (!details.hasAttribute("open")) return;
    const counts = perValue(store.sieve.count(column, BIT[facet]));
    for (const { value, box, count, node } of rows) {
      const n = counts.get(value) ?? 0;
      box.checked = picked.has(value);
      count.textContent = number(n);
      node.classList.toggle("empty", n === 0);
    }
  };
  store.on("filter", tell);
  details.addEventListener("toggle", tell);
  tell();
  return el("fieldset", {}, el("legend", {}, t(`filter.${facet}`)), el("div", { class: "values" }, ...rows.map((r) => r.node),
    sorted.length > listed.length && el("p", { class: "soft" }, t("filter.more", { n: sorted.length - listed.length }))));
}

/** A number that is asked for at least. @param {Store} store @param {HTMLElement} details is counted in when it is unfolded @param {string} name @param {number} step @param {number[]} range */
function threshold(store, details, name, step, [min, max]) {
  if (!store.rows.column(name).values.some(Boolean) && !store.rows.columns.has(`${name}_range`)) return null;
  const share = name === "confidence";
  const value = el("output", { class: "count share" });
  const count = el("span", { class: "count" });
  const input = /** @type {HTMLInputElement} */ (el("input", { type: share ? "range" : "number", min, max, step, value: store.least[name], oninput: () => {
    store.least[name] = Math.max(0, Number(input.value) || 0);
    store.emit("filter");
  } }));
  const tell = () => {
    value.textContent = share ? `${Math.round(store.least[name] * 100)}%` : "";
    // With nothing asked for, how many there is anything known of.
    if (details.hasAttribute("open")) count.textContent = number(store.sieve.atLeast(name, store.least[name] || Number.MIN_VALUE));
  };
  store.on("reset", () => { input.value = "0"; });
  store.on("filter", tell);
  details.addEventListener("toggle", tell);
  tell();
  return el("label", {}, el("span", {}, t(`filter.${name}`)), input, share && value, count);
}

/** @param {Store} store @param {HTMLElement} details is counted in when it is unfolded */
function precisionChoice(store, details) {
  const used = PRECISIONS.filter((p) => store.rows.column("precision").values.includes(p));
  if (used.length < 2) return null;
  const column = store.rows.column("precision");
  const count = el("span", { class: "count" });
  const options = used.map((p) => el("option", { value: p }, say("precisionShort", p)));
  const choice = /** @type {HTMLSelectElement} */ (el("select", { onchange: () => { store.precision = choice.value || null; store.emit("filter"); } },
    el("option", { value: "" }, t("filter.any")), ...options));
  choice.value = store.precision ?? "";
  const tell = () => {
    if (!details.hasAttribute("open")) return;
    const counts = store.sieve.count(column, BIT.precision);
    let n = 0;
    const upTo = used.map((p) => (n += counts[column.values.indexOf(p)]));
    options.forEach((option, k) => { option.textContent = `${say("precisionShort", used[k])} (${number(upTo[k])})`; });
    count.textContent = number(store.precision ? upTo[used.indexOf(store.precision)] : n);
  };
  store.on("reset", () => { choice.value = ""; });
  store.on("filter", tell);
  details.addEventListener("toggle", tell);
  tell();
  return el("label", {}, el("span", {}, t("filter.precision")), choice, count);
}
