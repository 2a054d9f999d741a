"""How fast tables are read: 300,000 made-up rows as wide as UCDP GED against pandas, names against the clock.

    python benchmarks/tables.py [--rows 300000] [--named 100000]

Both sides run in one process on the same file, and the ratio is printed: reading, checking and writing
GeoParquet, over what ``pandas.read_csv`` needs merely to read. Places, people and reports are made up of the
gazetteer and of random words: no row is anyone's data.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

import geo
from gazetteer import Gazetteer
from geo.frame import validate

#: Headings of the UCDP Georeferenced Event Dataset, https://ucdp.uu.se/downloads/
UCDP = [
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id",
    "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id",
    "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources",
    "source_article", "source_office", "source_date", "source_headline", "source_original",
    "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude",
    "geom_wkt", "priogrid_gid", "country", "country_id", "region", "event_clarity", "date_prec",
    "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best",
    "high", "low", "gwnoa", "gwnob",
]  # fmt: skip
SYLLABLES = ("ba", "ke", "lor", "mi", "tan", "za", "ru", "ven", "sho", "ga", "del", "pir", "an", "is", "ot")
OFFICES = ("North Wire", "Daily Ledger", "Valley Radio", "The Courier", "Coast Agency")


def settlements(places: Gazetteer, count: int, chance: random.Random) -> list[tuple[int, str, str, str]]:
    """Pick towns: row, name, first-level division, country."""
    towns = np.flatnonzero((places.feature_class == "P") & (places.admin1_row >= 0))
    names = dict.fromkeys(chance.sample(towns.tolist(), count), "")
    return [
        (row, places.name(row), places.name(int(places.admin1_row[row])), str(places.country[row]))
        for row in names
    ]


def write_ucdp(path: Path, rows: int, places: Gazetteer) -> None:
    """Write rows as wide and as long as those of UCDP GED: 49 columns, some 700 bytes."""
    chance = random.Random(7)

    def words(count: int) -> str:
        return " ".join("".join(chance.choices(SYLLABLES, k=2)) for _ in range(count))

    towns = settlements(places, 8000, chance)
    labels = {code: places.get(f"country:{code}").name for code in {town[3] for town in towns}}
    sides = [words(2).title() for _ in range(300)]
    lines = [words(12).capitalize() for _ in range(5000)]
    first = date(2000, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(UCDP)
        for n in range(rows):
            row, town, admin1, code = chance.choice(towns)
            lat = round(float(places.lat[row]) + chance.uniform(-0.05, 0.05), 6)
            lon = round(float(places.lon[row]) + chance.uniform(-0.05, 0.05), 6)
            a, b = chance.choice(sides), chance.choice(sides)
            start = first + timedelta(days=chance.randrange(8000))
            end = start + timedelta(days=chance.choice((0, 0, 0, 6)))
            text = chance.choice(lines)
            told = f"{chance.choice(OFFICES)},{start},{text} {n}"
            dead = [chance.choice((0, 0, 1, 2, 5)) for _ in range(4)]
            out.writerow([
                n + 1, f"{code}-{start.year}-{n}-{n % 97}", start.year, 1, "Clear", n % 3 + 1, n % 400,
                n % 400,
                f"{a} - {b}", n % 900, n % 900, f"{a} - {b}", n % 300, n % 300, a, n % 299, n % 299, b,
                n % 4 + 1, f'"{told}";"{told}"', told.partition(",")[0], start, text, chance.choice(sides),
                chance.choice((1, 1, 2, 3)), f"{town} town", f"{town}, {text[:40].lower()}",
                f"{admin1} province",
                "", lat, lon, f"POINT ({lon:.6f} {lat:.6f})", n % 250000, labels[code], n % 900, "Europe", 1,
                chance.choice((1, 1, 2, 4)), f"{start} 00:00:00.000", f"{end} 00:00:00.000", *dead, sum(dead),
                sum(dead) + 2, sum(dead), n % 900, "",
            ])  # fmt: skip


def write_named(path: Path, rows: int, places: Gazetteer, different: int) -> None:
    """Write rows without coordinates, that have the names of so many different towns."""
    chance = random.Random(11)
    towns = settlements(places, different, chance)
    first = date(2015, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "date", "type", "place", "admin1", "country", "killed"])
        for n in range(rows):
            _, town, admin1, code = towns[n % different] if n < different else chance.choice(towns)
            when = first + timedelta(days=chance.randrange(3000))
            out.writerow(
                [n, when, chance.choice(("shelling", "protest", "clash")), town, admin1, code, n % 4]
            )


def main() -> None:
    """Print the measurements as rows of a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=300_000)
    options.add_argument("--named", type=int, default=100_000)
    asked = options.parse_args()
    places = Gazetteer.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ucdp.csv"
        write_ucdp(path, 2000, places)  # both sides load their libraries before the clock runs
        pd.read_csv(path)
        geo.write_incidents(geo.read_incidents(path, places), path.with_suffix(".parquet"))
        write_ucdp(path, asked.rows, places)
        begun = time.perf_counter()
        pd.read_csv(path)
        theirs = time.perf_counter() - begun
        begun = time.perf_counter()
        frame = geo.read_incidents(path, places)
        read = time.perf_counter() - begun
        validate(frame)
        geo.write_incidents(frame, path.with_suffix(".parquet"))
        ours = time.perf_counter() - begun
        size = path.stat().st_size / 1e6
        print(f"{asked.rows:,} rows with coordinates, {size:.0f} MB, {len(frame):,} incidents")
        print(f"  pandas.read_csv {theirs:.2f} s; read {read:.2f} s, read, checked and written {ours:.2f} s")
        print(f"  ratio {ours / theirs:.2f} (bar: 2.5)")
        del frame
        for different in (2_000, 20_000, asked.named):
            path = Path(folder) / f"named{different}.csv"
            write_named(path, asked.named, places, min(different, asked.named))
            begun = time.perf_counter()
            frame = geo.read_incidents(path, places)
            spent = time.perf_counter() - begun
            located = int(frame["lat"].notna().sum())
            print(
                f"{asked.named:,} rows by name, {different:,} towns: {asked.named / spent:,.0f} rows/s, "
                f"{located:,} located (bar: 20,000)"
            )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
