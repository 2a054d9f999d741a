"""Cells that hold coordinates: decimal degrees or minutes and seconds, one to a cell or both in one.

Grid references are read by `geo.tables.grids`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from geo.tables.grids import read_grid
from geo.tables.words import either, is_missing, plain

#: Hemisphere words and their signs, in English and Russian; the Spanish and French O is west.
NORTH = {"n": 1, "north": 1, "с": 1, "с.ш.": 1, "с.ш": 1, "сш": 1}
SOUTH = {"s": -1, "south": -1, "ю": -1, "ю.ш.": -1, "ю.ш": -1, "юш": -1}
EAST = {"e": 1, "east": 1, "в": 1, "в.д.": 1, "в.д": 1, "вд": 1}
WEST = {"w": -1, "west": -1, "o": -1, "з": -1, "з.д.": -1, "з.д": -1, "зд": -1}
SIGNS = NORTH | SOUTH | EAST | WEST
HEMISPHERE = either(SIGNS)
NUMBER = r"\d+(?:[.,]\d+)?"
DEGREES = re.compile(
    rf"(?P<before>{HEMISPHERE})?\s*(?P<sign>[-+])?\s*(?P<deg>{NUMBER})"
    rf"(?:\s*(?:°|deg|d|:|\s)\s*(?P<min>{NUMBER})"
    rf"(?:\s*(?:['′’‘´]|min|m|:|\s)\s*(?P<sec>{NUMBER}))?)?"
    rf"\s*(?:°|deg|['′’‘´]{{1,2}}|[\"″”]|min|m|sec)?\s*(?P<after>{HEMISPHERE})?"
)
LABEL = re.compile(r"(?:(?P<lat>lat(?:itude)?|широта)|lon(?:g(?:itude)?)?|lng|долгота)\b[.:=\s]+")
#: Degrees, minutes and seconds run together, as pilots and soldiers write them.
COMPACT = re.compile(rf"(?P<figures>\d{{4,7}})(?P<part>\.\d+)?\s*(?P<word>{HEMISPHERE})")
#: Latitude and longitude inside a link to a map: ``@40.02,45.93``, ``q=40.02,45.93``, ``!3d40.02!4d45.93``.
LINK = re.compile(
    r"(?:[@=/:]|loc:)(-?\d{1,3}\.\d+)(?:,|%2c|/)\s*\+?(-?\d{1,3}\.\d+)|!3d(-?\d+\.\d+)!4d(-?\d+\.\d+)"
)
#: The same by name: ``mlat=40.02&mlon=45.93``.
NAMED = re.compile(r"\bm?lat(?:itude)?=(-?\d+\.\d+)(?:&(?:amp;)?)m?(?:lon|lng|long|longitude)=(-?\d+\.\d+)")
#: Maps whose links have longitude first.
REVERSED = re.compile(r"(?:https?://)?(?:[\w-]+\.)*(?:yandex|2gis)\.")
#: ``"coordinates":[45.93,40.02]`` of GeoJSON, longitude first.
GEOJSON = re.compile(r".*['\"]coordinates['\"]\s*:\s*\[\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*[,\]].*", re.DOTALL)
#: A point as databases write it, in hexadecimal digits.
WKB = re.compile(r"0[01][0-9a-f]{40,58}")
#: "40.02 45.93 1200 4.5" of survey programs (ODK, KoBo): altitude and accuracy in metres behind the pair.
GEOPOINT = re.compile(r"(-?\d+\.\d+)[ ,](-?\d+\.\d+)[ ,]-?\d+(?:\.\d+)?(?:[ ,]\d+(?:\.\d+)?)?")
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
    text = _bare(cell)
    if is_missing(text):
        return Angle()
    if match := LABEL.match(text):
        found = read_angle(text[match.end() :])
        return (
            replace(found, axis=found.axis or ("lat" if match["lat"] else "lon"))
            if not found.error
            else found
        )
    if DECIMAL.fullmatch(text):
        _, _, fraction = text.partition("e")[0].replace(",", ".").partition(".")
        return Angle(float(text.replace(",", ".")), "", len(fraction))
    if match := COMPACT.fullmatch(text):
        return _compact(cell, match)
    match = DEGREES.fullmatch(text)
    if match is None:
        return Angle(error=f'"{cell}" is not a coordinate')
    word = match["before"] or match["after"] or ""
    if match["before"] and match["after"]:
        return Angle(error=f'"{cell}" has two hemispheres')
    if match["sign"] == "-" and SIGNS.get(word, -1) > 0:
        return Angle(error=f'"{cell}" is on both sides of zero')
    if _broken(match["deg"], match["min"]) or _broken(match["min"], match["sec"]):
        return Angle(error=f'"{cell}" has a part of a degree or a minute twice')
    sign = -1 if match["sign"] == "-" else SIGNS.get(word, 1)
    deg, minutes, seconds = (float((match[part] or "0").replace(",", ".")) for part in ("deg", "min", "sec"))
    if minutes >= 60 or seconds >= 60:
        return Angle(error=f'"{cell}" has 60 minutes or seconds, or more')
    places = None if match["min"] else len(match["deg"].replace(",", ".").partition(".")[2])
    return Angle(round(sign * (deg + minutes / 60 + seconds / 3600), 7), _axis(word), places)


def _bare(cell: str) -> str:
    """Bring a cell to the form in which coordinates are compared."""
    return plain(cell.replace("º", "°")).strip(" ,;")


def _axis(word: str) -> str:
    return "" if not word else "lat" if word in NORTH | SOUTH else "lon"


def _broken(larger: str | None, smaller: str | None) -> bool:
    """Whether a part that smaller ones follow is no whole number."""
    return smaller is not None and larger is not None and not larger.isdigit()


def _compact(cell: str, match: re.Match[str]) -> Angle:
    """Read degrees, minutes and seconds without anything between them: ``400115N``, ``04556.25E``."""
    figures, part, word = match["figures"], match["part"] or "", match["word"]
    axis = _axis(word)
    cut = 2 if axis == "lat" else 3
    if len(figures) not in (cut + 2, cut + 4):
        return Angle(error=f'"{cell}" is not a coordinate')
    minutes, seconds = figures[cut : cut + 2], figures[cut + 2 :]
    last = float(f"{seconds or minutes}{part}")
    whole = int(figures[:cut]) + (int(minutes) / 60 + last / 3600 if seconds else last / 60)
    if int(minutes) >= 60 or last >= 60:
        return Angle(error=f'"{cell}" has 60 minutes or seconds, or more')
    return Angle(round(SIGNS[word] * whole, 7), axis, None if seconds or part else 2)


def read_pair(cell: str) -> tuple[Angle, Angle] | None:
    """Read a cell that holds both coordinates, latitude first unless letters say otherwise.

    ``40.02, 45.93``; ``40,02; 45,93``; ``40°01'N 45°56'E``; ``POINT (45.93 40.02)`` (WKT: longitude
    first); a GeoJSON point; with altitude and accuracy behind them; a link to a map or ``geo:`` address; an
    MGRS, UTM or Plus code reference (`geo.tables.grids`); None where it is no pair.
    """
    text = _bare(cell)
    if match := GEOJSON.fullmatch(text):
        lon, lat = (read_angle(part) for part in match.groups())
        return lat, lon
    if text.startswith(("http", "geo:", "www.", "maps.")):
        return _linked(text)
    if WKB.fullmatch(text):
        return _from_wkb(text)
    if grid := read_grid(text):
        return grid
    if match := GEOPOINT.fullmatch(text):
        return read_angle(match[1]), read_angle(match[2])
    if match := re.fullmatch(r"(?:srid=4326;)?\s*point\s*z?\s*\(\s*(\S+)\s+(\S+?)(?:\s+\S+)?\s*\)", text):
        lon, lat = (read_angle(part) for part in match.groups())
        return None if lat.error or lon.error else (lat, lon)
    text = re.sub(r"[\"{}]|'(?=[a-z:,}])", "", text).strip("()[] ") if "{" in text else text.strip("()[]{} ")
    if match := re.fullmatch(r"([-+]?\d+,\d+),\s*([-+]?\d+,\d+)", text):
        return read_angle(match[1]), read_angle(match[2])
    for separator in (
        r"\s*[;|/]\s*",
        r",\s+",
        r"\s*,\s*",
        r"\s+-\s+",
        r"(?<=[nsewсюв.])\s+",
        r"\s+(?=lat|lon|lng|шир|долг)",
        r"[\s,]+(?=[nsewсювз]\s*\d)",
        r"\s+",
    ):
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


def _linked(text: str) -> tuple[Angle, Angle] | None:
    """Read a link to a map."""
    if found := NAMED.search(text):
        return read_angle(found[1]), read_angle(found[2])
    if (found := LINK.search(text)) is None:
        return None
    one, two = read_angle(found[1] or found[3]), read_angle(found[2] or found[4])
    return (two, one) if REVERSED.match(text) else (one, two)


def _from_wkb(text: str) -> tuple[Angle, Angle] | None:
    import shapely

    try:
        shape = shapely.from_wkb(text)
    except shapely.errors.GEOSException:
        return None
    if shape.geom_type != "Point" or shape.is_empty or shapely.get_srid(shape) not in (0, 4326):
        return None
    return Angle(float(shape.y), "lat", 6), Angle(float(shape.x), "lon", 6)


def fits(lat: float, lon: float) -> bool:
    """Whether degrees lie on the globe."""
    return abs(lat) <= 90 and abs(lon) <= 180


def radius_km(places: int | None) -> float:
    """How far a coordinate may be off in kilometres by the decimal places it was written with.

    Half a unit of the last place along a meridian (111 km a degree), and no less than 0.1 km.
    """
    return 0.1 if places is None else max(0.1, round(55.6 * 10.0**-places, 1))
