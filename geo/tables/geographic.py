"""Geographic files (GeoJSON, GeoPackage, GeoParquet and what else geopandas reads) as rows of cells."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import TableError
from geo.tables.sheets import Sheet, unique

if TYPE_CHECKING:
    import geopandas


def read_geographic(path: str | Path) -> Sheet:
    """Read a file of features; each property is a column, points become ``lat`` and ``lon``.

    Areas and lines are taken at a point on them, which is said of the row, unless the file has columns of
    coordinates of its own. Any coordinate reference system is brought to EPSG:4326.

    Raises
    ------
    TableError
        If the file is missing or no such file, or has no coordinate reference system that is known.
    """
    path = Path(path)
    if not path.is_file():
        raise TableError(f"{path}: there is no such file.")
    frame = _read(path)
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    columns = {name: [_cell(value) for value in frame[name].tolist()] for name in names}
    notes: dict[int, str] = {}
    if not {"lat", "lon"} <= {name.casefold() for name in names}:
        columns["lat"], columns["lon"], notes = _points(frame)
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return Sheet.of(path.name, unique(list(columns)), rows, notes=notes)


def _read(path: Path) -> geopandas.GeoDataFrame:
    import geopandas

    try:
        if path.suffix.lower() in {".parquet", ".geoparquet"}:
            frame = geopandas.read_parquet(path)
        else:
            # Dates stay as they are written: the reader of cells decides what they mean.
            options = {"DATE_AS_STRING": "YES"} if path.suffix.lower() in {".geojson", ".json"} else {}
            frame = geopandas.read_file(
                path, layer=_layer(path), engine="pyogrio", datetime_as_string=True, **options
            )
    except Exception as error:  # noqa: BLE001 - each driver has errors of its own, all meaning "not such a file"
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise TableError(f"{path.name}: it cannot be read as {path.suffix} ({reason}).") from None
    if not isinstance(frame, geopandas.GeoDataFrame):
        frame = geopandas.GeoDataFrame(frame, geometry=[None] * len(frame), crs="EPSG:4326")
    if frame.crs is None:
        raise TableError(
            f"{path.name}: it does not say which coordinate system it is in; save it as EPSG:4326."
        )
    return frame.to_crs("EPSG:4326")


def _layer(path: Path) -> str | int:
    """Choose the layer to read: the first that has shapes, since styles and the like lie beside it."""
    import pyogrio

    shaped = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    return shaped[0] if shaped else 0


def _points(frame: geopandas.GeoDataFrame) -> tuple[list[str], list[str], dict[int, str]]:
    lats, lons, notes = [], [], {}
    for at, shape in enumerate(frame.geometry):
        if shape is None or shape.is_empty:
            lats.append("")
            lons.append("")
            continue
        if shape.geom_type != "Point":
            notes[at] = f"the row is a {shape.geom_type}: taken at a point on it"
            shape = shape.representative_point()
        lats.append(repr(float(shape.y)))
        lons.append(repr(float(shape.x)))
    return lats, lons, notes


def _cell(value: object) -> str:
    """Write a value as it would stand in a CSV."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).replace("NaT", "")
    text = str(value)
    return "" if text in {"<NA>", "nan", "NaT", "None"} else text
