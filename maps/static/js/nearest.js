// Where somebody is who does not know the place: the nearest towns, how far off and in what direction.
import { list } from "./text.js";

/** Mean radius of the Earth in kilometres (IUGG). */
const EARTH = 6371;
const RADIANS = Math.PI / 180;

/**
 * Distance by the haversine formula and initial bearing from one point to another.
 * See Sinnott (1984), "Virtues of the Haversine", Sky and Telescope 68 (2).
 * @param {number} lat @param {number} lon @param {number} toLat @param {number} toLon all in degrees
 * @returns {{km: number, degrees: number}} degrees clockwise from north
 */
export function course(lat, lon, toLat, toLon) {
  const [a, b, d] = [lat * RADIANS, toLat * RADIANS, (toLon - lon) * RADIANS];
  const h = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(d / 2) ** 2;
  const bearing = Math.atan2(Math.sin(d) * Math.cos(b), Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(d));
  return { km: 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h))), degrees: (bearing / RADIANS + 360) % 360 };
}

/**
 * The nearest settlement and the nearest town of note, with distance and direction from a point.
 * @param {import("./store.js").Store} store @param {number} lat @param {number} lon @param {string | null} except a name already said
 * @returns {{name: string, km: number, way: string}[]}
 */
export function nearest(store, lat, lon, except) {
  const told = (except ?? "").toLocaleLowerCase();
  const around = (store.records.towns ?? []).map((/** @type {[string, number, number, number]} */ [name, toLat, toLon, population]) => ({ name, population, ...course(lat, lon, toLat, toLon) }))
    // Nearer than a kilometre it is the place itself.
    .filter((/** @type {any} */ town) => town.km >= 1 && town.km < 150 && !told.startsWith(town.name.toLocaleLowerCase()))
    .sort((/** @type {any} */ a, /** @type {any} */ b) => a.km - b.km);
  const known = around.find((/** @type {any} */ town) => town.population >= 5000);
  const ways = list("compass");
  return [...new Set([around[0], known])].filter(Boolean)
    .map(({ name, km, degrees }) => ({ name, km, way: ways[Math.round(degrees / 45) % 8] }));
}
