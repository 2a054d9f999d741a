"""Whether points lie in the country that a table states, told by the settlements around them.

Borders are not known here, so a point within some 50 km of a settlement of the country is never doubted.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import shapely

    from gazetteer import Gazetteer

#: A point is doubted beyond this many kilometres from the country's nearest settlement ...
NEAR_KM = 50.0
#: ... if another country's settlement is this many times nearer, or beyond this many kilometres anyway.
TIMES, FAR_KM = 3.0, 300.0


def distance_km(lat: np.ndarray, lon: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    """Great-circle distances between points in degrees, in kilometres (haversine, sphere of 6371.0088 km)."""
    a, b = np.radians(lat), np.radians(lat2)
    h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon2 - lon) / 2) ** 2
    return np.asarray(2 * 6371.0088 * np.arcsin(np.sqrt(np.clip(h, 0, 1))))


class Lands:
    """Settlements of the gazetteer by country, ready to be asked for the nearest."""

    def __init__(self, places: Gazetteer) -> None:
        self.places = places
        self._trees: dict[str, tuple[shapely.STRtree, np.ndarray]] = {}

    @cached_property
    def _settled(self) -> np.ndarray:
        codes = np.array([code.startswith("P") for code in self.places.feature_codes])
        return np.asarray(codes[np.asarray(self.places.feature)])

    def _tree(self, country: str) -> tuple[shapely.STRtree, np.ndarray]:
        import shapely

        if country not in self._trees:
            inside = self._settled if not country else self._settled & (self.places.country == country)
            rows = np.flatnonzero(inside)
            self._trees[country] = (
                shapely.STRtree(shapely.points(self.places.lon[rows], self.places.lat[rows])),
                rows,
            )
        return self._trees[country]

    def nearest(self, lat: np.ndarray, lon: np.ndarray, country: str = "") -> tuple[np.ndarray, np.ndarray]:
        """Find the settlement nearest (in degrees) to each point.

        Parameters
        ----------
        lat, lon : ndarray of float64
            Degrees.
        country : str
            ISO 3166-1 alpha-2; ``""`` for all.

        Returns
        -------
        rows, km : ndarray
            Rows of the gazetteer, -1 where the country has none; distances, infinite there.
        """
        import shapely

        tree, rows = self._tree(country)
        if not len(rows):
            return np.full(len(lat), -1), np.full(len(lat), np.inf)
        points, found = tree.query_nearest(shapely.points(lon, lat), all_matches=False)
        at = rows[found[np.argsort(points)]]
        return at, distance_km(lat, lon, self.places.lat[at], self.places.lon[at])

    def outside(self, lat: np.ndarray, lon: np.ndarray, country: str) -> np.ndarray:
        """Distance in kilometres to the stated country for points that do not seem to lie in it, else 0."""
        rows, own = self.nearest(lat, lon, country)
        away = np.zeros(len(lat))
        if len(rows) and rows[0] < 0:
            return away  # a country without settlements here: nothing can be said
        doubtful = np.flatnonzero(own > NEAR_KM)
        if len(doubtful):
            _, any_land = self.nearest(lat[doubtful], lon[doubtful])
            wrong = (any_land * TIMES < own[doubtful]) | (own[doubtful] > FAR_KM)
            away[doubtful[wrong]] = own[doubtful[wrong]]
        return away
