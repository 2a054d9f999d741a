"""Dumps of millions of places: read in blocks by pyarrow, laid over the world column by column.

What `build.compile_store` does record by record for the files people write, with the same keys and the same
columns. Memory holds the columns and one block; texts go straight to disk. A place that the store below has
already stays as it is there: it comes from the same source, and its name in English is known.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from gazetteer.build import TURKIC, default_radius_km, name_keys, prior
from gazetteer.files import DUMP_COLUMNS, dump_member
from gazetteer.names import is_abjad, skeletons
from gazetteer.sources import GEONAMES, Record
from gazetteer.store import ALTERNATE, ARRAYS, FORMAT, PRIMARY, SPELLINGS, Array, Store, hash_all

#: Bytes from which a dump is read here.
BULKY = 40_000_000
#: Bytes of a block, and blocks that wait for their keys.
BLOCK, WAITING = 24_000_000, 3
COLUMNS = (
    "id", "name", "plain", "others", "lat", "lon", "kind", "code", "country", "cc2", "admin1", "admin2",
    "admin3", "admin4", "population", "elevation", "dem", "timezone", "modified",
)  # fmt: skip
KEPT = ("id", "name", "plain", "others", "lat", "lon", "kind", "code", "country", "admin1", "admin2",
        "population", "timezone")  # fmt: skip


def is_bulky(path: Path) -> bool:
    """Whether a file is a dump of places too big to be read record by record."""
    if path.suffix.lower() not in (".txt", ".zip") or path.stat().st_size < BULKY / 5:
        return False
    try:
        with _opened(path) as (file, size):
            return size >= BULKY and file.readline().count(b"\t") == DUMP_COLUMNS - 1
    except (zipfile.BadZipFile, ValueError):
        return False


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


def keep(path: Path, target: Path, tell: Callable[[str], None]) -> int:
    """Read a dump into an Arrow file of the columns needed; gives the number of places.

    Raises
    ------
    ValueError
        If a line cannot be read; which one, reading line by line tells.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    types = dict.fromkeys(KEPT, pa.string()) | {
        "id": pa.int64(), "lat": pa.float64(), "lon": pa.float64(), "population": pa.int64()
    }  # fmt: skip
    count = 0
    with _opened(path) as (file, _):
        reader = csv.open_csv(
            pa.PythonFile(file, mode="r"),
            csv.ReadOptions(column_names=list(COLUMNS), block_size=BLOCK),
            csv.ParseOptions(delimiter="\t", quote_char=False),
            csv.ConvertOptions(column_types=types, include_columns=list(KEPT), strings_can_be_null=False),
        )
        with pa.OSFile(str(target), "wb") as sink, pa.ipc.new_file(
            sink, reader.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")
        ) as out:  # fmt: skip
            for batch in reader:
                lat, lon = batch["lat"], batch["lon"]
                bad = pc.or_(pc.greater(pc.abs(lat), 90), pc.greater(pc.abs(lon), 180))
                if lat.null_count or lon.null_count or batch["id"].null_count or pc.any(bad).as_py():
                    raise ValueError(f"{path.name} holds places that lie not on Earth.")
                out.write_batch(batch)
                count += len(batch)
                tell(f"reading {path.name}: {count:,} places")
    return count


@dataclass
class _Columns:
    """Columns of the new rows so far, as lists of blocks; codes are numbered as they come."""

    blocks: dict[str, list[Array]] = field(default_factory=dict)
    codes: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, name: str, values: Array) -> None:
        self.blocks.setdefault(name, []).append(values.astype(ARRAYS.get(name, values.dtype)))

    def encode(self, name: str, column: Any) -> Array:  # noqa: ANN401 - an Arrow array
        """Give the strings of a column as numbers."""
        numbers = self.codes.setdefault(name, {})
        coded = column.dictionary_encode()
        known = np.array(
            [numbers.setdefault(v, len(numbers)) for v in coded.dictionary.to_pylist()], np.int64
        )
        numbered: Array = known[coded.indices.to_numpy()]
        return numbered

    def whole(self, name: str, below: Array) -> Array:
        """Give the column of the store below with the new rows after it."""
        column: Array = np.concatenate([below, *self.blocks.pop(name, [])])
        return column


