"""Records of a delimited text, line by line: cells over several lines, quotes never closed."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

#: Cells that a line inside a quote must make to be taken for a row that an open quote has swallowed.
TELLING = 4
#: No cell is longer, in characters: a quote left open is taken to end with its line then.
LONGEST_CELL = 1_000_000


class Style(NamedTuple):
    """How cells are parted and quoted; a quote inside a cell is doubled, or stands behind `escape`."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None

    def records(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Give the cells of lines, record by record."""
        return csv.reader(lines, delimiter=self.delimiter, quotechar=self.quote, escapechar=self.escape)

    def cells(self, line: str) -> list[str]:
        """Give the cells of one line."""
        return next(self.records([line]), [])


class Record(NamedTuple):
    """A row of cells, the line it begins on, from 1, and what was wrong with how it was written."""

    line: int
    cells: list[str]
    note: str = ""


class Lines:
    """Lines on their way into records, those at hand and those of further pieces; any can be given back.

    Attributes
    ----------
    ready : deque of str
        Lines at hand that no record has taken.
    done : int
        Lines of records that are whole.
    taken : list of str
        Lines of the record that is being read.
    ended : bool
        Whether more lines were asked for than there are.
    """

    def __init__(self, lines: Iterable[str], more: Iterator[bytes] = iter(())) -> None:  # noqa: B008 - has no state
        self.ready, self.more = deque(lines), more
        self.done, self.taken, self.ended = 0, list[str](), False

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        while not self.ready:
            piece = next(self.more, None)
            if piece is None:
                self.ended = True
                raise StopIteration
            self.ready.extend(io.StringIO(piece.decode("utf-8"), newline="").readlines())
        self.taken.append(self.ready.popleft())
        return self.taken[-1].replace("\0", "")

    def finish(self) -> str:
        """Close a record; say whether a NUL was left out of it."""
        nul = any("\0" in line for line in self.taken)
        self.done += len(self.taken)
        self.taken.clear()
        return "a NUL character is left out" if nul else ""

    def give_back(self) -> str:
        """Keep the first line of the record and put the others back."""
        first, *rest = self.taken
        self.ready.extendleft(reversed(rest))
        self.taken[:], self.ended = [first], False
        return first.replace("\0", "").rstrip("\r\n")


def split(lines: Lines, style: Style, *, width: int = 0) -> Iterator[Record]:
    """Yield the records in lines; no line is taken before it is needed.

    A quote that is never closed would swallow the rest of the file, or the rows up to the next quote: it is
    closed at the end of its line, or taken as it is where that fits the width of the table better, and that
    is noted.
    """
    csv.field_size_limit(LONGEST_CELL)
    while True:
        reader = style.records(lines)
        open_ = False
        while not open_:
            try:
                cells = next(reader, None)
            except csv.Error:  # a cell longer than any
                open_ = True
                break
            if cells is None:
                return
            open_ = len(lines.taken) > 1 and (lines.ended or swallows(lines.taken, style, width))
            if not open_:
                start = lines.done + 1
                yield Record(start, cells, lines.finish())
        text, start = lines.give_back(), lines.done + 1
        lines.finish()
        yield Record(
            start, _closed(text, style, width), "a quote is not closed: taken as ending with the line"
        )


def swallows(lines: Sequence[str], style: Style, width: int) -> bool:
    """Whether the lines of one record look like rows that a quote left open has swallowed.

    The line that closes a quote has an odd number of them. Lines in between are text; a row is taken for text
    only where all of several have as many cells as the table.
    """
    if width < 2 or style.escape:
        return False
    *inner, last = lines[1:]
    if last.count(style.quote) % 2 == 0 and len(style.cells(last)) == width:
        return True
    return (
        width >= TELLING
        and len(inner) > 1
        and all(line.count(style.delimiter) >= width - 1 for line in inner)
        and all(len(style.cells(line)) == width for line in inner)
    )


def _closed(line: str, style: Style, width: int) -> list[str]:
    """Read a line that leaves a quote open: the way that fits the table better."""
    plain = next(csv.reader([line], delimiter=style.delimiter, quoting=csv.QUOTE_NONE), [])
    try:
        closed = style.cells(line + style.quote)
    except csv.Error:
        return plain
    return min(closed, plain, key=lambda cells: abs(len(cells) - width))
