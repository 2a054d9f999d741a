"""A column of cells in which each different text is read once, however many rows hold it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, overload

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
Array = npt.NDArray[Any]

#: Bytes that a cell with blanks around it may begin or end with: ASCII blanks, and the lead and tail bytes of
#: all others.
EDGES = np.zeros(256, bool)
EDGES[:33] = EDGES[0x80:0xC0] = True
EDGES[[0x7F, 0xC2, 0xE1, 0xE2, 0xE3, 0xEF]] = True


#: Combinations of columns are numbered anew before there may be more than this.
LARGEST = 1 << 62


class Column(Sequence[str]):
    """The cells under one heading, as an Arrow array of strings, or as numbers of a list of strings.

    Cells that were read have no nulls; columns that were made of them may.

    Attributes
    ----------
    array : pyarrow.LargeStringArray or pyarrow.ChunkedArray of them
    codes : ndarray of int
        Position in `values` of each cell.
    values : list of str
        Each different cell once, in the order of their appearance.
    """

    def __init__(self, array: pa.Array | pa.ChunkedArray) -> None:
        self.__dict__["array"] = array

    @classmethod
    def coded(cls, codes: Array, values: Sequence[str | None]) -> Column:
        """Make a column of numbers that say which of the values each cell has."""
        column = cls.__new__(cls)
        column.__dict__["_encoded"] = (codes, values)
        return column

    @cached_property
    def array(self) -> pa.Array | pa.ChunkedArray:
        """The cells as an Arrow array."""
        import pyarrow as pa

        codes, values = self._encoded
        try:
            return pa.array(values, pa.large_string()).take(pa.array(codes))
        except UnicodeEncodeError:
            return Column.of([value or "" for value in values]).array.take(pa.array(codes))

    @classmethod
    def of(cls, cells: Iterable[str]) -> Column:
        """Make a column of texts; what cannot be written as UTF-8 becomes "?"."""
        import pyarrow as pa

        cells = list(cells)
        try:
            return cls(pa.array(cells, pa.large_string()))
        except UnicodeEncodeError:
            cells = [cell.encode("utf-8", "replace").decode("utf-8") for cell in cells]
            return cls(pa.array(cells, pa.large_string()))

    @classmethod
    def blank(cls, size: int) -> Column:
        """Make a column of empty cells."""
        return cls.coded(np.zeros(size, np.int32), [""] if size else [])

    @cached_property
    def _encoded(self) -> tuple[Array, list[str]]:
        codes, texts = encoded(self.array)
        return codes, texts.to_pylist()

    @property
    def codes(self) -> Array:
        """Position in `values` of each cell."""
        return self._encoded[0]

    @property
    def values(self) -> list[str]:
        """Each different cell once."""
        return self._encoded[1]

    def __len__(self) -> int:
        return len(self.__dict__["array"]) if "array" in self.__dict__ else len(self.codes)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return list(self.array[row].to_pylist())
        if "array" not in self.__dict__:
            return str(self.values[self.codes[row]])
        return str(self.array[row].as_py())

    def __iter__(self) -> Iterator[str]:
        return iter(self.array.to_pylist())

    @cached_property
    def filled(self) -> Array:
        """Mask of the cells that are not empty."""
        import pyarrow.compute as pc

        if "_encoded" in self.__dict__:
            return self.flags(bool)
        return np.asarray(pc.binary_length(self.array).to_numpy(zero_copy_only=False) > 0)

    def flags(self, test: Callable[[str], bool]) -> Array:
        """Mask of the cells that pass a test."""
        return np.array([test(value) for value in self.values], dtype=bool)[self.codes]

    def among(self, texts: Collection[str]) -> Array:
        """Mask of the cells that are one of these texts."""
        if not texts:
            return np.zeros(len(self), bool)
        return np.fromiter(map(texts.__contains__, self.values), bool, len(self.values))[self.codes]

    def numbers(self, read: Callable[[str], float | None]) -> Array:
        """Read each cell as a number; NaN where there is none."""
        found = [read(value) for value in self.values]
        return np.array([np.nan if number is None else number for number in found], "float64")[self.codes]

    def mapped(self, read: Callable[[str], str | None]) -> Column:
        """Read each different cell as a text; None where there is none."""
        return Column.coded(self.codes, [read(value) for value in self.values])

    def stripped(self) -> Column:
        """Take the blanks around the cells away."""
        import pyarrow.compute as pc

        return Column(pc.utf8_trim_whitespace(self.array)) if ragged(self.array) else self

    def otherwise(self, other: Column) -> Column:
        """Fill the empty cells with those of another column."""
        import pyarrow as pa
        import pyarrow.compute as pc

        return Column(pc.if_else(pa.array(self.filled), self.array, other.array))

    def without(self, words: frozenset[str]) -> Column:
        """Empty the cells that hold one of these words, which are in small letters."""
        import pyarrow as pa
        import pyarrow.compute as pc

        few = _perhaps(self.array, words)
        if not len(few):
            return self
        part = self.array if len(few) == len(self) else self.array.take(pa.array(few))
        known = pa.array(sorted(words), pa.large_string())
        gone = few[pc.is_in(pc.utf8_lower(part), value_set=known).to_numpy(zero_copy_only=False)]
        if not len(gone):
            return self
        mask = np.zeros(len(self), bool)
        mask[gone] = True
        return Column(pc.if_else(pa.array(mask), pa.scalar("", pa.large_string()), self.array))

    def tidied(self, words: frozenset[str]) -> Column:
        """Take blanks and words away as `stripped` and `without` do, of each different cell once."""
        codes, texts = encoded(self.array)
        tidy = Column(texts).stripped().without(words).array
        if tidy is not texts:
            fewer, texts = encoded(tidy)
            codes = fewer[codes]
        return Column.coded(codes, texts.to_pylist())


class Labels:
    """A column of texts that is filled step by step, as numbers that say which text each row has.

    Attributes
    ----------
    codes : ndarray of int32
        Position in `values` of each row's text; that of None is 0.
    values : list of str or None
        None first; a text may stand in it more than once.
    """

    def __init__(self, size: int) -> None:
        self.values: list[str | None] = [None]
        self.codes = np.zeros(size, np.int32)

    def put(self, rows: Array | int, value: str | None) -> None:
        """Give rows a text."""
        if value is not None:
            self.values.append(value)
        self.codes[rows] = 0 if value is None else len(self.values) - 1

    def spread(self, rows: Array, which: Array, values: Sequence[str | None]) -> None:
        """Give each of the rows the text that its number in `which` says."""
        if not any(values):
            self.codes[rows] = 0
            return
        start = len(self.values)
        codes = np.arange(start, start + len(values), dtype=np.int32)
        if None in values:
            codes[[at for at, value in enumerate(values) if value is None]] = 0
        self.values.extend(values)
        self.codes[rows] = codes[which]

    def numbers(self, number: Callable[[str | None], int]) -> Array:
        """Give each row the number of its text."""
        return np.array([number(value) for value in self.values])[self.codes]

    def column(self) -> Column:
        """Give the column as it stands."""
        return Column.coded(self.codes, self.values)


def distinct(codes: Array) -> tuple[Array, Array]:
    """Give the different numbers among codes that are small, sorted, and which of them each one is."""
    numbers = np.flatnonzero(np.bincount(codes))
    place = np.zeros(int(numbers[-1]) + 1 if len(numbers) else 1, np.int64)
    place[numbers] = np.arange(len(numbers))
    return numbers, place[codes]


def together(columns: Sequence[Column | Array]) -> tuple[Array, Array]:
    """Give each different row of several columns a number.

    Returns
    -------
    codes : ndarray of int64
        Number of each row's combination, in the order of their appearance.
    first : ndarray of int64
        First row with each combination.
    """
    import pandas as pd

    codes, different = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        more = column.codes if isinstance(column, Column) else column
        if not more.any():
            continue  # all alike
        size = int(more.max()) + 1
        if different > LARGEST // size:
            codes = pd.factorize(codes)[0]
            different = int(codes.max()) + 1
        codes, different = codes * size + more, different * size
    codes = pd.factorize(codes)[0]
    first = np.zeros(int(codes.max(initial=-1)) + 1, np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return codes, first


def joined(columns: Sequence[Column], separator: str = "; ") -> Column:
    """Join the cells of each row, without the empty ones and those met before in it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    told = columns[0].array
    for at, column in enumerate(columns[1:], start=1):
        more = column.array
        drop = pc.equal(pc.binary_length(more), 0)
        for earlier in columns[:at]:
            drop = pc.or_(drop, pc.equal(more, earlier.array))
        # Arrow's own way of passing over what is missing loses the rows in which all is missing.
        both = pc.binary_join_element_wise(told, more, pa.scalar(separator, pa.large_string()))
        alone = pc.equal(pc.binary_length(told), 0)
        told = pc.if_else(drop, told, pc.if_else(alone, more, both))
    return Column(told)


