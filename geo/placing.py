"""Where each row of a table is: by its coordinates, else by its place name; never by a guess.

Coordinates win over a name. A name that may be several places gives its candidates and no coordinates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.coordinates import Angle, fits, radius_km, read_angle, read_pair
from geo.days import is_missing
from geo.frame import PRECISIONS, precision_of
from geo.lands import Lands, distance_km

if TYPE_CHECKING:
    from gazetteer import Candidate, Gazetteer, Place

#: A name is doubted when all places that bear it are farther than this from the coordinates, in km.
FAR_FROM_NAME_KM = 50.0
#: Coordinates this near to a gazetteer's point are that point, and no more exact than it.
SAME_POINT_KM = 0.3
#: Beyond this radius a named region is too wide to be shown without a remark, in km.
WIDE_KM = 60.0
#: Radius in km of a row that has a precision and nothing else to tell its radius by.
RADII = {"settlement": 5.0, "vicinity": 10.0, "district": 25.0, "region": 100.0, "country": 400.0}
#: Candidates looked at for one name, and shown for it.
LOOKED_AT, SHOWN = 40, 10

Asked = tuple[str, str, str, str]  # name, admin2, admin1, country code


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means: one place, or candidates, with what must be said of it."""

    place: Place | None = None
    candidates: tuple[Candidate, ...] = ()
    confidence: float = 0.0
    warning: str = ""
    error: str = ""


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
    names = [
        (name or admin2 or admin1 or land, *((admin2, admin1) if name else ("", "")), country[land])
        for name, admin2, admin1, land in zip(
            *(cells.get(field, blank) for field in ("place", "admin2", "admin1", "country")), strict=True
        )
    ]
    names = [asked if not is_missing(asked[0]) else ("", "", "", asked[3]) for asked in names]
    named = look_up({asked for asked, on in zip(names, live, strict=True) if on and asked[0]}, places)
    lat, lon, decimals = _coordinates(cells, spots, [bool(asked[0]) for asked in names], live)
    at = np.flatnonzero(live & np.isfinite(lat))
    lands = Lands(places)
    doubts = _doubted(at, lat, lon, [asked[3] for asked in names], lands)
    near = _nearest_of_name(at, lat, lon, [named.get(asked) for asked in names])
    for row in np.flatnonzero(live):
        if row in spots.errors:
            continue
        asked = names[row]
        means = named.get(asked, Named())
        if np.isfinite(lat[row]):
            place, km = near.get(row, (None, 0.0))
            _by_coordinates(spots, row, lat[row], lon[row], decimals[row], place, km)
            if row in doubts or km > FAR_FROM_NAME_KM + (place.radius_km if place else 0):
                _contradicted(spots, row, asked, (lat[row], lon[row]), doubts.get(row), place, km, lands)
        elif not _as_written(spots, row, cells, places):
            _by_name(spots, row, asked, means)
        _keep_written(spots, row, cells, codes)
    return spots


def _countries(cells: Sequence[str], places: Gazetteer) -> dict[str, str]:
    """ISO code of each country written; "" where it is not known."""
    return {cell: "" if is_missing(cell) else places.country_code(cell) for cell in set(cells)}


# -- names ----------------------------------------------------------------------------------------------


def look_up(wanted: set[Asked], places: Gazetteer) -> dict[Asked, Named]:
    """Look up names with what they are said to lie in; those of one division in one batch."""
    batches: dict[tuple[str, str, str], list[Asked]] = {}
    for asked in sorted(wanted):
        batches.setdefault(asked[1:], []).append(asked)
    found: dict[Asked, Named] = {}
    for (admin2, admin1, country), batch in batches.items():
        open_: list[Asked] = batch
        for within in (w for w in (admin2, admin1) if not is_missing(w)):
            lists = places.find_all(
                [a[0] for a in open_], country=country or None, within=within, limit=LOOKED_AT
            )
            hits = {a: c for a, c in zip(open_, lists, strict=True) if c}
            found |= {a: decide(a[0], c, places) for a, c in hits.items()}
            open_ = [a for a in open_ if a not in hits]
        lists = places.find_all([a[0] for a in open_], country=country or None, limit=LOOKED_AT)
        for asked, candidates in zip(open_, lists, strict=True):
            named = decide(asked[0], candidates, places)
            if not candidates:
                named = _unknown(asked, places)
            elif (
                named.place
                and not is_missing(admin2 or admin1)
                and not _lies_in(named.place, (admin2, admin1))
            ):
                where = admin2 or admin1
                named = Named(
                    named.place,
                    named.candidates,
                    named.confidence * 0.7,
                    f'"{asked[0]}" is not known to lie in {where}',
                )
            found[asked] = named
    return found


