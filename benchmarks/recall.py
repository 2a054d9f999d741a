"""Measure how many held-back alternate names are found: 5,000 of GeoNames' own, taken out before building.

usage: python -m benchmarks.recall [--names N] [--seed S] [--misses FILE]

Any other name of a settlement may be drawn, in any script, a code or a nickname as it comes; only what holds
no letter or digit is no name. One is found when its place is among the first five.
"""

from __future__ import annotations

import argparse
import random
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

from gazetteer.build import compile_store, merge_records
from gazetteer.gazetteer import Gazetteer
from gazetteer.letters import DATA
from gazetteer.names import normalize
from gazetteer.sources import Record, place_tables, read_table, read_world

SEED, TOP = 20230823, 5


def held_back(records: list[Record], count: int, seed: int) -> tuple[list[Record], list[tuple[str, str]]]:
    """Take names out at random; gives what is left, and the names with the ids of their places."""
    pairs = [
        (i, pair)
        for i, r in enumerate(records)
        if r.feature[:1] == "P" and r.lat is not None
        for pair in r.names
        if pair[1] != r.name and normalize(pair[1])
    ]
    drawn: dict[int, set[str]] = {}
    for i, (_, name) in random.Random(seed).sample(pairs, count):
        drawn.setdefault(i, set()).add(name)
    left = [
        replace(r, names=tuple(p for p in r.names if p[1] not in drawn[i])) if i in drawn else r
        for i, r in enumerate(records)
    ]
    return left, [(name, records[i].id) for i, names in drawn.items() for name in sorted(names)]


def script(name: str) -> str:
    """First word of the Unicode name of the first letter: LATIN, CYRILLIC, CJK ..."""
    letter = next((c for c in name if c.isalpha()), "")
    return unicodedata.name(letter, "OTHER").split()[0] if letter else "OTHER"


def main() -> None:
    """Print the share found, in all and by script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--misses", type=Path, help="write what was not found to this file")
    options = parser.parse_args()
    world, iso3 = read_world()
    records = merge_records([*world, *(r for path in place_tables(DATA) for r in read_table(path))])
    left, asked = held_back(records, options.names, options.seed)
    g = Gazetteer(compile_store(left, version="held back", licences=[], iso3=dict(iso3)))
    found, total, misses = Counter[str](), Counter[str](), []
    for name, ident in asked:
        candidates = g.find(name, limit=TOP)
        right = ident in [c.place.id for c in candidates]
        total[script(name)] += 1
        found[script(name)] += right
        if not right:
            misses.append(f"{name}\t{ident}\t{g.get(ident).label}\t{[c.place.label for c in candidates]}")
    print(f"| names held back | {len(asked):,} | in the first {TOP} | {found.total() / len(asked):.3f} |")
    for kind, count in total.most_common(12):
        print(f"| {kind.lower()} | {count:,} | | {found[kind] / count:.3f} |")
    if options.misses:
        options.misses.write_text("\n".join(misses) + "\n", "utf-8")


if __name__ == "__main__":
    main()
