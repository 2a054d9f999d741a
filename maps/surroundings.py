"""What lies around the incidents: the embedded basemap, towns, online basemaps by choice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from maps.errors import MapError

if TYPE_CHECKING:
    from gazetteer import Gazetteer

#: Online basemaps offered where nothing else is asked for; the reader must switch them on.
OFFERED = ("OpenStreetMap.Mapnik", "OpenTopoMap", "Esri.WorldImagery")

#: Short names that people use.
ALIASES = {
    "openstreetmap": "OpenStreetMap.Mapnik",
    "osm": "OpenStreetMap.Mapnik",
    "satellite": "Esri.WorldImagery",
    "topographic": "OpenTopoMap",
}

#: So many settlements around each incident are named where the map is close enough.
VILLAGES = 40

#: GeoNames codes of settlements that are no more: abandoned, historical, destroyed.
GONE = frozenset({"P.PPLQ", "P.PPLH", "P.PPLW"})

Bounds = tuple[float, float, float, float]


def points(incidents: Sequence[Mapping[str, Any]]) -> list[tuple[float, float]]:
    """List the distinct points (lat, lon; degrees) of incidents and of what they came from."""
    ends = [
        (i[lat], i[lon])
        for i in incidents
        if i["drawn"]
        for lat, lon in (("lat", "lon"), ("origin_lat", "origin_lon"))
        if i[lat] is not None
    ]
    return list(dict.fromkeys(ends))


def bounds_of(found: Sequence[tuple[float, float]], margin: float = 0.4) -> Bounds | None:
    """Return west, south, east and north (degrees) around points, with a margin of at least `margin`.

    West is greater than east where the points are closer together across the antimeridian.
    """
    if not found:
        return None
    lats = [lat for lat, _ in found]
    lons = sorted(lon for _, lon in found)
    # The widest empty stretch around the globe is left out.
    gaps = [(b - a, b, a) for a, b in pairwise(lons)]
    _, west, east = max([(lons[0] + 360 - lons[-1], lons[0], lons[-1]), *gaps])
    width = east - west if east >= west else east + 360 - west
    dx, dy = max(margin, width * 0.15), max(margin, (max(lats) - min(lats)) * 0.15)
    if width + 2 * dx >= 360:
        west, east = -180.0, 180.0
    else:
        west, east = (west - dx + 180) % 360 - 180, (east + dx + 180) % 360 - 180
    return west, max(-85.0, min(lats) - dy), east, min(85.0, max(lats) + dy)


def towns(gazetteer: Gazetteer, found: Sequence[tuple[float, float]], *, limit: int = 250) -> list[list[Any]]:
    """List populated places to name on the map, largest first.

    Parameters
    ----------
    gazetteer : Gazetteer
    found : sequence of tuple of float
        Points (lat, lon) to surround; every village near the first forty of them is listed.
    limit : int
        At most so many towns of the whole window.

    Returns
    -------
    list of list
        Name, lat, lon, population, whether it is a capital.
    """
    import numpy as np

    bounds = bounds_of(found, margin=1.0)
    if bounds is None:
        return []
    west, south, east, north = bounds
    lat, lon, population = (np.asarray(a) for a in (gazetteer.lat, gazetteer.lon, gazetteer.population))
    between = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    rows = np.flatnonzero((lat >= south) & (lat <= north) & between & (population > 0))
    # Twice as many as wanted: some are divisions, which the basemap names.
    rows = rows[np.lexsort((rows, -population[rows]))][: limit * 2]
    large = [p for p in (gazetteer.place(int(row)) for row in rows) if p.feature.startswith("P.")][:limit]
    # Villages have their place beside the large towns, which alone would fill the list.
    near = [p for at in found[:40] for p, _ in gazetteer.nearby(*at, km=30, limit=VILLAGES)]
    kept = {p.id: p for p in (*large, *near) if p.feature.startswith("P.") and p.feature not in GONE}
    return [
        [p.name, round(p.lat, 4), round(p.lon, 4), p.population or 0, p.feature == "P.PPLC"]
        for p in sorted(kept.values(), key=lambda p: (-(p.population or 0), p.id))
    ]


def online(basemap: str | Sequence[str] | bool | None) -> list[dict[str, Any]]:
    """Describe the online basemaps that a reader may switch on.

    Parameters
    ----------
    basemap : str, sequence of str, bool or None
        Names as in `xyzservices.providers`, case and punctuation aside; None for `OFFERED`; False for
        none at all, so that the page can make no request whatever the reader does.

    Returns
    -------
    list of dict
        ``name``, ``url`` (with ``{z}``, ``{x}``, ``{y}``), ``attribution`` (HTML of the provider) and
        ``maxZoom``.

    Raises
    ------
    MapError
        For a name that xyzservices does not have, or one that needs a key.
    """
    if basemap is False or basemap == "none":
        return []
    from xyzservices import providers

    wanted = OFFERED if basemap is None or basemap is True else basemap
    out = []
    for name in [wanted] if isinstance(wanted, str) else wanted:
        try:
            provider = providers.query_name(ALIASES.get(name.lower(), name))
        except ValueError:
            raise MapError(
                f"Basemap {name!r} is not known: use a name of xyzservices, such as OpenStreetMap or "
                "OpenTopoMap, or none."
            ) from None
        if provider.requires_token():
            raise MapError(f"Basemap {name!r} needs a key, which a page that is passed on cannot keep.")
        out.append(
            {
                "name": provider.name.replace(".", " "),
                "url": provider.build_url(x="{x}", y="{y}", z="{z}", fill_subdomain=False),
                "attribution": provider.html_attribution,
                "maxZoom": provider.get("max_zoom", 18),
                "subdomains": provider.get("subdomains", "abc"),
            }
        )
    return out


def hosts(url: str) -> str:
    """Return the source expression of a Content-Security-Policy that lets a tile URL through."""
    parts = urlsplit(re.sub(r"\{s\}", "*", url))
    host = re.sub(r"[^.*]*\*[^.]*", "*", parts.netloc)
    return f"{parts.scheme}://{host}" if parts.scheme in {"http", "https"} and host else ""
