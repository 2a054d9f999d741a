"""Write a made-up planet in the format of GeoNames (allCountries.txt): the same bytes for the same numbers.

usage: python benchmarks/planet.py OUTPUT.txt [--places 13000000] [--other-names 12000000]

Names are made of syllables; some repeat, a tenth have accents. Countries, divisions and features are dealt
out as in the real file: half settlements, the rest waters, relief and sites, few with people.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SEED = 20230823
CHUNK = 500_000
FIRST_ID = 100_000_000
CONSONANTS = list("bdfghklmnrstvz")
SYLLABLES = [c + v + end for c in (*CONSONANTS, "sh", "ch", "tr") for v in "aeiou" for end in ("", "n")]
ACCENTED = [c + v for c in CONSONANTS for v in "áéíóúäöüşçğı"]
WORDS = ["", "", "", "", "", "San ", "Nova ", "Upper ", "Lake ", "Mount "]
COUNTRIES = [
    "US", "CN", "IN", "RU", "BR", "ID", "MX", "TR", "IR", "UA", "AZ", "AM", "GE", "IQ", "SY", "PK", "NG",
    "FR", "DE", "ES", "IT", "PL",
]  # fmt: skip
FEATURES = ["P\tPPL"] * 10 + ["H\tSTM"] * 4 + ["T\tMT", "T\tHLL", "S\tFRM", "S\tSCH", "L\tLCTY", "L\tAREA"]


def pick(rng: np.random.Generator, values: list[str], count: int) -> pa.Array:
    """Draw strings at random."""
    return pa.array(values).take(pa.array(rng.integers(0, len(values), count)))


def names(rng: np.random.Generator, count: int) -> pa.Array:
    """Make names of two to four syllables."""
    first = pick(rng, SYLLABLES, count)
    second = pick(rng, SYLLABLES, count)
    third = pc.if_else(pa.array(rng.random(count) < 0.8), pick(rng, SYLLABLES, count), "")
    last = pc.if_else(pa.array(rng.random(count) < 0.1), pick(rng, ACCENTED, count), "")
    return pc.binary_join_element_wise(
        pick(rng, WORDS, count),
        pc.utf8_capitalize(pc.binary_join_element_wise(first, second, third, last, "")),
        "",
    )


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--places", type=int, default=13_000_000)
    parser.add_argument("--other-names", type=int, default=12_000_000)
    options = parser.parse_args()
    rng = np.random.default_rng(SEED)
    share = options.other_names / options.places
    with options.output.open("wb") as file:
        for start in range(0, options.places, CHUNK):
            count = min(CHUNK, options.places - start)
            own = names(rng, count)
            draw = pa.array(rng.random(count))
            one, two = names(rng, count), names(rng, count)
            both = pc.binary_join_element_wise(one, two, ",")
            others = pc.if_else(pc.less(draw, share / 2), both, "")  # two other names, or none
            people = np.where(rng.random(count) < 0.04, rng.pareto(1.1, count) * 500, 0).astype(np.int64)
            country = pick(rng, COUNTRIES, count)
            columns = [
                pa.array(np.arange(FIRST_ID + start, FIRST_ID + start + count)).cast(pa.string()),
                own, own, others,
                pc.round(pa.array(rng.uniform(-60, 75, count)), 5).cast(pa.string()),
                pc.round(pa.array(rng.uniform(-180, 180, count)), 5).cast(pa.string()),
                pick(rng, FEATURES, count), country, pick(rng, [""], count),
                pick(rng, [f"{i:02d}" for i in range(1, 30)], count),
                pick(rng, [f"{i:03d}" for i in range(1, 60)], count),
                pick(rng, ["\t"], count), pa.array(people).cast(pa.string()), pick(rng, ["\t"], count),
                pick(rng, ["Europe/Berlin", "Asia/Baku", "America/Chicago"], count),
                pick(rng, ["2024-01-01\n"], count),
            ]  # fmt: skip
            lines = pc.binary_join_element_wise(*columns, "\t").to_pylist()
            file.write("".join(lines).encode())
            print(f"\r{start + count:,} places", end="", flush=True)
    print()


if __name__ == "__main__":
    main()
