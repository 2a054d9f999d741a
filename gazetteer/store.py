"""The gazetteer on disk: plain numpy files in one folder, mapped into memory and never copied.

One row is one place. Columns lie in files of their own; texts (names, source, note) in one UTF-8 blob.
The index is a sorted array of 64-bit hashes of sound keys with the row, the hash of the folded name and
the kind of name beside each: one binary search finds all places on all rungs of the ladder at once.
Among three million keys the chance that a name which is not there meets a wrong hash is below 1e-12;
a place's names are read and compared before it is proposed, all the same.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer.errors import GazetteerError, GazetteerMissingError

FORMAT = 3
#: Kinds of key, best first: the place's own name, one in English, another name, the name without its generic
#: word ("Kalbajar" of "Kalbajar region"), one of everyday speech ("The Big Smoke"), one it bore in the past
#: ("Leningrad"), a code of capitals such as an airport's ("BAK").
PRIMARY, ENGLISH, ALTERNATE, STRIPPED, COLLOQUIAL, HISTORIC, CODE = range(7)

#: File of each column, and its type.
ARRAYS = {
    "lat": "<f8", "lon": "<f8", "population": "<i8", "radius_km": "<f4", "prior": "<f4", "country": "<U2",
    "feature": "<u2", "timezone": "<u2", "source": "<u2", "admin1_row": "<i4", "admin2_row": "<i4",
    "text_start": "<i8", "text_end": "<i8",
    "key_hash": "<u8", "key_row": "<i4", "key_fold": "<u4", "key_kind": "|u1",
    "bone_hash": "<u8", "bone_row": "<i4", "id_hash": "<u8", "id_row": "<i4", "text": "|u1",
}  # fmt: skip

Array = npt.NDArray[Any]


#: Bytes of a key that count, and bytes hashed at once: what fits a processor's cache.
LONGEST, BLOCK = 4096, 1 << 16
_BREAK = 10


def _tables() -> tuple[Array, Array, Array]:
    """Give a random number for each byte, the powers of an odd one, and their inverses, from BLAKE2b."""
    seed = b"".join(blake2b(bytes([i]), digest_size=64).digest() for i in range(33))
    numbers = np.frombuffer(seed, "<u8")
    odd = int(numbers[256]) | 1
    powers, inverses = (np.full(BLOCK + LONGEST, base, np.uint64) for base in (odd, pow(odd, -1, 1 << 64)))
    powers[0] = inverses[0] = 1
    return numbers[:256].copy(), np.multiply.accumulate(powers), np.multiply.accumulate(inverses)


_BYTE, _POWER, _INVERSE = _tables()
_BYTES, _POWERS = _BYTE.tolist(), _POWER[:LONGEST].tolist()
_WHOLE, _MIX = (1 << 64) - 1, 0x9E3779B97F4A7C15
_BYTE[_BREAK] = 0  # ends a line: no key holds one


def hash64(key: str) -> int:
    """64-bit hash of a key, the same on every machine and in every run.

    A polynomial over its bytes (Carter and Wegman 1979) with a number at random for each byte, mixed in the
    end (Knuth's multiplicative hashing). Keys longer than 4096 bytes are told apart by what comes first.
    """
    total = 0
    for byte, power in zip(key.encode("utf-8", "surrogatepass"), _POWERS, strict=False):
        total += _BYTES[byte] * power
    total &= _WHOLE
    total = ((total ^ (total >> 32)) * _MIX) & _WHOLE
    return total ^ (total >> 29)


def hash_all(keys: Sequence[str]) -> Array:
    """64-bit hashes of many keys, none with a line break; as `hash64` of each, ten times as quick."""
    text = "\n".join((*keys, "")).encode("utf-8", "surrogatepass")
    return hash_lines(np.frombuffer(text, np.uint8))


def hash_lines(lines: Array) -> Array:
    """Hash keys that lie one after another as UTF-8 bytes (uint8), each ended by a line break."""
    ends = np.flatnonzero(lines == _BREAK)
    starts = np.zeros_like(ends)
    starts[1:] = ends[:-1] + 1
    found = np.empty(len(ends), np.uint64)
    first = 0
    while first < len(ends):
        begin = int(starts[first])
        last = max(int(np.searchsorted(ends, begin + BLOCK)), first + 1)
        values = _BYTE[lines[begin : int(ends[last - 1]) + 1]]
        at = starts[first:last] - begin
        if len(values) > len(_POWER) or (ends[first:last] - starts[first:last]).max() > LONGEST:
            place = np.arange(len(values)) - np.repeat(at, np.diff(at, append=len(values)))
            values *= _POWER.take(place, mode="clip")
            values[place >= LONGEST] = 0
            found[first:last] = np.add.reduceat(values, at)
        else:
            # A key's sum over powers counted from the block's start, brought back by the power of its own.
            values *= _POWER[: len(values)]
            found[first:last] = np.add.reduceat(values, at) * _INVERSE[at]
        first = last
    return _mixed(found)


def hash_spans(lines: Array, starts: Array, ends: Array) -> Array:
    """Hash stretches of lines of at most `BLOCK` bytes and a key, each as `hash64` its text."""
    sums = np.zeros(len(lines) + 1, np.uint64)
    np.cumsum(_BYTE[lines] * _POWER[: len(lines)], out=sums[1:])
    return _mixed((sums[ends] - sums[starts]) * _INVERSE[starts])


def _mixed(sums: Array) -> Array:
    sums = (sums ^ (sums >> np.uint64(32))) * np.uint64(_MIX)
    mixed: Array = sums ^ (sums >> np.uint64(29))
    return mixed


@dataclass(frozen=True, slots=True)
class Store:
    """Columns of a gazetteer by name, and what is known of it as a whole."""

    arrays: dict[str, Array]
    meta: dict[str, Any]

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def __len__(self) -> int:
        return len(self.arrays["lat"])

    def span(self, index: str, key: str) -> slice:
        """Where a key lies in an index (``"key"``, ``"bone"`` or ``"id"``)."""
        column = self.arrays[f"{index}_hash"]
        wanted = np.uint64(hash64(key))
        start = int(column.searchsorted(wanted, "left"))
        end = start
        while end < len(column) and column[end] == wanted:
            end += 1
        return slice(start, end)

    def row_of(self, ident: str) -> int:
        """Row of an identifier (``"geonames:587084"``, ``"code:AZ.26"``), -1 where there is none."""
        span = self.span("id", ident)
        return int(self.arrays["id_row"][span.start]) if span.stop > span.start else -1

    def texts(self, row: int) -> Iterator[tuple[str, str]]:
        """Texts of a row as pairs: its ``@name`` first, then names with language, ``@note`` ..."""
        start, end = int(self.arrays["text_start"][row]), int(self.arrays["text_end"][row])
        for line in bytes(self.arrays["text"][start:end]).decode("utf-8").split("\n"):
            lang, _, value = line.partition("\t")
            yield lang, value


def open_store(folder: Path) -> Store:
    """Map a store into memory.

    Raises
    ------
    GazetteerMissingError
        If there is none.
    GazetteerError
        If it was written by another version of the format.
    """
    try:
        store = open_columns(folder, json.loads((folder / "meta.json").read_text("utf-8")))
    except FileNotFoundError as error:
        raise GazetteerMissingError(
            f"There is no gazetteer in {folder}: run `python scripts/build_data.py` or install again."
        ) from error
    except (ValueError, OSError) as error:
        raise GazetteerError(
            f"The gazetteer in {folder} is damaged ({error}): install dateline again."
        ) from error
    if store.meta.get("format") != FORMAT:
        raise GazetteerError(f"The gazetteer in {folder} has another format: install dateline again.")
    return store


def open_columns(folder: Path, meta: dict[str, Any]) -> Store:
    """Map the columns of a folder into memory."""
    return Store({name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS}, meta)


def write_store(store: Store, folder: Path) -> None:
    """Write a store beside its folder, then move it into place: whoever reads the old one keeps it whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".tmp", dir=folder.parent))
    try:
        for name, kind in ARRAYS.items():
            np.save(fresh / f"{name}.npy", np.ascontiguousarray(store.arrays[name], dtype=kind))
        place_store(fresh, store.meta, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def place_store(fresh: Path, meta: dict[str, Any], folder: Path) -> None:
    """Move a folder of columns to where a store is opened; what lay there goes."""
    text = json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True)
    (fresh / "meta.json").write_text(text + "\n", "utf-8")
    fresh.chmod(0o755)
    old = fresh.with_suffix(".old.tmp")
    try:
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    finally:
        shutil.rmtree(old, ignore_errors=True)


def sorted_index(
    hashes: Sequence[int] | Array, *columns: Sequence[int] | Array, by: Array | None = None
) -> list[Array]:
    """Sort an index by hash (and by `by` within one hash), the other columns along with it."""
    keys = np.asarray(hashes, dtype=np.uint64)
    order = np.lexsort((by, keys)) if by is not None else np.argsort(keys, kind="stable")
    return [keys[order], *(np.asarray(column)[order] for column in columns)]
