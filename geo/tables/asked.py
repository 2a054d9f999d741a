"""What the rows of a table call their places: each different name is numbered once, for all parts of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from geo.factors import Array, Column, together
from geo.tables.lands import numbers_of
from geo.tables.naming import LIVED_IN, Named
from geo.tables.sure import Asked
from geo.tables.words import is_missing, words

if TYPE_CHECKING:
    from gazetteer import Gazetteer
    from geo.tables.directory import Directory

#: How far around a place "near" reaches, in km.
VICINITY_KM = 10.0
#: "5 km north of ...", "ca. 12,5 km from ...".
DISTANCE = re.compile(
    r"(?:(?:about|some|approx\.?|ca?\.|~)\s*)?(?P<km>\d+(?:[.,]\d+)?)\s*(?:km|kilomet(?:er|re)s?|км)\b"
    r"[\w\s-]*?\b(?:of|from|от|de)\s+(?P<name>\S.*)",
    re.IGNORECASE,
)

#: Cells of place, second-level division, first-level division and country.
Cells = tuple[str, str, str, str]


class Book:
    """Names that were asked for, by number from 0.

    Attributes
    ----------
    asked : list of (name, admin2, admin1, country code)
    around : list of float or None
        How far around the place words such as "near" reach, in km.
    wide : list of bool
        Whether the name is that of a division, since the row names no place in it.
    told : ndarray of bool
        Whether any name is given.
    lands : ndarray of uint16
        The country stated, see `geo.tables.lands.numbers_of`.
    """

    #: So many names are remembered.
    MOST = 200_000

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[Cells, int] = {}
        self.asked: list[Asked] = []
        self.around: list[float | None] = []
        self.wide: list[bool] = []
        self.told, self.lands = np.zeros(0, bool), np.zeros(0, np.uint16)
        # Of the places that bear each name, where they are in `_rows`, and how many; -1 where not asked.
        self._starts, self._counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._rows = np.zeros(0, np.int64)

    def number(self, names: Sequence[Cells], country: Callable[[str], str]) -> Array:
        """Give the numbers of names."""
        known = self._numbers
        if not all(map(known.__contains__, names)):
            fresh = [cells for cells in names if cells not in known]
            if len(known) > self.MOST:
                self._forget()
                known, fresh = self._numbers, list(names)
            for cells in fresh:
                known[cells] = len(known)
                asked, around, wide = _read_name(cells, country(cells[3]))
                self.asked.append(asked)
                self.around.append(around)
                self.wide.append(wide)
            more = self.asked[-len(fresh) :]
            self.told = np.concatenate([self.told, [bool(one[0]) for one in more]])
            lands = numbers_of(np.array([one[3] for one in more], dtype="<U2"))
            self.lands = np.concatenate([self.lands, lands])
            unknown = np.full(len(fresh), -1)
            self._starts, self._counts = (np.append(one, unknown) for one in (self._starts, self._counts))
        return np.fromiter(map(known.__getitem__, names), np.int64, len(names))

    def namesakes(self, numbers: Array, places: Gazetteer) -> tuple[Array, Array, Array]:
        """Give all places that bear the names of these numbers, see `namesakes`.

        Returns
        -------
        starts, counts : ndarray of int64
            By number, where the places of each name are in `rows`.
        rows : ndarray of int64
            Rows of the gazetteer.
        """
        fresh = np.unique(numbers[self._starts[numbers] < 0])
        if len(fresh):
            starts, rows = namesakes([self.asked[number] for number in fresh.tolist()], places)
            self._starts[fresh], self._counts[fresh] = starts[:-1] + len(self._rows), np.diff(starts)
            self._rows = np.concatenate([self._rows, rows])
        return self._starts, self._counts, self._rows


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows of a part call their places.

    Attributes
    ----------
    codes : ndarray of int64
        Number of each row's name in the book.
    book : Book
    """

    codes: Array
    book: Book

    @classmethod
    def read(cls, columns: Sequence[Column], directory: Directory) -> Names:
        """Give each different name in the columns of places, districts and countries a number."""
        numbers, first = together(columns)
        lists = [map(column.values.__getitem__, column.codes[first].tolist()) for column in columns]
        book = directory.book
        return cls(book.number(list(zip(*lists, strict=True)), directory.country)[numbers], book)

    @property
    def told(self) -> Array:
        """Mask of the rows that give any name."""
        return np.asarray(self.book.told[self.codes])

    def meant(self, rows: Array, look_up: Callable[[set[Asked]], Mapping[Asked, Named]]) -> dict[int, Named]:
        """Give what the names of some rows mean, by their number."""
        numbers, book = np.flatnonzero(np.bincount(self.codes[rows])).tolist(), self.book
        named = look_up({book.asked[number] for number in numbers if book.told[number]})
        return {number: named[book.asked[number]] if book.told[number] else Named() for number in numbers}


def _read_name(cells: Cells, code: str) -> tuple[Asked, float | None, bool]:
    """Say what is asked for a row, how far around it words reach, and whether it is a division."""
    place, admin2, admin1, land = cells
    name, around = vague(place)
    whole = name or admin2 or admin1 or land
    inside = (admin2, admin1) if name else ("", admin1) if not is_missing(admin2) else ("", "")
    asked = ("", "", "", code) if is_missing(whole) else (whole, *inside, code)
    return asked, around, not name and not is_missing(admin2 or admin1)


@lru_cache(maxsize=100_000)
def vague(text: str) -> tuple[str, float | None]:
    """Take apart a name and words such as "near" or "5 km north of" before it.

    Returns
    -------
    name, radius_km : str, float or None
        How far around the place the words reach; None where there are none.
    """
    if found := DISTANCE.match(text):
        return found["name"], max(VICINITY_KM, float(found["km"].replace(",", ".")) + 2)
    if found := words()["near"].match(text):
        return text[found.end() :].strip(), VICINITY_KM
    return text, None


def namesakes(asked: Sequence[Asked], places: Gazetteer) -> tuple[Array, Array]:
    """All places that bear the names, in the countries stated, whatever division they are said to lie in.

    Returns
    -------
    starts : ndarray of int64
        Where the places of each name begin in `rows`; one more than there are names.
    rows : ndarray of int64
        Rows of the gazetteer.
    """
    from gazetteer.hits import hits_all
    from gazetteer.names import may_strip, normalize_all, strip_generic

    whole = [one[0].partition(",")[0].strip() or one[0] for one in asked]
    bare = [
        (at, found)
        for at, (name, fold) in enumerate(zip(whole, normalize_all(whole), strict=True))
        if may_strip(fold) and (found := strip_generic(name, fold))
    ]
    natural = np.array([not LIVED_IN.intersection(found.classes) for _, found in bare], bool)
    owners = np.concatenate([np.arange(len(whole)), np.array([at for at, _ in bare], np.int64)])
    hits = hits_all(places, [*whole, *(found.name for _, found in bare)])
    found_rows, numbers = hits.rows.astype(np.int64), owners[hits.owner]
    country = np.array([one[3] for one in asked], dtype="<U2")[numbers]
    # Seas lie in no country; without its generic word the name of one is that of some other place.
    fits = (country == "") | (places.country[found_rows] == country) | (places.country[found_rows] == "")
    bare_hit = hits.owner >= len(whole)
    fits[bare_hit] &= ~natural[hits.owner[bare_hit] - len(whole)] if len(bare) else True
    pairs = np.unique(np.stack([numbers[fits], found_rows[fits]], axis=1), axis=0).reshape(-1, 2)
    return np.searchsorted(pairs[:, 0], np.arange(len(asked) + 1)), pairs[:, 1]