def lay(base: Store, kept: Path, folder: Path, tell: Callable[[str], None]) -> Store:
    """Lay a dump kept by `keep` over a store.

    Parameters
    ----------
    base : Store
    kept : Path
        The Arrow file.
    folder : Path
        For the texts, which are too big for memory; it must last until the store is written.
    tell : callable
        Told in words how far it is.
    """
    columns = _Columns()
    source = _number(base.meta, "source_codes", GEONAMES)
    total, done = len(base), 0
    text_at = len(base["text"])
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as texts, _workers() as pool:
        texts.write(np.ascontiguousarray(base["text"]).data)
        waiting: deque[tuple[Any, Array, Array]] = deque()

        def collect() -> None:
            job, row_of, combo_of = waiting.popleft()
            owner, sound, fold, kind, bone = job.get()
            # Each different name was reduced once: its keys go to all places of that name.
            order = np.argsort(owner, kind="stable")
            starts = np.searchsorted(owner[order], combo_of, "left")
            counts = np.searchsorted(owner[order], combo_of, "right") - starts
            at = order[np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts - starts, counts)]
            columns.add("key_hash", sound[at])
            columns.add("key_fold", fold[at])
            columns.add("key_kind", kind[at])
            columns.add("key_row", np.repeat(row_of, counts))
            has = bone[combo_of] != 0
            columns.add("bone_hash", bone[combo_of[has]])
            columns.add("bone_row", row_of[has])

        for batch, size in _batches(kept):
            done += len(batch)
            ids = hash_all([f"geonames:{i}" for i in batch["id"].to_pylist()])
            new = ~_holds(base["id_hash"], ids)
            batch = batch.filter(new) if not new.all() else batch
            rows = np.arange(total, total + len(batch), dtype=np.int32)
            total += len(batch)
            columns.add("id_hash", ids[new])
            columns.add("id_row", rows)
            _fill(columns, batch)
            text_at = _texts(columns, batch, texts, text_at)
            names, combo_of, row_of = _names(batch, columns, rows)
            waiting.append((pool(_keys, names), row_of, combo_of))
            if len(waiting) > WAITING:
                collect()
            tell(f"laying the places over the world: {done:,} of {size:,}")
        while waiting:
            collect()
    tell("sorting the index")
    return _store(base, columns, Path(texts.name), total, source)


def _number(meta: dict[str, Any], name: str, value: str) -> int:
    codes = list(meta[name])
    return codes.index(value) if value in codes else len(codes)


def _holds(index: Array, wanted: Array) -> Array:
    at = np.minimum(np.searchsorted(index, wanted), max(len(index) - 1, 0))
    held: Array = np.asarray(index)[at] == wanted if len(index) else np.zeros(len(wanted), bool)
    return held


def _batches(kept: Path) -> Iterator[tuple[Any, int]]:
    """Blocks of the Arrow file, each with the number of places in all."""
    import pyarrow as pa

    with pa.OSFile(str(kept), "rb") as source, pa.ipc.open_file(source) as file:
        size = sum(file.get_batch(i).num_rows for i in range(file.num_record_batches))
        for i in range(file.num_record_batches):
            yield file.get_batch(i), size


@contextmanager
def _workers() -> Iterator[Callable[..., Any]]:
    """Run the folding of names in processes of its own where they can be forked, else here."""
    cores = multiprocessing.cpu_count()
    if "fork" not in multiprocessing.get_all_start_methods() or cores < 2:
        yield lambda function, *arguments: _Done(function(*arguments))
        return
    with multiprocessing.get_context("fork").Pool(min(cores, 4)) as pool:
        yield lambda function, *arguments: pool.apply_async(function, arguments)


@dataclass(frozen=True, slots=True)
class _Done:
    """A result that is there already."""

    value: Any

    def get(self) -> Any:  # noqa: ANN401
        return self.value


def _fill(columns: _Columns, batch: Any) -> None:  # noqa: ANN401
    """Add the columns of a block."""
    import pyarrow.compute as pc

    for name in ("lat", "lon"):
        columns.add(name, batch[name].to_numpy())
    people = pc.fill_null(batch["population"], 0).to_numpy()
    columns.add("population", np.where(people > 0, people, -1))
    feature = pc.if_else(
        pc.equal(batch["kind"], ""), "", pc.binary_join_element_wise(batch["kind"], batch["code"], ".")
    )
    columns.add("feature#", columns.encode("feature", feature))
    columns.add("timezone#", columns.encode("timezone", batch["timezone"]))
    columns.add("country#", columns.encode("country", batch["country"]))
    code = pc.binary_join_element_wise(batch["country"], batch["admin1"], ".")
    columns.add("admin1#", columns.encode("admin", code))
    columns.add("admin2#", columns.encode("admin", pc.binary_join_element_wise(code, batch["admin2"], ".")))


