"""Millions of places laid over a store, column by column and block by block, on all cores.

What `build.compile_store` does record by record, with the same keys and the same columns. Each block of a
kept dump becomes columns of its own on disk, its keys sorted (`blocks`); then the columns are put one after
another, and the sorted keys of all blocks merged, range by range of hashes. Memory holds one block for each
core. A place that the store below has already stays as it is there: it comes from the same source, and its
name in English is known.
"""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby, starmap
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np

from gazetteer.blocks import Block, Names, hash_ids, holds, lay_block
from gazetteer.bulk import Tell
from gazetteer.files import PREFERRED, language_tag
from gazetteer.ranking import by_weight
from gazetteer.sources import GEONAMES, Record
from gazetteer.store import (
    ARRAYS,
    BITS,
    FORMAT,
    SPELLINGS,
    Array,
    Store,
    hash_all,
    open_columns,
    write_buckets,
)

#: Ranges of hashes that are merged one by one.
RANGES = 64
#: Columns of the sorted indexes, beside the hash.
INDEXES = {"key": ("row", "fold", "kind"), "bone": ("row",), "id": ("row",)}
#: Columns that are copied as they are.
PLAIN = ("lat", "lon", "population", "radius_km", "prior", "country")


def lay(base: Store, kept: Path, names: Sequence[Path], folder: Path, tell: Tell) -> Store:
    """Lay a dump kept by `bulk.keep` over a store.

    Parameters
    ----------
    base : Store
    kept : Path
        The Arrow file of places.
    names : sequence of Path
        Arrow files of alternate names.
    folder : Path
        An empty one, for the columns of the new store; it must last as long as the store.
    tell : callable
        Told how far it is.
    """
    work = folder / "work"
    work.mkdir()
    np.save(work / "below.npy", base["id_hash"])
    blocks: list[Block] = []
    total = _count(kept)
    with _workers() as run:
        with (folder / "text.npy").open("wb+") as text:
            _header(text, 0)
            base["text"].tofile(text)
            jobs = [(work / "below.npy", kept, i, names, work / str(i)) for i in range(total)]
            for done, block in enumerate(run(lay_block, jobs), start=1):
                with (block.folder / "text").open("rb") as part:
                    shutil.copyfileobj(part, text, 1 << 20)
                (block.folder / "text").unlink()
                blocks.append(block)
                tell("laying the places over the world", done / total)
            _header(text, text.tell() - text.seek(_HEADER))
        meta, own = _columns(base, blocks, folder)
        counts = _indexes(base, blocks, own, folder, run, tell)
    for name in SPELLINGS:  # of the names below: they stay what they are
        np.save(folder / f"{name}.npy", base[name])
    write_buckets(folder)
    shutil.rmtree(work)
    return open_columns(folder, {**meta, "names": counts["key"], "unspelled": True})


_HEADER = 128


def _header(file: IO[bytes], size: int) -> None:
    """Write the header of a column of bytes; it has room for any size."""
    file.seek(0)
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": (size,)})
    if file.tell() != _HEADER:
        raise AssertionError("numpy writes headers of another size")


def _count(kept: Path) -> int:
    import pyarrow as pa

    with pa.OSFile(str(kept), "rb") as source, pa.ipc.open_file(source) as file:
        return int(file.num_record_batches)


@contextmanager
def _workers() -> Iterator[Callable[[Callable[..., Any], Sequence[tuple[Any, ...]]], Iterable[Any]]]:
    """Run a function on many arguments in processes of its own where they can be forked, else here."""
    cores = multiprocessing.cpu_count()
    if "fork" not in multiprocessing.get_all_start_methods() or cores < 2:
        yield starmap
        return
    with multiprocessing.get_context("fork").Pool(min(cores, 8)) as pool:
        yield lambda function, jobs: pool.imap(_Call(function), jobs)


@dataclass(frozen=True, slots=True)
class _Call:
    """A function of one tuple of arguments."""

    function: Callable[..., Any]

    def __call__(self, arguments: tuple[Any, ...]) -> Any:  # noqa: ANN401
        return self.function(*arguments)


