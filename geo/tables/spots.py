"""Where the rows of a table are, column by column, as far as it is told; with messages and candidates."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from geo.factors import Array, Column, Labels
from geo.frame import PRECISIONS

if TYPE_CHECKING:
    from gazetteer import Candidate
    from geo.tables.directory import Directory

NUMBERS = ("lat", "lon", "radius_km", "confidence")


class Spots:
    """Columns that say where, filled step by step.

    Attributes
    ----------
    lat, lon, radius_km, confidence : ndarray of float64
        NaN where not known.
    place, place_id, precision, located_by : Labels
    warnings, errors : dict of int to list of str
        By row from 0.
    candidates : dict of int to tuple of Candidate
    """

    def __init__(self, size: int, place: Column | None = None) -> None:
        self.lat, self.lon, self.radius_km, self.confidence = (np.full(size, np.nan) for _ in NUMBERS)
        self.place, self.place_id = Labels(size), Labels(size)
        self.precision, self.located_by = Labels(size), Labels(size)
        if place is not None:
            self.place.spread(np.arange(size), place.codes, [cell or None for cell in place.values])
        self.warnings: dict[int, list[str]] = defaultdict(list)
        self.errors: dict[int, list[str]] = defaultdict(list)
        self.candidates: dict[int, tuple[Candidate, ...]] = {}

    def warn(self, row: int, text: str) -> None:
        """Say something of a row that is kept."""
        self.warnings[row].append(text)

    def reject(self, row: int, text: str) -> None:
        """Say why a row cannot be kept."""
        self.errors[row].append(text)

    def locate(
        self, rows: Array, which: Array, found: Array, confidence: Array, directory: Directory
    ) -> None:
        """Put each of the rows at the row of the gazetteer that its number in `which` says."""
        places = directory.places
        numbers = directory.number(found)
        self.place_id.spread(rows, numbers[which], directory.ids)
        self.precision.spread(rows, np.array(directory.precisions, np.int32)[numbers][which], PRECISIONS)
        self.located_by.put(rows, "gazetteer")
        for column, values in (
            (self.lat, places.lat[found]),
            (self.lon, places.lon[found]),
            (self.radius_km, np.array(directory.radii)[numbers]),
            (self.confidence, confidence),
        ):
            column[rows] = np.asarray(values, "float64")[which]

    def columns(self) -> dict[str, Column | Array]:
        """Give the columns of the frame."""
        texts = {
            name: getattr(self, name).column() for name in ("place", "place_id", "precision", "located_by")
        }
        return texts | {name: getattr(self, name) for name in NUMBERS}
