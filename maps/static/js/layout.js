// The page's frame: tabs, theme, the phone's sheet, the sentence that says what is shown, the imprint.
import { byId, data, el } from "./dom.js";
import { reader } from "./reader.js";
import { missing, missingCount, table } from "./table.js";
import { plural } from "./text.js";

/** @typedef {import("./store.js").Store} Store */

const NARROW = matchMedia("(max-width: 720px)");

/**
 * Fill the panel beside the map.
 * @param {Store} store
 * @param {any} map
 */
export function panel(store, map) {
  const node = byId("panel");
  const article = store.records.articles.length ? reader(store) : null;
  const lost = missingCount(store);
  const card = el("div", { class: "card-pane" });
  /** @type {[string, string, HTMLElement][]} */
  const views = [];
  if (article) views.push(["reader", store.records.articles.length > 1 ? "Articles" : "Article", article.node]);
  views.push(["table", `Incidents (${store.incidents.length})`, table(store)]);
  if (lost || store.records.left?.length) views.push(["missing", `Not on the map (${lost})`, missing(store)]);
  views.push(["about", "About", about(store)]);

  const tabs = views.map(([id, name]) => el("button", {
    type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `view-${id}`, onclick: () => { open(id); raise(true); },
  }, name));
  const panes = views.map(([id, , content]) => el("div", { role: "tabpanel", id: `view-${id}`, "aria-labelledby": `tab-${id}`, tabindex: 0, class: "pane" }, content));
  const list = el("div", { role: "tablist", "aria-label": "Views", onkeydown: (/** @type {KeyboardEvent} */ e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    const k = (tabs.findIndex((t) => t === document.activeElement) + step + tabs.length) % tabs.length;
    tabs[k].focus();
    open(views[k][0]);
  } }, ...tabs);
  const grip = el("button", { type: "button", class: "grip", "aria-label": "Open or close the panel", "aria-expanded": "false", onclick: () => raise(!document.body.classList.contains("raised")) });
  node.append(grip, card, list, ...panes);
  open(views[0][0]);

  /** @param {string} id */
  function open(id) {
    views.forEach(([other], k) => {
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
    card.append(el("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => store.select(null, "list") }, "×"), content);
    document.body.classList.add("with-card");
    card.scrollTop = 0;
    raise(true);
    // The sheet covers half of the map: what was chosen is brought into the other half.
    if (NARROW.matches && at) setTimeout(() => map.panTo(at, { animate: false }), 300);
    return true;
  };
  if (article) {
    store.showSentence = (i) => { close(); open("reader"); raise(true); article.show(i.n); };
  }
  store.on("select", ({ selection, from }) => {
    if (!selection) close();
    if (selection?.kind === "incident" && from === "map" && !NARROW.matches) {
      const told = store.incidents[selection.n].article !== undefined;
      const now = views.find((_, k) => !panes[k].hidden)?.[0];
      // Keep the view the reader works in; leave the others, which have nothing to say of an incident.
      if (now !== "table" && !(now === "reader" && told)) open(told ? "reader" : "table");
    }
  });
  document.addEventListener("keydown", (e) => { if (e.key === "Escape" && store.selected) store.select(null, "list"); });
}

/** The sentence on top that says what is shown of what. @param {Store} store */
export function summary(store) {
  const said = byId("summary");
  const tell = () => {
    const shown = store.incidents.filter((i) => store.shows(i)).length;
    const total = store.incidents.length;
    const count = (/** @type {(i: import("./store.js").Incident) => boolean} */ test) => store.incidents.filter(test).length;
    const unplaced = count((i) => !i.drawn);
    const off = count((i) => i.drawn && store.passes(i) && !store.kinds.has(i.layer));
    const filtered = count((i) => i.drawn && !store.passes(i));
    const rest = [off && `${off.toLocaleString("en")} in layers that are off`, filtered && `${filtered.toLocaleString("en")} filtered out`, unplaced && `${unplaced} with no place to draw`].filter(Boolean);
    said.textContent = total ? `${shown.toLocaleString("en")} of ${plural(total, "incident")} on the map${rest.length ? `; ${rest.join(", ")}` : ""}.` : "No incidents.";
  };
  store.on("filter", tell);
  store.on("kinds", tell);
  tell();
}

/** Buttons on top. @param {Store} store */
export function actions(store) {
  const root = document.documentElement;
  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const theme = el("button", { type: "button", onclick: () => { root.dataset.theme = dark() ? "light" : "dark"; tell(); } });
  const tell = () => {
    theme.textContent = dark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", dark() ? "Show in light colours" : "Show in dark colours");
    store.emit("theme");
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  tell();
  byId("actions").append(theme, el("button", { type: "button", onclick: () => window.print() }, "Print"));
}

/** How this map was made. @param {Store} store */
function about(store) {
  const { made, basemap, articles, left = [] } = store.records;
  const rejected = left.filter((/** @type {any} */ r) => r.outcome === "rejected").length;
  return el("div", { class: "about" },
    el("p", {}, "Every incident here was read from the sources named with it, by rules that you can check: open one to see the sentence it comes from, how its place was found and how sure that is. What could not be placed is listed, not guessed."),
    el("h2", {}, "Read"),
    el("ul", {},
      ...articles.map((/** @type {any} */ a) => el("li", {}, data(a.title || a.path || "Article"), a.published && `, published ${a.published}`)),
      el("li", {}, `${plural(store.incidents.length, "incident")}, ${plural(Object.keys(store.places).length, "place")}`),
      rejected > 0 && el("li", {}, `${plural(rejected, "row")} left out`)),
    el("h2", {}, "Places"),
    el("p", {}, "Coordinates: GeoNames (geonames.org), licensed CC BY 4.0, with corrections and additions by hand.", made.gazetteer && ` Gazetteer ${made.gazetteer}.`),
    made.licences.length > 0 && el("ul", {}, ...made.licences.map((/** @type {string} */ l) => el("li", {}, l))),
    el("h2", {}, "Borders"),
    el("p", {}, data(basemap?.disclaimer ?? "")),
    el("p", { class: "soft" }, data(basemap?.source ?? "")),
    el("p", { class: "soft" }, "Where parties use rival names or make rival claims, all are recorded and none is preferred: a place is called as the source called it, with its other names beside it."));
}

/** Who made what, below the page and on paper. @param {Store} store */
export function imprint(store) {
  byId("imprint").append("Places: GeoNames, CC BY 4.0. Borders and coasts: Natural Earth. ", data(store.records.basemap?.disclaimer ?? ""));
}