def _columns(base: Store, blocks: Sequence[Block], folder: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Put the columns of the base and of all blocks together; gives the meta, and new divisions by code."""
    meta = dict(base.meta)
    starts = len(base) + np.cumsum([0, *(block.count for block in blocks)])
    total = int(starts[-1])

    def write(name: str, parts: Iterable[Array]) -> None:
        column = np.lib.format.open_memmap(folder / f"{name}.npy", "w+", ARRAYS[name], (total,))
        at = 0
        for part in parts:
            column[at : at + len(part)] = part
            at += len(part)
        column.flush()

    for name in PLAIN:
        write(name, [base[name], *(block.column(name) for block in blocks)])
    for name in ("feature", "timezone"):
        known = {code: i for i, code in enumerate(meta[f"{name}_codes"])}
        numbers = [[known.setdefault(code, len(known)) for code in block.codes[name]] for block in blocks]
        coded = (np.array(n)[b.column(name)] for n, b in zip(numbers, blocks, strict=True) if b.count)
        write(name, chain([base[name]], coded))
        meta[f"{name}_codes"] = list(known)
    sources = {source: i for i, source in enumerate(meta["source_codes"])}
    ours = sources.setdefault(GEONAMES, len(sources))
    meta["source_codes"] = list(sources)
    write("source", [base["source"], np.full(total - len(base), ours, ARRAYS["source"])])

    ends = np.cumsum(np.concatenate([block.column("text_size") for block in blocks]), dtype=np.int64)
    ends += len(base["text"])
    write("text_end", [base["text_end"], ends])
    begins = np.concatenate([[len(base["text"])], ends])[:-1]
    write("text_start", [base["text_start"], begins])

    # Divisions: those the base knows, then those that the dump brings.
    own: dict[str, int] = {}
    for start, block in zip(starts.tolist(), blocks, strict=False):
        for row, code, _ in block.divisions:
            own.setdefault(f"code:{code}", start + row)
    for level in (1, 2):
        column = np.lib.format.open_memmap(folder / f"admin{level}_row.npy", "w+", "<i4", (total,))
        column[: len(base)] = base[f"admin{level}_row"]
        for start, block in zip(starts.tolist(), blocks, strict=False):
            codes = [f"code:{code}" for code in block.codes[f"admin{level}"]]
            rows = base_rows(base, codes)
            for i in np.flatnonzero(rows < 0).tolist():
                rows[i] = own.get(codes[i], -1)
            if block.count:
                column[start : start + block.count] = rows[block.column(f"admin{level}")]
            for row, _, of in block.divisions:
                if of <= level:  # no division lies in itself
                    column[start + row] = -1
        column.flush()
    meta |= {"format": FORMAT, "places": total}
    return meta, {code: row for code, row in own.items() if base.row_of(code) < 0}


def base_rows(base: Store, identifiers: Sequence[str]) -> Array:
    """Row of each identifier, -1 where there is none."""
    hashes = hash_all(identifiers)
    at = np.minimum(np.searchsorted(base["id_hash"], hashes), max(len(base["id_hash"]) - 1, 0))
    rows: Array = np.where(holds(base["id_hash"], hashes), np.asarray(base["id_row"])[at], -1)
    return rows


def _indexes(
    base: Store,
    blocks: Sequence[Block],
    own: dict[str, int],
    folder: Path,
    run: Callable[..., Iterable[Any]],
    tell: Tell,
) -> dict[str, int]:
    """Merge the sorted keys of the base, the blocks and the new divisions; gives the size of each index."""
    starts = len(base) + np.cumsum([0, *(block.count for block in blocks)])
    below = folder / "work" / "base"
    divisions = folder / "work" / "divisions"
    for path in (below, divisions):
        path.mkdir()
    codes = hash_all(list(own))
    order = np.argsort(codes)
    np.save(divisions / "id_hash.npy", codes[order])
    np.save(divisions / "id_row.npy", np.array(list(own.values()), np.int32)[order])
    sizes, jobs = {}, []
    for index, parts in INDEXES.items():
        for part in ("hash", *parts):
            np.save(below / f"{index}_{part}.npy", base[f"{index}_{part}"])
        runs = [(below, 0), *((b.folder, int(start)) for b, start in zip(blocks, starts, strict=False))]
        runs += [(divisions, 0)] if index == "id" else []
        cuts = np.array([_cuts(path / f"{index}_hash.npy") for path, _ in runs])
        sizes[index] = int(cuts[:, -1].sum())
        for part in ("hash", *parts):
            name = f"{index}_{part}"
            np.lib.format.open_memmap(folder / f"{name}.npy", "w+", ARRAYS[name], (sizes[index],)).flush()
        jobs += [
            (folder, index, parts, runs, cuts[:, i : i + 2], int(cuts[:, i].sum())) for i in range(RANGES)
        ]
    for done, _ in enumerate(run(_merge, jobs)):
        tell("sorting the index", done / len(jobs))
    return sizes


def _cuts(path: Path) -> Array:
    """Where each range of hashes begins in a sorted column, and where the last one ends."""
    hashes = np.load(path, mmap_mode="r")
    edges = np.arange(1, RANGES, dtype=np.uint64) * np.uint64(2**BITS // RANGES)
    return np.concatenate([[0], np.searchsorted(hashes, edges), [len(hashes)]])


def _merge(
    folder: Path, index: str, parts: Sequence[str], runs: Sequence[tuple[Path, int]], cuts: Array, at: int
) -> None:
    """Merge one range of hashes of all runs into the columns of an index, from a position on."""
    columns = {
        part: np.concatenate([
            _mapped(path / f"{index}_{part}.npy")[a:b] + (start if part == "row" else 0)
            for (path, start), (a, b) in zip(runs, cuts, strict=True)
        ])
        for part in ("hash", *parts)
    }  # fmt: skip
    hashes = columns["hash"]
    order = (
        by_weight(hashes, columns["row"], columns["kind"], _mapped(folder / "prior.npy"))
        if index == "key"
        else np.argsort(hashes, kind="stable")
    )
    for part, values in columns.items():
        _mapped(folder / f"{index}_{part}.npy", "r+")[at : at + len(hashes)] = values[order]


@lru_cache(maxsize=2000)
def _mapped(path: Path, mode: Literal["r", "r+"] = "r") -> Array:
    column: Array = np.load(path, mmap_mode=mode)
    return column


def names_of_known(names: Path, known: Array) -> Iterator[Record]:
    """Names of an alternate-names file for places that are known, as one record for each place.

    Parameters
    ----------
    names : Path
        The Arrow file.
    known : ndarray of uint64
        Hashes of the ids of the places, sorted.
    """
    import pyarrow as pa

    held = Names.open(names)
    different = np.unique(held.ids)
    ids = different[holds(known, hash_ids(pa.array(different)))]
    table, owner = held.of(ids)
    rows = zip(ids[owner].tolist(), *(table[c].to_pylist() for c in ("lang", "name", "rank")), strict=True)
    for number, group in groupby(rows, key=itemgetter(0)):
        said = [row[1:] for row in group]
        shown = next((name for lang, name, rank in said if lang == "en" and rank <= PREFERRED), "")
        tagged = tuple(dict.fromkeys((language_tag(lang, rank), name) for lang, name, rank in said))
        yield Record(f"geonames:{number}", shown, names=tagged, source=GEONAMES)
