"""What a place lies in: divisions, countries and regions read from a name, and the rows inside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from gazetteer.atlas import SOUNDS, Atlas
from gazetteer.distance import distances_km
from gazetteer.keys import keys_of
from gazetteer.names import normalize
from gazetteer.place import Place
from gazetteer.store import Array

#: How far outside a settlement or a region what lies "within" it may still be, km beyond its radius.
AROUND_TOWN, AROUND_REGION = 15.0, 2.0
#: Countries whose states are written by their postal codes.
FEDERATIONS = ("US", "CA", "AU")
_COMMA = re.compile(r"\s*[,،、，;]\s*|\s*[(（]|[)）]\s*")


@dataclass(frozen=True, slots=True)
class Container:
    """What a place must lie in: rows, and words for the reason."""

    rows: Array
    text: str


def parts_of(name: str) -> list[str]:
    """Give the name and what it is said to lie in: "Paris, Texas", "Paris (Texas)"."""
    return [part for part in _COMMA.split(name) if normalize(part)]


def container(g: Atlas, within: str | Place) -> Container | None:
    """Read a name or a place as something to lie in; None where it is not known."""
    if isinstance(within, Place):
        row = g.store.row_of(within.id)
        return Container(np.array([row], np.int32), within.name) if row >= 0 else None
    parts = parts_of(within)
    if not parts:
        return None
    agreements, classes = g.stripped_agreements(parts[0], keys_of(g.store, parts[0]))
    spelled = [row for row, code in agreements.items() if code < SOUNDS]
    rows = np.array(sorted(spelled or agreements), np.int32)
    code = g.country_code(parts[0])
    if code:
        rows = np.union1d(rows, [g.store.row_of(f"country:{code}")])
    if len(parts[0]) in (2, 3) and parts[0].isupper():  # "Paris, TX"
        states = [g.store.row_of(f"iso:{federation}-{parts[0]}") for federation in FEDERATIONS]
        rows = np.union1d(rows, [row for row in states if row >= 0]).astype(np.int32)
    for part in parts[1:]:
        outer = container(g, part)
        if outer is not None:
            rows = rows[inside(g, rows, outer)]
    if classes and np.isin(g.feature_class[rows], classes).any():
        rows = rows[np.isin(g.feature_class[rows], classes)]
    # A division speaks for the town it is named after; what matters little is not meant beside what
    # matters much.
    divided = set(g.country[rows[g.feature_class[rows] == "A"]].tolist())
    town = (g.feature_class[rows] == "P") & np.isin(g.country[rows], list(divided))
    rows = rows[~town]
    if not len(rows):
        return None
    return Container(rows[g.prior[rows] >= g.prior[rows].max() / 1e4].astype(np.int32), within)


def inside(g: Atlas, rows: Array, box: Container) -> Array:
    """Mask of the rows that lie in a container: by outline, division, country, or by distance."""
    mask = np.zeros(len(rows), bool)
    for row in box.rows:
        feature = g.feature_of(row)
        outline = g.outline(row)
        if outline is not None:
            from shapely import contains_xy, prepare

            prepare(outline)
            mask |= contains_xy(outline, g.lon[rows], g.lat[rows])
        elif feature.startswith("A.PCL"):
            mask |= g.country[rows] == g.country[row]
        elif feature in ("A.ADM1", "A.ADM2"):
            mask |= (g.admin1_row[rows] == row) | (g.admin2_row[rows] == row)
        else:
            reach = float(g.radius_km[row]) + (AROUND_TOWN if feature[:1] == "P" else AROUND_REGION)
            mask |= distances_km(float(g.lat[row]), float(g.lon[row]), g.lat[rows], g.lon[rows]) <= reach
        mask &= rows != row
    return mask
