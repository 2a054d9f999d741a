"""Whether points lie in the country that a table states, told by the settlements around them; likely fixes.

Borders are not known here, so a point within some 50 km of a settlement of the country is not doubted unless
it lies in a town of another one.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.distance import distances_km
from geo.factors import Array
from geo.tables.coordinates import fits

if TYPE_CHECKING:
    from gazetteer import Gazetteer
    from geo.tables.naming import Named

#: A point is doubted beyond this many kilometres from the country's nearest settlement ...
NEAR_KM = 50.0
#: ... if another country's settlement is this many times nearer, or beyond this many kilometres anyway.
TIMES, FAR_KM = 3.0, 300.0
#: A point within the first of so many kilometres of another country's settlement is there, unless one of the
#: country stated is within the second.
THERE_KM, BESIDE_KM = 1.0, 15.0

#: Side of a cell in degrees; of one that a place is looked for in and around.
CELL, SPOT = 0.15, 0.02
#: A cell and those that touch it.
TOUCHING = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1))
#: For fewer points than this it is quicker to measure all distances than to make a tree.
FEW = 50
#: Cells around those of the globe, so that each has neighbours.
MARGIN = 8


def _cells(lat: Array, lon: Array) -> tuple[Array, Array]:
    """Row and column of the cells of a grid that points lie in."""
    north = np.floor((np.asarray(lat) + 90) / CELL).astype(np.int32) + MARGIN
    east = np.floor((np.asarray(lon) + 180) / CELL).astype(np.int32) + MARGIN
    return north, east


def numbers_of(countries: Array) -> Array:
    """Give countries numbers by their codes; 0 for ``""``."""
    letters = np.ascontiguousarray(countries, dtype="<U2").view("<u4").reshape(-1, 2).astype(np.uint16)
    return np.asarray(((letters[:, 0] & 127) << 7) + (letters[:, 1] & 127))


def code_of(number: int) -> str:
    """Give the code of a country's number."""
    return chr(number >> 7) + chr(number & 127)


def _numbers(lands: Array, north: Array, east: Array) -> Array:
    """Give numbers to cells, apart for each country."""
    return (lands.astype(np.int64) << 32) + (north.astype(np.int64) << 14) + east


def _spots(lat: Array, lon: Array) -> Array:
    """Give numbers to the cells of a fine grid that points lie in; those side by side have the next ones."""
    north = np.floor((np.asarray(lat, "float64") + 90) / SPOT).astype(np.int64)
    east = np.floor((np.asarray(lon, "float64") + 180) / SPOT).astype(np.int64)
    return np.asarray((north + 8 << 20) + east + 8)


def _among(known: Array, cells: Array) -> Array:
    """Mask of the numbers that are among sorted ones."""
    at = np.minimum(np.searchsorted(known, cells), len(known) - 1)
    return np.asarray(known[at] == cells)


