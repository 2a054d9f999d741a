// Words of the interface in the reader's language, and how dates, numbers and counts are written in it.

/** Languages in the order of the table's columns. @type {string[]} */
let languages = [];
/** The table of strings.csv: for each key its words, one for each language. @type {Record<string, string[]>} */
let table = {};
let column = 0;
/** Made when first wanted, and once for a language: making one takes longer than using it a thousand times. @type {Intl.PluralRules | null} */
let plurals = null;
/** @type {Intl.NumberFormat | null} */
let digits = null;

/** Take over the table of words. @param {{languages: string[], words: Record<string, string[]>}} strings */
export function learn(strings) {
  const before = spoken();
  ({ languages } = strings);
  table = strings.words;
  column = Math.max(0, languages.indexOf(before));
}

/** Use a language from here on; one that is not in the table is passed over. @param {string | null | undefined} code @returns {boolean} whether it is spoken, where one was asked for */
export function speak(code) {
  const known = !code || languages.includes(code);
  if (code && known) column = languages.indexOf(code);
  plurals = digits = null;
  return known;
}

/** Code of the language in use. */
export function spoken() {
  return languages[column] ?? "en";
}

/** Languages to choose from: code, and its name in itself. @returns {[string, string][]} */
export function choices() {
  return languages.map((code, k) => [code, table["language.name"][k]]);
}

/** @param {string} key */
function word(key) {
  return Object.hasOwn(table, key) ? table[key][column] || table[key][0] : key;
}

/** Forms or items that stand in one cell, parted by bars. @param {string} key */
export function list(key) {
  return word(key).split("|");
}

/**
 * Pick the form that goes with a number: "one|other", or "one|few|many" as in Russian.
 * See https://cldr.unicode.org/index/cldr-spec/plural-rules
 * @param {string[]} forms @param {number} n
 */
function form(forms, n) {
  plurals ??= new Intl.PluralRules(spoken());
  const wanted = { one: 0, few: 1 }[/** @type {string} */ (plurals.select(n))] ?? forms.length - 1;
  return forms[Math.min(wanted, forms.length - 1)];
}

/**
 * Say a phrase in the reader's language. A number `n` chooses its form.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return phrase(key, values).join("");
}

/**
 * A phrase in parts, so that nodes may stand in it: what comes from the data is never read as a phrase.
 * @template V
 * @param {string} key
 * @param {Record<string, V>} values
 * @returns {(string | V)[]}
 */
export function phrase(key, values) {
  const forms = list(key);
  const text = typeof values.n === "number" ? form(forms, values.n) : forms[0];
  return text.split(/\{(\w+)\}/).map((part, k) => {
    if (k % 2 === 0) return part;
    const value = values[part];
    return typeof value === "number" ? number(value) : value ?? "";
  });
}

/**
 * Say a word of a vocabulary; an unknown word is shown as it is.
 * @param {string} vocabulary
 * @param {string | null} said
 */
export function say(vocabulary, said) {
  if (!said) return "";
  const key = `${vocabulary}.${said}`;
  return Object.hasOwn(table, key) ? word(key) : said;
}

/** Write a number. @param {number} value */
export function number(value) {
  if (Number.isInteger(value) && Math.abs(value) < 1000) return String(value);
  // Browsers know some of the languages by halves: numbers go by one that writes them alike.
  digits ??= new Intl.NumberFormat(word("language.numbers"));
  return digits.format(value);
}

/**
 * Write a day counted from 1970-01-01.
 * @param {number} day
 * @param {"long" | "short"} [month]
 */
export function dayText(day, month = "short") {
  return dateText(new Date(day * 86400000).toISOString().slice(0, 10), month);
}

/** Write a day counted from 1970-01-01 without its year. @param {number} day */
export function shortDate(day) {
  const date = new Date(day * 86400000);
  return t("date.day_alone", { day: String(date.getUTCDate()), month: list("date.months_short")[date.getUTCMonth()] });
}

/**
 * Write an ISO 8601 or EDTF date in words; what is not known is said, not filled in.
 * Months come from the table of words: browsers lack them for some of its languages.
 * @param {string | null} date
 * @param {"long" | "short"} [length] how months are written
 */
export function dateText(date, length = "long") {
  const found = /^(\d{4}|XXXX)(?:-(\d\d|XX))?(?:-(\d\d|XX))?/.exec(date ?? "");
  if (!found) return date ?? "";
  const [year, m, day] = found.slice(1).map((part) => (part === undefined || part.includes("X") ? 0 : Number(part)));
  if (m > 12 || day > 31) return date ?? "";
  const named = list(length === "short" ? (day ? "date.months_short" : "date.months_short_alone") : day ? "date.months" : "date.months_alone")[m - 1];
  const values = { day: String(day), month: named, year: String(year) };
  if (!year) return m ? t(day ? "date.no_year" : "date.month_no_year", values) : date ?? "";
  return day && m ? t("date.day", values) : m ? t("date.month", values) : String(year);
}

/**
 * Say when an incident took place.
 * @param {import("./store.js").Incident} incident
 * @param {"long" | "short"} [month] how months are written
 */
export function whenText(incident, month = "long") {
  const { date, date_end: end, time, time_end: timeEnd } = incident;
  if (!date) return time ? t("date.only_time", { time }) : t("date.unstated");
  const from = dateText(date, month);
  const dates = end && end !== date ? t("date.range", { from, to: dateText(end, month) }) : from;
  return dates + (time ? `, ${time}${timeEnd && timeEnd !== time ? `–${timeEnd}` : ""}` : "");
}

/**
 * Say how sure a number from 0 to 1 is.
 * @param {number | null} confidence
 */
export function sureText(confidence) {
  if (confidence === null || confidence === undefined) return t("sure.unstated");
  const level = confidence >= 0.8 ? "high" : confidence >= 0.5 ? "medium" : "low";
  return t(`sure.${level}`, { n: Math.round(confidence * 100) });
}

/**
 * Write a distance in kilometres.
 * @param {number} km
 */
export function kmText(km) {
  return km < 1 ? t("unit.m", { n: Math.round(km * 1000) }) : t("unit.km", { n: Number(km.toPrecision(2)) });
}

/** @param {string} code @param {"language" | "region"} type */
function named(code, type) {
  try {
    return new Intl.DisplayNames([spoken(), "en"], { type }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** @param {string} code ISO 639-1 */
export function languageText(code) {
  if (!code) return "";
  const said = say("language", code);
  return said === code ? named(code, "language") : said;
}

/** Names of countries by code and language, of those that the browser may not know. @type {Map<string, Record<string, string>>} */
const countries = new Map();

/** Take over the names of countries. @param {{kind: string, iso: string, names?: Record<string, string>}[]} labels */
export function learnCountries(labels) {
  for (const { kind, iso, names } of labels) if (kind === "country" && names) countries.set(iso, names);
}

/** @param {string} code ISO 3166-1 alpha-2 */
export function countryText(code) {
  return countries.get(code)?.[spoken()] ?? (/^[A-Z]{2}$/.test(code) ? named(code, "region") : code);
}
