"""Cuts the bundled basemap to what a map shows: land, borders, lakes, rivers and names, with no network.

``maps/data/basemap.npz`` holds Natural Earth as numpy columns (see ``maps/data/README.md``). A layer of lines
or rings has four: ``first`` (n, 2), the first point of each path; ``steps`` (2, m), the steps from point to
point, x then y; ``count`` (n,), points per path; ``tag`` (n,). The unit is a thousandth of a degree, WGS 84.
Rings of a polygon follow each other, shell first; holes have a negative tag. The tag of a border is its row
in ``maps/data/disputed.csv`` counted from 1, or 0; the tag of a label's area is the row of the label.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maps.labels import close_to, labels_of
from maps.windows import WORLD, Box, boxes, less, pad, within, wrap

SOURCE = "Natural Earth (public domain)"
DISCLAIMER = (
    "Borders are drawn as Natural Earth has them, mostly by who holds the ground; "
    "dashed where disputed or not agreed. No position is taken on any of them."
)
UNIT = 0.001  # degrees per unit of the file
SCREEN_PX, TILE_PX = 1000, 256  # a usual map on a screen; Leaflet's world at zoom 0
SPECKS = 6  # tolerances: how long an island, a lake or a line between divisions must be to be drawn
CLOSE_TOLERANCE = 0.0015  # degrees; as the file itself is simplified
CLOSE_WINDOWS = 24  # so many windows around villages are drawn at most
SMALLEST = 0.01  # degrees: a single point is widened by this

Json = dict[str, Any]


@dataclass(frozen=True)
class Layer:
    """Paths of one layer: points of shape (n, 2) in degrees, where each path starts, its tag and bounds."""

    points: NDArray[np.float64]
    starts: NDArray[np.int64]
    tags: NDArray[np.int64]
    bounds: NDArray[np.float64]

    @classmethod
    def unpack(cls, columns: Any, name: str) -> Layer:  # noqa: ANN401 (numpy's NpzFile)
        """Sum up the steps of a layer in the file."""
        first, steps, count, tag = (columns[f"{name}_{k}"] for k in ("first", "steps", "count", "tag"))
        starts = np.concatenate([[0], np.cumsum(count)])
        moves = np.zeros((starts[-1], 2), dtype=np.int64)
        inner = np.ones(starts[-1], dtype=bool)
        inner[starts[:-1]] = False
        moves[inner] = steps.T
        run = np.cumsum(moves, axis=0)
        points = (run + np.repeat(first - run[starts[:-1]], count, axis=0)) * UNIT
        low = np.minimum.reduceat(points, starts[:-1], axis=0)
        high = np.maximum.reduceat(points, starts[:-1], axis=0)
        return cls(points, starts, tag.astype(np.int64), np.hstack([low, high]))

    def touching(self, box: Box) -> NDArray[np.bool_]:
        """Which paths have bounds that meet the box."""
        west, south, east, north = box
        low_x, low_y, high_x, high_y = self.bounds.T
        meets: NDArray[np.bool_] = (low_x <= east) & (high_x >= west) & (low_y <= north) & (high_y >= south)
        return meets

    def lengths(self) -> NDArray[np.float64]:
        """Longer side of each path's bounds, in degrees."""
        low_x, low_y, high_x, high_y = self.bounds.T
        longer: NDArray[np.float64] = np.maximum(high_x - low_x, high_y - low_y)
        return longer

    def lines(self, chosen: NDArray[np.intp]) -> NDArray[Any]:
        """Shapely lines of the chosen paths."""
        return self._build(shapely.linestrings, chosen)

    def polygons(self, box: Box, least: float = 0.0) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Shapely polygons that meet the box and are longer than so many degrees, with their tags."""
        shell = np.flatnonzero(self.tags >= 0)
        chosen = shell[(self.touching(box) & (self.lengths() >= least))[shell]]
        if not len(chosen):
            return np.array([], dtype=object), np.array([], dtype=np.int64)
        # Holes come right after their shell.
        after = np.append(shell, len(self.tags))[np.searchsorted(shell, chosen) + 1]
        holes = [
            self._build(shapely.linearrings, np.arange(c + 1, a)) for c, a in zip(chosen, after, strict=True)
        ]
        outer = self._build(shapely.linearrings, chosen)
        built = [shapely.Polygon(ring, list(inner)) for ring, inner in zip(outer, holes, strict=True)]
        return np.array(built, dtype=object), self.tags[chosen]

    def _build(self, make: Any, chosen: NDArray[np.intp]) -> NDArray[Any]:  # noqa: ANN401 (a numpy ufunc)
        if not len(chosen):
            return np.array([], dtype=object)
        count = self.starts[chosen + 1] - self.starts[chosen]
        index = np.repeat(np.arange(len(chosen)), count)
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        built: NDArray[Any] = make(self.points[np.repeat(self.starts[chosen], count) + offset], indices=index)
        return built


@dataclass(frozen=True)
class Basemap:
    """The bundled file; layers are unpacked when first asked for."""

    columns: Any
    disputed: tuple[str, ...]

    def layer(self, name: str) -> Layer:
        """One of land, coarse_land, border, coarse_border, admin1, lake, river, country_area, admin1_area."""
        return _layer(self, name)

    @cached_property
    def labels(self) -> list[tuple[str, str, str, float, float, float]]:
        """Names to write: name, kind, ISO 3166-1 alpha-2, latitude, longitude (degrees), free width (km)."""
        rows = [line.split("\t") for line in bytes(self.columns["label_text"]).decode().split("\n")]
        points = self.columns["label_point"].astype(float).round(4).T.tolist()
        return [(n, k, c, lat, lon, r) for (n, k, c), (lat, lon, r) in zip(rows, points, strict=True)]

    def __hash__(self) -> int:
        return id(self)


@cache
def _layer(basemap: Basemap, name: str) -> Layer:
    return Layer.unpack(basemap.columns, name)


@cache
def load() -> Basemap:
    """Open the bundled basemap, once per process.

    Raises
    ------
    FileNotFoundError
        The package was installed without its data.
    """
    data = files("maps") / "data"
    with as_file(data / "basemap.npz") as path:
        columns = np.load(path)
    with (data / "disputed.csv").open(encoding="utf-8") as file:
        names = tuple(f"{row['name']}. {row['note']}" for row in csv.DictReader(file))
    return Basemap(columns, names)


def clip(
    bounds: Sequence[float] | None,
    *,
    zoom_hint: float | None = None,
    near: Sequence[Sequence[float]] | NDArray[np.float64] = (),
) -> Json:
    """Cut the basemap to what a map with these bounds shows.

    Parameters
    ----------
    bounds : sequence of four floats or None
        West, south, east, north of what the map opens on, in degrees (WGS 84, EPSG:4326). West beyond east
        crosses the antimeridian. None gives the whole world, coarse.
    zoom_hint : float, optional
        The zoom the map opens at, as Leaflet counts: bounds smaller than a screen of that zoom are widened.

    near : sequence of (latitude, longitude), optional
        Points in degrees that the map may be zoomed in on as far as a village: countries and divisions are
        named again around them, so that one sees there on whose side of a border one is.

    Returns
    -------
    dict
        Ready for ``json.dumps``; GeoJSON in longitude, latitude order; the same bytes for the same input.

        - ``bounds``: west, south, east, north of the window drawn in detail.
        - ``source``, ``disclaimer``: to be shown.
        - ``land``: FeatureCollection of MultiPolygon, to fill; property ``detail``: ``fine`` in the window,
          ``middle`` in a wider one around it, ``coarse`` for the rest of the world; where the window is so
          wide that ``fine`` would mislead at village scale, ``close`` around some of the points `near`.
          They do not overlap.
        - ``water``: FeatureCollection of MultiPolygon (lakes), to fill over the land.
        - ``lines``: FeatureCollection of MultiLineString, each line of the map once; properties ``kind``
          (``coast``, ``country``, ``admin1``, ``river``, ``disputed``), ``detail``, and of what is disputed
          ``name``: which line it is and why.
        - ``labels``: list of ``name``, ``kind`` (``country``, ``admin1``, ``water``), ``iso``, ``lat``,
          ``lon``, ``size``: kilometres across of the biggest circle around the point that stays inside what
          it names (for seas, of the whole); biggest first. What is seen in part may be named twice.

    Raises
    ------
    ValueError
        Bounds that are not finite or not on Earth.

    Notes
    -----
    The window is twice as wide and high as the bounds, and at least 1.5 degrees wider to each side; the
    middle one four times, at least 10 degrees. Lines are simplified (Douglas-Peucker) to a 1500th of
    the window.
    """
    basemap = load()
    view = _checked(bounds, zoom_hint)
    fine, middle = pad(view, 0.5, 1.5), pad(view, 1.5, 10.0)
    if bounds is None or fine == WORLD:
        fine = middle = view = WORLD
    wide = fine[2] - fine[0] > 180
    villages = close_to(near)
    draw = _Drawing(basemap, [], [], [])
    tolerance = max(fine[2] - fine[0], fine[3] - fine[1]) / 1500
    done = draw.close(villages) if wide or tolerance > 2 * CLOSE_TOLERANCE else []
    if wide:
        draw.coarse(done)
    else:
        draw.tier("fine", fine, done, tolerance, 3)
        draw.tier("middle", middle, boxes(fine), max(0.03, (middle[2] - middle[0]) / 1500), 2)
        draw.coarse(boxes(middle))
    west, south, east, north = (round(v, 3) for v in fine)
    return {
        "bounds": [wrap(west), south, wrap(east), north] if not wide else list(WORLD),
        "source": SOURCE,
        "disclaimer": DISCLAIMER,
        "land": _collection(draw.land),
        "water": _collection(draw.water),
        "lines": _collection(draw.lines),
        "labels": labels_of(basemap, view, fine, middle, villages, wide=wide),
    }


@dataclass(frozen=True)
class _Drawing:
    """GeoJSON features of one map, tier by tier."""

    basemap: Basemap
    land: list[Json]
    water: list[Json]
    lines: list[Json]

    def close(self, villages: Sequence[Box]) -> list[Box]:
        """Draw what is around villages as well as the file has it; give the boxes that were drawn."""
        done: list[Box] = []
        for box in villages[:CLOSE_WINDOWS]:
            for part in boxes(pad(box, 1.0, 0.0)):
                self.tier("close", part, done, CLOSE_TOLERANCE, 3)
                done.append(part)
        return done

    def tier(self, detail: str, window: Box, without: list[Box], tolerance: float, digits: int) -> None:
        """Draw one window from the fine layers, leaving out the boxes drawn already."""
        for box in boxes(window):
            shapes, _ = self.basemap.layer("land").polygons(box, SPECKS * tolerance)
            rings = shapely.get_rings(shapes) if len(shapes) else shapes
            pieces = less(within(shapes, box), without)
            self._fill(self.land, pieces, detail, tolerance, digits)
            # The map's own edge, the antimeridian and the south pole are no coast.
            sea = (max(box[0], -179.99), max(box[1], -85.0), min(box[2], 179.99), box[3])
            self._stroke(less(within(rings, sea), without), "coast", detail, tolerance, digits)
            lakes, _ = self.basemap.layer("lake").polygons(box, SPECKS * tolerance)
            self._fill(self.water, less(within(lakes, box), without), detail, tolerance, digits)
            self._paths("river", "river", box, without, detail, tolerance, digits)
            if detail in ("fine", "close"):
                self._paths("admin1", "admin1", box, without, detail, tolerance, digits)
            self._paths("border", "country", box, without, detail, tolerance, digits)

    def coarse(self, without: list[Box]) -> None:
        """Draw the rest of the world."""
        shapes, _ = self.basemap.layer("coarse_land").polygons(WORLD)
        self._fill(self.land, less(shapes, without), "coarse", 0.0, 2)
        self._paths("coarse_border", "country", WORLD, without, "coarse", 0.0, 2)

    def _paths(
        self, layer: str, kind: str, box: Box, without: list[Box], detail: str, tolerance: float, digits: int
    ) -> None:
        paths = self.basemap.layer(layer)
        chosen = np.flatnonzero(paths.touching(box))
        if kind == "admin1":  # Specks between tiny divisions would only blur a wide map.
            chosen = chosen[paths.lengths()[chosen] > SPECKS * tolerance]
        tags = paths.tags[chosen]
        clipped = within(paths.lines(chosen), box)
        for tag in np.unique(tags).tolist():
            pieces = less(clipped[tags == tag], without)
            name = self.basemap.disputed[tag - 1] if tag else ""
            self._stroke(pieces, "disputed" if tag else kind, detail, tolerance, digits, name)

    def _fill(
        self, into: list[Json], shapes: NDArray[Any], detail: str, tolerance: float, digits: int
    ) -> None:
        polygons = []
        for part in shapely.get_parts(shapely.get_parts(shapely.simplify(shapes, tolerance))):
            if part.geom_type == "Polygon" and not part.is_empty:
                rings = [_coordinates(ring, digits) for ring in (part.exterior, *part.interiors)]
                if len(rings[0]) > 3:
                    polygons.append([ring for ring in rings if len(ring) > 3])
        if polygons:
            into.append(_feature("MultiPolygon", polygons, detail=detail))

    def _stroke(
        self, shapes: NDArray[Any], kind: str, detail: str, tolerance: float, digits: int, name: str = ""
    ) -> None:
        parts = shapely.get_parts(shapely.get_parts(shapely.simplify(shapes, tolerance)))
        lines = [_coordinates(p, digits) for p in parts if p.geom_type in ("LineString", "LinearRing")]
        lines = [line for line in lines if len(line) > 1]
        if lines:
            extra = {"name": name} if name else {}
            self.lines.append(_feature("MultiLineString", lines, kind=kind, detail=detail, **extra))


def _checked(bounds: Sequence[float] | None, zoom_hint: float | None) -> Box:
    """Bounds with east not west of west (it may pass 180), no smaller than the screen."""
    if bounds is None:
        return WORLD
    west, south, east, north = (float(v) for v in bounds)
    if not np.isfinite([west, south, east, north]).all() or not (-90 <= south <= north <= 90):
        raise ValueError(f"Bounds {tuple(bounds)} are not west, south, east, north in degrees.")
    if not (-180 <= west <= 180 and -180 <= east <= 180):
        raise ValueError(f"Bounds {tuple(bounds)} have a longitude outside -180 to 180.")
    box = pad((west, south, east + 360 if east < west else east, north), 0.0, SMALLEST)
    if zoom_hint is None:
        return box
    short = 360 / 2**zoom_hint * SCREEN_PX / TILE_PX - (box[2] - box[0])
    return pad(box, 0.0, short / 2) if short > 0 else box


def _coordinates(line: BaseGeometry, digits: int) -> list[list[float]]:
    """Round points and leave out repeats in a row."""
    xy = np.round(shapely.get_coordinates(line), digits)
    return xy[np.append(True, np.any(np.diff(xy, axis=0) != 0, axis=1))].tolist() if len(xy) else []


def _feature(geometry: str, coordinates: list[Any], **properties: str) -> Json:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def _collection(features: list[Json]) -> Json:
    return {"type": "FeatureCollection", "features": features}
