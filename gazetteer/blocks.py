"""One block of a kept dump: its places as columns on disk, its names as sorted keys; one for each core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazetteer.build import default_radius_km, kind_of, prior
from gazetteer.files import PREFERRED, language_tag
from gazetteer.indexing import TURKIC, line_keys
from gazetteer.sources import Record
from gazetteer.store import ALTERNATE, ARRAYS, PRIMARY, Array, hash_lines


@dataclass(frozen=True, slots=True)
class Block:
    """What became of a block: where its columns lie, how many places, and what their codes stand for.

    ``divisions`` are the divisions among the places: row in the block, code, level.
    """

    folder: Path
    count: int
    codes: dict[str, list[str]]
    divisions: list[tuple[int, str, int]]

    def column(self, name: str) -> Array:
        """One of its columns, mapped into memory."""
        column: Array = np.load(self.folder / f"{name}.npy", mmap_mode="r")
        return column

    def save(self, **columns: Array) -> None:
        """Write columns."""
        for name, values in columns.items():
            np.save(self.folder / f"{name}.npy", values.astype(ARRAYS.get(name, values.dtype), copy=False))


@dataclass(frozen=True, slots=True)
class Names:
    """Alternate names kept by `bulk.keep`: sorted by the id of their place, those that matter most first."""

    ids: Array
    table: Any

    @classmethod
    def open(cls, path: Path) -> Names:
        """Map a file into memory."""
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        return cls(table["id"].to_numpy(), table)

    def of(self, ids: Array) -> tuple[Any, Array]:
        """Names of places by their GeoNames number, and which of the places each is of."""
        start, end = np.searchsorted(self.ids, ids, "left"), np.searchsorted(self.ids, ids, "right")
        counts = end - start
        owner = np.repeat(np.arange(len(ids)), counts)
        at = np.arange(len(owner)) + np.repeat(start - np.cumsum(counts) + counts, counts)
        return self.table.take(pa.array(at)).combine_chunks(), owner


@lru_cache(maxsize=4)
def _names(path: Path) -> Names:
    return Names.open(path)


@lru_cache(maxsize=4)
def _column(path: Path) -> Array:
    column: Array = np.load(path, mmap_mode="r")
    return column


def bytes_of(strings: Any) -> Array:  # noqa: ANN401 - an Arrow array
    """Give the bytes of strings, one after another."""
    strings = strings.cast(pa.string())
    _, offsets, data = strings.buffers()
    if not len(strings) or data is None:
        return np.zeros(0, np.uint8)
    ends = np.frombuffer(offsets, np.int32)
    return np.frombuffer(data, np.uint8)[ends[strings.offset] : ends[strings.offset + len(strings)]]


def lines(strings: Any) -> Array:  # noqa: ANN401
    """Give strings as bytes, each ended by a line break."""
    return bytes_of(pc.binary_join_element_wise(strings.cast(pa.string()), "", "\n"))


def holds(index: Array, wanted: Array) -> Array:
    """Mask of the hashes that a sorted index holds."""
    at = np.minimum(np.searchsorted(index, wanted), max(len(index) - 1, 0))
    held: Array = np.asarray(index)[at] == wanted if len(index) else np.zeros(len(wanted), bool)
    return held


def hash_ids(ids: Any) -> Array:  # noqa: ANN401
    """Hash GeoNames numbers as the identifiers of places."""
    return hash_lines(lines(pc.binary_join_element_wise("geonames:", ids.cast(pa.string()), "")))


def lay_block(below: Path, kept: Path, number: int, names: Sequence[Path], folder: Path) -> Block:
    """Make the columns and keys of a block.

    Parameters
    ----------
    below : Path
        A column of the hashes of the ids that are known already: those places are left out.
    kept : Path
        The Arrow file; `number` counts its blocks.
    names : sequence of Path
        Arrow files of alternate names.
    folder : Path
        Where the columns are written.
    """
    folder.mkdir()
    with pa.OSFile(str(kept), "rb") as source, pa.ipc.open_file(source) as file:
        batch = file.get_batch(number)
    hashes = hash_ids(batch["id"])
    order = np.argsort(hashes)
    held = holds(_column(below), hashes[order])  # in order: that is many times as quick
    if held.any():
        new = np.ones(len(hashes), bool)
        new[order[held]] = False
        batch, hashes = batch.filter(pa.array(new)), hashes[new]
        order = np.argsort(hashes)
    block = _columns(batch, folder)
    block.save(id_hash=hashes[order], id_row=order)
    shown, others, labelled = _all_names(batch, [_names(path) for path in names])
    _text(batch, shown, others, labelled, block)
    _keys(batch, shown, others, labelled, block)
    return block


def _coded(column: Any) -> tuple[Array, list[str]]:  # noqa: ANN401
    coded = column.dictionary_encode()
    return coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist()


def _paired(one: tuple[Array, list[str]], two: tuple[Array, list[str]], sep: str) -> tuple[Array, list[str]]:
    """Codes of pairs of codes."""
    different, codes = np.unique(one[0] * len(two[1]) + two[0], return_inverse=True)
    size = max(len(two[1]), 1)
    return codes, [f"{one[1][d // size]}{sep}{two[1][d % size]}" for d in different.tolist()]


def _columns(batch: Any, folder: Path) -> Block:  # noqa: ANN401
    feature, features = _paired(_coded(batch["kind"]), _coded(batch["code"]), ".")
    features = ["" if name.startswith(".") else name for name in features]
    country = _coded(batch["country"])
    timezone = _coded(batch["timezone"])
    admin1 = _paired(country, _coded(batch["admin1"]), ".")
    admin2 = _paired(admin1, _coded(batch["admin2"]), ".")
    divisions = [
        (row, codes[admin[row]], level)
        for level, (admin, codes) in enumerate((admin1, admin2), start=1)
        if f"A.ADM{level}" in features
        for row in np.flatnonzero(feature == features.index(f"A.ADM{level}")).tolist()
    ]
    people = pc.fill_null(batch["population"], 0).to_numpy()
    people = np.where(people > 0, people, -1)
    none = [default_radius_km(Record("", feature=name)) for name in features]
    radius = np.array(none)[feature]
    weight = np.array([prior(name, 0, 0, km) for name, km in zip(features, none, strict=True)])[feature]
    for i in np.flatnonzero(people > 0).tolist():
        radius[i] = default_radius_km(Record("", feature=features[feature[i]], population=int(people[i])))
        weight[i] = prior(features[feature[i]], int(people[i]), 0, float(np.float32(radius[i])))
    block = Block(
        folder, len(batch),
        {"feature": features, "timezone": timezone[1], "admin1": admin1[1], "admin2": admin2[1]}, divisions,
    )  # fmt: skip
    block.save(
        lat=batch["lat"].to_numpy(), lon=batch["lon"].to_numpy(), population=people, radius_km=radius,
        prior=weight, country=np.array(country[1] or [""], ARRAYS["country"])[country[0]], feature=feature,
        timezone=timezone[0], admin1=admin1[0].astype(np.int32), admin2=admin2[0].astype(np.int32),
    )  # fmt: skip
    return block


@dataclass(frozen=True, slots=True)
class _Other:
    """Names beside the one shown: the names, whose they are, the language tag and the kind of each."""

    names: Any
    owner: Array
    tags: Any
    kinds: Array


def _all_names(batch: Any, files: Sequence[Names]) -> tuple[Any, _Other, _Other]:  # noqa: ANN401
    """Give the name to show of each place, its other names of no stated language, and those of a language."""
    own = pc.if_else(pc.equal(batch["name"], ""), batch["plain"], batch["name"])
    ids = batch["id"].to_numpy()
    found = [file.of(ids) for file in files]
    labelled = _labelled([table for table, owner in found if len(owner)], [o for _, o in found if len(o)])
    shown = own
    english = np.flatnonzero(labelled.kinds == PRIMARY)
    if len(english):
        english = english[np.unique(labelled.owner[english], return_index=True)[1]]
        mask = np.zeros(len(own), bool)
        mask[labelled.owner[english]] = True
        preferred = labelled.names.take(pa.array(english)).cast(pa.string())
        shown = pc.replace_with_mask(own, pa.array(mask), preferred)
    split = pc.split_pattern(batch["others"], ",")
    plain = np.flatnonzero(pc.not_equal(batch["plain"], own).to_numpy(zero_copy_only=False))
    former = np.flatnonzero(pc.not_equal(shown, own).to_numpy(zero_copy_only=False))
    names = pa.concat_arrays(
        [own.take(pa.array(former)), batch["plain"].take(pa.array(plain)), pc.list_flatten(split)]
    )
    owner = np.concatenate([former, plain, pc.list_parent_indices(split).to_numpy()]).astype(np.int64)
    keep = pc.not_equal(names, "").to_numpy(zero_copy_only=False)
    if len(labelled.owner):  # what a language is stated for needs none beside it
        odd = np.uint64(0x9E3779B97F4A7C15)
        said = hash_lines(lines(labelled.names)) + labelled.owner.astype(np.uint64) * odd
        keep &= ~np.isin(hash_lines(lines(names)) + owner.astype(np.uint64) * odd, said)
    at = np.flatnonzero(keep)
    at = at[np.argsort(owner[at], kind="stable")]
    others = _Other(names.take(pa.array(at)), owner[at], pa.scalar(""), np.full(len(at), ALTERNATE, np.uint8))
    kinds = np.where(labelled.kinds == PRIMARY, kind_of("en"), labelled.kinds).astype(np.uint8)
    return shown, others, _Other(labelled.names, labelled.owner, labelled.tags, kinds)


def _labelled(tables: Sequence[Any], owners: Sequence[Array]) -> _Other:
    """Names with a language; a preferred one in English has the kind of a place's own name."""
    if not tables:
        empty = pa.array([], pa.string())
        return _Other(empty, np.zeros(0, np.int64), empty, np.zeros(0, np.uint8))
    table = pa.concat_tables(tables).combine_chunks()
    owner = np.concatenate(owners)
    lang, langs = _coded(table["lang"].combine_chunks())
    rank = table["rank"].to_numpy().astype(np.int64)
    pairs, pair = np.unique(lang * 16 + rank, return_inverse=True)
    tags = [language_tag(langs[p // 16], p % 16) for p in pairs.tolist()]
    kinds = [
        PRIMARY if langs[p // 16] == "en" and p % 16 <= PREFERRED else kind_of(tag)
        for p, tag in zip(pairs.tolist(), tags, strict=True)
    ]
    order = np.argsort(owner, kind="stable")
    return _Other(
        table["name"].combine_chunks().cast(pa.string()).take(pa.array(order)), owner[order],
        pa.array(tags).take(pa.array(pair[order])), np.array(kinds, np.uint8)[pair[order]],
    )  # fmt: skip


def _text(batch: Any, shown: Any, others: _Other, labelled: _Other, block: Block) -> None:  # noqa: ANN401
    """Write the texts of a block, as `build._text` has them, and their lengths."""
    head = ["@name\t", shown, "\n@id\tgeonames:", batch["id"].cast(pa.string())]
    for more in (labelled, others):
        written = pc.binary_join_element_wise("\n", more.tags, "\t", more.names, "")
        written = written if isinstance(written, pa.Array) else pa.array([], pa.string())
        ends = np.searchsorted(more.owner, np.arange(len(batch) + 1))
        lists = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), written)
        head.append(pc.binary_join(lists, ""))
    text = pc.binary_join_element_wise(*head, "")
    bytes_of(text).tofile(block.folder / "text")
    block.save(text_size=pc.binary_length(text).to_numpy())


def _keys(batch: Any, shown: Any, others: _Other, labelled: _Other, block: Block) -> None:  # noqa: ANN401
    """Write the keys of all names of a block, sorted."""
    names = pa.concat_arrays([shown, labelled.names, others.names])
    owner = np.concatenate([np.arange(len(batch)), labelled.owner, others.owner])
    kinds = np.concatenate([np.full(len(batch), PRIMARY, np.uint8), labelled.kinds, others.kinds])
    turkic = pc.is_in(batch["country"], pa.array(sorted(TURKIC))).to_numpy(zero_copy_only=False)
    groups = np.asarray(block.column("feature"))[owner]
    keys = line_keys(lines(names), kinds, groups, block.codes["feature"], turkic[owner])
    which, sound, fold, kind = keys.whole()
    order = np.argsort(sound, kind="stable")
    block.save(key_hash=sound[order], key_fold=fold[order], key_kind=kind[order], key_row=owner[which[order]])
    bones = keys.bone[: len(batch)]
    order = np.argsort(bones, kind="stable")
    order = order[np.searchsorted(bones[order], 1) :]  # 0 stands for none
    block.save(bone_hash=bones[order], bone_row=order)
