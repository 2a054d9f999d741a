// What a reader takes away: what is shown as a file, the map as a picture.
import { titleOf } from "./card.js";
import { el } from "./dom.js";
import { breathe } from "./pace.js";
import { asPng, asSvg, fit } from "./picture.js";
import { say, t, whenText } from "./text.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Incident} Incident */

/** Buttons that save what passes the filters, and the map as it is seen. @param {Store} store @param {any} map */
export function downloads(store, map) {
  const button = (/** @type {string} */ name, /** @type {() => Blob | Promise<Blob>} */ make) =>
    el("button", { type: "button", class: "save", "aria-label": t("save.as", { format: FORMATS[name] }), onclick: async (/** @type {Event} */ e) => {
      const node = /** @type {HTMLButtonElement} */ (e.currentTarget);
      node.disabled = true; // a million take some seconds
      try { save(name, await make()); } finally { node.disabled = false; }
    } }, FORMATS[name]);
  const table = (/** @type {string} */ kind, /** @type {(store: Store) => Format} */ make) => () => written(store, kind, make(store));
  return el("div", { class: "saves" },
    el("span", { class: "soft" }, t("save.incidents")),
    button("incidents.csv", table("text/csv", csv)), button("incidents.geojson", table("application/geo+json", geojson)),
    button("incidents.kml", table("application/vnd.google-earth.kml+xml", kml)),
    el("span", { class: "soft" }, t("save.picture")),
    button("map.png", () => asPng(map, store)), button("map.svg", () => new Blob([asSvg(map, store)], { type: "image/svg+xml;charset=utf-8" })));
}

/** How a file is written: what comes first, each incident, what stands between two, what comes last. @typedef {{head: string, row: (i: Incident) => string, between: string, tail: string}} Format */

/** Rows that are written before the browser is let in. */
const BATCH = 4096;

/** Write what passes the filters. @param {Store} store @param {string} kind @param {Format} format */
async function written(store, kind, { head, row, between, tail }) {
  const rows = store.passing();
  /** @type {BlobPart[]} */
  const out = [head];
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.subarray(from, from + BATCH);
    await store.rows.load(batch);
    // A blob of its own takes the text out of the way of the page.
    out.push(new Blob([from ? between : "", Array.from(batch, (n) => row(store.incident(n))).join(between)]));
    if (rows.length > BATCH) await breathe();
  }
  return new Blob([...out, tail], { type: `${kind};charset=utf-8` });
}

/** Names of formats by names of files. @type {Record<string, string>} */
const FORMATS = { "incidents.csv": "CSV", "incidents.geojson": "GeoJSON", "incidents.kml": "KML", "map.png": "PNG", "map.svg": "SVG" };

/** @param {string} name @param {Blob} blob */
function save(name, blob) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @param {Incident} incident @param {string} column */
function cell(incident, column) {
  const value = /** @type {any} */ (incident)[column];
  return column === "actors" ? value.join("; ") : value ?? "";
}

/** Columns that are written; where rows are counts, how many each stands for too. @param {Store} store @returns {string[]} */
function columnsOf(store) {
  const { counted, columns } = store.records;
  return counted ? ["weight", ...columns.filter((/** @type {string} */ c) => store.rows.columns.has(c) || c === "lat" || c === "lon")] : columns;
}

/** The columns that `dateline` reads back. @param {Store} store */
function csv(store) {
  /** @type {string[]} */
  const columns = columnsOf(store);
  const quote = (/** @type {string | number} */ value) => {
    // A spreadsheet would run text that starts like a formula.
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return { head: `\ufeff${columns.join(",")}\r\n`, row: (/** @type {Incident} */ i) => `${columns.map((c) => quote(cell(i, c))).join(",")}\r\n`, between: "", tail: "" };
}

/** See RFC 7946: longitude first. @param {Store} store */
function geojson(store) {
  const columns = columnsOf(store);
  const feature = (/** @type {Incident} */ i) => ({
    type: "Feature",
    geometry: !i.drawn ? null : joins(i)
      ? { type: "LineString", coordinates: [[i.origin_lon, i.origin_lat], [i.lon, i.lat]] }
      : { type: "Point", coordinates: [i.lon, i.lat] },
    properties: Object.fromEntries(columns.map((c) => [c, cell(i, c) === "" ? null : cell(i, c)])),
  });
  return { head: '{"type":"FeatureCollection","features":[\n', row: (/** @type {Incident} */ i) => JSON.stringify(feature(i)), between: ",\n", tail: "\n]}\n" };
}

/** Whether an incident joins two places and happened at neither. @param {Incident} i */
function joins(i) {
  return i.layer === "links" || i.type === "call";
}

/**
 * See OGC KML 2.3. Programs read a description as HTML: it is escaped once for that and once for XML.
 * @param {Store} store
 */
function kml(store) {
  const escape = (/** @type {unknown} */ text) => fit(String(text)).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const columns = columnsOf(store);
  const whole = (/** @type {string | null} */ date) => (/^\d{4}(-\d\d){0,2}$/.test(date ?? "") ? date : null);
  const row = (/** @type {Incident} */ i) => {
    const fields = columns.filter((c) => cell(i, c) !== "").map((c) => `<Data name="${escape(c)}"><value>${escape(cell(i, c))}</value></Data>`);
    const [begin, end] = [whole(i.date), whole(i.date_end)];
    const time = !begin ? "" : end ? `<TimeSpan><begin>${begin}</begin><end>${end}</end></TimeSpan>` : `<TimeStamp><when>${begin}</when></TimeStamp>`;
    const said = [say("type", i.type), say("status", i.status), whenText(i), i.place, i.source, i.quote].filter(Boolean).join("\n");
    const shape = !i.drawn ? "" : joins(i)
      ? `<LineString><tessellate>1</tessellate><coordinates>${i.origin_lon},${i.origin_lat} ${i.lon},${i.lat}</coordinates></LineString>`
      : `<Point><coordinates>${i.lon},${i.lat}</coordinates></Point>`;
    return `<Placemark><name>${escape(titleOf(i))}</name><description>${escape(escape(said))}</description>${time}<ExtendedData>${fields.join("")}</ExtendedData>${shape}</Placemark>`;
  };
  return { head: `<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>${escape(document.title)}</name>\n`, row, between: "\n", tail: "\n</Document></kml>\n" };
}