def _lies_in(place: Place, divisions: tuple[str, str]) -> bool:
    from gazetteer import normalize

    own = {normalize(name) for name in (place.name, place.admin1, place.admin2)}
    return any(normalize(name) in own for name in divisions if name)


def decide(name: str, candidates: Sequence[Candidate], places: Gazetteer) -> Named:
    """Take the one place a name means, if its readings do not rival each other.

    Of a town and the district around it that bear one name, the town is taken unless the name says
    "district": the difference is within the district's radius.
    """
    if not candidates:
        return Named()
    if places.is_ambiguous(candidates):
        shown = tuple(candidates[:SHOWN])
        labels = "; ".join(c.place.label for c in shown[:4])
        more = f" and {len(candidates) - 4} more" if len(candidates) > 4 else ""
        return Named(
            None,
            tuple(candidates),
            0.0,
            f'"{name}" may be {labels}{more}: none is chosen, add a district or coordinates',
        )
    from gazetteer.ranking import nested

    best = candidates[0]
    same = [c for c in candidates if nested(best, c)]
    towns = [c for c in same if c.place.feature.startswith("P") and c.score >= 0.2 * best.score]
    place = (towns or [best])[0].place
    precision = precision_of(place.feature, place.radius_km)
    warning = ""
    if precision in {"region", "country"} and place.radius_km > WIDE_KM:
        warning = f"{place.label} is a {precision}: shown at its middle, {place.radius_km:.0f} km around"
    return Named(place, tuple(candidates), min(0.95, round(sum(c.score for c in same), 2)), warning)


def _unknown(asked: Asked, places: Gazetteer) -> Named:
    """What to say of a name the gazetteer does not have."""
    name, _, _, country = asked
    if (
        country
        and (elsewhere := places.find(name, limit=SHOWN))
        and elsewhere[0].match in ("exact", "folded")
    ):
        known = "; ".join(c.place.label for c in elsewhere[:4])
        return Named(
            None,
            tuple(elsewhere),
            warning=f'"{name}" is not known in {country}, but as {known}: none is chosen',
        )
    if close := places.find(name, country=country or None, fuzzy=True, limit=SHOWN):
        known = "; ".join(c.place.label for c in close[:4])
        return Named(
            None,
            tuple(close),
            warning=f'"{name}" is not known; it may be misspelt for {known}: none is chosen',
        )
    where = f" in {country}" if country else ""
    return Named(error=f'"{name}" is not a place known{where}, and there are no coordinates')


# -- coordinates ----------------------------------------------------------------------------------------


def _coordinates(
    cells: Mapping[str, Sequence[str]], spots: Spots, named: Sequence[bool], live: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[int | None]]:
    """Read the coordinate cells; what is missing, at 0,0 or unreadable becomes NaN with a message."""
    size = len(live)
    lat, lon = np.full(size, np.nan), np.full(size, np.nan)
    decimals: list[int | None] = [None] * size
    blank = [""] * size
    lats, lons, both = (cells.get(field, blank) for field in ("lat", "lon", "coordinates"))
    angles = {cell: read_angle(cell) for cell in {*lats, *lons}}
    pairs = {cell: read_pair(cell) for cell in set(both)}
    for row in np.flatnonzero(live):
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
            spots.reject(row, _beyond(a.degrees, b.degrees))
        else:
            lat[row], lon[row] = a.degrees, b.degrees
            known = [p for p in (a.places, b.places) if p is not None]
            decimals[row] = max(known) if known else None
    return lat, lon, decimals


