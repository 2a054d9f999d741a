"""Cells that hold coordinates: decimal degrees or minutes and seconds, one to a cell or both in one.

Grid references are read by `geo.tables.grids`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.tables.days import is_missing, plain
from geo.tables.grids import read_grid

#: Hemisphere words and their signs, in English and Russian; the Spanish and French O is west.
NORTH = {"n": 1, "north": 1, "с": 1, "с.ш.": 1, "с.ш": 1, "сш": 1}
SOUTH = {"s": -1, "south": -1, "ю": -1, "ю.ш.": -1, "ю.ш": -1, "юш": -1}
EAST = {"e": 1, "east": 1, "в": 1, "в.д.": 1, "в.д": 1, "вд": 1}
WEST = {"w": -1, "west": -1, "o": -1, "з": -1, "з.д.": -1, "з.д": -1, "зд": -1}
SIGNS = NORTH | SOUTH | EAST | WEST
HEMISPHERE = "|".join(re.escape(word) for word in sorted(SIGNS, key=len, reverse=True))
NUMBER = r"\d+(?:[.,]\d+)?"
DEGREES = re.compile(
    rf"(?P<before>{HEMISPHERE})?\s*(?P<sign>[-+])?\s*(?P<deg>{NUMBER})"
    rf"(?:\s*(?:°|deg|d|:|\s)\s*(?P<min>{NUMBER})"
    rf"(?:\s*(?:['′’‘´]|min|m|:|\s)\s*(?P<sec>{NUMBER}))?)?"
    rf"\s*(?:°|deg|['′’‘´]{{1,2}}|[\"″”]|min|m|sec)?\s*(?P<after>{HEMISPHERE})?"
)
DECIMAL = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Angle:
    """A cell of one coordinate.

    Attributes
    ----------
    degrees : float or None
        None where the cell holds none.
    axis : str
        "lat" or "lon" where a hemisphere is written, else "".
    places : int or None
        Decimal places it was written with; None for degrees-minutes-seconds.
    error : str
        Why it cannot be read.
    """

    degrees: float | None = None
    axis: str = ""
    places: int | None = None
    error: str = ""


def read_angle(cell: str) -> Angle:
    """Read a latitude or a longitude, in degrees.

    Decimal point or comma, ``40°01'15.4"N``, ``40 01 15 N``, ``N40.0209``, Russian ``с.ш.``; not
    checked for range.
    """
    text = plain(cell.replace("º", "°"))
    if is_missing(text):
        return Angle()
    if DECIMAL.fullmatch(text):
        _, _, fraction = text.replace(",", ".").partition(".")
        return Angle(float(text.replace(",", ".")), "", len(fraction))
    match = DEGREES.fullmatch(text)
    if match is None or (match["before"] and match["after"]):
        return Angle(error=f'"{cell}" is not a coordinate')
    word = match["before"] or match["after"] or ""
    sign = SIGNS.get(word, 1) * (-1 if match["sign"] == "-" else 1)
    deg, minutes, seconds = (float((match[part] or "0").replace(",", ".")) for part in ("deg", "min", "sec"))
    if minutes >= 60 or seconds >= 60:
        return Angle(error=f'"{cell}" has 60 minutes or seconds, or more')
    axis = "" if not word else "lat" if word in NORTH | SOUTH else "lon"
    places = None if match["min"] else len(match["deg"].replace(",", ".").partition(".")[2])
    return Angle(round(sign * (deg + minutes / 60 + seconds / 3600), 7), axis, places)


def read_pair(cell: str) -> tuple[Angle, Angle] | None:
    """Read a cell that holds both coordinates, latitude first unless letters say otherwise.

    ``40.02, 45.93``; ``40,02; 45,93``; ``40°01'N 45°56'E``; ``POINT (45.93 40.02)`` (WKT: longitude
    first); an MGRS, UTM or Plus code reference (`geo.tables.grids`); None where it is no pair.
    """
    text = plain(cell.replace("º", "°"))
    if grid := read_grid(text):
        return grid
    if match := re.fullmatch(r"(?:srid=4326;)?\s*point\s*z?\s*\(\s*(\S+)\s+(\S+?)(?:\s+\S+)?\s*\)", text):
        lon, lat = (read_angle(part) for part in match.groups())
        return None if lat.error or lon.error else (lat, lon)
    text = text.strip("()[]{} ")
    if match := re.fullmatch(r"([-+]?\d+,\d+),\s*([-+]?\d+,\d+)", text):
        return read_angle(match[1]), read_angle(match[2])
    for separator in (r"\s*[;|/]\s*", r",\s+", r"\s*,\s*", r"(?<=[nsewсюв.])\s+", r"\s+"):
        parts = [part for part in re.split(separator, text) if part]
        if len(parts) != 2:
            continue
        one, two = (read_angle(part) for part in parts)
        if one.error or two.error or one.degrees is None or two.degrees is None:
            continue
        if one.axis == "lon" or two.axis == "lat":
            one, two = two, one
        if (one.axis or "lat") == "lat" and (two.axis or "lon") == "lon":
            return one, two
    return None


def fits(lat: float, lon: float) -> bool:
    """Whether degrees lie on the globe."""
    return abs(lat) <= 90 and abs(lon) <= 180


def radius_km(places: int | None) -> float:
    """How far a coordinate may be off in kilometres by the decimal places it was written with.

    Half a unit of the last place along a meridian (111 km a degree), and no less than 0.1 km.
    """
    return 0.1 if places is None else max(0.1, round(55.6 * 10.0**-places, 1))
