"""The coordinates of all rows of a table: from columns of their own, or from one column that holds both."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.factors import Array, Column, buffers, chunks
from geo.tables.coordinates import fits, read_angle, read_pair
from geo.tables.words import is_missing

if TYPE_CHECKING:
    import pyarrow as pa

    from geo.tables.spots import Spots

#: How plain degrees are written: their number can be taken as it is.
PLAIN = r"^-?\d{1,7}([.,]\d{1,12})?$"
#: Bytes and the length of numbers that can be taken all at once.
FIGURES, LONGEST = np.isin(np.arange(256), list(b"0123456789.-")), 18
#: Degrees within this of 0, 0 are a missing value.
NULL_ISLAND = 1e-4


def read_coordinates(
    cells: Mapping[str, Column], spots: Spots, named: Array, live: Array, *, reverse: bool = False
) -> tuple[Array, Array, Array, dict[int, tuple[float, float]]]:
    """Read the coordinate cells; what is missing, at 0,0 or unreadable becomes NaN with a message.

    Parameters
    ----------
    cells : mapping of str to Column
        Those of ``lat``, ``lon`` and ``coordinates`` are read.
    spots : Spots
        Is given the messages.
    named, live : ndarray of bool
        Rows that name a place; rows to look at.
    reverse : bool
        Whether ``coordinates`` has longitude first.

    Returns
    -------
    lat, lon, decimals, beyond
        Degrees, decimal places written (-1 for unknown), and what lies off the globe, by row.
    """
    size = len(live)
    blank = Column.blank(size)
    lats, lons, both = (cells.get(field, blank) for field in ("lat", "lon", "coordinates"))
    (lat, lat_places), (lon, lon_places) = _plain(lats), _plain(lons)
    decimals = np.maximum(lat_places, lon_places)
    beyond: dict[int, tuple[float, float]] = {}
    sound = np.isfinite(lat) & np.isfinite(lon) & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    sound &= (np.abs(lat) >= NULL_ISLAND) | (np.abs(lon) >= NULL_ISLAND)
    lat[~(sound & live)] = lon[~(sound & live)] = np.nan
    told = lats.filled | lons.filled | both.filled
    known: dict[tuple[str, str, str], Point] = {}
    for row in np.flatnonzero(live & told & ~sound).tolist():
        cell = lats[row], lons[row], both[row]
        if (point := known.get(cell)) is None:
            point = known[cell] = read_point(cell, reverse=reverse)
        if point.warning:
            spots.warn(row, point.warning)
        if point.useless:
            _useless(spots, row, point.useless, named=bool(named[row]))
        elif point.lat is None or point.lon is None:
            continue
        elif not fits(point.lat, point.lon):
            beyond[row] = (point.lat, point.lon)
        else:
            lat[row], lon[row], decimals[row] = point.lat, point.lon, point.places
    return lat, lon, decimals, beyond


def _plain(column: Column) -> tuple[Array, Array]:
    """Degrees and decimal places of the cells that are plain numbers; NaN and -1 for the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    size = len(column)
    degrees, places = np.full(size, np.nan), np.full(size, -1)
    if not size or not column.filled.any():
        return degrees, places
    told = None
    if all(map(_figures, chunks(column.array))):
        with suppress(pa.ArrowInvalid):  # nearly always all are plain
            at, texts = np.arange(size), column.array
            told = pc.cast(texts, pa.float64())
    if told is None:
        fits_ = pc.match_substring_regex(column.array, PLAIN)
        at = np.flatnonzero(fits_.to_numpy(zero_copy_only=False))
        texts = pc.replace_substring(column.array.take(pa.array(at)), ",", ".")
        told = pc.cast(texts, pa.float64())
    degrees[at] = told.to_numpy(zero_copy_only=False)
    point = pc.find_substring(texts, ".").to_numpy(zero_copy_only=False)
    length = pc.binary_length(texts).to_numpy(zero_copy_only=False)
    places[at] = np.where(point < 0, 0, length - point - 1)
    return degrees, places


def _figures(array: pa.Array) -> bool:
    """Whether cells hold nothing but the figures of numbers that are not too long."""
    offsets, data = buffers(array)
    return bool(FIGURES[data[offsets[0] : offsets[-1]]].all() and np.diff(offsets).max(initial=0) <= LONGEST)


@dataclass(frozen=True, slots=True)
class Point:
    """What the coordinate cells of a row say.

    Attributes
    ----------
    lat, lon : float or None
        Degrees, perhaps off the globe; None where there are none.
    places : int
        Decimal places they are written with; -1 for unknown.
    useless : str
        Why they are none, where the cells are not empty.
    warning : str
    """

    lat: float | None = None
    lon: float | None = None
    places: int = -1
    useless: str = ""
    warning: str = ""


def read_point(cells: tuple[str, str, str], *, reverse: bool = False) -> Point:
    """Read latitude, longitude and the cell of both, however they are written.

    Parameters
    ----------
    cells : tuple of str
    reverse : bool
        Whether the cell of both has longitude first, by its heading, where no letters say which is which.
    """
    a, b = read_angle(cells[0]), read_angle(cells[1])
    warning = ""
    if (a.error and is_missing(cells[1])) or (b.error and is_missing(cells[0])):
        a, b = read_pair(cells[0] if a.error else cells[1]) or (a, b)  # both stand in one of the two
    if a.degrees is None and b.degrees is None and not (a.error or b.error):
        pair = read_pair(cells[2])
        if pair is None:
            return (
                Point()
                if is_missing(cells[2])
                else Point(useless=f'"{cells[2]}" is not a pair of coordinates')
            )
        a, b = pair
        if reverse and not (a.axis or b.axis):
            a, b = b, a
    if a.axis == "lon" or b.axis == "lat":
        if {a.axis, b.axis} != {"lat", "lon"}:
            return Point(useless=f'"{cells[0]}", "{cells[1]}" are not a latitude and a longitude')
        a, b = b, a
        warning = "latitude and longitude stand in each other's column, as their letters tell"
    if a.degrees is None or b.degrees is None:
        return Point(useless=a.error or b.error or "latitude or longitude is missing", warning=warning)
    if abs(a.degrees) < NULL_ISLAND and abs(b.degrees) < NULL_ISLAND:
        return Point(useless="the coordinates 0, 0 stand for a missing value", warning=warning)
    if a.degrees == b.degrees and abs(a.degrees) > 90:
        written = ", ".join(filter(None, cells))
        return Point(useless=f"the coordinates {written} stand for a missing value", warning=warning)
    places = max((p for p in (a.places, b.places) if p is not None), default=-1)
    return Point(a.degrees, b.degrees, places, warning=warning)


def _useless(spots: Spots, row: int, why: str, *, named: bool) -> None:
    """Coordinates that are none: the name may do instead, and that is said."""
    if named:
        spots.warn(row, f"{why}: placed by its name instead")
    else:
        spots.reject(row, f"{why}, and no place is named")