class Lands:
    """Settlements of the gazetteer by country, ready to be asked for the nearest."""

    def __init__(self, places: Gazetteer) -> None:
        self.places = places

    @cached_property
    def _settled(self) -> Array:
        codes = np.array([code.startswith("P") for code in self.places.feature_codes])
        return np.asarray(codes[np.asarray(self.places.feature)])

    @cached_property
    def _by_country(self) -> dict[str, Array]:
        """Settlements of each country."""
        rows = np.flatnonzero(self._settled)
        lands = numbers_of(self.places.country[rows])
        order = np.argsort(lands, kind="stable")
        numbers, starts = np.unique(lands[order], return_index=True)
        return dict(zip(map(code_of, numbers.tolist()), np.split(rows[order], starts[1:]), strict=True))

    def nearest(self, lat: Array, lon: Array, country: str) -> tuple[Array, Array]:
        """Find the settlement of a country nearest (in degrees) to each point.

        Parameters
        ----------
        lat, lon : ndarray of float64
            Degrees.
        country : str
            ISO 3166-1 alpha-2.

        Returns
        -------
        rows, km : ndarray
            Rows of the gazetteer, -1 where the country has none; distances, infinite there.
        """
        return self._nearest(self._by_country.get(country, np.zeros(0, np.int64)), lat, lon)

    def _nearest(self, rows: Array, lat: Array, lon: Array) -> tuple[Array, Array]:
        if not len(rows):
            return np.full(len(lat), -1), np.full(len(lat), np.inf)
        there = self.places.lon[rows], self.places.lat[rows]
        if len(lat) < FEW:
            apart = [(there[0] - x) ** 2 + (there[1] - y) ** 2 for x, y in zip(lon, lat, strict=True)]
            at = rows[np.array([np.argmin(one) for one in apart], np.int64)]
        else:
            import shapely

            tree = shapely.STRtree(shapely.points(*there))
            points, found = tree.query_nearest(shapely.points(lon, lat), all_matches=False)
            at = rows[found[np.argsort(points)]]
        return at, distances_km(lat, lon, self.places.lat[at], self.places.lon[at])

    def _any_land(self, lat: Array, lon: Array) -> Array:
        """Distance in km to the nearest settlement of any country, as far as it is within some 100 km."""
        places, rows = self.places, np.flatnonzero(self._settled)
        around = np.zeros((182, 362), bool)  # square degrees with their neighbours
        for up in range(-1, 2):
            for right in range(-3, 4):
                north = np.clip(np.floor(lat).astype(int) + 91 + up, 0, 181)
                around[north, (np.floor(lon).astype(int) + 181 + right) % 360] = True
        near = around[
            np.floor(places.lat[rows]).astype(int) + 91, (np.floor(places.lon[rows]).astype(int) + 181) % 360
        ]
        return self._nearest(rows[near], lat, lon)[1]

    @cached_property
    def _known_cells(self) -> tuple[Array, Array]:
        """For each cell the number of a country settled there, 0 for none; and numbers of all such cells."""
        at = np.flatnonzero(self._settled)
        north, east = _cells(self.places.lat[at], self.places.lon[at])
        lands = numbers_of(self.places.country[at])
        grid = np.zeros((int(180 / CELL) + 2 * MARGIN, int(360 / CELL) + 2 * MARGIN), np.uint16)
        grid[north, east] = lands
        return grid, np.sort(_numbers(lands, north, east))

    @cached_property
    def _spots(self) -> tuple[Array, Array]:
        """Settlements, and the cells of the fine grid they lie in, sorted by them."""
        rows = np.flatnonzero(self._settled)
        spots = _spots(self.places.lat[rows], self.places.lon[rows])
        order = np.argsort(spots)
        return rows[order], spots[order]

    def doubts(self, lat: Array, lon: Array, lands: Array) -> Array:
        """Distance in kilometres to the countries stated for points that do not seem to lie in them, else 0.

        Near a border a point may well lie in either country; at a town it lies in that town's. Points in one
        cell of the grid with a settlement of the country, or in one that touches it, are no farther from it
        than the cell's diagonal twice, which is less than `NEAR_KM`.

        Parameters
        ----------
        lat, lon : ndarray of float64
            Degrees.
        lands : ndarray of uint16
            See `numbers_of`; 0 where none is stated.
        """
        away = np.zeros(len(lat))
        grid, known = self._known_cells
        north, east = _cells(lat, lon)
        rest = np.flatnonzero((grid[north, east] != lands) & (lands > 0))  # nearly all are done with here
        for up, right in TOUCHING:
            cells = _numbers(lands[rest], north[rest] + up, east[rest] + right)
            rest = rest[~_among(known, cells)]
            if (up, right) == TOUCHING[0]:
                away[rest] = self._in_towns(lat[rest], lon[rest], lands[rest])
        for land in np.unique(lands[rest]).tolist():
            rows = rest[lands[rest] == land]
            away[rows] = np.fmax(away[rows], self.outside(lat[rows], lon[rows], code_of(land)))
        return away

    def _in_towns(self, lat: Array, lon: Array, lands: Array) -> Array:
        """Distance in kilometres to the countries stated for points in a town of another country, else 0."""
        away, (towns, spots) = np.zeros(len(lat)), self._spots
        middle = _spots(lat, lon)
        order = np.argsort(middle)  # what is looked for in order is found sooner
        middle = (middle[order] + (np.array([-1, 0, 1])[:, None] << 20)).ravel()
        first = np.searchsorted(spots, middle - 1)
        count = np.searchsorted(spots, middle + 1, "right") - first
        point, pair = np.repeat(np.tile(order, 3), count), np.repeat(first, count)
        at = towns[pair + np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)]
        apart = np.hypot(self.places.lat[at] - lat[point], self.places.lon[at] - lon[point])
        order = np.lexsort((apart, point))
        point, at = point[order], at[order]
        nearest = np.flatnonzero(np.r_[True, point[1:] != point[:-1]]) if len(point) else point
        point, at = point[nearest], at[nearest]
        km = distances_km(lat[point], lon[point], self.places.lat[at], self.places.lon[at])
        land = numbers_of(self.places.country[at])
        there = point[(km <= THERE_KM) & (land != lands[point]) & (land > 0)]
        for number in np.unique(lands[there]).tolist():
            rows = there[lands[there] == number]
            own = self.nearest(lat[rows], lon[rows], code_of(number))[1]
            away[rows] = np.where(np.isfinite(own) & (own > BESIDE_KM), own, 0)
        return away

    def outside(self, lat: Array, lon: Array, country: str) -> Array:
        """Distance in kilometres to the stated country for points that do not seem to lie in it, else 0."""
        rows, own = self.nearest(lat, lon, country)
        away = np.zeros(len(lat))
        if len(rows) and rows[0] < 0:
            return away  # a country without settlements here: nothing can be said
        far = own > FAR_KM
        away[far] = own[far]
        doubtful = np.flatnonzero((own > NEAR_KM) & ~far)
        if len(doubtful):
            wrong = doubtful[self._any_land(lat[doubtful], lon[doubtful]) * TIMES < own[doubtful]]
            away[wrong] = own[wrong]
        return away


