"""What a cluster brings: names, articles and tables read by one process and by the workers of a scheduler.

    python -m benchmarks.cluster [names] [articles] [tables] [--articles 2000] [--rows 250000]

All sides run in one go on the same files, workers on this machine with their libraries and gazetteer loaded
before the clock starts; the results are compared. Articles are the project's own dispatches (`tests/golden`),
their paragraphs shuffled; tables are made up, see `benchmarks.tables`.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from distributed import Client, LocalCluster

import geo
from benchmarks.tables import write_named
from gazetteer import Gazetteer
from geo import cluster, incidents

SEED = 3
DISPATCHES = Path(__file__).parents[1] / "tests" / "golden" / "dev"


@contextmanager
def workers(count: int) -> Iterator[Client]:
    """Start so many worker processes on this machine."""
    with (
        LocalCluster(
            n_workers=count, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            memory_limit=0,
        ) as local,
        Client(local, set_as_default=False) as client,
    ):  # fmt: skip
        client.wait_for_workers(count)
        yield client


def seconds(work: Callable[[], object], times: int) -> float:
    """Least of the times that a piece of work took."""
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return min(spent)


def rows_of(path: str, places: Gazetteer | None = None) -> np.ndarray:
    """Look up the names of a Parquet file: each different one once."""
    places = places or Gazetteer.load(user=False)
    return places.best_rows(pq.read_table(path, read_dictionary=["place"])["place"])


def names(folder: Path, rows: int) -> None:
    """Look up names that repeat as in tables of incidents: one process against Dask with two workers."""
    places = Gazetteer.load(user=False)
    chance = np.random.default_rng(SEED)
    towns = np.flatnonzero(places.feature_class == "P")
    known = [places.name(int(row)) for row in chance.choice(towns, 20_000, replace=False)]
    asked = pa.array(known).take(pa.array(chance.zipf(1.3, rows) % len(known)))
    pq.write_table(pa.table({"place": asked}), folder / "names.parquet")
    parts = []
    for number, start in enumerate(range(0, rows, -(-rows // 4))):
        parts.append(str(folder / f"names.{number}.parquet"))
        pq.write_table(pa.table({"place": asked.slice(start, -(-rows // 4))}), parts[-1])
    alone = seconds(lambda: rows_of(str(folder / "names.parquet"), places), 5)
    with workers(2) as client:
        client.run(rows_of, parts[0])

        def spread() -> np.ndarray:
            return np.concatenate(client.gather(client.map(rows_of, parts, pure=False)))

        dask = seconds(spread, 5)
        assert (spread() == rows_of(str(folder / "names.parquet"), places)).all()  # noqa: S101
    different = len(asked.unique())
    print(
        f"{rows:,} names from Parquet, {different:,} different: one process {rows / alone / 1e6:.2f}M/s, "
        f"Dask with two workers {rows / dask / 1e6:.2f}M/s, ratio {dask / alone:.2f} (bars: 3M/s, 1.0)"
    )


def write_articles(folder: Path, count: int) -> list[Path]:
    """Shuffle the paragraphs of the project's dispatches into so many articles of about their length."""
    chance = random.Random(SEED)
    texts = [path.read_text("utf-8").strip().split("\n\n") for path in sorted(DISPATCHES.glob("*.txt"))]
    every = [paragraph for text in texts for paragraph in text]
    paths = []
    for number in range(count):
        paths.append(folder / f"{number:05}.txt")
        paths[-1].write_text("\n\n".join(chance.sample(every, len(chance.choice(texts)))) + "\n", "utf-8")
    return paths


def articles(folder: Path, count: int) -> None:
    """Articles on one worker, on two, and in this process."""
    places = Gazetteer.load(user=False)
    paths = write_articles(folder, count)
    spent: dict[int, float] = {}
    read: dict[int, list[object]] = {}
    for number in (1, 2):
        with workers(number) as client:
            list(cluster.read_each(paths[: 8 * number], places, client))  # models are loaded
            begun, here, there = time.perf_counter(), time.process_time(), sum(client.run(cpu).values())
            parts = sorted(cluster.read_each(paths, places, client), key=lambda part: part.at)
            spent[number] = time.perf_counter() - begun
            here, there = time.process_time() - here, sum(client.run(cpu).values()) - there
            read[number] = [part.result for part in parts]
            print(
                f"{count:,} articles, {number} worker(s), {spent[number]:.1f} s; CPU: workers {there:.1f} s, "
                f"client and scheduler {here:.1f} s"
            )
    # What two cores would give that do nothing else: all work shared by them, over one worker's alone.
    free = 2 * there / (here + there)
    incidents.read(geo.read_article(paths[0]), places)
    begun = cpu()
    alone = [incidents.read(geo.read_article(path), places) for path in paths]
    assert read[1] == read[2] == alone  # noqa: S101
    print(
        f"  this process: CPU {cpu() - begun:.1f} s; two workers over one {spent[1] / spent[2]:.2f}, on idle "
        f"cores by CPU {free:.2f} (bar: 1.6); the results are equal"
    )


def cpu() -> float:
    """Seconds of CPU of this process so far."""
    return time.process_time()


def tables(folder: Path, rows: int, files: int = 10) -> None:
    """Tables of rows that name their places: read, merged and gathered, by one process and on two workers."""
    places = Gazetteer.load(user=False)
    paths = [folder / f"{number}.csv" for number in range(files)]
    for number, path in enumerate(paths):
        write_named(path, rows // files, places, 2000, seed=number)
    geo.read_incidents(paths[0], places)

    def timed(work: Callable[[], Sequence[object]]) -> tuple[float, Sequence[object]]:
        begun = time.perf_counter()
        found = work()
        return time.perf_counter() - begun, found

    here, frames = timed(lambda: [geo.read_incidents(path, places) for path in paths])
    with workers(2) as client:
        list(cluster.read_each(paths[:2], places, client))
        there, parts = timed(
            lambda: sorted(cluster.read_each(paths, places, client), key=lambda part: part.at)
        )
    merging, alone = timed(lambda: geo.combine(*frames))
    spread = geo.combine(*(part.result.frame() for part in parts))
    assert alone.drop(columns="geometry").equals(spread.drop(columns="geometry"))  # noqa: S101
    print(f"{rows:,} rows in {files} tables: read by one process {here:.1f} s, by two workers {there:.1f} s; "
          f"merged {merging:.1f} s; one process over two workers, all in all "
          f"{(here + merging) / (there + merging):.2f}; the results are equal")  # fmt: skip


def main() -> None:
    """Print the measurements asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("what", nargs="*", choices=["names", "articles", "tables", []], default=[])
    options.add_argument("--articles", type=int, default=2000)
    options.add_argument("--names", type=int, default=1_000_000)
    options.add_argument("--rows", type=int, default=250_000, help="of the tables")
    asked = options.parse_args()
    for what, work, count in (
        ("names", names, asked.names), ("articles", articles, asked.articles), ("tables", tables, asked.rows)
    ):  # fmt: skip
        if what in asked.what or not asked.what:
            with tempfile.TemporaryDirectory() as folder:
                work(Path(folder), count)


if __name__ == "__main__":
    main()
