"""Where each row of a table is: by its coordinates, else by its place name; never by a guess.

Coordinates win over a name. A name that may be several places gives its candidates and no coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gazetteer.distance import distances_km
from geo.factors import Array, Column, together
from geo.frame import PRECISIONS, precision_of
from geo.tables.coordinates import radius_km
from geo.tables.words import is_missing
from geo.tables.lands import Lands, likely_fix, off_globe
from geo.tables.naming import SHOWN, Asked, Named, look_up, namesakes, vague
from geo.tables.points import read_coordinates

if TYPE_CHECKING:
    from gazetteer import Candidate, Gazetteer, Place

#: A name is doubted when all places that bear it are farther than this from the coordinates, in km.
FAR_FROM_NAME_KM = 50.0
#: Coordinates this near to a gazetteer's point are that point, and no more exact than it.
SAME_POINT_KM = 0.3
#: Radius in km of a row that has a precision and nothing else to tell its radius by.
RADII = {"settlement": 5.0, "vicinity": 10.0, "district": 25.0, "region": 100.0, "country": 400.0}


@dataclass(slots=True)
class Spots:
    """Columns that say where, filled row by row, with messages.

    Attributes
    ----------
    columns : dict of str to ndarray
        ``place`` to ``confidence`` of the frame; None, or NaN for numbers, where not known.
    warnings, errors : dict of int to list of str
        By row from 0.
    candidates : dict of int to tuple of Candidate
    """

    columns: dict[str, Array]
    warnings: dict[int, list[str]] = field(default_factory=dict)
    errors: dict[int, list[str]] = field(default_factory=dict)
    candidates: dict[int, tuple[Candidate, ...]] = field(default_factory=dict)

    def warn(self, row: int, text: str) -> None:
        """Say something of a row that is kept."""
        self.warnings.setdefault(row, []).append(text)

    def reject(self, row: int, text: str) -> None:
        """Say why a row cannot be kept."""
        self.errors.setdefault(row, []).append(text)


FIELDS = ("place", "place_id", "lat", "lon", "radius_km", "precision", "located_by", "confidence")


def locate_rows(
    cells: Mapping[str, Column],
    places: Gazetteer,
    codes: Mapping[str, Mapping[str, Any]],
    *,
    live: Array,
) -> Spots:
    """Locate the rows of a table.

    Parameters
    ----------
    cells : mapping of str to Column
        Cells by field, all of one length; fields the table has none of are left out.
    places : Gazetteer
    codes : mapping
        The schema's precision codes; see `geo.tables.columns.Schema`.
    live : ndarray of bool
        Rows to look at.

    Returns
    -------
    Spots
    """
    size = len(live)
    blank = Column.blank(size)
    spots = Spots(_empty(size))
    columns = spots.columns
    columns["place"] = cells.get("place", blank).texts(lambda cell: cell or None)
    land = cells.get("country", blank)
    country = {cell: "" if is_missing(cell) else _country(cell, places) for cell in land.values}
    names = Names.read(
        [cells.get(field, blank) for field in ("place", "admin2", "admin1", "country")], country
    )
    lat, lon, decimals, beyond = read_coordinates(cells, spots, names.told[names.codes], live)
    columns["lat"], columns["lon"] = lat, lon
    at = np.flatnonzero(live & np.isfinite(lat))
    lands = Lands(places)
    states = np.array([asked[3] for asked in names.asked], dtype="<U2")[names.codes[at]]
    doubts = _doubted(at, lat, lon, states, lands)
    near, km, doubtful = _nearest_of_name(at, lat, lon, names, places)
    open_rows = np.concatenate(
        [doubtful, list(doubts), list(beyond), np.flatnonzero(live & ~np.isfinite(lat))]
    )
    numbers = np.unique(names.codes[open_rows.astype(np.int64)]).tolist()
    named = look_up({names.asked[number] for number in numbers if names.told[number]}, places)
    means = {number: named.get(names.asked[number], Named()) for number in numbers}
    for row in np.flatnonzero(
        live & land.flags(lambda cell: not country[cell] and not is_missing(cell))
    ).tolist():
        spots.warn(row, f'"{land[row]}" is not a country known: it is left aside')
    for row, (one, two) in beyond.items():
        number = int(names.codes[row])
        fix = likely_fix(one, two, means[number], names.asked[number][3], lands)
        spots.reject(row, off_globe(one, two) + fix)
    away = {int(row): _namesake(lat[row], lon[row], means[names.codes[row]]) for row in doubtful.tolist()}
    _by_coordinates(spots, at, decimals, near, km, places)
    for row in sorted({*doubts, *(row for row, (place, _) in away.items() if place is not None)}):
        number = int(names.codes[row])
        place, distance = away.get(row, (None, 0.0))
        far = place is not None and distance > FAR_FROM_NAME_KM + place.radius_km
        if place is not None and not far:
            _at_name(spots, row, place, distance)
        if row in doubts or far:
            asked = names.asked[number]
            said = f'{distance:.0f} km from the nearest "{asked[0]}" known ({place.label if place else ""})'
            if row in doubts:
                said = f"{doubts[row]:.0f} km from the nearest settlement the gazetteer has in {asked[3]}"
            fix = likely_fix(lat[row], lon[row], means[number], asked[3], lands)
            columns["confidence"][row] = 0.3
            columns["place_id"][row] = None
            spots.warn(
                row, f"{lat[row]:.7g}, {lon[row]:.7g} is {said}{fix}; the coordinates are kept as written"
            )
    written = _as_written(spots, live & ~np.isfinite(lat), cells, places)
    _by_name(spots, live & ~np.isfinite(lat) & ~written, names, means)
    _keep_written(spots, live, cells, codes)
    _middles(spots, at, near, cells, codes, places)
    return spots


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows of a table call their places, each different one once.

    Attributes
    ----------
    codes : ndarray of int64
        Position in `asked` of each row.
    asked : list of (name, admin2, admin1, country code)
    told : ndarray of bool
        Whether any name is given.
    around : list of float or None
        How far around the place words such as "near" reach, in km.
    """

    codes: Array
    asked: list[Asked]
    told: Array
    around: list[float | None]

    @classmethod
    def read(cls, columns: Sequence[Column], country: Mapping[str, str]) -> Names:
        """Give each different name in the columns of places, districts and countries a number."""
        numbers, first = together(columns)
        asked: list[Asked] = []
        around: list[float | None] = []
        parts = {cell: vague(cell) for cell in columns[0].values}
        lists = [column.array.take(first).to_pylist() for column in columns]
        for place, admin2, admin1, land in zip(*lists, strict=True):
            name = parts[place][0]
            whole = name or admin2 or admin1 or land
            inside = (admin2, admin1) if name else ("", "")
            asked.append(
                ("", "", "", country[land]) if is_missing(whole) else (whole, *inside, country[land])
            )
            around.append(parts[place][1])
        return cls(numbers, asked, np.array([bool(one[0]) for one in asked], bool), around)


