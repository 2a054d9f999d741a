"""Files of millions of lines, GeoNames dumps and alternate names: read in blocks by pyarrow into Arrow files.

`laying` lays what is kept here over the world. What files of a few thousand lines hold becomes records, in
`files`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from gazetteer.files import DUMP_COLUMNS, NAMES_COLUMNS, NOT_NAMES, RANKS, dump_member

#: Bytes from which a file is read here, and bytes of a block.
BULKY, BLOCK = 40_000_000, 16_000_000
PLACES = (
    "id", "name", "plain", "others", "lat", "lon", "kind", "code", "country", "cc2", "admin1", "admin2",
    "admin3", "admin4", "population", "elevation", "dem", "timezone", "modified",
)  # fmt: skip
KEPT = ("id", "name", "plain", "others", "lat", "lon", "kind", "code", "country", "admin1", "admin2",
        "population", "timezone")  # fmt: skip
NAMES = ("number", "id", "lang", "name", "preferred", "short", "colloquial", "historic", "since", "until")


class Tell(Protocol):
    """Told in words what is being done, and which share of it is done (0 to 1) where that is known."""

    def __call__(self, what: str, share: float | None = None, /) -> object:
        """Tell."""


def is_bulky(path: Path) -> bool:
    """Whether a file is a dump or a file of names too big to be read record by record."""
    if path.suffix.lower() not in (".txt", ".zip") or path.stat().st_size < BULKY / 5:
        return False
    try:
        with _opened(path) as (file, size):
            return size >= BULKY and _width(file) in (DUMP_COLUMNS, *NAMES_COLUMNS)
    except (zipfile.BadZipFile, ValueError):
        return False


def _width(file: IO[bytes]) -> int:
    return file.readline().count(b"\t") + 1


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], int]]:
    """Open a dump, or the dump in a .zip, with its size in bytes."""
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            member = dump_member(archive, path.name)
            with archive.open(member) as file:
                yield file, member.file_size
    else:
        with path.open("rb") as file:
            yield file, path.stat().st_size


def keep(path: Path, target: Path, tell: Tell) -> tuple[int, int]:
    """Read a file into an Arrow file of the columns needed; gives the number of places and that of names.

    Raises
    ------
    ValueError
        If a line cannot be read; which one, reading line by line tells.
    """
    import pyarrow as pa

    with _opened(path) as (file, _):
        width = _width(file)
    read = _places(path, tell) if width == DUMP_COLUMNS else _names(path, width, tell)
    count = 0
    first = next(read, None)
    if first is None:
        raise ValueError(f"{path.name} holds no names.")
    # Places are read once, block by block; names are looked up again and again, where they lie.
    options = pa.ipc.IpcWriteOptions(compression="lz4" if width == DUMP_COLUMNS else None)
    with pa.OSFile(str(target), "wb") as sink, pa.ipc.new_file(sink, first.schema, options=options) as out:
        out.write_batch(first)
        count += len(first)
        for batch in read:
            out.write_batch(batch)
            count += len(batch)
    return (count, 0) if width == DUMP_COLUMNS else (0, count)


def _blocks(path: Path, columns: tuple[str, ...], types: dict[str, Any]) -> Iterator[tuple[Any, float]]:
    """Blocks of a file, each with the share of the file that is read."""
    import pyarrow as pa
    from pyarrow import csv

    with _opened(path) as (file, size):
        reader = csv.open_csv(
            pa.PythonFile(file, mode="r"),
            csv.ReadOptions(column_names=list(columns), block_size=BLOCK),
            csv.ParseOptions(delimiter="\t", quote_char=False),
            csv.ConvertOptions(column_types=types, include_columns=list(types), strings_can_be_null=False),
        )
        for batch in reader:
            yield batch, file.tell() / size


def _places(path: Path, tell: Tell) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    types = dict.fromkeys(KEPT, pa.string()) | {
        "id": pa.int64(), "lat": pa.float64(), "lon": pa.float64(), "population": pa.int64()
    }  # fmt: skip
    count = 0
    for batch, share in _blocks(path, PLACES, types):
        lat, lon = batch["lat"], batch["lon"]
        bad = pc.or_(pc.greater(pc.abs(lat), 90), pc.greater(pc.abs(lon), 180))
        if lat.null_count or lon.null_count or batch["id"].null_count or pc.any(bad).as_py():
            raise ValueError(f"{path.name} holds places that lie not on Earth.")
        yield batch
        count += len(batch)
        tell(f"reading {path.name}: {count:,} places", share)


def _names(path: Path, width: int, tell: Tell) -> Iterator[Any]:
    """Names sorted by the id of their place, those that matter most first; links and codes are left out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    types = {name: pa.int64() if name in ("number", "id") else pa.large_string() for name in NAMES[:8]}
    blocks, count = [], 0
    for batch, share in _blocks(path, NAMES[:width], types):
        if batch["id"].null_count or batch["number"].null_count:
            raise ValueError(f"{path.name} holds names of no place.")
        link = pc.is_in(batch["lang"], pa.array(sorted(NOT_NAMES), pa.large_string()))
        named = pc.and_(pc.invert(link), pc.not_equal(batch["name"], ""))
        batch = batch.filter(named)
        # The rank of each combination of the four flags, as `files.RANKS` has it.
        flags = pa.array([0] * len(batch), pa.int32())
        for value, flag in ((8, "preferred"), (4, "short"), (2, "colloquial"), (1, "historic")):
            flags = pc.add(flags, pc.if_else(pc.equal(batch[flag], "1"), value, 0).cast(pa.int32()))
        rank = pa.array(RANKS, pa.int8()).take(flags)
        blocks.append(
            pa.record_batch([batch["id"], batch["lang"], batch["name"], rank], ["id", "lang", "name", "rank"])
        )
        count += len(batch)
        tell(f"reading {path.name}: {count:,} names", share)
    table = pa.Table.from_batches(blocks)
    order = pc.sort_indices(table, [("id", "ascending"), ("rank", "ascending")])
    yield from table.take(order).combine_chunks().to_batches()
