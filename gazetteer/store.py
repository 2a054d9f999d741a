"""The gazetteer on disk: plain numpy files in one folder, mapped into memory and never copied.

One row is one place. Columns lie in files of their own; texts (names, source, note) in one UTF-8 blob.
The index is a sorted array of 60-bit hashes of sound keys with the row, the hash of the folded name and
the kind of name beside each: one search finds all places on all rungs of the ladder at once. The keys of one
hash are in the order in which a bare name means their places (`ranking.by_weight`). Beside it
stand the spellings of all names with the hashes of their keys, so that a name that is known as it is
written is not reduced to its sound again. Among three million keys the chance that a name which is not
there meets a wrong hash is below 1e-11.

A single look-up reads the mapped bytes as they are; numpy is imported when columns are first asked for.
"""

from __future__ import annotations

import json
import mmap
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gazetteer.errors import GazetteerError, GazetteerMissingError

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]
else:
    Array = Any

FORMAT = 4
WORLD = Path(__file__).parent / "world"
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
    "spell_hash": "<u8", "spell_sound": "<u8", "spell_fold": "<u4", "spell_flag": "|u1",
    "bone_hash": "<u8", "bone_row": "<i4", "id_hash": "<u8", "id_row": "<i4", "text": "|u1",
}  # fmt: skip
#: Columns of the spellings: they depend on names alone, not on the rows that bear them.
SPELLINGS = tuple(name for name in ARRAYS if name.startswith("spell_"))
#: Where the hashes that begin with the same bits start; made of the sorted hashes when a store is written.
BUCKETS = {f"{name}_bucket": "<u4" for name in ("key", "spell", "bone", "id")}
_CODES = {"f8": "d", "i8": "q", "f4": "f", "u2": "H", "i4": "i", "u8": "Q", "u4": "I", "u1": "B", "U2": "B"}

#: The primes next below 2**30, and the bits of a hash.
_P, _Q, BITS = 1073741789, 1073741783, 60
#: First bits of a hash by which most that are not held are told apart at once.
FILTER = 24
#: Bytes of a key that count, and bytes hashed at once: what fits a processor's cache.
_LONGEST, BLOCK = 4096, 1 << 16
_BREAK = 10


def hash64(key: str) -> int:
    """Hash a key to 60 bits, the same on every machine and in every run.

    The fingerprint of Karp and Rabin (1987): the key's bytes as one number, modulo two primes. Python and
    numpy both reckon it quickly, and that of a run of words follows from those of the text (`scan`).
    Keys longer than 4096 bytes are told apart by what comes first.
    """
    number = int.from_bytes(key.encode("utf-8", "surrogatepass")[:_LONGEST], "little")
    return number % _P << 30 | number % _Q


@cache
def powers(count: int, sign: int = 1) -> tuple[tuple[int, Array], tuple[int, Array]]:
    """Give each prime with the powers of 256 modulo it: as many as `count`, rising or (-1) falling from 0."""
    import numpy as np

    found = []
    for prime in (_P, _Q):
        row = np.ones(1, np.uint64)
        while len(row) < count:
            row = np.concatenate([row, row * np.uint64(pow(256, sign * len(row), prime)) % np.uint64(prime)])
        found.append((prime, row[:count]))
    return found[0], found[1]


def hash_all(keys: Sequence[str]) -> Array:
    """Hashes of many keys, none with a line break; as `hash64` of each, several times as quick."""
    import numpy as np

    text = "\n".join((*keys, "")).encode("utf-8", "surrogatepass")
    return hash_lines(np.frombuffer(text, np.uint8))


