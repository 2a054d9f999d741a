"""Incidents written to files: CSV, GeoJSON, GeoPackage, KML, GeoParquet; each is read back to the same frame.

An ACLED-shaped CSV carries what that shape has room for.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import ExportError
from geo.files import replacing, write_text
from geo.frame import COLUMNS, records

if TYPE_CHECKING:
    import geopandas
    import shapely

#: Rows of one part of a folder of GeoParquet, and its name by number and digits.
PART_ROWS = 250_000
PART = "part.{:0{}}.parquet"


def write_incidents(frame: geopandas.GeoDataFrame, path: str | Path) -> None:
    """Write a frame of incidents; the suffix of the path says as what.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        With the columns of `geo.frame.COLUMNS`, EPSG:4326.
    path : str or Path
        ``.csv`` (UTF-8, the columns in their order), ``.acled.csv`` (ACLED's columns), ``.geojson`` or
        ``.json`` (RFC 7946, every column a property), ``.gpkg`` (layer "incidents", with a style for
        QGIS), ``.kml`` or ``.parquet`` (GeoParquet). An existing file is replaced when all is written.

    Raises
    ------
    ExportError
        If the suffix is none of these, or the file cannot be written.
    """
    path = Path(path)
    check_destination(path)
    try:
        FORMATS[_format(path)](frame, path)
    except OSError as error:
        raise ExportError(f"{path}: it cannot be written ({error.strerror or error}).") from None


def _format(path: Path) -> str:
    """Tell the ending that says as what to write, the longest that is known."""
    return ".acled.csv" if path.name.lower().endswith(".acled.csv") else path.suffix.lower()


def check_destination(
    path: str | Path, *, overwrites: Iterable[str | Path] = (), parts: bool = False
) -> None:
    """Find out before the work whether a file can be written.

    Parameters
    ----------
    path : str or Path
        A file to be written; its suffix is not looked at unless it is of no known format.
    overwrites : iterable of path
        Files that are read, so must not be written over.
    parts : bool, default False
        Whether a folder of parts is to be written, see `write_parts`.

    Raises
    ------
    ExportError
        If it is a folder (for parts: a file, or a folder with anything else in it), lies in a folder that
        is missing or not writable, or is an input.
    """
    import os

    path = Path(path)
    known = {*FORMATS, ".html", ".htm", ".jsonl"}
    if not parts and path.suffix.lower() not in known:
        raise ExportError(
            f"{path}: incidents are written as {', '.join(FORMATS)}; choose one of these endings."
        )
    if path.is_dir() and not parts:
        raise ExportError(f"{path}: this is a folder; name a file in it.")
    if parts and path.exists() and not _is_parts(path):
        raise ExportError(f"{path}: there is something else here; name a new folder for the parts.")
    if not path.parent.is_dir():
        raise ExportError(f"{path}: the folder {path.parent} is not there; make it first.")
    if not os.access(path.parent, os.W_OK):
        raise ExportError(f"{path}: the folder {path.parent} cannot be written to.")
    if any(path.exists() and Path(other).exists() and path.samefile(other) for other in overwrites):
        raise ExportError(f"{path}: this is one of the files read; choose another name.")


def _is_parts(path: Path) -> bool:
    return path.is_dir() and all(re.fullmatch(r"part\.\d+\.parquet", p.name) for p in path.iterdir())


def _plain(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Take the columns of the contract alone, without attrs: formats would write them, or fail to."""
    plain = frame[[*COLUMNS, "geometry"]].copy(deep=False)
    plain.attrs = {}
    return plain


def csv_text(frame: geopandas.GeoDataFrame) -> str:
    """Give the frame as CSV text, empty cells for what is missing."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in records(frame):
        writer.writerow(["" if row[name] is None else row[name] for name in COLUMNS])
    return out.getvalue()


def _write_csv(frame: geopandas.GeoDataFrame, path: Path) -> None:
    write_text(path, csv_text(frame))


def geojson(frame: geopandas.GeoDataFrame) -> dict[str, Any]:
    """Give the frame as a GeoJSON FeatureCollection (RFC 7946: WGS 84, longitude first, no ``crs``).

    A link across the 180th meridian is cut there, as the RFC asks.
    """
    features = [
        {
            "type": "Feature",
            "id": row["id"],
            "geometry": _shape(shape),
            "properties": row,
        }
        for row, shape in zip(records(frame), frame.geometry, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _shape(shape: shapely.Geometry | None) -> dict[str, Any] | None:
    if shape is None:
        return None
    points = [[float(x), float(y)] for x, y in shape.coords]
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    (west, a), (east, b) = points
    if abs(east - west) <= 180:
        return {"type": "LineString", "coordinates": points}
    edge = 180.0 if west > 0 else -180.0
    there = east + 2 * edge
    cut = a + (b - a) * (edge - west) / (there - west)
    return {"type": "MultiLineString", "coordinates": [[points[0], [edge, cut]], [[-edge, cut], points[1]]]}


def _write_geojson(frame: geopandas.GeoDataFrame, path: Path) -> None:
    write_text(path, json.dumps(geojson(frame), ensure_ascii=False, allow_nan=False, indent=1) + "\n")


def _write_gpkg(frame: geopandas.GeoDataFrame, path: Path) -> None:
    with replacing(path) as fresh:
        _plain(frame).to_file(fresh, layer="incidents", driver="GPKG", engine="pyogrio")
        _add_style(fresh)


def _add_style(path: Path) -> None:
    """Put the style that QGIS opens the layer with into its table ``layer_styles``.

    Columns as QGIS makes them (https://docs.qgis.org, "Save style, in database"); its date is left at the
    epoch, so that the style is the same at every writing.
    """
    import sqlite3
    from contextlib import closing

    style = (Path(__file__).parent / "data" / "incidents.qml").read_text("utf-8")
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(STYLES)
        base.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
            "styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
            "VALUES ('', '', 'incidents', 'geom', 'incidents', ?, '', 1, 'Incidents by type', '', NULL, "
            "'1970-01-01T00:00:00.000Z')",
            [style],
        )


def _write_kml(frame: geopandas.GeoDataFrame, path: Path) -> None:
    from geo.kml import write_kml

    write_kml(frame, path)


def _write_acled(frame: geopandas.GeoDataFrame, path: Path) -> None:
    from geo.acled import write_acled

    write_acled(frame, path)


def _write_parquet(frame: geopandas.GeoDataFrame, path: Path) -> None:
    with replacing(path) as fresh:
        _plain(frame).to_parquet(fresh, index=False)


def write_parts(frame: geopandas.GeoDataFrame, folder: str | Path, *, rows: int = PART_ROWS) -> None:
    """Write a frame of incidents as a folder of GeoParquet files, each of so many rows.

    `geopandas.read_parquet` and `dask_geopandas.read_parquet` read the folder as one frame, in this order.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        With the columns of `geo.frame.COLUMNS`, EPSG:4326.
    folder : str or Path
        Made, or replaced when all is written.
    rows : int

    Raises
    ------
    ExportError
        See `check_destination`, or if the folder cannot be written.
    """
    folder = Path(folder)
    check_destination(folder, parts=True)
    starts = range(0, max(len(frame), 1), rows)
    try:
        with replacing(folder) as fresh:
            fresh.mkdir()
            for number, start in enumerate(starts):
                part = frame.iloc[start : start + rows]
                _plain(part).to_parquet(fresh / PART.format(number, len(str(len(starts) - 1))), index=False)
    except OSError as error:
        raise ExportError(f"{folder}: it cannot be written ({error.strerror or error}).") from None


STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0);
"""

FORMATS: dict[str, Callable[[geopandas.GeoDataFrame, Path], None]] = {
    ".csv": _write_csv,
    ".acled.csv": _write_acled,
    ".geojson": _write_geojson,
    ".json": _write_geojson,
    ".gpkg": _write_gpkg,
    ".kml": _write_kml,
    ".parquet": _write_parquet,
}
