"""Where each row of a table is: by its coordinates, else by its place name; never by a guess.

Coordinates win over a name. A name that may be several places gives its candidates and no coordinates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gazetteer.distance import distances_km
from geo.factors import Array, Column, distinct
from geo.frame import PRECISIONS
from geo.tables.asked import Names
from geo.tables.coordinates import radius_km
from geo.tables.lands import likely_fix, off_globe
from geo.tables.naming import SHOWN, Named, of_division
from geo.tables.points import read_coordinates
from geo.tables.spots import Spots
from geo.tables.words import is_missing
from geo.tables.written import RADII, as_written, keep_written

if TYPE_CHECKING:
    from gazetteer import Place
    from geo.tables.directory import Directory

#: A name is doubted when all places that bear it are farther than this from the coordinates, in km.
FAR_FROM_NAME_KM = 50.0
#: Coordinates this near to a gazetteer's point are that point, and no more exact than it.
SAME_POINT_KM = 0.3
#: Precision by the decimal places written, unknown first.
WRITTEN = ("exact", "district", "vicinity", *["exact"] * 18)


def locate_rows(
    cells: Mapping[str, Column],
    directory: Directory,
    codes: Mapping[str, Mapping[str, Any]],
    *,
    live: Array,
    reverse: bool = False,
) -> Spots:
    """Locate the rows of a table.

    Parameters
    ----------
    cells : mapping of str to Column
        Cells by field, all of one length; fields the table has none of are left out.
    directory : Directory
        The gazetteer, and what has been asked of it before.
    codes : mapping
        The schema's precision codes; see `geo.tables.columns.Schema`.
    live : ndarray of bool
        Rows to look at.
    reverse : bool
        Whether the cell of both coordinates has longitude first.

    Returns
    -------
    Spots
    """
    size = len(live)
    blank = Column.blank(size)
    spots = Spots(size, cells.get("place", blank))
    land = cells.get("country", blank)
    country = {cell: directory.country(cell) for cell in land.values}
    names = Names.read(
        [cells.get(field, blank) for field in ("place", "admin2", "admin1", "country")], directory
    )
    spots.lat, spots.lon, decimals, beyond = read_coordinates(cells, spots, names.told, live, reverse=reverse)
    lat, lon = spots.lat, spots.lon
    at = np.flatnonzero(live & np.isfinite(lat))
    lost = live & ~np.isfinite(lat)
    stated = at[~_coded(cells, codes, size, "abroad")[at]]
    away = directory.lands.doubts(lat[stated], lon[stated], names.book.lands[names.codes[stated]])
    doubts = dict(zip(stated[away > 0].tolist(), away[away > 0].tolist(), strict=True))
    near, km, doubtful = _nearest_of_name(at, lat, lon, names, directory)
    doubted = np.concatenate([doubtful, list(doubts), list(beyond)]).astype(np.int64)
    means = names.meant(doubted, directory.look_up)
    for row in np.flatnonzero(
        live & land.flags(lambda cell: not country[cell] and not is_missing(cell))
    ).tolist():
        spots.warn(row, f'"{land[row]}" is not a country known: it is left aside')
    for row, (one, two) in beyond.items():
        number = int(names.codes[row])
        fix = likely_fix(one, two, means[number], names.book.asked[number][3], directory.lands)
        spots.reject(row, off_globe(one, two) + fix)
    lost &= ~np.isin(np.arange(size), list(spots.errors))  # enough is said of those
    _by_coordinates(spots, at, decimals, near, km, directory, coded=_coded(cells, codes, size))
    _doubt(spots, doubts, doubtful, names, means, directory)
    unplaced = lost & ~as_written(spots, lost, cells, directory)
    _by_name(spots, unplaced, names, names.meant(np.flatnonzero(unplaced), directory.settle), directory)
    keep_written(spots, live, cells, codes, by_name=lost)
    ours = cells["located_by"].filled if "located_by" in cells else np.zeros(size, bool)
    _middles(spots, at, near, km, directory, coded=_coded(cells, codes, size) | ours)
    return spots


def _coded(
    cells: Mapping[str, Column], codes: Mapping[str, Mapping[str, Any]], size: int, say: str = ""
) -> Array:
    """Mask of the rows with a precision code of the schema's; of a code that says a certain thing."""
    if "precision" not in cells:
        return np.zeros(size, bool)
    return cells["precision"].flags(
        lambda cell: (code := cell.removesuffix(".0")) in codes and (not say or bool(codes[code].get(say)))
    )


