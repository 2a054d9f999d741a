"""Where each row of a table is: by its coordinates, else by its place name; never by a guess.

Coordinates win over a name. A name that may be several places gives its candidates and no coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.coordinates import Angle, fits, radius_km, read_angle, read_pair
from geo.days import is_missing
from geo.frame import PRECISIONS, precision_of
from geo.lands import Lands, distance_km, likely_fix, off_globe
from geo.naming import SHOWN, Named, look_up, vague

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
    columns : dict of str to list
        ``place`` to ``confidence`` of the frame, None where not known.
    warnings, errors : dict of int to list of str
        By row from 0.
    candidates : dict of int to tuple of Candidate
    """

    columns: dict[str, list[Any]]
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
    cells: Mapping[str, Sequence[str]],
    places: Gazetteer,
    codes: Mapping[str, Mapping[str, Any]],
    *,
    live: np.ndarray,
) -> Spots:
    """Locate the rows of a table.

    Parameters
    ----------
    cells : mapping of str to sequence of str
        Cells by field, all of one length; ``""`` where the table has none.
    places : Gazetteer
    codes : mapping
        The schema's precision codes; see `geo.columns.Schema`.
    live : ndarray of bool
        Rows to look at.

    Returns
    -------
    Spots
    """
    size = len(live)
    blank = [""] * size
    spots = Spots({name: [None] * size for name in FIELDS})
    spots.columns["place"] = [cell or None for cell in cells.get("place", blank)]
    country = _countries(cells.get("country", blank), places)
    parts = {cell: vague(cell) for cell in set(cells.get("place", blank))}
    names = [
        (parts[name][0] or admin2 or admin1 or land, *((admin2, admin1) if name else ("", "")), country[land])
        for name, admin2, admin1, land in zip(
            *(cells.get(field, blank) for field in ("place", "admin2", "admin1", "country")), strict=True
        )
    ]
    names = [asked if not is_missing(asked[0]) else ("", "", "", asked[3]) for asked in names]
    named = look_up({asked for asked, on in zip(names, live, strict=True) if on and asked[0]}, places)
    lat, lon, decimals, beyond = _coordinates(cells, spots, [bool(asked[0]) for asked in names], live)
    at = np.flatnonzero(live & np.isfinite(lat))
    lands = Lands(places)
    doubts = _doubted(at, lat, lon, [asked[3] for asked in names], lands)
    near = _nearest_of_name(at, lat, lon, [named.get(asked) for asked in names])
    for row in np.flatnonzero(live).tolist():
        asked = names[row]
        means = named.get(asked, Named())
        land = cells.get("country", blank)[row]
        if not country[land] and not is_missing(land):
            spots.warn(row, f'"{land}" is not a country known: it is left aside')
        if row in beyond:
            spots.reject(row, off_globe(*beyond[row]) + likely_fix(*beyond[row], means, asked[3], lands))
        if row in spots.errors:
            continue
        if np.isfinite(lat[row]):
            place, km = near.get(row, (None, 0.0))
            _by_coordinates(spots, row, lat[row], lon[row], decimals[row], place, km)
            far = place is not None and km > FAR_FROM_NAME_KM + place.radius_km
            if row in doubts or far:
                said = f'{km:.0f} km from the nearest "{asked[0]}" known ({place.label if place else ""})'
                if row in doubts:
                    said = f"{doubts[row]:.0f} km from the nearest settlement the gazetteer has in {asked[3]}"
                fix = likely_fix(lat[row], lon[row], means, asked[3], lands)
                spots.columns["confidence"][row] = 0.3
                spots.columns["place_id"][row] = None
                spots.warn(
                    row, f"{lat[row]:.7g}, {lon[row]:.7g} is {said}{fix}; the coordinates are kept as written"
                )
        elif not _as_written(spots, row, cells, places):
            _by_name(spots, row, asked[0], means)
            if (around := parts.get(spots.columns["place"][row] or "", ("", None))[1]) is not None:
                _widen(spots, row, around)
        _keep_written(spots, row, cells, codes)
        if spots.columns["precision"][row] == "country" and not _coded(row, cells, codes) and row in near:
            spots.warn(row, f"the coordinates are the middle of {near[row][0].name}, not of what happened")
    return spots


def _countries(cells: Sequence[str], places: Gazetteer) -> dict[str, str]:
    """ISO code of each country written; "" where it is not known."""
    return {cell: "" if is_missing(cell) else _country(cell, places) for cell in set(cells)}


def _country(name: str, places: Gazetteer) -> str:
    """Code of a country; of "Myanmar (Burma)" and "Bahamas, The" by the parts, the first one first."""
    parts = [part.strip() for part in re.split(r"[(),]", name) if part.strip()]
    return next((code for part in (name, *parts) if (code := places.country_code(part))), "")


