"""What lies around the incidents: the embedded basemap, towns, online basemaps by choice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from maps.errors import MapError
from maps.records import KINDS, strings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gazetteer import Gazetteer
    from gazetteer.place import Place
    from maps.columns import IncidentColumns

#: Online basemaps offered where nothing else is asked for; the reader must switch them on.
OFFERED = ("OpenStreetMap.Mapnik", "OpenTopoMap", "Esri.WorldImagery")

#: Short names that people use.
ALIASES = {
    "openstreetmap": "OpenStreetMap.Mapnik",
    "osm": "OpenStreetMap.Mapnik",
    "satellite": "Esri.WorldImagery",
    "topographic": "OpenTopoMap",
}

#: So many settlements around each of so many points are named where the map is close enough.
VILLAGES, CENTRES = 40, 40

#: GeoNames codes of settlements that are no more: abandoned, historical, destroyed.
GONE = frozenset({"P.PPLQ", "P.PPLH", "P.PPLW"})

#: How the features of GeoNames begin, of what the basemap names.
_FEATURES = {"country": "A.PCL", "admin1": "A.ADM1", "water": "H."}

Bounds = tuple[float, float, float, float]


def points(columns: IncidentColumns) -> NDArray[np.float64]:
    """List the distinct points of incidents that are drawn, then of what they came from.

    Returns
    -------
    ndarray of float64, shape (m, 2)
        Latitude and longitude, degrees.
    """
    drawn = columns.coded["drawn"].codes > 0
    lat, lon = columns.lat[drawn], columns.lon[drawn]
    if "origin_lat" in columns.coded:
        held = (columns.coded["origin_lat"], columns.coded["origin_lon"])
        origin = [np.array([np.nan if v is None else v for v in c.values])[c.codes[drawn]] for c in held]
        lat, lon = np.concatenate([lat, origin[0]]), np.concatenate([lon, origin[1]])
    known = ~np.isnan(lat)
    # One whole number for both is quicker to tell apart than pairs.
    lat, lon = np.round(lat[known] * 1e6).astype(np.int64), np.round(lon[known] * 1e6).astype(np.int64)
    both = pd.unique(lat * 10**9 + lon)
    lon = (both + 5 * 10**8) % 10**9 - 5 * 10**8
    found: NDArray[np.float64] = np.stack([(both - lon) // 10**9, lon], axis=1) / 1e6
    return found


def around(columns: IncidentColumns) -> list[list[float]] | None:
    """Return the box around incidents on layers that are on at first: south-west and north-east, degrees."""
    layers = columns.coded["layer"]
    on = np.array([layer is not None and KINDS[layer][1] for layer in layers.values])
    seen = (columns.coded["drawn"].codes > 0) & on[layers.codes]
    if not seen.any():
        return None
    ends = [(axis[seen].min(), axis[seen].max()) for axis in (columns.lat, columns.lon)]
    return [[round(float(axis[k]), 6) for axis in ends] for k in (0, 1)]


def bounds_of(
    found: NDArray[np.float64] | Sequence[tuple[float, float]], margin: float = 0.4
) -> Bounds | None:
    """Return west, south, east and north (degrees) around points, with a margin of at least `margin`.

    West is greater than east where the points are closer together across the antimeridian.
    """
    if not len(found):
        return None
    lats, lons = np.asarray(found, dtype=np.float64).T
    lons = np.sort(lons)
    # The widest empty stretch around the globe is left out; the last lies across its seam.
    gaps = np.diff(lons, append=lons[0] + 360)
    widest = int(gaps.argmax())
    west, east = float(lons[(widest + 1) % len(lons)]), float(lons[widest])
    low, high = float(lats.min()), float(lats.max())
    width = east - west if east >= west else east + 360 - west
    dx, dy = max(margin, width * 0.15), max(margin, (high - low) * 0.15)
    if width + 2 * dx >= 360:
        west, east = -180.0, 180.0
    else:
        west, east = (west - dx + 180) % 360 - 180, (east + dx + 180) % 360 - 180
    return west, max(-85.0, low - dy), east, min(85.0, high + dy)


def towns(
    gazetteer: Gazetteer,
    found: NDArray[np.float64] | Sequence[tuple[float, float]],
    *,
    limit: int = 250,
) -> list[list[Any]]:
    """List populated places to name on the map, largest first.

    Parameters
    ----------
    gazetteer : Gazetteer
    found : ndarray, shape (m, 2), or sequence of tuple of float
        Points (lat, lon) to surround; every village near forty of them is listed.
    limit : int
        At most so many towns of the whole window.

    Returns
    -------
    list of list
        Name, lat, lon, population, whether it is a capital; last, where there are any, names by the
        languages of the page.
    """
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
    some = np.asarray(found)[:: max(1, len(found) // CENTRES)][:CENTRES].tolist()
    near = [p for at in some for p, _ in gazetteer.nearby(*at, km=30, limit=VILLAGES)]
    kept = {p.id: p for p in (*large, *near) if p.feature.startswith("P.") and p.feature not in GONE}
    return [
        [p.name, round(p.lat, 4), round(p.lon, 4), p.population or 0, p.feature == "P.PPLC", *_translated(p)]
        for p in sorted(kept.values(), key=lambda p: (-(p.population or 0), p.id))
    ]


def _translated(place: Place) -> list[dict[str, str]]:
    """Names of a place in the languages of the page other than English; nothing where none is known."""
    names = {lang: place.names[lang][0] for lang in strings()["languages"][1:] if lang in place.names}
    return [names] if names else []


def name_labels(labels: Iterable[dict[str, Any]], gazetteer: Gazetteer) -> None:
    """Add to labels of the basemap what they are called in the languages of the page, as ``names``.

    Parameters
    ----------
    labels : iterable of dict
        As `maps.basemap.clip` returns them.
    gazetteer : Gazetteer
    """
    known: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for label in labels:
        key = (label["name"], label["kind"], label["iso"])
        if key not in known:
            found = gazetteer.find(label["name"], country=label["iso"] or None)
            same = (c.place for c in found if c.place.feature.startswith(_FEATURES[label["kind"]]))
            known[key] = next(map(_translated, same), [])
        for names in known[key]:
            label["names"] = names


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