# -- by coordinates -------------------------------------------------------------------------------------


def _nearest_of_name(
    at: Array, lat: Array, lon: Array, names: Names, directory: Directory
) -> tuple[Array, Array, Array]:
    """For rows with coordinates: the nearest place that bears their name, within `FAR_FROM_NAME_KM` of them.

    Returns
    -------
    near : ndarray of int64
        Row of the gazetteer for each row of the table, -1 where none is so near.
    km : ndarray of float64
    doubtful : ndarray of int64
        Rows with coordinates and a name, but none of that name so near.
    """
    places = directory.places
    near, km = np.full(len(lat), -1), np.full(len(lat), np.inf)
    at = at[names.book.told[names.codes[at]]]
    numbers = names.codes[at]
    starts, counts, found = names.book.namesakes(numbers, places)
    count = counts[numbers]
    rows = np.repeat(at, count)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    candidates = found[np.repeat(starts[numbers], count) + within]
    beside = np.abs(lat[rows] - places.lat[candidates]) * 111 <= FAR_FROM_NAME_KM  # a degree is a bit more
    rows, candidates = rows[beside], candidates[beside]
    away = distances_km(lat[rows], lon[rows], places.lat[candidates], places.lon[candidates])
    close = np.flatnonzero(away <= FAR_FROM_NAME_KM)
    # The nearest is written last; a town goes before the district around it.
    rank = away[close] + directory.is_division[candidates[close]]
    several = np.bincount(rows[close], minlength=len(lat))[rows[close]] > 1
    again = np.flatnonzero(several)
    order = close[np.concatenate([np.flatnonzero(~several), again[np.argsort(-rank[again], kind="stable")]])]
    near[rows[order]], km[rows[order]] = candidates[order], away[order]
    return near, km, at[near[at] < 0]


def _by_coordinates(
    spots: Spots, at: Array, decimals: Array, near: Array, km: Array, directory: Directory, *, coded: Array
) -> None:
    """Fill the rows that have coordinates."""
    spots.located_by.put(at, "coordinates")
    spots.confidence[at] = 1.0
    exact = np.array([radius_km(None), *(radius_km(places) for places in range(20))])
    written = np.clip(decimals[at], -1, 19) + 1
    spots.radius_km[at] = exact[written]
    spots.precision.spread(at, written, WRITTEN)
    for row in at[(decimals[at] == 0) & ~coded[at]].tolist():
        spots.warn(row, f"the coordinates are whole degrees: they may be {radius_km(0):.0f} km off")
    at = at[near[at] >= 0]
    which = directory.number(near[at])
    spots.place_id.spread(at, which, directory.ids)
    same = km[at] <= SAME_POINT_KM  # somebody looked the name up: no more exact than the gazetteer
    at, which = at[same], which[same]
    spots.precision.spread(at, np.array(directory.precisions, np.int32)[which], PRECISIONS)
    spots.radius_km[at] = np.array(directory.radii)[which]


def _doubt(
    spots: Spots,
    doubts: Mapping[int, float],
    doubtful: Array,
    names: Names,
    means: Mapping[int, Named],
    directory: Directory,
) -> None:
    """Say of coordinates that they contradict the place or the country of their row, and why that may be."""
    lat, lon = spots.lat, spots.lon
    away = {row: _namesake(lat[row], lon[row], means[names.codes[row]]) for row in doubtful.tolist()}
    for row in sorted({*doubts, *(row for row, (place, _) in away.items() if place is not None)}):
        number = int(names.codes[row])
        place, distance = away.get(row, (None, 0.0))
        far = place is not None and distance > FAR_FROM_NAME_KM + place.radius_km
        if place is not None and distance <= FAR_FROM_NAME_KM:
            spots.place_id.put(row, place.id)
        if row in doubts or far:
            asked = names.book.asked[number]
            said = f'{distance:.0f} km from the nearest "{asked[0]}" known ({place.label if place else ""})'
            if row in doubts:
                said = f"{doubts[row]:.0f} km from the nearest settlement the gazetteer has in {asked[3]}"
            fix = likely_fix(lat[row], lon[row], means[number], asked[3], directory.lands)
            spots.confidence[row] = 0.3
            spots.place_id.put(row, None)
            spots.warn(
                row, f"{lat[row]:.7g}, {lon[row]:.7g} is {said}{fix}; the coordinates are kept as written"
            )


