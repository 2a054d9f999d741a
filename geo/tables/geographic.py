"""Geographic files (GeoParquet, GeoPackage, GeoJSON and what else GDAL reads) and Parquet, batch by batch.

Batches come as Arrow from the file's own reader, so that neither the length nor the shape of a file matters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import TableError
from geo.factors import Array
from geo.frame import PRECISIONS
from geo.tables.sheets import FIRST, Part, Sheet, unique

if TYPE_CHECKING:
    import pyarrow as pa
    import shapely

#: Rows of a part.
ROWS = 250_000
PARQUET = frozenset({".parquet", ".geoparquet"})
WGS84 = "EPSG:4326"
#: Up to so many km around a point on it an area is of the precision.
REACH = dict(zip(PRECISIONS, (1.0, 5.0, 10.0, 50.0, 400.0, np.inf), strict=True))


def read_geographic(path: str | Path) -> Sheet:
    """Read a file of features, or plain Parquet; each property is a column, points ``lat`` and ``lon``.

    Areas and lines are taken at a point on them, with the radius that they reach, which is said of the row,
    unless the file has columns of coordinates of its own. Any coordinate reference system is brought to
    EPSG:4326.

    Raises
    ------
    TableError
        If the file is missing or no such file, or has no coordinate reference system that is known.
    """
    path = Path(path)
    if not path.is_file():
        raise TableError(f"{path}: there is no such file.")
    with told(path):
        source = _parquet(path) if path.suffix.lower() in PARQUET else _vector(path)
    if source.geometry is not None and source.crs is None:
        raise TableError(
            f"{path.name}: it does not say which coordinate system it is in; save it as EPSG:4326."
        )
    with told(path):
        first = next(source.batches(), None)
        some = Batch(source, first.slice(0, FIRST), 0) if first is not None else None
        rows = [some.raw(at) for at in range(some.size)] if some else []

    def parts(wanted: Sequence[int]) -> Iterator[Part]:
        start = 0
        with told(path):
            for found in source.batches():
                batch = Batch(source, found, start)
                if batch.size:
                    yield batch.part(wanted)
                start += batch.size

    return Sheet(path.name, tuple(unique(source.header)), parts, rows)


def is_geojson(path: str | Path) -> bool:
    """Whether a file is GeoJSON rather than any other JSON; a missing one is left to its reader."""
    import pyogrio

    try:
        return len(pyogrio.list_layers(path)) > 0
    except Exception as error:  # noqa: BLE001 - what GDAL does not know is none
        return not Path(path).is_file() or "not recognized" not in str(error)


def precision_within(km: float) -> str:
    """Give the precision of what lies within so many km of its point."""
    return next(precision for precision, reach in REACH.items() if km <= reach)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn the errors of readers, of which each has its own, into one sentence."""
    try:
        yield
    except (TableError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - all of them mean "not such a file"
        lines = str(error).replace(str(path), path.name).split("; It might help")[0].splitlines()
        reason = lines[0] if lines else type(error).__name__
        raise TableError(f"{path.name}: it cannot be read as {path.suffix} ({reason}).") from None


@dataclass(frozen=True)
class Source:
    """A file of batches.

    Attributes
    ----------
    names : list of str
        Columns but the shapes.
    geometry : str or None
        Column of the shapes, WKB.
    crs : object
        Their coordinate reference system, as pyproj understands it; None where it is not known.
    points : bool
        Whether all shapes are points.
    batches : callable
        Reads the file from the start.
    """

    names: list[str]
    geometry: str | None
    crs: Any
    points: bool
    batches: Callable[[], Iterator[pa.RecordBatch]]

    @cached_property
    def made(self) -> list[str]:
        """Columns that are made of the shapes."""
        have = {name.casefold() for name in self.names}
        if self.geometry is None or {"lat", "lon"} <= have:
            return []
        wide = [] if self.points or have & {"radius_km", "precision"} else ["radius_km", "precision"]
        return ["lat", "lon", *wide]

    @property
    def header(self) -> list[str]:
        """All columns."""
        return [*self.names, *self.made]


def _parquet(path: Path) -> Source:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        names = [name for name in file.schema_arrow.names if not name.startswith("__index_level_")]
        about = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
    geometry = about.get("primary_column")
    column = about.get("columns", {}).get(geometry, {})
    if column and column.get("encoding") != "WKB":
        raise TableError(
            f"{path.name}: its shapes are written as {column.get('encoding')}; write them as WKB."
        )

    def batches() -> Iterator[pa.RecordBatch]:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(ROWS, columns=[*names])

    return Source(
        [name for name in names if name not in about.get("columns", {})],
        geometry,
        column.get("crs", WGS84),  # without one it is WGS 84, longitude first
        set(column.get("geometry_types", ())) == {"Point"},
        batches,
    )


def _vector(path: Path) -> Source:
    import pyogrio

    # Dates stay as they are written: the reader of cells decides what they mean.
    options = {"DATE_AS_STRING": "YES"} if path.suffix.lower() in {".geojson", ".json"} else {}
    layers = pyogrio.list_layers(path)
    # The first that has shapes, since styles and the like lie beside it.
    layer = next((str(name) for name, kind in layers if kind is not None), 0)
    about = pyogrio.read_info(path, layer=layer, **options)
    names = [str(name) for name in about["fields"]]
    shaped = about["geometry_type"] is not None

    def batches() -> Iterator[pa.RecordBatch]:
        reading = pyogrio.open_arrow(
            path, layer=layer, batch_size=ROWS, use_pyarrow=True, datetime_as_string=True, **options
        )
        with reading as (meta, stream):
            for batch in stream:
                yield batch.rename_columns(
                    ["#shape" if name == (meta["geometry_name"] or "wkb_geometry") else name
                     for name in batch.schema.names]
                )  # fmt: skip

    return Source(
        names, "#shape" if shaped else None, about["crs"], about["geometry_type"] == "Point", batches
    )


class Batch:
    """Some rows of a source as cells.

    Parameters
    ----------
    source : Source
    batch : pyarrow.RecordBatch
    start : int
        Number of the first row, from 0.
    """

    def __init__(self, source: Source, batch: pa.RecordBatch, start: int) -> None:
        self.source, self.batch, self.start, self.size = source, batch, start, batch.num_rows

    def part(self, wanted: Sequence[int]) -> Part:
        """Give the rows as a part of a sheet, with the columns wanted."""
        columns = {at: self.column(at) for at in sorted({0, *wanted})}
        notes = {at: f"the row is a {kind}: taken at a point on it" for at, kind in self._odd.items()}
        return Part(columns, np.arange(self.start + 1, self.start + self.size + 1), self.raw, notes)

    def column(self, at: int) -> pa.Array:
        """Give the cells of a column."""
        name = self.source.header[at]
        return self._made[name] if at >= len(self.source.names) else texts(self.batch.column(name))

    def raw(self, at: int) -> list[str]:
        """Give one row."""
        names, made = self.source.names, self.source.made
        cells = [texts(self.batch.column(name).slice(at, 1))[0].as_py() for name in names]
        return [*cells, *(self._made[name][at].as_py() for name in made)]

    @cached_property
    def _shapes(self) -> Array:
        import pyarrow as pa
        import shapely

        column = self.batch.column(self.source.geometry)
        if isinstance(column, pa.ExtensionArray):
            column = column.storage
        return np.asarray(shapely.from_wkb(column.to_numpy(zero_copy_only=False)))

    @cached_property
    def _odd(self) -> dict[int, str]:
        """What the rows are that are no points."""
        import shapely

        if not self.source.made:
            return {}
        kinds = shapely.get_type_id(self._shapes)
        odd = np.flatnonzero((kinds > 0) & ~shapely.is_empty(self._shapes))
        return {at: self._shapes[at].geom_type for at in odd.tolist()}

    @cached_property
    def _made(self) -> dict[str, pa.Array]:
        import pyarrow as pa
        import shapely

        shapes, odd = self._shapes.copy(), np.array(list(self._odd), np.int64)
        shapes[odd] = shapely.point_on_surface(shapes[odd])
        lon, lat = self._degrees(shapely.get_x(shapes), shapely.get_y(shapes))
        columns = {
            "lat": texts(pa.array(lat, from_pandas=True)),
            "lon": texts(pa.array(lon, from_pandas=True)),
        }
        if "radius_km" in self.source.made:
            radius = np.full(self.size, np.nan)
            radius[odd] = [self._reach(self._shapes[at], lat[at], lon[at]) for at in odd.tolist()]
            columns["radius_km"] = texts(pa.array(radius, from_pandas=True))
            kinds = ["" if km != km else precision_within(km) for km in radius.tolist()]
            columns["precision"] = pa.array(kinds, pa.large_string())
        return columns

    def _degrees(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Bring coordinates to longitude and latitude (WGS 84)."""
        from pyproj import CRS, Transformer

        crs = CRS.from_user_input(self.source.crs)
        if crs.is_geographic and crs.equals(CRS.from_user_input(WGS84), ignore_axis_order=True):
            return x, y
        lon, lat = Transformer.from_crs(crs, WGS84, always_xy=True).transform(x, y)
        known = np.isfinite(lon) & np.isfinite(lat)
        return np.where(known, lon, np.nan), np.where(known, lat, np.nan)

    def _reach(self, shape: shapely.Geometry, lat: float, lon: float) -> float:
        """How far an area reaches from a point on it in kilometres, by the corners around it."""
        from gazetteer.distance import distances_km

        west, south, east, north = shape.bounds
        lons, lats = self._degrees(np.array([west, west, east, east]), np.array([south, north, south, north]))
        return round(float(np.nanmax(distances_km(np.array(lat), np.array(lon), lats, lons))), 1)


def texts(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Write values as they would stand in a CSV: whole numbers without a point, nothing for null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        found = column.cast(pa.large_string())
    elif pa.types.is_nested(kind):
        found = pa.array(
            [None if one is None else _listed(one) for one in column.to_pylist()], pa.large_string()
        )
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_null(kind):
        found = pa.nulls(len(column), pa.large_string())
    else:
        found = column.cast(pa.string()).cast(pa.large_string())
    return pc.fill_null(found, "")


def _listed(value: object) -> str:
    """Write a list as its items, and anything else that is nested as JSON."""
    if isinstance(value, list):
        return "; ".join(one if isinstance(one, str) else _listed(one) for one in islice(value, 1000))
    return json.dumps(value, ensure_ascii=False, default=str)
