"""Incidents as columns: of each its distinct values, and for every row the number of one of them.

Views count, filter and sort by these numbers; a row is put together only where one is shown. Long texts that
seldom repeat stay texts where there are many rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.frame import COLUMNS, LINK_TYPES, SHOWN_STATUSES
from maps.errors import MapError
from maps.records import days, families

if TYPE_CHECKING:
    import geopandas

#: Types whose origin is where somebody came or called from: an arc, where others get a line of fire.
ARC_TYPES = LINK_TYPES | {"visit"}

#: Texts that no filter asks for, kept as texts where few of them are alike.
LONG = ("id", "title", "description", "url", "document", "quote", "why")

#: Rows looked at to see whether texts repeat.
SAMPLE = 20_000

_COORDINATES = ("lat", "lon", "origin_lat", "origin_lon")
_NUMBERS = (*_COORDINATES, "radius_km", "confidence", "killed", "wounded", "start", "end")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Coded:
    """A column of values that repeat.

    Attributes
    ----------
    values : list
        Distinct values, fit for JSON, the most frequent first; the first of all is None: not known.
    codes : ndarray of uint32, shape (n,)
        Place in `values` of each row's value.
    """

    values: list[Any]
    codes: NDArray[np.uint32]

    def __getitem__(self, row: int) -> Any:  # noqa: ANN401
        return self.values[self.codes[row]]

    @classmethod
    def of(cls, values: list[Any], codes: NDArray[Any]) -> Coded:
        """Bring values that may be met twice, and codes in no order, into the form of a column."""
        first = {None: 0} | dict.fromkeys(values, -1)
        met = dict(zip(first, range(len(first)), strict=True))
        codes = np.array([met[v] for v in values], dtype=np.int64)[codes]
        frequent = np.bincount(codes, minlength=len(met))
        order = np.argsort(-frequent[1:], kind="stable") + 1
        rank = np.zeros(len(met), dtype=np.uint32)
        rank[order] = np.arange(1, len(met))
        distinct = list(met)
        kept = int((frequent[1:] > 0).sum())
        return cls([None, *(distinct[k] for k in order[:kept])], rank[codes])

    @classmethod
    def flag(cls, mask: NDArray[np.bool_]) -> Coded:
        """Mark rows."""
        return cls([None, True], mask.astype(np.uint32))


def derived(make: Callable[..., Any], *columns: Coded) -> Coded:
    """Make a column from others, with one call for each distinct combination of values."""
    key = columns[0].codes.astype(np.int64)
    for column in columns[1:]:
        key = key * len(column.values) + column.codes
    codes, keys = pd.factorize(key)
    values = []
    for found in keys.tolist():
        parts = []
        for column in reversed(columns):
            found, code = divmod(found, len(column.values))
            parts.append(column.values[code])
        values.append(make(*reversed(parts)))
    return Coded.of(values, codes)


@dataclass(frozen=True)
class IncidentColumns:
    """Incidents by column.

    Attributes
    ----------
    lat, lon : ndarray of float64, shape (n,)
        Degrees, to a millionth; NaN where there is no whole place.
    coded : dict of str to Coded
        All other columns but texts. Besides those of `geo.frame.COLUMNS`: ``family``, ``layer`` (a key of
        `maps.records.KINDS`), ``line`` (``arc``, ``fire`` or None), ``drawn`` (whether it has a place on the
        map), ``days`` (see `maps.records.days`), ``why``, and ``killed_range`` and ``wounded_range`` (low and
        high, where the source gives a range).
    texts : dict of str to pyarrow.LargeStringArray
        Empty where not known.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    coded: dict[str, Coded]
    texts: dict[str, pa.Array]

    def __len__(self) -> int:
        return len(self.lat)

    def row(self, n: int) -> dict[str, Any]:
        """Put a row together: every column, None where not known, and its number ``n``."""
        row: dict[str, Any] = dict.fromkeys(
            (*COLUMNS, "line", "why", "days", "killed_range", "wounded_range")
        )
        row |= {name: column[n] for name, column in self.coded.items()}
        row |= {name: texts[n].as_py() or None for name, texts in self.texts.items()}
        if self.lat[n] == self.lat[n]:
            row |= {"lat": _whole(self.lat[n]), "lon": _whole(self.lon[n])}
        return row | {"n": n, "drawn": bool(row["drawn"])}

    def take(self, order: NDArray[np.int64]) -> IncidentColumns:
        """Put the rows into another order."""
        return IncidentColumns(
            self.lat[order],
            self.lon[order],
            {name: replace(c, codes=c.codes[order]) for name, c in self.coded.items()},
            {name: texts.take(pa.array(order)) for name, texts in self.texts.items()},
        )

    def place_ids(self) -> set[str]:
        """Give the ids of the places of incidents and of what they came from."""
        ids = (self.coded[name].values[1:] for name in ("place_id", "origin_id") if name in self.coded)
        return {place for values in ids for place in values}

    def plain(self) -> dict[str, list[Any]]:
        """List every column that holds anything, whole, fit for JSON."""
        out = {name: [c.values[k] for k in c.codes.tolist()] for name, c in self.coded.items()}
        out |= {name: [t or None for t in texts.to_pylist()] for name, texts in self.texts.items()}
        for name, values in (("lat", self.lat), ("lon", self.lon)):
            out[name] = [_whole(v) if v == v else None for v in values.tolist()]
        return {name: values for name, values in out.items() if any(v is not None for v in values)}