def encoded(array: pa.Array | pa.ChunkedArray) -> tuple[Array, pa.Array]:
    """Give each different text of a column a number, in the order of their appearance; and the texts."""
    import pyarrow as pa

    found = chunks(array.dictionary_encode())  # all chunks have the dictionary of the last
    if not found:
        return np.zeros(0, np.int32), pa.array([], pa.large_string())
    codes = np.concatenate([chunk.indices.to_numpy(zero_copy_only=False) for chunk in found])
    return codes, found[-1].dictionary


def beginning(array: pa.Array | pa.ChunkedArray, first: Array) -> Array:
    """Positions of the cells that begin with one of the bytes of a mask."""
    found, start = [], 0
    for chunk in chunks(array):
        offsets, data = buffers(chunk)
        filled = np.flatnonzero(offsets[1:] > offsets[:-1])
        found.append(start + filled[first[data[offsets[filled]]]])
        start += len(chunk)
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _perhaps(array: pa.Array | pa.ChunkedArray, words: frozenset[str]) -> Array:
    """Positions of the cells that may be one of some words, by their length in bytes and their first byte."""
    table, found, start = beginnings(words), [], 0
    for chunk in chunks(array):
        offsets, data = buffers(chunk)
        size = np.diff(offsets)
        short = np.flatnonzero((size > 0) & (size < len(table)))
        found.append(start + short[table[size[short], data[offsets[short]]]])
        start += len(chunk)
    return np.concatenate(found) if found else np.zeros(0, np.int64)


