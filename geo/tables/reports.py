"""What became of a table: how it was read, and the outcome of every row; nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from geo.errors import TableError
from geo.frame import records
from geo.tables.outcomes import WARNED, Ledger

if TYPE_CHECKING:
    import geopandas


@dataclass(slots=True)
class RowReport:
    """What became of one row.

    Attributes
    ----------
    row : int
        From 1; the header and wholly blank lines do not count, rows of empty cells do.
    line : int
        Line of the file on which it begins, from 1.
    outcome : str
        ``accepted``, ``warned`` (imported, with something to see), ``rejected`` (left out),
        ``duplicate`` (merged into another row) or ``empty``.
    messages : list of str
        Each names the column and says what was wrong and what was done.
    candidates : list of dict
        ``id``, ``name``, ``lat``, ``lon`` (degrees) of the places an ambiguous name may mean.
    incident : dict or None
        The row as imported, by `geo.frame.COLUMNS`.
    """

    row: int
    line: int
    outcome: str = "accepted"
    messages: list[str] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    incident: dict[str, Any] | None = None


class RowReports(Sequence[RowReport]):
    """The reports on the rows of a table, each made when it is asked for.

    Parameters
    ----------
    ledger : Ledger
    frame : geopandas.GeoDataFrame or None
        The rows that became incidents, in their order; None where they went to a file.
    """

    def __init__(self, ledger: Ledger, frame: geopandas.GeoDataFrame | None = None) -> None:
        self.ledger, self._frame = ledger, frame

    def __deepcopy__(self, memo: dict[int, Any]) -> RowReports:
        return self

    @cached_property
    def _incidents(self) -> dict[int, dict[str, Any]]:
        if self._frame is None:
            return {}
        kept = np.flatnonzero(self.ledger.outcome <= WARNED).tolist()
        return dict(zip(kept, records(self._frame), strict=True))

    def __len__(self) -> int:
        return len(self.ledger)

    @overload
    def __getitem__(self, row: int) -> RowReport: ...
    @overload
    def __getitem__(self, row: slice) -> list[RowReport]: ...
    def __getitem__(self, row: int | slice) -> RowReport | list[RowReport]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        row = range(len(self))[row]
        return RowReport(**self.ledger.told(row), incident=self._incidents.get(row))


class FrameReports(Sequence[dict[str, Any]]):
    """What a frame keeps of the reports on its rows; pandas copies attrs at each step, these need none."""

    def __init__(self, file: str, rows: RowReports) -> None:
        self._file, self._rows = file, rows

    def __deepcopy__(self, memo: dict[int, Any]) -> FrameReports:
        return self

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, row: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, row: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, row: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        return {"file": self._file, **self._rows.ledger.told(range(len(self))[row])}


@dataclass(frozen=True, slots=True)
class TableReport:
    """What became of a table.

    Attributes
    ----------
    file : str
    encoding, delimiter, schema : str or None
        None where the format has none, or no schema is known by its columns.
    mapping : dict of str to str
        Field of each column that means one.
    rows : RowReports
    incidents : geopandas.GeoDataFrame or None
        Rows accepted or warned about; None where they went to a file.
    header : tuple of str
    tags : tuple of str
        Row of HXL tags under the header; empty where there is none.
    """

    file: str
    encoding: str | None
    delimiter: str | None
    schema: str | None
    mapping: dict[str, str]
    rows: RowReports
    incidents: geopandas.GeoDataFrame | None
    header: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """Count the rows by outcome; the numbers add up to all rows."""
        return self.rows.ledger.counts()

    def as_json(self) -> dict[str, Any]:
        """Give the report as ``dateline check --format json`` prints it."""
        return {
            "file": self.file,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "schema": self.schema,
            "mapping": self.mapping,
            "rows": [
                {
                    name: getattr(row, name)
                    for name in ("row", "line", "outcome", "messages", "candidates", "incident")
                }
                for row in self.rows
            ],
        }

    def frame(self) -> geopandas.GeoDataFrame:
        """Give the incidents, with the outcome of every row in ``attrs["report"]``."""
        if self.incidents is None:
            raise TableError(f"{self.file}: its incidents went to a file; read them from there.")
        frame = self.incidents.copy(deep=False)
        frame.attrs["report"] = FrameReports(self.file, self.rows)
        return frame

    def write_rejects(self, path: str | Path) -> int:
        """Write the rows left out of this table, and say how many; see `geo.tables.rejects.write_rejects`."""
        from geo.tables.rejects import write_rejects

        return sum(write_rejects(path, [self]).values())
