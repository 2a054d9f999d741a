"""Names on the basemap: which are written, and where in the windows of a map they may stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maps.windows import Box, boxes, inside, within

if TYPE_CHECKING:
    from maps.basemap import Basemap, Layer

KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6371 km
CLOSE = ((0.3, 0.2), (0.12, 0.08))  # degrees: half of what a screen shows at village scale, and closer
CLOSEST = 40  # so many places are named around at most
OCEAN = 2500.0  # km: wider than this, a water is an ocean, whose gulfs have names of their own
LEGIBLE = 5.0  # km: narrower than this, an area has no room for its name there

Json = dict[str, Any]


def close_to(points: Sequence[Sequence[float]] | NDArray[np.float64]) -> list[Box]:
    """Boxes as wide as a screen at village scale and closer, around the most points where they are many."""
    if not len(points):
        return []
    lat, lon = np.asarray(points, dtype=float).T
    step = 2 * CLOSE[-1][1]
    cells, count = np.unique(np.round(np.stack([lat, lon]) / step), axis=1, return_counts=True)
    chosen = cells[:, np.argsort(-count, kind="stable")[:CLOSEST]].T * step
    return [(x - dx, y - dy, x + dx, y + dy) for dx, dy in CLOSE for y, x in chosen.tolist()]


def labels_of(
    basemap: Basemap, view: Box, fine: Box, middle: Box, close: Sequence[Box], *, wide: bool
) -> list[Json]:
    """Names in the windows, each where the most of what it names is seen."""
    found: list[tuple[int, BaseGeometry | None]]
    if wide:
        found = [(i, None) for i, row in enumerate(basemap.labels) if row[1] != "admin1"]
    else:
        found = _areas(basemap.layer("country_area"), middle) + _areas(basemap.layer("admin1_area"), fine)
        known = {*basemap.layer("country_area").tags.tolist(), *basemap.layer("admin1_area").tags.tolist()}
        found += [
            (i, None)
            for i, (_, kind, _, lat, lon, _) in enumerate(basemap.labels)
            if i not in known and inside(fine if kind == "admin1" else middle, lat, lon)
        ]
    least = (fine[3] - fine[1]) * KM_PER_DEGREE / 100
    labels: list[Json] = []
    lakes = _lakes(basemap, fine)
    for number, area in found:
        name, kind, iso, lat, lon, size = basemap.labels[number]
        places = [(lat, lon, size)]
        if area is not None:
            places = _places(area, (view, fine) if kind == "admin1" else (view, middle), lakes)
        for lat, lon, size in places:
            if size >= least or kind != "admin1":
                labels.append(_label(name, kind, iso, lat, lon, size))
    if not wide:
        labels += _seas_again(basemap, view, labels)
    for box in close:
        labels += _named_again(basemap, box, labels)
    return sorted(labels, key=lambda label: (-label["size"], label["kind"], label["name"]))


def _label(name: str, kind: str, iso: str, lat: float, lon: float, size: float) -> Json:
    point = {"lat": round(lat, 3), "lon": round(lon, 3), "size": round(size, 1)}
    return {"name": name, "kind": kind, "iso": iso, **point}


def _named_again(basemap: Basemap, window: Box, labels: Sequence[Json]) -> list[Json]:
    """Name countries and divisions in a small window that has none of their names; on land, not on a lake."""
    here = {(label["name"], label["kind"]) for label in labels if inside(window, label["lat"], label["lon"])}
    water = _lakes(basemap, window)
    again = []
    for layer in ("country_area", "admin1_area"):
        for number, area in _areas(basemap.layer(layer), window):
            name, kind, iso, *_ = basemap.labels[number]
            if (name, kind) not in here:
                again += [
                    _label(name, kind, iso, *p) for p in _places(area, [window], water) if p[2] >= LEGIBLE
                ]
    return again


def _seas_again(basemap: Basemap, window: Box, labels: Sequence[Json]) -> list[Json]:
    """Name seas whose own point lies outside the window, where the most of each is seen."""
    water = [row for row in basemap.labels if row[1] == "water" and row[5] < OCEAN]
    seas = [(name, iso, lat, lon, size) for name, _, iso, lat, lon, size in water]
    here = {label["name"] for label in labels if inside(window, label["lat"], label["lon"])}
    again: dict[str, Json] = {}
    for box in boxes(window):
        land = shapely.union_all(
            shapely.make_valid(within(basemap.layer("land").polygons(box, (box[2] - box[0]) / 100)[0], box))
        )
        for part in shapely.get_parts(shapely.difference(shapely.box(*box), land)):
            if part.geom_type != "Polygon" or part.area < 0.02 * shapely.box(*box).area:
                continue
            ((lat, lon, size),) = _places(part, [box])
            scale = np.cos(np.radians(lat))
            # Of the seas that reach so far, the one whose middle is nearest for its size.
            off = [np.hypot(s[2] - lat, (s[3] - lon) * scale) * KM_PER_DEGREE / max(s[4], 1) for s in seas]
            name, iso, *_ = seas[nearest := int(np.argmin(off))]
            if off[nearest] < 0.6 and name not in here and size > again.get(name, {"size": 0})["size"]:
                again[name] = _label(name, "water", iso, lat, lon, size)
    return list(again.values())


def _lakes(basemap: Basemap, window: Box) -> BaseGeometry:
    """Lakes that are wide in a window: no country is named on one."""
    least = (window[2] - window[0]) / 60
    shapes = [s for box in boxes(window) for s in basemap.layer("lake").polygons(box, least)[0]]
    return shapely.union_all(shapes)


def _areas(layer: Layer, window: Box) -> list[tuple[int, BaseGeometry | None]]:
    """Polygons that meet the window, by tag."""
    parts: dict[int, list[BaseGeometry]] = {}
    for box in boxes(window):
        shapes, tags = layer.polygons(box)
        for shape, tag in zip(shapes, tags.tolist(), strict=True):
            parts.setdefault(tag, []).append(shape)
    return [(tag, shapely.MultiPolygon(shapes)) for tag, shapes in sorted(parts.items())]


def _places(
    area: BaseGeometry, windows: Sequence[Box], without: BaseGeometry | None = None
) -> list[tuple[float, float, float]]:
    """Where a name may stand in each window: latitude, longitude (degrees), free width (km); the widest last.

    So a country that the map opens on the edge of is named there, and in its middle when one zooms out.
    """
    found: list[tuple[float, float, float]] = []
    for window in windows:
        seen = [within(area, box) for box in boxes(window)]
        if without:
            seen = [shapely.difference(shapely.make_valid(part), without) for part in seen]
        parts = [part for part in shapely.get_parts(seen) if part.area]
        if parts:
            main = max(parts, key=lambda part: part.area)
            circle = shapely.maximum_inscribed_circle(main, tolerance=main.area**0.5 / 20)
            lon, lat = shapely.get_coordinates(circle)[0].tolist()
            if inside(windows[0], lat, lon):  # one name is enough there
                found.clear()
            found.append((lat, lon, 2 * circle.length * KM_PER_DEGREE))
    return found