def hash_lines(lines: Array) -> Array:
    """Hash keys that lie one after another as UTF-8 bytes (uint8), each ended by a line break."""
    import numpy as np

    ends = np.flatnonzero(lines == _BREAK)
    starts = np.zeros_like(ends)
    starts[1:] = ends[:-1] + 1
    found = np.empty(len(ends), np.uint64)
    first = 0
    while first < len(ends):
        begin = int(starts[first])
        last = max(int(np.searchsorted(ends, begin + BLOCK)), first + 1)
        values = lines[begin : int(ends[last - 1]) + 1].astype(np.uint64)
        at = starts[first:last] - begin
        values[ends[first:last] - begin] = 0
        long = (ends[first:last] - starts[first:last]).max() > _LONGEST
        if long:  # what comes after does not count
            place = np.arange(len(values)) - np.repeat(at, np.diff(at, append=len(values)))
            values[place >= _LONGEST] = 0
        halves = []
        for (prime, power), (_, back) in zip(powers(BLOCK + 1), powers(BLOCK + 1, -1), strict=True):
            if long:
                sums = np.add.reduceat(values * power.take(place, mode="clip"), at) % np.uint64(prime)
            else:  # a key's sum over powers counted from the block's start, brought back to its own
                sums = np.add.reduceat(values * power[: len(values)], at) % np.uint64(prime)
                sums = sums * back[at] % np.uint64(prime)
            halves.append(sums)
        found[first:last] = halves[0] << np.uint64(30) | halves[1]
        first = last
    return found


def hash_spans(lines: Array, starts: Array, ends: Array) -> Array:
    """Hash stretches of at most `BLOCK` bytes of lines, each as `hash64` its text."""
    import numpy as np

    halves = []
    for (prime, power), (_, back) in zip(powers(BLOCK + 1), powers(BLOCK + 1, -1), strict=True):
        sums = np.zeros(len(lines) + 1, np.uint64)
        np.cumsum(lines * power[: len(lines)], out=sums[1:])
        halves.append((sums[ends] - sums[starts]) % np.uint64(prime) * back[starts] % np.uint64(prime))
    hashes: Array = halves[0] << np.uint64(30) | halves[1]
    return hashes


class _Columns(dict[str, Array]):
    """Columns as numpy arrays, each made of its mapped bytes when first asked for."""

    def __init__(self, views: Mapping[str, Any]) -> None:
        self.views = views

    def __missing__(self, name: str) -> Array:
        import numpy as np

        self[name] = column = np.frombuffer(self.views[name], (ARRAYS | BUCKETS)[name])
        return column