# -- coordinates ----------------------------------------------------------------------------------------


def _coordinates(
    cells: Mapping[str, Sequence[str]], spots: Spots, named: Sequence[bool], live: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[int | None], dict[int, tuple[float, float]]]:
    """Read the coordinate cells; what is missing, at 0,0 or unreadable becomes NaN with a message.

    Returns
    -------
    lat, lon, decimals, beyond
        Degrees, decimal places written, and what lies off the globe, by row.
    """
    size = len(live)
    lat, lon = np.full(size, np.nan), np.full(size, np.nan)
    decimals: list[int | None] = [None] * size
    beyond: dict[int, tuple[float, float]] = {}
    blank = [""] * size
    lats, lons, both = (cells.get(field, blank) for field in ("lat", "lon", "coordinates"))
    angles = {cell: read_angle(cell) for cell in {*lats, *lons}}
    pairs = {cell: read_pair(cell) for cell in set(both)}
    for row in np.flatnonzero(live).tolist():
        a, b = angles[lats[row]], angles[lons[row]]
        if a.degrees is None and b.degrees is None and not (a.error or b.error):
            pair = pairs[both[row]]
            if pair is None:
                if not is_missing(both[row]):
                    _useless(spots, row, f'"{both[row]}" is not a pair of coordinates', named=named[row])
                continue
            a, b = pair
        if a.axis == "lon" or b.axis == "lat":
            if {a.axis, b.axis} == {"lat", "lon"}:
                a, b = b, a
                spots.warn(row, "latitude and longitude stand in each other's column, as their letters tell")
            else:
                a = Angle(error=f'"{lats[row]}", "{lons[row]}" are not a latitude and a longitude')
        if a.degrees is None or b.degrees is None:
            half = "latitude or longitude is missing"
            _useless(spots, row, a.error or b.error or half, named=named[row])
        elif abs(a.degrees) < 1e-4 and abs(b.degrees) < 1e-4:
            _useless(spots, row, "the coordinates 0, 0 stand for a missing value", named=named[row])
        elif not fits(a.degrees, b.degrees):
            beyond[row] = (a.degrees, b.degrees)
        else:
            lat[row], lon[row] = a.degrees, b.degrees
            known = [p for p in (a.places, b.places) if p is not None]
            decimals[row] = max(known) if known else None
    return lat, lon, decimals, beyond


def _useless(spots: Spots, row: int, why: str, *, named: bool) -> None:
    """Coordinates that are none: the name may do instead, and that is said."""
    if named:
        spots.warn(row, f"{why}: placed by its name instead")
    else:
        spots.reject(row, f"{why}, and no place is named")


def _doubted(
    at: np.ndarray, lat: np.ndarray, lon: np.ndarray, countries: Sequence[str], lands: Lands
) -> dict[int, float]:
    """Rows whose point does not lie in the country stated, and how far from it they are, in km."""
    doubts: dict[int, float] = {}
    codes = np.array([countries[row] for row in at], dtype="<U2")
    for code in sorted(set(codes.tolist()) - {""}):
        rows = at[codes == code]
        for row, km in zip(rows.tolist(), lands.outside(lat[rows], lon[rows], code), strict=True):
            if km > 0:
                doubts[row] = float(km)
    return doubts


def _nearest_of_name(
    at: np.ndarray, lat: np.ndarray, lon: np.ndarray, named: Sequence[Named | None]
) -> dict[int, tuple[Place, float]]:
    """For rows with coordinates and a known name: the nearest place of that name, and its distance in km."""
    rows, owners, points = [], [], []
    for row in at.tolist():
        means = named[row]
        if means is None or (means.place is None and (means.error or not means.candidates)):
            continue
        for candidate in means.candidates:
            rows.append(row)
            owners.append(candidate)
            points.append((candidate.place.lat, candidate.place.lon))
    if not rows:
        return {}
    there = np.array(points)
    km = distance_km(lat[rows], lon[rows], there[:, 0], there[:, 1])
    nearest: dict[int, tuple[Place, float]] = {}
    for position in np.lexsort((km, rows)):
        nearest.setdefault(rows[position], (owners[position].place, float(km[position])))
    return nearest


