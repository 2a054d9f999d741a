// Words of the interface, and how dates, numbers and counts are written.

/** @type {Record<string, Record<string, string>>} */
const STRINGS = {
  type: {
    firing: "Firing", shelling: "Shelling", missile_strike: "Missile strike", air_strike: "Air strike",
    drone_strike: "Drone strike", explosion: "Explosion", clash: "Clash", attack: "Attack",
    protest: "Protest", riot: "Riot", arrest: "Arrest", meeting: "Meeting", call: "Call", visit: "Visit",
    agreement: "Agreement", ceasefire: "Ceasefire", exercise: "Exercise", statement: "Statement", other: "Other",
  },
  status: {
    reported: "Reported", claimed: "Claimed by one party", contested: "Claimed and denied",
    denied: "Denied", planned: "Planned",
  },
  statusLong: {
    reported: "Reported as fact by the source.",
    claimed: "One party to the conflict says so; nobody else is cited for it.",
    contested: "One party says so, another denies it.",
    denied: "The source says that this did not happen.",
    planned: "Announced or expected; not known to have happened.",
  },
  precision: {
    exact: "exact point", settlement: "somewhere in the settlement", vicinity: "in the vicinity",
    district: "somewhere in the district", region: "somewhere in the region", country: "somewhere in the country",
  },
  locatedBy: {
    coordinates: "coordinates given by the source", gazetteer: "place name found in the gazetteer",
    inferred: "inferred: the source does not say where", none: "not located",
  },
  use: {
    literal: "the place itself", metonym: "its government or power", demonym: "its people or state",
    organisation: "part of an organisation's name", dateline: "where the report was filed",
  },
};

/**
 * Say a word of a vocabulary; an unknown word is shown as it is.
 * @param {string} table
 * @param {string | null} word
 */
export function say(table, word) {
  if (!word) return "";
  return Object.hasOwn(STRINGS[table], word) ? STRINGS[table][word] : word;
}

/**
 * "1 incident", "3 incidents".
 * @param {number} count
 * @param {string} noun
 */
export function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

const DAY = { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" };

/**
 * Write a day counted from 1970-01-01.
 * @param {number} day
 * @param {Intl.DateTimeFormatOptions} [options]
 */
export function dayText(day, options = /** @type {Intl.DateTimeFormatOptions} */ (DAY)) {
  return new Intl.DateTimeFormat("en-GB", options).format(new Date(day * 86400000));
}

/**
 * Write an ISO 8601 or EDTF date in words; what is not known is said, not filled in.
 * @param {string | null} date
 * @param {"long" | "short"} month_
 */
function dateText(date, month_) {
  if (!date) return "";
  const found = /^(\d{4}|XXXX)(?:-(\d\d|XX))?(?:-(\d\d|XX))?/.exec(date);
  if (!found) return date;
  const [, year, month, day] = found;
  const known = (/** @type {string | undefined} */ part) => part !== undefined && !part.includes("X");
  const at = Date.UTC(known(year) ? Number(year) : 2000, known(month) ? Number(month) - 1 : 0, known(day) ? Number(day) : 1);
  if (Number.isNaN(at)) return date;
  const text = new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    ...(known(day) && { day: "numeric" }),
    ...(known(month) && { month: month_ }),
    ...(known(year) && { year: "numeric" }),
  }).format(at);
  if (!known(year)) return known(month) ? `${text}, year not stated` : date;
  return text;
}

/**
 * Say when an incident took place.
 * @param {import("./store.js").Incident} incident
 * @param {"long" | "short"} [month] how months are written
 */
export function whenText(incident, month = "long") {
  const { date, date_end: end, time, time_end: timeEnd } = incident;
  if (!date) return time ? `${time}, date not stated` : "Date not stated";
  const dates = end && end !== date ? `${dateText(date, month)} to ${dateText(end, month)}` : dateText(date, month);
  const times = time ? `, ${time}${timeEnd && timeEnd !== time ? `–${timeEnd}` : ""}` : "";
  return dates + times;
}

/**
 * Say how sure a number from 0 to 1 is.
 * @param {number | null} confidence
 */
export function sureText(confidence) {
  if (confidence === null || confidence === undefined) return "not stated";
  const word = confidence >= 0.8 ? "high" : confidence >= 0.5 ? "medium" : "low";
  return `${word} (${Math.round(confidence * 100)}%)`;
}

/**
 * Write a distance in kilometres.
 * @param {number} km
 */
export function kmText(km) {
  return km < 1 ? `${Math.round(km * 1000)} m` : `${Number(km.toPrecision(2)).toLocaleString("en")} km`;
}

/** @param {string} code ISO 639-1 */
export function languageText(code) {
  if (!code) return "";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** @param {string} code ISO 3166-1 alpha-2 */
export function countryText(code) {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  try {
    return new Intl.DisplayNames(["en"], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