class _Views(dict[str, Any]):
    """Columns as memory views, which Python reads one by one quicker than arrays."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = arrays

    def __missing__(self, name: str) -> Any:  # noqa: ANN401 - a memory view of some type
        import numpy as np

        kind = (ARRAYS | BUCKETS)[name]
        column = (
            _buckets(self.arrays[name.replace("bucket", "hash")]) if name in BUCKETS else self.arrays[name]
        )
        raw: Any = memoryview(np.ascontiguousarray(column, kind).view(np.uint8).data)
        self[name] = view = raw.cast(_CODES[kind[1:]])
        return view


def _buckets(hashes: Array) -> Array:
    """Where the hashes that begin with each value of their first bits start: some four hashes to a value."""
    import numpy as np

    bits = max(0, len(hashes).bit_length() - 2)
    edges = np.arange(2**bits + 1, dtype=np.uint64) << np.uint64(BITS - bits)
    return np.searchsorted(hashes, edges).astype(np.uint32)


class Index:
    """A sorted column of hashes with its table of buckets."""

    def __init__(self, store: Store, name: str) -> None:
        self._store, self._name = store, name
        self._hashes, self._buckets = store.views[f"{name}_hash"], store.views[f"{name}_bucket"]
        self._shift = BITS - (len(self._buckets) - 1).bit_length() + 1

    @cached_property
    def _begins(self) -> Array:
        """Bits: whether some hash begins with these `FILTER` bits (a Bloom filter of one function)."""
        import numpy as np

        begins = np.zeros(1 << FILTER, bool)
        begins[self._store[f"{self._name}_hash"] >> np.uint64(BITS - FILTER)] = True
        return np.packbits(begins, bitorder="little")

    def among(self, wanted: Array) -> Array:
        """Positions of those of many hashes that may be held; quick where most are not."""
        import numpy as np

        begin = wanted >> np.uint64(BITS - FILTER)
        bits = self._begins[begin >> np.uint64(3)] >> (begin & np.uint64(7)).astype(np.uint8)
        return np.flatnonzero(bits & 1)

    def span(self, wanted: int) -> tuple[int, int]:
        """Start and end of the entries of a hash."""
        at = wanted >> self._shift
        high = self._buckets[at + 1]
        start = bisect_left(self._hashes, wanted, self._buckets[at], high)
        if start == high or self._hashes[start] != wanted:
            return start, start
        end = start + 1
        if end == high or self._hashes[end] != wanted:
            return start, end
        return start, bisect_right(self._hashes, wanted, end, high)

    def first(self, wanted: int) -> int:
        """Position of a hash that is there at most once, -1 where it is not."""
        at = wanted >> self._shift
        high = self._buckets[at + 1]
        start = bisect_left(self._hashes, wanted, self._buckets[at], high)
        return start if start < high and self._hashes[start] == wanted else -1

    def spans(self, wanted: Array) -> tuple[Array, Array]:
        """Give the starts and ends of the entries of many hashes."""
        import numpy as np

        # In order: neighbours share what the processor holds, which is some eight times as quick.
        order = np.argsort(wanted)
        hashes, ordered = self._store[f"{self._name}_hash"], wanted[order]
        starts, ends = np.empty(len(wanted), np.int64), np.empty(len(wanted), np.int64)
        starts[order] = np.searchsorted(hashes, ordered, "left")
        ends[order] = np.searchsorted(hashes, ordered, "right")
        return starts, ends

    def firsts(self, wanted: Array) -> Array:
        """Positions of hashes that are there at most once, -1 where they are not."""
        import numpy as np

        which = self.among(wanted)
        which = which[np.argsort(wanted[which])]
        hashes, ordered = self._store[f"{self._name}_hash"], wanted[which]
        starts = np.searchsorted(hashes, ordered)
        held = starts < len(hashes)
        held[held] = hashes[starts[held]] == ordered[held]
        found = np.full(len(wanted), -1, np.int64)
        found[which[held]] = starts[held]
        return found


class Store:
    """Columns of a gazetteer by name, and what is known of it as a whole.

    Attributes
    ----------
    arrays : dict of str to ndarray
    views : dict of str to memoryview
        The same columns; countries as bytes.
    meta : dict
    """

    def __init__(
        self, arrays: dict[str, Array], meta: dict[str, Any], views: dict[str, Any] | None = None
    ) -> None:
        self.arrays, self.meta = arrays, meta
        self.views = _Views(arrays) if views is None else views
        self._indexes: dict[str, Index] = {}

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def __len__(self) -> int:
        return len(self.views["lat"])

    @cached_property
    def spellings(self) -> Index:
        """The index of spellings."""
        return Index(self, "spell")

    @cached_property
    def spelled(self) -> tuple[Any, Any, Any]:
        """By spelling the hashes of sound key and folded form, and the flags."""
        return self.views["spell_sound"], self.views["spell_fold"], self.views["spell_flag"]

    @cached_property
    def keys(self) -> Index:
        """The index of sound keys."""
        return Index(self, "key")

    @cached_property
    def keyed(self) -> tuple[Any, Any, Any]:
        """By sound key the row, the hash of the folded form and the kind of name."""
        return self.views["key_row"], self.views["key_fold"], self.views["key_kind"]

    def index(self, name: str) -> Index:
        """Give an index: ``"key"``, ``"spell"``, ``"bone"`` or ``"id"``."""
        found = self._indexes.get(name)
        if found is None:
            found = self._indexes[name] = Index(self, name)
        return found

    def span(self, index: str, key: str) -> slice:
        """Where a key lies in an index."""
        return slice(*self.index(index).span(hash64(key)))

    def row_of(self, ident: str) -> int:
        """Row of an identifier (``"geonames:587084"``, ``"code:AZ.26"``), -1 where there is none."""
        start, end = self.index("id").span(hash64(ident))
        return int(self.views["id_row"][start]) if end > start else -1

    def country(self, row: int) -> str:
        """Country of a row: ISO 3166-1 alpha-2."""
        code: bytes = self.views["country"][8 * row : 8 * row + 8].tobytes()
        return code.decode("utf-32-le").rstrip("\0")

    def name(self, row: int) -> str:
        """Give the main name of a row, the first of its texts."""
        views = self.views
        start = views["text_start"][row] + len("@name\t")
        text: bytes = views["text"][start : views["text_end"][row]].tobytes()
        return text.partition(b"\n")[0].decode("utf-8")

    def ident(self, row: int) -> str:
        """Give the identifier of a row, the second of its texts; ``""`` where it has none."""
        views = self.views
        text: bytes = views["text"][views["text_start"][row] : views["text_end"][row]].tobytes()
        return text.partition(b"\n@id\t")[2].partition(b"\n")[0].decode("utf-8")

    def texts(self, row: int) -> list[tuple[str, str]]:
        """Texts of a row as pairs: its ``@name`` first, then names with language, ``@note`` ..."""
        views = self.views
        text: bytes = views["text"][views["text_start"][row] : views["text_end"][row]].tobytes()
        return [
            (lang, value)
            for lang, _, value in [line.partition("\t") for line in text.decode("utf-8").split("\n")]
        ]


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
        meta = json.loads((folder / "meta.json").read_text("utf-8"))
        if meta.get("format") != FORMAT:
            raise GazetteerError(f"The gazetteer in {folder} has another format: install dateline again.")
        return open_columns(folder, meta)
    except FileNotFoundError as error:
        raise GazetteerMissingError(
            f"There is no gazetteer in {folder}: run `python scripts/build_data.py` or install again."
        ) from error
    except (ValueError, OSError, TypeError) as error:
        raise GazetteerError(
            f"The gazetteer in {folder} is damaged ({error}): install dateline again."
        ) from error


def open_columns(folder: Path, meta: dict[str, Any]) -> Store:
    """Map the columns of a folder into memory."""
    views = {name: _mapped(folder / f"{name}.npy", kind) for name, kind in (ARRAYS | BUCKETS).items()}
    return Store(_Columns(views), meta, views)


def _mapped(path: Path, kind: str) -> Any:  # noqa: ANN401 - a memory view of some type
    """Map a numpy file; see `numpy.lib.format` for its header."""
    with path.open("rb") as file:
        whole: Any = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    if whole[:6] != b"\x93NUMPY" or f"'descr': '{kind}'".encode() not in bytes(whole[:128]):
        raise ValueError(f"{path.name} is no column of type {kind}")
    start = 10 + int.from_bytes(whole[8:10], "little")
    return whole[start:].cast(_CODES[kind[1:]])


def write_store(store: Store, folder: Path) -> None:
    """Write a store beside its folder, then move it into place: whoever reads the old one keeps it whole."""
    import shutil
    import tempfile

    import numpy as np

    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".tmp", dir=folder.parent))
    try:
        for name, kind in ARRAYS.items():
            np.save(fresh / f"{name}.npy", np.ascontiguousarray(store.arrays[name], dtype=kind))
        for name, kind in BUCKETS.items():
            np.save(fresh / f"{name}.npy", np.asarray(store.views[name]).astype(kind))
        place_store(fresh, store.meta, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_buckets(folder: Path) -> None:
    """Write the tables of buckets of indexes that lie in a folder."""
    import numpy as np

    for name in BUCKETS:
        hashes = np.load(folder / f"{name.replace('bucket', 'hash')}.npy", mmap_mode="r")
        np.save(folder / f"{name}.npy", _buckets(hashes))


def place_store(fresh: Path, meta: dict[str, Any], folder: Path) -> None:
    """Move a folder of columns to where a store is opened; what lay there goes."""
    import shutil

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
    import numpy as np

    keys = np.asarray(hashes, dtype=np.uint64)
    order = np.lexsort((by, keys)) if by is not None else np.argsort(keys, kind="stable")
    return [keys[order], *(np.asarray(column)[order] for column in columns)]
