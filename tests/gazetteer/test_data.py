"""Rows of the gazetteer that are kept by hand or written by scripts: whole, in range, sourced, told apart."""

import csv
import math
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "gazetteer" / "data"
COLUMNS = (
    "id,name,lat,lon,feature,country,admin1,admin2,"
    "population,timezone,radius_km,names,source,note"
)  # the header of every table of places


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def place_tables():
    return sorted(
        p for p in DATA.glob("*.csv") if p.open(encoding="utf-8").readline().startswith("id,name,lat")
    )


TABLES = {path.stem: read(path) for path in place_tables()}
ROWS = {row["id"]: row for rows in TABLES.values() for row in rows}


def names_of(row):
    found = {}
    for part in filter(None, row["names"].split(";")):
        language, names = part.split("=", 1)
        found.setdefault(language, []).extend(names.split("|"))
    return found


def distance_km(a, b):
    lat1, lon1, lat2, lon2 = (math.radians(float(v)) for v in (a["lat"], a["lon"], b["lat"], b["lon"]))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def test_the_tables_are_there():
    assert {"places", "countries", "admin1", "regions", "border_settlements", "border_armenia"} <= set(TABLES)


def test_no_id_stands_in_two_rows():
    counts = Counter(row["id"] for rows in TABLES.values() for row in rows)
    assert [i for i, n in counts.items() if n > 1] == []


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_whole(table):
    for row in TABLES[table]:
        assert ",".join(row) == COLUMNS
        assert None not in row.values(), row["id"]
        kind, _, key = row["id"].partition(":")
        assert (kind == "geonames" and key.isdigit()) or (kind == "local" and key), row["id"]
        assert row["name"].strip() == row["name"] != "", row["id"]
        assert row["source"], row["id"]
        assert row["feature"][:2] in {"A.", "H.", "L.", "P.", "T.", "U."}, row["id"]
        assert row["country"] == "" or (len(row["country"]) == 2 and row["country"].isupper()), row["id"]
        assert row["population"] == "" or int(row["population"]) > 0, row["id"]


@pytest.mark.parametrize("table", TABLES)
def test_coordinates_are_on_earth_and_known(table):
    for row in TABLES[table]:
        lat, lon, radius = float(row["lat"]), float(row["lon"]), float(row["radius_km"])
        assert -90 <= lat <= 90, row["id"]
        assert -180 <= lon <= 180, row["id"]
        assert (lat, lon) != (0, 0), row["id"]
        assert 0 < radius <= 9000, row["id"]


@pytest.mark.parametrize("table", TABLES)
def test_names_are_a_language_and_names(table):
    for row in TABLES[table]:
        for part in filter(None, row["names"].split(";")):
            language, sign, names = part.partition("=")
            assert sign, row["id"]
            assert language == "" or (2 <= len(language) <= 3 and language.islower()), (row["id"], language)
            for name in names.split("|"):
                assert name.strip() == name != "", (row["id"], part)
                assert not any(c in name for c in "=;\t\n"), (row["id"], name)


def test_every_country_but_the_dissolved_has_a_point():
    assert len(TABLES["countries"]) == 250
    assert len({row["country"] for row in TABLES["countries"]}) == 250


def test_three_zayliks_and_each_in_its_district():
    zayliks = {row["id"]: row for row in TABLES["places"] if "Zəylik" in names_of(row).get("az", [])}
    assert {i: row["admin1"] for i, row in zayliks.items()} == {
        "geonames:584572": "Kalbajar",
        "geonames:584610": "Dashkasan",
        "geonames:584611": "Tartar",
    }


def test_basarkechar_is_a_former_district_and_a_town_both_in_armenia():
    found = [row for row in ROWS.values() if "Basarkechar" in names_of(row).get("en", [])]
    assert {row["feature"] for row in found} == {"A.ADM2H", "P.PPL"}
    assert {row["country"] for row in found} == {"AM"}


def test_yukhari_shorzha_is_verin_shorzha():
    row = ROWS["local:verin-shorzha"]
    assert row["country"] == "AM"
    assert {"Yukhari Shorzha", "Upper Shorzha"} <= set(names_of(row)["en"])
    assert distance_km(row, ROWS["geonames:584572"]) == pytest.approx(11.4, abs=0.2)