def _empty(size: int) -> dict[str, Array]:
    numbers = {"lat", "lon", "radius_km", "confidence"}
    return {
        name: np.full(size, np.nan) if name in numbers else np.full(size, None, dtype=object)
        for name in FIELDS
    }


def _countries(cells: Sequence[str], places: Gazetteer) -> dict[str, str]:
    """ISO code of each country written; "" where it is not known."""
    return {cell: "" if is_missing(cell) else _country(cell, places) for cell in set(cells)}


def _country(name: str, places: Gazetteer) -> str:
    """Code of a country; of "Myanmar (Burma)" and "Bahamas, The" by the parts, the first one first."""
    parts = [part.strip() for part in re.split(r"[(),]", name) if part.strip()]
    return next((code for part in (name, *parts) if (code := places.country_code(part))), "")


# -- by coordinates -------------------------------------------------------------------------------------


def _doubted(at: Array, lat: Array, lon: Array, states: Array, lands: Lands) -> dict[int, float]:
    """Rows whose point does not lie in the country stated, and how far from it they are, in km."""
    doubts: dict[int, float] = {}
    unsure = (states != "") & ~lands.surely_inside(lat[at], lon[at], states)
    at, states = at[unsure], states[unsure]
    for code in np.unique(states).tolist():
        rows = at[states == code]
        away = lands.outside(lat[rows], lon[rows], code)
        doubts |= dict(zip(rows[away > 0].tolist(), away[away > 0].tolist(), strict=True))
    return doubts