def _by_coordinates(
    spots: Spots, row: int, lat: float, lon: float, decimals: int | None, place: Place | None, km: float
) -> None:
    columns = spots.columns
    columns["lat"][row], columns["lon"][row] = float(lat), float(lon)
    columns["located_by"][row], columns["confidence"][row] = "coordinates", 1.0
    columns["precision"][row] = {0: "district", 1: "vicinity"}.get(
        2 if decimals is None else decimals, "exact"
    )
    columns["radius_km"][row] = radius_km(decimals)
    if decimals == 0:
        spots.warn(row, f"the coordinates are whole degrees: they may be {radius_km(0):.0f} km off")
    if place is None or km > FAR_FROM_NAME_KM:
        return
    columns["place_id"][row] = place.id
    if km <= SAME_POINT_KM:  # somebody looked the name up: no more exact than the gazetteer
        columns["precision"][row] = precision_of(place.feature, place.radius_km)
        columns["radius_km"][row] = place.radius_km


# -- filling --------------------------------------------------------------------------------------------


def _as_written(spots: Spots, row: int, cells: Mapping[str, Sequence[str]], places: Gazetteer) -> bool:
    """Use what a reviewed table says of itself: a place id, or that the row has no place."""
    ident = cells["place_id"][row] if "place_id" in cells else ""
    if ident:
        ident = f"geonames:{ident}" if ident.isdigit() else ident
        try:
            place = places.get(ident)
        except KeyError:
            spots.warn(row, f'place id "{ident}" is not in the gazetteer')
        else:
            _put(spots, row, place, 1.0)
            return True
    if "located_by" in cells and cells["located_by"][row] == "none":
        if spots.columns["place"][row]:
            spots.warn(row, "located_by says none: empty that cell to have the place looked up")
        spots.columns["located_by"][row] = "none"
        return True
    return False


def _widen(spots: Spots, row: int, km: float) -> None:
    """Let a place stand for what is near it."""
    columns = spots.columns
    if columns["lat"][row] is not None:
        columns["precision"][row] = "vicinity"
        columns["radius_km"][row] = max(km, columns["radius_km"][row])


def _by_name(spots: Spots, row: int, name: str, means: Named) -> None:
    spots.columns["located_by"][row] = "none"
    if not name:
        spots.reject(row, "there is neither a place nor coordinates")
    elif means.error:
        spots.reject(row, means.error)
    else:
        if spots.columns["place"][row] is None:
            spots.columns["place"][row] = name
        if means.warning:
            spots.warn(row, means.warning)
        if means.place is None:
            spots.candidates[row] = means.candidates[:SHOWN]
        else:
            _put(spots, row, means.place, means.confidence)


def _put(spots: Spots, row: int, place: Place, confidence: float) -> None:
    values = {
        "place": spots.columns["place"][row] or place.name,
        "place_id": place.id,
        "lat": place.lat,
        "lon": place.lon,
        "radius_km": place.radius_km,
        "precision": precision_of(place.feature, place.radius_km),
        "located_by": "gazetteer",
        "confidence": confidence,
    }
    for name, value in values.items():
        spots.columns[name][row] = value


def _coded(row: int, cells: Mapping[str, Sequence[str]], codes: Mapping[str, Mapping[str, Any]]) -> str:
    """Give the schema's precision code of a row, "" where it has none."""
    code = cells["precision"][row].removesuffix(".0") if "precision" in cells else ""
    return code if code in codes else ""


def _keep_written(
    spots: Spots, row: int, cells: Mapping[str, Sequence[str]], codes: Mapping[str, Mapping[str, Any]]
) -> None:
    """Let the table's own precision, radius and confidence stand where the row is located."""
    columns = spots.columns
    written = {
        name: cells[name][row]
        for name in ("precision", "radius_km", "confidence", "located_by", "place_id")
        if name in cells
    }
    code = _coded(row, cells, codes) or written.get("precision", "")
    if code in codes and columns["lat"][row] is not None:
        precision = codes[code]["precision"]
        columns["precision"][row] = precision
        wide = codes[code].get("radius_km", RADII.get(precision, 1.0))
        columns["radius_km"][row] = max(wide, columns["radius_km"][row] or 0)
    elif code.casefold() in PRECISIONS:
        columns["precision"][row] = code.casefold()
        if not written.get("radius_km") and code.casefold() in RADII and columns["lat"][row] is not None:
            columns["radius_km"][row] = max(RADII[code.casefold()], columns["radius_km"][row] or 0)
    if (
        written.get("located_by") in {"coordinates", "gazetteer", "inferred"}
        and columns["lat"][row] is not None
    ):
        # Written by this project, and perhaps mended by hand: every cell of the group stands as it is.
        columns["located_by"][row] = written["located_by"]
        columns["place_id"][row] = written.get("place_id") or None
        for name in ("precision", "radius_km", "confidence"):
            if name in written and not written[name]:
                columns[name][row] = None
    for name in ("radius_km", "confidence"):
        try:
            value = float(written.get(name, ""))
        except ValueError:
            continue
        if 0 <= value <= (1 if name == "confidence" else 20_100):
            columns[name][row] = value
