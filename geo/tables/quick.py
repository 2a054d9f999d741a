"""The quick way into a large, plain CSV: the same rows as the careful way, or none.

Whatever is not plainly a table in UTF-8 with even rows (a quote left open, a row cut short, a remark between
the rows) is left to `geo.tables.cells`, which reads any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from geo.factors import Column

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Records(Sequence[list[str]]):
    """Rows of cells kept as columns; a row is made when it is asked for."""

    table: pa.Table

    def column(self, at: int) -> Column:
        """Give a column by its position."""
        import pyarrow as pa

        found = self.table.column(at).combine_chunks()
        return Column(found.chunk(0) if isinstance(found, pa.ChunkedArray) else found)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, row: int) -> list[str]: ...
    @overload
    def __getitem__(self, row: slice) -> list[list[str]]: ...
    def __getitem__(self, row: int | slice) -> list[str] | list[list[str]]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        return [column[row].as_py() for column in self.table.columns]

    def __iter__(self) -> Iterator[list[str]]:
        return (list(row.values()) for batch in self.table.to_batches() for row in batch.to_pylist())


def read_quickly(
    data: bytes, delimiter: str, *, headed: bool, width: int
) -> tuple[Records, Sequence[int]] | None:
    """Read a table whose header, if it has one, is its first line.

    Returns
    -------
    rows, lines or None
        None where the table is not plain enough.
    """
    import pyarrow.compute as pc

    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    ends = data.count(b"\n") + (not data.endswith(b"\n")) - headed
    table = _read(data, delimiter, headed=headed, width=width, newlines=False)
    lines: Sequence[int] = range(1 + headed, ends + 1 + headed)
    if table is None or table.num_rows != ends:
        table = _read(data, delimiter, headed=headed, width=width, newlines=True)
        if table is None or not table.num_rows:
            return None
        inside = np.zeros(table.num_rows, np.int64)
        for column in table.columns:
            inside += pc.count_substring(column, "\n").to_numpy()
        if ends != table.num_rows + int(inside.sum()) or inside[-1]:
            return None  # lines are missing, or a quote was left open
        lines = (1 + headed + np.arange(len(inside)) + np.cumsum(inside) - inside).tolist()
    if not table.num_rows or pc.any(pc.starts_with(pc.utf8_ltrim_whitespace(table.column(0)), "#")).as_py():
        return None
    return Records(table), lines


def _read(data: bytes, delimiter: str, *, headed: bool, width: int, newlines: bool) -> pa.Table | None:
    import pyarrow as pa
    from pyarrow import csv

    names = [str(at) for at in range(width)]
    try:
        return csv.read_csv(
            pa.py_buffer(data),
            read_options=csv.ReadOptions(column_names=names, skip_rows=int(headed)),
            parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=newlines),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
