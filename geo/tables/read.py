"""Tables of incidents: any CSV, or a geographic file, becomes incidents and a report on every row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import TableError
from geo.factors import Array, Column
from geo.frame import COLUMNS, build_frame
from geo.tables.cells import Sheet, read_sheet
from geo.tables.columns import count_known, recognise
from geo.tables.placing import Spots
from geo.tables.repeats import merge_repeats, name_rows
from geo.tables.reports import RowReport, RowReports, TableReport, write_rejects
from geo.tables.rows import Rows, read_days, read_places, read_values

__all__ = ["RowReport", "TableReport", "check", "read_incidents", "write_rejects"]

if TYPE_CHECKING:
    import geopandas

    from gazetteer import Gazetteer

#: Formats read through geopandas.
GEOGRAPHIC = frozenset({".geojson", ".json", ".gpkg", ".parquet", ".geoparquet", ".shp", ".fgb"})

#: Formats read through pandas.
WORKBOOKS = frozenset({".xlsx", ".xlsm"})


def read_incidents(
    path: str | Path | Iterable[str | Path],
    places: Gazetteer,
    *,
    map: Mapping[str, str] | None = None,  # noqa: A002 - the word the command line uses
) -> geopandas.GeoDataFrame:
    """Read incidents from a table: CSV in any form, Excel, GeoJSON, GeoPackage, KML, Parquet.

    Parameters
    ----------
    path : path or iterable of path
        Several are combined, duplicates among them merged.
    places : gazetteer.Gazetteer
        Tells where the named places are, for rows without coordinates.
    map : mapping of str to str, optional
        Column to field, over what is recognised.

    Returns
    -------
    geopandas.GeoDataFrame
        See `geo.frame.build_frame`. ``attrs["report"]`` lists every row: ``file``, ``row``, ``line``,
        ``outcome``, ``messages``, ``candidates``.

    Raises
    ------
    TableError
        If the file is missing, is no table, or has no column that says where.
    """
    if not isinstance(path, str | Path):
        from geo.merging import combine

        return combine(*(read_incidents(one, places, map=map) for one in path))
    return check(path, places, map=map).frame()


def check(
    path: str | Path,
    places: Gazetteer,
    *,
    map: Mapping[str, str] | None = None,  # noqa: A002 - the word the command line uses
    today: date | None = None,
) -> TableReport:
    """Read a table and report on every row; see `read_incidents` for parameters and errors.

    Parameters
    ----------
    today : datetime.date, optional
        Dates after it are warned about; by default the day it is.
    """
    rows = Rows(*recognise(load(path), map))
    read_values(rows)
    read_days(rows, today)
    spots = read_places(rows, places)
    name_rows(rows)
    merge_repeats(rows)
    return _report(rows, spots)


def load(path: str | Path) -> Sheet:
    """Read a file into rows of cells, whatever its format."""
    suffix = Path(path).suffix.lower()
    if suffix == ".kml":
        from geo.kml import read_kml

        return read_kml(path)
    if suffix in WORKBOOKS:
        from geo.tables.workbooks import read_workbook

        return read_workbook(path, known=count_known)
    if suffix in GEOGRAPHIC:
        from geo.tables.geographic import read_geographic

        return read_geographic(path)
    if Path(path).is_dir():
        raise TableError(f"{path}: this is a folder; name a file in it.")
    return read_sheet(path, known=count_known)


def _kept(values: Any, alive: Array) -> Any:  # noqa: ANN401 - whatever holds a column
    """Values of the rows that become incidents."""
    if isinstance(values, Column):
        values = values.array
    if alive.all():
        return values
    if isinstance(values, list):
        return [value for value, on in zip(values, alive.tolist(), strict=True) if on]
    return values[alive] if isinstance(values, np.ndarray) else values.take(np.flatnonzero(alive))


def _report(rows: Rows, spots: Spots) -> TableReport:
    """Put the incidents and the row reports together."""
    frame = build_frame({name: _kept(rows.data[name], rows.alive) for name in COLUMNS})
    candidates = {
        row: [
            {"id": c.place.id, "name": c.place.label, "lat": c.place.lat, "lon": c.place.lon} for c in meant
        ]
        for row, meant in spots.candidates.items()
        if rows.live(row)
    }
    reports = RowReports(rows.sheet.lines, rows.outcome, rows.messages, candidates, frame)
    sheet, fields = rows.sheet, rows.columns.fields
    return TableReport(
        file=sheet.file,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        schema=rows.columns.name,
        mapping={heading: fields[heading] for heading in sheet.header if heading in fields},
        rows=reports,
        incidents=frame,
        sheet=sheet,
    )