def _namesake(lat: float, lon: float, means: Named) -> tuple[Place | None, float]:
    """Nearest of the places that a name may mean, and its distance in km."""
    if not means.candidates or (means.row < 0 and means.error):
        return None, 0.0
    there = [candidate.place for candidate in means.candidates]
    away = distances_km(
        np.array(lat), np.array(lon), np.array([p.lat for p in there]), np.array([p.lon for p in there])
    )
    best = int(np.argmin(away))
    return there[best], float(away[best])


def _middles(spots: Spots, at: Array, near: Array, km: Array, directory: Directory, *, coded: Array) -> None:
    """Warn of rows at the middle of a country, unless the table says so itself, or a town is there."""
    at = at[~coded[at]]
    of = directory.middle_of(spots.lat[at], spots.lon[at])
    town = (near[at] >= 0) & ~directory.is_division[near[at]] & (km[at] <= directory.MIDDLE_KM)
    middle = np.flatnonzero((of != "") & ~town)
    for row, country in zip(at[middle].tolist(), of[middle].tolist(), strict=True):
        spots.warn(
            row, f"the coordinates are the middle of {directory.name_of(country)}, not of what happened"
        )
        if spots.precision.values[spots.precision.codes[row]] != PRECISIONS[-1]:
            spots.precision.put(row, PRECISIONS[-1])
            spots.radius_km[row] = RADII[PRECISIONS[-1]]


# -- by name --------------------------------------------------------------------------------------------


def _by_name(
    spots: Spots, rows: Array, names: Names, means: Mapping[int, Named], directory: Directory
) -> None:
    """Fill the rows that have a name only; what it means is the same for all rows of one name."""
    at, book = np.flatnonzero(rows), names.book
    spots.located_by.put(at, "none")
    numbers, which = distinct(names.codes[at])
    # Of a division all it may mean is needed: a village may bear its name, and go before it.
    wide = directory.look_up({book.asked[n] for n in numbers.tolist() if book.wide[n] and book.told[n]})
    meant = [
        of_division(wide[asked], asked[0], directory.places)
        if book.wide[number] and (asked := book.asked[number]) in wide
        else means[number]
        for number in numbers.tolist()
    ]
    known = np.array([one.row >= 0 for one in meant], bool)
    position = np.cumsum(known) - 1
    there = known[which]
    found = np.array([one.row for one in meant if one.row >= 0], np.int64)
    sure = np.array([one.confidence for one in meant if one.row >= 0])
    spots.locate(at[there], position[which[there]], found, sure, directory)
    around = np.array([book.around[number] or 0.0 for number in numbers.tolist()])[which]
    vaguely = at[there & (around > 0)]
    spots.precision.put(vaguely, "vicinity")
    spots.radius_km[vaguely] = np.maximum(spots.radius_km[vaguely], around[there & (around > 0)])
    for precision in {one.instead for one in meant} - {""}:
        wide = at[np.array([one.instead == precision for one in meant], bool)[which]]
        spots.precision.put(wide, precision)
        spots.radius_km[wide] = np.maximum(spots.radius_km[wide], RADII[precision])
    unnamed = spots.place.codes[at] == 0
    spots.place.spread(
        at[unnamed], which[unnamed], [book.asked[number][0] or None for number in numbers.tolist()]
    )
    odd = np.array([one.row < 0 or bool(one.warning) for one in meant], bool)
    for row, position_ in zip(at[odd[which]].tolist(), which[odd[which]].tolist(), strict=True):
        one = meant[position_]
        if not book.told[numbers[position_]]:
            spots.reject(row, "there is neither a place nor coordinates")
        elif one.error:
            spots.reject(row, one.error)
        else:
            if one.warning:
                spots.warn(row, one.warning)
            if one.row < 0:
                spots.candidates[row] = one.candidates[:SHOWN]
