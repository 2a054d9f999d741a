"""What becomes of each row of a table, kept so that millions of rows take little room."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.factors import Array

if TYPE_CHECKING:
    from geo.tables.rows import Rows
    from geo.tables.spots import Spots

OUTCOMES = ("accepted", "warned", "rejected", "duplicate", "empty")
ACCEPTED, WARNED, REJECTED, DUPLICATE, EMPTY = range(len(OUTCOMES))
#: Bytes of rows left out that are kept in memory; more go to a temporary file.
IN_MEMORY = 1 << 24

Candidates = list[dict[str, Any]]


class Rejects:
    """Rows that are left out, verbatim."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it lives as long as the ledger
        self._text = io.TextIOWrapper(self._file, "utf-8", newline="")
        self._writer = csv.writer(self._text)

    def __reduce__(self) -> tuple[Any, ...]:
        # A report goes from one process to another with its rows.
        return _rejects, (list(self),)

    def add(self, row: int, cells: list[str]) -> None:
        """Keep a row with its number, from 0."""
        self._writer.writerow([row, *cells])

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        self._text.seek(0)
        csv.field_size_limit(2**31 - 1)
        for row, *cells in csv.reader(self._text):
            yield int(row), cells
        self._text.seek(0, io.SEEK_END)


def _rejects(rows: list[tuple[int, list[str]]]) -> Rejects:
    kept = Rejects()
    for row, cells in rows:
        kept.add(row, cells)
    return kept


class Ledger:
    """The outcome of every row, what is said of it, and the candidates of the names that were left open.

    Attributes
    ----------
    outcome : ndarray of uint8
        Positions in `OUTCOMES`.
    lines : ndarray of int64
        Line of the file on which each row begins, from 1.
    candidates : dict of int to list of dict
        By row from 0.
    rejects : Rejects
    """

    def __init__(self) -> None:
        self.rejects = Rejects()
        self.candidates: dict[int, Candidates] = {}
        self._outcome: list[Array] = []
        self._lines: list[Array] = []
        self._said: list[Array] = []
        self._size = 0
        # What is said of many rows is kept once, and for each row its number.
        self._sayings: list[tuple[str, ...]] = [()]
        self._numbers: dict[tuple[str, ...], int] = {(): 0}
        self._later: dict[int, tuple[str, ...]] = {}
        # Rows that others are the same as, and the same as but for the id; -1 for most.
        self._twins = self._like = np.zeros(0, np.int64)

    def __len__(self) -> int:
        return self._size

    def add(self, rows: Rows, spots: Spots) -> None:
        """Take note of the rows of a part."""
        said = np.zeros(rows.size, np.int32)
        for row, texts in rows.messages.items():
            saying = tuple(texts)
            number = self._numbers.setdefault(saying, len(self._sayings))
            if number == len(self._sayings):
                self._sayings.append(saying)
            said[row] = number
        for row in np.flatnonzero(rows.outcome == REJECTED).tolist():
            self.rejects.add(self._size + row, rows.part.raw(row))
        alive = rows.alive
        for row, meant in spots.candidates.items():
            if alive[row]:
                self.candidates[self._size + row] = [
                    {"id": c.place.id, "name": c.place.label, "lat": c.place.lat, "lon": c.place.lon}
                    for c in meant
                ]
        self._size += rows.size
        lines = rows.part.lines
        lines = lines.astype(np.int32) if lines[-1] < 2**31 else lines
        for chunks, chunk in ((self._outcome, rows.outcome), (self._lines, lines), (self._said, said)):
            chunks.append(chunk)

    @property
    def outcome(self) -> Array:
        """Positions in `OUTCOMES`."""
        return _whole(self._outcome, np.uint8)

    @property
    def lines(self) -> Array:
        """Line of the file on which each row begins, from 1."""
        return _whole(self._lines, np.int64)

    def merge(self, rows: Array, into: Array) -> None:
        """Note rows that tell the same as others, into which they are merged."""
        if not len(rows):
            return
        self._twins = np.full(self._size, -1, np.int64)
        self._twins[rows] = into
        self.outcome[rows] = DUPLICATE
        for row in self.candidates.keys() & set(rows.tolist()) if self.candidates else ():
            self.candidates.pop(row, None)

    def liken(self, rows: Array, to: Array) -> None:
        """Note rows that are the same as others but for their ids."""
        if len(rows):
            self._like = np.full(self._size, -1, np.int64)
            self._like[rows] = to
            self.outcome[rows] = WARNED

    def warn(self, row: int, text: str) -> None:
        """Say something more of a row that is kept."""
        row = int(row)
        self._later[row] = (*self._later.get(row, ()), text)
        self.outcome[row] = WARNED

    def odd(self) -> list[int]:
        """Rows that are not plainly accepted."""
        return np.flatnonzero(self.outcome != ACCEPTED).tolist()

    def counts(self) -> dict[str, int]:
        """Count the rows by outcome; the numbers add up to all rows."""
        return dict(zip(OUTCOMES, np.bincount(self.outcome, minlength=len(OUTCOMES)).tolist(), strict=True))

    def told(self, row: int) -> dict[str, Any]:
        """Give all that is reported of a row but the incident."""
        said = [*self._sayings[_whole(self._said, np.int32)[row]], *self._later.get(row, ())]
        if len(self._like) and self._like[row] >= 0:
            said.append(f"the same as row {self._like[row] + 1} but for its id: both are kept")
        if len(self._twins) and self._twins[row] >= 0:
            said.append(f"the same as row {self._twins[row] + 1}: merged into it, sources kept")
        return {
            "row": row + 1,
            "line": int(self.lines[row]),
            "outcome": OUTCOMES[self.outcome[row]],
            "messages": said,
            "candidates": self.candidates.get(row, []),
        }


def _whole(chunks: list[Array], kind: type[np.generic]) -> Array:
    """Join chunks into one array, once."""
    if len(chunks) != 1:
        chunks[:] = [np.concatenate(chunks) if chunks else np.zeros(0, kind)]
    return chunks[0]
