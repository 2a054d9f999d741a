// The page's frame: tabs, theme, the phone's sheet, the sentence that says what is shown, the imprint.
import { byId, data, el } from "./dom.js";
import { LINES, plans } from "./plan.js";
import { reader } from "./reader.js";
import { missing, missingCount, table } from "./table.js";
import { choices, dateText, kmText, phrase, spoken, t } from "./text.js";

/** @typedef {import("./store.js").Store} Store */

const NARROW = matchMedia("(max-width: 720px)");

/**
 * Fill the panel beside the map.
 * @param {Store} store
 * @param {any} map
 * @param {AbortSignal} signal ends it
 */
export function panel(store, map, signal) {
  const node = byId("panel");
  node.replaceChildren();
  const article = store.records.articles.length ? reader(store) : null;
  const lost = missingCount(store);
  const card = el("div", { class: "card-pane" });
  /** Of each its name, and what is in it, made when it is opened. @type {[string, string, () => HTMLElement][]} */
  const views = [];
  if (article) views.push(["reader", t("tab.article", { n: store.records.articles.length }), () => article.node]);
  const incidents = table(store, map); // paper has it whatever is open
  views.push(["table", t("tab.incidents", { n: store.rows.total }), () => incidents]);
  const warned = store.records.left?.length ?? 0;
  if (lost || warned) views.push(["missing", lost ? t("tab.missing", { n: lost }) : t("tab.warned", { n: warned }), () => missing(store)]);
  views.push(["about", t("tab.about"), () => about(store)]);

  const tabs = views.map(([id, name]) => el("button", {
    type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `view-${id}`, onclick: () => { open(id); raise(true); },
  }, name));
  const panes = views.map(([id]) => el("div", { role: "tabpanel", id: `view-${id}`, "aria-labelledby": `tab-${id}`, tabindex: 0, class: "pane" }, id === "table" && incidents));
  const list = el("div", { role: "tablist", "aria-label": t("page.views"), onkeydown: (/** @type {KeyboardEvent} */ e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    const k = (tabs.findIndex((t) => t === document.activeElement) + step + tabs.length) % tabs.length;
    tabs[k].focus();
    open(views[k][0]);
  } }, ...tabs);
  const grip = el("button", { type: "button", class: "grip", "aria-label": t("page.sheet"), "aria-expanded": String(document.body.classList.contains("raised")), onclick: () => raise(!document.body.classList.contains("raised")) });
  node.append(grip, card, list, ...panes);
  open(views.find(([id]) => id === store.tab)?.[0] ?? views[0][0]);

  /** @param {string} id */
  function open(id) {
    if (store.tab !== id && (store.tab !== null || id !== views[0][0])) { store.tab = id; store.emit("tab"); }
    views.forEach(([other, , make], k) => {
      if (other === id && !panes[k].firstChild) panes[k].append(store.build(make));
      tabs[k].setAttribute("aria-selected", String(other === id));
      tabs[k].tabIndex = other === id ? 0 : -1;
      panes[k].hidden = other !== id;
    });
  }

  /** Raise or lower the sheet of the phone's layout. @param {boolean} up */
  function raise(up) {
    document.body.classList.toggle("raised", up);
    grip.setAttribute("aria-expanded", String(up));
    if (NARROW.matches) setTimeout(() => map.invalidateSize(), 260);
  }

  const close = () => { card.replaceChildren(); document.body.classList.remove("with-card"); };
  store.cardHost = (content, at) => {
    close();
    if (!NARROW.matches && at) return false;
    card.append(el("button", { type: "button", class: "close", "aria-label": t("page.close"), onclick: () => store.select(null, "list") }, "×"), content);
    document.body.classList.add("with-card");
    card.scrollTop = 0;
    raise(true);
    // The sheet covers half of the map: what was chosen is brought into the other half.
    if (NARROW.matches && at) setTimeout(() => map.panTo(at, { animate: false }), 300);
    return true;
  };
  if (article) {
    store.showSentence = (i) => { close(); open("reader"); raise(true); article.show(i.n)?.focus({ preventScroll: true }); };
  }
  store.on("select", ({ selection, from }) => {
    if (!selection) close();
    if (selection?.kind === "incident" && from === "map" && !NARROW.matches) {
      const told = store.rows.value("article", selection.n) !== null;
      const now = views.find((_, k) => !panes[k].hidden)?.[0];
      // Keep the view the reader works in; leave the others, which have nothing to say of an incident.
      if (now !== "table" && !(now === "reader" && told)) open(told ? "reader" : "table");
    }
  });
  followFocus(store);
  document.addEventListener("keydown", (e) => { if (e.key === "Escape" && store.selected) store.select(null, "list"); }, { signal });
}

