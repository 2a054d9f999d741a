"""Windows of the map: west, south, east, north in degrees; across the antimeridian, east passes 180."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

WORLD = (-180.0, -90.0, 180.0, 90.0)

Box = tuple[float, float, float, float]


def pad(box: Box, share: float, least: float) -> Box:
    """Widen a box to each side by a share of its size, at least by so many degrees of latitude."""
    west, south, east, north = box
    shrink = max(0.1, float(np.cos(np.radians((south + north) / 2))))
    width, height = (east - west) * shrink, north - south
    along = max(share * width, share * height / 2, least) / shrink
    up = max(share * height, share * width / 2, least)
    if east - west + 2 * along >= 360:
        return WORLD
    return west - along, max(-90.0, south - up), east + along, min(90.0, north + up)


def wrap(lon: float) -> float:
    """Longitude from -180 to 180."""
    return lon if -180 <= lon <= 180 else round((lon + 180) % 360 - 180, 3)


def boxes(box: Box) -> list[Box]:
    """Split a window into one or two boxes that do not cross the antimeridian."""
    west, south, east, north = box
    if west < -180:
        return [(west + 360, south, 180.0, north), (-180.0, south, east, north)]
    if east > 180:
        return [(west, south, 180.0, north), (-180.0, south, east - 360, north)]
    return [box]


def inside(window: Box, lat: float, lon: float) -> bool:
    """Whether a point lies in a window."""
    return any(w <= lon <= e and s <= lat <= n for w, s, e, n in boxes(window))


def within(shapes: NDArray[Any] | BaseGeometry, box: Box) -> NDArray[Any] | BaseGeometry:
    """Cut shapes to a box; nothing is in a box with no area."""
    return shapely.clip_by_rect(shapes, *box) if box[0] < box[2] and box[1] < box[3] else shapely.Polygon()


def less(shapes: NDArray[Any], without: list[Box]) -> NDArray[Any]:
    """Take boxes out of shapes."""
    for box in without:
        if len(shapes):
            shapes = shapely.difference(shapely.make_valid(shapes), shapely.box(*box))
    return shapes
