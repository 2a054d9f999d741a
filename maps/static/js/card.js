// The card of an incident or a place: what is said, how it is known, and the words it comes from.
import { data, el, link } from "./dom.js";
import { symbolOf } from "./symbols.js";
import { nearest } from "./nearest.js";
import { parts } from "./sieve.js";
import { countryText, dateText, kmText, languageText, phrase, say, sureText, t, whenText } from "./text.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */
/** @typedef {import("./store.js").Place} Place */
/** @typedef {import("./store.js").Mention} Mention */
/** @typedef {import("./store.js").Candidate} Candidate */
/** @typedef {import("./dom.js").Child} Child */

/** What an incident is called. @param {Incident} incident */
export function titleOf(incident) {
  return incident.title || say("type", incident.type);
}

/** What an incident is called to somebody who does not see it. @param {Incident} incident */
export function spokenName(incident) {
  const where = incident.place ? `, ${incident.place}` : "";
  return `${say("type", incident.type)}: ${titleOf(incident)}${where}, ${whenText(incident)}, ${say("status", incident.status)}`;
}

/** @param {string} term @param {...Child} children */
function row(term, ...children) {
  return el("div", { class: "row" }, el("dt", {}, term), el("dd", {}, ...children));
}

/** What a place lies in, "Kalbajar, Azerbaijan"; not again what was said. @param {Place} place @param {string} [used] */
function within(place, used = "") {
  const told = used.split(/,\s*/);
  const country = countryText(place.country);
  return [...new Set([...place.within, country])].filter((w) => w && w !== place.name && !told.includes(w)).join(", ");
}

/**
 * A place: the name the source used, what it lies in, and its other names beside it, none preferred.
 * @param {string | null} used
 * @param {Place | undefined} place
 */
function placeText(used, place) {
  const around = place && within(place, used ?? "");
  return [el("strong", {}, data(used || place?.name || "")), around && [", ", data(around)], otherNames(used, place)];
}

/**
 * Other names of a place, by language.
 * @param {string | null} used
 * @param {Place | undefined} place
 */
function otherNames(used, place) {
  if (!place) return null;
  const seen = new Set([(used ?? "").toLocaleLowerCase()]);
  const items = [];
  for (const [language, list] of /** @type {[string, string[]][]} */ ([["", [place.name]], ...place.names])) {
    const fresh = list.filter((n) => !seen.has(n.toLocaleLowerCase()) && seen.add(n.toLocaleLowerCase()));
    if (!fresh.length) continue;
    items.push(el("span", {},
      fresh.slice(0, 4).map((n, k) => [k > 0 && ", ", el("bdi", { lang: language || null, dir: "auto" }, n)]),
      language && el("small", {}, ` ${languageText(language)}`)));
  }
  if (!items.length) return null;
  const line = el("p", { class: "names" }, t("card.also"), " ", items.map((item, k) => [k > 0 && " · ", item]));
  if (items.length <= 6) return line;
  return el("details", {}, el("summary", {}, t("card.ways", { n: items.length })), line);
}

/** @param {Incident} incident */
function howSure(incident) {
  const said = [];
  if (incident.precision) said.push(say("precision", incident.precision));
  if (incident.radius_km) said.push(t("card.within", { km: kmText(incident.radius_km) }));
  const basis = say("locatedBy", incident.located_by);
  return [
    said.length ? el("span", {}, said.join(", "), ". ") : null,
    basis && el("span", {}, `${basis[0].toUpperCase()}${basis.slice(1)}. `),
    el("span", {}, t("card.confidence", { sure: sureText(incident.confidence) })),
    incident.why && el("span", { class: "why" }, " ", t("card.why"), " ", data(incident.why)),
  ];
}

/** @param {Incident} incident @param {"killed" | "wounded"} what */
function toll(incident, what) {
  const range = incident[`${what}_range`];
  if (range) return t(`card.${what}`, { n: `${range[0]}–${range[1]}` });
  return incident[what] === null || incident[what] === undefined ? null : t(`card.${what}`, { n: /** @type {number} */ (incident[what]) });
}

