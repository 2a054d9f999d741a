"""Incidents as Arrow tables: the form in which many rows are read, kept, turned into a frame and written.

The columns are those of `geo.frame.COLUMNS`: ``large_string``, ``float64``, and ``int64`` for counts.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.factors import Array, Column, buffers, chunks, distinct, ragged
from geo.frame import COLUMNS, CONTROL, COUNTS, LINK_TYPES, NUMBERS, geometry_of

if TYPE_CHECKING:
    import geopandas
    import pyarrow as pa

#: Bytes looked at in one go.
BLOCK = 1 << 18
#: Bytes with which control characters begin that texts are cleaned of, below 32 and above 126.
SUSPECT = ~np.isin(np.arange(32), [9, 10])
HIGH = (0x7F, 0xC2)
#: Columns in which hardly any value stands twice.
OWN = frozenset({"id", "description", "url", "quote", "lat", "lon"})
#: Columns in which few values stand, over and over: tables may keep each of them once (`build_table`).
FEW = frozenset(
    {"type", "status", "date", "date_end", "time", "time_end", "place", "place_id", "precision", "located_by",
     "origin", "origin_id", "weapon", "source", "document"}
)  # fmt: skip
#: Types of geometry as GeoParquet names them; a link with two known ends is a line.
POINT, LINE = "Point", "LineString"


def schema(*, coded: bool = False) -> pa.Schema:
    """Types of the columns; with dictionaries of the values that stand in them over and over, if told so."""
    import pyarrow as pa

    text = pa.large_string()

    def kind(name: str) -> pa.DataType:
        if coded and name in FEW:
            return pa.dictionary(pa.int32(), text)
        return pa.float64() if name in NUMBERS else pa.int64() if name in COUNTS else text

    return pa.schema([(name, kind(name)) for name in COLUMNS])


def plain(table: pa.Table) -> pa.Table:
    """Give a table without dictionaries."""
    return table.cast(schema())


def build_table(columns: Mapping[str, Column | Array], rows: Array) -> pa.Table:
    r"""Make a table of some rows of columns that were read.

    Parameters
    ----------
    columns : mapping of str to Column or ndarray of float64
        A value for each row; NaN for a number that is not known.
    rows : ndarray of int64
        The rows to keep.

    Returns
    -------
    pyarrow.Table
        With dictionaries, see `plain`. Empty and blank texts are null, control characters are dropped, line
        ends are ``\n``: no file format keeps them alike.
    """
    import pyarrow as pa

    arrays = []
    for field in schema(coded=True):
        values = columns[field.name]
        whole = len(rows) == len(values)
        if isinstance(values, np.ndarray):
            kept = values if whole else values[rows]
            unknown = np.isnan(kept)
            if field.name in COUNTS:
                kept = np.where(unknown, 0, kept).astype(np.int64)
            arrays.append(pa.array(kept, field.type, mask=unknown if unknown.any() else None))
            continue
        if field.name not in FEW and "array" in values.__dict__:
            array = values.array if whole else values.array.take(pa.array(rows))
            arrays.append(clean_texts(array, strip=field.name != "quote"))
            continue
        # Each different text is cleaned once, then given to its rows.
        numbers, codes = distinct(values.codes if whole else values.codes[rows])
        texts = [*map(values.values.__getitem__, numbers.tolist())]
        different = Column.coded(np.arange(len(texts)), texts).array
        clean = clean_texts(different, strip=field.name != "quote")
        if clean.null_count == len(clean):
            arrays.append(pa.nulls(len(rows), field.type))
        elif field.name in FEW:
            once = clean.dictionary_encode()
            kept = once.indices.take(pa.array(codes))
            arrays.append(pa.DictionaryArray.from_arrays(kept, once.dictionary))
        else:
            arrays.append(clean.take(pa.array(codes)))
    return pa.table(arrays, schema=schema(coded=True))


def clean_texts(array: pa.Array | pa.ChunkedArray, *, strip: bool) -> pa.Array | pa.ChunkedArray:
    """Clean texts where they need it; see `build_table`. A quote keeps its blanks: its offsets count them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if array.null_count == len(array):
        return array
    if any(map(_dirty, chunks(array))):
        array = pc.replace_substring_regex(pc.replace_substring_regex(array, "\r\n?", "\n"), RE2_CONTROL, "")
    bare = pc.utf8_trim_whitespace(array) if ragged(array) else array
    array = bare if strip else array
    blank = pc.equal(pc.binary_length(bare), 0)
    if pc.any(blank).as_py():
        array = pc.if_else(blank, pa.scalar(None, pa.large_string()), array)
    return array


#: `geo.frame.CONTROL` as Arrow's regular expressions write it.
RE2_CONTROL = CONTROL.replace(r"\x7f-\x9f", r"\x{7f}-\x{9f}")