@lru_cache(maxsize=16)
def beginnings(words: frozenset[str]) -> Array:
    """Table of whether a text of so many bytes that begins with a byte may be one of some words."""
    table = np.zeros((max((len(word.encode()) for word in words), default=0) + 1, 256), bool)
    table[:, 0x80:] = True  # letters that may be longer or shorter as capitals
    for word in words:
        for first in (word.encode()[0], word.upper().encode()[0]):
            table[len(word) if word.isascii() else slice(None), first] = True
    return table


def chunks(array: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    """Give the arrays of which a column is made."""
    import pyarrow as pa

    return list(array.chunks) if isinstance(array, pa.ChunkedArray) else [array]


def ragged(array: pa.Array | pa.ChunkedArray) -> bool:
    """Whether any cell may have blanks around it; decided by its first and last byte."""
    for chunk in chunks(array):
        offsets, data = buffers(chunk)
        filled = offsets[1:] > offsets[:-1]
        first, last = offsets[:-1], offsets[1:] - 1
        if not filled.all():
            first, last = first[filled], last[filled]
        if EDGES[data[first]].any() or EDGES[data[last]].any():
            return True
    return False


def buffers(array: pa.Array) -> tuple[Array, Array]:
    """Offsets and bytes of a large string array."""
    _, offsets, data = array.buffers()
    start = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return start, np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
