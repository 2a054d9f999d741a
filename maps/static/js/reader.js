// The reader: articles as they were written, with every incident and place marked in the text.
import { data, el, link, pressable, still } from "./dom.js";
import { spokenName } from "./card.js";
import { symbolOf } from "./symbols.js";
import { dateText, t } from "./text.js";

/** @typedef {import("./store.js").Store} Store */

/**
 * Build the reader.
 * @param {Store} store
 * @returns {{node: HTMLElement, show: (n: number) => HTMLElement | null}} `show` gives the button of the incident
 */
export function reader(store) {
  const articles = store.records.articles;
  const pages = articles.map((/** @type {any} */ a) => page(store, a));
  const choices = articles.map((/** @type {any} */ a, /** @type {number} */ k) => el("option", { value: k }, nameOf(a, k)));
  const chooser = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": t("reader.choose"), onchange: () => open(Number(chooser.value)) }, ...choices));
  const node = el("div", { class: "reader" }, articles.length > 1 && el("p", { class: "chooser" }, chooser), ...pages);

  /** @param {number} k */
  function open(k) {
    if (k !== store.article) { store.article = k; store.emit("tab"); }
    pages.forEach((/** @type {HTMLElement} */ p, /** @type {number} */ n) => { p.hidden = n !== k; });
    chooser.value = String(k);
  }

  /** Light up and bring into view the sentence of an incident. @param {number} n @returns {HTMLElement | null} */
  function show(n) {
    const article = store.rows.value("article", n);
    if (article === null) return null;
    open(article);
    node.querySelector(`.sentence[data-incidents~="${n}"]`)?.scrollIntoView({ block: "center", behavior: still() ? "auto" : "smooth" });
    return node.querySelector(`.chip[data-n="${n}"]`);
  }

  store.on("select", ({ selection, from }) => {
    for (const mark of node.querySelectorAll(".selected")) mark.classList.remove("selected");
    if (!selection) return;
    const chosen = selection.kind === "incident" ? `.sentence[data-incidents~="${selection.n}"]`
      : selection.kind === "mention" ? `[data-mention="${selection.n}"]` : null;
    const marks = chosen ? [...node.querySelectorAll(chosen)]
      : [...node.querySelectorAll("[data-mention]")].filter((m) => store.mentions[Number(m.getAttribute("data-mention"))].place === selection.id);
    for (const mark of marks) mark.classList.add("selected");
    if (from !== "reader" && selection.kind === "incident") show(selection.n);
    else if (from !== "reader") {
      const first = marks[0];
      if (first) open(pages.findIndex((/** @type {HTMLElement} */ p) => p.contains(first)));
      first?.scrollIntoView({ block: "center", behavior: still() ? "auto" : "smooth" });
    }
  });
  if (pages.length) open(pages[store.article] ? store.article : 0);
  return { node, show };
}

/** What an article is called: its title, else its file and first words. @param {any} article @param {number} k */
function nameOf(article, k) {
  const words = article.paragraphs[0]?.[0]?.runs.map((/** @type {any} */ r) => r[0]).join("").slice(0, 40) ?? "";
  return article.title || [article.path ?? t("reader.unnamed", { n: k + 1 }), words].filter(Boolean).join(": ");
}

/** @param {Store} store @param {any} article */
function page(store, article) {
  const facts = [article.source, article.published && t("about.published", { date: dateText(article.published) }), article.path].filter(Boolean);
  const first = article.paragraphs[0]?.flatMap((/** @type {any} */ b) => b.runs.map((/** @type {any} */ r) => r[0])).join("").trim();
  return el("article", { class: first === article.title ? "article titled" : "article" },
    el("header", {},
      article.title && first !== article.title && el("h2", {}, data(article.title)),
      el("p", { class: "soft" }, ...facts.flatMap((f, k) => [k ? " · " : "", data(f)]), article.url && " · ", article.url && link(article.url))),
    ...article.paragraphs.map((/** @type {any[]} */ blocks) =>
      el("p", { dir: "auto" }, ...blocks.map((b, k) => block(store, b, blocks[k - 1])))));
}

/** @param {Store} store @param {any} b @param {any} before */
function block(store, b, before) {
  const runs = b.runs.map((/** @type {[string, number | null]} */ [text, mention]) => (mention === null ? text : place(store, text, mention)));
  if (!b.incidents.length) return el("span", {}, ...runs);
  // One button for each incident that the sentence is about: the sentence itself is for the mouse.
  const chips = b.incidents.filter((/** @type {number} */ n) => !before?.incidents.includes(n)).map((/** @type {number} */ n) =>
    el("button", { type: "button", class: "chip", "data-n": n, "aria-label": spokenName(store.incident(n)), onclick: (/** @type {Event} */ e) => { e.stopPropagation(); choose(n); } },
      symbolOf(store, store.incident(n), 18)));
  /** @param {number} n */
  const choose = (n) => store.select({ kind: "incident", n }, "reader");
  return el("span", { class: "sentence", "data-incidents": b.incidents.join(" "), onclick: () => choose(b.incidents[0]) }, ...chips, ...runs);
}

/** @param {Store} store @param {string} text @param {number} n */
function place(store, text, n) {
  const mention = store.mentions[n];
  const known = mention.place !== null && store.places[mention.place] !== undefined;
  const sure = !known ? "unresolved" : mention.confidence < 0.5 ? "unsure" : "";
  const choice = known ? { kind: "place", id: mention.place } : { kind: "mention", n };
  return pressable({ class: `place ${sure}`, "data-mention": n }, () => store.select(/** @type {any} */ (choice), "reader"), text);
}