def _dirty(array: pa.Array) -> bool:
    """Whether texts may hold a control character that they are cleaned of."""
    offsets, data = buffers(array)
    blocks = (data[at : at + BLOCK] for at in range(int(offsets[0]), int(offsets[-1]), BLOCK))
    return any(
        (block.min() < 32 and SUSPECT[block[block < 32]].any())
        or (block.max() >= 0x7F and any((block == byte).any() for byte in HIGH))
        for block in blocks
    )


def frame_of(tables: Sequence[pa.Table]) -> geopandas.GeoDataFrame:
    """Turn tables into a frame; see `geo.frame.build_frame`. Texts stay where they are."""
    import geopandas
    import pandas as pd
    import pyarrow as pa

    whole = pa.concat_tables(map(plain, tables)) if tables else schema().empty_table()
    data: dict[str, Any] = {}
    for name in COLUMNS:
        column = whole.column(name)
        if name in NUMBERS:
            data[name] = column.to_numpy()
        elif name in COUNTS:
            known = column.is_valid().to_numpy()
            data[name] = pd.arrays.IntegerArray(column.fill_null(0).to_numpy().copy(), ~known)
        else:
            data[name] = pd.array(column, dtype="string")
    table = pd.DataFrame(data, columns=list(COLUMNS))
    return geopandas.GeoDataFrame(table, geometry=geometry_of(table), crs="EPSG:4326")


class GeoParquet:
    """A GeoParquet file (https://geoparquet.org, version 1.0.0) that is written table by table.

    Parameters
    ----------
    path : Path
        Written at once: give a temporary one, to be moved into place.
    """

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        geometry = pa.field("geometry", pa.binary())
        self._schema = schema().append(geometry)
        self._file = pq.ParquetWriter(
            path,
            # Dictionaries are written as they are; that they were some is not kept.
            schema(coded=True).append(geometry),
            store_schema=False,
            # Texts that hardly repeat gain nothing by a dictionary, and texts nothing by their extremes.
            use_dictionary=[name for name in COLUMNS if name not in OWN],
            write_statistics=[name for name in COLUMNS if name in NUMBERS | COUNTS],
        )
        self._kinds: set[str] = set()
        self._box = np.array([np.inf, np.inf, -np.inf, -np.inf])

    def write(self, table: pa.Table) -> None:
        """Add the rows of a table."""
        shapes, kinds, box = _shapes(table)
        self._kinds |= kinds
        self._box[:2], self._box[2:] = np.fmin(self._box[:2], box[:2]), np.fmax(self._box[2:], box[2:])
        table = table.cast(schema(coded=True)).append_column("geometry", shapes)
        self._file.write_table(table)

    def close(self) -> None:
        """Say what the geometries are, and end the file."""
        from pyproj import CRS

        column = {
            "encoding": "WKB",
            "crs": CRS("EPSG:4326").to_json_dict(),
            "geometry_types": sorted(self._kinds),
        }
        if np.isfinite(self._box).all():
            column["bbox"] = self._box.tolist()
        meta = {
            "version": "1.0.0",
            "primary_column": "geometry",
            "columns": {"geometry": column},
            "creator": {"library": "dateline"},
        }
        types = base64.b64encode(self._schema.serialize())
        self._file.add_key_value_metadata({"geo": json.dumps(meta), "ARROW:schema": types})
        self._file.close()


def _shapes(table: pa.Table) -> tuple[pa.Array, set[str], Array]:
    """Points, and lines for links, as WKB; with their kinds, and west, south, east and north of them all."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lon, lat = (table.column(name).to_numpy() for name in ("lon", "lat"))
    known = np.isfinite(lon) & np.isfinite(lat)
    box = np.full(4, np.nan)
    if known.any():
        box[:] = lon[known].min(), lat[known].min(), lon[known].max(), lat[known].max()
    if pc.any(pc.is_in(table.column("type"), pa.array(sorted(LINK_TYPES), pa.large_string()))).as_py():
        import geopandas
        import pandas as pd

        names = ["type", "lat", "lon", "origin_lat", "origin_lon", "located_by"]
        some = pd.DataFrame({name: table.column(name).to_pandas() for name in names})
        shapes = geopandas.GeoSeries(geometry_of(some), crs="EPSG:4326")
        kinds = set(shapes.geom_type.dropna())
        return pa.array(shapes.to_wkb().tolist(), pa.binary()), kinds, np.array(shapes.total_bounds)
    points = np.zeros(len(lon), np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")]))
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, lon, lat
    size = points.dtype.itemsize
    offsets = np.concatenate([[0], np.cumsum(known)]).astype(np.int32) * size
    valid = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    packed = pa.py_buffer(points[known].tobytes())
    shapes = pa.Array.from_buffers(pa.binary(), len(lon), [valid, pa.py_buffer(offsets), packed])
    return shapes, {POINT} if known.any() else set(), box