def columns_of(frame: geopandas.GeoDataFrame, *, long: bool = False, names: bool = True) -> IncidentColumns:
    """Take the columns of a frame of incidents.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Columns of `geo.frame.COLUMNS`, most of them optional. Without ``lat`` and ``lon`` the points of
        the geometry are used (any CRS; brought to EPSG:4326). Half a coordinate, and one off the Earth, count
        as none: better in the list than at a wrong place.
    long : bool
        Whether texts that seldom repeat are to stay texts.
    names : bool
        Whether rows with no id are named by their number.

    Raises
    ------
    MapError
        When the frame has neither an ``id`` nor a ``type`` nor a place: it is no frame of incidents.
    """
    if not len(frame.columns) or not ({"id", "type", "lat", "place", "geometry"} & set(frame.columns)):
        raise MapError(
            "The frame to draw has none of the columns id, type, place, lat or geometry: "
            "build it with geo.find_incidents or geo.read_incidents."
        )
    length = len(frame)
    numbers = {name: _numbers(frame, name) for name in _NUMBERS if name in frame.columns}
    if "lat" not in frame.columns or "lon" not in frame.columns:
        numbers["lat"], numbers["lon"] = _points(frame)
    for lat, lon in (("lat", "lon"), ("origin_lat", "origin_lon")):
        y, x = (numbers.get(name, np.full(length, np.nan)) for name in (lat, lon))
        off = ~((np.abs(y) <= 90) & (np.abs(x) <= 180))
        numbers[lat], numbers[lon] = np.where(off, np.nan, y), np.where(off, np.nan, x)
    coded = {name: _code_numbers(v) for name, v in numbers.items() if name not in ("lat", "lon")}
    texts: dict[str, pa.Array] = {}
    words = {name: _strings(frame, name) for name in COLUMNS if name not in _NUMBERS}
    ids = words["id"] = _named(words["id"], length) if names else None
    words["why"] = _by_id(frame.attrs.get("why", {}), ids) if ids is not None else None
    for name, array in words.items():
        if array is None:
            continue
        if long and name in LONG and _seldom_alike(array):
            texts[name] = _bare(array)
        else:
            coded[name] = _code_texts(array)
    for name, usual in (("type", "other"), ("status", "reported")):
        held = coded.get(name, Coded([None], np.zeros(length, dtype=np.uint32)))
        coded[name] = derived(lambda value, usual=usual: value or usual, held)
    ranges: Mapping[str, Any] = frame.attrs.get("ranges", {})
    if ranges and ids is not None:
        for toll in ("killed", "wounded"):
            told = {k: tuple(int(x) for x in v[toll]) for k, v in ranges.items() if toll in v}
            coded[f"{toll}_range"] = Coded.of([told.get(i) for i in ids.to_pylist()], np.arange(length))
    columns = IncidentColumns(numbers["lat"], numbers["lon"], coded, texts)
    columns.coded.update(drawing(columns))
    return columns