def _useless(spots: Spots, row: int, why: str, *, named: bool) -> None:
    """Coordinates that are none: the name may do instead, and that is said."""
    if named:
        spots.warn(row, f"{why}: placed by its name instead")
    else:
        spots.reject(row, f"{why}, and no place is named")


def _beyond(lat: float, lon: float) -> str:
    """Say which coordinate is off the globe, and the likely fix."""
    wrong = f"latitude {lat:g} is beyond 90" if abs(lat) > 90 else f"longitude {lon:g} is beyond 180"
    if fits(lon, lat):
        return f"{wrong} degrees: they look swapped; if so, write {lon:g}, {lat:g}"
    return f"{wrong} degrees: a digit too many, or a point missing?"


def _doubted(
    at: np.ndarray, lat: np.ndarray, lon: np.ndarray, countries: Sequence[str], lands: Lands
) -> dict[int, tuple[str, float]]:
    """Rows whose point does not lie in the country stated: the country, and its distance in km."""
    doubts: dict[int, tuple[str, float]] = {}
    codes = np.array([countries[row] for row in at], dtype="<U2")
    for code in sorted(set(codes.tolist()) - {""}):
        rows = at[codes == code]
        for row, km in zip(rows.tolist(), lands.outside(lat[rows], lon[rows], code), strict=True):
            if km > 0:
                doubts[row] = (code, float(km))
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
    columns["precision"][row], columns["radius_km"][row] = "exact", radius_km(decimals)
    if place is None or km > FAR_FROM_NAME_KM:
        return
    columns["place_id"][row] = place.id
    if km <= SAME_POINT_KM:  # somebody looked the name up: no more exact than the gazetteer
        columns["precision"][row] = precision_of(place.feature, place.radius_km)
        columns["radius_km"][row] = place.radius_km
        if columns["precision"][row] == "country":
            spots.warn(row, f"the coordinates are the middle of {place.name}, not of what happened")


def _contradicted(
    spots: Spots,
    row: int,
    asked: Asked,
    at: tuple[float, float],
    doubt: tuple[str, float] | None,
    place: Place | None,
    km: float,
    lands: Lands,
) -> None:
    """Say that coordinates contradict the country or the name, with the fix that would reconcile them."""
    lat, lon = (float(value) for value in at)
    if doubt:
        said = f"{lat:g}, {lon:g} is {doubt[1]:.0f} km from the nearest settlement that the gazetteer counts to {doubt[0]}"
    else:
        said = f'{lat:g}, {lon:g} is {km:.0f} km from the nearest "{asked[0]}" known ({place.label if place else ""})'
    fix = ""
    for other, how in (
        ((lon, lat), "swapped"),
        ((-lat, lon), "of the wrong sign"),
        ((lat, -lon), "of the wrong sign"),
    ):
        if not fits(*other) or other == (lat, lon):
            continue
        one, two = np.array([other[0]]), np.array([other[1]])
        near_name = (
            place is not None and distance_km(one, two, np.array([place.lat]), np.array([place.lon]))[0] <= 50
        )
        in_country = doubt is not None and lands.nearest(one, two, doubt[0])[1][0] <= 50
        if near_name or in_country:
            fix = f": they look {how}; if so, write {other[0]:g}, {other[1]:g}"
            break
    spots.columns["confidence"][row] = 0.3
    spots.columns["place_id"][row] = None
    spots.warn(row, f"{said}{fix}; the coordinates are kept as written")


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


def _by_name(spots: Spots, row: int, asked: Asked, means: Named) -> None:
    spots.columns["located_by"][row] = "none"
    if not asked[0]:
        spots.reject(row, "there is neither a place nor coordinates")
    elif means.error:
        spots.reject(row, means.error)
    else:
        if spots.columns["place"][row] is None:
            spots.columns["place"][row] = asked[0]
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
    code = written.get("precision", "")
    code = code.removesuffix(".0")
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