/**
 * The card of an incident.
 * @param {Store} store
 * @param {Incident} incident
 * @param {{reader?: () => void}} [actions] `reader` shows the sentence in the article
 */
export function incidentCard(store, incident, { reader } = {}) {
  const place = store.place(incident.place_id);
  const origin = store.place(incident.origin_id);
  const family = store.families.get(incident.family);
  const tolls = [toll(incident, "killed"), toll(incident, "wounded")].filter(Boolean).join(", ");
  const link_ = incident.line === "arc";
  const around = incident.drawn && !link_ && incident.precision !== "country" && incident.precision !== "region" ? nearest(store, incident.lat, incident.lon, incident.place) : [];
  const placeTerm = t(link_ ? "card.to" : incident.origin ? "card.target" : "card.where");
  if (incident.weight !== null) return countCard(store, incident);
  return el("article", { class: "card" },
    el("header", {},
      symbolOf(store, incident, 26),
      el("div", {},
        el("p", { class: "kicker" }, say("type", incident.type), family && !family.types.includes(incident.type) ? ` · ${say("family", family.id)}` : ""),
        el("h2", {}, data(titleOf(incident))))),
    el("p", { class: `status ${incident.status in STATUS_CLASS ? incident.status : "reported"}` },
      el("strong", {}, say("status", incident.status)),
      incident.source && el("span", {}, " · ", ...phrase("card.says", { source: data(incident.source) })),
      el("span", { class: "soft" }, " ", say("statusLong", incident.status))),
    el("dl", {},
      row(t("card.when"), data(whenText(incident))),
      incident.origin && row(t(link_ ? "card.from" : "card.origin"), placeText(incident.origin, origin)),
      (incident.place || place) && row(placeTerm, placeText(incident.place, place)),
      around.length > 0 && row(t("card.near"), around.map((town) => el("span", { class: "near" }, ...phrase("card.town", { name: data(town.name), km: kmText(town.km), way: town.way })))),
      row(t("card.sure"), incident.drawn || incident.lat !== null ? howSure(incident) : t("card.no_point"),
        readings(store, namedBy(store, incident, incident.place_id)), incident.origin_id !== incident.place_id && readings(store, namedBy(store, incident, incident.origin_id)))),
    incident.quote && el("figure", {},
      el("blockquote", { dir: "auto" }, incident.quote),
      el("figcaption", {}, ...sourceLine(store, incident))),
    el("dl", {},
      place?.note && row(t("card.note"), data(place.note)),
      origin?.note && origin.note !== place?.note && row(t("card.note_origin"), data(origin.note)),
      incident.actors.length > 0 && row(t("card.actors"), incident.actors.map((a, k) => [k > 0 && "; ", data(a)])),
      incident.weapon && row(t("card.weapon"), data(incident.weapon)),
      tolls && row(t("card.toll"), tolls)),
    incident.description && el("p", { class: "description" }, data(incident.description)),
    !incident.quote && (incident.source || incident.url || incident.document) && el("p", { class: "soft" }, ...sourceLine(store, incident)),
    reader && el("p", { class: "actions" }, el("button", { type: "button", onclick: reader }, t("card.read"))));
}

/** The card of incidents that are counted together. @param {Store} store @param {Incident} incident */
function countCard(store, incident) {
  return el("article", { class: "card" },
    el("header", {}, symbolOf(store, incident, 26),
      el("div", {}, el("p", { class: "kicker" }, say("type", incident.type)), el("h2", {}, t("count.incident", { n: /** @type {number} */ (incident.weight) })))),
    el("p", {}, t(incident.drawn ? "card.counted" : "card.counted_nowhere")),
    el("dl", {}, row(t("card.when"), data(whenText(incident))), row(t("filter.status"), say("status", incident.status)),
      incident.radius_km !== null && row(t("card.where"), t("card.within", { km: kmText(incident.radius_km) }))));
}

const STATUS_CLASS = { reported: 1, claimed: 1, contested: 1, denied: 1, planned: 1 };