def drawing(columns: IncidentColumns) -> dict[str, Coded]:
    """Say of each incident what is drawn of it, and where it stands in the legend and in time."""
    coded = columns.coded
    nothing = Coded([None], np.zeros(len(columns), dtype=np.uint32))
    family_of = {t: f["id"] for f in families() for t in f["types"]}
    at = Coded.flag(~np.isnan(columns.lat))
    origin = Coded.flag(coded.get("origin_lat", nothing).codes > 0)
    line = derived(
        lambda type_, at, origin: ("arc" if type_ in ARC_TYPES else "fire") if at and origin else None,
        coded["type"], at, origin,
    )  # fmt: skip
    return {
        "family": derived(lambda type_: family_of.get(type_, "other"), coded["type"]),
        "line": line,
        # A call is a link between two places; with one end unknown there is nothing true to draw.
        "drawn": derived(
            lambda type_, line, at, basis: (
                True if at and not (type_ in LINK_TYPES and line is None and basis == "inferred") else None
            ),
            coded["type"], line, at, coded.get("located_by", nothing),
        ),
        "layer": derived(_layer, coded["status"], coded["type"], line),
        "days": derived(days, coded.get("date", nothing), coded.get("date_end", nothing)),
    }  # fmt: skip


def _layer(status: str, type_: str, line: str | None) -> str:
    if status in SHOWN_STATUSES:
        return "links" if type_ in LINK_TYPES and line else "incidents"
    return "denied" if status == "denied" else "planned"


def _numbers(frame: geopandas.GeoDataFrame, name: str) -> NDArray[np.float64]:
    """Read a column of numbers to a millionth; NaN where there is none."""
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy("float64", na_value=np.nan)
    finite: NDArray[np.float64] = np.where(np.isinf(values), np.nan, values).round(6)
    return finite


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else float(value)


def _code_numbers(values: NDArray[np.float64]) -> Coded:
    codes, distinct = pd.factorize(values)
    return Coded.of([None, *map(_whole, distinct.tolist())], codes + 1)


def _strings(frame: geopandas.GeoDataFrame, name: str) -> pa.Array | None:
    """Read a column as texts; None where it holds nothing."""
    if name not in frame.columns or frame[name].isna().all():
        return None
    column = frame[name]
    try:
        if not isinstance(column.dtype, pd.StringDtype):
            raise TypeError
        array = pa.array(column.array)
    except (TypeError, UnicodeEncodeError):
        array = pa.array([_text(value) for value in column.astype("object")], pa.large_string())
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.cast(pa.large_string())


def _text(value: Any) -> str | None:  # noqa: ANN401
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    return None if value is None or pd.isna(value) else _SURROGATE.sub("\ufffd", str(value))


def _bare(array: pa.Array) -> pa.Array:
    """Leave nothing where there is nothing but blanks."""
    blank = pc.equal(pc.binary_length(pc.utf8_trim_whitespace(array)), 0)
    return pc.if_else(pc.fill_null(blank, True), pa.scalar("", pa.large_string()), array)


def _code_texts(array: pa.Array) -> Coded:
    encoded = array.dictionary_encode()
    words = [word if word.strip() else None for word in encoded.dictionary.to_pylist()]
    return Coded.of([None, *words], pc.fill_null(encoded.indices, -1).to_numpy().astype(np.int64) + 1)


def _seldom_alike(array: pa.Array) -> bool:
    """Whether texts are mostly distinct, going by those at the head of the column and through it."""
    some = array.take(pa.array(np.linspace(0, len(array) - 1, min(len(array), SAMPLE)).astype(np.int64)))
    known = len(some) - some.null_count
    return bool(known) and pc.count_distinct(some).as_py() > known / 4


def _named(ids: pa.Array | None, length: int) -> pa.Array:
    """Name rows that have no id by their number."""
    numbers = pa.array(np.arange(1, length + 1)).cast(pa.large_string())
    row, nothing = (pa.scalar(text, pa.large_string()) for text in ("row-", ""))
    own = pc.binary_join_element_wise(row, numbers, nothing)
    if ids is None:
        return own
    bare = _bare(ids)
    return pc.if_else(pc.equal(bare, nothing), own, bare)


def _by_id(told: Mapping[str, str], ids: pa.Array) -> pa.Array | None:
    """Bring what is told by id into a column."""
    return pa.array([told.get(i) for i in ids.to_pylist()], pa.large_string()) if told else None


def _points(frame: geopandas.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Take points from the geometry: latitudes and longitudes."""
    if "geometry" not in frame.columns:
        nothing = np.full(len(frame), np.nan)
        return nothing, nothing.copy()
    shapes = frame.geometry if frame.crs is None else frame.geometry.to_crs("EPSG:4326")
    points = shapes.where(~shapes.is_empty).representative_point()
    return np.round(points.y.to_numpy("float64"), 6), np.round(points.x.to_numpy("float64"), 6)
