"""The coordinates of all rows of a table: from columns of their own, or from one column that holds both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from geo.factors import Array, Column
from geo.tables.coordinates import Angle, fits, read_angle, read_pair
from geo.tables.words import is_missing

if TYPE_CHECKING:
    from geo.tables.placing import Spots

#: How plain degrees are written: their number can be taken as it is.
PLAIN = r"^-?\d{1,7}(\.\d{1,12})?$"
#: Fewer cells than this are read one by one.
FEW = 200


def read_coordinates(
    cells: Mapping[str, Column], spots: Spots, named: Array, live: Array
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
    sound &= (np.abs(lat) >= 1e-4) | (np.abs(lon) >= 1e-4)
    lat[~(sound & live)] = lon[~(sound & live)] = np.nan
    told = lats.filled | lons.filled | both.filled
    for row in np.flatnonzero(live & told & ~sound).tolist():
        point = _point(row, (lats[row], lons[row], both[row]), spots, named=bool(named[row]))
        if point is None:
            continue
        a, b = point
        if a.degrees is None or b.degrees is None:
            half = "latitude or longitude is missing"
            _useless(spots, row, a.error or b.error or half, named=bool(named[row]))
        elif abs(a.degrees) < 1e-4 and abs(b.degrees) < 1e-4:
            _useless(spots, row, "the coordinates 0, 0 stand for a missing value", named=bool(named[row]))
        elif not fits(a.degrees, b.degrees):
            beyond[row] = (a.degrees, b.degrees)
        else:
            lat[row], lon[row] = a.degrees, b.degrees
            decimals[row] = max((p for p in (a.places, b.places) if p is not None), default=-1)
    return lat, lon, decimals, beyond


def _plain(column: Column) -> tuple[Array, Array]:
    """Degrees and decimal places of the cells that are plain numbers; NaN and -1 for the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    size = len(column)
    degrees, places = np.full(size, np.nan), np.full(size, -1)
    if size < FEW or not column.filled.any():
        return degrees, places
    fits_ = pc.match_substring_regex(column.array, PLAIN)
    at = np.flatnonzero(fits_.to_numpy(zero_copy_only=False))
    texts = column.array if len(at) == size else column.array.take(pa.array(at))
    degrees[at] = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    point = pc.find_substring(texts, ".").to_numpy(zero_copy_only=False)
    length = pc.binary_length(texts).to_numpy(zero_copy_only=False)
    places[at] = np.where(point < 0, 0, length - point - 1)
    return degrees, places


def _point(row: int, cells: tuple[str, str, str], spots: Spots, *, named: bool) -> tuple[Angle, Angle] | None:
    """Read the coordinates of one row, however they are written; None where there are none."""
    a, b = read_angle(cells[0]), read_angle(cells[1])
    if a.degrees is None and b.degrees is None and not (a.error or b.error):
        pair = read_pair(cells[2])
        if pair is None:
            if not is_missing(cells[2]):
                _useless(spots, row, f'"{cells[2]}" is not a pair of coordinates', named=named)
            return None
        a, b = pair
    if a.axis == "lon" or b.axis == "lat":
        if {a.axis, b.axis} == {"lat", "lon"}:
            a, b = b, a
            spots.warn(row, "latitude and longitude stand in each other's column, as their letters tell")
        else:
            a = Angle(error=f'"{cells[0]}", "{cells[1]}" are not a latitude and a longitude')
    return a, b


def _useless(spots: Spots, row: int, why: str, *, named: bool) -> None:
    """Coordinates that are none: the name may do instead, and that is said."""
    if named:
        spots.warn(row, f"{why}: placed by its name instead")
    else:
        spots.reject(row, f"{why}, and no place is named")
