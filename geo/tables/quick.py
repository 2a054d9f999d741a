"""The quick way through a plain piece of a CSV: the same rows as the careful way, or none.

Whatever is not plainly a table in UTF-8 with even rows (a quote left open, a row cut short, a remark or a
blank line between the rows) is left to `geo.tables.cells`, which reads any.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from geo.factors import EDGES, Array, beginning
from geo.tables.records import Style, swallows
from geo.tables.sheets import Part

if TYPE_CHECKING:
    import pyarrow as pa

#: Pieces shorter than this, in bytes, gain nothing.
SHORT = 100_000
#: A cell of so many bytes is left to the careful way, which doubts it.
LONG = 1_000_000
#: Bytes that Arrow parses in one go.
BLOCK = 1 << 21
#: Bytes in which line ends are looked for in one go: they stay near the processor.
NEAR = 1 << 18
#: Bytes that a remark may begin with: its mark, and blanks.
REMARK = EDGES.copy()
REMARK[ord("#")] = True
NEWLINE, RETURN = b"\n\r"


def read_quickly(
    data: bytes, style: Style, width: int, line: int, wanted: Sequence[int]
) -> tuple[Part, int] | None:
    """Read rows of so many cells.

    Parameters
    ----------
    data : bytes
        UTF-8; ends with a line.
    style : Style
    width : int
        Cells of each row.
    line : int
        Number of the first line.
    wanted : sequence of int
        Positions of the columns to keep.

    Returns
    -------
    part, line : Part, int
        The rows, and the number of the line behind them; None where the piece is not plain enough.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if len(data) < SHORT or width < 2 or data[:1] in b"\r\n" or b"\0" in data:
        return None
    if not style.delimiter.isascii():
        return None  # Arrow knows delimiters of one byte
    quoted = style.quote.encode() in data
    if quoted and _open_at_end(data, style):
        return None
    ends = _count_lines(data)
    if ends is None:
        return None
    table = _read(data, style, width, wanted, newlines=False)
    if table is not None and table.num_rows == ends:
        starts = np.arange(ends)
    else:
        table = _read(data, style, width, range(width), newlines=True) if quoted else None
        if table is None or not table.num_rows:
            return None
        inside = np.zeros(table.num_rows, np.int64)
        for column in table.columns:
            inside += pc.count_substring(column, "\n").to_numpy()
        if ends != table.num_rows + int(inside.sum()) or inside[-1]:
            return None  # lines are missing, or a quote was left open
        if any((pc.max(pc.binary_length(column)).as_py() or 0) > LONG for column in table.columns):
            return None
        starts = np.arange(len(inside)) + np.cumsum(inside) - inside
        reread = Rereader(data, style, starts)
        if any(swallows(reread.lines(at), style, width) for at in np.flatnonzero(inside).tolist()):
            return None
    first = table.column("0")
    at = beginning(first, REMARK)
    if len(at) and pc.any(pc.starts_with(pc.utf8_ltrim_whitespace(first.take(pa.array(at))), "#")).as_py():
        return None
    columns = {int(name): table.column(name) for name in table.column_names if int(name) in {0, *wanted}}
    return Part(columns, starts + line, Rereader(data, style, starts)), line + ends


class Rereader:
    """Rows of a piece, read again from its text when they are asked for.

    Parameters
    ----------
    data : bytes
    style : Style
    starts : ndarray of int64
        Position of the first line of each row.
    """

    def __init__(self, data: bytes, style: Style, starts: Array) -> None:
        self.data, self.style, self.starts = data, style, starts

    @cached_property
    def behind(self) -> Array:
        """Position behind each line."""
        ends = np.flatnonzero(np.frombuffer(self.data, np.uint8) == NEWLINE) + 1
        return ends if self.data.endswith(b"\n") else np.append(ends, len(self.data))

    def lines(self, at: int) -> list[str]:
        """Give the lines of one row."""
        start = int(self.starts[at])
        last = int(self.starts[at + 1]) if at + 1 < len(self.starts) else len(self.behind)
        begin = self.behind[start - 1] if start else 0
        text = self.data[begin : self.behind[last - 1]].decode("utf-8")
        return io.StringIO(text, newline="").readlines()

    def __call__(self, at: int) -> list[str]:
        """Give one row."""
        return next(self.style.records(self.lines(at)), [])


def _count_lines(data: bytes) -> int | None:
    """Count the lines; None where a carriage return stands without a newline behind it."""
    cells, lines = np.frombuffer(data, np.uint8), int(not data.endswith(b"\n"))
    returns = b"\r" in data
    for start in range(0, len(cells), NEAR):
        block = cells[start : start + NEAR + 1]  # with the first byte of the next one
        ends = block == NEWLINE
        lines += int(np.count_nonzero(ends[:NEAR]))
        if returns:
            alone = block[:NEAR] == RETURN
            alone[: len(ends) - 1] &= ~ends[1:]
            if alone.any():
                return None
    return lines


def _open_at_end(data: bytes, style: Style) -> bool:
    """Whether a quote is left open in the last line."""
    last = data[data.rfind(b"\n", 0, -1) + 1 :].decode("utf-8", "replace")
    more = iter(["\n"])
    next(style.records(chain([last], more)), None)
    return next(more, None) is None  # the reader went on for the end of the cell


def _read(data: bytes, style: Style, width: int, wanted: Sequence[int], *, newlines: bool) -> pa.Table | None:
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(at) for at in range(width)]
    kept = [str(at) for at in sorted({0, *wanted})]
    try:
        return arrow.read_csv(
            pa.py_buffer(data),
            read_options=arrow.ReadOptions(column_names=names, block_size=BLOCK, use_threads=False),
            # Blank lines are dropped, so that their number shows: they are left to the careful way.
            parse_options=arrow.ParseOptions(
                delimiter=style.delimiter,
                quote_char=style.quote,
                escape_char=style.escape or False,
                newlines_in_values=newlines,
            ),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(kept, pa.large_string()),
                include_columns=kept,
                strings_can_be_null=False,
                check_utf8=False,  # `geo.tables.encodings.pieces` has seen to it
            ),
        )
    except pa.ArrowInvalid:
        return None
