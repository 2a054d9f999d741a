"""A gazetteer as a table asks it: each question is answered once, however many parts of a table ask it."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.distance import distances_km
from geo.factors import Array
from geo.frame import PRECISIONS, precision_of
from geo.tables.asked import Book
from geo.tables.lands import Lands
from geo.tables.naming import SURE, Named, look_up
from geo.tables.sure import Asked, settle
from geo.tables.words import is_missing

if TYPE_CHECKING:
    from gazetteer import Gazetteer

#: Points other than the gazetteer's by which geocoders give a whole country.
MIDDLES = Path(__file__).parents[1] / "data" / "middles.csv"


class Directory:
    """A gazetteer as a table asks it: each question is answered once, however many parts of a table ask it.

    Parameters
    ----------
    places : Gazetteer
    """

    #: Coordinates within this many km of a point that stands for a whole country are that point.
    MIDDLE_KM = 2.0
    #: So many answers are remembered.
    MOST = 200_000

    def __init__(self, places: Gazetteer) -> None:
        self.places, self.lands = places, lands_of(places)
        self.book = Book()
        self._countries: dict[str, str] = {}
        self._named: dict[Asked, Named] = {}
        self._settled: dict[Asked, Named] = {}
        self._numbers = np.full(len(places.lat), -1, np.int32)
        self.ids: list[str] = []
        self.precisions: list[int] = []
        self.radii: list[float] = []

    def country(self, name: str) -> str:
        """Code of a country; of "Myanmar (Burma)" and "Bahamas, The" by the parts, the first one first."""
        if name not in self._countries:
            parts = [part.strip() for part in re.split(r"[(),]", name) if part.strip()]
            codes = (self.places.country_code(part) for part in (name, *parts))
            self._countries[name] = "" if is_missing(name) else next(filter(None, codes), "")
        return self._countries[name]

    def look_up(self, wanted: set[Asked]) -> Mapping[Asked, Named]:
        """Give what each name means, with all that it may mean."""
        if len(self._named) > self.MOST:
            self._named.clear()
        if fresh := wanted - self._named.keys():
            self._named |= look_up(fresh, self.places)
        return self._named

    def settle(self, wanted: set[Asked]) -> Mapping[Asked, Named]:
        """Give what each name means; what it may mean besides only where nothing is settled."""
        if len(self._settled) > self.MOST:
            self._settled.clear()
        if fresh := sorted(wanted - self._settled.keys()):
            rows = settle(fresh, self.places).tolist()
            sure = {
                one: Named(row, confidence=SURE) for one, row in zip(fresh, rows, strict=True) if row >= 0
            }
            self._settled |= sure
            self._settled |= look_up(set(fresh) - sure.keys(), self.places)
        return self._settled

    def number(self, rows: Array) -> Array:
        """Give rows of the gazetteer their positions in `ids`, `precisions` and `radii`."""
        fresh = np.unique(rows[self._numbers[rows] < 0])
        self._numbers[fresh] = np.arange(len(self.ids), len(self.ids) + len(fresh))
        if len(fresh):
            places = self.places
            radii = [round(km, 3) for km in places.radius_km[fresh].tolist()]
            kinds = [places.feature_codes[code] for code in places.feature[fresh].tolist()]
            self.ids += map(places.store.ident, fresh.tolist())
            self.precisions += map(PRECISIONS.index, map(precision_of, kinds, radii))
            self.radii += radii
        return np.asarray(self._numbers[rows])

    @cached_property
    def is_division(self) -> Array:
        """Mask of the gazetteer's divisions and countries."""
        return np.asarray(self.places.feature_class == "A")

    @cached_property
    def _middles(self) -> tuple[Array, Array, Array]:
        """Points that stand for whole countries: those of the gazetteer, and others that are in use."""
        whole = np.array([code.startswith("A.PCL") for code in self.places.feature_codes])
        at = np.flatnonzero(whole[np.asarray(self.places.feature)])
        with MIDDLES.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(line for line in file if line[0] != "#"))
        lat = np.concatenate([self.places.lat[at], [float(row["lat"]) for row in rows]])
        lon = np.concatenate([self.places.lon[at], [float(row["lon"]) for row in rows]])
        return lat, lon, np.concatenate([self.places.country[at], [row["country"] for row in rows]])

    def middle_of(self, lat: Array, lon: Array) -> Array:
        """Codes of the countries for which points stand as a whole, ``""`` for most points."""
        found = np.full(len(lat), "", dtype="<U2")
        if not len(lat):
            return found
        middle_lat, middle_lon, country = self._middles
        order = np.argsort(middle_lat)
        # In a band as high as the circle there are few middles: most points are done with here.
        reach = self.MIDDLE_KM / 111.0
        first = np.searchsorted(middle_lat[order], lat - reach)
        last = np.searchsorted(middle_lat[order], lat + reach)
        for step in range(int((last - first).max())):
            some = np.flatnonzero(first + step < last)
            at = order[first[some] + step]
            some, at = some[close := np.abs(lon[some] - middle_lon[at]) < 1], at[close]
            close = distances_km(lat[some], lon[some], middle_lat[at], middle_lon[at]) <= self.MIDDLE_KM
            found[some[close]] = country[at[close]]
        return found

    def name_of(self, country: str) -> str:
        """Give a country's name by its code."""
        found = self.places.find(country, country=country, limit=1)
        return found[0].place.name if found else country


@lru_cache(maxsize=1)
def lands_of(places: Gazetteer) -> Lands:
    """Give the settlements of a gazetteer by country, the same at every call: they take a while to sort."""
    return Lands(places)