@pytest.mark.parametrize(
    ("name", "own", "admin1"),
    [
        ("Jaghazur", "Cağazur", "Lachin"),
        ("Mollabayramli", "Mollabayramlı", "Kalbajar"),
        ("Yukhari Ayrim", "Yuxarı Ayrım", "Kalbajar"),
    ],
)
def test_border_villages_have_the_spelling_of_ministry_statements(name, own, admin1):
    rows = [r for r in TABLES["border_settlements"] if r["name"] == name and r["admin1"] == admin1]
    assert len(rows) == 1
    assert own in names_of(rows[0])["az"]


@pytest.mark.parametrize(
    ("armenian", "said"), [("Berd", "Tovuzgala"), ("Goris", "Gorus"), ("Jermuk", "Istisu")]
)
def test_armenian_towns_have_the_name_azerbaijani_statements_use(armenian, said):
    (row,) = [r for r in TABLES["border_settlements"] if r["name"] == armenian and r["country"] == "AM"]
    assert said in {name for names in names_of(row).values() for name in names}


@pytest.mark.parametrize(
    ("place", "lat", "lon", "within_km"),
    [
        ("geonames:4736286", 31.4, -99.3, 60),  # Texas
        ("geonames:828261", 40.35, 45.35, 40),  # Gegharkunik
        ("geonames:2951839", 48.9, 11.4, 60),  # Bavaria
        ("geonames:709716", 48.0, 37.7, 40),  # Donetsk
        ("geonames:408666", 16.3, 25.7, 90),  # North Darfur
    ],
)
def test_divisions_stand_where_the_atlas_has_them(place, lat, lon, within_km):
    assert distance_km(ROWS[place], {"lat": lat, "lon": lon}) < within_km


def test_divisions_lie_in_their_country():
    countries = {row["country"]: row for row in TABLES["countries"]}
    # No farther from the country's point than the country reaches, but for what lies overseas.
    outside = [
        row["id"]
        for row in TABLES["admin1"]
        if row["country"] in countries
        and distance_km(row, countries[row["country"]])
        > 1.1 * float(countries[row["country"]]["radius_km"]) + 20
    ]
    assert len(outside) < 0.02 * len(TABLES["admin1"])


#: Regions the news names.
REGIONS = [
    "Karabakh", "Kashmir", "Donbas", "Golan Heights", "Abkhazia", "South Ossetia", "Transnistria",
    "Crimea", "Kurdistan", "Sahel", "South Caucasus", "Levant", "Maghreb", "Horn of Africa", "Darfur",
    "Tigray", "Rakhine", "Gaza Strip", "West Bank", "Western Sahara", "Xinjiang", "Balkans", "Hejaz",
    "Sinai", "Waziristan", "Cabo Delgado", "Somaliland", "Northern Cyprus", "Kosovo", "Abyei",
    "Black Sea", "Red Sea", "Nile", "Lake Sevan", "Lake Baikal", "Himalayas", "Africa",
    "Nineveh Plains", "Sistan",
]  # fmt: skip
CONTESTED = [
    "Karabakh", "Kashmir", "Donbas", "Golan Heights", "Abkhazia", "South Ossetia", "Transnistria",
    "Crimea", "Kurdistan", "Gaza Strip", "West Bank", "Western Sahara", "Somaliland",
    "Northern Cyprus", "Kosovo", "Taiwan", "Abyei", "Aksai Chin",
]  # fmt: skip


@pytest.mark.parametrize("name", REGIONS)
def test_regions_of_the_news_are_found_first_by_their_bare_name(places, name):
    best = places.find(name)[0].place
    assert name in (best.name, *(n for names in best.names.values() for n in names))
    assert not best.feature.startswith("P.")
    assert best.radius_km >= 20
    assert best.source


@pytest.mark.parametrize(
    "name", ["Mount Kenya", "Gambia River", "Lake Geneva", "Lake Constance", "Mount Etna", "Mont Blanc"]
)
def test_waters_and_mountains_are_not_the_country_or_town_of_their_name(places, name):
    assert places.find(name)[0].place.feature[:1] in "HT"


@pytest.mark.parametrize("name", CONTESTED)
def test_what_is_contested_says_so(places, name):
    assert places.find(name)[0].place.note