/**
 * Who chooses by keyboard is taken to the card, and back again when it is closed.
 * @param {Store} store
 */
function followFocus(store) {
  /** @type {HTMLElement | null} */
  let opener = null;
  let [keyboard, within] = [false, false];
  store.on("seek", ({ selection }) => {
    const at = /** @type {HTMLElement} */ (document.activeElement);
    within = at === document.body || Boolean(at.closest(".card, .card-pane, .leaflet-popup"));
    keyboard = within ? Boolean(opener) : at.matches(":focus-visible");
    if (selection && !within) opener = keyboard ? at : null;
  });
  store.on("select", ({ selection, from }) => {
    if (!keyboard || from === "link") return;
    const card = /** @type {HTMLElement | null} */ (document.querySelector(".leaflet-popup .card, .card-pane .card"));
    if (selection && card) {
      card.tabIndex = -1;
      card.setAttribute("aria-label", card.querySelector("h2")?.textContent ?? "");
      card.focus({ preventScroll: true });
    } else if (!selection && within) {
      if (opener?.isConnected) opener.focus({ preventScroll: true });
      opener = null;
    }
  });
}

/** The sentence on top that says what is shown of what. @param {Store} store @param {any} map */
export function summary(store, map) {
  const said = byId("summary");
  let counted = "";
  const tell = () => {
    const lost = plans.get(map)?.lost ?? 0;
    const text = counted ? `${counted}${lost > 0 ? `; ${t("summary.lines", { n: LINES + lost, most: LINES })}` : ""}.` : t("summary.none");
    if (said.textContent !== text) said.textContent = text;
  };
  const { rows } = store;
  const { total } = rows;
  const [unplaced] = rows.tally(rows.layers);
  const count = () => {
    const on = store.layersOn();
    let [seen, off] = [0, 0];
    store.sieve.count(rows.layers).forEach((n, layer) => {
      if (on[layer]) seen += n;
      else if (layer) off += n;
    });
    const filtered = total - unplaced - seen - off;
    const rest = Object.entries({ off, filtered, unplaced }).filter(([, n]) => n).map(([what, n]) => t(`summary.${what}`, { n }));
    const shown = t("summary.shown", { n: seen, total: t("count.incident", { n: total }) });
    counted = total ? `${shown}${rest.length ? `; ${rest.join(", ")}` : ""}` : "";
    tell();
  };
  store.on("filter", count);
  store.on("kinds", count);
  store.on("drawn", tell);
  count();
  if (!store.records.counted) return;
  const notice = byId("notice");
  notice.hidden = false;
  notice.replaceChildren(...countedText(store));
}

/**
 * Buttons on top, and the choice of language.
 * @param {Store} store @param {AbortSignal} signal ends them
 * @param {(code: string) => void} translate
 */
