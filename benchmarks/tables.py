"""How fast tables are read: 300,000 made-up rows as wide as UCDP GED against pandas, names against the clock.

    python -m benchmarks.tables [--rows 300000] [--named 100000] [--large]

Both sides run in one process on the same file, the best of three, and the ratio is printed: reading,
checking and writing GeoParquet, over what ``pandas.read_csv`` needs merely to read. ``--large`` adds files of
2 GB and of 16 million rows (it needs some 10 GB of disk and an hour). Places, people and reports are made up
of the gazetteer and of random words: no row is anyone's data.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

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


def write_named(path: Path, rows: int, places: Gazetteer, different: int, seed: int = 11) -> None:
    """Write rows without coordinates, that have the names of so many different towns."""
    chance = random.Random(seed)
    towns = settlements(places, different, chance)
    first = date(2015, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "date", "type", "place", "admin1", "country", "killed"])
        for n in range(rows):
            _, town, admin1, code = towns[n % different] if n < different else chance.choice(towns)
            when = first + timedelta(days=chance.randrange(3000))
            out.writerow(
                [
                    f"{seed}-{n}",
                    when,
                    chance.choice(("shelling", "protest", "clash")),
                    town,
                    admin1,
                    code,
                    n % 4,
                ]
            )


def write_long(path: Path, rows: int, places: Gazetteer) -> None:
    """Write so many short rows by name, of 20,000 towns: a table larger than memory."""
    towns = settlements(places, 20_000, random.Random(5))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "date", "type", "place", "admin1", "country", "killed"])
        for n in range(rows):
            _, town, admin1, code = towns[n * 7919 % len(towns)]
            day = f"20{n % 20 + 10}-{n % 12 + 1:02}-{n % 28 + 1:02}"
            out.writerow([n, day, "shelling", town, admin1, code, n % 5])


def clocked(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Give what some work gives, and the seconds it took, on the wall and of the processors."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    return done, time.perf_counter() - wall, time.process_time() - cpu


def against_pandas(folder: Path, rows: int, places: Gazetteer) -> None:
    """Compare reading, checking and writing GeoParquet with what pandas needs merely to read."""
    path, out = folder / "ucdp.csv", folder / "ucdp.parquet"
    write_ucdp(path, 2000, places)  # both sides load their libraries before the clock runs
    pd.read_csv(path)
    geo.stream_incidents(path, places, out)
    validate(geo.read_incidents(path, places))
    write_ucdp(path, rows, places)
    tries = [
        (clocked(lambda: len(pd.read_csv(path))), clocked(lambda: geo.stream_incidents(path, places, out)))
        for _ in range(3)
    ]
    theirs, ours = (min(one[side][1] for one in tries) for side in (0, 1))
    cpu = [min(one[side][2] for one in tries) for side in (0, 1)]
    counts = tries[0][1][0].counts()
    print(
        f"{rows:,} rows with coordinates, {path.stat().st_size / 1e6:.0f} MB: {counts['accepted']:,} accepted"
    )
    print(f"  pandas.read_csv {theirs:.2f} s ({cpu[0]:.2f} s of a processor)")
    print(f"  to GeoParquet   {ours:.2f} s ({cpu[1]:.2f} s of processors)")
    print(f"  ratio {ours / theirs:.2f}, of processor time {cpu[1] / cpu[0]:.2f} (bar: 2.5)")

    def as_frame() -> None:
        frame = geo.read_incidents(path, places)
        validate(frame)
        geo.write_incidents(frame, out)

    _, wall, spent = clocked(as_frame)
    print(f"  through a frame {wall:.2f} s ({spent:.2f} s of processors), ratio {wall / theirs:.2f}")


def by_name(folder: Path, rows: int, places: Gazetteer) -> None:
    """Rows without coordinates: how many a second."""
    for different in (2_000, 20_000, rows):
        path = folder / f"named{different}.csv"
        write_named(path, rows, places, min(different, rows))
        frame, wall, cpu = clocked(lambda path=path: geo.read_incidents(path, places))
        located = int(frame["lat"].notna().sum())
        print(
            f"{rows:,} rows by name, {different:,} towns: {rows / wall:,.0f} rows/s "
            f"({rows / cpu:,.0f} a second of processors), {located:,} located (bar: 20,000)"
        )


def in_little_memory(folder: Path, places: Gazetteer) -> None:
    """2 GB of wide rows and 16 million short ones, each in a process of its own: what memory they take."""
    wide, long = folder / "wide.csv", folder / "long.csv"
    write_ucdp(wide, 3_000_000, places)
    write_long(long, 16_000_000, places)
    for path, most in ((wide, 4), (long, 3)):
        run = [sys.executable, "-m", "benchmarks.tables", "--stream", str(path)]
        print(path.name, subprocess.run(run, check=True, capture_output=True, text=True).stdout, end="")
        print(f"  (bar: {most} GB)")
        path.unlink()


def stream(path: Path) -> None:
    """Read one file into GeoParquet, and say what it took."""
    report, wall, cpu = clocked(
        lambda: geo.stream_incidents(path, Gazetteer.load(), path.with_suffix(".parquet"))
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"  {path.stat().st_size / 1e9:.2f} GB, {len(report.rows):,} rows: {wall:.0f} s "
        f"({cpu:.0f} s of processors), peak {peak:.2f} GB resident"
    )


def main() -> None:
    """Print the measurements."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=300_000)
    options.add_argument("--named", type=int, default=100_000)
    options.add_argument("--large", action="store_true", help="also files larger than memory should hold")
    options.add_argument("--stream", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.stream:
        stream(asked.stream)
        return
    places = Gazetteer.load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        against_pandas(folder, asked.rows, places)
        by_name(folder, asked.named, places)
        if asked.large:
            in_little_memory(folder, places)


if __name__ == "__main__":
    main()
