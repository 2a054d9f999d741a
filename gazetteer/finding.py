"""From a name to ranked candidates: reads the question, climbs the ladder, weighs what it finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.names import normalize, strip_generic
from gazetteer.place import Candidate, Place
from gazetteer.ranking import DAMPING, KIND_WEIGHT, LOWER_RUNG, Hits, unique_hits
from gazetteer.store import ALTERNATE, CODE, PRIMARY, STRIPPED, Array

if TYPE_CHECKING:
    from gazetteer.gazetteer import Gazetteer

_COMMA = re.compile(r"\s*[,،、，;]\s*|\s*[(（]|[)）]\s*")
_CLASS_WORDS = {
    "A": "division or country",
    "P": "settlement",
    "L": "region",
    "H": "water",
    "T": "relief",
    "S": "site",
}
_KIND_WORDS = {
    PRIMARY: "its main name", ALTERNATE: "one of its names", CODE: "a code of it",
    STRIPPED: "its name without the generic word",
}  # fmt: skip
#: How far around a settlement what lies "within" it may be, km beyond its radius.
AROUND_TOWN = 15.0
KEEP = 60  # candidates weighed with their names read; more are cut by weight


@dataclass(frozen=True, slots=True)
class Container:
    """What a place must lie in: rows, and words for the reason."""

    rows: Array
    text: str


def find(
    g: Gazetteer,
    name: str,
    *,
    within: str | Place | None = None,
    country: str | None = None,
    near: tuple[float, float] | None = None,
    fuzzy: bool = False,
    limit: int = 10,
) -> list[Candidate]:
    """See `Gazetteer.find`."""
    code = ""
    if country:
        code = g.country_code(country)
        if not code:
            return []
    box = _container(g, within) if within is not None else None
    if within is not None and box is None:
        return []
    whole = _weigh(g, name, box, code, near, fuzzy, limit, tail=())
    parts = [p for p in _COMMA.split(name) if normalize(p)]
    if len(parts) < 2 or (whole and whole[0].match in ("exact", "folded")):
        return whole
    return _weigh(g, parts[0], box, code, near, fuzzy, limit, tail=tuple(parts[1:])) or whole


def _container(g: Gazetteer, within: str | Place) -> Container | None:
    if isinstance(within, Place):
        row = g.store.row_of(within.id)
        return Container(np.array([row], np.int32), within.name) if row >= 0 else None
    parts = [p for p in _COMMA.split(within) if normalize(p)]
    if not parts:
        return None
    hits, _ = _rows_of(g, parts[0])
    rows = hits.rows
    code = g.country_code(parts[0])
    if code:
        rows = np.union1d(rows, [g.store.row_of(f"country:{code}")])
    for part in parts[1:]:
        outer = _container(g, part)
        if outer is not None:
            rows = rows[inside(g, rows, outer)]
    if not len(rows):
        return None
    # What matters little is not meant as a container beside what matters much more (Paris, Texas: not a village).
    prior = g.prior[rows]
    rows = rows[prior >= prior.max() / 1e4]
    return Container(rows.astype(np.int32), within)


def inside(g: Gazetteer, rows: Array, box: Container) -> Array:
    """Mask of the rows that lie in a container: by the chain of divisions, by country, or by distance."""
    from gazetteer.gazetteer import distances_km

    mask = np.zeros(len(rows), bool)
    for row in box.rows:
        feature = g.feature_codes[g.feature[row]]
        if feature.startswith("A.PCL"):
            mask |= (g.country[rows] == g.country[row]) & (rows != row)
            continue
        chained = feature.startswith("A.ADM") and not feature.endswith("H")
        if chained:
            mask |= (g.admin1_row[rows] == row) | (g.admin2_row[rows] == row)
            continue
        reach = float(g.radius_km[row]) + (AROUND_TOWN if feature[:1] == "P" else 2.0)
        away = distances_km(float(g.lat[row]), float(g.lon[row]), g.lat[rows], g.lon[rows])
        mask |= (away <= reach) & (rows != row)
    return mask


def _rows_of(g: Gazetteer, name: str) -> tuple[Hits, tuple[str, ...]]:
    """Hits of the name, and of the name without its generic word; with the classes that word speaks for."""
    hits = g._hits(name)
    stripped = strip_generic(name)
    if stripped is None:
        return hits, ()
    more = g._hits(stripped.name)
    lower = np.full(len(more.rows), STRIPPED, np.uint8)
    both = unique_hits(
        np.concatenate([hits.rows, more.rows]),
        np.concatenate([hits.folded, more.folded]),
        np.concatenate([hits.kinds, lower]),
    )
    return both, stripped.classes


def _weigh(
    g: Gazetteer, name: str, box: Container | None, code: str, near: tuple[float, float] | None, fuzzy: bool,
    limit: int, *, tail: Sequence[str],
) -> list[Candidate]:  # fmt: skip
    from gazetteer.gazetteer import distances_km

    if not normalize(name):
        return []
    hits, classes = _rows_of(g, name)
    rows = hits.rows
    if not len(rows):
        return _fuzzy(g, name, box, code, near, limit) if fuzzy else []
    weight = np.asarray(g.prior[rows], np.float64) ** DAMPING
    weight *= np.where(hits.folded, 1.0, LOWER_RUNG)
    weight *= np.array([KIND_WEIGHT[k] for k in (PRIMARY, ALTERNATE, STRIPPED, CODE)])[hits.kinds]
    asked: list[str] = []
    keep = np.ones(len(rows), bool)
    if classes:
        meant = np.isin(g.feature_class[rows], classes)
        weight *= np.where(meant, 1.0, 0.05)
    if code:
        keep &= g.country[rows] == code
        asked.append(f"in {code}, as asked")
    if box is not None:
        keep &= inside(g, rows, box)
        asked.append(f"within {box.text}")
    cap = 1.0
    for part in tail:
        outer = _container(g, part)
        if outer is None:
            asked.append(f"{part!r} is not a place known here")
            cap *= 0.5
            continue
        within = inside(g, rows, outer)
        if (within & keep).any():
            keep &= within
            asked.append(f"within {part}")
        else:
            asked.append(f"not known to lie in {part}")
            cap *= 0.2
    if near is not None:
        away = distances_km(near[0], near[1], g.lat[rows], g.lon[rows])
        weight *= 1e-3 + 1 / (1 + (away / 50) ** 2)
    rows, weight, folded, kinds = rows[keep], weight[keep], hits.folded[keep], hits.kinds[keep]
    if not len(rows):
        return []
    order = np.lexsort((rows, -weight))
    share = weight / weight.sum() * cap
    if g.is_stop(name) and not tail and box is None:
        share *= 0.4
        asked.append("a common word: needs other evidence")
    found = []
    for i in order[:limit]:
        place = g.place(int(rows[i]))
        match = "folded" if folded[i] else "transliterated"
        if name == place.name or any(name in names for names in place.names.values()):
            match = "exact"
        km = float(distances_km(near[0], near[1], place.lat, place.lon)) if near is not None else None
        why = _reasons(place, int(kinds[i]), match, classes, asked, len(rows), km)
        found.append(Candidate(place, round(float(share[i]), 4), match, why))
    return found


def _reasons(
    place: Place,
    kind: int,
    match: str,
    classes: Sequence[str],
    asked: Sequence[str],
    count: int,
    km: float | None,
) -> tuple[str, ...]:
    how = {
        "exact": "as written",
        "folded": "apart from accents and case",
        "transliterated": "in another spelling",
    }[match]
    own = _KIND_WORDS[kind]
    why = [*asked, f"{own} agrees {how}"]
    if classes and place.feature[:1] in classes:
        why.append(f"a {_CLASS_WORDS.get(place.feature[:1], 'place')}, as the name says")
    if place.population:
        why.append(f"population {place.population:,}")
    if km is not None:
        why.append(f"{km:.0f} km from the point given")
    why.append("the only place of that name" if count == 1 else f"one of {count} places of that name")
    return tuple(why)


def _fuzzy(
    g: Gazetteer, name: str, box: Container | None, code: str, near: tuple[float, float] | None, limit: int
) -> list[Candidate]:
    return []
