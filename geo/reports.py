"""What became of a table: how it was read, and the outcome of every row; nothing is left out in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.cells import Sheet
from geo.files import write_text

if TYPE_CHECKING:
    import geopandas

OUTCOMES = ("accepted", "warned", "rejected", "duplicate", "empty")


class RowReports(list[dict[str, Any]]):
    """Row reports kept with a frame; pandas copies attrs at every step, and these need no copy."""

    def __deepcopy__(self, memo: dict[int, Any]) -> RowReports:
        return self


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
    rows : list of RowReport
    incidents : geopandas.GeoDataFrame
        Rows accepted or warned about.
    sheet : Sheet
        The cells as read.
    """

    file: str
    encoding: str | None
    delimiter: str | None
    schema: str | None
    mapping: dict[str, str]
    rows: list[RowReport]
    incidents: geopandas.GeoDataFrame
    sheet: Sheet

    def counts(self) -> dict[str, int]:
        """Count the rows by outcome; the numbers add up to all rows."""
        counted = dict.fromkeys(OUTCOMES, 0)
        for row in self.rows:
            counted[row.outcome] += 1
        return counted

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
        frame = self.incidents.copy(deep=False)
        frame.attrs["report"] = RowReports(
            {"file": self.file, "row": r.row, "line": r.line, "outcome": r.outcome, "messages": r.messages,
             "candidates": r.candidates}
            for r in self.rows
        )  # fmt: skip
        return frame

    def write_rejects(self, path: str | Path) -> int:
        """Write the rows left out of this table; see `write_rejects`."""
        return write_rejects(path, [self])


def write_rejects(path: str | Path, reports: Iterable[TableReport]) -> int:
    """Write the rows left out, verbatim, with file, row number and reason: to be mended and read again.

    Returns
    -------
    int
        How many rows; nothing is written where there are none.
    """
    reports = list(reports)
    header = list(dict.fromkeys(heading for report in reports for heading in report.sheet.header))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*header, "rejected from", "rejected row", "rejected because"])
    count = 0
    for report in reports:
        for row in (row for row in report.rows if row.outcome == "rejected"):
            raw = report.sheet.raw[row.row - 1]
            cells = dict(zip(report.sheet.header, raw, strict=False))
            over = raw[len(report.sheet.header) :]  # cells beyond the header are kept at the end of the line
            line = [
                *(cells.get(heading, "") for heading in header),
                report.file,
                row.row,
                "; ".join(row.messages),
            ]
            writer.writerow([*line, *over])
            count += 1
    if count:
        write_text(path, out.getvalue())
    return count
