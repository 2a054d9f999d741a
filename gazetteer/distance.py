"""Great-circle distances: the one place where the formula stands.

Haversine on a sphere of the Earth's mean radius, 6371.0088 km (IUGG); degrees in, kilometres out.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

EARTH_KM = 6371.0088


def distance_km(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Give the distance in kilometres between two points in degrees."""
    a, b = math.radians(lat), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def distances_km(lat: Any, lon: Any, lat2: Any, lon2: Any) -> np.ndarray[Any, Any]:  # noqa: ANN401
    """Give the distances in kilometres between points in degrees: numbers or arrays, broadcast together."""
    import numpy as np  # not needed for a first look-up, and slower to load than all else

    a, b = np.radians(lat), np.radians(lat2)
    h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon2 - lon) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, h))))
