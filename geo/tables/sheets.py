"""A table as a header and rows of cells in parts, each part as Arrow columns, with where each row stood."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geo.factors import Array, Column, chunks, ragged

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows by which the meaning of a column is told.
FIRST = 500


class Part:
    """Some rows of a sheet, one after another.

    Parameters
    ----------
    columns : mapping of int to pyarrow.LargeStringArray or pyarrow.ChunkedArray
        Cells by the position of their column, of the columns that were wanted, without nulls. Chunks stay
        as they are: to join them takes longer than any step does for having several.
    lines : ndarray of int64
        Line on which each row begins, from 1.
    raw : callable
        Gives a row as it was read, by its position in the part.
    notes : mapping of int to str
        What was wrong with the shape of a row, by its position in the part.
    """

    def __init__(
        self,
        columns: Mapping[int, pa.Array | pa.ChunkedArray],
        lines: Sequence[int] | Array,
        raw: Callable[[int], list[str]],
        notes: Mapping[int, str] | None = None,
    ) -> None:
        self.lines = np.asarray(lines, np.int64)
        self.raw = raw
        self.notes = notes or {}
        self._columns = dict(columns)

    @classmethod
    def of(
        cls,
        rows: Sequence[list[str]],
        lines: Sequence[int],
        width: int,
        notes: Mapping[int, str] | None = None,
        uneven: Mapping[int, list[str]] | None = None,
    ) -> Part:
        """Make a part of rows of cells, each as long as the header; `uneven` has those that were not."""
        cells = zip(*rows, strict=True) if rows else [()] * width
        columns = {at: Column.of(column).array for at, column in enumerate(cells)}
        uneven = uneven or {}
        return cls(columns, lines, lambda at: uneven[at] if at in uneven else rows[at], notes)

    @classmethod
    def joined(cls, parts: Sequence[Part]) -> Part:
        """Make one part of several that follow one another."""
        import pyarrow as pa

        if len(parts) == 1:
            return parts[0]
        starts = np.cumsum([0, *map(len, parts)]).tolist()

        def raw(at: int) -> list[str]:
            number = bisect_right(starts, at) - 1
            return parts[number].raw(at - starts[number])

        columns = {
            at: pa.chunked_array([chunk for part in parts for chunk in chunks(part.column(at))])
            for at in set.intersection(*(set(part._columns) for part in parts))
        }
        told = zip(starts[:-1], parts, strict=True)
        notes = {start + at: note for start, part in told for at, note in part.notes.items()}
        return cls(columns, np.concatenate([part.lines for part in parts]), raw, notes)

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, at: int) -> pa.Array | pa.ChunkedArray:
        """Give the cells of a column."""
        return self._columns[at]

    @cached_property
    def blank(self) -> list[int]:
        """Rows that hold nothing but blanks."""
        import pyarrow as pa
        import pyarrow.compute as pc

        at = np.arange(len(self))
        for number in self._columns:
            if not len(at):
                break
            cells = self.column(number)
            cells = cells if len(at) == len(cells) else cells.take(pa.array(at))
            if ragged(cells):
                cells = pc.utf8_trim_whitespace(cells)
            at = at[pc.binary_length(cells).to_numpy() == 0]
        return [row for row in at.tolist() if not any(cell.strip() for cell in self.raw(row))]


@dataclass(frozen=True)
class Sheet:
    """A table with its header; its parts can be gone through more than once.

    Attributes
    ----------
    file : str
        Name of the file.
    header : tuple of str
        One heading for each column; a heading met again gets " (2)".
    parts : callable
        Gives the parts from the first one on; its argument has the positions of the columns wanted.
    first : sequence of list of str
        The first rows.
    encoding, delimiter : str or None
        None for formats that have none.
    headed : bool
        Whether the headings were in the file, or were made up ("column 1").
    tags : mapping of str to str
        HXL tag of each heading that has one (https://hxlstandard.org).
    """

    file: str
    header: tuple[str, ...]
    parts: Callable[[Sequence[int]], Iterator[Part]]
    first: Sequence[list[str]]
    encoding: str | None = None
    delimiter: str | None = None
    headed: bool = True
    tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        file: str,
        header: Sequence[str],
        rows: Sequence[list[str]],
        *,
        lines: Sequence[int] | None = None,
        notes: Mapping[int, str] | None = None,
        uneven: Mapping[int, list[str]] | None = None,
        headed: bool = True,
        tags: Mapping[str, str] | None = None,
    ) -> Sheet:
        """Make a sheet of rows in memory, numbered from 1."""
        part = Part.of(rows, lines or range(1, len(rows) + 1), len(header), notes, uneven)
        parts = [part] if rows else []
        return cls(file, tuple(header), lambda _: iter(parts), rows[:FIRST], headed=headed, tags=tags or {})

    def start(self, heading: str) -> list[str]:
        """Give the first cells under a heading."""
        at = self.header.index(heading)
        return [row[at].strip() for row in self.first if at < len(row)]


def unique(headings: list[str]) -> list[str]:
    """Make headings one of a kind: blank ones are numbered, repeated ones get " (2)"."""
    seen: Counter[str] = Counter()
    out = []
    for at, heading in enumerate(headings):
        name = " ".join(heading.split()) or f"column {at + 1}"
        seen[name] += 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out
