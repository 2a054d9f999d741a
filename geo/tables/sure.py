"""Place names that leave nothing open, settled all at once: one place of that very name where the row says.

What is not plain here is left to `geo.tables.naming`, which weighs, and answers the same for what is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import count as numbers
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.distance import distances_km
from geo.factors import Array
from geo.tables.words import is_missing

if TYPE_CHECKING:
    from gazetteer import Gazetteer

Asked = tuple[str, str, str, str]  # name, admin2, admin1, country code

#: A name followed by what it lies in, or by a remark.
PARTED = re.compile(r"[,،、，;(（]")
#: Of a town and divisions that bear its name, so many readings are looked at.
READINGS = 4
#: Share of the heaviest reading's weight that a town must have to be meant before its district.
TOWN_SHARE = 0.2
#: Divisions wider than this, in km, are not taken without a remark.
WIDE_KM = 60.0


def settle(asked: Sequence[Asked], places: Gazetteer) -> Array:
    """Find the one place of each name.

    A name is settled if just one place in the country stated, and in the division of the name stated, is
    spelled so; or a town and divisions around it.

    Returns
    -------
    ndarray of int64
        Rows of the gazetteer; -1 where something is open.
    """
    from gazetteer.hits import hits_all
    from gazetteer.names import may_strip, normalize_all, strip_generic

    settled = np.full(len(asked), -1, np.int64)
    divisions = [next((part for part in one[1:3] if not is_missing(part)), "") for one in asked]
    folds = normalize_all([one[0] for one in asked])
    plain = [
        at
        for at, (one, fold, division) in enumerate(zip(asked, folds, divisions, strict=True))
        if not PARTED.search(one[0])
        and not (may_strip(fold) and strip_generic(one[0], fold))
        and (division or not places.is_stop(one[0]))
    ]
    if not plain:
        return settled
    names = list(dict.fromkeys(asked[at][0] for at in plain))
    number = {name: at for at, name in enumerate(names)}
    hits = hits_all(places, names)
    starts = np.searchsorted(hits.owner, np.arange(len(names) + 1))
    which = np.array([number[asked[at][0]] for at in plain], np.int64)
    count = np.diff(starts)[which]
    owner = np.repeat(np.arange(len(plain)), count)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    hit = np.repeat(starts[:-1][which], count) + within
    rows = np.asarray(hits.rows, np.int64)[hit]
    country = np.array([asked[at][3] for at in plain], dtype="<U2")[owner]
    keep = (country == "") | (places.country[rows] == country)
    stated = np.array([_number(divisions[at]) for at in plain], np.int64)[owner]
    keep &= (stated == 0) | _bears(places, rows, stated)
    owner, rows, hit = owner[keep], rows[keep], hit[keep]
    bounds = (
        np.flatnonzero(np.r_[True, owner[1:] != owner[:-1], True]) if len(owner) else np.zeros(1, np.int64)
    )
    starts, sizes = bounds[:-1], np.diff(bounds)
    at = np.array(plain)
    alone = starts[sizes == 1]
    alone = alone[hits.folded[hit[alone]] & ~_wide(rows[alone], places)]
    settled[at[owner[alone]]] = rows[alone]
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        group = slice(start, start + size)
        if size <= READINGS and hits.folded[hit[group]].all():
            settled[at[owner[start]]] = _town(rows[group], hits.kinds[hit[group]], places)
    return settled


def _wide(rows: Array, places: Gazetteer) -> Array:
    """Mask of the places that are not taken without a remark."""
    return np.asarray((places.feature_class[rows] != "P") & (places.radius_km[rows] > WIDE_KM))


#: Normalized names of divisions, by number from 1; 0 is none.
_NUMBERS: dict[str, int] = {}
_COUNT = numbers(1)


@lru_cache(maxsize=100_000)
def _number(name: str) -> int:
    from gazetteer import normalize

    return _NUMBERS.setdefault(normalize(name), next(_COUNT)) if name else 0


def _bears(places: Gazetteer, rows: Array, stated: Array) -> Array:
    """Mask of the rows that lie in a division of the name stated."""
    inside = np.zeros(len(rows), bool)
    for column in (places.admin2_row, places.admin1_row):
        around = np.asarray(column)[rows]
        divisions, which = np.unique(around, return_inverse=True)
        numbers = np.array([_number(places.name(row)) if row >= 0 else -1 for row in divisions.tolist()])
        inside |= numbers[which] == stated
    return inside


def _town(rows: Array, kinds: Array, places: Gazetteer) -> int:
    """Choose the town of readings that are all one spot; -1 where they are not, or it is a minor one."""
    from gazetteer.ranking import DAMPING, KIND_WEIGHT

    town = places.feature_class[rows] == "P"
    if town.sum() != 1 or not _nested(rows, places):
        return -1
    weight = np.asarray(places.prior[rows], np.float64) ** DAMPING * [
        KIND_WEIGHT[int(kind)] for kind in kinds
    ]
    best = int(np.argmax(town))
    return int(rows[best]) if weight[best] >= TOWN_SHARE * weight.max() else -1


def _nested(rows: Array, places: Gazetteer) -> bool:
    """Whether places are a town and what lies around it."""
    features = [places.feature_codes[code] for code in np.asarray(places.feature[rows]).tolist()]
    if len(set(places.country[rows].tolist())) > 1 or any(code.startswith("A.PCL") for code in features):
        return False
    one = int(np.argmax(places.feature_class[rows] == "P"))
    away = distances_km(
        float(places.lat[rows[one]]), float(places.lon[rows[one]]), places.lat[rows], places.lon[rows]
    )
    return bool((away <= np.maximum(places.radius_km[rows], places.radius_km[rows[one]])).all())
