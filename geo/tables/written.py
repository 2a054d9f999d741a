"""What a table says of its places itself: an id, a precision, a radius, how they were located."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.factors import Array, Column
from geo.frame import PRECISIONS

if TYPE_CHECKING:
    from geo.tables.directory import Directory
    from geo.tables.spots import Spots

#: Radius in km of a row that has a precision and nothing else to tell its radius by.
RADII = {"settlement": 5.0, "vicinity": 10.0, "district": 25.0, "region": 100.0, "country": 400.0}
#: How a located row may be located.
LOCATED = frozenset({"coordinates", "gazetteer", "inferred"})


def as_written(spots: Spots, lost: Array, cells: Mapping[str, Column], directory: Directory) -> Array:
    """Use what a reviewed table says of rows without coordinates: a place id, or that there is no place.

    Returns
    -------
    ndarray of bool
        Mask of the rows that are dealt with.
    """
    done = np.zeros(len(lost), bool)
    if "place_id" in cells:
        column = cells["place_id"]
        rows = np.flatnonzero(lost & column.filled)
        numbers, which = np.unique(column.codes[rows], return_inverse=True)
        for number, code in enumerate(numbers.tolist()):
            ident, at = column.values[code], rows[which == number]
            ident = f"geonames:{ident}" if ident.isdigit() else ident
            try:
                place = directory.places.row(ident)
            except KeyError:
                for row in at.tolist():
                    spots.warn(row, f'place id "{ident}" is not in the gazetteer')
            else:
                spots.locate(at, np.zeros(len(at), np.int64), np.array([place]), np.ones(1), directory)
                spots.place.put(at[spots.place.codes[at] == 0], directory.places.name(place))
                done[at] = True
    if "located_by" in cells:
        none = np.flatnonzero(lost & ~done & cells["located_by"].flags(lambda cell: cell == "none"))
        for row in none[spots.place.codes[none] != 0].tolist():
            spots.warn(row, "located_by says none: empty that cell to have the place looked up")
        spots.located_by.put(none, "none")
        done[none] = True
    return done


def keep_written(
    spots: Spots,
    live: Array,
    cells: Mapping[str, Column],
    codes: Mapping[str, Mapping[str, Any]],
    *,
    by_name: Array,
) -> None:
    """Let the table's own precision, radius and confidence stand where the row is located.

    A code of the schema speaks of the coordinates the table gives: of a row placed by its name it cannot make
    the place narrower than it is.
    """
    live = live & ~np.isin(np.arange(len(live)), list(spots.errors))
    located = live & np.isfinite(spots.lat)
    radius = cells["radius_km"].filled if "radius_km" in cells else np.zeros(len(live), bool)
    rank = {precision: at for at, precision in enumerate(PRECISIONS)}
    for number, cell in enumerate(cells["precision"].values if "precision" in cells else ()):
        rows = cells["precision"].codes == number
        code, wide = cell.removesuffix(".0"), rows & located
        if code in codes:
            precision = codes[code]["precision"]
            wide &= ~by_name | (
                spots.precision.numbers(lambda one: rank.get(one or "", -1)) < rank[precision]
            )
            spots.precision.put(wide, precision)
            least = codes[code].get("radius_km", RADII.get(precision, 1.0))
            spots.radius_km[wide] = np.fmax(least, spots.radius_km[wide])
        elif cell.casefold() in PRECISIONS:
            spots.precision.put(rows & live, cell.casefold())
            if cell.casefold() in RADII:
                wide &= ~radius
                spots.radius_km[wide] = np.fmax(RADII[cell.casefold()], spots.radius_km[wide])
    if "located_by" in cells:
        # Written by this project, and perhaps mended by hand: every cell of the group stands as it is.
        how = cells["located_by"]
        ours = located & how.flags(lambda cell: cell in LOCATED)
        spots.located_by.spread(ours, how.codes[ours], how.values)
        spots.place_id.put(ours, None)
        if "place_id" in cells:
            given = cells["place_id"]
            spots.place_id.spread(ours, given.codes[ours], [cell or None for cell in given.values])
        for name in ("precision", "radius_km", "confidence"):
            if name in cells:
                empty = ours & ~cells[name].filled
                if name == "precision":
                    spots.precision.put(empty, None)
                else:
                    getattr(spots, name)[empty] = np.nan
    for name, most in (("radius_km", 20_100.0), ("confidence", 1.0)):
        if name in cells:
            value = cells[name].numbers(_number)
            fits = live & (value >= 0) & (value <= most)
            getattr(spots, name)[fits] = value[fits]


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