def _texts(columns: _Columns, batch: Any, out: IO[bytes], at: int) -> int:  # noqa: ANN401
    """Write the texts of a block, as `build._text` has them; gives where the next one starts."""
    import pyarrow.compute as pc

    own = pc.if_else(pc.equal(batch["name"], ""), batch["plain"], batch["name"])
    others = pc.replace_substring(batch["others"], ",", "\n\t")
    others = pc.if_else(pc.equal(batch["others"], ""), "", pc.binary_join_element_wise("\n\t", others, ""))
    plain = pc.if_else(
        pc.equal(batch["plain"], own), "", pc.binary_join_element_wise("\n\t", batch["plain"], "")
    )
    text = pc.binary_join_element_wise(
        "@name\t", own, "\n@id\tgeonames:", batch["id"].cast("string"), plain, others, ""
    )
    lengths = pc.binary_length(text).to_numpy().astype(np.int64)
    ends = at + np.cumsum(lengths)
    columns.add("text_start", ends - lengths)
    columns.add("text_end", ends)
    offsets = np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + len(text) + 1]
    if len(text):
        out.write(memoryview(text.buffers()[2])[offsets[0] : offsets[-1]])
    return int(ends[-1]) if len(text) else at


def _names(
    batch: Any,  # noqa: ANN401
    columns: _Columns,
    rows: Array,
) -> tuple[list[tuple[str, str, str, int]], Array, Array]:
    """Give the different names of a block, and for each name of a place which it is and whose.

    A name is different where another spelling, another kind of name, another class of place or another way
    of reading (of Turkic lands) makes its keys different.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    own = pc.if_else(pc.equal(batch["name"], ""), batch["plain"], batch["name"])
    split = pc.split_pattern(batch["others"], ",")
    plain = np.flatnonzero(pc.not_equal(batch["plain"], own).to_numpy(zero_copy_only=False))
    parts = [own, batch["plain"].take(pa.array(plain)), pc.list_flatten(split)]
    whose = [np.arange(len(batch)), plain, pc.list_parent_indices(split).to_numpy()]
    coded = pa.concat_arrays([p.cast("string") for p in parts]).dictionary_encode()
    name = coded.indices.to_numpy().astype(np.int64)
    owner = np.concatenate(whose).astype(np.int64)
    primary = np.arange(len(owner)) < len(batch)
    turkic = pc.is_in(batch["country"], pa.array(sorted(TURKIC))).to_numpy(zero_copy_only=False)
    # Features are read alike by class, but for countries: see `build.name_keys`.
    classes = [f[:5] if f.startswith("A.PCL") else f[:2] for f in columns.codes["feature"]]
    features = list(dict.fromkeys(classes))
    group = np.array([features.index(c) for c in classes])[columns.blocks["feature#"][-1]][owner]
    combo = ((name * len(features) + group) * 2 + turkic[owner]) * 2 + primary
    different, combo_of = np.unique(combo, return_inverse=True)
    words = coded.dictionary.to_pylist()
    found = [
        (words[c // (4 * len(features))], features[(c // 4) % len(features)], "TR" if c & 2 else "",
         PRIMARY if c & 1 else ALTERNATE)
        for c in different.tolist()
    ]  # fmt: skip
    return found, combo_of, rows[owner]


def _keys(names: list[tuple[str, str, str, int]]) -> tuple[Array, Array, Array, Array, Array]:
    """Reduce names to their keys: owner, hashes of sound and fold, kind; and the hash of each one's bone."""
    written = [n for n, _, _, _ in names]
    keys = name_keys(
        written, [c for _, _, c, _ in names], [f for _, f, _, _ in names], [kind for _, _, _, kind in names]
    )
    bones = [""] * len(names)
    for owner, sound, kind in zip(
        reversed(keys.owner), reversed(keys.sound), reversed(keys.kind), strict=True
    ):
        if kind == PRIMARY:  # the first key is the one of the name as it stands
            bones[owner] = sound
    bones = "\n".join(bones).translate(_NO_VOWELS).split("\n")
    abjad = [i for i, (name, _, _, kind) in enumerate(names) if kind == PRIMARY and is_abjad(name)]
    for i, bone in zip(abjad, skeletons([written[i] for i in abjad]), strict=True):
        bones[i] = bone
    bone_hash = hash_all(bones)
    bone_hash[[len(bone) < 3 for bone in bones]] = 0
    return (
        np.array(keys.owner, np.int64), hash_all(keys.sound), hash_all(keys.fold).astype(np.uint32),
        np.array(keys.kind, np.uint8), bone_hash,
    )  # fmt: skip