def _nearest_of_name(
    at: Array, lat: Array, lon: Array, names: Names, places: Gazetteer
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
    near, km = np.full(len(lat), -1), np.full(len(lat), np.inf)
    at = at[names.told[names.codes[at]]]
    numbers, which = np.unique(names.codes[at], return_inverse=True)
    starts, found = namesakes([names.asked[number] for number in numbers.tolist()], places)
    count = (starts[1:] - starts[:-1])[which]
    rows = np.repeat(at, count)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    candidates = found[np.repeat(starts[:-1][which], count) + within]
    away = distances_km(lat[rows], lon[rows], places.lat[candidates], places.lon[candidates])
    close = np.flatnonzero(away <= FAR_FROM_NAME_KM)
    order = close[np.argsort(-away[close], kind="stable")]  # the nearest is written last
    near[rows[order]], km[rows[order]] = candidates[order], away[order]
    return near, km, at[near[at] < 0]


def _namesake(lat: float, lon: float, means: Named) -> tuple[Place | None, float]:
    """Nearest of the places that a name may mean, and its distance in km."""
    if not means.candidates or (means.place is None and means.error):
        return None, 0.0
    there = [candidate.place for candidate in means.candidates]
    away = distances_km(
        np.array(lat), np.array(lon), np.array([p.lat for p in there]), np.array([p.lon for p in there])
    )
    best = int(np.argmin(away))
    return there[best], float(away[best])


def _by_coordinates(
    spots: Spots, at: Array, decimals: Array, near: Array, km: Array, places: Gazetteer
) -> None:
    """Fill the rows that have coordinates."""
    columns = spots.columns
    columns["located_by"][at], columns["confidence"][at] = "coordinates", 1.0
    exact = np.array([*(radius_km(places_) for places_ in range(20)), radius_km(None)])
    written = np.clip(decimals[at], -1, 19)
    columns["radius_km"][at] = exact[written]
    columns["precision"][at] = np.array(["district", "vicinity", *["exact"] * 19], dtype=object)[written]
    for row in at[decimals[at] == 0].tolist():
        spots.warn(row, f"the coordinates are whole degrees: they may be {radius_km(0):.0f} km off")
    at = at[near[at] >= 0]
    kinds, which = np.unique(near[at], return_inverse=True)
    ids, precisions, radii = place_texts(kinds, places)
    columns["place_id"][at] = ids[which]
    same = km[at] <= SAME_POINT_KM  # somebody looked the name up: no more exact than the gazetteer
    columns["precision"][at[same]] = precisions[which[same]]
    columns["radius_km"][at[same]] = radii[which[same]]


def place_texts(rows: Array, places: Gazetteer) -> tuple[Array, Array, Array]:
    """Ids, precisions and radii in km of rows of the gazetteer."""
    found = [dict(places.store.texts(row)).get("@id", "") for row in rows.tolist()]
    radii = np.round(np.asarray(places.radius_km[rows], "float64"), 3)
    features = [places.feature_codes[code] for code in np.asarray(places.feature[rows]).tolist()]
    kinds = [precision_of(feature, radius) for feature, radius in zip(features, radii.tolist(), strict=True)]
    return np.array(found, dtype=object), np.array(kinds, dtype=object), radii


def _at_name(spots: Spots, row: int, place: Place, km: float) -> None:
    """Note that coordinates lie at a place of the row's name."""
    if km > FAR_FROM_NAME_KM:
        return
    spots.columns["place_id"][row] = place.id
    if km <= SAME_POINT_KM:
        spots.columns["precision"][row] = precision_of(place.feature, place.radius_km)
        spots.columns["radius_km"][row] = place.radius_km


def _middles(
    spots: Spots,
    at: Array,
    near: Array,
    cells: Mapping[str, Column],
    codes: Mapping[str, Mapping[str, Any]],
    places: Gazetteer,
) -> None:
    """Warn of rows at the middle of their country, unless the table says so itself."""
    whole = at[(spots.columns["precision"][at] == "country") & (near[at] >= 0)]
    for row in whole.tolist():
        code = cells["precision"][row].removesuffix(".0") if "precision" in cells else ""
        if code not in codes:
            middle = places.name(int(near[row]))
            spots.warn(row, f"the coordinates are the middle of {middle}, not of what happened")


# -- by name --------------------------------------------------------------------------------------------


def _as_written(spots: Spots, lost: Array, cells: Mapping[str, Column], places: Gazetteer) -> Array:
    """Use what a reviewed table says of itself: a place id, or that the row has no place."""
    done = np.zeros(len(lost), bool)
    columns = spots.columns
    if "place_id" in cells:
        for row in np.flatnonzero(lost & cells["place_id"].filled).tolist():
            ident = cells["place_id"][row]
            ident = f"geonames:{ident}" if ident.isdigit() else ident
            try:
                place = places.get(ident)
            except KeyError:
                spots.warn(row, f'place id "{ident}" is not in the gazetteer')
            else:
                for name, value in _filled(place, 1.0).items():
                    columns[name][row] = value
                columns["place"][row] = columns["place"][row] or place.name
                done[row] = True
    if "located_by" in cells:
        none = np.flatnonzero(lost & ~done & cells["located_by"].flags(lambda cell: cell == "none"))
        for row in none[columns["place"][none] != None].tolist():  # noqa: E711 - element by element
            spots.warn(row, "located_by says none: empty that cell to have the place looked up")
        columns["located_by"][none] = "none"
        done[none] = True
    return done


def _by_name(spots: Spots, rows: Array, names: Names, means: Mapping[int, Named]) -> None:
    """Fill the rows that have a name only; what it means is the same for all rows of one name."""
    at = np.flatnonzero(rows)
    columns = spots.columns
    columns["located_by"][at] = "none"
    numbers, which = np.unique(names.codes[at], return_inverse=True)
    filled = [
        _filled(m.place, m.confidence) if (m := means[number]).place else {} for number in numbers.tolist()
    ]
    for number, values in zip(numbers.tolist(), filled, strict=True):
        if values and (around := names.around[number]) is not None:
            values |= {"precision": "vicinity", "radius_km": max(around, values["radius_km"])}
    known = np.array([bool(values) for values in filled], bool)[which]
    for name in FIELDS[1:]:
        table = np.empty(len(filled), dtype=columns[name].dtype)
        for position, values in enumerate(filled):
            table[position] = values.get(name)
        columns[name][at[known]] = table[which[known]]
    unnamed = at[columns["place"][at] == None]  # noqa: E711 - element by element
    table = np.array([asked[0] or None for asked in names.asked], dtype=object)
    columns["place"][unnamed] = table[names.codes[unnamed]]
    odd = [not m.place or bool(m.warning) for m in (means[number] for number in numbers.tolist())]
    for row in at[np.array(odd, bool)[which]].tolist():
        number = int(names.codes[row])
        meant = means[number]
        if not names.told[number]:
            spots.reject(row, "there is neither a place nor coordinates")
        elif meant.error:
            spots.reject(row, meant.error)
        else:
            if meant.warning:
                spots.warn(row, meant.warning)
            if meant.place is None:
                spots.candidates[row] = meant.candidates[:SHOWN]


def _filled(place: Place, confidence: float) -> dict[str, Any]:
    """Columns of a row that is located at a place of the gazetteer."""
    return {
        "place_id": place.id,
        "lat": place.lat,
        "lon": place.lon,
        "radius_km": place.radius_km,
        "precision": precision_of(place.feature, place.radius_km),
        "located_by": "gazetteer",
        "confidence": confidence,
    }


# -- as the table says ----------------------------------------------------------------------------------


def _keep_written(
    spots: Spots, live: Array, cells: Mapping[str, Column], codes: Mapping[str, Mapping[str, Any]]
) -> None:
    """Let the table's own precision, radius and confidence stand where the row is located."""
    columns = spots.columns
    live = live & ~np.isin(np.arange(len(live)), list(spots.errors))
    located = live & np.isfinite(columns["lat"])
    radius = cells["radius_km"].filled if "radius_km" in cells else np.zeros(len(live), bool)
    for number, cell in enumerate(cells["precision"].values if "precision" in cells else ()):
        rows = cells["precision"].codes == number
        code, wide = cell.removesuffix(".0"), rows & located
        if code in codes:
            precision = codes[code]["precision"]
            columns["precision"][wide] = precision
            least = codes[code].get("radius_km", RADII.get(precision, 1.0))
            columns["radius_km"][wide] = np.fmax(least, columns["radius_km"][wide])
        elif cell.casefold() in PRECISIONS:
            columns["precision"][rows & live] = cell.casefold()
            if cell.casefold() in RADII:
                wide &= ~radius
                columns["radius_km"][wide] = np.fmax(RADII[cell.casefold()], columns["radius_km"][wide])
    if "located_by" in cells:
        # Written by this project, and perhaps mended by hand: every cell of the group stands as it is.
        ours = located & cells["located_by"].flags(
            lambda cell: cell in {"coordinates", "gazetteer", "inferred"}
        )
        columns["located_by"][ours] = cells["located_by"].texts(str)[ours]
        columns["place_id"][ours] = (
            cells["place_id"].texts(lambda cell: cell or None)[ours] if "place_id" in cells else None
        )
        for name in ("precision", "radius_km", "confidence"):
            if name in cells:
                columns[name][ours & ~cells[name].filled] = None if name == "precision" else np.nan
    for name, most in (("radius_km", 20_100.0), ("confidence", 1.0)):
        if name in cells:
            value = cells[name].numbers(_number)
            fits = live & (value >= 0) & (value <= most)
            columns[name][fits] = value[fits]


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