/** @param {Store} store @param {Incident} incident */
function sourceLine(store, incident) {
  const article = store.records.articles?.[incident.article ?? -1];
  const outlet = article?.source || article?.title || article?.path || incident.source || incident.document;
  const addresses = incident.url ? parts(incident.url) : article?.url ? [article.url] : [];
  const names = addresses.length > 1 ? parts(incident.source) : [outlet];
  // Merging joins addresses and sources alike; where their numbers differ, an address goes by itself.
  const said = addresses.map((address, k) => [k > 0 && ", ", link(address, (names.length === addresses.length && names[k]) || address)]);
  return [
    t("card.source"), " ", said.length ? said : data(outlet || t("filter.unstated")),
    !article && incident.document && incident.document !== outlet && [", ", data(incident.document)],
    article?.published && `, ${t("about.published", { date: dateText(article.published) })}`,
  ];
}

/**
 * The card of a place that is mentioned.
 * @param {Store} store
 * @param {Place} place
 * @param {Mention[]} mentions
 */
export function placeCard(store, place, mentions) {
  const used = mentions[0]?.text ?? place.name;
  const uses = [...new Set(mentions.map((m) => say("use", m.use)))].join("; ");
  const best = mentions.reduce((a, b) => (b.confidence > a.confidence ? b : a), mentions[0]);
  return el("article", { class: "card" },
    el("header", {}, el("div", {},
      el("p", { class: "kicker" }, t("card.mentioned_place")),
      el("h2", {}, data(place.name)))),
    el("dl", {},
      row(t("card.where"), placeText(used, place)),
      row(t("card.mentioned"), t("card.mentioned_as", { count: t("count.mention", { n: mentions.length }) }), [...new Set(mentions.map((m) => m.text))].map((n, k) => [k > 0 && ", ", data(n)]), uses && el("span", { class: "soft" }, ` (${uses})`)),
      best && row(t("card.sure"), t("card.confidence", { sure: sureText(best.confidence) }), best.why && el("span", { class: "why" }, " ", t("card.why"), " ", data(best.why))),
      place.note && row(t("card.note"), data(place.note)),
      place.source && row(t("card.gazetteer"), data(`${place.id}, ${place.source}`))),
    readings(store, best));
}

/** The card of a name that was not resolved. @param {Store} store @param {Mention} mention */
export function unresolvedCard(store, mention) {
  return el("article", { class: "card" },
    el("header", {}, el("div", {}, el("p", { class: "kicker" }, t("card.unresolved")), el("h2", {}, data(mention.text)))),
    el("p", {}, mention.candidates.length ? t("card.several") : t("card.unknown")),
    mention.why && el("p", { class: "why" }, data(mention.why)),
    readings(store, mention));
}

/** A score from 0 to 1, where there is one. @param {Candidate} candidate */
export function scoreText({ score }) {
  return score === null || score === undefined ? "" : `${Math.round(score * 100)}%`;
}

/** Puts the readings of a name on the map, each with its number in the list. @param {Store} store @param {Candidate[]} candidates */
export function showReadings(store, candidates) {
  return el("button", { type: "button", class: "show", onclick: () => store.emit("ghosts", candidates) }, t("card.show_readings"));
}

/** Readings of a name, with their scores. @param {Store} store @param {Mention | undefined} mention */
function readings(store, mention) {
  if (!mention || mention.candidates.length < (mention.place ? 2 : 1)) return null;
  return el("details", { open: !mention.place },
    el("summary", {}, t("card.readings")),
    el("ol", { class: "candidates" }, ...mention.candidates.map((c) =>
      el("li", { class: c.id === mention.place ? "chosen" : null }, data(c.name), ` ${scoreText(c)}`, c.id === mention.place && ` · ${t("card.chosen")}`, c.why && el("span", { class: "soft" }, " ", data(c.why))))),
    el("p", { class: "actions" }, showReadings(store, mention.candidates)));
}

/** The mention in the article that placed one end of an incident, where it has other readings. @param {Store} store @param {Incident} incident @param {string | null} id of the place */
function namedBy(store, incident, id) {
  if (!id || incident.article === null) return undefined;
  return store.mentions.find((m) => m.place === id && m.document === incident.article && m.candidates.length > 1);
}
