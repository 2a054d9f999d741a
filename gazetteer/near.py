"""What lies near a point: rows sorted by cells of half a degree, so that only those around are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gazetteer.store import Array

#: Cells to a degree; cells round the Earth.
PER_DEGREE, AROUND = 2, 720
#: Kilometres in a degree of latitude, at the least (6356.8 km of polar radius).
KM_PER_DEGREE = 110.5
#: Distance in km from which looking at every row is quicker.
WIDE = 1500.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows in the order of their cells, and the cells."""

    rows: Array
    cells: Array

    @classmethod
    def of(cls, lat: Array, lon: Array) -> Grid:
        """Sort places by cell; coordinates in degrees."""
        cells = (_index(lat + 90) * AROUND + _index(lon + 180) % AROUND).astype(np.int32)
        order = np.argsort(cells, kind="stable").astype(np.int32)
        return cls(order, cells[order])

    def around(self, lat: float, lon: float, km: float) -> Array:
        """Rows of all cells that a circle of `km` kilometres may touch, and of some beside; not in order."""
        reach = km / KM_PER_DEGREE
        low, high = max(lat - reach, -90.0), min(lat + reach, 90.0)
        if km >= WIDE:
            return self.rows
        bands = np.arange(int(_index(np.array(low + 90))), int(_index(np.array(high + 90))) + 1)
        # The widest reach in longitude of a circle that holds no pole; of one that does, all of it.
        sine = np.sin(np.radians(min(reach, 90.0))) / max(np.cos(np.radians(lat)), 1e-9)
        if low <= -90 or high >= 90 or sine >= 1:
            starts, ends = bands * AROUND, bands * AROUND + AROUND - 1
        else:
            wide = np.degrees(np.arcsin(sine))
            first, last = (int(_index(np.array(lon + 180 + side * wide))) for side in (-1, 1))
            columns = [(first, last)]
            if first < 0:  # over the antimeridian
                columns = [(first % AROUND, AROUND - 1), (0, last)]
            elif last >= AROUND:
                columns = [(first, AROUND - 1), (0, last % AROUND)]
            if last - first >= AROUND - 1:
                columns = [(0, AROUND - 1)]
            starts = np.concatenate([bands * AROUND + one for one, _ in columns])
            ends = np.concatenate([bands * AROUND + other for _, other in columns])
        left = np.searchsorted(self.cells, starts, "left").tolist()
        right = np.searchsorted(self.cells, ends, "right").tolist()
        found: Array = np.concatenate([self.rows[a:b] for a, b in zip(left, right, strict=True)])
        return found


def _index(degrees: Array) -> Array:
    cells: Array = np.floor(np.asarray(degrees) * PER_DEGREE).astype(np.int64)
    return cells
