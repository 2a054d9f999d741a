"""Cells that hold a place on a grid: MGRS, UTM, Plus codes; read as the middle of the square they name.

Standards: NGA.STND.0037 (MGRS and UTM, WGS 84); Open Location Code, https://github.com/google/open-location-code.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import Transformer

    from geo.tables.coordinates import Angle

MGRS = re.compile(r"(\d{1,2})([c-hj-np-x])([a-hj-np-z])([a-hj-np-v])(\d*)")
UTM = re.compile(
    r"(?:utm\s*)?(?:zone\s*)?(?P<zone>\d{1,2})\s*(?P<band>[c-hj-np-x]|north|south)?[\s,;]+"
    r"(?:e(?:asting)?\s*[:=]?\s*)?(?P<east>\d{6,7}(?:\.\d+)?)\s*(?:m?\s*e)?[\s,;]+"
    r"(?:n(?:orthing)?\s*[:=]?\s*)?(?P<north>\d{1,8}(?:\.\d+)?)\s*(?:m?\s*n)?"
)
PLUS = re.compile(r"[2-9cfghjmpqrvwx]{8}\+(?:[2-9cfghjmpqrvwx]{2,7})?")

#: Latitude bands from 80 degrees south, each of 8 degrees but the last, which has 12.
BANDS = "cdefghjklmnpqrstuvwx"
#: Metres of a degree along a meridian.
METRES = 111_320.0


def read_grid(text: str) -> tuple[Angle, Angle] | None:
    """Read an MGRS reference, UTM coordinates or a full Plus code; None where it is none of them.

    Parameters
    ----------
    text : str
        In small letters, blanks single: see `geo.tables.days.plain`.

    Returns
    -------
    lat, lon : Angle
        Degrees (WGS 84), with as many decimal places as the grid is exact.
    """
    if PLUS.fullmatch(text):
        return _plus_code(text)
    joined = text.replace(" ", "")
    if (match := MGRS.fullmatch(joined)) and len(match[5]) % 2 == 0 and 2 <= len(match[5]) <= 10:
        return _mgrs(joined.upper(), len(match[5]) // 2)
    if match := UTM.fullmatch(text):
        return _utm(match)
    return None


def _angles(lat: float, lon: float, metres: float) -> tuple[Angle, Angle] | None:
    from math import isfinite, log10

    from geo.tables.coordinates import Angle, fits

    if not (isfinite(lat) and isfinite(lon) and fits(lat, lon)):
        return None
    places = max(0, min(6, round(-log10(metres / METRES))))
    return Angle(round(lat, 7), "lat", places), Angle(round(lon, 7), "lon", places)


def _plus_code(text: str) -> tuple[Angle, Angle] | None:
    from openlocationcode import openlocationcode  # type: ignore[import-untyped]

    try:
        area = openlocationcode.decode(text.upper())
    except ValueError:
        return None
    size = (area.latitudeHi - area.latitudeLo) * METRES
    return _angles(area.latitudeCenter, area.longitudeCenter, size)


def _mgrs(text: str, digits: int) -> tuple[Angle, Angle] | None:
    import mgrs  # type: ignore[import-untyped]

    head, numbers = text[: -2 * digits], text[-2 * digits :]
    middle = "5" if digits < 5 else ""  # the reference names the south-west corner of its square
    try:
        lat, lon = mgrs.MGRS().toLatLon(head.zfill(5) + numbers[:digits] + middle + numbers[digits:] + middle)
    except mgrs.core.MGRSError:
        return None
    return _angles(lat, lon, 10.0 ** (5 - digits))


def _utm(match: re.Match[str]) -> tuple[Angle, Angle] | None:
    zone, east, north = int(match["zone"]), float(match["east"]), float(match["north"])
    if not (1 <= zone <= 60 and 100_000 <= east < 1_000_000 and 0 <= north <= 10_000_000):
        return None
    band = match["band"] or ""
    if not band:
        return None  # the same numbers lie in both hemispheres
    lon, lat = _transformer(zone, south=_southern(band, north)).transform(east, north)
    return _angles(lat, lon, 1.0)


def _southern(band: str, north: float) -> bool:
    """Whether a letter after the zone means the southern hemisphere.

    "S" is a band of the north (32 to 40 degrees) and a common way to write "south": the band is meant
    where the northing lies in it.
    """
    if band == "s":
        return not 32 * 110_000 <= north <= 40 * 111_700
    return band == "south" or (len(band) == 1 and BANDS.index(band) < BANDS.index("n"))


@cache
def _transformer(zone: int, *, south: bool) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(32700 + zone if south else 32600 + zone, 4326, always_xy=True)