_NO_VOWELS = dict.fromkeys(map(ord, "aiouv"))


def _store(base: Store, columns: _Columns, texts: Path, total: int, source: int) -> Store:
    """Put the columns of both together, and sort the indexes."""
    start = len(base)
    meta = dict(base.meta)
    arrays: dict[str, Array] = {
        name: columns.whole(name, base[name])
        for name in ("lat", "lon", "population", "text_start", "text_end")
    }
    for name in ("feature", "timezone"):
        codes = list(meta[f"{name}_codes"])
        known = {code: i for i, code in enumerate(codes)}
        numbers = [known.setdefault(code, len(known)) for code in columns.codes[name]]
        meta[f"{name}_codes"] = list(known)
        coded = np.array(numbers, ARRAYS[name])[np.concatenate(columns.blocks.pop(f"{name}#"))]
        arrays[name] = np.concatenate([base[name], coded])
    if source == len(meta["source_codes"]):
        meta["source_codes"] = [*meta["source_codes"], GEONAMES]
    arrays["source"] = np.concatenate([base["source"], np.full(total - start, source, ARRAYS["source"])])
    countries = np.array(list(columns.codes["country"]), ARRAYS["country"])
    arrays["country"] = np.concatenate(
        [base["country"], countries[np.concatenate(columns.blocks.pop("country#"))]]
    )

    features = meta["feature_codes"]
    new_feature, people = arrays["feature"][start:], arrays["population"][start:]
    radius = np.array([default_radius_km(Record("", feature=f)) for f in features], np.float32)[new_feature]
    weight = np.array(
        [prior(f, 0, 0, default_radius_km(Record("", feature=f))) for f in features], np.float32
    )[new_feature]
    for i in np.flatnonzero(people > 0).tolist():
        radius[i] = default_radius_km(Record("", feature=features[new_feature[i]], population=int(people[i])))
        weight[i] = prior(features[new_feature[i]], int(people[i]), 0, float(radius[i]))
    arrays["radius_km"] = np.concatenate([base["radius_km"], radius])
    arrays["prior"] = np.concatenate([base["prior"], weight])

    admin = [base.row_of(f"code:{code}") for code in columns.codes["admin"]]
    number = list(columns.codes["admin"])
    levels = [np.concatenate(columns.blocks.pop(f"admin{level}#")) for level in (1, 2)]
    own: dict[int, str] = {}  # rows of divisions that the dump brings, and their codes
    for level, codes_of in enumerate(levels, start=1):
        for i in np.flatnonzero(new_feature == _at(features, f"A.ADM{level}")).tolist():
            own[start + i] = number[codes_of[i]]
            if admin[codes_of[i]] < 0:
                admin[codes_of[i]] = start + i
    for level, codes_of in enumerate(levels, start=1):
        found = np.array(admin, np.int32)[codes_of]
        found[found == np.arange(start, total)] = -1
        arrays[f"admin{level}_row"] = np.concatenate([base[f"admin{level}_row"], found])
    columns.add("id_hash", hash_all([f"code:{code}" for code in own.values()]))
    columns.add("id_row", np.array(list(own), np.int32))

    for index, parts in (("key", ("row", "fold", "kind")), ("bone", ("row",)), ("id", ("row",))):
        hashes = columns.whole(f"{index}_hash", base[f"{index}_hash"])
        order = np.argsort(hashes, kind="stable").astype(np.int32 if len(hashes) < 2**31 else np.int64)
        arrays[f"{index}_hash"] = hashes[order]
        for part in parts:
            arrays[f"{index}_{part}"] = columns.whole(f"{index}_{part}", base[f"{index}_{part}"])[order]
        del hashes, order
    arrays |= {part: base[part] for part in SPELLINGS}  # of the names below: they stay what they are
    arrays["text"] = np.memmap(texts, np.uint8, "r")
    meta |= {"format": FORMAT, "places": total, "names": len(arrays["key_hash"])}
    return Store(arrays, meta)


def _at(codes: list[str], code: str) -> int:
    return codes.index(code) if code in codes else -1