def off_globe(lat: float, lon: float) -> str:
    """Say which coordinate, in degrees, is off the globe."""
    return f"latitude {lat:.7g} is beyond 90" if abs(lat) > 90 else f"longitude {lon:.7g} is beyond 180"


def likely_fix(lat: float, lon: float, named: Named, country: str, lands: Lands) -> str:
    """Say which slip would explain coordinates that contradict the place or the country of their row.

    Tried are: latitude and longitude swapped, a sign wrong, a decimal point missing, a digit too many. A
    slip is named only if the mended point lies at a place of that name, or else in that country.

    Returns
    -------
    str
        To be put behind a message; ``""`` where nothing explains them.
    """
    tries = [("swapped", lon, lat), ("of the wrong sign", -lat, lon), ("of the wrong sign", lat, -lon),
             ("of the wrong sign", -lat, -lon)]  # fmt: skip
    tries += [("short of a decimal point", _shifted(lat, 90), _shifted(lon, 180))]
    tries += [("a digit too long", one, lon) for one in _shorter(lat)]
    tries += [("a digit too long", lat, two) for two in _shorter(lon)]
    tries += [("swapped, and a digit too long", one, lat) for one in _shorter(lon)]
    tries += [("swapped, and a digit too long", lon, two) for two in _shorter(lat)]
    tries = [(slip, one, two) for slip, one, two in tries if fits(one, two) and (one, two) != (lat, lon)]
    if not tries:
        return ""
    lats, lons = np.array([one for _, one, _ in tries]), np.array([two for _, _, two in tries])
    at = np.full(len(tries), np.inf)
    for candidate in named.candidates:
        there = candidate.place
        at = np.minimum(at, distances_km(lats, lons, np.array(there.lat), np.array(there.lon)))
    if at.min() > NEAR_KM and country:
        at = lands.nearest(lats, lons, country)[1]
    best = int(np.argmin(at))  # the first of equals, which is the commonest slip
    if at[best] > NEAR_KM:
        return ""
    slip, one, two = tries[best]
    return f": they look {slip}; if so, write {one:.7g}, {two:.7g}"


def _shifted(degrees: float, limit: float) -> float:
    """Put the decimal point where the number first fits: 4002094 becomes 40.02094."""
    while abs(degrees) > limit:
        degrees /= 10
    return degrees


def _shorter(degrees: float) -> list[float]:
    """Leave out one digit before the decimal point: 140.4 becomes 40.4, 10.4 or 14.4."""
    whole, point, part = f"{abs(degrees):.9g}".partition(".")
    sign = -1 if degrees < 0 else 1
    if "e" in whole + part or len(whole) < 3:
        return []
    return [sign * float(whole[:at] + whole[at + 1 :] + point + part) for at in range(len(whole))]
