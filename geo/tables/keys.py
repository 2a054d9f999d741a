"""Hashes of the rows of a table, by which those that may repeat another are found, part by part.

They have 64 bits, so that tables of any length can be compared: two rows among 16 million look alike by
chance once in 100,000 tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geo.factors import Array, Column, buffers, chunks
from geo.tables.retold import MOMENT
from geo.tables.rows import Rows

if TYPE_CHECKING:
    import pyarrow as pa

#: What a row tells of the incident; who tells it is left aside. Words last.
CONTENT = (
    "type", "date", "date_end", "time", "place", "lat", "lon", "killed", "wounded", "actors",
    "title", "description", "quote",
)  # fmt: skip
WORDS = CONTENT[CONTENT.index("title") :]
#: The part of it that is compared for all rows at once, and the part that rows of one id must agree on.
TOLD = ("type", "date", "place", "lat", "lon", "killed")
AGREED = ("type", "date", "place", "lat", "lon")

#: Odd numbers to mix hashes with.
FACTOR, SEED = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
#: Masks of so many lower bytes of a word.
LOWER = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)


@dataclass(slots=True)
class Keys:
    """Hashes by which rows that may repeat another are found, part by part.

    Attributes
    ----------
    ids, alike : list of ndarray of uint64
        Hashes of the id, and of `TOLD`.
    given, worded : list of ndarray of bool
        Whether the id stands in the table; whether there are words.
    moments : list of ndarray of uint64
        Hashes of `geo.tables.retold.MOMENT`; 0 where time, point or source is not told.
    """

    ids: list[Array] = field(default_factory=list)
    alike: list[Array] = field(default_factory=list)
    given: list[Array] = field(default_factory=list)
    worded: list[Array] = field(default_factory=list)
    moments: list[Array] = field(default_factory=list)

    def add(self, rows: Rows) -> None:
        """Take the keys of the rows of a part that become incidents."""
        import pyarrow as pa

        alive = np.flatnonzero(rows.alive)
        ids = rows.data["id"]
        ids = ids.array if isinstance(ids, Column) else ids
        self.ids.append(_byte_hashes(ids if len(alive) == len(ids) else ids.take(pa.array(alive))))
        self.alike.append(mixed_hashes([_hashes(rows.data[name], alive) for name in TOLD]))
        self.given.append(rows.cells("id").filled[alive])
        self.worded.append(np.any([rows.cells(name).filled[alive] for name in WORDS], axis=0))
        self.moments.append(_moments(rows, alive))

    def suspects(self) -> tuple[Array, Array, Array]:
        """Give the rows that share a key: positions among those added, whether ids were given, moments."""
        if not self.ids:
            return np.zeros(0, np.int64), np.zeros(0, bool), np.zeros(0, np.uint64)
        again, given = _met_again(self.alike), np.concatenate(self.given)
        if given.all():  # rows with ids of their own are never one; they are alike only in words
            again &= np.concatenate(self.worded)
        again |= _met_again(self.ids)
        moments = np.concatenate(self.moments)
        if moments.any():
            again |= _met_again(self.moments) & (moments > 0)
        self.ids.clear()
        self.alike.clear()
        at = np.flatnonzero(again)
        return at, given[at], moments[at]


def _moments(rows: Rows, alive: Array) -> Array:
    """Hash what two sources that tell one incident must agree on; 0 where there is too little of it."""
    if not (rows.columns.of("source") or rows.columns.of("url")):
        return np.zeros(len(alive), np.uint64)
    timed = _filled(rows.data["time"])[alive]
    timed &= _filled(rows.data["date"])[alive] & np.isfinite(np.asarray(rows.data["lat"])[alive])
    if not timed.any():
        return np.zeros(len(alive), np.uint64)
    return np.where(timed, mixed_hashes([_hashes(rows.data[name], alive) for name in MOMENT]), 0).astype(
        np.uint64
    )


def _filled(column: Column | Array) -> Array:
    return column.filled if isinstance(column, Column) else np.array([bool(one) for one in column], bool)


def _hashes(column: Column | Array, rows: Array) -> Array:
    """Hash the values of rows, in the form in which they are compared, another way in every process."""
    if isinstance(column, np.ndarray):
        return float_hashes(column[rows])
    hashes = np.fromiter(map(_HASHES.__getitem__, column.values), np.int64, len(column.values))
    if len(_HASHES) > _HASHES.MOST:
        _HASHES.clear()
    return hashes.view(np.uint64)[column.codes[rows]]


def _byte_hashes(array: pa.Array | pa.ChunkedArray) -> Array:
    """Hash texts as they stand, eight bytes at a time."""
    found = [np.zeros(0, np.uint64)]
    for chunk in chunks(array):
        offsets, data = buffers(chunk)
        data = data if len(data) >= 8 else np.concatenate([data, np.zeros(8, np.uint8)])
        words = np.ndarray((len(data) - 7,), "<u8", buffer=data, strides=(1,))
        begin, left = offsets[:-1].copy(), np.diff(offsets)
        mixed, at = _mix(SEED, left.astype(np.uint64)), np.arange(len(chunk))
        while len(at):
            start = np.minimum(begin, len(words) - 1)  # the last bytes are the upper ones of the last word
            word = words[start] >> (8 * (begin - start)).astype(np.uint64)
            mixed[at] = _mix(mixed[at], word & LOWER[np.minimum(left, 8)])
            more = left > 8
            at, begin, left = at[more], begin[more] + 8, left[more] - 8
        found.append(mixed)
    return np.concatenate(found)


class _Hashes(dict[str | None, int]):
    """Hashes of texts in the form in which they are compared, each reckoned once."""

    MOST = 100_000

    def __missing__(self, text: str | None) -> int:
        self[text] = found = hash(compared(text))
        return found


_HASHES = _Hashes()


def text_hashes(texts: Sequence[str | None]) -> Array:
    """Hash texts in the form in which they are compared, the same in every process."""
    packed = b"".join(
        hashlib.blake2b(compared(text or "").encode("utf-8", "replace"), digest_size=8).digest()
        for text in texts
    )
    return np.frombuffer(packed, np.uint64)


def float_hashes(values: Array) -> Array:
    """Hash numbers by their first four decimals."""
    rounded = np.round(np.asarray(values, "float64"), 4) + 0.0  # no negative zero
    rounded[np.isnan(rounded)] = np.nan
    return rounded.view(np.uint64)


def mixed_hashes(columns: Sequence[Array]) -> Array:
    """Mix the hashes of several columns into one."""
    mixed = np.full(len(columns[0]), SEED)
    for column in columns:
        mixed = _mix(mixed, column)
    return mixed


def _mix(mixed: Array | np.uint64, more: Array) -> Array:
    mixed = (mixed ^ more) * FACTOR
    return np.asarray(mixed ^ (mixed >> np.uint64(29)))


def _met_again(chunks: Sequence[Array]) -> Array:
    """Mask of the values that occur more than once."""
    whole = np.concatenate(chunks)
    whole.sort()
    several = np.unique(whole[1:][whole[1:] == whole[:-1]])
    del whole
    if not len(several):
        return np.zeros(sum(map(len, chunks)), bool)
    last = len(several) - 1
    return np.concatenate([several[np.minimum(np.searchsorted(several, one), last)] == one for one in chunks])


def compared(value: object) -> str:
    """Bring a value to its form for comparing: blanks and case aside, coordinates to some 10 m."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    return " ".join(str(value).casefold().split())