export function actions(store, signal, translate) {
  const root = document.documentElement;
  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const theme = el("button", { type: "button", onclick: () => { root.dataset.theme = dark() ? "light" : "dark"; turned(); } });
  const tell = () => {
    theme.textContent = t(dark() ? "page.light" : "page.dark");
    theme.setAttribute("aria-label", t(dark() ? "page.to_light" : "page.to_dark"));
  };
  const turned = () => { tell(); store.emit("theme"); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", turned, { signal });
  tell();
  const language = /** @type {HTMLSelectElement} */ (el("select", { id: "language", "aria-label": t("language.choose"), onchange: () => translate(language.value) },
    ...choices().map(([code, name]) => el("option", { value: code, lang: code, selected: code === spoken() }, name))));
  const reset = el("button", { type: "button", class: "reset", onclick: () => store.reset() }, t("filter.reset"));
  const offer = () => { reset.hidden = !store.filtered(); };
  store.on("filter", offer);
  offer();
  byId("actions").replaceChildren(reset, language, theme, el("button", { type: "button", class: "print", onclick: () => store.print?.() }, t("page.print")));
}

/** What went in: files with their digests, what was left out of them. @param {Store} store */
function inputs(store) {
  const { made, articles, left = [] } = store.records;
  const named = new Map(articles.map((/** @type {any} */ a) => [a.path, a]));
  const out = (/** @type {string} */ file) => left.filter((/** @type {any} */ r) => r.file === file && r.outcome === "rejected").length;
  const files = made.inputs.map((/** @type {{name: string, sha256: string}} */ { name, sha256 }) => {
    const article = named.get(name);
    named.delete(name);
    return el("li", {}, article?.title ? [data(article.title), ", "] : null, data(name),
      article?.published && `, ${t("about.published", { date: dateText(article.published) })}`,
      out(name) > 0 && `, ${t("about.left", { rows: t("count.row", { n: out(name) }) })}`,
      el("small", { class: "digest" }, `SHA-256 ${sha256}`));
  });
  const rest = [...named.values()].map((a) => el("li", {}, data(a.title || a.path || t("reader.choose")), a.published && `, ${t("about.published", { date: dateText(a.published) })}`));
  const rejected = left.filter((/** @type {any} */ r) => r.outcome === "rejected").length;
  return el("ul", {}, ...files, ...rest,
    el("li", {}, `${t("count.incident", { n: store.rows.total })}, ${t("count.place", { n: new Set([...Object.keys(store.places), ...store.rows.placeAt.keys()]).size })}`),
    rejected > 0 && el("li", {}, t("about.left", { rows: t("count.row", { n: rejected }) })),
    made.merged > 0 && el("li", {}, t("about.merged", { rows: t("count.row", { n: made.merged }) })));
}

/** Say that rows are counts, of what, and where the incidents are. @param {Store} store */
export function countedText(store) {
  const { total, km, step, rows } = store.records.counted;
  const told = t(`counted.${step}`, { total: t("count.incident", { n: total }), km: kmText(km) });
  return [told, " ", ...(rows ? phrase("counted.rows", { file: data(rows) }) : [])];
}

/** How this map was made. @param {Store} store */
function about(store) {
  const { made, basemap } = store.records;
  /** @type {string[]} */
  const disputed = [...new Set((basemap?.lines?.features ?? []).filter((/** @type {any} */ f) => f.properties.kind === "disputed" && ["close", "fine"].includes(f.properties.detail)).map((/** @type {any} */ f) => f.properties.name))];
  return el("div", { class: "about" },
    el("p", {}, t("about.intro")),
    store.records.counted && el("p", { class: "warning" }, ...countedText(store)),
    el("h2", {}, t("about.made")),
    el("p", {}, ...phrase("about.tool", { version: made.version })),
    el("h3", {}, t("about.inputs")), inputs(store),
    el("h3", {}, t("about.places")),
    el("p", {}, t("about.coordinates"), made.gazetteer && ` ${t("about.gazetteer", { version: made.gazetteer })}`),
    made.licences.length > 0 && el("ul", {}, ...made.licences.map((/** @type {string} */ l) => el("li", {}, l))),
    el("h3", {}, t("about.borders")),
    el("p", {}, t("about.disclaimer")),
    el("p", { class: "soft" }, data(basemap?.source ?? "")),
    disputed.length > 0 && [el("p", {}, t("about.disputed")), el("ul", {}, ...disputed.map((name) => el("li", {}, data(name))))],
    el("p", { class: "soft" }, t("about.rivals")));
}

/** Who made what, below the page and on paper. */
export function imprint() {
  byId("imprint").textContent = `${t("about.credit")} ${t("about.disclaimer")}`;
}
